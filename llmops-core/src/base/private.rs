//! Files that hold secrets: read by their owner alone, and never half written.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a file in place of the one that is there, if any.
pub(crate) fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let beside = beside(file, text)?;
    std::fs::rename(&beside, file)?;
    sync_folder(file)
}

/// Writes a file where none is; whether it did. One that is there stays as it is, whoever wrote it and however lately.
pub(crate) fn create_private(file: &Path, text: &str) -> std::io::Result<bool> {
    let beside = beside(file, text)?;
    let linked = std::fs::hard_link(&beside, file);
    std::fs::remove_file(&beside)?;
    match linked {
        Ok(()) => sync_folder(file).map(|()| true),
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(cause) => Err(cause),
    }
}

/// The text in a file next to the one it is meant for.
fn beside(file: &Path, text: &str) -> std::io::Result<PathBuf> {
    let beside = file.with_extension(format!("new-{}", uuid::Uuid::now_v7().simple()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&beside)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    Ok(beside)
}

/// A name is kept once its folder is.
fn sync_folder(file: &Path) -> std::io::Result<()> {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
