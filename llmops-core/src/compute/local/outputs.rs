//! What work leaves below `out/`. Links are never followed: they could lead anywhere.

use std::fs::File;
use std::path::Path;

use futures::{StreamExt, TryStreamExt};
use rustix::fs::{Mode, OFlags, open as open_at_root, openat};
use tokio_util::io::ReaderStream;

use super::{if_there, is_folder, place_error};
use crate::base::{ByteStream, Error, Result};
use crate::compute::OutputFile;

/// The most files that are looked at.
const MOST: usize = 100_000;
/// How much is read at a time.
const CHUNK: usize = 256 << 10;

/// The regular files below a folder, by path.
pub(super) fn walk(out: &Path) -> Result<Vec<OutputFile>> {
    let failed = |e| place_error("the results of the work", e);
    let (mut found, mut folders) = (Vec::new(), vec![(out.to_owned(), String::new())]);
    if !is_folder(out) {
        return Ok(found);
    }
    while let Some((folder, above)) = folders.pop() {
        let Some(entries) = if_there(std::fs::read_dir(&folder)).map_err(failed)? else { continue };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let path = if above.is_empty() { name.to_owned() } else { format!("{above}/{name}") };
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                folders.push((entry.path(), path));
            } else if kind.is_file() {
                let Some(meta) = if_there(entry.metadata()).map_err(failed)? else { continue };
                found.push(OutputFile { path, size: meta.len() });
            }
            if found.len() + folders.len() > MOST {
                return Err(Error::invalid("out", format!("must hold at most {MOST} files")));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Opens a file below a folder, going down step by step.
pub(super) fn open(out: &Path, path: &str) -> Result<File> {
    let missing = || Error::not_found("output", path);
    let step = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts.pop().ok_or_else(missing)?;
    let mut folder = open_at_root(out, step | OFlags::DIRECTORY, Mode::empty()).map_err(|_| missing())?;
    for part in parts {
        folder = openat(&folder, part, step | OFlags::DIRECTORY, Mode::empty()).map_err(|_| missing())?;
    }
    // A pipe that nobody writes to must not hold us.
    let file = openat(&folder, name, step | OFlags::NONBLOCK, Mode::empty()).map_err(|_| missing())?;
    let file = File::from(file);
    match file.metadata() {
        Ok(meta) if meta.is_file() => Ok(file),
        _ => Err(missing()),
    }
}

/// The bytes of an open file.
pub(super) fn stream(file: File) -> ByteStream {
    let read = ReaderStream::with_capacity(tokio::fs::File::from_std(file), CHUNK);
    read.map_err(|e| place_error("a result of the work", e)).boxed()
}
