//! Live answers as server-sent events.

use std::panic::AssertUnwindSafe;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use http::{HeaderValue, header};
use llmops_core::base::{Ctx, Error, Events};
use serde_json::Value;

use crate::{Door, auth::shut_out};

/// The stream as an answer. One that merely watches ends at once when the server goes away; one that works (a POST) may
/// finish.
pub(crate) fn response(door: &Door, ctx: &Ctx, watches: bool, mut events: Events<Value>) -> Response {
    let (ping, request_id, door) = (door.patience().ping, ctx.request_id.clone(), door.clone());
    let caller = ctx.caller.clone();
    let stream = async_stream::stream! {
        let shut_out = shut_out(&door, &caller);
        tokio::pin!(shut_out);
        loop {
            let next = tokio::select! {
                item = AssertUnwindSafe(events.next()).catch_unwind() => item.unwrap_or_else(|_| Some(Err(panicked()))),
                () = tokio::time::sleep(ping) => {
                    yield Ok::<Bytes, std::convert::Infallible>(Bytes::from_static(b": ping\n\n"));
                    continue;
                }
                () = door.drained(), if watches => Some(Err(going())),
                error = &mut shut_out => Some(Err(error)),
            };
            match next {
                None => break,
                Some(Ok(item)) => yield Ok(event(&item)),
                Some(Err(error)) => {
                    yield Ok(failure(error.request_id(&request_id)));
                    break;
                }
            }
        }
    };
    let mut response = Response::new(Body::from_stream(stream));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// One item; its `seq` or `id` is where a follower who lost the connection goes on.
fn event(item: &Value) -> Bytes {
    let place = item.get("seq").or_else(|| item.get("id")).and_then(|place| match place {
        Value::String(text) if !text.contains(['\r', '\n', '\0']) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    match place {
        Some(place) => format!("id: {place}\ndata: {item}\n\n").into(),
        None => format!("data: {item}\n\n").into(),
    }
}

fn failure(error: Error) -> Bytes {
    if error.kind().status() >= 500 {
        tracing::error!(target: "llmops::http", %error, cause = ?std::error::Error::source(&error), "a stream failed");
    }
    format!("event: error\ndata: {}\n\n", error.to_json()).into()
}

fn going() -> Error {
    Error::unavailable("the server is going away").code("draining").hint("connect again and go on after the last id")
}

fn panicked() -> Error {
    tracing::error!(target: "llmops::http", "a stream ended in a panic");
    Error::unexpected("the platform made a mistake with this stream").code("panic")
}
