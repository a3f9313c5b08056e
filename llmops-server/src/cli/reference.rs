//! Things by the names people give them: an id, `NAME:VERSION`, or `NAME` for its newest version.

use llmops_core::base::{Error, Result};
use serde_json::{Value, json};

use super::client::{Client, text};

/// A kind of thing that has names and versions.
struct Kind {
    what: &'static str,
    field: &'static str,
    get: &'static str,
    list: &'static str,
}

const MODEL: Kind = Kind { what: "model", field: "modelId", get: "catalog.get_model", list: "catalog.list_models" };
const DATASET: Kind =
    Kind { what: "dataset", field: "datasetId", get: "datasets.get_dataset", list: "datasets.list_datasets" };

/// The model that is meant.
pub(crate) async fn model(client: &Client, reference: &str) -> Result<Value> {
    find(client, &MODEL, reference).await
}

/// The dataset that is meant.
pub(crate) async fn dataset(client: &Client, reference: &str) -> Result<Value> {
    find(client, &DATASET, reference).await
}

/// The endpoint that is meant: by its id, or by its route, which may begin with its environment as in `prod/chat`.
pub(crate) async fn endpoint(client: &Client, reference: &str) -> Result<Value> {
    if is_id(reference) {
        return client.call("serving.get_endpoint", json!({ "endpointId": reference })).await;
    }
    let all = client.list("serving.list_endpoints", json!({}), usize::MAX).await?;
    let mut found = all.into_iter().filter(|one| answers(one, reference));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Error::conflict(format!("more than one endpoint answers the route `{reference}`"))
            .hint(format!("say which: dev/{reference}, stg/{reference} or prod/{reference}"))),
        (None, _) => Err(Error::not_found("endpoint", reference).hint("`llmops-server endpoints list` shows them")),
    }
}

/// Whether a reference means this endpoint. Routes are kept with a slash in front and named with or without.
pub(crate) fn answers(endpoint: &Value, reference: &str) -> bool {
    let route = text(endpoint, "route").trim_start_matches('/');
    let wanted = reference.trim_start_matches('/');
    let within = wanted.strip_prefix(text(endpoint, "environment")).and_then(|rest| rest.strip_prefix('/'));
    wanted == route || within == Some(route)
}

async fn find(client: &Client, kind: &Kind, reference: &str) -> Result<Value> {
    if is_id(reference) {
        return client.call(kind.get, json!({ kind.field: reference })).await;
    }
    let (name, version) = reference.split_once(':').map_or((reference, None), |(name, version)| (name, Some(version)));
    let most = if version.is_some() { usize::MAX } else { 1 };
    let all = client.list(kind.list, json!({ "name": name }), most).await?;
    let mut found = all.into_iter().filter(|one| version.is_none_or(|version| text(one, "version") == version));
    found.next().ok_or_else(|| {
        Error::not_found(kind.what, reference)
            .hint(format!("give an id, NAME:VERSION or NAME; `llmops-server {}s list` shows them", kind.what))
    })
}

/// The id of a thing.
pub(crate) fn id(thing: &Value) -> String {
    text(thing, "id").to_owned()
}

/// Whether this is an id, not a name.
pub(crate) fn is_id(reference: &str) -> bool {
    uuid::Uuid::try_parse(reference).is_ok_and(|_| reference.len() == 36)
}
