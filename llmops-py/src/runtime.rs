//! The local runtime, for the interpreters that an embedded platform starts to do its work.

use std::ffi::OsString;
use std::process::ExitCode;

use pyo3::prelude::*;

/// Runs the runtime's command line, or `supervise FOLDER`, to its end; the exit code.
#[pyfunction]
pub fn runtime_main(py: Python<'_>, mut arguments: Vec<OsString>) -> u8 {
    let code = py.detach(|| match arguments.first() {
        Some(word) if word == "supervise" => llmops_core::compute::supervise(arguments.split_off(1)),
        _ => llmops_runtime::main(arguments),
    });
    (0..=u8::MAX).find(|number| ExitCode::from(*number) == code).unwrap_or(1)
}
