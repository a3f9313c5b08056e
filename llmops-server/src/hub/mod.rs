//! The protocol of the Hugging Face Hub over the operations of models and datasets, so that its stock clients work unchanged
//! with `HF_ENDPOINT` and an API key as `HF_TOKEN`.
//!
//! A repository is a name of the catalog, in the caller's project or as `PROJECT/NAME`. Its revisions are the versions of that
//! name; a commit is the first 40 hex digits of a version's digest of files.

mod address;
mod commit;
mod lines;
mod pushed;
mod read;
mod send;
mod shard;
mod tell;
#[cfg(test)]
mod tests;
mod version;
mod write;
mod xet;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use llmops_core::base::{Error, ErrorKind, Result};
use serde_json::{Value, json};

use address::{Address, Kind};

use crate::{Door, Failure, answered, caller, read_body, routes};

/// What of the server's paths is the hub's, beside those of repositories.
const OWN: [&str; 6] =
    ["/api/models", "/api/datasets", "/api/repos/", "/api/whoami-v2", "/api/validate-yaml", "/api/hub/"];

/// The largest card that is asked about, in bytes of JSON: anybody may send it.
const CARD_BYTES: usize = 4 << 20;

/// The routes.
pub(crate) fn routes() -> Router<Door> {
    let files = ["/{a}/resolve/{b}/{*c}", "/{a}/{b}/resolve/{c}/{*d}"];
    let batches = ["/{a}/info/lfs/objects/batch", "/{a}/{b}/info/lfs/objects/batch"];
    let mut router = Router::new()
        .route("/api/whoami-v2", get(whoami))
        .route("/api/validate-yaml", post(validate))
        .route("/api/models", get(models))
        .route("/api/datasets", get(datasets))
        .route("/api/models/{*rest}", get(ask).post(ask))
        .route("/api/datasets/{*rest}", get(ask).post(ask))
        .route("/api/repos/create", post(create))
        .route("/api/hub/{kind}/{id}/{digest}", put(bytes))
        .route("/api/hub/xet/{kind}/{id}/v1/xorbs/{group}/{hash}", post(pieces))
        .route("/api/hub/xet/{kind}/{id}/v1/shards", post(shard));
    for path in files {
        router = router.route(path, get(ask)).route(&format!("/datasets{path}"), get(ask));
    }
    for path in batches {
        router = router.route(path, post(ask)).route(&format!("/datasets{path}"), post(ask));
    }
    router.method_not_allowed_fallback(wrong_verb)
}

/// Whether a path is one of the hub's.
pub(crate) fn speaks(path: &str) -> bool {
    OWN.iter().any(|own| path.starts_with(own)) || Address::parse(path).is_some()
}

/// The name that clients of the hub know an error by.
pub(crate) fn error_code(error: &Error) -> Option<&'static str> {
    match error.stable_code() {
        "repo_not_found" => Some("RepoNotFound"),
        "revision_not_found" => Some("RevisionNotFound"),
        "entry_not_found" => Some("EntryNotFound"),
        _ => None,
    }
}

async fn wrong_verb() -> Failure {
    let error = Error::new(ErrorKind::MethodNotAllowed, "this path does not take this verb");
    Failure(error.hint("repositories are deleted, moved and configured through the server's own operations"))
}

async fn whoami(State(door): State<Door>, request: Request) -> Result<Response, Failure> {
    let ctx = caller(&door, &request.into_parts().0)?;
    Ok(answered("governance.get_session", json_response(&read::whoami(&door, &ctx).await?)))
}

/// Clients ask whether a card can be read before they send it, and send no key with it. What of it cannot is left out, and nothing
/// is refused.
async fn validate(State(door): State<Door>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    read_body(&door, &parts.headers, body, CARD_BYTES).await?;
    Ok(json_response(&json!({ "errors": [], "warnings": [] })))
}

async fn models(State(door): State<Door>, request: Request) -> Result<Response, Failure> {
    list(&door, Kind::Models, &request.into_parts().0).await
}

async fn datasets(State(door): State<Door>, request: Request) -> Result<Response, Failure> {
    list(&door, Kind::Datasets, &request.into_parts().0).await
}

async fn list(door: &Door, kind: Kind, parts: &Parts) -> Result<Response, Failure> {
    let (items, next) = read::list(door, caller(door, parts)?, kind, &parts.uri).await?;
    let mut response = json_response(&items);
    let link = next.map(|query| format!("<{}/api/{}?{query}>; rel=\"next\"", base(parts), kind.plural()));
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(answered(kind.list(), response))
}

/// What is asked of one repository.
async fn ask(State(door): State<Door>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let ctx = caller(&door, &parts)?; // before a byte of the body is read
    let address = Address::of(&parts.uri).ok_or_else(routes::unknown)?;
    let ctx = version::entered(&door, ctx, &address.repo)?;
    let asked = (parts.method.clone(), address.what.as_str());
    let response = match asked {
        (Method::GET | Method::HEAD, _) => read::ask(&door, &ctx, &address, &parts).await?,
        (_, "paths-info") => read::paths_info(&door, &ctx, &address, (&parts, body)).await?,
        (_, "preupload") => send::preupload(&door, &ctx, &address, (&parts, body)).await?,
        (_, "lfs") => send::batch(&door, &ctx, &address, (&parts, body)).await?,
        (_, "commit") => commit::commit(&door, &ctx, &address, (&parts, body)).await?,
        _ => return Err(wrong_verb().await),
    };
    Ok(response)
}

async fn create(State(door): State<Door>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let ctx = caller(&door, &parts)?;
    Ok(write::create(&door, ctx, (&parts, body)).await?)
}

async fn bytes(State(door): State<Door>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let kind = parts.uri.path().split('/').nth(3).and_then(Kind::named).unwrap_or(Kind::Models);
    let outcome = send::bytes(&door, kind, (&parts, body)).await;
    answered(kind.stage(), outcome.unwrap_or_else(|error| Failure(error).into_response()))
}

async fn pieces(State(door): State<Door>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    Ok(xet::pieces(&door, (&parts, body)).await?)
}

async fn shard(State(door): State<Door>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    Ok(xet::files(&door, (&parts, body)).await?)
}

fn json_response(answer: &Value) -> Response {
    json_with(StatusCode::OK, answer)
}

fn json_with(status: StatusCode, answer: &Value) -> Response {
    let mut response = Response::new(Body::from(answer.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The server as its client calls it: links must be whole. Behind a proxy that ends TLS, it says so.
fn base(parts: &Parts) -> String {
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").or(parts.uri.authority().map(|host| host.as_str())).unwrap_or("localhost");
    let is_tls = text("x-forwarded-proto") == Some("https") || parts.uri.scheme_str() == Some("https");
    format!("{}://{host}", if is_tls { "https" } else { "http" })
}

/// A field of the query.
fn query(parts: &Parts, name: &str) -> Option<String> {
    let query = parts.uri.query().unwrap_or_default();
    let mut found = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    found.next().map(|(_, value)| value.into_owned())
}

/// Whether a field of the query says yes.
fn wants(parts: &Parts, name: &str) -> bool {
    query(parts, name).is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "true" | "1"))
}
