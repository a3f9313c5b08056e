//! Whether the bytes that came are what their path claims, and what is in them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;
use tokio::runtime::Handle;

use super::super::FileScan;
use super::super::format::Format;
use super::SqlCatalog;
use super::files::{Checked, Received};
use crate::base::{Error, Result};
use crate::blob::{Blobs, Stored};
use crate::cards::FrontMatter;
use crate::uploads::check_said;

/// How many bytes of a bucket are asked for at once.
const STRETCH: u64 = 1 << 20;

impl SqlCatalog {
    /// Refuses bytes that are not what they claim; tells what may run code, and what they say of the model.
    pub(super) async fn inspect(&self, received: Received, sha256: Option<&str>) -> Result<Checked> {
        let Received { path, format, stored } = &received;
        check_said(sha256, stored)?;
        if stored.bytes == 0 && *format != Format::Python {
            return Err(Error::invalid(path.as_str(), "is empty").hint("send its bytes"));
        }
        let mut scan =
            self.look(*format, stored, &mut Bytes::new()).await.map_err(|error| error.field(path.as_str()))?;
        let card = self.front_matter(path.as_str(), stored).await?.unwrap_or_else(|why| {
            scan.unread_card = Some(why);
            FrontMatter::default()
        });
        Ok(Checked { received, scan, card })
    }

    /// Looks at bytes as a format; `head` is as much of their beginning as was read already, and then as was needed.
    pub(super) async fn look(&self, format: Format, stored: &Stored, head: &mut Bytes) -> Result<FileScan> {
        let size = stored.bytes;
        if !format.by_head() {
            let file = Ranges::open(self.blobs.clone(), stored.digest.clone(), size).await?;
            let looked = tokio::task::spawn_blocking(move || format.look(file, size));
            return looked.await.map_err(|e| Error::unexpected("a look into a file broke off").caused_by(e))?;
        }
        while let Some(length) = format.lacks(head, size) {
            *head = self.first_bytes(stored, length).await?;
        }
        format.check(head, size)
    }

    pub(super) async fn first_bytes(&self, stored: &Stored, length: u64) -> Result<Bytes> {
        if stored.bytes == 0 {
            return Ok(Bytes::new());
        }
        collect(&self.blobs, &stored.digest, 0..stored.bytes.min(length)).await
    }
}

/// The bytes of a blob where they are needed, for a thread that may block.
enum Ranges {
    Folder(File),
    Bucket(Box<Bucket>),
}

/// A blob of a bucket, a stretch of which is held.
struct Bucket {
    blobs: Blobs,
    digest: String,
    runtime: Handle,
    size: u64,
    at: u64,
    held: Bytes,
}

impl Ranges {
    async fn open(blobs: Blobs, digest: String, size: u64) -> Result<Self> {
        let unread =
            |e: Error| Error::unavailable("a file that just came cannot be read").hint("send it again").caused_by(e);
        Ok(match blobs.open_here(&digest).await.map_err(unread)? {
            Some(file) => Self::Folder(file),
            None => {
                let runtime = Handle::current();
                Self::Bucket(Box::new(Bucket { blobs, digest, runtime, size, at: 0, held: Bytes::new() }))
            }
        })
    }
}

impl Read for Ranges {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Folder(file) => file.read(into),
            Self::Bucket(bucket) => bucket.read(into),
        }
    }
}

impl Seek for Ranges {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Folder(file) => file.seek(to),
            Self::Bucket(bucket) => bucket.seek(to),
        }
    }
}

impl Read for Bucket {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.held.is_empty() && self.at < self.size {
            let range = self.at..self.size.min(self.at + STRETCH);
            let stretch = self.runtime.block_on(collect(&self.blobs, &self.digest, range));
            self.held = stretch.map_err(io::Error::other)?;
        }
        let length = self.held.len().min(into.len());
        into[..length].copy_from_slice(&self.held.split_to(length));
        self.at += length as u64;
        Ok(length)
    }
}

impl Seek for Bucket {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let target =
            target.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a place before the beginning"))?;
        match target.checked_sub(self.at) {
            Some(ahead) if ahead <= self.held.len() as u64 => drop(self.held.split_to(ahead as usize)),
            _ => self.held.clear(),
        }
        self.at = target;
        Ok(target)
    }
}

async fn collect(blobs: &Blobs, digest: &str, range: std::ops::Range<u64>) -> Result<Bytes> {
    let mut bytes = BytesMut::with_capacity(usize::try_from(range.end - range.start).unwrap_or_default());
    let mut stream = blobs.get(digest, Some(range)).await?;
    while let Some(chunk) = stream.try_next().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}
