//! The protocol of the Hugging Face Hub, as its own clients speak it: also to a mirror, or to another platform like this one.

mod push;

use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;
use futures::TryStreamExt;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use super::exact::Exactly;
use super::{Head, Place, Publisher, Registry, RemoteFile, RemoteModel};
use crate::base::{ByteStream, Error, ErrorKind, Result, Secret, Timestamp};
use crate::egress::guard::{Ask, Guard, Opened};

/// The longest that a question about a repository may take.
const WITHIN: Duration = Duration::from_secs(30);
/// The longest that so many bytes may take to come.
const READ_WITHIN: Duration = Duration::from_secs(300);
const READ_BYTES: u64 = 8 << 20;
/// The largest answer to a question, in bytes.
const ANSWER_BYTES: usize = 16 << 20;
/// The most files of a repository, and pages of its tree.
const FILES: usize = 10_000;
const PAGES: usize = 100;
/// The most tags of a model that are told, and their characters.
const TAGS: usize = 50;
const TAG_CHARS: usize = 128;

/// The longest that listing the files of a commit may take, all pages together.
const LIST_WITHIN: Duration = Duration::from_secs(120);
/// The longest path of a file that is told whole, in bytes; what is longer is no path here.
const PATH_BYTES: usize = 1024;
/// The largest card that is read, in bytes of JSON.
const CARD_BYTES: usize = 64 << 10;

/// Reads from hubs, and writes to them.
#[derive(Clone)]
pub struct HubRegistry {
    /// For questions, which do not wait behind bytes.
    asking: Guard,
    reading: Guard,
}

/// As much of a revision as matters.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Revision<'a> {
    sha: String,
    /// The front matter of its `README.md`.
    #[serde(borrow)]
    card_data: Option<&'a RawValue>,
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
struct Listed<'a> {
    id: String,
    sha: Option<String>,
    #[serde(rename = "pipeline_tag")]
    task: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    downloads: Option<u64>,
    /// `false`, or how one is let in.
    #[serde(borrow)]
    gated: Option<&'a RawValue>,
    last_modified: Option<Timestamp>,
    created_at: Option<Timestamp>,
}

/// What a hub answers to a question.
struct Answer {
    bytes: Vec<u8>,
    next: Option<String>,
}

impl HubRegistry {
    /// Reads through this door.
    pub fn new(guard: Guard) -> Self {
        Self { asking: guard.apart(), reading: guard.apart() }
    }

