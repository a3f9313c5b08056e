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
use std::sync::atomic::{AtomicBool, Ordering};

pub use launch::keep_standard_streams;
pub use records::{Ending, Identity, Order, Records, StopOrder, Usage, write_durably};

/// Set to `1`, it makes a program that embeds llmops the runtime and nothing else.
pub const CHILD: &str = "LLMOPS_RUNTIME_CHILD";

static OFFERED: AtomicBool = AtomicBool::new(false);

/// Says that this program, started anew with [`CHILD`] set, is a runtime. Only a program that said so is started anew.
pub fn offer_this_program() {
    OFFERED.store(true, Ordering::Relaxed);
}

/// Whether [`offer_this_program`] was called.
pub fn is_this_program_offered() -> bool {
    OFFERED.load(Ordering::Relaxed)
}

/// [`run`] as a whole program.
pub fn main(arguments: Vec<OsString>) -> std::process::ExitCode {
    run(&arguments).into()
}

/// Supervises the work of a folder: `FOLDER`, or `--launch FOLDER` for the step that becomes the program. Answers with
/// the exit code.
pub fn run(arguments: &[OsString]) -> u8 {
    let outcome = match arguments {
        [folder] => watch::supervise(Path::new(folder)).map(|()| 0),
        [step, folder] if step == "--launch" => launch::launch(Path::new(folder)),
        _ => Err(std::io::Error::other("usage: supervise FOLDER")),
    };
    outcome.unwrap_or_else(|error| {
        // The server reads it in the folder.
        let _ = writeln!(std::io::stderr(), "supervise: {error}");
        70
    })
}
