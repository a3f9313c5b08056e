//! The parent of one piece of local work: `.. runtime supervise FOLDER`.
//!
//! A server that starts work starts a supervisor, which is a process of its own in a session of its own. It takes the
//! folder's lock for as long as it lives, so of many supervisors of one folder one works and the others leave; it has
//! the work begun by a second step, which writes down who it is before it becomes the program, so that nobody begins it
//! again; and it keeps how the work ended. A server may die and come back at any moment: all it needs is in the folder.

mod launch;
mod records;
mod usage;
mod watch;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

pub use records::{Ending, Identity, Order, Records, StopOrder, Usage, write_durably};

/// Supervises the work of a folder: `FOLDER`, or `--launch FOLDER` for the step that becomes the program.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    let outcome = match arguments.as_slice() {
        [folder] => watch::supervise(Path::new(folder)).map(|()| ExitCode::SUCCESS),
        [step, folder] if step == "--launch" => launch::launch(Path::new(folder)),
        _ => Err(std::io::Error::other("usage: supervise FOLDER")),
    };
    outcome.unwrap_or_else(|error| {
        // The server reads it in the folder.
        let _ = writeln!(std::io::stderr(), "supervise: {error}");
        ExitCode::from(70)
    })
}
