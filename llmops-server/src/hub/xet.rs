//! Uploads as stock clients with hf-xet send files: cut into pieces, many pieces of many files in one body, and then which of them
//! each file is. Files are put together at once, and wait for the commit that names them as those do that came whole.
//! Downloads go without it: no answer here says that a file is kept in this way.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt;
use futures::future::BoxFuture;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use llmops_core::base::{Ctx, Error, ErrorKind, Result};
use llmops_core::catalog::StageModelFile;
use llmops_core::datasets::StageDatasetFile;
use llmops_core::op::{Part, Parts as Files, parts as at_hand};
use serde_json::json;

use super::address::{Address, Kind};
use super::send::staged;
use super::shard::{self, SentFile};
use super::version::Id;
use super::{base, json_response, read, wants};
use crate::{Door, answered, body, caller_by_ticket, read_body};

/// The longest shard that clients make, and some more.
const SHARD_BYTES: usize = 72 << 20;
/// How long a ticket is said to be good: a little less than it is.
const GOOD_FOR: Duration = Duration::from_secs(55 * 60);
/// How long an answer may take before something of it is sent, so that the client does not give up.
const SILENCE: Duration = Duration::from_secs(20);

/// Where the pieces of files go, and a ticket for that.
pub(super) async fn token(door: &Door, ctx: &Ctx, address: &Address, parts: &Parts) -> Result<Response> {
    if wants(parts, "create_pr") {
        return Err(Error::new(ErrorKind::Malformed, "there are no pull requests here").code("no_pull_requests"));
    }
    let of = read::newest(door, ctx, address).await?;
    let ticket = door.ops().ticket(&ctx.caller, &purpose(of.id))?;
    let place = format!("{}/api/hub/xet/{}/{}", base(parts), of.id.kind().plural(), of.id);
    let until = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + GOOD_FOR;
    let mut response = json_response(&json!({ "casUrl": place, "accessToken": ticket, "exp": until.as_secs() }));
    for (name, value) in [
        ("x-xet-cas-url", HeaderValue::from_str(&place)),
        ("x-xet-access-token", HeaderValue::from_str(&ticket)),
        ("x-xet-token-expiration", Ok(HeaderValue::from(until.as_secs()))),
    ] {
        let value = value.map_err(|cause| Error::unexpected("a ticket is no header").caused_by(cause))?;
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    Ok(answered(address.repo.kind.list(), response))
}

/// What a ticket is for.
fn purpose(of: Id) -> String {
    format!("xet/{}/{of}", of.kind().plural())
}

/// Whose pieces these are, of a path `/api/hub/xet/KIND/ID/..`.
fn whose(door: &Door, parts: &Parts) -> Result<(Ctx, Id)> {
    let mut segments = parts.uri.path().split('/').skip(4);
    let kind = segments.next().and_then(Kind::named).unwrap_or(Kind::Models);
    let id = Id::parse(kind, segments.next().unwrap_or_default());
    let id = id.ok_or_else(|| Error::not_found(kind.one(), "of this address"))?;
    let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ticket = shown.strip_prefix("Bearer ").unwrap_or_default();
    Ok((caller_by_ticket(door, parts, ticket, &purpose(id))?, id))
}

/// Receives pieces of files.
pub(super) async fn pieces(door: &Door, (parts, payload): (&Parts, Body)) -> Result<Response> {
    let (ctx, of) = whose(door, parts)?;
    body::plain_encoding(&parts.headers)?;
    let name = parts.uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let file = Part { name: name.clone(), body: body::stream(payload, door.patience()) };
    let one = futures::stream::once(async move { Ok(file) }).boxed();
    stage(door, &ctx, of, (Told { pack: Some(name), ..Told::default() }, one)).await?;
    Ok(answered(of.kind().stage(), json_response(&json!({ "was_inserted": true }))))
}

/// Puts the files of a shard together.
pub(super) async fn files(door: &Door, (parts, payload): (&Parts, Body)) -> Result<Response> {
    let (ctx, of) = whose(door, parts)?;
    let files = shard::read(&read_body(door, &parts.headers, payload, SHARD_BYTES).await?)?;
    let door = door.clone();
    let work = Box::pin(async move {
        for SentFile { sha256, runs } in files {
            let list = at_hand(vec![Part::from_bytes("runs", runs)]);
            let told = Told { sha256: Some(sha256), from_packs: Some(true), pack: None };
            stage(&door, &ctx, of, (told, list)).await?;
        }
        Ok(Bytes::from_static(br#"{"result":1}"#))
    });
    Ok(answered(of.kind().stage(), in_time(work).await?))
}

/// How bytes are staged.
#[derive(Default)]
struct Told {
    sha256: Option<String>,
    pack: Option<String>,
    from_packs: Option<bool>,
}

async fn stage(door: &Door, ctx: &Ctx, of: Id, (told, body): (Told, Files)) -> Result<()> {
    let Told { sha256, pack, from_packs } = told;
    match of {
        Id::Model(model_id) => {
            let request = StageModelFile { model_id, sha256, pack, from_packs };
            door.ops().catalog().stage_model_file(ctx, request, body).await?;
        }
        Id::Dataset(id) => {
            let request = StageDatasetFile { pack, from_packs, ..staged(id, None, sha256) };
            door.ops().datasets().stage_dataset_file(ctx, request, body).await?;
        }
    }
    Ok(())
}

/// The answer, when it is there soon; else the beginning of one, with blanks until it is, which JSON may have. What fails so late
/// breaks the connection off, and the client asks once more.
async fn in_time(mut work: BoxFuture<'static, Result<Bytes>>) -> Result<Response> {
    let body = match tokio::time::timeout(SILENCE, &mut work).await {
        Ok(answer) => Body::from(answer?),
        Err(_) => Body::from_stream(async_stream::stream! {
            loop {
                match tokio::time::timeout(SILENCE, &mut work).await {
                    Err(_) => yield Ok(Bytes::from_static(b" ")),
                    Ok(answer) => {
                        yield answer;
                        break;
                    }
                }
            }
        }),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
