//! What an upstream says when it does not answer.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::super::ProviderFailure;
use crate::base::{Error, ErrorKind};

/// As much of a refusal as is read, in bytes.
const REFUSAL_BYTES: usize = 64 << 10;
/// The longest a caller is told to wait, in milliseconds.
const LONGEST_WAIT_MS: u64 = 60_000;

/// Turns a refusal into ours: what the caller can mend is told as it is, what he cannot is our failure.
pub(super) async fn read(mut response: reqwest::Response) -> ProviderFailure {
    let (status, wait) = (response.status(), retry_after_ms(response.headers()));
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if bytes.len() + chunk.len() > REFUSAL_BYTES {
            break;
        }
        bytes.extend_from_slice(&chunk);
    }
    failure(status, wait, &serde_json::from_slice(&bytes).unwrap_or_default())
}

pub(super) fn failure(status: StatusCode, wait: Option<u64>, body: &Value) -> ProviderFailure {
    let busy = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let error = match status.as_u16() {
        400 | 404 | 409 | 413 | 422 if caller_can_mend(body) => mendable(status, body),
        429 => Error::new(ErrorKind::RateLimited, "the model has as many requests as it can take")
            .code("upstream_busy")
            .hint("try again after the stated time")
            .retry_after_ms(wait.unwrap_or(1000)),
        503 => Error::unavailable("the model does not take requests at the moment")
            .code("upstream_unavailable")
            .hint("try again after the stated time; a replica may be starting or ending")
            .retry_after_ms(wait.unwrap_or(1000)),
        // Our own key was refused: that is nothing the caller did.
        401 | 403 => Error::new(ErrorKind::Upstream, "the model does not know the gateway")
            .code("upstream_refused")
            .hint("tell the administrator"),
        other => Error::new(ErrorKind::Upstream, format!("the model failed with status {other}"))
            .code("upstream_failed")
            .hint("try again; if it goes on, look at the endpoint's log"),
    };
    ProviderFailure { error, elsewhere: busy, away: false }
}

/// An error that came in the middle of a stream.
pub(super) fn in_stream(body: &Value) -> Error {
    let said = text(body, "message").unwrap_or("no reason was given");
    Error::new(ErrorKind::Upstream, format!("the model broke off: {said}"))
        .code("upstream_broken")
        .hint("try again; what came so far is not the whole answer")
}

/// Whether the refusal is about the question. One model behind a target means that `model` is our mistake.
fn caller_can_mend(body: &Value) -> bool {
    text(&body["error"], "message").is_some() && text(&body["error"], "param") != Some("model")
}

fn mendable(status: StatusCode, body: &Value) -> Error {
    let said = &body["error"];
    let message = text(said, "message").unwrap_or_default();
    let kind = if status == StatusCode::PAYLOAD_TOO_LARGE { ErrorKind::TooLarge } else { ErrorKind::Invalid };
    let mut error = Error::new(kind, message).hint("change the request");
    if let Some(param) = text(said, "param") {
        error = error.field(camel_case(param));
    }
    match text(said, "code") {
        Some(code) if code != "invalid_value" => error.code(code),
        _ => error,
    }
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// `max_tokens` as `maxTokens`, our spelling of fields.
fn camel_case(snake: &str) -> String {
    let mut parts = snake.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut out, part| {
        let mut chars = part.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
        out
    })
}

/// When to try again: in milliseconds, in seconds, or at a date, bounded.
pub(super) fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let millis = ["retry-after-ms", "x-ms-retry-after-ms"].into_iter().find_map(|name| header(name)?.parse().ok());
    let given = millis.or_else(|| {
        let text = header("retry-after")?;
        match text.parse::<f64>() {
            Ok(seconds) if seconds >= 0.0 => Some((seconds * 1000.0) as u64),
            Ok(_) => None,
            Err(_) => {
                let at = chrono::DateTime::parse_from_rfc2822(text).ok()?;
                u64::try_from((at.to_utc() - chrono::Utc::now()).num_milliseconds()).ok()
            }
        }
    });
    given.map(|ms: u64| ms.min(LONGEST_WAIT_MS))
}
