//! Files on their way, whatever they are files of. In parts: how they are begun, received, put together and forgotten. Or staged
//! until a commit says which files they are. The room that has the thing says what may come and takes the finished file. Rank 5,
//! above the blobs, which keep the bytes.

mod commit;
mod packs;
mod rows;
mod sql;
#[cfg(test)]
mod tests;
mod types;

pub use commit::{Change, FileThere, FileToBe, bytes_missing, check_seen, duplicate_path, not_newest, removed};
pub use sql::{
    Finishing, NewStaged, NewUpload, Staged, StagedFiles, StagedFor, Staging, Uploads, check_digest, check_said,
    no_part,
};
pub use types::{PartRange, Upload, UploadError, UploadId, UploadPart, UploadState};

use async_trait::async_trait;

use crate::base::{Ctx, Result};
use crate::blob::{Incoming, Stored};

/// A kind of things that have files.
#[derive(Debug)]
pub struct UploadKind {
    /// What one of them is, as `model`.
    pub thing: &'static str,
    /// The topic of its uploads, with `/ID` of one, and the name of the loop that puts them together.
    pub topic: &'static str,
    /// The operation that lists uploads.
    pub list: &'static str,
    /// The operation that says how far one is.
    pub get: &'static str,
    /// The operation that says that all parts came.
    pub complete: &'static str,
    /// The code of an error that somebody wrote to the same thing at the same time: it is read again.
    pub changed: &'static str,
    /// The codes of refusals that end by themselves: the file is taken then.
    pub waits: &'static [&'static str],
}

impl UploadKind {
    /// Whom it concerns how its uploads stand: who looks at what the room has.
    fn seen(&self) -> String {
        let room = self.list.split('.').next().unwrap_or_default();
        format!("{room}/uploads")
    }
}

/// A room whose things have files that come in parts.
#[async_trait]
pub trait UploadOwner: Send + Sync + 'static {
    /// A file that is what it claims to be.
    type Checked: Send + 'static;

    /// Where its uploads are kept.
    fn uploads(&self) -> &Uploads;

    /// Looks at a file that came whole; with it, what was made of it on the way, which is let go of once the file is taken.
    ///
    /// # Errors
    /// Why it is refused. Nothing that was made stays then.
    async fn check_whole(&self, ctx: &Ctx, upload: &Upload, stored: &Stored) -> Result<(Self::Checked, Vec<Incoming>)>;

    /// Makes it one of the thing's files, in the open unit of work; the path that it has from then on.
    ///
    /// # Errors
    /// Why it is refused.
    async fn take_whole(&self, ctx: &Ctx, upload: &Upload, checked: Self::Checked) -> Result<String>;
}
