//! Starting a supervisor, with an environment of nothing but what was given.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use llmops_supervisor::Records;
use tokio::process::{Child, Command};

use super::{Inner, look, off_thread, place_error};
use crate::base::{Error, Result};
use crate::compute::Work;

/// How long a supervisor may take to come to its place.
const ARRIVAL: Duration = Duration::from_secs(60);
/// Where programs are looked for when this process does not know either.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// Where a runtime that is an interpreter finds its own parts. They are places, no secrets.
const PLACES: [&str; 4] = ["PYTHONPATH", "NODE_PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

/// Starts a supervisor for this work, and sees it take its place.
pub(super) async fn supervise(inner: &Arc<Inner>, runtime: &[OsString], work: &Work) -> Result<()> {
    let folder = inner.folder_of(&work.id);
    let records = Records::of(&folder);
    let log = records.path("supervisor");
    let mut child = spawn(runtime, work, &folder, &log)?;
    arrive(&records, &mut child, &log).await?;
    let (inner, id) = (Arc::downgrade(inner), work.id.clone());
    tokio::spawn(async move {
        // How it ended is in the folder; here its number is given back to the system.
        let _ = child.wait().await;
        if let Some(inner) = inner.upgrade() {
            inner.tell(&id);
        }
    });
    Ok(())
}

fn spawn(runtime: &[OsString], work: &Work, folder: &Path, log: &Path) -> Result<Child> {
    let (program, arguments) =
        runtime.split_first().ok_or_else(|| Error::unexpected("the command of the runtime is empty"))?;
    let log = File::options().create(true).append(true).open(log);
    let log = log.map_err(|e| place_error("the folder of the work", e))?;
    let mut command = Command::new(program);
    command.args(arguments).arg("supervise").arg(folder);
    command.env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_else(|| PATH.into()));
    command.envs(PLACES.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.env("HOME", folder).env("TMPDIR", folder.join("tmp")).env("LANG", "C.UTF-8");
    command.env(llmops_supervisor::CHILD, "1");
    command.envs(work.environment.iter().map(|(name, value)| (name, value.expose())));
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command.spawn().map_err(|e| {
        Error::unavailable(format!("the llmops runtime `{}` cannot be started: {e}", program.display()))
            .code("runtime_missing")
            .hint("install `llmops-server`, or name a runtime that exists with LLMOPS_RUNTIME_BIN")
            .caused_by(e)
    })
}

/// Waits until a supervisor, this one or one that was quicker, has the work.
async fn arrive(records: &Records, child: &mut Child, log: &Path) -> Result<()> {
    let until = Instant::now() + ARRIVAL;
    loop {
        let ended = child.try_wait().map_err(|e| place_error("the supervisor", e))?;
        let folder = records.folder().to_owned();
        if off_thread(move || look::look(&folder)).await?.is_some() {
            return Ok(());
        }
        if ended.is_some() || Instant::now() > until {
            let words = look::read_from(log, 0, 2000).unwrap_or_default();
            let words = String::from_utf8_lossy(&words).trim().to_owned();
            return Err(Error::unavailable(format!("the llmops runtime did not take the work: {words}"))
                .hint("run the runtime's command with `supervise` by hand to see what it says"));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The command with a program that is found whatever the working folder is.
pub(super) fn from_anywhere(mut command: Vec<OsString>) -> Result<Vec<OsString>> {
    if let Some(program) = command.first_mut() {
        let path = Path::new(program);
        if path.components().count() > 1 {
            let absolute = std::path::absolute(path).map_err(|e| place_error("the llmops runtime", e))?;
            *program = absolute.into();
        }
    }
    Ok(command)
}
