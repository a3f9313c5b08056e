//! Upstreams that speak OpenAI's dialect: our own replicas, and whatever else does.

mod refused;
mod stream;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use tokio::time::{Instant, timeout_at};

use super::{ChatAnswer, ChatPiece, Provider, ProviderCall, ProviderFailure};
use crate::base::{Error, ErrorKind, Events, Result};
use crate::egress::client::{HttpVersions, http_client};

/// The longest a connection may take to be made. Replicas of ours are on this machine or next to it.
const CONNECT: Duration = Duration::from_secs(2);
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);
/// Unused connections kept for each upstream.
const IDLE_CONNECTIONS: usize = 64;
/// The largest whole answer, in bytes.
const ANSWER_BYTES: usize = 32 << 20;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Speaks to upstreams in OpenAI's dialect.
///
/// It goes wherever it is told, this machine included, so its targets are those that the platform started itself.
pub struct OpenAi {
    client: reqwest::Client,
}

impl OpenAi {
    /// A provider with connections of its own.
    ///
    /// # Errors
    /// `unexpected` when the system lacks what an HTTP client needs.
    pub fn new() -> Result<Self> {
        let client = http_client(HttpVersions::One)?
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .build()
            .map_err(|e| Error::unexpected("the HTTP client cannot be made").caused_by(e))?;
        Ok(Self { client })
    }

    /// Sends the question; the answer's head, if it is a success.
    async fn send(
        &self,
        call: &ProviderCall,
        stream: bool,
        until: Instant,
    ) -> Result<reqwest::Response, ProviderFailure> {
        let target = &call.target;
        let body = wire::Body::new(&call.ask, target.model.as_deref(), stream);
        let body =
            serde_json::to_vec(&body).map_err(|e| Error::unexpected("a question cannot be rendered").caused_by(e))?;
        let mut request = self
            .client
            .post(format!("{}/v1/chat/completions", target.base_url))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"))
            .header(REQUEST_ID, &call.request_id)
            .body(body);
        if stream {
            request = request.header(ACCEPT, HeaderValue::from_static("text/event-stream"));
        }
        if let Some(key) = &target.api_key {
            let mut value = HeaderValue::try_from(format!("Bearer {}", key.expose()))
                .map_err(|_| Error::unexpected("an upstream's key cannot be sent"))?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        match timeout_at(until, request.send()).await {
            Err(_) => Err(late("the model did not begin to answer in time").into()),
            Ok(Err(cause)) => Err(unreachable(cause)),
            Ok(Ok(response)) if response.status().is_success() => Ok(response),
            Ok(Ok(response)) => Err(timeout_at(until, refused::read(response))
                .await
                .unwrap_or_else(|_| late("the model did not finish its refusal in time").into())),
        }
    }
}

#[async_trait]
impl Provider for OpenAi {
    async fn chat(&self, call: &ProviderCall) -> Result<ChatAnswer, ProviderFailure> {
        let until = Instant::now() + call.deadlines.total;
        let response = self.send(call, false, until).await?;
        let bytes =
            timeout_at(until, whole(response)).await.map_err(|_| late("the model did not answer in time"))??;
        let answer: wire::Answer = serde_json::from_slice(&bytes).map_err(|e| {
            Error::new(ErrorKind::Upstream, "the model's answer cannot be read").code("upstream_garbled").caused_by(e)
        })?;
        Ok(answer.whole().ok_or_else(incomplete)?)
    }

    async fn chat_stream(&self, call: &ProviderCall) -> Result<Events<ChatPiece>, ProviderFailure> {
        let begun = Instant::now();
        let head = begun + call.deadlines.head.min(call.deadlines.total);
        let response = self.send(call, true, head).await?;
        Ok(stream::pieces(response, begun, call.deadlines))
    }
}

/// The whole body, bounded.
async fn whole(mut response: reqwest::Response) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if bytes.len() + chunk.len() > ANSWER_BYTES {
            return Err(Error::new(ErrorKind::Upstream, "the model's answer is larger than 32 MiB"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Nobody answered. Only when no connection was made is it certain that nothing was done.
fn unreachable(cause: reqwest::Error) -> ProviderFailure {
    if cause.is_connect() {
        let error = Error::unavailable("the model cannot be reached at the moment")
            .code("upstream_unreachable")
            .hint("try again shortly; a replica may be starting")
            .retry_after_ms(1000)
            .caused_by(cause.without_url());
        return ProviderFailure { error, elsewhere: true, away: true };
    }
    broken(cause).into()
}

/// The connection ended before the answer did.
fn broken(cause: reqwest::Error) -> Error {
    Error::new(ErrorKind::Upstream, "the model's answer broke off")
        .code("upstream_broken")
        .hint("try again; the work may have been done in part")
        .caused_by(cause.without_url())
}

/// The answer ended without saying that it is complete.
fn incomplete() -> Error {
    Error::new(ErrorKind::Upstream, "the model's answer ended before it was complete")
        .code("upstream_incomplete")
        .hint("try again")
}

fn late(what: &str) -> Error {
    Error::new(ErrorKind::Timeout, what).code("upstream_timeout").hint("try again, or ask for fewer tokens")
}
