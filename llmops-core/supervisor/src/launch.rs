//! The step that becomes the program.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use rustix::process::{Resource, Rlimit, getrlimit, nice, setrlimit};

use crate::{Order, Records, usage};

/// What a shell answers for a program that cannot be run.
const CANNOT_RUN: u8 = 127;

/// Says who it is, takes on the limits and becomes the program. It comes back only when it may not or cannot.
pub(crate) fn launch(folder: &Path) -> io::Result<u8> {
    let records = Records::of(folder);
    end_with_supervisor()?;
    if !records.is_claimed()? {
        return Err(io::Error::other("the supervisor is gone")); // before we could hear of it
    }
    let order = records.order()?.ok_or_else(|| io::Error::other("nothing was ordered"))?;
    let (program, arguments) = order.program.split_first().ok_or_else(|| io::Error::other("no program was ordered"))?;
    std::env::set_current_dir(folder)?;
    limit(&order)?;
    if !records.begin(&usage::own_identity())? {
        return Err(io::Error::other("the work was begun before"));
    }
    keep_standard_streams();
    let error = Command::new(program).args(arguments).exec();
    let said = format!("the program `{}` cannot be run: {error}", program.display());
    std::fs::write(records.path("refusal"), said)?;
    Ok(CANNOT_RUN)
}

/// Hands this process's standard streams on to the program that it becomes: an interpreter that this runs in, as Node.js,
/// has marked them to be closed then.
pub fn keep_standard_streams() {
    use rustix::io::{FdFlags, fcntl_setfd};
    // A stream that is not there needs no keeping.
    let _ = fcntl_setfd(io::stdin(), FdFlags::empty());
    let _ = fcntl_setfd(io::stdout(), FdFlags::empty());
    let _ = fcntl_setfd(io::stderr(), FdFlags::empty());
}

/// Has the kernel end this process when its supervisor dies, so that no work runs unwatched.
fn end_with_supervisor() -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

fn limit(order: &Order) -> io::Result<()> {
    let limits = [
        (Resource::As, order.memory_bytes),
        (Resource::Fsize, order.file_bytes),
        // A core dump would fill the disk and may hold secrets.
        (Resource::Core, Some(0)),
    ];
    for (resource, limit) in limits {
        if let Some(limit) = limit {
            let most = getrlimit(resource).maximum.map_or(limit, |most| most.min(limit));
            setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
        }
    }
    if order.nice > 0 {
        nice(order.nice)?;
    }
    Ok(())
}
