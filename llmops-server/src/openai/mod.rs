//! OpenAI's protocol over the gateway's operations, so that its stock clients work unchanged.

mod ask;
mod spelling;
mod tell;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderValue, header};
use llmops_core::base::{Ctx, Error, ErrorKind, Events, Limits, Result};
use llmops_core::gateway::{ChatChunk, GatewayRoute, GetRouteHealth, ListRoutes};
use serde::Serialize;
use serde_json::{Value, json};

pub(crate) use spelling::{in_words_of_openai, param};

use crate::auth::shut_out;
use crate::{Dialect, Door, Failure, answered, caller, read_body};

/// The routes.
pub(crate) fn routes() -> Router<Door> {
    Router::new()
        .route("/v1/models", get(models))
        .route("/v1/models/{*id}", get(model))
        .route("/v1/chat/completions", post(chat))
        .method_not_allowed_fallback(wrong_verb)
}

async fn wrong_verb() -> Failure {
    let error = Error::new(ErrorKind::MethodNotAllowed, "this path does not take this verb");
    Failure(error.hint("models are listed with GET, and asked with POST"))
}

async fn models(State(door): State<Door>, request: Request) -> Result<Response, Failure> {
    let ctx = caller(&door, &request.into_parts().0)?;
    let mut data: Vec<Value> = Vec::new();
    let mut cursor = None;
    loop {
        let asked = ListRoutes { limit: Some(Limits::PAGE), cursor, environment: None };
        let page = door.ops().gateway().list_routes(&ctx, asked).await?;
        for route in &page.items {
            // The environments of one route follow one another, the one that is meant first.
            if data.last().is_none_or(|last| last["id"] != name(route)) {
                data.push(described(route));
            }
        }
        cursor = page.page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(answered("gateway.list_routes", json_response(&json!({ "object": "list", "data": data }))?))
}

async fn model(State(door): State<Door>, Path(id): Path<String>, request: Request) -> Result<Response, Failure> {
    let ctx = caller(&door, &request.into_parts().0)?;
    let health = door.ops().gateway().get_route_health(&ctx, GetRouteHealth { route: id, environment: None }).await?;
    Ok(answered("gateway.get_route_health", json_response(&described(&health.route))?))
}

fn name(route: &GatewayRoute) -> &str {
    route.route.trim_start_matches('/')
}

/// A route as a model; its age is that of its endpoint's id.
fn described(route: &GatewayRoute) -> Value {
    let created = route.endpoint_id.0.get_timestamp().map_or(0, |at| at.to_unix().0);
    json!({ "id": name(route), "object": "model", "created": created, "owned_by": "llmops" })
}

async fn chat(State(door): State<Door>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let ctx = caller(&door, &parts)?; // before a byte of the body is read
    let bytes = read_body(&door, &parts.headers, body, Limits::GATEWAY_BYTES).await?;
    let (_, schema) = door.ops().operations().find("gateway.chat")?;
    let asked = ask::chat(crate::json::parse(&bytes)?, schema)?;
    drop(bytes);
    let response = if asked.stream {
        let chunks = door.ops().gateway().chat_stream(&ctx, asked.request).await?;
        streamed(&door, &ctx, asked.include_usage, chunks)
    } else {
        let completion = door.ops().gateway().chat(&ctx, asked.request).await?;
        json_response(&tell::Completion::from(&completion))?
    };
    Ok(answered("gateway.chat", response))
}

fn json_response(answer: &impl Serialize) -> Result<Response> {
    let bytes =
        serde_json::to_vec(answer).map_err(|e| Error::unexpected("an answer cannot be rendered").caused_by(e))?;
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// The answer as events. One that breaks off ends with an error and without `[DONE]`, so that nobody takes the part for
/// the whole.
fn streamed(door: &Door, ctx: &Ctx, include_usage: bool, mut chunks: Events<ChatChunk>) -> Response {
    let (ping, request_id, door) = (door.patience().ping, ctx.request_id.clone(), door.clone());
    let caller = ctx.caller.clone();
    let stream = async_stream::stream! {
        let shut_out = shut_out(&door, &caller);
        tokio::pin!(shut_out);
        loop {
            let next = tokio::select! {
                next = chunks.next() => next,
                error = &mut shut_out => Some(Err(error)),
                () = tokio::time::sleep(ping) => {
                    yield Ok::<Bytes, std::convert::Infallible>(Bytes::from_static(b": ping\n\n"));
                    continue;
                }
            };
            match next {
                None => {
                    yield Ok(Bytes::from_static(b"data: [DONE]\n\n"));
                    break;
                }
                Some(Ok(chunk)) => {
                    if let Some(chunk) = tell::Chunk::of(&chunk, include_usage) {
                        yield Ok(frame(&chunk));
                    }
                }
                Some(Err(error)) => {
                    tracing::warn!(target: "llmops::http", request_id, %error, "an answer broke off");
                    yield Ok(frame(&Dialect::OpenAi.failure(&error)));
                    break;
                }
            }
        }
    };
    let mut response = Response::new(Body::from_stream(stream));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn frame(item: &impl Serialize) -> Bytes {
    let mut bytes = b"data: ".to_vec();
    if serde_json::to_writer(&mut bytes, item).is_err() {
        tracing::error!(target: "llmops::http", "a chunk cannot be rendered");
    }
    bytes.extend_from_slice(b"\n\n");
    bytes.into()
}
