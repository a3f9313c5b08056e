//! Answers in the platform's envelope, and failures on their way to it.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use llmops_core::base::{Ctx, Error, ErrorKind};
use serde::Serialize;
use serde_json::Value;

use crate::Dialect;
use crate::dialect::whole;

/// An error that a handler answers with. The guard renders it in the dialect of the path, with the request's id.
#[derive(Debug)]
pub struct Failure(pub Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

/// The error of a failed response, until the guard renders it. Extensions want a type that can be cloned.
#[derive(Clone)]
pub(crate) struct Carried(pub(crate) std::sync::Arc<Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status_of(&self.0).into_response();
        response.extensions_mut().insert(Carried(std::sync::Arc::new(self.0)));
        response
    }
}

/// The status of an error: that of its kind, but for what only HTTP has a number for.
pub(crate) fn status_of(error: &Error) -> StatusCode {
    let status = match error.stable_code() {
        "body_too_slow" => 408,
        "uri_too_long" => 414,
        "unsupported_media_type" => 415,
        "host_not_allowed" => 421,
        "headers_too_large" => 431,
        _ => error.kind().status(),
    };
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Renders a failure for the client.
pub(crate) fn render(error: &Error, request_id: &str, dialect: Dialect) -> Response {
    let mut said = dialect.failure(error);
    if let Some(fields) = said.get_mut("error").and_then(Value::as_object_mut)
        && dialect == Dialect::LlmOps
    {
        fields.insert("requestId".into(), request_id.into());
    }
    let status = match status_of(error) {
        // OpenAI's clients know a wrong parameter as a bad request.
        StatusCode::UNPROCESSABLE_ENTITY if dialect == Dialect::OpenAi => StatusCode::BAD_REQUEST,
        status => status,
    };
    let mut response = json_response(status, said.to_string().into());
    let headers = response.headers_mut();
    if error.kind() == ErrorKind::Unauthenticated {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(ms) = error.retry_after() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1000).max(1)));
    }
    rate_limit(error, headers);
    if dialect == Dialect::Hub {
        hub(error, headers);
    }
    response
}

/// What the hub's clients know an error by, and what they show of it.
fn hub(error: &Error, headers: &mut http::HeaderMap) {
    if let Some(code) = crate::hub::error_code(error) {
        headers.insert("x-error-code", HeaderValue::from_static(code));
    }
    let plain: String = whole(error).chars().filter(|c| c.is_ascii() && !c.is_ascii_control()).collect();
    if let Ok(message) = HeaderValue::from_str(&plain) {
        headers.insert("x-error-message", message);
    }
}

/// `RateLimit-*`, when the error knows them: details `{limit, remaining, resetMs}`.
fn rate_limit(error: &Error, headers: &mut http::HeaderMap) {
    if error.kind() != ErrorKind::RateLimited {
        return;
    }
    let said = error.to_json();
    let number = |key: &str| said.pointer(&format!("/details/{key}")).and_then(Value::as_u64);
    let reset = number("resetMs").or(error.retry_after()).map(|ms| ms.div_ceil(1000));
    let all = [
        ("ratelimit-limit", number("limit")),
        ("ratelimit-remaining", number("remaining").or(Some(0))),
        ("ratelimit-reset", reset),
    ];
    for (name, value) in all {
        if let Some(value) = value {
            headers.insert(name, HeaderValue::from(value));
        }
    }
}

/// A successful answer: `data`, a list's `page` beside it, and its entity tag as a header.
pub(crate) fn success(ctx: &Ctx, mut answer: Value) -> Response {
    let tag = answer.get("etag").and_then(Value::as_str).and_then(|tag| HeaderValue::from_str(tag).ok());
    let is_page = answer.as_object().is_some_and(|o| o.len() == 2 && o.contains_key("items") && o.contains_key("page"));
    let page = if is_page { answer.get_mut("page").map(Value::take) } else { None };
    let data = if is_page { answer.get_mut("items").map(Value::take).unwrap_or_default() } else { answer };
    let bytes = match serde_json::to_vec(&Success { status: "success", message: "OK", data, page }) {
        Ok(bytes) => bytes,
        Err(cause) => {
            return Failure(Error::unexpected("an answer cannot be rendered").caused_by(cause)).into_response();
        }
    };
    let mut response = json_response(StatusCode::OK, bytes.into());
    if let Some(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    if ctx.reply.replayed() {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

#[derive(Serialize)]
struct Success {
    status: &'static str,
    message: &'static str,
    data: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<Value>,
}

fn json_response(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
