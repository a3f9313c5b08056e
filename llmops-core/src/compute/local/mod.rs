//! Child processes on this machine, which go on while no server runs.
//!
//! Each piece of work has a folder. It is made beside its place and moved there whole, so a folder that is there is
//! ready; a supervisor of its own (crate `llmops-supervisor`) then begins the program once and keeps how it ended. All
//! that is known of work is read from its folder, so a server that comes back adopts what runs by looking.
//! It is no sandbox: work may do what this user may.

mod look;
mod outputs;
mod prepare;
mod spawn;
mod watch;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use llmops_supervisor::{Records, StopOrder};
use tokio::sync::broadcast;

use super::lines::{check_below, whole_lines};
use super::{Capability, Channel, Compute, InputSource, LogChunk, Observed, OutputFile, Phase, Program, Work, WorkId};
use crate::base::{ByteStream, Error, ErrorKind, Result, crash_point};

/// The most that is read of a log at a time.
const READ_BYTES: usize = 4 << 20;
/// How long the end of work that is removed is waited for.
const REMOVE_WAIT: Duration = Duration::from_secs(20);

/// What a local place is made of.
pub struct LocalOptions {
    /// The folder that holds the folders of all work.
    pub folder: PathBuf,
    /// The command that is the llmops runtime, which also supervises; without it nothing can be started.
    pub runtime: Option<Vec<OsString>>,
    /// Where inputs come from.
    pub inputs: Arc<dyn InputSource>,
}

/// Child processes on this machine.
pub struct Local(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    runtime: Option<Vec<OsString>>,
    inputs: Arc<dyn InputSource>,
    capability: Capability,
    changed: broadcast::Sender<WorkId>,
    /// Work that has not ended, as far as we know.
    live: Mutex<BTreeSet<WorkId>>,
}

impl Local {
    /// Opens the place and adopts what runs there. Call it on a tokio runtime.
    ///
    /// # Errors
    /// `unavailable` when the folder cannot be used.
    pub fn open(options: LocalOptions) -> Result<Arc<Self>> {
        let folder = std::path::absolute(&options.folder).map_err(|e| place_error("the folder of the work", e))?;
        std::fs::create_dir_all(&folder).map_err(|e| place_error("the folder of the work", e))?;
        let runtime = options.runtime.filter(|words| !words.is_empty()).map(spawn::from_anywhere).transpose()?;
        let inner = Inner {
            capability: look::capability(&folder, runtime.is_some()),
            folder,
            runtime,
            inputs: options.inputs,
            changed: broadcast::channel(1024).0,
            live: Mutex::default(),
        };
        prepare::clear_leftovers(&inner.folder);
        inner.live().extend(look::names(&inner.folder)?);
        let inner = Arc::new(inner);
        tokio::spawn(watch::run(Arc::downgrade(&inner)));
        Ok(Arc::new(Self(inner)))
    }
}

impl Inner {
    fn folder_of(&self, id: &WorkId) -> PathBuf {
        self.folder.join(id.as_str())
    }

    fn live(&self) -> std::sync::MutexGuard<'_, BTreeSet<WorkId>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, id: &WorkId) {
        // Nobody listening is no fault.
        let _ = self.changed.send(id.clone());
    }

    /// The words that are run for this work.
    fn words(&self, runtime: &[OsString], work: &Work) -> Vec<OsString> {
        match &work.program {
            Program::Runtime(arguments) => runtime.iter().cloned().chain(arguments.iter().map(Into::into)).collect(),
            Program::Command(words) => words.iter().map(Into::into).collect(),
        }
    }

    /// Ends the work if it runs, and takes its folder out of its place. `None` when there is none.
    fn take_away(&self, id: &WorkId) -> Result<Option<PathBuf>> {
        let failed = |e| place_error("the folder of the work", e);
        let (folder, until) = (self.folder_of(id), std::time::Instant::now() + REMOVE_WAIT);
        let records = Records::of(&folder);
        if records.order().map_err(failed)?.is_none() {
            return Ok(None);
        }
        // With the claim in our hands no supervisor begins any more.
        let _claim = loop {
            if records.is_claimed().map_err(failed)? {
                records.write_stop(StopOrder { grace_ms: 0 }).map_err(failed)?;
            }
            match records.claim().map_err(failed)? {
                Some(claim) => break claim,
                None if std::time::Instant::now() < until => std::thread::sleep(Duration::from_millis(20)),
                None => {
                    return Err(Error::unavailable(format!("the work `{id}` has not ended although it was killed"))
                        .hint("it may wait for a disk; try again"));
                }
            }
        };
        let gone = self.folder.join(format!(".gone-{id}-{}", uuid::Uuid::now_v7().simple()));
        std::fs::rename(&folder, &gone).map_err(failed)?;
        Ok(Some(gone))
    }
}

#[async_trait]
impl Compute for Local {
    fn capability(&self) -> Capability {
        self.0.capability.clone()
    }

