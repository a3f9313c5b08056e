//! Things by the names people give them: an id, `NAME:VERSION`, `NAME:VERSION:TYPE`, `NAME@ALIAS`, or `NAME` for the newest.

use llmops_core::base::{Error, Result};
use serde_json::{Value, json};

use super::client::{Client, text};
use super::suggest::nearest;

/// A kind of thing that has names.
struct Kind {
    what: &'static str,
    field: &'static str,
    get: &'static str,
    list: &'static str,
    /// Whether a name has versions.
    versions: bool,
    /// What asks the list for those of a name, and maybe for others.
    of_name: fn(&str) -> Value,
    verb: &'static str,
}

const MODEL: Kind = Kind {
    what: "model",
    field: "modelId",
    get: "catalog.get_model",
    list: "catalog.list_models",
    versions: true,
    of_name: |name| json!({ "name": name }),
    verb: "models list",
};
const DATASET: Kind = Kind {
    what: "dataset",
    field: "datasetId",
    get: "datasets.get_dataset",
    list: "datasets.list_datasets",
    versions: true,
    of_name: |name| json!({ "name": name }),
    verb: "datasets list",
};
const JOB: Kind = Kind {
    what: "training job",
    field: "jobId",
    get: "training.get_job",
    list: "training.list_jobs",
    versions: false,
    of_name: |name| json!({ "text": name }),
    verb: "train list",
};
const RUN: Kind = Kind {
    what: "run",
    field: "runId",
    get: "experiments.get_run",
    list: "experiments.search_runs",
    versions: false,
    of_name: |name| json!({ "filter": format!("name = '{}'", name.replace('\\', "\\\\").replace('\'', "\\'")) }),
    verb: "runs list",
};
const EVALUATION: Kind = Kind {
    what: "evaluation",
    field: "runId",
    get: "evaluation.get_run",
    list: "evaluation.list_runs",
    versions: false,
    of_name: |name| json!({ "text": name }),
    verb: "evaluate list",
};
/// How many of the newest are looked through for the one that is meant, or for what may have been meant.
const LOOKED_THROUGH: usize = 1000;

/// The model that is meant; an alias of its name stands behind an `@`.
pub(crate) async fn model(client: &Client, reference: &str) -> Result<Value> {
    if let Some((name, alias)) = reference.split_once('@') {
        let found = client.call("catalog.get_model_alias", json!({ "name": name, "alias": alias })).await?;
        return client.call("catalog.get_model", json!({ "modelId": text(&found, "modelId") })).await;
    }
    find(client, &MODEL, reference).await
}

/// The dataset that is meant.
pub(crate) async fn dataset(client: &Client, reference: &str) -> Result<Value> {
    find(client, &DATASET, reference).await
}

/// The id of the training job that is meant.
pub(crate) async fn job(client: &Client, reference: &str) -> Result<String> {
    named(client, &JOB, reference).await
}

/// The id of the run that is meant.
pub(crate) async fn run(client: &Client, reference: &str) -> Result<String> {
    named(client, &RUN, reference).await
}

/// The id of the evaluation that is meant.
pub(crate) async fn evaluation(client: &Client, reference: &str) -> Result<String> {
    named(client, &EVALUATION, reference).await
}

/// The endpoint that is meant: by its id, or by its route, which may begin with its environment as in `prod/chat`.
pub(crate) async fn endpoint(client: &Client, reference: &str) -> Result<Value> {
    if is_id(reference) {
        return client.call("serving.get_endpoint", json!({ "endpointId": reference })).await;
    }
    let all = client.list("serving.list_endpoints", json!({}), usize::MAX).await?;
    let mut found = all.iter().filter(|one| answers(one, reference));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one.clone()),
        (Some(_), Some(_)) => Err(Error::conflict(format!("more than one endpoint answers the route `{reference}`"))
            .hint(format!("say which: dev/{reference}, stg/{reference} or prod/{reference}"))),
        (None, _) => {
            let routes = all.iter().map(|one| text(one, "route").trim_start_matches('/'));
            let meant = meant(nearest(reference.trim_start_matches('/'), routes));
            Err(Error::not_found("endpoint", reference)
                .hint(format!("{meant}`llmops-server endpoints list` shows what there is")))
        }
    }
}

