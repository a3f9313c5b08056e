//! The local runtime, for the processes that an embedded platform starts to do its work.

use std::ffi::OsString;
use std::process::ExitCode;

use napi_derive::napi;

/// Runs the runtime's command line, or `supervise FOLDER`, to its end; the exit code.
#[napi]
pub fn runtime_main(arguments: Vec<String>) -> u32 {
    let mut arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let code = match arguments.first() {
        Some(word) if word == "supervise" => llmops_core::compute::supervise(arguments.split_off(1)),
        _ => llmops_runtime::main(arguments),
    };
    (0..=u8::MAX).find(|number| ExitCode::from(*number) == code).unwrap_or(1).into()
}
