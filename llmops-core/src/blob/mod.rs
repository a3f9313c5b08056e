//! Bytes: content-addressed by SHA-256 in a local folder or an S3 bucket, in an object each or, where earlier ones have much
//! of them already, as chunks. Rank 2, above the store, which keeps its references.

mod chunked;
mod connect;
mod cutting;
mod incoming;
mod known;
mod manifest;
mod moving;
mod packing;
mod parts;
mod reading;
mod rows;
mod sql;
#[cfg(test)]
mod tests;
#[cfg(test)]
#[path = "tests/trial.rs"]
pub(crate) mod trial;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::{FutureExt, StreamExt, TryStreamExt};
use object_store::{GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt, WriteMultipart, path::Path};
use sha2::{Digest, Sha256};

use incoming::{LOOKS, PATIENCE};

pub use connect::StoreUrl;
pub use incoming::{Incoming, pass_holder, whole_holder};
pub use known::Known;
pub use packing::Packer;
pub use parts::{Kept, Place, Whole, digest_of, parts_gone};
pub use sql::{Abandoned, Release};

use crate::base::{ByteStream, Error, ErrorKind, Result};

/// Bytes of one part on their way to a bucket; at most four such parts wait in memory.
const PART_BYTES: usize = 8 << 20;
/// The same on the way into a folder, which takes parts of any size.
const PIECE_BYTES: usize = 1 << 20;
const PARTS_WAITING: usize = 3;

/// Bytes that are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 in hex.
    pub digest: String,
    /// How many.
    pub bytes: u64,
}

/// Bytes that came whole and are not kept yet.
#[derive(Debug)]
pub(super) struct Staged {
    staging: Path,
    stored: Stored,
    /// Keeps others from writing to it until it has its place.
    lock: Option<std::fs::File>,
}

/// The platform's blobs. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    folder: Option<PathBuf>,
    parted: parts::Parted,
    copied_at_once: u64,
    chunked: Option<Arc<chunked::Chunked>>,
    address: String,
}

/// Where a blob was found.
enum Found {
    /// In an object of its own.
    Whole(Box<GetResult>),
    /// In chunks.
    Chunked(Arc<chunked::Opened>),
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blobs({})", self.address)
    }
}

impl Blobs {
    /// Opens the store this address names. Nothing is contacted yet for a bucket.
    pub fn open_store(url: &StoreUrl) -> Result<Self> {
        connect::open(url)
    }

    /// Keeps a stream of at most `limit` bytes under its digest. Bytes that are there already are not kept twice; what
    /// was begun and abandoned leaves nothing that counts.
    pub async fn put(&self, body: ByteStream, limit: u64) -> Result<Stored> {
        let staged = self.stage(body, limit).boxed().await?;
        self.publish(staged).boxed().await
    }

    /// Receives a stream of at most `limit` bytes, to be kept by [`Blobs::publish`].
    pub(super) async fn stage(&self, mut body: ByteStream, limit: u64) -> Result<Staged> {
        let staging = self.prefix.clone().join("staging").join(uuid::Uuid::now_v7().simple().to_string());
        let upload = self.store.put_multipart(&staging).await.map_err(store_error)?;
        let part_bytes = if self.folder.is_some() { PIECE_BYTES } else { PART_BYTES };
        let mut writer = WriteMultipart::new_with_chunk_size(upload, part_bytes);
        let (mut sha, mut bytes) = (Sha256::new(), 0u64);
        loop {
            let chunk = match body.next().await {
                None => break,
                Some(Ok(chunk)) => chunk,
                Some(Err(error)) => return Err(self.abandon(writer, error).await),
            };
            bytes += chunk.len() as u64;
            if bytes > limit {
                let error =
                    Error::new(ErrorKind::TooLarge, format!("the file is larger than the limit of {limit} bytes"))
                        .hint("send a smaller file, or raise the limit in the configuration");
                return Err(self.abandon(writer, error).await);
            }
            sha.update(&chunk);
            writer.put(chunk);
            if let Err(error) = writer.wait_for_capacity(PARTS_WAITING).await {
                return Err(self.abandon(writer, store_error(error)).await);
            }
        }
        writer.finish().await.map_err(store_error)?;
        Ok(Staged { staging, stored: Stored { digest: hex::encode(sha.finalize()), bytes }, lock: None })
    }

    /// Keeps bytes that are at hand.
    pub async fn put_bytes(&self, bytes: impl Into<Bytes>) -> Result<Stored> {
        let bytes = bytes.into();
        let limit = bytes.len() as u64;
        self.put(Box::pin(futures::stream::once(async move { Ok(bytes) })), limit).await
    }

    /// Streams a blob, or the half-open range of it.
    pub async fn get(&self, digest: &str, range: Option<Range<u64>>) -> Result<ByteStream> {
        match self.find(digest, range.clone()).boxed().await? {
            Found::Whole(found) => Ok(reading::stream(*found)),
            Found::Chunked(opened) => Ok(self.assembled(digest, opened, range)),
        }
    }

