//! Commits: lines of JSON, of which each is a file, or says what becomes of one.

use axum::body::Body;
use axum::response::Response;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::request::Parts;
use llmops_core::base::{Ctx, Error, ErrorKind, FilePath, Result};
use llmops_core::cards::{FrontMatter, README};
use llmops_core::catalog::{AddedModelFile, CommitModelFiles, StageModelFile};
use llmops_core::datasets::{AddedDatasetFile, CommitDatasetFiles};
use llmops_core::op::{Part, parts as at_hand};
use serde::Deserialize;
use serde_json::json;

use super::address::Address;
use super::lines::Lines;
use super::send::{IGNORED, INLINE_BYTES, staged};
use super::version::{self, Id, Version, of_dataset, of_model};
use super::{base, json_response, pushed, read, wants};
use crate::{Door, answered, body};

/// The longest line: a file of the largest size in base 64, and its path.
const LINE_BYTES: usize = (INLINE_BYTES as usize) / 3 * 4 + (64 << 10);
/// The most files that a commit adds, and the most that it removes.
const CHANGES: usize = 1000;
/// The longest message, in characters.
const MESSAGE_CHARS: usize = 1000;

/// What a commit asks for.
struct Asked {
    id: Id,
    /// The digests of files and card that the client goes on from, if it says so.
    seen: Option<(String, String)>,
    message: String,
    /// Paths and digests.
    add: Vec<(String, String)>,
    remove: Vec<String>,
    /// What a `README.md` among them says.
    card: FrontMatter,
}

/// Carries a commit out. Nothing of it counts before all of it is here.
pub(super) async fn commit(
    door: &Door,
    ctx: &Ctx,
    address: &Address,
    (parts, payload): (&Parts, Body),
) -> Result<Response> {
    if wants(parts, "create_pr") {
        return Err(Error::new(ErrorKind::Malformed, "there are no pull requests here").code("no_pull_requests"));
    }
    let of = read::newest(door, ctx, address).await?;
    body::plain_encoding(&parts.headers)?;
    let mut lines = Lines::new(body::stream(payload, door.patience()), LINE_BYTES);
    let mut asked = begun(&of, lines.next().await?)?;
    while let Some(line) = lines.next().await? {
        take(door, ctx, &mut asked, line).await?;
        if asked.add.len() > CHANGES || asked.remove.len() > CHANGES {
            return Err(Error::new(ErrorKind::TooLarge, "a commit adds at most 1,000 files and removes at most 1,000")
                .hint("make several commits"));
        }
    }
    pushed::check(door, ctx, &of, (&asked.add, &asked.remove, &asked.card)).await?;
    let made = carried_out(door, ctx, asked).await.map_err(|error| match error.kind() {
        ErrorKind::NotFound => error.code("entry_not_found"),
        _ => error,
    })?;
    let made = made.ok_or_else(|| version::no_repo(&address.repo))?;
    let url = format!("{}/{}/commit/{}", base(parts), made.place(), made.commit());
    let answer = json!({ "success": true, "commitOid": made.commit(), "commitUrl": url, "hookOutput": "" });
    Ok(answered(address.repo.kind.commit(), json_response(&answer)))
}

async fn carried_out(door: &Door, ctx: &Ctx, asked: Asked) -> Result<Option<Version>> {
    let Asked { id, seen, message, add, remove, card } = asked;
    let (digest, card_digest) = seen.unzip();
    let (newest, message) = (Some(true), Some(message));
    match id {
        Id::Model(model_id) => {
            let add = add.into_iter().map(|(path, sha256)| AddedModelFile { path, sha256 }).collect();
            let (take_family, FrontMatter { fields: metadata, tags }) = (Some(true), card);
            let request =
                CommitModelFiles { model_id, add, remove, digest, newest, take_family, metadata, tags, message };
            Ok(of_model(door.ops().catalog().commit_model_files(ctx, request).await?))
        }
        Id::Dataset(dataset_id) => {
            let add = add.into_iter().map(|(path, sha256)| AddedDatasetFile { path, sha256 }).collect();
            let request = CommitDatasetFiles { dataset_id, add, remove, digest, card_digest, newest, message };
            Ok(Some(of_dataset(door.ops().datasets().commit_dataset_files(ctx, request).await?)))
        }
    }
}

/// The first line says what the commit is, and to which state of the repository.
fn begun(of: &Version, first: Option<Bytes>) -> Result<Asked> {
    let (key, said) = parse(&first.ok_or_else(|| unreadable("it is empty"))?)?;
    if key != "header" {
        return Err(unreadable("its first line must be the header"));
    }
    let parent = said.parent_commit.as_deref();
    if parent.is_some_and(|parent| parent != of.commit()) {
        return Err(Error::new(ErrorKind::Stale, format!("`main` is now at {}", of.commit()))
            .code("parent_changed")
            .field("parentCommit")
            .hint("look at its files again, and commit to what it is now"));
    }
    let message = said.summary.unwrap_or_default();
    let seen = || (of.digest.clone().unwrap_or_default(), of.card_digest.clone().unwrap_or_default());
    Ok(Asked {
        id: of.id,
        seen: parent.map(|_| seen()),
        message: message.chars().filter(|c| !c.is_control()).take(MESSAGE_CHARS).collect(),
        add: Vec::new(),
        remove: Vec::new(),
        card: FrontMatter::default(),
    })
}

