//! Models on their way to a hub: large files by git's protocol for those, all else within a commit.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::stream::{self, StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::super::{Change, Commit, Content, Outgoing, Place, Publisher, Way};
use super::{HubRegistry, READ_BYTES, READ_WITHIN, WITHIN, about, bearer, garbled, is_commit, url};
use crate::base::{ByteStream, Error, ErrorKind, Result};
use crate::egress::guard::{Bring, Brought, Verb};

/// The longest that a commit may take.
const COMMIT_WITHIN: Duration = Duration::from_secs(600);
/// The largest answer, in bytes: the addresses of some thousand parts.
const ANSWER_BYTES: usize = 8 << 20;
/// The largest file that comes within a commit, in bytes, whatever a hub says.
const WITHIN_BYTES: u64 = 10 << 20;
/// The most parts that a file is sent in.
const PARTS: usize = 10_000;
const LARGE: &str = "application/vnd.git-lfs+json";

#[derive(Deserialize)]
struct Ways {
    files: Vec<OneWay>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OneWay {
    path: String,
    upload_mode: String,
    #[serde(default)]
    should_ignore: bool,
}

#[derive(Deserialize)]
struct Batch {
    objects: Vec<Object>,
}

#[derive(Deserialize)]
struct Object {
    oid: String,
    actions: Option<Actions>,
    error: Option<Refused>,
}

#[derive(Deserialize)]
struct Refused {
    code: Option<u16>,
}

#[derive(Deserialize)]
struct Actions {
    upload: Option<Action>,
    verify: Option<Action>,
}

#[derive(Deserialize)]
struct Action {
    href: String,
    #[serde(default)]
    header: BTreeMap<String, Said>,
}

/// A text, or a number that stands for one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Text(String),
    Number(u64),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    commit_oid: String,
}

impl Said {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

impl HubRegistry {
    /// Brings JSON to the hub itself and reads what it answers.
    async fn tell(&self, at: &Place, (url, form): (&Url, &str), said: &Value) -> Result<Brought> {
        let body = said.to_string();
        let bring = Bring {
            verb: Verb::Post,
            url: url.as_str(),
            headers: vec![("content-type".into(), form.into()), ("accept".into(), form.into())],
            secret: bearer(at),
            within: WITHIN,
            limit: ANSWER_BYTES,
            bytes: body.len() as u64,
            body: at_hand(body),
        };
        self.asking.bring(bring).await
    }

    /// Brings bytes to where the hub wants them; the key stays behind.
    async fn store(
        &self,
        href: &str,
        headers: Vec<(String, String)>,
        (bytes, body): (u64, ByteStream),
    ) -> Result<Brought> {
        let blocks = u32::try_from(bytes.div_ceil(READ_BYTES)).unwrap_or(u32::MAX).max(1);
        let within = READ_WITHIN.saturating_mul(blocks);
        let bring =
            Bring { verb: Verb::Put, url: href, headers, secret: None, within, limit: ANSWER_BYTES, bytes, body };
        let brought = self.reading.bring(bring).await?;
        taken(brought, "the storage of the registry")
    }

    /// Where the bytes of a large file go; nothing if they are there.
    async fn place_for(&self, at: &Place, repo: &str, file: &Outgoing) -> Result<Option<Actions>> {
        let git = format!("{repo}.git");
        let batch = url(at, git.split('/').chain(["info", "lfs", "objects", "batch"]))?;
        let said = json!({
            "operation": "upload", "transfers": ["basic", "multipart"], "hash_algo": "sha256",
            "objects": [{ "oid": file.sha256, "size": file.bytes }],
        });
        let brought = taken(self.tell(at, (&batch, LARGE), &said).await?, repo)?;
        let batch: Batch = serde_json::from_slice(&brought.body).map_err(|_| garbled())?;
        let object = batch.objects.into_iter().find(|object| object.oid == file.sha256).ok_or_else(garbled)?;
        match object.error {
            Some(refused) => Err(refusal(refused.code.unwrap_or(500), &file.path)),
            None => Ok(object.actions),
        }
    }

