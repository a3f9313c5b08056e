//! A file's path within a model or a dataset: relative, of safe segments.

use unicode_normalization::UnicodeNormalization;

use super::{Error, Result};

/// The longest path and the longest of its segments, in bytes; how many segments there may be.
const PATH_BYTES: usize = 512;
const SEGMENT_BYTES: usize = 200;
const SEGMENTS: usize = 16;

/// A path that names a place inside its owner and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePath(String);

impl FilePath {
    /// Checks a path: NFC, no empty, `.` or `..` segment, only letters, digits, `-`, `_`, `.`, space and `+`.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |rule: &str| {
            Error::invalid("path", rule)
                .code("invalid_filename")
                .hint("for example `model.safetensors` or `tokenizer/vocab.json`")
        };
        let path: String = text.nfc().collect();
        if path.is_empty() || path.len() > PATH_BYTES {
            return Err(refuse("must be 1 to 512 bytes long"));
        }
        if path.split('/').count() > SEGMENTS {
            return Err(refuse("must have at most 16 segments"));
        }
        for segment in path.split('/') {
            if segment.is_empty() || segment.len() > SEGMENT_BYTES {
                return Err(refuse("must be a relative path whose segments are 1 to 200 bytes long"));
            }
            if segment.starts_with(['.', ' ']) || segment.ends_with(['.', ' ']) {
                return Err(refuse("must not have segments that begin or end with a dot or a space"));
            }
            let good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ' | '+' | '=' | '@');
            if !segment.chars().all(good) {
                return Err(refuse("must hold only letters, digits, `-`, `_`, `.`, `+`, `=`, `@`, spaces and `/`"));
            }
            if reserved(segment) {
                return Err(refuse("must not use a name that Windows reserves, as `CON`"));
            }
        }
        Ok(Self(path))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two paths have in common when a file system might take them for one.
    pub fn key(&self) -> String {
        self.0.nfkc().flat_map(char::to_lowercase).collect()
    }

    /// The extension in lower case.
    pub fn extension(&self) -> String {
        self.0
            .rsplit('/')
            .next()
            .and_then(|name| name.rsplit_once('.'))
            .map(|(_, e)| e.to_lowercase())
            .unwrap_or_default()
    }
}

fn reserved(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}
