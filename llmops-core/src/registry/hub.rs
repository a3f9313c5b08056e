//! The protocol of the Hugging Face Hub, as its own clients speak it: also to a mirror, or to another platform like this one.

use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use super::exact::Exactly;
use super::{Head, Place, Registry, RemoteFile, RemoteModel};
use crate::base::{ByteStream, Error, ErrorKind, Result, Secret, Timestamp};
use crate::egress::guard::{Answered, Ask, Guard};

/// The longest that a question about a repository may take.
const WITHIN: Duration = Duration::from_secs(30);
/// The longest that bytes may take to come, which are mostly 8 MiB.
const READ_WITHIN: Duration = Duration::from_secs(300);
/// The largest answer to a question, in bytes.
const ANSWER_BYTES: usize = 16 << 20;
/// The most files of a repository, and pages of its tree.
const FILES: usize = 10_000;
const PAGES: usize = 100;
/// The most tags of a model that are told, and their characters.
const TAGS: usize = 50;
const TAG_CHARS: usize = 128;

/// Reads from hubs.
#[derive(Clone)]
pub struct HubRegistry {
    guard: Guard,
}

/// As much of a revision as matters.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Revision {
    sha: String,
    /// The front matter of its `README.md`.
    card_data: Option<Map<String, Value>>,
}

/// An entry of a tree.
#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    #[serde(default)]
    size: u64,
    oid: Option<String>,
    lfs: Option<Large>,
}

/// What is known of a file that is kept beside the repository.
#[derive(Deserialize)]
struct Large {
    #[serde(alias = "sha256")]
    oid: String,
    size: u64,
}

/// An entry of a list of models.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: String,
    sha: Option<String>,
    #[serde(rename = "pipeline_tag")]
    task: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    downloads: Option<u64>,
    /// `false`, or how one is let in.
    #[serde(default)]
    gated: Value,
    last_modified: Option<Timestamp>,
    created_at: Option<Timestamp>,
}

impl HubRegistry {
    /// Reads through this door.
    pub fn new(guard: Guard) -> Self {
        Self { guard }
    }

    /// Asks about `what`, which an error then names.
    async fn ask(&self, at: &Place, url: &Url, what: &str) -> Result<Answered> {
        let ask = Ask { url: url.as_str(), headers: &[], secret: bearer(at), within: WITHIN, limit: ANSWER_BYTES };
        let answered = self.guard.get(ask).await?;
        match answered.status {
            200..=299 => Ok(answered),
            status => Err(refusal(status, what)),
        }
    }
}

fn bearer(at: &Place) -> Option<(&'static str, Secret)> {
    at.key.as_ref().map(|key| ("authorization", Secret::new(format!("Bearer {}", key.expose()))))
}

fn refusal(status: u16, what: &str) -> Error {
    match status {
        401 | 403 => Error::denied(format!("the registry does not show `{what}` to this key"))
            .code("registry_refused")
            .hint("store a key that may read it and name it as `credentialId`; the terms of gated models are accepted there"),
        404 => Error::not_found("repository", what)
            .code("repository_not_found")
            .hint("check its name and revision; private ones are seen with a key only"),
        429 => Error::new(ErrorKind::RateLimited, "the registry takes no more requests for now").retry_after_ms(10_000),
        status => Error::new(ErrorKind::Upstream, format!("the registry answers with status {status}"))
            .code("upstream_failed")
            .hint("try again; if it goes on, ask whoever runs it"),
    }
}

fn garbled() -> Error {
    Error::new(ErrorKind::Upstream, "what answers there is no hub")
        .code("upstream_garbled")
        .hint("check `baseUrl`; it is the address before `/api`")
}

/// An address with these parts of a path behind it, each escaped.
fn url<'p>(at: &Place, parts: impl IntoIterator<Item = &'p str>) -> Result<Url> {
    let mut url = Url::parse(&at.address).map_err(|_| garbled())?;
    url.path_segments_mut().map_err(|()| garbled())?.pop_if_empty().extend(parts);
    Ok(url)
}

/// The address of what is asked of a repository's revision.
fn about(at: &Place, repo: &str, (what, revision): (&str, &str)) -> Result<Url> {
    url(at, ["api", "models"].into_iter().chain(repo.split('/')).chain([what, revision]))
}

