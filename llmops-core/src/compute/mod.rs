//! Where work runs: child processes here, a cluster elsewhere. Rank 2.
//!
//! A piece of work has a name its owner chose, so asking twice to start it starts it once. Nothing here decides what
//! should run or when; rooms do, in their loops.

mod fake;
mod lines;
mod local;
mod work;

pub use fake::Fake;
pub use llmops_supervisor::main as supervise;
pub use local::{Local, LocalOptions};
pub use work::{
    Capability, Channel, Exit, Input, LogChunk, Observed, OutputFile, Phase, Program, Resources, Work, WorkId, WorkKind,
};

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::broadcast;

use crate::base::{ByteStream, Result};

/// A place where work runs.
#[async_trait]
pub trait Compute: Send + Sync + 'static {
    /// What this place can do. Asked before anything is started.
    fn capability(&self) -> Capability;

    /// Starts a piece of work. When work of this id was started before, by anyone and whatever became of it, nothing
    /// happens.
    ///
    /// # Errors
    /// `invalid` when the place cannot run it at all, `unavailable` when it cannot now; then nothing was started.
    async fn start(&self, work: &Work) -> Result<()>;

    /// What became of a piece of work; nothing when it was never started here, or was removed.
    async fn observe(&self, id: &WorkId) -> Result<Option<Observed>>;

    /// Everything here that carries a label with a value.
    async fn list(&self, label: &str, value: &str) -> Result<Vec<Observed>>;

    /// Asks a piece of work to end, and ends it after `grace`. Returns at once; [`Compute::observe`] says when it is over.
    /// Stopping what has ended, or is unknown, does nothing.
    async fn stop(&self, id: &WorkId, grace: Duration) -> Result<()>;

    /// Forgets a piece of work with its files, ending it first if it runs. Unknown work is gone already.
    async fn remove(&self, id: &WorkId) -> Result<()>;

    /// Reads what the work has written to a channel, from a byte on and at most `limit` bytes; ends at a whole line unless
    /// one line alone is longer. Unknown work has written nothing.
    async fn read_log(&self, id: &WorkId, channel: Channel, from: u64, limit: usize) -> Result<LogChunk>;

    /// The files below `out/` of the working folder, by path.
    async fn outputs(&self, id: &WorkId) -> Result<Vec<OutputFile>>;

    /// Reads one of [`Compute::outputs`].
    ///
    /// # Errors
    /// `not_found` when there is no such file; a path that leaves `out/` is `invalid`.
    async fn open_output(&self, id: &WorkId, path: &str) -> Result<ByteStream>;

    /// Hears of work whose state may have changed. A listener that lags has missed some and looks at all.
    fn subscribe(&self) -> broadcast::Receiver<WorkId>;
}

/// Where the inputs of work come from.
#[async_trait]
pub trait InputSource: Send + Sync + 'static {
    /// Brings the bytes of a digest to a new file.
    async fn fetch(&self, digest: &str, to: &Path) -> Result<()>;
}