    /// Asks about `what`, which an error then names.
    async fn ask(&self, at: &Place, url: &Url, what: &str) -> Result<Answer> {
        let ask = Ask { url: url.as_str(), headers: &[], secret: bearer(at), within: WITHIN, limit: ANSWER_BYTES };
        // A repository that was renamed is sent on to.
        let opened = tokio::time::timeout(WITHIN, self.asking.open(ask)).await.map_err(|_| busy())?;
        let Opened { status, next, mut body } = opened?;
        if !(200..300).contains(&status) {
            return Err(refusal(status, what));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = body.try_next().await? {
            if bytes.len() + chunk.len() > ANSWER_BYTES {
                return Err(too_long());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Answer { bytes, next })
    }

    async fn list(&self, at: &Place, repo: &str, commit: &str) -> Result<Vec<RemoteFile>> {
        let mut url = about(at, repo, ("tree", commit))?;
        url.set_query(Some("recursive=true"));
        let (mut next, mut files) = (Some(url), Vec::new());
        for _ in 0..PAGES {
            let Some(url) = next.take() else { return Ok(files) };
            let answer = self.ask(at, &url, &format!("{repo}@{commit}")).await?;
            let entries: Vec<Entry> = serde_json::from_slice(&answer.bytes).map_err(|_| garbled())?;
            files.extend(entries.into_iter().filter(|entry| entry.kind == "file").map(file));
            // The key is for no other server.
            next = answer.next.and_then(|link| url.join(&link).ok()).filter(|link| link.origin() == url.origin());
            if files.len() > FILES {
                break;
            }
        }
        if next.is_none() && files.len() <= FILES {
            return Ok(files);
        }
        Err(Error::invalid("repo", format!("holds more than {FILES} files")).hint("upload the files that you need"))
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

fn too_long() -> Error {
    let limit = ANSWER_BYTES >> 20;
    Error::new(ErrorKind::TooLarge, format!("the registry says more than {limit} MiB about this repository"))
        .code("answer_too_large")
        .hint("a repository of so many files cannot be imported; pack them there")
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

/// A commit comes back as a part of addresses.
fn is_commit(sha: &str) -> bool {
    (1..=128).contains(&sha.len()) && sha.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[async_trait]
impl Registry for HubRegistry {
    fn address(&self) -> &'static str {
        "https://huggingface.co"
    }

    fn check(&self, address: &str) -> Result<String> {
        let url = self.asking.check("baseUrl", address)?;
        if url.query().is_some() {
            return Err(Error::invalid("baseUrl", "must hold no query").hint("leave out what begins with `?`"));
        }
        Ok(url.as_str().trim_end_matches('/').to_owned())
    }

    async fn head(&self, at: &Place, repo: &str, revision: &str) -> Result<Head> {
        let url = about(at, repo, ("revision", revision))?;
        let answer = self.ask(at, &url, &format!("{repo}@{revision}")).await?;
        let Revision { sha, card_data } = serde_json::from_slice(&answer.bytes).map_err(|_| garbled())?;
        if !is_commit(&sha) {
            return Err(garbled());
        }
        let card = card_data.map(RawValue::get).filter(|card| card.len() <= CARD_BYTES);
        Ok(Head { commit: sha, card: card.map(str::to_owned) })
    }

    async fn files(&self, at: &Place, repo: &str, commit: &str) -> Result<Vec<RemoteFile>> {
        let late =
            |_| Error::new(ErrorKind::Timeout, "the registry lists its files too slowly").code("upstream_timeout");
        tokio::time::timeout(LIST_WITHIN, self.list(at, repo, commit)).await.map_err(late)?
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
        let bytes = range.end - range.start;
        let within = READ_WITHIN.saturating_mul(u32::try_from(bytes.div_ceil(READ_BYTES)).unwrap_or(u32::MAX).max(1));
        let ask = Ask { url: url.as_str(), headers, secret: bearer(at), within, limit: usize::MAX };
        let opened = self.reading.open(ask).await?;
        match opened.status {
            200 if whole => {}
            206 if !whole => {}
            200 | 206 => return Err(no_parts()),
            status => return Err(refusal(status, &format!("{repo}@{commit}/{}", file.path))),
        }
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
        let answer = self.ask(at, &url, "its list of models").await?;
        let found: Vec<Listed<'_>> = serde_json::from_slice(&answer.bytes).map_err(|_| garbled())?;
        Ok(found.into_iter().take(limit as usize).filter(|found| found.id.len() <= 256).map(model).collect())
    }

    fn publisher(&self) -> Option<&dyn Publisher> {
        Some(self)
    }
}

fn file(entry: Entry) -> RemoteFile {
    let Entry { mut path, size, oid, lfs, .. } = entry;
    if path.len() > PATH_BYTES {
        path.truncate(path.floor_char_boundary(PATH_BYTES));
    }
    let hex = |text: &String, digits: usize| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match lfs {
        Some(Large { oid, size }) => {
            let sha256 = oid.strip_prefix("sha256:").unwrap_or(&oid).to_ascii_lowercase();
            RemoteFile { path, bytes: size, sha256: Some(sha256).filter(|sha256| hex(sha256, 64)), blob_id: None }
        }
        // An id of git's newer kind is nothing to compare with.
        None => RemoteFile { path, bytes: size, sha256: None, blob_id: oid.filter(|oid| hex(oid, 40)) },
    }
}

fn model(found: Listed<'_>) -> RemoteModel {
    let short = |text: &String| text.chars().count() <= TAG_CHARS;
    RemoteModel {
        repo: found.id,
        commit: found.sha,
        task: found.task.filter(short),
        tags: found.tags.into_iter().filter(short).take(TAGS).collect(),
        downloads: found.downloads,
        gated: found.gated.is_some_and(|gated| !matches!(gated.get(), "false" | "null")),
        updated_at: found.last_modified.or(found.created_at),
    }
}

fn busy() -> Error {
    Error::new(ErrorKind::Timeout, "the registry was not asked in time: many questions wait for slow answers")
        .code("upstream_timeout")
        .hint("try again in a moment")
}

fn no_parts() -> Error {
    Error::new(ErrorKind::Upstream, "the registry does not send the part of a file that it is asked for")
        .code("upstream_garbled")
        .hint("import from another address of it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::spoil;

    #[test]
    fn spoilt_answers() {
        let tree = br#"[{"type":"file","path":"a/b.txt","size":5,"oid":"b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"},{"type":"file",
            "path":"w.safetensors","size":9,"oid":"1","lfs":{"oid":"sha256:ab","size":9}},{"type":"directory","path":"a"}]"#;
        let list = br#"[{"id":"me/small","sha":"1","downloads":7,"tags":["llama"],"gated":"manual","createdAt":"2024-06-03T10:00:00Z"}]"#;
        let revision = br#"{"sha":"abc","cardData":{"license":"mit","tags":["a"],"model-index":[{"name":"x"}]}}"#;
        spoil("answer", &[tree, list, revision], |bytes| {
            let tree =
                serde_json::from_slice::<Vec<Entry>>(bytes).map(|all| all.into_iter().map(file).collect::<Vec<_>>());
            let list = serde_json::from_slice::<Vec<Listed<'_>>>(bytes).map(|all| all.into_iter().map(model).count());
            let card = serde_json::from_slice::<Revision<'_>>(bytes).map(|found| {
                let card = crate::cards::FrontMatter::read_json(found.card_data.map_or("", RawValue::get));
                (is_commit(&found.sha), card.fields.len(), card.tags.len())
            });
            format!("{:?} {:?} {:?}", tree.ok(), list.ok(), card.ok())
        });
    }
}
