//! Registries that take models in.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;

use super::Place;
use crate::base::{ByteStream, Result};

/// The bytes of a file, as often as they are needed.
#[async_trait]
pub trait Content: Send + Sync {
    /// Those of this half-open range.
    ///
    /// # Errors
    /// Those of wherever they are kept, also in the stream.
    async fn read(&self, range: Range<u64>) -> Result<ByteStream>;
}

/// A file on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its path within the repository.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256 in hex.
    pub sha256: String,
    /// The first of them: some registries decide by these.
    pub sample: Bytes,
}

/// How many bytes of a file its sample has at most.
pub const SAMPLE_BYTES: u64 = 512;

/// How a registry takes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Within the commit.
    Within,
    /// By itself before the commit, which then names it.
    Apart,
    /// Not at all.
    Left,
}

/// What a commit does with one file.
pub enum Change {
    /// Adds it with its bytes, or puts them in the place of others.
    Within {
        /// Its path.
        path: String,
        /// How many bytes.
        bytes: u64,
        /// Which.
        content: Box<dyn Content>,
    },
    /// Adds one that was sent before.
    Apart {
        /// Its path.
        path: String,
        /// How many bytes.
        bytes: u64,
        /// Their SHA-256 in hex.
        sha256: String,
    },
    /// Removes it.
    Removed {
        /// Its path.
        path: String,
    },
}

/// A commit.
pub struct Commit<'a> {
    /// The commit that it comes after: with another one there meanwhile, nothing is done.
    pub parent: &'a str,
    /// What it is about, in one line.
    pub message: &'a str,
    /// What it does.
    pub changes: Vec<Change>,
}

/// The side of a registry that takes models in.
#[async_trait]
pub trait Publisher: Send + Sync {
    /// Makes a repository; one that is there stays as it is.
    ///
    /// # Errors
    /// `denied` when this key may not; those of the way there.
    async fn create(&self, at: &Place, repo: &str, private: bool) -> Result<()>;

    /// Says of each of these files how it is taken, in their order.
    ///
    /// # Errors
    /// `not_found`; `denied`; those of the way there.
    async fn ways(&self, at: &Place, repo: (&str, &str), files: &[Outgoing]) -> Result<Vec<Way>>;

    /// Sends a file by itself. One that is there is not sent again.
    ///
    /// # Errors
    /// Those of [`Publisher::ways`], and of its content.
    async fn send(&self, at: &Place, repo: &str, file: &Outgoing, content: &dyn Content) -> Result<()>;

    /// Makes a commit on a branch, all of it or nothing, and gives its id.
    ///
    /// # Errors
    /// `upstream` with the code `repository_changed` when its parent is not the newest any more; those of [`Publisher::ways`].
    async fn commit(&self, at: &Place, repo: (&str, &str), commit: Commit<'_>) -> Result<String>;
}
