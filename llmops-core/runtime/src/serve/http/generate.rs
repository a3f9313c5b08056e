//! One generation from body to answer, whole or streamed. Dropping the answer's future or its stream (which is what
//! happens when the client goes away) drops the receiver, and with it the work.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{App, Served, aside, read, unix_seconds};
use crate::serve::api::{ApiError, Ask, Asked, Envelope, Shape, TokenizeAsk, read_chat, read_completion};
use crate::serve::engine::{Event, Job};

/// A silent stream says so this often, so that proxies keep it open while a long prompt is read.
const PING: Duration = Duration::from_secs(15);
const IGNORED: HeaderName = HeaderName::from_static("x-llmops-ignored-fields");
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
/// Most ignored fields that are named.
const MOST_NAMED: usize = 16;

/// A job on its way, and how its answer is to look.
struct Prepared {
    job: Job,
    events: UnboundedReceiver<Event>,
    envelope: Envelope,
    stream: bool,
    ignored: Vec<String>,
}

pub(super) async fn generate(app: Arc<App>, shape: Shape, request: Request) -> Result<Response, ApiError> {
    // A full queue is told before the work of preparing a prompt is done in vain.
    app.served()?.engine.has_room()?;
    let permit = app.permit()?;
    let body = read(request).await?;
    let worker = app.clone();
    let prepared = aside(permit, move || prepare(worker.served()?, shape, &body)).await?;
    app.served()?.engine.submit(prepared.job)?;
    let mut response = if prepared.stream {
        streamed(prepared.envelope, prepared.events)
    } else {
        whole(prepared.envelope, prepared.events).await?
    };
    let names: Vec<&str> = prepared.ignored.iter().map(String::as_str).filter(|name| is_plain(name)).collect();
    if let (false, Ok(names)) =
        (names.is_empty(), HeaderValue::from_str(&names[..names.len().min(MOST_NAMED)].join(", ")))
    {
        response.headers_mut().insert(IGNORED, names);
    }
    Ok(response)
}

fn is_plain(name: &str) -> bool {
    name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn prepare(served: &Served, shape: Shape, body: &[u8]) -> Result<Prepared, ApiError> {
    let accepted = Instant::now();
    let ask = match shape {
        Shape::Chat => read_chat(body)?,
        Shape::Plain => read_completion(body)?,
    };
    served.check_name(ask.model.as_deref())?;
    let Ask { asked, max_tokens, sampling, stop, logprobs, ignore_eos, stream, include_usage, ignored, .. } = ask;
    let add_special_tokens = matches!(asked, Asked::Text(_));
    let ask = TokenizeAsk { model: None, asked, add_special_tokens, add_generation_prompt: true, token_strings: false };
    let (prompt, param) = served.tokens(&ask)?;
    let max_new = fit(prompt.len(), served.engine.context(), max_tokens, param)?;
    let prefix = if shape == Shape::Chat { "chatcmpl" } else { "cmpl" };
    let envelope = Envelope {
        shape,
        id: format!("{prefix}-{:016x}{:016x}", rand::random::<u64>(), rand::random::<u64>()),
        model: served.name.clone(),
        created: unix_seconds(),
        include_usage,
        logprobs: logprobs.is_some(),
    };
    let (sender, events) = unbounded_channel();
    let job = Job { prompt, max_new, sampling, stop, logprobs, ignore_eos, events: sender, accepted };
    Ok(Prepared { job, events, envelope, stream, ignored })
}

/// How many tokens the answer may have.
fn fit(
    prompt: usize,
    context: usize,
    max_tokens: Option<(usize, &'static str)>,
    param: &'static str,
) -> Result<usize, ApiError> {
    if prompt == 0 {
        return Err(ApiError::field(param, format!("{param} has no tokens; there must be at least one to go on from")));
    }
    if prompt >= context {
        let message = format!(
            "{param} has {prompt} tokens, but this model's context is {context} tokens with the answer; shorten it"
        );
        return Err(ApiError::context(param, message));
    }
    match max_tokens {
        None => Ok(context - prompt),
        Some((wanted, _)) if wanted <= context - prompt => Ok(wanted),
        Some((wanted, field)) => {
            let message = format!(
                "{field} is {wanted} and {param} has {prompt} tokens, but this model's context is {context} tokens; use at most {}",
                context - prompt
            );
            Err(ApiError::context(field, message))
        }
    }
}

async fn whole(envelope: Envelope, mut events: UnboundedReceiver<Event>) -> Result<Response, ApiError> {
    let (mut text, mut positions) = (String::new(), Vec::new());
    loop {
        match events.recv().await {
            Some(Event::Piece { text: piece, positions: more }) => {
                text.push_str(&piece);
                positions.extend(more);
            }
            Some(Event::Done { finish, usage }) => {
                return Ok(Json(envelope.whole(&text, &positions, finish, usage)).into_response());
            }
            Some(Event::Failed(error)) => return Err(error),
            None => return Err(stopped()),
        }
    }
}

/// A channel that closes without an end: the engine's thread is gone.
fn stopped() -> ApiError {
    ApiError::internal("the engine stopped before the answer was complete")
}

/// Where a stream stands.
enum Next {
    Opening,
    Answer,
    Ended,
}

fn streamed(envelope: Envelope, events: UnboundedReceiver<Event>) -> Response {
    let frames = stream::unfold((Next::Opening, envelope, events), |(next, envelope, mut events)| async move {
        let (frames, next) = match next {
            Next::Opening => (envelope.opening().map(frame).into_iter().collect(), Next::Answer),
            Next::Answer => frames(&envelope, events.recv().await),
            Next::Ended => return None,
        };
        Some((stream::iter(frames), (next, envelope, events)))
    });
    let frames = frames.flatten().map(Ok::<_, Infallible>);
    let mut response = Sse::new(frames).keep_alive(KeepAlive::new().interval(PING).text("ping")).into_response();
    response.headers_mut().insert(BUFFERING, HeaderValue::from_static("no"));
    response
}

/// The frames for one event. A stream that fails ends with an error frame and without `[DONE]`, so that nobody takes
/// the part for the whole.
fn frames(envelope: &Envelope, event: Option<Event>) -> (Vec<sse::Event>, Next) {
    match event {
        Some(Event::Piece { text, positions }) => (vec![frame(envelope.piece(&text, &positions))], Next::Answer),
        Some(Event::Done { finish, usage }) => {
            let mut frames = vec![frame(envelope.closing(finish))];
            frames.extend(envelope.usage(usage).map(frame));
            frames.push(sse::Event::default().data("[DONE]"));
            (frames, Next::Ended)
        }
        Some(Event::Failed(error)) => (vec![frame(error.body())], Next::Ended),
        None => (vec![frame(stopped().body())], Next::Ended),
    }
}

fn frame(chunk: Value) -> sse::Event {
    sse::Event::default().data(chunk.to_string())
}
