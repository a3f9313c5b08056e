//! Bytes that must be as many as was said, and the ones that were said.

use bytes::Bytes;
use futures::StreamExt;
use sha1::{Digest, Sha1};

use crate::base::{ByteStream, Error, ErrorKind, Result};

/// What git knows bytes by: the SHA-1 of a short head and all of them.
pub(crate) async fn git_blob_id(bytes: u64, mut body: ByteStream) -> Result<String> {
    let mut sha = git_blob(bytes);
    while let Some(chunk) = body.next().await {
        sha.update(chunk?);
    }
    Ok(hex::encode(sha.finalize()))
}

fn git_blob(bytes: u64) -> Sha1 {
    let mut sha = Sha1::new();
    sha.update(format!("blob {bytes}\0"));
    sha
}

/// What must hold for bytes that come.
pub(super) struct Exactly {
    left: u64,
    blob: Option<(Sha1, String)>,
}

impl Exactly {
    /// So many bytes.
    pub(super) fn many(bytes: u64) -> Self {
        Self { left: bytes, blob: None }
    }

    /// So many bytes, which git knows by this id.
    pub(super) fn blob(bytes: u64, id: String) -> Self {
        Self { left: bytes, blob: Some((git_blob(bytes), id)) }
    }

    fn take(&mut self, chunk: &Bytes) -> Result<()> {
        let more = || broken("the registry sent more bytes than it said".to_owned());
        self.left = self.left.checked_sub(chunk.len() as u64).ok_or_else(more)?;
        if let Some((sha, _)) = &mut self.blob {
            sha.update(chunk);
        }
        Ok(())
    }

    fn end(self) -> Result<()> {
        if self.left > 0 {
            return Err(broken(format!("the registry sent {} bytes less than it said", self.left)));
        }
        let same = self.blob.is_none_or(|(sha, id)| hex::encode(sha.finalize()) == id);
        if same { Ok(()) } else { Err(other_bytes()) }
    }

    /// The bytes if they are these; an error in place of their end otherwise.
    pub(super) fn of(self, body: ByteStream) -> ByteStream {
        futures::stream::unfold(Some((self, body)), |reading| async move {
            let (mut exactly, mut body) = reading?;
            match body.next().await {
                None => exactly.end().err().map(|error| (Err(error), None)),
                Some(Err(error)) => Some((Err(error), None)),
                Some(Ok(chunk)) => match exactly.take(&chunk) {
                    Ok(()) => Some((Ok(chunk), Some((exactly, body)))),
                    Err(error) => Some((Err(error), None)),
                },
            }
        })
        .boxed()
    }
}

fn broken(said: String) -> Error {
    Error::new(ErrorKind::Upstream, said).code("upstream_broken").hint("try again; if it goes on, ask whoever runs it")
}

fn other_bytes() -> Error {
    Error::invalid("file", "has other bytes than the registry says").code("checksum_mismatch").hint("begin anew")
}