    /// A file in the parts that a hub asks for, then the word that all are there.
    async fn send_parts(&self, action: &Action, size: u64, (file, content): (&Outgoing, &dyn Content)) -> Result<()> {
        let number = |(name, to): (&String, &Said)| Some((name.parse::<u64>().ok()?, to.text()));
        let parts: BTreeMap<u64, String> = action.header.iter().filter_map(number).collect();
        let count = file.bytes.div_ceil(size);
        if parts.len() > PARTS || !parts.keys().copied().eq(1..=count) {
            return Err(garbled());
        }
        let mut sent = Vec::new();
        for (number, href) in parts {
            let start = (number - 1) * size;
            let end = file.bytes.min(start + size);
            let body = content.read(start..end).await?;
            let etag = self.store(&href, Vec::new(), (end - start, body)).await?.etag.ok_or_else(garbled)?;
            sent.push(json!({ "partNumber": number, "etag": etag }));
        }
        let said = json!({ "oid": file.sha256, "parts": sent }).to_string();
        let headers = vec![("content-type".into(), LARGE.into()), ("accept".into(), LARGE.into())];
        let (bytes, body) = (said.len() as u64, at_hand(said));
        let (secret, within, limit) = (None, COMMIT_WITHIN, ANSWER_BYTES);
        let bring = Bring { verb: Verb::Post, url: &action.href, headers, secret, within, limit, bytes, body };
        taken(self.asking.bring(bring).await?, &file.path).map(drop)
    }
}

#[async_trait]
impl Publisher for HubRegistry {
    async fn create(&self, at: &Place, repo: &str, private: bool) -> Result<()> {
        let (owner, name) = repo.split_once('/').map_or((None, repo), |(owner, name)| (Some(owner), name));
        let mut said = json!({ "type": "model", "name": name, "private": private });
        if let Some(owner) = owner {
            said["organization"] = owner.into();
        }
        let create = url(at, ["api", "repos", "create"])?;
        let brought = self.tell(at, (&create, JSON), &said).await?;
        if brought.status == 409 {
            return Ok(()); // it is there
        }
        taken(brought, repo).map(drop)
    }

    async fn ways(&self, at: &Place, (repo, revision): (&str, &str), files: &[Outgoing]) -> Result<Vec<Way>> {
        let asked = files
            .iter()
            .map(|file| json!({ "path": file.path, "size": file.bytes, "sample": STANDARD.encode(&file.sample) }));
        let said = json!({ "files": asked.collect::<Vec<_>>() });
        let preupload = about(at, repo, ("preupload", revision))?;
        let brought = taken(self.tell(at, (&preupload, JSON), &said).await?, repo)?;
        let told: Ways = serde_json::from_slice(&brought.body).map_err(|_| garbled())?;
        let told: BTreeMap<&str, &OneWay> = told.files.iter().map(|way| (way.path.as_str(), way)).collect();
        let way = |file: &Outgoing| match told.get(file.path.as_str())? {
            way if way.should_ignore => Some(Way::Left),
            way if way.upload_mode == "lfs" || file.bytes > WITHIN_BYTES => Some(Way::Apart),
            _ => Some(Way::Within),
        };
        files.iter().map(way).collect::<Option<_>>().ok_or_else(garbled)
    }

    async fn send(&self, at: &Place, repo: &str, file: &Outgoing, content: &dyn Content) -> Result<()> {
        let Some(actions) = self.place_for(at, repo, file).await? else { return Ok(()) };
        let Some(upload) = actions.upload else { return Ok(()) };
        let size = upload.header.get("chunk_size").map(Said::text);
        match size.map(|size| size.parse::<u64>()) {
            Some(Ok(size @ 1..)) => self.send_parts(&upload, size, (file, content)).await?,
            Some(_) => return Err(garbled()),
            None => {
                let headers = upload.header.iter().map(|(name, value)| (name.clone(), value.text())).collect();
                let body = content.read(0..file.bytes).await?;
                self.store(&upload.href, headers, (file.bytes, body)).await?;
            }
        }
        let Some(verify) = actions.verify else { return Ok(()) };
        let verify = Url::parse(&verify.href).map_err(|_| garbled())?;
        let hub = Url::parse(&at.address).map_err(|_| garbled())?;
        // The key is for no other server.
        let at = Place { key: at.key.clone().filter(|_| verify.origin() == hub.origin()), ..at.clone() };
        let said = json!({ "oid": file.sha256, "size": file.bytes });
        taken(self.tell(&at, (&verify, LARGE), &said).await?, &file.path).map(drop)
    }

