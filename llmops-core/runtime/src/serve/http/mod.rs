//! The routes, and what stands before each of them: the key, the content type, the body's size, the request id.

mod generate;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::api::{ApiError, Asked, Shape, TokenizeAsk, read_tokenize};
use super::engine::Engine;
use super::metrics::Metrics;
use crate::files::Loaded;
use crate::template::{ChatTemplate, Conversation, Refusal};

/// Longest body that is read.
const LONGEST_BODY: usize = 1 << 20;
/// Longest time a body may take.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Most requests whose body is read or whose prompt is prepared at once.
const MOST_PREPARING: usize = 64;
/// Longest request id that is taken over from a client.
const LONGEST_REQUEST_ID: usize = 128;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A model that is ready to answer.
pub(crate) struct Served {
    /// The name clients use.
    pub(crate) name: String,
    /// When it was loaded, in seconds since 1970.
    pub(crate) created: u64,
    /// Weights and tokenizer.
    pub(crate) model: Arc<Loaded>,
    /// The chat template, or why there is none.
    pub(crate) template: Result<ChatTemplate, String>,
    /// The thread that does the work.
    pub(crate) engine: Engine,
}

/// What all handlers share.
pub(crate) struct App {
    /// Set once the model is loaded.
    pub(crate) served: OnceLock<Served>,
    /// Counters.
    pub(crate) metrics: Arc<Metrics>,
    /// Set when the server is to end.
    pub(crate) draining: AtomicBool,
    /// Digest of the key, if one is asked for.
    pub(crate) key: Option<[u8; 32]>,
    /// Places for requests whose body is read or whose prompt is prepared.
    preparing: Arc<Semaphore>,
}

/// Digest under which a key is kept and compared, so that comparing takes the same time for every wrong key.
pub(crate) fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// All routes.
pub(crate) fn router(app: Arc<App>) -> Router {
    let guarded = Router::new()
        .route("/v1/models", get(models))
        .route("/v1/models/{*id}", get(model))
        .route("/v1/chat/completions", post(chat))
        .route("/v1/completions", post(completions))
        .route("/tokenize", post(tokenize))
        .layer(from_fn_with_state(app.clone(), guard));
    Router::new()
        .route("/health", get(health))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics))
        .merge(guarded)
        .fallback(|| async { ApiError::new(StatusCode::NOT_FOUND, "unknown_url", UNKNOWN) })
        .method_not_allowed_fallback(|| async {
            ApiError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this path does not know this method; ask with GET what is a question and with POST what is a request",
            )
        })
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn(request_id))
        .with_state(app)
}

const UNKNOWN: &str =
    "no such path; there are /v1/chat/completions, /v1/completions, /v1/models, /tokenize, /health and /metrics";

impl App {
    /// Before the model is there.
    pub(crate) fn new(key: Option<[u8; 32]>) -> Self {
        Self {
            served: OnceLock::new(),
            metrics: Arc::default(),
            draining: AtomicBool::new(false),
            key,
            preparing: Arc::new(Semaphore::new(MOST_PREPARING)),
        }
    }

    /// A place for a request on its way to the queue, which bounds what all bodies take together. It goes with the work,
    /// which goes on when a client leaves.
    fn permit(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        self.preparing.clone().try_acquire_owned().map_err(|_| ApiError::busy(MOST_PREPARING))
    }

    /// The model, once it is there and as long as new work is taken.
    fn served(&self) -> Result<&Served, ApiError> {
        if self.draining.load(Relaxed) {
            return Err(ApiError::unavailable("draining", "this server is shutting down; send the request to another"));
        }
        self.served
            .get()
            .ok_or_else(|| ApiError::unavailable("loading", "the model is being loaded; try again shortly"))
    }
}

impl Served {
    /// One server has one model.
    fn check_name(&self, asked: Option<&str>) -> Result<(), ApiError> {
        match asked {
            Some(name) if name != self.name => Err(ApiError {
                param: Some("model".to_string()),
                ..ApiError::new(
                    StatusCode::NOT_FOUND,
                    "model_not_found",
                    format!("this server has one model, `{}`; ask for it or leave model out", self.name),
                )
            }),
            _ => Ok(()),
        }
    }

