//! Entity tags: what a caller must have read to change it.

/// The tag of a row at this revision, quoted as HTTP wants it.
pub fn etag_of(revision: i64) -> String {
    format!("\"r{revision}\"")
}
