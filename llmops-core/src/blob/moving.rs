//! Blobs that change their place: from where they were received to their digest, aside before they are deleted, and back.

use object_store::multipart::MultipartStore;
use object_store::{GetRange, ObjectStoreExt, PutPayload, path::Path};

use super::incoming::{LOOKS, PATIENCE};
use super::parts::Parted;
use super::{Blobs, PART_BYTES, Staged, Stored, absent_is_fine, store_error};
use crate::base::{Result, crash_point};

/// The largest object that a bucket copies by itself.
pub(super) const COPIED_AT_ONCE: u64 = 5 << 30;
/// The most parts of an object in a bucket.
const PARTS: u64 = 10_000;

impl Blobs {
    /// Takes a blob out of its place, so that who looks for it there from now on does not find it.
    pub(super) async fn set_aside(&self, digest: &str) -> Result<()> {
        absent_is_fine(self.relocate(&self.path(digest)?, &self.aside(digest)?).await)
    }

    /// Puts it back.
    pub(super) async fn bring_back(&self, digest: &str) -> Result<()> {
        absent_is_fine(self.relocate(&self.aside(digest)?, &self.path(digest)?).await)
    }

    /// Deletes it for good.
    pub(super) async fn delete_aside(&self, digest: &str) -> Result<()> {
        absent_is_fine(self.store.delete(&self.aside(digest)?).await)
    }

    /// Takes the object of a blob that is kept as chunks too out of its place.
    pub(super) async fn drop_whole(&self, digest: &str) -> Result<()> {
        absent_is_fine(self.relocate(&self.path(digest)?, &self.dropped(digest)).await)
    }

    /// Puts it back.
    pub(super) async fn take_back(&self, digest: &str) -> Result<()> {
        absent_is_fine(self.relocate(&self.dropped(digest), &self.path(digest)?).await)
    }

    /// Deletes it for good.
    pub(super) async fn delete_dropped(&self, digest: &str) -> Result<()> {
        absent_is_fine(self.store.delete(&self.dropped(digest)).await)
    }

    fn dropped(&self, digest: &str) -> Path {
        self.prefix.clone().join("dropped").join(digest)
    }

    /// Moves staged bytes to their digest, unless they are there whole, as far as is known.
    pub(super) async fn publish(&self, Staged { staging, stored, lock: _lock }: Staged) -> Result<Stored> {
        let place = self.path(&stored.digest)?;
        crash_point("blob.publish", "");
        let is_there = self.size(&stored.digest).await? == Some(stored.bytes);
        if is_there && !self.is_damaged(&stored.digest).await? {
            absent_is_fine(self.store.delete(&staging).await)?;
        } else {
            self.relocate(&staging, &place).await.map_err(store_error)?;
        }
        Ok(stored)
    }

    /// Moves staged bytes to their digest, also where they are kept as chunks.
    pub(super) async fn place(&self, Staged { staging, stored, lock: _lock }: Staged) -> Result<()> {
        self.relocate(&staging, &self.path(&stored.digest)?).await.map_err(store_error)
    }

    /// Forgets staged bytes.
    pub(super) async fn unstage(&self, staged: Staged) {
        if let Err(cause) = self.store.delete(&staged.staging).await {
            tracing::warn!(%cause, "bytes that nobody keeps were left behind");
        }
    }

    pub(super) fn aside(&self, digest: &str) -> Result<Path> {
        self.path(digest)?;
        Ok(self.prefix.clone().join("aside").join(digest))
    }

    /// Moves an object. A bucket has no way to do so but to copy it, itself up to a size, and beyond that through here, a part in
    /// memory at a time. A copy that is broken off is not seen and made anew, and so is one that a bucket refuses because somebody
    /// moves or deletes something at its place.
    async fn relocate(&self, from: &Path, to: &Path) -> object_store::Result<()> {
        if let Parted::Bucket(bucket, _) = &self.parted {
            let size = self.store.head(from).await?.size;
            if size > self.copied_at_once {
                self.copy_in_parts(bucket.as_ref(), (from, to), size).await?;
                return self.store.delete(from).await;
            }
        }
        for _ in 0..LOOKS {
            match self.store.rename(from, to).await {
                // What moves takes the place of what is there, so nothing is in its way but somebody at the same place.
                Err(object_store::Error::AlreadyExists { .. }) => tokio::time::sleep(PATIENCE).await,
                moved => return moved,
            }
        }
        self.store.rename(from, to).await
    }

    async fn copy_in_parts(
        &self,
        bucket: &dyn MultipartStore,
        (from, to): (&Path, &Path),
        size: u64,
    ) -> object_store::Result<()> {
        let session = bucket.create_multipart(to).await?;
        let copied = self.copy_parts(bucket, (from, to), (&session, size)).await;
        if copied.is_err()
            && let Err(cause) = bucket.abort_multipart(to, &session).await
        {
            tracing::warn!(%cause, "a copy that was broken off left parts behind");
        }
        copied
    }

    async fn copy_parts(
        &self,
        bucket: &dyn MultipartStore,
        (from, to): (&Path, &Path),
        (session, size): (&String, u64),
    ) -> object_store::Result<()> {
        let each = (PART_BYTES as u64).max(size.div_ceil(PARTS));
        let mut parts = Vec::new();
        for (index, start) in (0..size).step_by(usize::try_from(each).unwrap_or(usize::MAX)).enumerate() {
            let range = GetRange::Bounded(start..size.min(start + each));
            let options = object_store::GetOptions { range: Some(range), ..Default::default() };
            let bytes = self.store.get_opts(from, options).await?.bytes().await?;
            parts.push(bucket.put_part(to, session, index, PutPayload::from_bytes(bytes)).await?);
        }
        bucket.complete_multipart(to, session, parts).await.map(drop)
    }
}
