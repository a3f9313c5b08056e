//! Reading blobs where reading blocks: from the local file, or through a channel from a bucket.

use std::io::{Read, Seek, SeekFrom};

use bytes::Bytes;
use futures::StreamExt;
use tokio::sync::mpsc;

use crate::base::{Error, ErrorKind, Result};
use crate::blob::Blobs;

/// Chunks of a bucket's answer that wait to be read.
const WAITING: usize = 8;

/// The bytes of a blob from an offset on, to be read on a thread that may block.
pub(super) async fn open(blobs: &Blobs, digest: &str, from: u64) -> Result<Box<dyn Read + Send>> {
    if let Some(path) = blobs.local_file(digest) {
        let opened = tokio::task::spawn_blocking(move || {
            let mut file = std::fs::File::open(path)?;
            file.seek(SeekFrom::Start(from))?;
            Ok::<_, std::io::Error>(file)
        });
        let file = blocking(opened.await)?.map_err(|cause| {
            Error::new(ErrorKind::NotFound, "the bytes are not in the object store").caused_by(cause)
        })?;
        return Ok(Box::new(file));
    }
    let total = blobs.size(digest).await?.unwrap_or_default();
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
