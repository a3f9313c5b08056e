//! New repositories.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use llmops_core::base::{Ctx, Error, ErrorKind, Limits, Result};
use llmops_core::catalog::CreateModel;
use serde_json::{Value, json};

use super::address::{Kind, Repo};
use super::version::{self, of_model};
use super::{base, json_response, json_with, only_models};
use crate::{Door, answered, json as strict, read_body};

/// The version that a repository begins with.
const FIRST: &str = "1.0.0";

/// Makes a repository: the first version of a name, a draft without files.
pub(super) async fn create(door: &Door, ctx: Ctx, (parts, body): (&Parts, Body)) -> Result<Response> {
    let said = strict::parse(&read_body(door, &parts.headers, body, Limits::JSON_BYTES).await?)?;
    let text = |field: &str| said.get(field).and_then(Value::as_str).map(str::to_owned);
    let kind = match text("type").as_deref() {
        None | Some("model") => Kind::Models,
        Some("dataset") => Kind::Datasets,
        Some(_) => return Err(Error::invalid("type", "must be `model` or `dataset`").hint("there are no others here")),
    };
    only_models(&ctx, kind)?;
    let name = text("name").ok_or_else(|| Error::invalid("name", "is required").hint("name the repository"))?;
    let repo = Repo { kind, project: text("organization"), name };
    let ctx = version::entered(door, ctx, &repo)?;
    match version::revision(door, &ctx, &repo, "main").await {
        Ok(there) => {
            let url = format!("{}/{}", base(parts), there.repo_id());
            let answer = json!({ "error": "a repository of this name exists already", "url": url });
            return Ok(answered("catalog.create_model", json_with(StatusCode::CONFLICT, &answer)));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let request = CreateModel { name: repo.name.clone(), version: FIRST.to_owned(), ..CreateModel::default() };
    let made = door.ops().catalog().create_model(&ctx, request).await?;
    let made = of_model(made).ok_or_else(|| version::no_repo(&repo))?;
    let url = format!("{}/{}", base(parts), made.repo_id());
    let answer = json!({ "url": url, "id": made.repo_id(), "name": made.repo_id() });
    Ok(answered("catalog.create_model", json_response(&answer)))
}
