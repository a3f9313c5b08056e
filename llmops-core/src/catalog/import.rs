//! What an import asks for: of which repository, which of its files are taken, and in which order.

use std::collections::BTreeSet;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::family::CONFIG;
use super::format::Format;
use super::{ImportModel, SkippedFile};
use crate::base::{Error, FilePath, Limits, Result, check_text};
use crate::cards::README;
use crate::registry::RemoteFile;

/// The most patterns, and the longest, in characters.
const PATTERNS: usize = 50;
const PATTERN_CHARS: usize = 256;
/// The largest file that comes in one piece, for nothing is known to compare its parts with.
const UNKNOWN_BYTES: u64 = 64 << 20;
/// The most files that are named as left out, and as much of a path as is told, in characters.
const SKIPPED: usize = 100;
const PATH_CHARS: usize = 512;

/// The longest name of a repository and of a revision, in characters.
const REPO_CHARS: usize = 256;
const REVISION_CHARS: usize = 128;

/// A repository's name becomes a part of addresses.
pub(super) fn check_repo(repo: &str) -> Result<()> {
    check_text("repo", repo, REPO_CHARS)?;
    let good = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !part.is_empty() && part.chars().all(plain) && !part.chars().all(|c| c == '.')
    };
    if repo.split('/').count() <= 2 && repo.split('/').all(good) {
        return Ok(());
    }
    Err(Error::invalid("repo", "must be `owner/name` or `name`, of letters, digits, `-`, `_` and `.`")
        .hint("for example `Qwen/Qwen2.5-0.5B`; the address of a mirror goes into `baseUrl`"))
}

/// So does a revision.
pub(super) fn check_revision(revision: &str) -> Result<()> {
    check_text("revision", revision, REVISION_CHARS)?;
    let odd = revision.chars().any(|c| c.is_control() || c.is_whitespace());
    if revision.is_empty() || odd || revision.split('/').any(|part| part.is_empty() || part == "." || part == "..") {
        return Err(Error::invalid("revision", "must be a branch, a tag or a commit").hint("leave it out for `main`"));
    }
    Ok(())
}

/// Which files to take.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Choice {
    include: Vec<String>,
    exclude: Vec<String>,
    quarantined: bool,
}

/// What comes, and what is left out.
#[derive(Debug)]
pub(super) struct Taken {
    pub files: Vec<RemoteFile>,
    pub bytes: u64,
    pub skipped: Vec<SkippedFile>,
}

impl Choice {
    /// What a request chooses.
    pub(super) fn of(req: &ImportModel) -> Result<Self> {
        for (field, patterns) in [("include", &req.include), ("exclude", &req.exclude)] {
            if patterns.len() > PATTERNS {
                return Err(Error::invalid(field, format!("must be at most {PATTERNS} patterns"))
                    .hint("write some of them as one, with `*`"));
            }
            for pattern in patterns {
                check_text(field, pattern, PATTERN_CHARS)?;
            }
        }
        let quarantined = req.quarantined.unwrap_or(false);
        Ok(Self { include: req.include.clone(), exclude: req.exclude.clone(), quarantined })
    }

    /// Decides on the files of a commit: what says how the model is built comes first, then its card, then small before large.
    pub(super) fn take(&self, found: Vec<RemoteFile>) -> Result<Taken> {
        let (include, exclude) = (patterns("include", &self.include)?, patterns("exclude", &self.exclude)?);
        let (mut files, mut skipped, mut keys) = (Vec::new(), Vec::new(), BTreeSet::new());
        for file in found {
            let like = |patterns: &[Regex]| patterns.iter().any(|pattern| pattern.is_match(&file.path));
            if (!include.is_empty() && !like(&include)) || like(&exclude) {
                continue;
            }
            match self.why_not(&file, &mut keys) {
                None => files.push(file),
                Some(reason) if skipped.len() < SKIPPED => {
                    let path = file.path.chars().filter(|c| !c.is_control()).take(PATH_CHARS).collect();
                    skipped.push(SkippedFile { path, reason });
                }
                Some(_) => {}
            }
        }
        files.sort_by_key(|file| (file.path != CONFIG, file.path != README, file.bytes));
        if files.is_empty() {
            return Err(nothing(&skipped));
        }
        let bytes = files.iter().map(|file| file.bytes).sum();
        Ok(Taken { files, bytes, skipped })
    }

