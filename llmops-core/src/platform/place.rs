//! Where the platform's work runs.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use super::{Builder, inputs::BlobInputs};
use crate::base::Result;
use crate::blob::Blobs;
use crate::compute::{Compute, Local, LocalOptions};

/// The place this builder names: child processes in the data folder unless it is another. What runs there goes on when
/// the platform ends, and is found again by the next.
pub(super) fn compute(builder: &Builder, blobs: &Blobs) -> Result<Arc<dyn Compute>> {
    if let Some(place) = &builder.compute {
        return Ok(place.clone());
    }
    let runtime = named_runtime().or_else(|| builder.runtime.clone()).or_else(own_runtime);
    let folder = builder.data_dir.join("work");
    let local: Arc<dyn Compute> =
        Local::open(LocalOptions { folder, runtime, inputs: Arc::new(BlobInputs(blobs.clone())) })?;
    Ok(local)
}

/// The runtime of `LLMOPS_RUNTIME_BIN`: `llmops-server`, or a program that is nothing but the runtime.
fn named_runtime() -> Option<Vec<OsString>> {
    let program = std::env::var_os("LLMOPS_RUNTIME_BIN").filter(|program| !program.is_empty())?;
    Some(runtime_of(program))
}

/// This program itself, when it said first of all that it can be the runtime.
fn own_runtime() -> Option<Vec<OsString>> {
    let offered = llmops_supervisor::is_this_program_offered();
    offered.then(std::env::current_exe)?.ok().map(|program| vec![program.into()])
}

fn runtime_of(program: OsString) -> Vec<OsString> {
    let server = Path::new(&program).file_stem().is_some_and(|stem| stem == "llmops-server");
    if server { vec![program, "runtime".into()] } else { vec![program] }
}

#[cfg(test)]
mod tests {
    use super::runtime_of;

    #[test]
    fn the_server_is_a_runtime_by_a_word() {
        assert_eq!(runtime_of("/opt/llmops-server".into()), ["/opt/llmops-server", "runtime"]);
        assert_eq!(runtime_of("/opt/my-runtime".into()), ["/opt/my-runtime"]);
    }
}