/// One line: a file is received at once, all else is remembered.
async fn take(door: &Door, ctx: &Ctx, asked: &mut Asked, line: Bytes) -> Result<()> {
    let (key, said) = parse(&line)?;
    drop(line);
    let path = said.path.clone().unwrap_or_default();
    if path == IGNORED {
        return Ok(());
    }
    // A path that no file may have is refused before its bytes are kept.
    FilePath::parse(path.trim_end_matches('/'))?;
    match key.as_str() {
        "file" => {
            let bytes = content(&said)?;
            if path == README {
                (asked.card, _) = FrontMatter::told(&String::from_utf8_lossy(&bytes))?;
            }
            let sha256 = received(door, ctx, asked.id, (&path, bytes)).await?;
            asked.add.push((path, sha256));
        }
        "lfsFile" => {
            let sha256 = said.oid.unwrap_or_default();
            if let Id::Dataset(id) = asked.id {
                // Its bytes are here, or are those of another file: only now it is known what they are to be.
                let request = staged(id, Some(path.clone()), Some(sha256.clone()));
                let read = door.ops().datasets().stage_dataset_file(ctx, request, at_hand(Vec::new())).await;
                read.map_err(|error| of_file(&path, error))?;
            }
            asked.add.push((path, sha256));
        }
        "deletedFile" => asked.remove.push(path),
        "deletedFolder" => asked.remove.push(format!("{}/", path.trim_end_matches('/'))),
        other => return Err(unreadable(&format!("it holds `{other}`, which is not known"))),
    }
    Ok(())
}

/// Receives a file that came within the commit; its digest.
async fn received(door: &Door, ctx: &Ctx, id: Id, (path, bytes): (&str, Vec<u8>)) -> Result<String> {
    let file = at_hand(vec![Part::from_bytes(path, bytes)]);
    match id {
        Id::Model(model_id) => {
            let request = StageModelFile { model_id, sha256: None, pack: None, from_packs: None };
            Ok(door.ops().catalog().stage_model_file(ctx, request, file).await?.sha256)
        }
        Id::Dataset(id) => {
            let request = staged(id, Some(path.to_owned()), None);
            let read = door.ops().datasets().stage_dataset_file(ctx, request, file).await;
            Ok(read.map_err(|error| of_file(path, error))?.sha256)
        }
    }
}

/// Says of which file it is that it is refused: a commit has many.
fn of_file(path: &str, error: Error) -> Error {
    let is_said = error.message().contains(path);
    if is_said || !matches!(error.kind(), ErrorKind::Invalid | ErrorKind::TooLarge) {
        return error;
    }
    let said = Error::new(error.kind(), format!("`{path}`: {}", error.message())).code(error.stable_code()).field(path);
    said.hint(error.hint_text().unwrap_or("check the file where it was made, and send it again"))
}

/// A line of a commit. What it holds beyond this is passed over and never kept.
#[derive(Deserialize)]
struct Line {
    key: String,
    value: Said,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Said {
    path: Option<String>,
    content: Option<String>,
    encoding: Option<String>,
    oid: Option<String>,
    summary: Option<String>,
    parent_commit: Option<String>,
}

pub(super) fn parse(line: &[u8]) -> Result<(String, Said)> {
    let line: Line = serde_json::from_slice(line).map_err(|error| {
        let why = if error.is_data() { "a line is no object with `key` and `value`" } else { "a line is not JSON" };
        unreadable(why).caused_by(error)
    })?;
    Ok((line.key, line.value))
}

pub(super) fn content(said: &Said) -> Result<Vec<u8>> {
    let text = said.content.as_deref().unwrap_or_default();
    let bytes = match said.encoding.as_deref() {
        Some("base64") => STANDARD.decode(text).map_err(|_| unreadable("the content of a file is not base64"))?,
        None | Some("utf-8") => text.as_bytes().to_vec(),
        Some(_) => return Err(unreadable("the content of a file must be base64")),
    };
    if bytes.len() as u64 > INLINE_BYTES {
        return Err(Error::new(ErrorKind::TooLarge, "a file within a commit has at most 10 MiB")
            .code("file_too_large")
            .hint("send it by itself before, as `preupload` says"));
    }
    Ok(bytes)
}

fn unreadable(why: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("the commit cannot be read: {why}"))
        .code("invalid_commit")
        .hint("send one JSON object a line: `{\"key\": .., \"value\": ..}`")
}
