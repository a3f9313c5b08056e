//! Files on their way in: how each is to come, and the bytes of the large ones.

use axum::body::Body;
use axum::response::Response;
use futures::StreamExt;
use http::header;
use http::request::Parts;
use llmops_core::base::{Ctx, Error, ErrorKind, Limits, Result};
use llmops_core::catalog::{ModelId, StageModelFile};
use llmops_core::op::Part;
use serde_json::{Value, json};

use super::address::Address;
use super::version::{self, Id};
use super::{base, json_response, only_models, query, read};
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
    only_models(ctx, address.repo.kind)?;
    let of = read::newest(door, ctx, address).await?;
    let said = strict::parse(&read_body(door, &parts.headers, body, Limits::JSON_BYTES).await?)?;
    let asked = list(&said, "files")?;
    let known = version::files(door, ctx, &of).await?;
    let told = asked.iter().map(|file| {
        let path = file.get("path").and_then(Value::as_str).unwrap_or_default();
        let size = file.get("size").and_then(Value::as_u64).unwrap_or_default();
        let is_large = size > INLINE_BYTES;
        let there = known.iter().find(|file| is_large && file.path == path).map(|file| file.sha256.as_str());
        json!({
            "path": path, "uploadMode": if is_large { "lfs" } else { "regular" }, "shouldIgnore": path == IGNORED,
            "oid": there,
        })
    });
    Ok(answered(address.repo.kind.files(), json_response(&json!({ "files": told.collect::<Vec<_>>() }))))
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
    only_models(ctx, address.repo.kind)?;
    let of = read::newest(door, ctx, address).await?;
    let Id::Model(model) = of.id else { return Err(version::no_repo(&address.repo)) };
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
        let ticket = door.ops().ticket(&ctx.caller, &purpose(model, oid, size))?;
        let href = format!("{}/api/hub/models/{model}/{oid}?size={size}&ticket={ticket}", base(parts));
        objects.push(json!({ "oid": oid, "size": size, "actions": { "upload": { "href": href } } }));
    }
    Ok(answered(address.repo.kind.list(), json_response(&json!({ "transfer": "basic", "objects": objects }))))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What a ticket is for.
fn purpose(model: ModelId, oid: &str, size: u64) -> String {
    format!("hub/models/{model}/{oid}/{size}")
}

/// Receives one large file.
pub(super) async fn bytes(door: &Door, (parts, payload): (&Parts, Body)) -> Result<Response> {
    let mut segments = parts.uri.path().rsplit('/');
    let (oid, model) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    let model: ModelId =
        serde_json::from_value(Value::from(model)).map_err(|_| Error::not_found("model", "of this address"))?;
    let size = query(parts, "size").and_then(|size| size.parse::<u64>().ok()).unwrap_or_default();
    let ticket = query(parts, "ticket").unwrap_or_default();
    let ctx = caller_by_ticket(door, parts, &ticket, &purpose(model, oid, size))?;
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
    let request = StageModelFile { model_id: model, sha256: Some(oid.to_owned()) };
    let one = futures::stream::once(async move { Ok(file) }).boxed();
    let staged = door.ops().catalog().stage_model_file(&ctx, request, one).await?;
    Ok(json_response(&json!({ "oid": staged.sha256, "size": staged.bytes })))
}
