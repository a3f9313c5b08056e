//! Files on their way in: how each is to come, and the bytes of the large ones.

use axum::body::Body;
use axum::response::Response;
use futures::StreamExt;
use http::header;
use http::request::Parts;
use llmops_core::base::{Ctx, Error, ErrorKind, Limits, Result};
use llmops_core::catalog::StageModelFile;
use llmops_core::datasets::{DatasetId, StageDatasetFile};
use llmops_core::op::Part;
use serde_json::{Value, json};

use super::address::{Address, Kind};
use super::version::{self, Id};
use super::{base, json_response, query, read};
use crate::{Door, answered, body, caller_by_ticket, json as strict, read_body};

/// The largest file that comes within a commit; a larger one comes by itself before.
pub(super) const INLINE_BYTES: u64 = 10 << 20;
/// The most files that are asked about at once.
const FILES: usize = 1000;
/// What clients send along and no repository here has.
pub(super) const IGNORED: &str = ".gitattributes";

/// Says of each file whether it comes within the commit or by itself before.
pub(super) async fn preupload(
    door: &Door,
    ctx: &Ctx,
    address: &Address,
    (parts, body): (&Parts, Body),
) -> Result<Response> {
    let of = read::newest(door, ctx, address).await?;
    let said = strict::parse(&read_body(door, &parts.headers, body, Limits::JSON_BYTES).await?)?;
    let asked = list(&said, "files")?;
    let known = version::files(door, ctx, &of).await?;
    let told = asked.iter().map(|file| {
        let path = file.get("path").and_then(Value::as_str).unwrap_or_default();
        let size = file.get("size").and_then(Value::as_u64).unwrap_or_default();
        let is_large = size > INLINE_BYTES || is_packed(address.repo.kind, path);
        let there = known.iter().find(|file| is_large && !file.is_damaged && file.path == path);
        let there = there.map(|file| file.sha256.as_str());
        json!({
            "path": path, "uploadMode": if is_large { "lfs" } else { "regular" }, "shouldIgnore": path == IGNORED,
            "oid": there,
        })
    });
    Ok(answered(address.repo.kind.files(), json_response(&json!({ "files": told.collect::<Vec<_>>() }))))
}

/// Whether a file of a dataset comes by itself whatever its size: clients delete shards of Parquet once these are asked about.
fn is_packed(kind: Kind, path: &str) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    kind == Kind::Datasets && ["parquet", "parq", "pq", "gz", "zst"].contains(&ending.as_str())
}

fn list<'v>(said: &'v Value, name: &'static str) -> Result<&'v Vec<Value>> {
    let found = said.get(name).and_then(Value::as_array);
    let found = found.ok_or_else(|| Error::invalid(name, "is required").hint("send a list"))?;
    if found.len() > FILES {
        return Err(Error::invalid(name, "must be at most 1,000").hint("send the others in another call"));
    }
    Ok(found)
}

/// Says where the bytes of large files go. Clients send no key there, so each address carries a ticket for its one file.
pub(super) async fn batch(
    door: &Door,
    ctx: &Ctx,
    address: &Address,
    (parts, body): (&Parts, Body),
) -> Result<Response> {
    let of = read::newest(door, ctx, address).await?;
    let said = read_body(door, &parts.headers, body, Limits::JSON_BYTES).await?;
    let said = strict::parse(&said)?;
    if said.get("operation").and_then(Value::as_str) != Some("upload") {
        return Err(Error::invalid("operation", "must be `upload`").hint("files are read at their `resolve` address"));
    }
    let mut objects = Vec::new();
    for object in list(&said, "objects")? {
        let oid = object.get("oid").and_then(Value::as_str).unwrap_or_default();
        let size = object.get("size").and_then(Value::as_u64).unwrap_or_default();
        if !is_digest(oid) || size > Limits::FILE_BYTES {
            let message = "a file goes by its SHA-256 in hex, and has at most 1 TiB";
            objects.push(json!({ "oid": oid, "size": size, "error": { "code": 422, "message": message } }));
            continue;
        }
        let ticket = door.ops().ticket(&ctx.caller, &purpose(of.id, oid, size))?;
        let place = format!("{}/{}/{oid}", of.id.kind().plural(), of.id);
        let href = format!("{}/api/hub/{place}?size={size}&ticket={ticket}", base(parts));
        objects.push(json!({ "oid": oid, "size": size, "actions": { "upload": { "href": href } } }));
    }
    Ok(answered(address.repo.kind.list(), json_response(&json!({ "transfer": "basic", "objects": objects }))))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What a ticket is for.
fn purpose(of: Id, oid: &str, size: u64) -> String {
    format!("hub/{}/{of}/{oid}/{size}", of.kind().plural())
}

/// Receives one large file.
pub(super) async fn bytes(door: &Door, kind: Kind, (parts, payload): (&Parts, Body)) -> Result<Response> {
    let mut segments = parts.uri.path().rsplit('/');
    let (oid, of) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    let of = Id::parse(kind, of).ok_or_else(|| Error::not_found(kind.one(), "of this address"))?;
    let size = query(parts, "size").and_then(|size| size.parse::<u64>().ok()).unwrap_or_default();
    let ticket = query(parts, "ticket").unwrap_or_default();
    let ctx = caller_by_ticket(door, parts, &ticket, &purpose(of, oid, size))?;
    body::plain_encoding(&parts.headers)?;
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length != size) {
        let rule = format!("must be {size}, as was said when the address was asked for");
        return Err(Error::new(ErrorKind::Malformed, format!("`Content-Length` {rule}"))
            .code("size_mismatch")
            .field("Content-Length")
            .hint("ask for an address for the file as it is now"));
    }
    let file = Part { name: oid.to_owned(), body: body::stream(payload, door.patience()) };
    let one = futures::stream::once(async move { Ok(file) }).boxed();
    let (oid, size) = match of {
        Id::Model(model_id) => {
            let request = StageModelFile { model_id, sha256: Some(oid.to_owned()), pack: None, from_packs: None };
            let staged = door.ops().catalog().stage_model_file(&ctx, request, one).await?;
            (staged.sha256, staged.bytes)
        }
        Id::Dataset(dataset_id) => {
            let request = staged(dataset_id, None, Some(oid.to_owned()));
            let staged = door.ops().datasets().stage_dataset_file(&ctx, request, one).await?;
            (staged.sha256, staged.bytes)
        }
    };
    Ok(json_response(&json!({ "oid": oid, "size": size })))
}

/// Asks that bytes of a dataset's file wait, and are read as what their path claims where it is known.
pub(super) fn staged(dataset_id: DatasetId, path: Option<String>, sha256: Option<String>) -> StageDatasetFile {
    StageDatasetFile {
        dataset_id,
        path,
        sha256,
        pack: None,
        from_packs: None,
        format: None,
        delimiter: None,
        header: None,
        encoding: None,
    }
}