    /// Why a file cannot come.
    fn why_not(&self, file: &RemoteFile, keys: &mut BTreeSet<String>) -> Option<String> {
        let path = match FilePath::parse(&file.path) {
            Ok(path) => path,
            Err(error) => return Some(error.message().to_owned()),
        };
        let format = match Format::of(&path) {
            Ok(format) => format,
            Err(_) => return Some("models hold no files of this kind".to_owned()),
        };
        if format == Format::Pickle && !self.quarantined {
            return Some("loading it may run code; `quarantined` takes it too".to_owned());
        }
        if file.bytes == 0 && format != Format::Python {
            return Some("it is empty".to_owned());
        }
        if file.bytes > Limits::FILE_BYTES {
            return Some(format!("it is larger than {} bytes", Limits::FILE_BYTES));
        }
        if file.sha256.is_none() && file.bytes > UNKNOWN_BYTES {
            return Some("the registry does not say its SHA-256, and it is larger than 64 MiB".to_owned());
        }
        if let Err(error) = format.check_size(file.bytes) {
            return Some(error.message().to_owned());
        }
        (!keys.insert(path.key())).then(|| "its path reads the same as another's".to_owned())
    }
}

fn nothing(skipped: &[SkippedFile]) -> Error {
    let why =
        skipped.first().map_or_else(String::new, |first| format!(": {} is not taken, {}", first.path, first.reason));
    Error::invalid("repo", format!("holds no file that is taken{why}"))
        .code("nothing_to_import")
        .hint("check `include` and `exclude`; `quarantined` takes pickle files too")
}

/// Patterns of paths as expressions that match the whole of one.
fn patterns(field: &str, of: &[String]) -> Result<Vec<Regex>> {
    let one = |pattern: &String| {
        let text = regex::escape(pattern).replace(r"\*", "(?s:.*)").replace(r"\?", "(?s:.)");
        let wrong =
            |_| Error::invalid(field, format!("holds `{pattern}`, which is no pattern")).hint("for example `*.gguf`");
        Regex::new(&format!("^{text}$")).map_err(wrong)
    };
    of.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, bytes: u64) -> RemoteFile {
        RemoteFile { path: path.into(), bytes, sha256: None, blob_id: None }
    }

    fn take(choice: &Choice, paths: &[(&str, u64)]) -> Result<(Vec<String>, Vec<String>)> {
        let taken = choice.take(paths.iter().map(|(path, bytes)| file(path, *bytes)).collect())?;
        let names = taken.files.into_iter().map(|file| file.path).collect();
        Ok((names, taken.skipped.into_iter().map(|file| file.path).collect()))
    }

    #[test]
    fn the_architecture_comes_first_and_the_largest_last() {
        let all = [("b.safetensors", 9), ("a.json", 5), ("README.md", 7), (".gitattributes", 1), ("config.json", 8)];
        let (files, skipped) = take(&Choice::default(), &all).unwrap();
        assert_eq!(files, ["config.json", "README.md", "a.json", "b.safetensors"]);
        assert_eq!(skipped, [".gitattributes"]);
    }

    #[test]
    fn what_cannot_be_held_is_left_out_and_named() {
        let bad = [("../x.json", 1), ("x.bin", 1), ("x.json", 0), ("big.txt", 33 << 20), ("huge.gguf", 1 << 50)];
        let twice = [("A.json", 1), ("a.json", 1)];
        let (files, skipped) = take(&Choice::default(), &[&bad[..], &twice[..]].concat()).unwrap();
        assert_eq!(files, ["A.json"]);
        assert_eq!(skipped, ["../x.json", "x.bin", "x.json", "big.txt", "huge.gguf", "a.json"]);
        let pickles = Choice { quarantined: true, ..Choice::default() };
        assert_eq!(take(&pickles, &bad).unwrap().0, ["x.bin"]);
    }

    #[test]
    fn patterns_are_of_whole_paths() {
        let all = [("a.gguf", 1), ("deep/b.gguf", 1), ("a.gguf.txt", 1), ("c+d.gguf", 1)];
        let only = |include: &[&str], exclude: &[&str]| {
            let owned = |of: &[&str]| of.iter().map(|pattern| (*pattern).to_owned()).collect();
            take(&Choice { include: owned(include), exclude: owned(exclude), quarantined: false }, &all).unwrap().0
        };
        assert_eq!(only(&["*.gguf"], &[]), ["a.gguf", "deep/b.gguf", "c+d.gguf"]);
        assert_eq!(only(&["?.gguf", "c+*"], &[]), ["a.gguf", "c+d.gguf"]);
        assert_eq!(only(&[], &["*.gguf"]), ["a.gguf.txt"]);
        let none = Choice { include: vec!["*.onnx".into()], ..Choice::default() };
        assert_eq!(take(&none, &all).unwrap_err().stable_code(), "nothing_to_import");
    }
}
