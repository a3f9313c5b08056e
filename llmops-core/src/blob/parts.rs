//! Files that come in parts, in any order. Each part is written where the whole will be, so that nothing is copied at the
//! end: into one file of a local folder, or as the parts of a bucket's own multipart upload.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use object_store::multipart::{MultipartStore, PartId};
use object_store::{ObjectStoreExt, PutPayload, path::Path};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncSeekExt, AsyncWriteExt, BufWriter};
use tokio::sync::Semaphore;

use super::{Blobs, Staged, Stored, absent_is_fine, reading, store_error};
use crate::base::{ByteStream, Error, Result, crash_point};

/// A bucket takes a part whole: so many are held in memory at once, however many clients send.
const HELD: usize = 3;

/// Bytes of a part that are written to a folder at a time.
const WRITTEN: usize = 256 << 10;

/// Where parts go on their way.
#[derive(Clone)]
pub(super) enum Parted {
    /// The folder that holds the store.
    Folder(PathBuf),
    /// The bucket, and the right to hold a part in memory.
    #[cfg_attr(not(feature = "s3"), expect(dead_code, reason = "only a bucket needs it"))]
    Bucket(Arc<dyn MultipartStore>, Arc<Semaphore>),
}

impl Parted {
    #[cfg(feature = "s3")]
    pub(super) fn bucket(store: Arc<dyn MultipartStore>) -> Self {
        Self::Bucket(store, Arc::new(Semaphore::new(HELD)))
    }
}

/// A file that comes in parts.
pub struct Whole<'a> {
    /// Names it within the store.
    pub name: &'a str,
    /// What [`Blobs::begin_parts`] gave for it.
    pub session: &'a str,
    /// What the store calls its parts, in order; needed to put them together.
    pub tags: &'a [String],
}

/// One of its parts: which, counted from 0, where it begins, and how many bytes it has.
pub struct Place {
    /// Which.
    pub index: usize,
    /// Where it begins.
    pub start: u64,
    /// How many bytes it has.
    pub bytes: u64,
}

/// A part that is kept.
pub struct Kept {
    /// SHA-256 in hex.
    pub digest: String,
    /// What the store calls it.
    pub tag: String,
}

impl Blobs {
    /// Begins a file of parts. What it gives is to be remembered for the calls that follow; a second call begins a second one.
    pub async fn begin_parts(&self, name: &str) -> Result<String> {
        match &self.parted {
            Parted::Folder(_) => Ok(String::new()),
            Parted::Bucket(store, _) => store.create_multipart(&self.staging(name)).await.map_err(store_error),
        }
    }

    /// Keeps a part, whose bytes must be as many as it has. It may be sent again.
    ///
    /// # Errors
    /// `invalid` when more or fewer bytes come; then nothing of it counts.
    pub async fn put_part(&self, whole: &Whole<'_>, place: &Place, body: ByteStream) -> Result<Kept> {
        match &self.parted {
            Parted::Folder(folder) => {
                let path = folder.join(self.staging(whole.name).as_ref());
                let digest = write_at(path, place, body).await?;
                Ok(Kept { digest, tag: String::new() })
            }
            Parted::Bucket(store, held) => {
                let full = |_| Error::unexpected("the parts of uploads are no longer counted");
                let _held = held.acquire().await.map_err(full)?;
                let (chunks, digest) = collect(place, body).await?;
                let payload = PutPayload::from_iter(chunks);
                let (path, session) = (self.staging(whole.name), whole.session.to_owned());
                let part = store.put_part(&path, &session, place.index, payload).await.map_err(store_error)?;
                Ok(Kept { digest, tag: part.content_id })
            }
        }
    }

    /// Puts the parts together, by their tags in order, and reads the whole to find its digest. Doing so again finds the same;
    /// `None` when the file of parts is no longer there. Nobody writes to it from then on until it is published or let go.
    ///
    /// # Errors
    /// `unavailable` while a part is still on its way, as one that is sent a second time.
    pub(super) async fn join_parts(&self, whole: &Whole<'_>) -> Result<Option<Staged>> {
        let staging = self.staging(whole.name);
        if let Parted::Bucket(store, _) = &self.parted
            && self.size_at(&staging).await?.is_none()
        {
            let parts = whole.tags.iter().map(|tag| PartId { content_id: tag.clone() }).collect();
            match store.complete_multipart(&staging, &whole.session.to_owned(), parts).await {
                Ok(_) => {}
                Err(object_store::Error::NotFound { .. }) => return Ok(None),
                Err(error) => return Err(store_error(error)),
            }
            crash_point("blob.joined", "");
        }
        let Some(bytes) = self.size_at(&staging).await? else { return Ok(None) };
        let lock = match &self.parted {
            Parted::Folder(folder) => Some(own(&folder.join(staging.as_ref()))?),
            Parted::Bucket(..) => None,
        };
        let mut body = reading::stream(self.store.get(&staging).await.map_err(store_error)?);
        let mut sha = Sha256::new();
        while let Some(chunk) = body.next().await {
            sha.update(&chunk?);
        }
        Ok(Some(Staged { staging, stored: Stored { digest: hex::encode(sha.finalize()), bytes }, lock }))
    }

