//! What a commit does to the files that are there, whatever they are files of, and what it is refused with.

use std::collections::BTreeMap;

use crate::base::{Error, ErrorKind, FilePath, Result};

/// A file that is there.
pub trait FileThere {
    /// Its path.
    fn path(&self) -> &str;
    /// What its path has in common with others that read the same.
    fn path_key(&self) -> &str;
}

/// A file that a commit makes, among those of this kind.
pub trait FileToBe<F> {
    /// Its path.
    fn path(&self) -> &FilePath;
    /// Whether it is the one that is there already under its path.
    fn is(&self, there: &F) -> bool;
}

/// What goes, what stays and what comes.
#[derive(Debug)]
pub struct Change<F, W> {
    /// The files that stay.
    pub kept: Vec<F>,
    /// Those that go, or whose place is taken.
    pub gone: Vec<F>,
    /// Those that come.
    pub wanted: Vec<W>,
}

impl<F: FileThere, W: FileToBe<F>> Change<F, W> {
    /// Decides it. What is there already is no change.
    ///
    /// # Errors
    /// `not_found` when nothing is where something is to be removed; `conflict` for a path that reads as another.
    pub fn of(before: Vec<F>, wanted: Vec<W>, remove: &[String]) -> Result<Self> {
        let mut wanted = by_path::<F, W>(wanted)?;
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        for path in remove {
            if !before.iter().any(|file| is_within(file.path(), path)) {
                return Err(Error::not_found("file", path));
            }
        }
        for file in before {
            let removed = remove.iter().any(|path| is_within(file.path(), path));
            match wanted.get(file.path_key()) {
                Some(new) if new.path().as_str() == file.path() && new.is(&file) => {
                    wanted.remove(file.path_key());
                    kept.push(file);
                }
                Some(new) if new.path().as_str() != file.path() && !removed => {
                    return Err(duplicate_path(new.path()));
                }
                Some(_) => gone.push(file),
                None if removed => gone.push(file),
                None => kept.push(file),
            }
        }
        Ok(Self { kept, gone, wanted: wanted.into_values().collect() })
    }

    /// Whether all stays as it is.
    pub fn is_nothing(&self) -> bool {
        self.gone.is_empty() && self.wanted.is_empty()
    }
}

/// The files of a commit by what their paths have in common with others.
fn by_path<F, W: FileToBe<F>>(wanted: Vec<W>) -> Result<BTreeMap<String, W>> {
    let mut all = BTreeMap::new();
    for file in wanted {
        if let Some(twice) = all.insert(file.path().key(), file) {
            return Err(Error::invalid("add", format!("names `{}` twice", twice.path().as_str()))
                .code("duplicate_path")
                .hint("name each path once; paths may not differ in letter case alone"));
        }
    }
    Ok(all)
}

/// The paths to remove, as files have them; a folder keeps its `/`.
///
/// # Errors
/// `invalid` for what is no path.
pub fn removed(paths: &[String]) -> Result<Vec<String>> {
    let one = |path: &String| match path.strip_suffix('/') {
        Some(folder) => FilePath::parse(folder).map(|folder| format!("{}/", folder.as_str())),
        None => FilePath::parse(path).map(|path| path.as_str().to_owned()),
    };
    paths.iter().map(one).collect()
}

/// Whether a path is this one or, if this one ends in `/`, in that folder.
fn is_within(path: &str, of: &str) -> bool {
    path == of || of.ends_with('/') && path.starts_with(of)
}

/// A path is another's but for what file systems do not tell apart.
pub fn duplicate_path(path: &FilePath) -> Error {
    Error::conflict(format!("a path that reads the same as `{}` exists", path.as_str()))
        .code("duplicate_path")
        .field("path")
        .hint("paths may not differ in letter case alone")
}

/// A commit names bytes that its caller did not send.
pub fn bytes_missing(path: &str, sha256: &str) -> Error {
    Error::invalid("add", format!("names bytes for `{path}` that you have not sent: {sha256}"))
        .code("bytes_missing")
        .hint("stage the file first; bytes that somebody else sent do not count")
}

/// Refuses a commit to other files than its caller has seen; of a thing without any the digest is empty.
///
/// # Errors
/// `stale`.
pub fn check_seen(thing: &str, now: Option<&str>, seen: Option<&str>) -> Result<()> {
    if seen.is_none_or(|seen| seen == now.unwrap_or_default()) {
        return Ok(());
    }
    let now = now.unwrap_or("absent");
    Err(Error::new(ErrorKind::Stale, format!("the {thing}'s files changed: its digest is now {now}"))
        .code("digest_changed")
        .field("digest")
        .hint("look at its files again, and repeat the commit with the new digest"))
}

/// A commit is to what another commit made an older version meanwhile.
pub fn not_newest(name: &str, version: &str) -> Error {
    Error::new(ErrorKind::Stale, format!("the newest version of `{name}` is now {version}"))
        .code("not_newest")
        .hint("look at its files again, and commit to what it is now")
}
