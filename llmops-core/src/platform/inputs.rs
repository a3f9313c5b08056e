//! What work is given: blobs, linked where they lie on this machine, else brought or put together here. Either way they are
//! hashed first: what was approved by its digest is what runs.

#[cfg(test)]
mod tests;

use std::io::Read;
use std::path::Path;

use async_trait::async_trait;
use futures::StreamExt;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use crate::base::{Error, ErrorKind, Result};
use crate::blob::Blobs;
use crate::compute::InputSource;

/// How much of a file is hashed at once.
const PIECE: usize = 1 << 20;

/// The platform's blobs as inputs.
pub(super) struct BlobInputs(pub(super) Blobs);

#[async_trait]
impl InputSource for BlobInputs {
    async fn fetch(&self, digest: &str, to: &Path) -> Result<()> {
        if let Some(blob) = self.0.local_file(digest) {
            let linked = to.to_owned();
            let done = tokio::task::spawn_blocking(move || link(&blob, &linked).and_then(|()| hash(&linked))).await;
            match done.map_err(|e| Error::unexpected("bringing an input ended abruptly").caused_by(e))? {
                // It may be kept as chunks.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed(error)),
                Ok(found) if found == digest => return Ok(()),
                Ok(_) => return Err(other_bytes()),
            }
        }
        self.download(digest, to).await
    }
}

impl BlobInputs {
    async fn download(&self, digest: &str, to: &Path) -> Result<()> {
        let mut body = self.0.get(digest, None).await?;
        let mut file = tokio::fs::File::create_new(to).await.map_err(failed)?;
        let mut sha = Sha256::new();
        while let Some(chunk) = body.next().await {
            let chunk = chunk?;
            sha.update(&chunk);
            file.write_all(&chunk).await.map_err(failed)?;
        }
        file.flush().await.map_err(failed)?;
        file.sync_all().await.map_err(failed)?;
        if hex::encode(sha.finalize()) == digest {
            return Ok(());
        }
        Err(other_bytes())
    }
}

fn other_bytes() -> Error {
    Error::new(ErrorKind::Upstream, "the object store gave other bytes than were stored")
        .code("file_differs")
        .hint("verify the model to see which file it is, and send that again")
}

fn hash(file: &Path) -> std::io::Result<String> {
    let (mut file, mut sha, mut piece) = (std::fs::File::open(file)?, Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex::encode(sha.finalize())),
            read => sha.update(&piece[..read]),
        }
    }
}

/// Links a blob, or copies it to another disk. The file is read-only, so that no work changes the blob by accident.
fn link(blob: &Path, to: &Path) -> std::io::Result<()> {
    if std::fs::hard_link(blob, to).is_err() {
        std::fs::copy(blob, to)?;
    }
    let mut permissions = std::fs::metadata(to)?.permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(to, permissions)
}

fn failed(error: std::io::Error) -> Error {
    let made = match error.kind() {
        std::io::ErrorKind::StorageFull => {
            Error::new(ErrorKind::StorageFull, "the disk is full: an input of a piece of work has no room")
                .hint("free some space in the data folder; then it goes on")
        }
        std::io::ErrorKind::NotFound => Error::new(ErrorKind::NotFound, "the bytes are not in the object store"),
        _ => Error::unavailable("an input of a piece of work cannot be brought to its folder"),
    };
    made.caused_by(error)
}
