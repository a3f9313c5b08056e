//! Reading what others wrote without believing the sizes it states.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::error::{Error, Result};

/// The longest JSON file beside a model's weights.
pub(super) const JSON_BYTES: u64 = 128 << 20;

/// A file's bytes, if there are at most `most`.
pub(super) fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|error| missing(path, &error))?;
    let length = file.metadata().map_err(Error::at(path))?.len();
    if length > most {
        return Err(Error::bad_model(format!("{} has {length} bytes; at most {most} are read", path.display())));
    }
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(Error::at(path))?;
    Ok(bytes)
}

/// A JSON document.
pub(super) fn json(path: &Path) -> Result<Value> {
    let bytes = read(path, JSON_BYTES)?;
    serde_json::from_slice(&bytes).map_err(|error| Error::bad_model(format!("{} is not JSON: {error}", path.display())))
}

/// A JSON document that may be absent.
pub(super) fn json_if_there(path: &Path) -> Result<Option<Value>> {
    if path.exists() { json(path).map(Some) } else { Ok(None) }
}

/// A model without one of its files is a wrong model; a disk that cannot be read is not.
pub(super) fn missing(path: &Path, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
            Error::bad_model(format!("{} does not exist", path.display()))
        }
        kind => Error::Io(std::io::Error::new(kind, format!("{}: {error}", path.display()))),
    }
}

/// Room for `bytes` more, or a refusal instead of an abort. A header has no say in this: callers pass what lies in the
/// file.
pub(super) fn buffer(bytes: usize) -> Result<Vec<u8>> {
    let mut buffer = Vec::new();
    let refused = |_| {
        Error::OutOfMemory(format!(
            "there is no memory for a tensor of {bytes} bytes; free some or take a smaller model"
        ))
    };
    buffer.try_reserve_exact(bytes).map_err(refused)?;
    Ok(buffer)
}

/// Bytes that this process may still take: what the machine and its limits leave, or nothing known.
pub(super) fn memory_left() -> Option<u64> {
    let stated = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = stated.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let free = line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()?.saturating_mul(1024);
    let limit = rustix::process::getrlimit(rustix::process::Resource::As).current;
    Some(limit.map_or(free, |limit| free.min(limit)))
}

/// Refuses work that cannot fit before it has taken the machine's memory away from everybody.
pub(crate) fn check_memory(what: &str, bytes: u64) -> Result<()> {
    match memory_left() {
        Some(left) if bytes > left => {
            let (bytes, left) = (bytes >> 20, left >> 20);
            Err(Error::OutOfMemory(format!(
                "{what} needs about {bytes} MiB, and {left} MiB are left; free memory or take a smaller model"
            )))
        }
        _ => Ok(()),
    }
}
