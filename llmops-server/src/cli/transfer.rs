//! Bytes from a server into a file, and files to a server.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use futures::TryStreamExt;
use llmops_core::base::{Error, Result};
use llmops_core::op::Download;
use llmops_core::platform::{Local, Progress as Sent};
use serde_json::Value;

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

/// Writes what a server sends to a file: under the server's name for it if none is given, whole or not at all; `-` is
/// standard output.
pub(crate) async fn save(download: Download, to: Option<PathBuf>, out: Output) -> Result<()> {
    let own = Path::new(&download.file_name).file_name().map_or_else(|| "download".into(), PathBuf::from);
    let path = to.unwrap_or(own);
    let failed = |e: std::io::Error| {
        Error::invalid("output", format!("names {}, which cannot be written", path.display())).caused_by(e)
    };
    if path == Path::new("-") {
        let written = copy(download, &mut std::io::stdout(), &mut Progress::Hidden).await?;
        return match written {
            // Whoever reads it, as `head`, has enough.
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            written => written.map(drop).map_err(failed),
        };
    }
    let mut part = path.clone().into_os_string();
    part.push(".part");
    let mut file = File::create(&part).map_err(failed)?;
    let mut progress = Progress::new(out, &path.display().to_string());
    let copied = copy(download, &mut file, &mut progress).await.and_then(|written| written.map_err(failed));
    progress.done();
    match copied {
        Ok(count) => {
            std::fs::rename(&part, &path).map_err(failed)?;
            out.note(&format!("wrote {} ({})", path.display(), output::bytes(count)));
            Ok(())
        }
        Err(error) => {
            // What is left of it is of no use; that it stays would be no second error.
            let _ = std::fs::remove_file(&part);
            Err(error)
        }
    }
}

/// Copies all bytes and counts them: the server's failure outside, this machine's inside.
async fn copy(download: Download, to: &mut impl Write, progress: &mut Progress) -> Result<std::io::Result<u64>> {
    let (mut body, mut count, total) = (download.body, 0_u64, download.length.unwrap_or_default());
    while let Some(chunk) = body.try_next().await? {
        if let Err(error) = to.write_all(&chunk) {
            return Ok(Err(error));
        }
        count += chunk.len() as u64;
        progress.at(count, total, "bytes");
    }
    Ok(to.flush().map(|()| count))
}