    async fn start(&self, work: &Work) -> Result<()> {
        work.check()?;
        let runtime = self.0.runtime.as_ref().ok_or_else(|| {
            Error::invalid("program", "cannot be run here: no llmops runtime is installed")
                .code("runtime_missing")
                .hint("put `llmops-server` beside this program, or name a runtime with LLMOPS_RUNTIME_BIN")
        })?;
        if work.resources.gpus > 0 {
            return Err(Error::invalid("gpus", "must be 0: this place gives no GPUs"));
        }
        if self.observe(&work.id).await?.is_some() {
            return Ok(());
        }
        let kind = work.kind.name();
        prepare::prepare(&self.0, runtime, work).await?;
        crash_point("compute.start.before", kind);
        spawn::supervise(&self.0, runtime, work).await?;
        crash_point("compute.start.after", kind);
        self.0.live().insert(work.id.clone());
        self.0.tell(&work.id);
        Ok(())
    }

    async fn observe(&self, id: &WorkId) -> Result<Option<Observed>> {
        let folder = self.0.folder_of(id);
        let seen = off_thread(move || look::look(&folder)).await?;
        if seen.as_ref().is_some_and(|seen| seen.phase != Phase::Ended) {
            self.0.live().insert(id.clone()); // another server may have started it
        }
        Ok(seen)
    }

    async fn list(&self, label: &str, value: &str) -> Result<Vec<Observed>> {
        let (inner, label, value) = (self.0.clone(), label.to_owned(), value.to_owned());
        off_thread(move || {
            let mut found = Vec::new();
            for id in look::names(&inner.folder)? {
                let seen = look::look(&inner.folder_of(&id))?;
                found.extend(seen.filter(|seen| seen.labels.get(&label).is_some_and(|it| *it == value)));
            }
            Ok(found)
        })
        .await
    }

    async fn stop(&self, id: &WorkId, grace: Duration) -> Result<()> {
        let records = Records::of(&self.0.folder_of(id));
        let stop = StopOrder { grace_ms: u64::try_from(grace.as_millis()).unwrap_or(u64::MAX) };
        crash_point("compute.stop.before", "");
        off_thread(move || {
            let failed = |e| place_error("the folder of the work", e);
            let sooner = records.stop().map_err(failed)?.is_none_or(|asked| stop.grace_ms < asked.grace_ms);
            if sooner && look::look(records.folder())?.is_some_and(|seen| seen.phase != Phase::Ended) {
                records.write_stop(stop).map_err(failed)?;
            }
            Ok(())
        })
        .await?;
        crash_point("compute.stop.after", "");
        Ok(())
    }

    async fn remove(&self, id: &WorkId) -> Result<()> {
        let (inner, id) = (self.0.clone(), id.clone());
        crash_point("compute.remove.before", "");
        off_thread(move || {
            let gone = inner.take_away(&id)?;
            crash_point("compute.remove.between", "");
            if let Some(gone) = gone {
                std::fs::remove_dir_all(gone).map_err(|e| place_error("the folder of the work", e))?;
            }
            inner.live().remove(&id);
            inner.tell(&id);
            Ok(())
        })
        .await?;
        crash_point("compute.remove.after", "");
        Ok(())
    }

    async fn read_log(&self, id: &WorkId, channel: Channel, from: u64, limit: usize) -> Result<LogChunk> {
        let (folder, limit) = (self.0.folder_of(id), limit.min(READ_BYTES));
        off_thread(move || {
            let records = Records::of(&folder);
            let path = match channel {
                Channel::Events => records.events(),
                Channel::Text => records.text(),
            };
            // Asked first: what has ended writes no more, so what is read then is all.
            let more = look::look(&folder)?.is_some_and(|seen| seen.phase != Phase::Ended);
            let bytes = look::read_from(&path, from, limit).map_err(|e| place_error("the log of the work", e))?;
            Ok(whole_lines(bytes, from, limit, more))
        })
        .await
    }

    async fn outputs(&self, id: &WorkId) -> Result<Vec<OutputFile>> {
        let out = self.0.folder_of(id).join("out");
        off_thread(move || outputs::walk(&out)).await
    }

    async fn open_output(&self, id: &WorkId, path: &str) -> Result<ByteStream> {
        check_below("path", path)?;
        let (out, path) = (self.0.folder_of(id).join("out"), path.to_owned());
        let file = off_thread(move || outputs::open(&out, &path)).await?;
        Ok(outputs::stream(file))
    }

    fn subscribe(&self) -> broadcast::Receiver<WorkId> {
        self.0.changed.subscribe()
    }
}

/// Work that may block.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.map_err(|cause| Error::unexpected("work on the files of a process ended abruptly").caused_by(cause))?
}

/// What the file system says of a part of the place, in the platform's words.
fn place_error(what: &str, error: io::Error) -> Error {
    let made = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Error::new(ErrorKind::StorageFull, format!("the disk is full: {what} cannot be written"))
                .hint("free some space in the data folder; then it goes on")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            Error::unavailable(format!("{what} cannot be used: {error}"))
                .hint("check who owns the data folder and that it is writable")
        }
        _ => Error::unavailable(format!("{what} cannot be used: {error}")),
    };
    made.caused_by(error)
}

/// A file that may be absent.
fn if_there<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(there) => Ok(Some(there)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a path is a folder, a link to one not counting.
fn is_folder(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}
