//! Files of this machine on their way to a server.

use std::path::{Path, PathBuf};

use futures::{StreamExt, TryStreamExt};
use llmops_core::base::{Error, Result};
use llmops_core::op::{Part, Parts};

/// Files as the parts of an upload, read as they are sent: a file under its own name, a folder as the files in it under
/// their paths within it. Each is looked at before the first is sent.
///
/// # Errors
/// `invalid` when one is not there or cannot be read, or a folder holds none.
pub(crate) fn parts(given: &[PathBuf]) -> Result<Parts> {
    let mut files = Vec::new();
    for path in given {
        if path.is_dir() {
            let before = files.len();
            walk(path, path, &mut files)?;
            if files.len() == before {
                return Err(Error::invalid(
                    "file",
                    format!("names the folder {}, which holds no file", path.display()),
                ));
            }
        } else {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, path.clone()));
        }
    }
    for (_, path) in &files {
        std::fs::File::open(path).map_err(|e| unreadable(path, e))?;
    }
    // One file is open at a time, however many there are.
    Ok(futures::stream::iter(files).then(|(name, path)| open(name, path)).boxed())
}

async fn open(name: String, path: PathBuf) -> Result<Part> {
    let file = tokio::fs::File::open(&path).await.map_err(|e| unreadable(&path, e))?;
    let body = tokio_util::io::ReaderStream::with_capacity(file, 64 * 1024);
    Ok(Part { name, body: Box::pin(body.map_err(move |e| unreadable(&path, e))) })
}

/// The files below a folder by their paths within it, in order. What begins with a dot is not meant.
fn walk(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(|e| unreadable(folder, e))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|e| unreadable(folder, e))?.path());
    }
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, files)?;
        } else {
            let within = path.strip_prefix(root).unwrap_or(&path);
            let name = within.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            files.push((name, path));
        }
    }
    Ok(())
}

/// A file of this machine that cannot be read.
pub(crate) fn unreadable(path: &Path, cause: std::io::Error) -> Error {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_is_the_files_in_it() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("sub")).unwrap();
        for name in ["b.json", "sub/a.txt", ".hidden"] {
            std::fs::write(dir.path().join(name), name).unwrap();
        }
        let sent: Vec<String> =
            parts(&[dir.path().to_owned()]).unwrap().map_ok(|part| part.name).try_collect().await.unwrap();
        assert_eq!(sent, ["b.json", "sub/a.txt"]);
    }

    #[test]
    fn what_is_not_there_is_said_before_anything_is_sent() {
        let dir = tempfile::tempdir().unwrap();
        let error = parts(&[dir.path().join("none")]).err().unwrap();
        assert!(error.message().ends_with("which is not there"), "{error}");
        assert!(parts(&[dir.path().to_owned()]).is_err(), "an empty folder");
    }
}
