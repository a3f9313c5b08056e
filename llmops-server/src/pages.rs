//! What is not an operation: health, metrics, the API's description and its reference page.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use llmops_core::base::{Error, Result};
use serde_json::{Map, Value, json};

use crate::guard::answered;
use crate::{Door, Failure, auth, telemetry};

/// The routes.
pub(crate) fn routes() -> Router<Door> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .route("/docs", get(docs))
        .route("/llm-ops/v1/openapi.json", get(openapi))
        .method_not_allowed_fallback(only_get)
}

async fn only_get() -> Failure {
    Failure(
        Error::new(llmops_core::base::ErrorKind::MethodNotAllowed, "this path takes GET, HEAD")
            .hint("see /docs, or /llm-ops/v1/openapi.json"),
    )
}

async fn healthz() -> Response {
    answered("healthz", axum::Json(json!({ "status": "ok" })).into_response())
}

/// Ready when every dependency answers and the server is not on its way out.
async fn readyz(State(door): State<Door>) -> Response {
    let checked = door.ops().health().await;
    let accepting = door.is_ready();
    let well = accepting && checked.iter().all(|(_, wrong)| wrong.is_none());
    let mut checks: Map<String, Value> = Map::new();
    for (name, wrong) in checked {
        checks.insert(name.to_owned(), wrong.unwrap_or_else(|| "ok".into()).into());
    }
    checks.insert("server".into(), if accepting { "ok" } else { "draining" }.into());
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({ "status": if well { "ready" } else { "not_ready" }, "checks": checks });
    answered("readyz", (status, axum::Json(body)).into_response())
}

async fn metrics(State(door): State<Door>, request: Request) -> Response {
    let answer = permitted_metrics(&door, request).await.unwrap_or_else(|error| Failure(error).into_response());
    answered("metrics", answer)
}

/// On a door that only this machine reaches the counts are open, as scrapers expect; they name no caller and no content.
async fn permitted_metrics(door: &Door, request: Request) -> Result<Response> {
    if !door.is_loopback() {
        may_observe(door, request)?;
    }
    match door.ops().gauges().await {
        Ok(gauges) => telemetry::gauges(&gauges),
        // The counts of the process itself are worth the more when the database is away.
        Err(error) => tracing::warn!(%error, "cannot count what goes on"),
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], door.metrics().render()).into_response())
}

fn may_observe(door: &Door, request: Request) -> Result<()> {
    let ctx = auth::caller(door, &request.into_parts().0)?;
    if !ctx.caller.may("observability:read") {
        return Err(Error::denied("metrics need the permission `observability:read`")
            .code("permission_missing")
            .hint("ask an administrator for a role or key that holds it"));
    }
    Ok(())
}

async fn openapi(State(door): State<Door>) -> Response {
    let answer = match door.openapi().await {
        Ok(document) => ([(header::CONTENT_TYPE, "application/json")], document).into_response(),
        Err(error) => Failure(error).into_response(),
    };
    answered("openapi", answer)
}

async fn docs() -> Response {
    let mut response = Html(include_str!("docs.html")).into_response();
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; \
                  base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    answered("docs", response)
}