#[async_trait]
impl Registry for HubRegistry {
    fn address(&self) -> &'static str {
        "https://huggingface.co"
    }

    fn check(&self, address: &str) -> Result<String> {
        let url = self.guard.check("baseUrl", address)?;
        if url.query().is_some() {
            return Err(Error::invalid("baseUrl", "must hold no query").hint("leave out what begins with `?`"));
        }
        Ok(url.as_str().trim_end_matches('/').to_owned())
    }

    async fn head(&self, at: &Place, repo: &str, revision: &str) -> Result<Head> {
        let url = about(at, repo, ("revision", revision))?;
        let answered = self.ask(at, &url, &format!("{repo}@{revision}")).await?;
        let Revision { sha, card_data } = serde_json::from_slice(&answered.body).map_err(|_| garbled())?;
        // It comes back as a part of addresses.
        let is_commit = (1..=128).contains(&sha.len()) && sha.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_commit {
            return Err(garbled());
        }
        Ok(Head { commit: sha, card: card_data.unwrap_or_default() })
    }

    async fn files(&self, at: &Place, repo: &str, commit: &str) -> Result<Vec<RemoteFile>> {
        let mut url = about(at, repo, ("tree", commit))?;
        url.set_query(Some("recursive=true"));
        let (mut next, mut files) = (Some(url), Vec::new());
        for _ in 0..PAGES {
            let Some(url) = next.take() else { return Ok(files) };
            let answered = self.ask(at, &url, &format!("{repo}@{commit}")).await?;
            let entries: Vec<Entry> = serde_json::from_slice(&answered.body).map_err(|_| garbled())?;
            files.extend(entries.into_iter().filter(|entry| entry.kind == "file").map(file));
            // The key is for no other server.
            next = answered.next.and_then(|link| url.join(&link).ok()).filter(|link| link.origin() == url.origin());
            if files.len() > FILES {
                break;
            }
        }
        if next.is_none() && files.len() <= FILES {
            return Ok(files);
        }
        Err(Error::invalid("repo", format!("holds more than {FILES} files")).hint("upload the files that you need"))
    }

    async fn read(
        &self,
        at: &Place,
        (repo, commit): (&str, &str),
        file: &RemoteFile,
        range: Range<u64>,
    ) -> Result<ByteStream> {
        let url = url(at, repo.split('/').chain(["resolve", commit]).chain(file.path.split('/')))?;
        let whole = range == (0..file.bytes);
        let part = [("range", format!("bytes={}-{}", range.start, range.end.saturating_sub(1)))];
        let headers: &[_] = if whole { &[] } else { &part };
        let ask = Ask { url: url.as_str(), headers, secret: bearer(at), within: READ_WITHIN, limit: usize::MAX };
        let opened = self.guard.open(ask).await?;
        match opened.status {
            200 if whole => {}
            206 if !whole => {}
            200 | 206 => return Err(no_parts()),
            status => return Err(refusal(status, &format!("{repo}@{commit}/{}", file.path))),
        }
        let bytes = range.end - range.start;
        let exactly = match &file.blob_id {
            Some(id) if whole && file.sha256.is_none() => Exactly::blob(bytes, id.clone()),
            _ => Exactly::many(bytes),
        };
        Ok(exactly.of(opened.body))
    }

    async fn search(&self, at: &Place, text: &str, limit: u32) -> Result<Vec<RemoteModel>> {
        let mut url = url(at, ["api", "models"])?;
        let limit = limit.min(100);
        url.query_pairs_mut().append_pair("search", text).append_pair("limit", &limit.to_string());
        let answered = self.ask(at, &url, "its list of models").await?;
        let found: Vec<Listed> = serde_json::from_slice(&answered.body).map_err(|_| garbled())?;
        Ok(found.into_iter().take(limit as usize).filter(|found| found.id.len() <= 256).map(model).collect())
    }
}

fn file(entry: Entry) -> RemoteFile {
    let Entry { path, size, oid, lfs, .. } = entry;
    match lfs {
        Some(Large { oid, size }) => {
            let sha256 = oid.strip_prefix("sha256:").unwrap_or(&oid).to_ascii_lowercase();
            RemoteFile { path, bytes: size, sha256: Some(sha256), blob_id: None }
        }
        // An id of git's newer kind is nothing to compare with.
        None => RemoteFile { path, bytes: size, sha256: None, blob_id: oid.filter(|oid| oid.len() == 40) },
    }
}

fn model(found: Listed) -> RemoteModel {
    let short = |text: &String| text.chars().count() <= TAG_CHARS;
    RemoteModel {
        repo: found.id,
        commit: found.sha,
        task: found.task.filter(short),
        tags: found.tags.into_iter().filter(short).take(TAGS).collect(),
        downloads: found.downloads,
        gated: !matches!(found.gated, Value::Null | Value::Bool(false)),
        updated_at: found.last_modified.or(found.created_at),
    }
}

fn no_parts() -> Error {
    Error::new(ErrorKind::Upstream, "the registry does not send the part of a file that it is asked for")
        .code("upstream_garbled")
        .hint("import from another address of it")
}
