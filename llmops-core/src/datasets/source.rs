//! Reading blobs where reading blocks: from the local file, or through a channel from a bucket or from chunks.

use std::io::{Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::base::{Error, ErrorKind, Result};
use crate::blob::Blobs;

/// Chunks of a bucket's answer that wait to be read.
const WAITING: usize = 8;

/// The bytes of a blob from an offset on, to be read on a thread that may block.
pub(super) async fn open(blobs: &Blobs, digest: &str, from: u64) -> Result<Box<dyn Read + Send>> {
    if let Some(mut file) = blobs.open_here(digest).await? {
        let moved = tokio::task::spawn_blocking(move || file.seek(SeekFrom::Start(from)).map(|_| file));
        return Ok(Box::new(blocking(moved.await)?.map_err(absent)?));
    }
    let total = match blobs.size(digest).await? {
        Some(total) => total,
        // They were set aside for a moment. Who gets some of them waits until they are back.
        None => {
            drop(blobs.get(digest, Some(0..1)).await?);
            blobs.size(digest).await?.ok_or_else(|| absent(std::io::ErrorKind::NotFound.into()))?
        }
    };
    let mut stream = blobs.get(digest, Some(from..total.max(from + 1))).await?;
    let (send, receive) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        while let Some(chunk) = stream.next().await {
            if send.send(chunk).await.is_err() {
                return; // nobody reads on
            }
        }
    });
    Ok(Box::new(ChannelReader { receive, chunk: Bytes::new() }))
}

/// Work on a thread that may block.
pub(super) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    blocking(tokio::task::spawn_blocking(work).await)?
}

fn blocking<T>(joined: Result<T, tokio::task::JoinError>) -> Result<T> {
    joined.map_err(|cause| Error::unexpected("reading a dataset ended abruptly").caused_by(cause))
}

/// A stream of chunks as a reader.
struct ChannelReader {
    receive: mpsc::Receiver<Result<Bytes>>,
    chunk: Bytes,
}

impl Read for ChannelReader {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.chunk.is_empty() {
            match self.receive.blocking_recv() {
                Some(chunk) => self.chunk = chunk.map_err(std::io::Error::other)?,
                None => return Ok(0),
            }
        }
        let count = self.chunk.len().min(into.len());
        into[..count].copy_from_slice(&self.chunk.split_to(count));
        Ok(count)
    }
}

/// A blob read at any place, on a thread that may block.
pub(super) struct Ranges {
    bytes: Behind,
    /// How many bytes there are.
    pub(super) length: u64,
    /// Why the store did not give what was asked for, which is nothing that the bytes are to blame for.
    failed: Mutex<Option<Error>>,
}

enum Behind {
    /// What can be moved about in.
    Here(Mutex<Box<dyn Seeking>>),
    /// What lies in a bucket, or in chunks, asked for range by range.
    There { blobs: Blobs, digest: String, runtime: Handle },
}

trait Seeking: Read + Seek + Send {}
impl<T: Read + Seek + Send> Seeking for T {}

impl Ranges {
    /// The bytes of a blob.
    pub(super) async fn open(blobs: &Blobs, digest: &str, length: u64) -> Result<Self> {
        if let Some(file) = blobs.open_here(digest).await? {
            return Ok(Self::here(file, length));
        }
        let behind = Behind::There { blobs: blobs.clone(), digest: digest.to_owned(), runtime: Handle::current() };
        Ok(Self { bytes: behind, length, failed: Mutex::default() })
    }

    /// So many bytes that can be moved about in.
    pub(super) fn here(bytes: impl Read + Seek + Send + 'static, length: u64) -> Self {
        Self { bytes: Behind::Here(Mutex::new(Box::new(bytes))), length, failed: Mutex::default() }
    }

    /// These bytes, all of them. Blocks.
    pub(super) fn read(&self, start: u64, length: usize) -> std::io::Result<Bytes> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let read = match &self.bytes {
            Behind::Here(bytes) => read_here(bytes, start, length).map_err(absent),
            Behind::There { blobs, digest, runtime } => {
                runtime.block_on(read_there(blobs, digest, start..start + length as u64))
            }
        };
        read.map_err(|error| {
            *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            std::io::Error::other("the bytes cannot be read from the store")
        })
    }

    /// Why the store failed, if it did.
    pub(super) fn failure(&self) -> Option<Error> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn read_here(bytes: &Mutex<Box<dyn Seeking>>, start: u64, length: usize) -> std::io::Result<Bytes> {
    let mut bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
    bytes.seek(SeekFrom::Start(start))?;
    let mut read = vec![0; length];
    bytes.read_exact(&mut read)?;
    Ok(read.into())
}

async fn read_there(blobs: &Blobs, digest: &str, range: std::ops::Range<u64>) -> Result<Bytes> {
    let mut read = BytesMut::new();
    if range.start < range.end {
        let mut stream = blobs.get(digest, Some(range.clone())).await?;
        while let Some(chunk) = stream.try_next().await? {
            read.extend_from_slice(&chunk);
        }
    }
    if read.len() as u64 == range.end - range.start {
        return Ok(read.freeze());
    }
    Err(Error::new(ErrorKind::Upstream, "the object store sent fewer bytes than it has")
        .hint("the call may be repeated"))
}

fn absent(cause: std::io::Error) -> Error {
    Error::new(ErrorKind::NotFound, "the bytes are not in the object store").caused_by(cause)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::blob::StoreUrl;

    #[tokio::test]
    async fn bytes_that_are_set_aside_for_a_moment_are_read_whole() {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("file://{}", dir.path().display());
        let blobs = Blobs::open_store(&StoreUrl::parse("store", &url).unwrap()).unwrap();
        let stored = blobs.put_bytes(&b"a,b\none,two\n"[..]).await.unwrap();
        let place = blobs.local_file(&stored.digest).unwrap();
        for from in [0, 4] {
            let aside = dir.path().join("aside");
            std::fs::create_dir_all(&aside).unwrap();
            let aside = aside.join(&stored.digest);
            std::fs::rename(&place, &aside).unwrap();
            let (back, reading) = ((aside, place.clone()), open(&blobs, &stored.digest, from));
            let back = tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(150)).await;
                std::fs::rename(back.0, back.1).unwrap();
            });
            let mut reader = reading.await.unwrap();
            back.await.unwrap();
            let read = off_thread(move || {
                let mut read = String::new();
                reader.read_to_string(&mut read).unwrap();
                Ok(read)
            });
            assert_eq!(read.await.unwrap(), "a,b\none,two\n"[from as usize..]);
        }
    }
}
