//! The wire to a server: each operation as its HTTP call, the envelope opened, errors given back as they were.

use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::{Map, Value};

use crate::base::{Ctx, Error, ErrorKind, Events, Result, Secret};
use crate::op::{Download, Operation, Parts, Wire};

/// Calls a server.
pub(super) struct HttpWire {
    client: reqwest::Client,
    base: String,
}

impl HttpWire {
    pub(super) fn connect(url: &str, api_key: Option<Secret>) -> Result<Arc<dyn Wire>> {
        crate::base::ensure_crypto_provider();
        let invalid =
            || Error::invalid("url", "must be the address of a server").hint("for example http://127.0.0.1:8080");
        let parsed = url::Url::parse(url).map_err(|e| invalid().caused_by(e))?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
            return Err(invalid());
        }
        let mut headers = HeaderMap::new();
        if let Some(key) = api_key {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose())).map_err(|_| {
                Error::invalid("apiKey", "must be printable ASCII").hint("copy the key as it was shown")
            })?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let client = reqwest::Client::builder()
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true)
            .connect_timeout(std::time::Duration::from_secs(10))
            .build()
            .map_err(|e| Error::unexpected("the HTTP client cannot be made").caused_by(e))?;
        Ok(Arc::new(Self { client, base: format!("{}/llm-ops/v1", url.trim_end_matches('/')) }))
    }

    /// The call without its body: address, query and headers.
    fn request(&self, op: &Operation, ctx: &Ctx, req: Value) -> Result<(reqwest::RequestBuilder, Value)> {
        let Value::Object(mut fields) = req else {
            return Err(Error::unexpected("a request is not an object"));
        };
        fields.retain(|_, value| !value.is_null());
        let path = fill(op.path, &mut fields)?;
        let verb = op.verb.parse().map_err(|_| Error::unexpected("an operation has no HTTP verb"))?;
        let mut builder = self.client.request(verb, format!("{}{path}", self.base));
        builder = builder.header("x-request-id", &ctx.request_id);
        if let Some(key) = &ctx.idempotency_key {
            builder = builder.header("idempotency-key", key);
        }
        if let Some(tag) = &ctx.if_match {
            builder = builder.header("if-match", tag);
        }
        let in_query = matches!(op.verb, "GET" | "DELETE") || op.kind() == crate::op::Kind::Upload;
        if in_query {
            builder = builder.query(&query(std::mem::take(&mut fields)));
        }
        Ok((builder, Value::Object(fields)))
    }

    async fn send(&self, op: &Operation, builder: reqwest::RequestBuilder) -> Result<reqwest::Response> {
        let response = builder.send().await.map_err(|e| self.unreachable(e))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap_or_default();
        let fallback = ErrorKind::ALL.iter().copied().find(|kind| kind.status() == status);
        match body.get("error") {
            Some(error) => Err(Error::from_json(error, fallback.unwrap_or(ErrorKind::Upstream))),
            None => Err(Error::new(
                ErrorKind::Upstream,
                format!("{} answered {status} without the platform's envelope", op.name),
            )
            .hint("check that the address is that of an llmops server")),
        }
    }

    fn unreachable(&self, cause: reqwest::Error) -> Error {
        Error::unavailable(format!("the server at {} cannot be reached", self.base))
            .hint("check the address and that the server runs")
            .caused_by(cause)
    }
}

#[async_trait]
impl Wire for HttpWire {
    async fn unary(&self, op: &'static Operation, ctx: &Ctx, req: Value) -> Result<Value> {
        let (builder, body) = self.request(op, ctx, req)?;
        let builder = if matches!(op.verb, "GET" | "DELETE") { builder } else { builder.json(&body) };
        let response = self.send(op, builder).await?;
        if response.headers().contains_key("idempotent-replayed") {
            ctx.reply.set_replayed();
        }
        open_envelope(response.json().await.map_err(|e| self.unreachable(e))?)
    }

    async fn stream(&self, op: &'static Operation, ctx: &Ctx, req: Value) -> Result<Events<Value>> {
        let (builder, body) = self.request(op, ctx, req)?;
        let builder = if matches!(op.verb, "GET" | "DELETE") { builder } else { builder.json(&body) };
        let response = self.send(op, builder.header("accept", "text/event-stream")).await?;
        let broken = |e| Error::unavailable("the stream broke off").caused_by(e);
        let bytes = response.bytes_stream().map_err(broken).boxed();
        Ok(crate::egress::sse::events(bytes).map(|event| event.and_then(|e| e.into_item())).boxed())
    }

    async fn upload(&self, op: &'static Operation, ctx: &Ctx, req: Value, body: Parts) -> Result<Value> {
        let (builder, _) = self.request(op, ctx, req)?;
        let (form_type, stream) = crate::egress::form::encode(body);
        let builder = builder.header("content-type", form_type).body(reqwest::Body::wrap_stream(stream));
        let response = self.send(op, builder).await?;
        open_envelope(response.json().await.map_err(|e| self.unreachable(e))?)
    }

    async fn download(&self, op: &'static Operation, ctx: &Ctx, req: Value) -> Result<Download> {
        let (builder, _) = self.request(op, ctx, req)?;
        let response = self.send(op, builder).await?;
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

/// Puts the fields named in the path where they belong.
fn fill(template: &str, fields: &mut Map<String, Value>) -> Result<String> {
    let mut path = String::new();
    for segment in template.split('/').skip(1) {
        path.push('/');
        let Some(name) = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) else {
            path.push_str(segment);
            continue;
        };
        let (name, whole) = name.strip_prefix('*').map_or((name, false), |rest| (rest, true));
        let value = fields
            .remove(name)
            .ok_or_else(|| Error::invalid(name, "is required").code("missing_field").hint("send it"))?;
        let text = plain(&value);
        if text.is_empty() {
            return Err(Error::invalid(name, "must not be empty").hint("send its text"));
        }
        let encode = |part: &str| {
            let mut url = url::Url::parse("http://x/").ok();
            if let Some(mut segments) = url.as_mut().and_then(|u| u.path_segments_mut().ok()) {
                segments.clear().push(part);
            }
            url.map(|u| u.path()[1..].to_owned()).unwrap_or_default()
        };
        let parts: Vec<String> = if whole { text.split('/').map(encode).collect() } else { vec![encode(&text)] };
        path.push_str(&parts.join("/"));
    }
    Ok(path)
}

fn query(fields: Map<String, Value>) -> Vec<(String, String)> {
    let text = |value: Value| match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => plain(&other),
    };
    fields.into_iter().map(|(key, value)| (key, text(value))).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn content_range(text: &str) -> Option<(u64, u64, u64)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}
