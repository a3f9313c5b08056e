//! What two places share: cutting a log at a whole line, and the paths that stay below a folder.

use std::path::{Component, Path};

use super::LogChunk;
use crate::base::{Error, Result};

/// Ends what was read from `from` on at a whole line. `more` says that further bytes may follow: then a line without its
/// end waits for it, unless it fills the `limit` alone.
pub(super) fn whole_lines(mut bytes: Vec<u8>, from: u64, limit: usize, more: bool) -> LogChunk {
    let end = bytes.iter().rposition(|b| *b == b'\n').map(|at| at + 1);
    let keep = match end {
        Some(end) if more || bytes.len() >= limit => end,
        None if more && bytes.len() < limit => 0,
        _ => bytes.len(),
    };
    bytes.truncate(keep);
    let next = from + bytes.len() as u64;
    LogChunk { bytes, next }
}

/// Checks that a path names something below the folder it is relative to, in the one spelling it has.
pub(super) fn check_below(field: &str, path: &str) -> Result<()> {
    let plain = !path.is_empty() && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    let normal = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if plain && normal && !path.contains(['\0', '\\']) {
        return Ok(());
    }
    Err(Error::invalid(field, "must be a relative path with `/` between its parts, none of them `.` or `..`"))
}

#[cfg(test)]
mod tests {
    use super::{check_below, whole_lines};

    #[track_caller]
    fn cut(bytes: &str, limit: usize, more: bool, expect: &str) {
        let chunk = whole_lines(bytes.as_bytes().to_vec(), 10, limit, more);
        assert_eq!((chunk.bytes, chunk.next), (expect.as_bytes().to_vec(), 10 + expect.len() as u64));
    }

    #[test]
    fn a_chunk_ends_at_a_line() {
        cut("a\nb", 99, true, "a\n");
        cut("a\nb", 3, false, "a\n");
        cut("a\nb\n", 99, true, "a\nb\n");
    }

    #[test]
    fn a_line_alone_is_cut_only_when_it_is_too_long_or_the_last() {
        cut("abc", 99, true, "");
        cut("abc", 3, true, "abc");
        cut("abc", 99, false, "abc");
        cut("a\nbc", 99, false, "a\nbc");
    }

    #[test]
    fn a_path_stays_below() {
        for path in ["a", "a/b.txt", ".hidden", "a b/c"] {
            check_below("path", path).unwrap();
        }
        for path in ["", "/", "/a", "a/", "a//b", ".", "a/./b", "../a", "a/..", "a\0b", "a\\b"] {
            assert!(check_below("path", path).is_err(), "{path:?}");
        }
    }
}
