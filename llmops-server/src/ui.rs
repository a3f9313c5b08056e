//! The pages: built files that lie in this program.
//!
//! A file whose name holds its digest may be kept by browsers for ever; `index.html`, which names them, is asked for each
//! time. Every address that is no file and no route of the API is a page of the application, which reads it itself.

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::guard::answered;
use crate::{Door, routes};

const POLICY: &str = "default-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; \
                      base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
/// What lies below these belongs to the API: an unknown address there is an error for programs.
const NOT_PAGES: [&str; 4] = ["/llm-ops/", "/v1/", "/api/", "/assets/"];

#[derive(RustEmbed)]
#[folder = "ui-dist/"]
struct Built;

/// The routes of the files.
pub(crate) fn routes() -> Router<Door> {
    Router::new().route("/assets/{*file}", get(asset))
}

async fn asset(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    match file(path, request.headers(), kept) {
        Some(response) => answered("ui", response),
        None => routes::unknown_path().await.into_response(),
    }
}

/// Answers what no route takes: with the application where somebody looks for a page.
pub(crate) async fn page(request: Request) -> Response {
    let path = request.uri().path();
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    // What has an ending is a file that is not there, unless a browser is looking for a page: things have names with dots.
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let has_ending = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let is_file = has_ending && !accepts.contains("text/html");
    if !looks || is_file || NOT_PAGES.iter().any(|prefix| path.starts_with(prefix)) {
        return routes::unknown_path().await.into_response();
    }
    let Some(mut response) = file("index.html", request.headers(), HeaderValue::from_static("no-cache")) else {
        return routes::unknown_path().await.into_response();
    };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    answered("ui", response)
}

/// A file, compressed if the browser takes it so, or the word that the browser has it.
fn file(path: &str, asked: &HeaderMap, kept: HeaderValue) -> Option<Response> {
    let plain = Built::get(path)?;
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let tag = format!("\"{}\"", hex(&plain));
    let takes = text(header::ACCEPT_ENCODING).split(',').any(|one| one.trim().split(';').next() == Some("br"));
    let packed = if takes { Built::get(&format!("{path}.br")) } else { None };
    let mut headers = HeaderMap::from_iter([
        (header::CACHE_CONTROL, kept),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type(path))),
    ]);
    headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
    if text(header::IF_NONE_MATCH).split(',').any(|one| one.trim().trim_start_matches("W/") == tag) {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    if packed.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    let data = packed.unwrap_or(plain).data;
    Some((headers, data.into_owned()).into_response())
}

fn hex(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
