//! The wire to a server: each operation as its HTTP call, the envelope opened, errors given back as they were, and calls made
//! again where that helps and does no harm.

mod address;
mod patience;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use reqwest::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER};
use serde_json::Value;

use crate::base::{Ctx, Error, ErrorKind, Events, Name, Result, Secret};
use crate::egress::client::{HttpVersions, http_client};
use crate::governance::PROJECT_HEADER;
use crate::op::{Download, Kind, Operation, Parts, Wire};
use address::{content_range, fill, query};
pub use patience::ClientOptions;
use patience::{Failed, Patience, Reached};

/// Calls a server. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub(super) struct HttpWire {
    client: reqwest::Client,
    server: String,
    key: Option<HeaderValue>,
    project: Option<HeaderValue>,
    patience: Patience,
}

impl HttpWire {
    pub(super) fn connect(url: &str, api_key: Option<Secret>) -> Result<Self> {
        let invalid =
            || Error::invalid("url", "must be the address of a server").hint("for example http://127.0.0.1:8080");
        let parsed = url::Url::parse(url).map_err(|e| invalid().caused_by(e))?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
            return Err(invalid());
        }
        let client = http_client(HttpVersions::Both)?
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true)
            .connect_timeout(Duration::from_secs(10))
            .build()
            .map_err(|e| Error::unexpected("the HTTP client cannot be made").caused_by(e))?;
        let server = url.trim_end_matches('/').to_owned();
        let wire = Self { client, server, key: None, project: None, patience: Patience::default() };
        api_key.map_or(Ok(wire.clone()), |key| wire.with_key(&key))
    }

    /// The same server for the holder of another key.
    pub(super) fn with_key(&self, key: &Secret) -> Result<Self> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose()))
            .map_err(|_| Error::invalid("apiKey", "must be printable ASCII").hint("copy the key as it was shown"))?;
        value.set_sensitive(true);
        Ok(Self { key: Some(value), ..self.clone() })
    }

    /// The same server, at work in another project.
    pub(super) fn with_project(&self, project: &str) -> Result<Self> {
        let name = Name::parse("project", project)?;
        let value = HeaderValue::from_str(name.as_str())
            .map_err(|cause| Error::unexpected("the name of a project is no header").caused_by(cause))?;
        Ok(Self { project: Some(value), ..self.clone() })
    }

    /// The same server, called with other patience.
    pub(super) fn with_options(&self, options: ClientOptions) -> Self {
        Self { patience: self.patience.with(options), ..self.clone() }
    }

    /// A call: address, query, headers and body.
    fn request(&self, op: &Operation, ctx: &Ctx, req: Value) -> Result<reqwest::RequestBuilder> {
        let Value::Object(mut fields) = req else {
            return Err(Error::unexpected("a request is not an object"));
        };
        // In a merge patch `null` says something.
        let patches = |name: &str| op.verb == "PATCH" && !op.path.contains(&format!("{{{name}}}"));
        fields.retain(|name, value| !value.is_null() || patches(name));
        let path = fill(op.path, &mut fields)?;
        let verb = op.verb.parse().map_err(|_| Error::unexpected("an operation has no HTTP verb"))?;
        let mut builder = self.client.request(verb, format!("{}/llm-ops/v1{path}", self.server));
        builder = builder.header("x-request-id", &ctx.request_id);
        if let Some(key) = &self.key {
            builder = builder.header(AUTHORIZATION, key);
        }
        if let Some(project) = &self.project {
            builder = builder.header(PROJECT_HEADER, project);
        }
        if let Some(key) = &ctx.idempotency_key {
            builder = builder.header("idempotency-key", key);
        }
        if let Some(tag) = &ctx.if_match {
            builder = builder.header("if-match", tag);
        }
        if op.kind() == Kind::Stream {
            builder = builder.header("accept", "text/event-stream");
        }
        Ok(match op.verb {
            "GET" | "DELETE" => builder.query(&query(fields)),
            _ if op.kind() == Kind::Upload => builder.query(&query(fields)),
            _ => builder.json(&fields),
        })
    }

    /// Makes a call until it is answered, or making it again is of no use.
    async fn patiently(&self, op: &Operation, ctx: &Ctx, req: Value) -> Result<Answer> {
        let begun = Instant::now();
        let mut ctx = ctx.clone();
        if op.idempotent_by_key() && self.patience.max_retries > 0 && ctx.idempotency_key.is_none() {
            ctx.idempotency_key = Some(ctx.new_id().to_string());
        }
        let safe = op.verb == "GET" || op.idempotent_by_key() && ctx.idempotency_key.is_some();
        let mut tried = 0;
        loop {
            let call = self.request(op, &ctx, req.clone())?;
            let left = self.patience.timeout.saturating_sub(begun.elapsed());
            let failed = match tokio::time::timeout(left, self.once(op, call)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(failed)) => failed,
                Err(_) => return Err(self.late(op)),
            };
            let left = self.patience.timeout.saturating_sub(begun.elapsed());
            match self.patience.pause(&failed, tried, left, (safe, rand::random())) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(failed.error),
            }
            tried += 1;
        }
    }

    /// Makes a call once, and waits for all of its answer if that is one document.
    async fn once(&self, op: &Operation, call: reqwest::RequestBuilder) -> Result<Answer, Failed> {
        let response = self.send(op, call).await?;
        if op.kind() != Kind::Unary {
            return Ok(Answer::Begun(response));
        }
        let replayed = response.headers().contains_key("idempotent-replayed");
        let envelope = response.json().await.map_err(|cause| self.unreachable(cause))?;
        Ok(Answer::Whole { envelope, replayed })
    }

    /// Makes a call once. What comes back is a success.
    async fn send(&self, op: &Operation, call: reqwest::RequestBuilder) -> Result<reqwest::Response, Failed> {
        let response = call.send().await.map_err(|cause| self.unreachable(cause))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let seconds =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok());
        let body: Value = response.json().await.unwrap_or_default();
        let kind = ErrorKind::ALL.iter().copied().find(|kind| kind.status() == status.as_u16());
        let mut error = match body.get("error") {
            Some(error) => Error::from_json(error, kind.unwrap_or(ErrorKind::Upstream)),
            None => {
                // What stands between here and the server says these by itself, and they mean the same.
                let kind = kind.filter(|kind| kind.retryable()).unwrap_or(ErrorKind::Upstream);
                Error::new(kind, format!("{} answered {} without the platform's envelope", op.name, status.as_u16()))
                    .hint("check that the address is that of an llmops server")
            }
        };
        if let (None, Some(seconds)) = (error.retry_after(), seconds) {
            error = error.retry_after_ms(seconds.saturating_mul(1000));
        }
        Err(Failed { reached: Reached::Answer, error })
    }

    /// Why a call got no answer. What the caller's own files had to say about it goes first.
    fn unreachable(&self, cause: reqwest::Error) -> Failed {
        let reached = if cause.is_connect() { Reached::Nobody } else { Reached::Somebody };
        let mut below: Option<&(dyn std::error::Error + 'static)> = Some(&cause);
        while let Some(one) = below {
            if let Some(own) = one.downcast_ref::<Error>() {
                let error = Error::from_json(&own.to_json(), own.kind());
                return Failed { reached: Reached::Answer, error };
            }
            below = one.source();
        }
        let error = match reached {
            Reached::Nobody => {
                Error::unavailable(format!("the server at {} cannot be reached", self.server)).code("unreachable")
            }
            _ => Error::unavailable(format!("the connection to {} broke off", self.server)),
        };
        Failed { reached, error: error.hint("check the address and that the server runs").caused_by(cause) }
    }

    fn late(&self, op: &Operation) -> Error {
        let seconds = self.patience.timeout.as_secs_f64();
        Error::new(ErrorKind::Timeout, format!("{} took longer than {seconds} seconds", op.name))
            .hint("it may have been done all the same: look before you call again, or wait longer with `timeout`")
    }
}