    /// Streams a range of a blob that lies in an object of its own.
    async fn get_whole(&self, digest: &str, range: Range<u64>) -> Result<ByteStream> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let (path, aside) = (self.path(digest)?, self.aside(digest)?);
        for _ in 0..LOOKS {
            match self.store.get_opts(&path, options.clone()).await {
                Err(object_store::Error::NotFound { .. }) if self.size_at(&aside).await?.is_some() => {
                    tokio::time::sleep(PATIENCE).await;
                }
                found => return Ok(reading::stream(found.map_err(store_error)?)),
            }
        }
        Ok(reading::stream(self.store.get_opts(&path, options).await.map_err(store_error)?))
    }

    /// Bytes that were set aside just as somebody came to need them are back in a moment.
    async fn find(&self, digest: &str, range: Option<Range<u64>>) -> Result<Found> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let (path, aside) = (self.path(digest)?, self.aside(digest)?);
        let mut missed = 0;
        for _ in 0..LOOKS {
            match self.store.get_opts(&path, options.clone()).await {
                Err(object_store::Error::NotFound { .. }) if missed < 2 => {}
                found => return found.map(Box::new).map(Found::Whole).map_err(store_error),
            }
            match self.chunks_or_aside(digest).await? {
                Some(row) if !row.aside && !row.whole => {
                    return Ok(Found::Chunked(self.open_manifest(&row.manifest).await?));
                }
                Some(row) if row.aside => tokio::time::sleep(PATIENCE).await,
                _ if self.size_at(&aside).await?.is_some() => tokio::time::sleep(PATIENCE).await,
                _ => missed += 1,
            }
        }
        self.store.get_opts(&path, options).await.map(Box::new).map(Found::Whole).map_err(store_error)
    }

    /// The whole of a small blob.
    ///
    /// # Errors
    /// `too_large` when it holds more than `limit` bytes.
    pub async fn read(&self, digest: &str, limit: u64) -> Result<Bytes> {
        if self.size(digest).await?.is_some_and(|size| size > limit) {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("the file is larger than the {limit} bytes read here"),
            ));
        }
        match self.find(digest, None).boxed().await? {
            Found::Whole(found) => found.bytes().boxed().await.map_err(store_error),
            Found::Chunked(opened) => {
                let mut read = BytesMut::new();
                let mut body = self.assembled(digest, opened, None);
                while let Some(bytes) = body.try_next().await? {
                    read.extend_from_slice(&bytes);
                }
                Ok(read.freeze())
            }
        }
    }

    /// The size of a blob; `None` when it is not there.
    pub async fn size(&self, digest: &str) -> Result<Option<u64>> {
        match self.whole_size(digest).boxed().await? {
            Some(size) => Ok(Some(size)),
            None => {
                Ok(self.chunks_of(digest).boxed().await?.filter(|row| !row.whole).map(|row| row.bytes.unsigned_abs()))
            }
        }
    }

    /// The size of the object of its own that a blob lies in, if it does.
    async fn whole_size(&self, digest: &str) -> Result<Option<u64>> {
        self.size_at(&self.path(digest)?).await
    }

    async fn size_at(&self, path: &Path) -> Result<Option<u64>> {
        match self.store.head(path).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(store_error(error)),
        }
    }

    /// Reads a blob again and says whether its bytes still have their digest.
    pub async fn verify(&self, digest: &str) -> Result<bool> {
        let mut body = match self.get(digest, None).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            found => found?,
        };
        let mut sha = Sha256::new();
        while let Some(chunk) = body.next().await {
            sha.update(&chunk?);
        }
        Ok(hex::encode(sha.finalize()) == digest)
    }

    /// Where the blob would lie on this machine, when the store is a local folder: to link it, never to change it. It may
    /// be kept as chunks, and then there is nothing.
    pub fn local_file(&self, digest: &str) -> Option<PathBuf> {
        let path = self.path(digest).ok()?;
        self.folder.as_ref().map(|folder| folder.join(path.as_ref()))
    }

    /// The file that the blob is on this machine; `None` where it is none, and [`Blobs::get`] has to be asked.
    pub async fn open_here(&self, digest: &str) -> Result<Option<std::fs::File>> {
        let Some(path) = self.local_file(digest) else { return Ok(None) };
        let opened = tokio::task::spawn_blocking(move || std::fs::File::open(path)).await;
        match opened.map_err(|e| Error::unexpected("opening a file ended abruptly").caused_by(e))? {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(Error::new(ErrorKind::Upstream, "the object store's folder cannot be read").caused_by(error))
            }
        }
    }

    /// The address of a blob, for people and other systems.
    pub fn uri(&self, digest: &str) -> String {
        format!("{}/blobs/sha256/{}/{digest}", self.address.trim_end_matches('/'), digest.get(..2).unwrap_or_default())
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<()> {
        match self.store.head(&self.prefix.clone().join("ping")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn abandon(&self, writer: WriteMultipart, error: Error) -> Error {
        if let Err(cause) = writer.abort().await {
            tracing::warn!(%cause, "an abandoned upload left parts behind");
        }
        error
    }

    fn path(&self, digest: &str) -> Result<Path> {
        if digest.len() != 64 || !digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(Error::unexpected("a digest is not a SHA-256 in hex"));
        }
        Ok(self.prefix.clone().join("blobs").join("sha256").join(&digest[..2]).join(digest))
    }
}

/// Moving or deleting what is not there is done already.
fn absent_is_fine(outcome: object_store::Result<()>) -> Result<()> {
    match outcome {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(store_error(error)),
    }
}

/// What the store says, in the platform's words.
fn store_error(error: object_store::Error) -> Error {
    let text = error.to_string();
    let made = match &error {
        object_store::Error::NotFound { .. } => {
            Error::new(ErrorKind::NotFound, "the bytes are not in the object store")
        }
        _ if text.contains("No space left") => Error::new(ErrorKind::StorageFull, "the object store is full")
            .hint("free some space; nothing that was stored is lost"),
        _ => Error::new(ErrorKind::Upstream, "the object store did not do what was asked")
            .hint("look at the store's address, credentials and network; the call may be repeated"),
    };
    made.caused_by(error)
}