    /// Ends a beginning that is not gone on with, while another of the same name is.
    pub async fn forget_parts(&self, whole: &Whole<'_>) -> Result<()> {
        match &self.parted {
            Parted::Folder(_) => Ok(()),
            Parted::Bucket(store, _) => {
                let session = whole.session.to_owned();
                absent_is_fine(store.abort_multipart(&self.staging(whole.name), &session).await)
            }
        }
    }

    /// The digest of a file of parts, all of which are there; `None` when it is not.
    pub async fn look_at_whole(&self, whole: &Whole<'_>) -> Result<Option<Stored>> {
        Ok(self.join_parts(whole).await?.map(|staged| staged.stored))
    }

    /// Forgets a file of parts, whole or not.
    pub async fn drop_parts(&self, whole: &Whole<'_>) -> Result<()> {
        if !whole.session.is_empty() {
            self.forget_parts(whole).await?;
        }
        absent_is_fine(self.store.delete(&self.staging(whole.name)).await)
    }

    fn staging(&self, name: &str) -> Path {
        self.prefix.clone().join("staging").join(name)
    }
}

fn failed(cause: std::io::Error) -> Error {
    match cause.kind() {
        std::io::ErrorKind::StorageFull => Error::new(crate::base::ErrorKind::StorageFull, "the object store is full")
            .hint("free some space; nothing that was stored is lost")
            .caused_by(cause),
        _ => Error::unavailable("the object store's folder cannot be written to")
            .hint("look at the folder's permissions and disk; the call may be repeated")
            .caused_by(cause),
    }
}

/// Takes a file of parts for oneself. A part that is on its way holds it, also one that another server receives.
fn own(path: &std::path::Path) -> Result<std::fs::File> {
    let file = std::fs::File::options().write(true).open(path).map_err(failed)?;
    file.try_lock().map_err(|_| Error::unavailable("a part of the file is still on its way"))?;
    Ok(file)
}

/// Holds a file of parts to write to it, unless it is taken. What was opened before it got its place would be written to there.
fn hold(file: &std::fs::File, path: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let taken = || Error::conflict("the upload takes no more parts").code("upload_closed").hint("look at its state");
    file.try_lock_shared().map_err(|_| taken())?;
    let (ours, there) = (file.metadata().map_err(failed)?, std::fs::metadata(path).map_err(|_| taken())?);
    if (ours.dev(), ours.ino()) == (there.dev(), there.ino()) { Ok(()) } else { Err(taken()) }
}

/// Writes a part into the file at its place, and has it on the disk before it is told.
async fn write_at(path: PathBuf, place: &Place, mut body: ByteStream) -> Result<String> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    }
    let options = tokio::fs::OpenOptions::new().create(true).truncate(false).write(true).to_owned();
    let file = options.open(&path).await.map_err(failed)?.into_std().await;
    hold(&file, &path)?;
    let mut file = tokio::fs::File::from_std(file);
    file.set_max_buf_size(WRITTEN);
    file.seek(std::io::SeekFrom::Start(place.start)).await.map_err(failed)?;
    let mut file = BufWriter::with_capacity(WRITTEN, file);
    let mut count = Count::new(place);
    while let Some(chunk) = body.next().await {
        let chunk = chunk?;
        count.add(&chunk)?;
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    file.get_ref().sync_data().await.map_err(failed)?;
    count.digest()
}

/// The parts of an upload are not where they should be.
pub fn parts_gone() -> Error {
    Error::conflict("the parts are no longer in the object store").code("parts_gone").hint("send the file again")
}

/// The digest of a part's bytes, which are not kept.
pub async fn digest_of(place: &Place, mut body: ByteStream) -> Result<String> {
    let mut count = Count::new(place);
    while let Some(chunk) = body.next().await {
        count.add(&chunk?)?;
    }
    count.digest()
}

async fn collect(place: &Place, mut body: ByteStream) -> Result<(Vec<Bytes>, String)> {
    let (mut chunks, mut count) = (Vec::new(), Count::new(place));
    while let Some(chunk) = body.next().await {
        let chunk = chunk?;
        count.add(&chunk)?;
        chunks.push(chunk);
    }
    Ok((chunks, count.digest()?))
}

/// Bytes of a part as they come: as many as it has, and their digest.
struct Count {
    wanted: u64,
    seen: u64,
    sha: Sha256,
}

impl Count {
    fn new(place: &Place) -> Self {
        Self { wanted: place.bytes, seen: 0, sha: Sha256::new() }
    }

    fn add(&mut self, chunk: &Bytes) -> Result<()> {
        self.seen += chunk.len() as u64;
        if self.seen > self.wanted {
            return Err(self.wrong("more"));
        }
        self.sha.update(chunk);
        Ok(())
    }

    fn digest(self) -> Result<String> {
        if self.seen < self.wanted {
            return Err(self.wrong("fewer"));
        }
        Ok(hex::encode(self.sha.finalize()))
    }

    fn wrong(&self, what: &str) -> Error {
        Error::invalid("file", format!("must hold the {} bytes of this part; {what} came", self.wanted))
            .code("wrong_part_size")
            .hint("send the file's bytes from `number` times `partBytes` on, as many as a part has or are left")
    }
}