    async fn commit(&self, at: &Place, (repo, revision): (&str, &str), commit: Commit<'_>) -> Result<String> {
        let header = json!({ "key": "header", "value": { "summary": commit.message, "description": "", "parentCommit": commit.parent } });
        let head = format!("{header}\n");
        let bytes = head.len() as u64 + commit.changes.iter().map(length).sum::<u64>();
        let lines = stream::iter(commit.changes).then(line);
        let to = about(at, repo, ("commit", revision))?;
        let bring = Bring {
            verb: Verb::Post,
            url: to.as_str(),
            headers: vec![("content-type".into(), "application/x-ndjson".into())],
            secret: bearer(at),
            within: COMMIT_WITHIN,
            limit: ANSWER_BYTES,
            bytes,
            body: stream::once(async move { Ok(head.into()) }).chain(lines).boxed(),
        };
        let brought = self.asking.bring(bring).await?;
        if matches!(brought.status, 409 | 412) {
            return Err(Error::new(ErrorKind::Upstream, format!("`{repo}` was changed by somebody meanwhile"))
                .code("repository_changed")
                .hint("it is tried again with what is there now"));
        }
        let made: Made = serde_json::from_slice(&taken(brought, repo)?.body).map_err(|_| garbled())?;
        Some(made.commit_oid).filter(|commit| is_commit(commit)).ok_or_else(garbled)
    }
}

const JSON: &str = "application/json";

fn at_hand(body: String) -> ByteStream {
    stream::once(async move { Ok(body.into()) }).boxed()
}

/// What is before and after the content of a file in its line.
fn around(path: &str) -> (&'static str, String) {
    (r#"{"key":"file","value":{"encoding":"base64","content":""#, format!("\",\"path\":{}}}}}\n", Value::from(path)))
}

/// A line without bytes.
fn short(change: &Change) -> String {
    let line = match change {
        Change::Apart { path, bytes, sha256 } => {
            json!({ "key": "lfsFile", "value": { "path": path, "algo": "sha256", "oid": sha256, "size": bytes } })
        }
        Change::Removed { path } | Change::Within { path, .. } => {
            json!({ "key": "deletedFile", "value": { "path": path } })
        }
    };
    format!("{line}\n")
}

/// How long the line of a change is.
fn length(change: &Change) -> u64 {
    let Change::Within { path, bytes, .. } = change else { return short(change).len() as u64 };
    let (before, after) = around(path);
    (before.len() + after.len()) as u64 + bytes.div_ceil(3) * 4
}

/// The line of a change. One file is in memory at a time.
async fn line(change: Change) -> Result<bytes::Bytes> {
    let Change::Within { path, bytes, content } = change else { return Ok(short(&change).into()) };
    let mut read = Vec::new();
    let mut body = content.read(0..bytes).await?;
    while let Some(chunk) = body.try_next().await? {
        read.extend_from_slice(&chunk);
    }
    if read.len() as u64 != bytes {
        return Err(Error::unexpected("a file has another length than is known"));
    }
    let (before, after) = around(&path);
    let mut line = String::with_capacity(before.len() + after.len() + read.len() / 3 * 4 + 4);
    line.push_str(before);
    STANDARD.encode_string(&read, &mut line);
    line.push_str(&after);
    Ok(line.into())
}

/// An answer that says yes.
fn taken(brought: Brought, what: &str) -> Result<Brought> {
    if (200..300).contains(&brought.status) { Ok(brought) } else { Err(refusal(brought.status, what)) }
}

fn refusal(status: u16, what: &str) -> Error {
    match status {
        401 | 403 => Error::denied(format!("the registry does not let this key write `{what}`"))
            .code("registry_refused")
            .hint("store a key that may write there and name it as `credentialId`"),
        400 | 413 | 422 => Error::invalid("repo", format!("the registry does not take `{what}` (status {status})"))
            .code("registry_refused")
            .hint("look there which names, sizes and kinds of files it takes"),
        status => super::refusal(status, what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoilt_answers() {
        let seeds: [&[u8]; 3] = [
            br#"{"files":[{"path":"a/b.txt","uploadMode":"regular","shouldIgnore":false},{"path":"w.safetensors","uploadMode":"lfs"}]}"#,
            br#"{"objects":[{"oid":"ab","size":9,"actions":{"upload":{"href":"https://a/b","header":{"chunk_size":"5","00001":"https://a/1"}},"verify":{"href":"https://a/v"}}},{"oid":"cd","error":{"code":422,"message":"no"}}]}"#,
            br#"{"success":true,"commitOid":"b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0","commitUrl":"https://a/c"}"#,
        ];
        crate::fuzz::spoil("push", &seeds, |bytes| {
            let ways = serde_json::from_slice::<Ways>(bytes).map(|ways| {
                ways.files.iter().map(|way| way.upload_mode == "lfs" || way.should_ignore).collect::<Vec<_>>()
            });
            let batch = serde_json::from_slice::<Batch>(bytes).map(|batch| {
                let headers = |action: &Action| action.header.values().map(Said::text).collect::<Vec<_>>();
                let places = |object: &Object| {
                    let upload = object.actions.as_ref().and_then(|actions| actions.upload.as_ref()).map(headers);
                    (object.error.as_ref().map(|refused| refused.code), upload)
                };
                batch.objects.iter().map(places).collect::<Vec<_>>()
            });
            let made = serde_json::from_slice::<Made>(bytes).map(|made| is_commit(&made.commit_oid));
            format!("{:?} {:?} {:?}", ways.ok(), batch.ok(), made.ok())
        });
    }
}
