//! Bytes from a server into a file, and files to a server.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use futures::TryStreamExt;
use llmops_core::base::{Error, ErrorKind, Result};
use llmops_core::op::Download;
use llmops_core::platform::{Local, Progress as Sent};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Client, Output, Progress, output};

/// Sends files to a model or a dataset, and says how far it is.
pub(crate) async fn send(client: &Client, to: Value, files: Vec<Local>, replace: bool) -> Result<Value> {
    let progress = Mutex::new(Progress::new(client.out, "upload"));
    let told = |now: Sent| {
        progress.lock().unwrap_or_else(PoisonError::into_inner).at(now.sent, now.total, "bytes");
    };
    let sent = client.send(to, files, replace, &told).await;
    progress.into_inner().unwrap_or_else(PoisonError::into_inner).done();
    sent
}

/// What was written: how many bytes, and their SHA-256 in hex.
struct Written {
    bytes: u64,
    sha256: String,
}

/// Writes what a server sends to a file: under the server's name for it if none is given, whole or not at all, and only with
/// the digest that the server tells; `-` is standard output.
pub(crate) async fn save(download: Download, to: Option<PathBuf>, out: Output) -> Result<()> {
    let own = Path::new(&download.file_name).file_name().map_or_else(|| "download".into(), PathBuf::from);
    let path = to.unwrap_or(own);
    let failed = |e: std::io::Error| {
        Error::invalid("output", format!("names {}, which cannot be written", path.display())).caused_by(e)
    };
    // Of a range, the digest would be that of the whole.
    let expected = download.digest.clone().filter(|_| download.range.is_none());
    if path == Path::new("-") {
        let written = copy(download, &mut std::io::stdout(), &mut Progress::Hidden).await?;
        return match written {
            // Whoever reads it, as `head`, has enough.
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            written => check(&written.map_err(failed)?, expected.as_deref()),
        };
    }
    let mut part = path.clone().into_os_string();
    part.push(".part");
    let mut file = File::create(&part).map_err(failed)?;
    let mut progress = Progress::new(out, &path.display().to_string());
    let copied = copy(download, &mut file, &mut progress).await.and_then(|written| written.map_err(failed));
    progress.done();
    match copied.and_then(|written| check(&written, expected.as_deref()).map(|()| written.bytes)) {
        Ok(bytes) => {
            std::fs::rename(&part, &path).map_err(failed)?;
            out.note(&format!("wrote {} ({})", path.display(), output::bytes(bytes)));
            Ok(())
        }
        Err(error) => {
            // What is left of it is of no use; that it stays would be no second error.
            let _ = std::fs::remove_file(&part);
            Err(error)
        }
    }
}

/// Refuses bytes that are not those of the digest. What is no SHA-256 in hex says nothing of them.
fn check(written: &Written, expected: Option<&str>) -> Result<()> {
    let is_sha256 = |text: &&str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match expected.filter(is_sha256) {
        Some(expected) if !expected.eq_ignore_ascii_case(&written.sha256) => {
            let said = format!("the bytes that came have the SHA-256 {}, and not {expected}", written.sha256);
            Err(Error::new(ErrorKind::Unexpected, said)
                .code("checksum_mismatch")
                .hint("verify the file on the server: if it is damaged there, upload the same bytes again"))
        }
        _ => Ok(()),
    }
}

/// Copies all bytes, counts and hashes them: the server's failure outside, this machine's inside.
async fn copy(download: Download, to: &mut impl Write, progress: &mut Progress) -> Result<std::io::Result<Written>> {
    let (mut body, mut count, total) = (download.body, 0_u64, download.length.unwrap_or_default());
    let mut sha = Sha256::new();
    while let Some(chunk) = body.try_next().await? {
        if let Err(error) = to.write_all(&chunk) {
            return Ok(Err(error));
        }
        sha.update(&chunk);
        count += chunk.len() as u64;
        progress.at(count, total, "bytes");
    }
    Ok(to.flush().map(|()| Written { bytes: count, sha256: hex::encode(sha.finalize()) }))
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;

    use super::*;

    fn sent(bytes: &'static str, digest: &str) -> Download {
        Download {
            body: futures::stream::once(async move { Ok(bytes.into()) }).boxed(),
            length: Some(bytes.len() as u64),
            range: None,
            content_type: "text/plain".to_owned(),
            file_name: "a.txt".to_owned(),
            digest: Some(digest.to_owned()),
        }
    }

    #[tokio::test]
    async fn bytes_that_are_not_those_of_the_digest_leave_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let (path, out) = (folder.path().join("a.txt"), Output::new(true));
        let right = hex::encode(Sha256::digest("right"));
        let refused = save(sent("wrong", &right), Some(path.clone()), out).await.unwrap_err();
        assert_eq!(refused.stable_code(), "checksum_mismatch");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
        save(sent("right", &right.to_uppercase()), Some(path.clone()), out).await.unwrap();
        // A part of a file, and what has a tag of another kind, is taken as it is.
        let part = Download { range: Some((0, 4, 9)), ..sent("other", &right) };
        save(part, Some(path.clone()), out).await.unwrap();
        save(sent("tagged", "a tag"), Some(path.clone()), out).await.unwrap();
        assert_eq!(std::fs::read_to_string(path).unwrap(), "tagged");
    }
}
