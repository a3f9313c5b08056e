//! What an address of the hub names: a repository, and what is asked of it.

use std::borrow::Cow;

use http::Uri;

/// Models or datasets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Of the catalog.
    Models,
    /// Of the datasets.
    Datasets,
}

impl Kind {
    /// As it stands in addresses.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Models => "models",
            Self::Datasets => "datasets",
        }
    }

    /// The operation that finds them.
    pub(super) fn list(self) -> &'static str {
        match self {
            Self::Models => "catalog.list_models",
            Self::Datasets => "datasets.list_datasets",
        }
    }

    /// The operation that lists their files.
    pub(super) fn files(self) -> &'static str {
        match self {
            Self::Models => "catalog.list_model_files",
            Self::Datasets => "datasets.list_dataset_files",
        }
    }

    /// The operation that makes them.
    pub(super) fn create(self) -> &'static str {
        match self {
            Self::Models => "catalog.create_model",
            Self::Datasets => "datasets.create_dataset",
        }
    }

    /// The operation that receives bytes of their files.
    pub(super) fn stage(self) -> &'static str {
        match self {
            Self::Models => "catalog.stage_model_file",
            Self::Datasets => "datasets.stage_dataset_file",
        }
    }

    /// The operation that changes their files.
    pub(super) fn commit(self) -> &'static str {
        match self {
            Self::Models => "catalog.commit_model_files",
            Self::Datasets => "datasets.commit_dataset_files",
        }
    }

    /// The one that stands in addresses as this.
    pub(super) fn named(plural: &str) -> Option<Self> {
        [Self::Models, Self::Datasets].into_iter().find(|kind| kind.plural() == plural)
    }

    /// As people say it.
    pub(super) fn one(self) -> &'static str {
        match self {
            Self::Models => "model",
            Self::Datasets => "dataset",
        }
    }
}

/// Which repository: all versions of one name, in a project or the caller's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repo {
    pub(super) kind: Kind,
    pub(super) project: Option<String>,
    pub(super) name: String,
}

/// An address taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) repo: Repo,
    /// As `tree`; empty for the repository itself.
    pub(super) what: String,
    /// `main` where the address names none.
    pub(super) revision: String,
    /// What comes after the revision.
    pub(super) path: String,
}

/// What may be asked of a repository, after its name.
const ASKED: [&str; 8] =
    ["revision", "tree", "commits", "paths-info", "preupload", "commit", "xet-write-token", "xet-read-token"];

impl Address {
    /// Takes an address apart: `/api/models/..`, `/NAME/resolve/..` or `/NAME.git/info/lfs/objects/batch`.
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        Self::parse(uri.path())
    }

    pub(super) fn parse(path: &str) -> Option<Self> {
        let all: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match all.as_slice() {
            ["api", "models", rest @ ..] => api(Kind::Models, rest),
            ["api", "datasets", rest @ ..] => api(Kind::Datasets, rest),
            ["datasets", rest @ ..] => file(Kind::Datasets, rest),
            rest => file(Kind::Models, rest),
        }
    }
}

fn api(kind: Kind, all: &[&str]) -> Option<Address> {
    let (name, rest) = match all {
        [name] => (&[*name][..], &[][..]),
        [name, "refs"] => (&[*name][..], &all[1..]),
        [_, _] => (all, &[][..]),
        [_, asked, ..] if ASKED.contains(asked) => all.split_at(1),
        [_, _, asked, ..] if ASKED.contains(asked) || *asked == "refs" => all.split_at(2),
        _ => return None,
    };
    let (what, rest) = rest.split_first().map_or(("", rest), |(what, rest)| (*what, rest));
    address(kind, name, what, rest)
}

fn file(kind: Kind, all: &[&str]) -> Option<Address> {
    const BATCH: [&str; 4] = ["info", "lfs", "objects", "batch"];
    let at = if all.get(1) == Some(&"resolve") { 1 } else { 2 };
    if all.get(at) == Some(&"resolve") && all.len() > at + 2 {
        return address(kind, &all[..at], "resolve", &all[at + 1..]);
    }
    let (name, batch) = all.split_at_checked(all.len().checked_sub(BATCH.len())?)?;
    let git = name.last()?.strip_suffix(".git")?;
    match name {
        _ if batch != BATCH => None,
        [_] => address(kind, &[git], "lfs", &[]),
        [project, _] => address(kind, &[project, git], "lfs", &[]),
        _ => None,
    }
}

fn address(kind: Kind, name: &[&str], what: &str, rest: &[&str]) -> Option<Address> {
    let (project, name) = match name {
        [name] => (None, plain(name)?),
        [project, name] => (Some(plain(project)?.into_owned()), plain(name)?),
        _ => return None,
    };
    let (revision, path) = rest.split_first().map_or(("main", rest), |(revision, path)| (*revision, path));
    let repo = Repo { kind, project, name: name.into_owned() };
    let path = plain(&path.join("/"))?.into_owned();
    Some(Address { repo, what: what.to_owned(), revision: plain(revision)?.into_owned(), path })
}

/// A piece of an address without its percent signs; none if it is no UTF-8.
fn plain(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(text.into());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    Some(String::from_utf8(bytes).ok()?.into())
}
