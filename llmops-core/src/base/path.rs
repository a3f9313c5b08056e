//! A file's path within a model or a dataset: relative, of safe segments.

use std::collections::BTreeSet;

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

    /// What two paths have in common when a file system might take them for one. Upper case first, since letters that differ
    /// only there are told apart in lower case: `ß` and `ss`, `σ` and `ς`.
    pub fn key(&self) -> String {
        folded(&self.0)
    }

    /// Checks that none of these paths is a folder of another, which no file system can hold.
    ///
    /// # Errors
    /// `conflict` `path_is_folder`.
    pub fn check_folders<'p>(paths: impl IntoIterator<Item = &'p str>) -> Result<()> {
        let keys: BTreeSet<String> = paths.into_iter().map(folded).collect();
        let mut folders = keys.iter().flat_map(|key| key.match_indices('/').map(|(at, _)| &key[..at]));
        match folders.find(|folder| keys.contains(*folder)) {
            None => Ok(()),
            Some(both) => Err(Error::conflict(format!("`{both}` would be a file and a folder with files in it"))
                .code("path_is_folder")
                .field("path")
                .hint("give one of them another name, or delete it first")),
        }
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

fn folded(path: &str) -> String {
    path.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

fn reserved(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let digit = |rest: &str| matches!(rest.as_bytes(), [b'0'..=b'9']) || matches!(rest, "¹" | "²" | "³");
    let numbered = |prefix: &str| stem.strip_prefix(prefix).is_some_and(digit);
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::FilePath;

    fn key(path: &str) -> String {
        FilePath::parse(path).unwrap().key()
    }

    #[test]
    fn what_a_file_system_takes_for_one_has_one_key() {
        for (a, b) in [
            ("Straße.json", "STRASSE.json"),
            ("σ.json", "ς.json"),
            ("ﬁne.json", "FINE.json"),
            ("é.json", "e\u{301}.json"),
        ] {
            assert_eq!(key(a), key(b), "{a} {b}");
        }
        assert_ne!(key("a.json"), key("b.json"));
    }

    #[test]
    fn names_of_devices_are_refused_however_they_are_written() {
        for name in ["CON", "con.json", "CON .json", "COM1.txt", "COM¹.json", "lpt³", "nul.tar.gz"] {
            assert_eq!(FilePath::parse(name).unwrap_err().stable_code(), "invalid_filename", "{name}");
        }
        for name in ["CONS.json", "COM10.txt", "COMA.txt"] {
            FilePath::parse(name).unwrap();
        }
    }

    #[test]
    fn a_file_is_not_also_a_folder() {
        FilePath::check_folders(["a.json", "b/a.json", "b/c/d.json", "b.json"]).unwrap();
        let refused = FilePath::check_folders(["a.json", "b/c", "b/c/d.json"]).unwrap_err();
        assert_eq!(refused.stable_code(), "path_is_folder");
        assert!(refused.message().contains("`b/c`"), "{refused}");
    }
}
