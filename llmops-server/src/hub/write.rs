//! New repositories.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use llmops_core::base::{Ctx, Error, ErrorKind, Limits, Result};
use llmops_core::catalog::CreateModel;
use llmops_core::datasets::{ColumnRoles, CreateDataset, DatasetType};
use serde_json::{Map, Value, json};

use super::address::{Kind, Repo};
use super::version::{self, of_dataset, of_model};
use super::{base, json_response, json_with};
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
    let name = text("name").ok_or_else(|| Error::invalid("name", "is required").hint("name the repository"))?;
    let repo = Repo { kind, project: text("organization"), name };
    let ctx = version::entered(door, ctx, &repo)?;
    match version::revision(door, &ctx, &repo, "main").await {
        Ok(there) => {
            let url = format!("{}/{}", base(parts), there.place());
            let answer = json!({ "error": "a repository of this name exists already", "url": url });
            return Ok(answered(kind.create(), json_with(StatusCode::CONFLICT, &answer)));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let made = match kind {
        Kind::Models => {
            let request = CreateModel { name: repo.name.clone(), version: FIRST.to_owned(), ..CreateModel::default() };
            of_model(door.ops().catalog().create_model(&ctx, request).await?)
        }
        Kind::Datasets => Some(of_dataset(door.ops().datasets().create_dataset(&ctx, dataset(&repo.name)).await?)),
    };
    let made = made.ok_or_else(|| version::no_repo(&repo))?;
    let url = format!("{}/{}", base(parts), made.place());
    let answer = json!({ "url": url, "id": made.repo_id(), "name": made.repo_id() });
    Ok(answered(kind.create(), json_response(&answer)))
}

/// Clients say only its name: what it is for is nobody's guess.
fn dataset(name: &str) -> CreateDataset {
    CreateDataset {
        name: name.to_owned(),
        version: FIRST.to_owned(),
        dataset_type: DatasetType::Other,
        owner_team: None,
        change_log: None,
        columns: ColumnRoles::default(),
        metadata: Map::new(),
        tags: Vec::new(),
    }
}