/// Whether a reference means this endpoint. Routes are kept with a slash in front and named with or without.
pub(crate) fn answers(endpoint: &Value, reference: &str) -> bool {
    let route = text(endpoint, "route").trim_start_matches('/');
    let wanted = reference.trim_start_matches('/');
    let within = wanted.strip_prefix(text(endpoint, "environment")).and_then(|rest| rest.strip_prefix('/'));
    wanted == route || within == Some(route)
}

/// The id of what is meant; an id is taken at its word.
async fn named(client: &Client, kind: &Kind, reference: &str) -> Result<String> {
    if is_id(reference) {
        return Ok(reference.to_owned());
    }
    Ok(id(&find(client, kind, reference).await?))
}

async fn find(client: &Client, kind: &Kind, reference: &str) -> Result<Value> {
    if is_id(reference) {
        return client.call(kind.get, json!({ kind.field: reference })).await;
    }
    let (name, version, of_type) = if kind.versions { split(reference) } else { (reference, None, None) };
    let most = match (kind.versions, version) {
        (true, None) => 1,
        (true, Some(_)) => usize::MAX,
        (false, _) => LOOKED_THROUGH,
    };
    let all = client.list(kind.list, (kind.of_name)(name), most).await?;
    let is = |one: &Value, field: &str, wanted: Option<&str>| wanted.is_none_or(|wanted| text(one, field) == wanted);
    let is_meant = |one: &&Value| text(one, "name") == name && is(one, "version", version) && is(one, "type", of_type);
    let found: Vec<&Value> = all.iter().filter(is_meant).collect();
    match found.first() {
        Some(_) if version.is_some() && found.len() > 1 => Err(ambiguous(kind.what, reference, &found)),
        Some(one) => Ok((*one).clone()),
        None if version.is_some() && !all.is_empty() => Err(no_version(kind, reference, &all)),
        None => Err(unknown(client, kind, reference, name).await),
    }
}

/// The name, the version and the type of `NAME:VERSION:TYPE`.
fn split(reference: &str) -> (&str, Option<&str>, Option<&str>) {
    let mut words = reference.splitn(3, ':');
    (words.next().unwrap_or_default(), words.next(), words.next())
}

/// Of several that a name and a version mean, a person says which one by its type.
pub(crate) fn ambiguous(what: &str, reference: &str, found: &[&Value]) -> Error {
    let types: Vec<&str> = found.iter().map(|one| text(one, "type")).collect();
    let ways: Vec<String> = types.iter().map(|of_type| format!("{reference}:{of_type}")).collect();
    Error::conflict(format!("`{reference}` is more than one {what}: {}", types.join(", ")))
        .code("ambiguous")
        .hint(format!("say which: {}", ways.join(" or ")))
}

fn no_version(kind: &Kind, reference: &str, there: &[Value]) -> Error {
    let named = |one: &Value| match split(reference) {
        (_, _, Some(_)) => format!("{}:{}", text(one, "version"), text(one, "type")),
        _ => text(one, "version").to_owned(),
    };
    let versions: Vec<String> = there.iter().map(named).take(10).collect();
    Error::not_found(kind.what, reference).hint(format!("it has the versions {}", versions.join(", ")))
}

/// Says what may have been meant. That the names cannot be listed is no second error.
async fn unknown(client: &Client, kind: &Kind, reference: &str, name: &str) -> Error {
    let all = client.list(kind.list, json!({}), LOOKED_THROUGH).await.unwrap_or_default();
    let meant = meant(nearest(name, all.iter().map(|one| text(one, "name"))));
    let how = if kind.versions { "an id, NAME:VERSION or NAME" } else { "an id or NAME" };
    Error::not_found(kind.what, reference)
        .hint(format!("{meant}give {how}; `llmops-server {}` shows what there is", kind.verb))
}

fn meant(name: Option<&str>) -> String {
    name.map(|name| format!("did you mean `{name}`? ")).unwrap_or_default()
}

/// The id of a thing.
pub(crate) fn id(thing: &Value) -> String {
    text(thing, "id").to_owned()
}

/// Whether this is an id, not a name.
pub(crate) fn is_id(reference: &str) -> bool {
    uuid::Uuid::try_parse(reference).is_ok_and(|_| reference.len() == 36)
}
