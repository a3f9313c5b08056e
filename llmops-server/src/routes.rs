//! The operations as routes: one generic handler, mounted once for each path of the table.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{RawPathParams, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{HeaderMap, HeaderValue, Method, header};
use llmops_core::LlmOps;
use llmops_core::base::{Error, ErrorKind, Limits, Result};
use llmops_core::op::{Kind, Operation};

use crate::envelope::success;
use crate::guard::answered;
use crate::request::{Fields, conditions};
use crate::{Door, Failure, auth, body, cookie, files, form, sse, wait};

/// Where the operations are mounted.
pub(crate) const BASE: &str = "/llm-ops/v1";

/// One operation at a path: the path's fields have the operation's own names.
struct Mounted {
    op: &'static Operation,
    names: Vec<&'static str>,
}

type Verbs = BTreeMap<&'static str, Mounted>;

/// The routes of every operation.
pub(crate) fn operations(ops: &LlmOps) -> Router<Door> {
    let mut paths: BTreeMap<String, Verbs> = BTreeMap::new();
    for op in ops.operations().iter() {
        let (path, names) = pattern(op.path);
        paths.entry(path).or_default().insert(op.verb, Mounted { op, names });
    }
    paths.into_iter().fold(Router::new(), |router, (path, verbs)| {
        let verbs = Arc::new(verbs);
        router.route(&path, any(move |State(door): State<Door>, params, request| answer(door, verbs, params, request)))
    })
}

/// The path for the router, with places instead of names: two operations may name one place differently.
fn pattern(template: &'static str) -> (String, Vec<&'static str>) {
    let (mut path, mut names) = (BASE.to_owned(), Vec::new());
    for segment in template.split('/').skip(1) {
        path.push('/');
        match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            None => path.push_str(segment),
            Some(name) => {
                let (star, name) = name.strip_prefix('*').map_or(("", name), |rest| ("*", rest));
                path.push_str(&format!("{{{star}p{}}}", names.len()));
                names.push(name);
            }
        }
    }
    (path, names)
}

async fn answer(
    door: Door,
    verbs: Arc<Verbs>,
    params: Result<RawPathParams, axum::extract::rejection::RawPathParamsRejection>,
    request: Request,
) -> Response {
    // HEAD is GET without the body, which the connection leaves out.
    let head = *request.method() == Method::HEAD;
    let verb = if head { "GET" } else { request.method().as_str() };
    let mounted = match verbs.get(verb) {
        Some(mounted) if !(head && mounted.op.kind() == Kind::Stream) => mounted,
        _ => return wrong_verb(&verbs),
    };
    let response = match params {
        Ok(params) => call(&door, mounted, &params, request).await.unwrap_or_else(|e| Failure(e).into_response()),
        Err(_) => Failure(unknown()).into_response(),
    };
    answered(mounted.op.name, response)
}

async fn call(door: &Door, mounted: &Mounted, params: &RawPathParams, request: Request) -> Result<Response> {
    let op = mounted.op;
    let (parts, payload) = request.into_parts();
    let ctx = conditions(auth::context(door, op, &parts)?, &parts.headers)?;
    let (_, schema) = door.ops().operations().find(op.name)?;
    let mut fields = Fields::new(schema);
    fields.path(mounted.names.iter().copied().zip(params.iter().map(|(_, text)| text)));
    fields.query(&parts.uri)?;
    if op.kind() == Kind::Upload {
        let parts = form::parts(&parts.headers, payload, door.patience(), || {
            // A part of a file has a number and needs no name.
            let part = schema.has("number").then(|| "part".to_owned());
            fields.take_stranger("path").or(part)
        })?;
        let answer = door.ops().upload(ctx.clone(), op.name, fields.into_value(), parts).await?;
        return Ok(success(&ctx, answer));
    }
    let wait = wait::wanted(door, op, &mut fields)?;
    let most = if op.domain() == "gateway" { Limits::GATEWAY_BYTES } else { Limits::JSON_BYTES };
    let bytes = body::read_body(door, &parts.headers, payload, most).await?;
    fields.body(&parts.headers, &bytes)?;
    let op = if fields.is_true("stream") { streamed(door, op) } else { op };
    match op.kind() {
        Kind::Stream => {
            fields.header("after", header_text(&parts.headers, "last-event-id"));
            let events = door.ops().stream(ctx.clone(), op.name, fields.into_value()).await?;
            Ok(sse::response(door, &ctx, op.verb == "GET", events))
        }
        Kind::Download => {
            fields.header("range", files::wanted_range(&parts.headers));
            let download = door.ops().download(ctx, op.name, fields.into_value()).await?;
            Ok(files::response(&parts.headers, download))
        }
        Kind::Unary | Kind::Upload => {
            if let Some(wait) = wait {
                wait.for_a_change(door, &ctx, fields.to_value()).await?;
            }
            let answer = door.ops().call(ctx.clone(), op.name, fields.into_value());
            let mut answer = tokio::time::timeout(door.patience().answer, answer).await.map_err(|_| too_long())??;
            let cookie = cookie::of_answer(door, op.name, &parts.headers, &mut answer);
            let mut response = success(&ctx, answer);
            response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
            Ok(response)
        }
    }
}

/// The operation that answers the same request in pieces: `gateway.chat_stream` of `gateway.chat`.
fn streamed(door: &Door, op: &'static Operation) -> &'static Operation {
    door.ops().operations().find(&format!("{}_stream", op.name)).map_or(op, |(streamed, _)| streamed)
}

fn too_long() -> Error {
    Error::new(ErrorKind::Timeout, "the operation took longer than 5 minutes and was given up")
        .hint("ask for less at once, and look whether it was done before you repeat it")
}

fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| !text.is_empty())
}

fn wrong_verb(verbs: &Verbs) -> Response {
    let allowed = verbs.keys().copied().collect::<Vec<_>>().join(", ");
    let error = Error::new(ErrorKind::MethodNotAllowed, format!("this path takes {allowed}"))
        .hint("see /docs, or /llm-ops/v1/openapi.json");
    let mut response = Failure(error).into_response();
    if let Ok(value) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

pub(crate) fn unknown() -> Error {
    Error::new(ErrorKind::NotFound, "there is nothing at this path")
        .code("unknown_path")
        .hint("see /docs, or /llm-ops/v1/openapi.json")
}

/// Answers what no route takes.
pub(crate) async fn unknown_path() -> Failure {
    Failure(unknown())
}
