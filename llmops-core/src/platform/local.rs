//! Files of this machine: which are meant, and their bytes.

use std::io::Read;
use std::path::{Path, PathBuf};

use futures::{StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use crate::base::{ByteStream, Error, Result};
use crate::op::Part;

/// A file of this machine and its path within the model or dataset.
#[derive(Debug, Clone)]
pub struct Local {
    /// Its path within the model or dataset.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// The files that `given` names, by name: a file under its own, a folder as the files in it under their paths within it. What
/// begins with a dot is not meant. A link to a file is followed; within a folder one
/// to a folder is refused, since it may lead round in a circle.
///
/// # Errors
/// `invalid` when one is not there, cannot be read or is no file, or a folder holds none or a link.
pub fn local_files(given: &[PathBuf]) -> Result<Vec<Local>> {
    let mut files = Vec::new();
    for path in given {
        if path.is_dir() {
            let before = files.len();
            walk(path, path, &mut files)?;
            if files.len() == before {
                let rule = format!("names the folder {}, which holds no file", path.display());
                return Err(Error::invalid("file", rule).hint("name one that does"));
            }
        } else {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push(Local { name, path: path.clone() });
        }
    }
    for Local { path, .. } in &files {
        // What is no file, as a pipe, would be waited for when it is opened.
        let meta = std::fs::metadata(path).map_err(|e| unreadable(path, e))?;
        if !meta.is_file() {
            return Err(Error::invalid("file", format!("names {}, which is no file", path.display()))
                .hint("name files and folders of files"));
        }
        std::fs::File::open(path).map_err(|e| unreadable(path, e))?;
    }
    Ok(files)
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<Local>) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(|e| unreadable(folder, e))?;
    let paths: std::io::Result<Vec<_>> =
        entries.map(|entry| entry.and_then(|e| Ok((e.path(), e.file_type()?)))).collect();
    let mut paths = paths.map_err(|e| unreadable(folder, e))?;
    paths.sort_by(|(a, _), (b, _)| a.cmp(b));
    let hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    for (path, kind) in paths.into_iter().filter(|(path, _)| !hidden(path)) {
        if kind.is_dir() {
            walk(root, &path, files)?;
        } else if kind.is_symlink() && path.is_dir() {
            return Err(Error::invalid("file", format!("names {}, which is a link to a folder", path.display()))
                .hint("links to files are followed; name this folder itself, or put it in the place of the link"));
        } else {
            let within = path.strip_prefix(root).unwrap_or(&path);
            let name = within.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            files.push(Local { name, path });
        }
    }
    Ok(())
}

/// A file of this machine that cannot be read.
pub fn unreadable(path: &Path, cause: std::io::Error) -> Error {
    let why = match cause.kind() {
        std::io::ErrorKind::NotFound => "which is not there",
        std::io::ErrorKind::PermissionDenied => "which this user may not read",
        std::io::ErrorKind::IsADirectory => "which is a folder",
        _ => "which cannot be read",
    };
    Error::invalid("file", format!("names {}, {why}", path.display()))
        .hint("check its path and permissions")
        .caused_by(cause)
}

/// Files as the parts of an upload, read as they are sent; one is open at a time, however many there are.
pub fn as_parts(files: Vec<Local>) -> crate::op::Parts {
    futures::stream::iter(files)
        .then(|Local { name, path }| async move { Ok(Part { name, body: read(&path, 0, u64::MAX).await? }) })
        .boxed()
}

/// The bytes of a file from a place on.
pub(super) async fn read(path: &Path, start: u64, bytes: u64) -> Result<ByteStream> {
    let owned = path.to_owned();
    let mut file = tokio::fs::File::open(path).await.map_err(|e| unreadable(path, e))?;
    file.seek(std::io::SeekFrom::Start(start)).await.map_err(|e| unreadable(path, e))?;
    let body = ReaderStream::with_capacity(file.take(bytes), 64 * 1024);
    Ok(body.map_err(move |e| unreadable(&owned, e)).boxed())
}

/// SHA-256 of a file, in hex.
pub(super) async fn digest(path: &Path) -> Result<String> {
    let path = path.to_owned();
    let hashed = tokio::task::spawn_blocking(move || {
        let mut file = std::fs::File::open(&path).map_err(|e| unreadable(&path, e))?;
        let mut sha = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        loop {
            match file.read(&mut buffer).map_err(|e| unreadable(&path, e))? {
                0 => break,
                count => sha.update(&buffer[..count]),
            }
        }
        Ok(hex::encode(sha.finalize()))
    });
    hashed.await.map_err(|cause| Error::unexpected("the hashing of a file broke off").caused_by(cause))?
}
