//! What stands before and behind every route: request ids, limits of the header block, host names, panics, security
//! headers, counts and the log.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue};
use llmops_core::base::{Error, ErrorKind, Result};

use crate::envelope::{Carried, render};
use crate::{Dialect, Door, Failure, telemetry};

const HEADER_BYTES: usize = 32 << 10;
const HEADERS: usize = 100;
const URI_BYTES: usize = 8 << 10;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is known of a request before it is read.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) request_id: String,
    pub(crate) address: Option<SocketAddr>,
}

/// The other end of a connection, put into each of its requests by the listener.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The operation a response answers, for the counts.
#[derive(Debug, Clone, Copy)]
struct Answered(&'static str);

/// Says which operation a response answers, for the counts.
pub fn answered(operation: &'static str, mut response: Response) -> Response {
    response.extensions_mut().insert(Answered(operation));
    response
}

pub(crate) async fn guard(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let address = request.extensions().get::<Peer>().map(|peer| peer.0);
    let request_id = request_id(request.headers());
    let (verb, path) = (request.method().clone(), request.uri().path().to_owned());
    request.extensions_mut().insert(Arrived { request_id: request_id.clone(), address });
    let response = match admit(&door, &mut request) {
        Ok(()) => AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|panic| panicked(&*panic)),
        Err(error) => Failure(error).into_response(),
    };
    let operation = response.extensions().get::<Answered>().map_or("none", |answered| answered.0);
    let mut response = finish(response, &request_id, &path);
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let (status, took) = (response.status().as_u16(), began.elapsed());
    telemetry::count(operation, status, took);
    tracing::info!(
        target: "llmops::http", request_id, verb = %verb, path, operation, status, ms = took.as_secs_f64() * 1e3, "answered"
    );
    response
}

/// Renders a failure, logs what its caller is not told, and adds the headers that every answer carries.
fn finish(mut response: Response, request_id: &str, path: &str) -> Response {
    if let Some(Carried(error)) = response.extensions_mut().remove::<Carried>() {
        if error.kind().status() >= 500 {
            let cause = std::error::Error::source(&*error).map(causes).unwrap_or_default();
            tracing::error!(target: "llmops::http", request_id, path, error = %error, cause, "a request failed");
        }
        let kept = std::mem::take(response.headers_mut());
        response = render(&error, request_id, Dialect::of(path));
        response.headers_mut().extend(kept.into_iter().filter_map(|(name, value)| Some((name?, value))));
    }
    let headers = response.headers_mut();
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cache-control", "no-store"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn causes(first: &(dyn std::error::Error + 'static)) -> String {
    let mut all = first.to_string();
    let mut next = first.source();
    while let Some(cause) = next {
        all.push_str(": ");
        all.push_str(&cause.to_string());
        next = cause.source();
    }
    all
}

fn admit(door: &Door, request: &mut Request) -> Result<()> {
    let uri = request.uri();
    let uri_bytes = uri.path_and_query().map_or(0, |text| text.as_str().len());
    if uri_bytes > URI_BYTES {
        return Err(Error::new(ErrorKind::Malformed, "the address is longer than 8 KiB")
            .code("uri_too_long")
            .hint("send long values in the body"));
    }
    let headers = request.headers();
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if bytes > HEADER_BYTES || headers.len() > HEADERS {
        return Err(Error::new(ErrorKind::Malformed, "the headers are larger than 32 KiB, or more than 100")
            .code("headers_too_large")
            .hint("send fewer or shorter headers"));
    }
    door.hosts().check(uri, headers)?;
    drop_claims(request.headers_mut());
    Ok(())
}

/// Nobody is who a header says: identity comes from keys alone, and the verb from the request line.
fn drop_claims(headers: &mut HeaderMap) {
    let claims: Vec<HeaderName> = headers
        .keys()
        .filter(|name| {
            let name = name.as_str().replace('_', "-");
            let claimed = name.starts_with("x-user-") || name.starts_with("x-forwarded-user") || name == "x-roles";
            claimed || name == "x-http-method-override"
        })
        .cloned()
        .collect();
    for name in &claims {
        headers.remove(name);
    }
    if !claims.is_empty() {
        telemetry::spoofed();
    }
}

/// The caller's request id if it is plain, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let plain = |text: &&str| {
        (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    };
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(plain);
    given.map_or_else(|| format!("req_{}", uuid::Uuid::now_v7().simple()), str::to_owned)
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Response {
    let said = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(target: "llmops::http", panic = said, "a request ended in a panic");
    Failure(
        Error::unexpected("the platform made a mistake with this request")
            .code("panic")
            .hint("tell the administrator its request id"),
    )
    .into_response()
}