/// What a call brought.
enum Answer {
    /// One document, all of it.
    Whole { envelope: Value, replayed: bool },
    /// Something longer, whose beginning is there.
    Begun(reqwest::Response),
}

impl Answer {
    fn begun(self) -> Result<reqwest::Response> {
        match self {
            Self::Begun(response) => Ok(response),
            Self::Whole { .. } => Err(Error::unexpected("one document came where more was to follow")),
        }
    }
}

#[async_trait]
impl Wire for HttpWire {
    async fn unary(&self, op: &'static Operation, ctx: &Ctx, req: Value) -> Result<Value> {
        match self.patiently(op, ctx, req).await? {
            Answer::Whole { envelope, replayed } => {
                if replayed {
                    ctx.reply.set_replayed();
                }
                open_envelope(envelope)
            }
            Answer::Begun(response) => {
                open_envelope(response.json().await.map_err(|cause| self.unreachable(cause).error)?)
            }
        }
    }

    async fn stream(&self, op: &'static Operation, ctx: &Ctx, req: Value) -> Result<Events<Value>> {
        let response = self.patiently(op, ctx, req).await?.begun()?;
        let broken = |e| Error::unavailable("the stream broke off").caused_by(e);
        let bytes = response.bytes_stream().map_err(broken).boxed();
        Ok(crate::egress::sse::events(bytes).map(|event| event.and_then(|e| e.into_item())).boxed())
    }

    async fn upload(&self, op: &'static Operation, ctx: &Ctx, req: Value, body: Parts) -> Result<Value> {
        let (form_type, stream) = crate::egress::form::encode(body);
        let call = self.request(op, ctx, req)?.header("content-type", form_type);
        let response =
            self.send(op, call.body(reqwest::Body::wrap_stream(stream))).await.map_err(|failed| failed.error)?;
        open_envelope(response.json().await.map_err(|cause| self.unreachable(cause).error)?)
    }

    async fn download(&self, op: &'static Operation, ctx: &Ctx, req: Value) -> Result<Download> {
        let response = self.patiently(op, ctx, req).await?.begun()?;
        let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let file_name = header("content-disposition").and_then(|text| {
            text.split("filename=\"").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
        });
        let range = header("content-range").and_then(|text| content_range(&text));
        Ok(Download {
            length: response.content_length(),
            range,
            content_type: header("content-type").unwrap_or_else(|| "application/octet-stream".into()),
            file_name: file_name.unwrap_or_else(|| "download".into()),
            digest: header("etag").map(|tag| tag.trim_matches('"').to_owned()),
            body: response
                .bytes_stream()
                .map_err(|e| Error::unavailable("the download broke off").caused_by(e))
                .boxed(),
        })
    }
}

/// Lifts `data` out of the envelope, and a list's `page` back beside its items.
fn open_envelope(mut envelope: Value) -> Result<Value> {
    let data = envelope.get_mut("data").map(Value::take).ok_or_else(|| {
        Error::new(ErrorKind::Upstream, "the answer has no `data`")
            .hint("check that the address is that of an llmops server")
    })?;
    match envelope.get_mut("page").map(Value::take) {
        Some(page) if !page.is_null() => Ok(serde_json::json!({ "items": data, "page": page })),
        _ => Ok(data),
    }
}