    /// The tokens of a prompt, and the field it came from.
    fn tokens(&self, ask: &TokenizeAsk) -> Result<(Vec<u32>, &'static str), ApiError> {
        let encode = |text: &str, param: &'static str| {
            let encoding = self.model.tokenizer.encode(text, ask.add_special_tokens);
            let encoding =
                encoding.map_err(|error| ApiError::field(param, format!("{param} cannot be tokenized: {error}")))?;
            Ok((encoding.get_ids().to_vec(), param))
        };
        match &ask.asked {
            Asked::Text(text) => encode(text, "prompt"),
            Asked::Chat { messages, tools } => {
                let template = self.template.as_ref().map_err(|why| ApiError::field("messages", why.as_str()))?;
                if tools.is_true() && !template.takes_tools() {
                    return Err(ApiError::unsupported("tools", "tools have no place in this model's chat template"));
                }
                let conversation =
                    Conversation { messages, tools: tools.clone(), add_generation_prompt: ask.add_generation_prompt };
                let refused = |refusal: Refusal| ApiError::field("messages", refusal.into_text());
                encode(&template.render(&conversation).map_err(refused)?, "messages")
            }
            Asked::Tokens(ids) => {
                let known = self.model.model.config().vocab_size as u32;
                match ids.iter().find(|&&id| id >= known) {
                    Some(id) => Err(ApiError::field(
                        "prompt",
                        format!("prompt has the token id {id}, but this model's ids end at {}", known - 1),
                    )),
                    None => Ok((ids.clone(), "prompt")),
                }
            }
        }
    }

    fn describe(&self) -> Value {
        json!({
            "id": self.name, "object": "model", "created": self.created, "owned_by": "llmops",
            "max_model_len": self.engine.context(),
        })
    }
}

async fn health(State(app): State<Arc<App>>) -> Response {
    match app.served() {
        Ok(_) => Json(json!({"status": "ok"})).into_response(),
        Err(error) => {
            let mut response =
                (error.status, Json(json!({"status": error.code, "message": error.message}))).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            response
        }
    }
}

async fn metrics(State(app): State<Arc<App>>) -> Response {
    let name = app.served.get().map_or("", |served| served.name.as_str());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render(name)).into_response()
}

async fn models(State(app): State<Arc<App>>) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({"object": "list", "data": [app.served()?.describe()]})))
}

async fn model(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let served = app.served()?;
    served.check_name(Some(&id))?;
    Ok(Json(served.describe()))
}

async fn chat(State(app): State<Arc<App>>, request: Request) -> Result<Response, ApiError> {
    generate::generate(app, Shape::Chat, request).await
}

async fn completions(State(app): State<Arc<App>>, request: Request) -> Result<Response, ApiError> {
    generate::generate(app, Shape::Plain, request).await
}

async fn tokenize(State(app): State<Arc<App>>, request: Request) -> Result<Json<Value>, ApiError> {
    let permit = app.permit()?;
    let body = read(request).await?;
    aside(permit, move || {
        let served = app.served()?;
        let ask = read_tokenize(&body)?;
        served.check_name(ask.model.as_deref())?;
        let (tokens, _) = served.tokens(&ask)?;
        let mut answer = json!({"count": tokens.len(), "max_model_len": served.engine.context(), "tokens": tokens});
        if ask.token_strings {
            answer["token_strs"] = tokens.iter().map(|&id| served.model.tokenizer.id_to_token(id)).collect();
        }
        Ok(Json(answer))
    })
    .await
}

/// Runs what may take long beside the connections: templates and tokenizers are not asynchronous.
async fn aside<T: Send + 'static>(
    permit: OwnedSemaphorePermit,
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let work = move || {
        let _permit = permit;
        work()
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(ApiError::internal(format!("preparing the prompt failed: {error}"))),
    }
}

/// The body, within bounds of size and time.
async fn read(request: Request) -> Result<Bytes, ApiError> {
    let Ok(body) = timeout(LONGEST_WAIT, Bytes::from_request(request, &())).await else {
        let message = "the body did not come within 30 seconds; send it again";
        return Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, "body_timeout", message));
    };
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let message = "the body has more than 1 MiB; shorten the messages";
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
        }
        _ => ApiError::request("invalid_body", "the body ended before it was complete; send it again"),
    })
}

/// Checks the key, or without one the host, then the content type, all before a byte of the body is read. The latter two
/// matter to browsers: they send JSON to another origin only after asking, and a foreign page that has its own name point
/// to this machine comes with that name, so neither can put this server to work.
async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match &app.key {
        Some(key) if bearer(request.headers()).map(digest).as_ref() != Some(key) => {
            let message = "a valid key is required; send it as `Authorization: Bearer KEY`";
            return ApiError::new(StatusCode::UNAUTHORIZED, "invalid_api_key", message).into_response();
        }
        None if !is_by_address(request.headers()) => {
            let message = "this server has no key and answers to its address and to `localhost` only; ask for these";
            return ApiError::new(StatusCode::FORBIDDEN, "unknown_host", message).into_response();
        }
        _ => {}
    }
    if request.method() == axum::http::Method::POST && !is_json(request.headers()) {
        let message = "the content type must be application/json; send `Content-Type: application/json`";
        return ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message).into_response();
    }
    next.run(request).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// Whether the host asked for is an address or this machine's own name; clients of HTTP/1.0 may name none.
fn is_by_address(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let Some(host) = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()) else { return false };
    let name = host.host();
    name.eq_ignore_ascii_case("localhost") || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// Echoes the client's request id, or gives one.
async fn request_id(request: Request, next: Next) -> Response {
    let given = request.headers().get(&REQUEST_ID).filter(|id| !id.is_empty() && id.len() <= LONGEST_REQUEST_ID);
    let id = given.cloned().or_else(|| HeaderValue::from_str(&format!("req_{:016x}", rand::random::<u64>())).ok());
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Seconds since 1970.
pub(crate) fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
