//! Nothing of one project is seen from another, by whatever operation.

use std::path::Path;

use futures::StreamExt;
use llmops_core::LlmOps;
use llmops_core::base::{Error, ErrorKind};
use llmops_core::op::{Kind, Operation, Part, parts};
use serde_json::{Map, Value, json};

/// What is the same wherever one asks.
const EVERYWHERE: [&str; 3] = ["governance.list_projects", "evaluation.list_metrics", "catalog.list_model_families"];

/// Looks at all that a told story left, from another project.
pub async fn nothing_is_seen_from_another(data: &Path) {
    let ops = LlmOps::builder().data_dir(data).loops(false).open().await.unwrap();
    ops.call(ops.ctx(), "governance.create_project", json!({ "name": "other" })).await.unwrap();
    let other = ops.with_project("other").unwrap();
    let looks: Vec<&Operation> = ops.operations().iter().filter(|op| matches!(op.verb, "GET" | "DELETE")).collect();
    for op in looks.iter().filter(|op| op.verb == "GET" && !op.path.contains('{') && op.kind() == Kind::Unary) {
        let Ok(list) = other.call(other.ctx(), op.name, json!({})).await else { continue };
        if list["items"].is_array() && !EVERYWHERE.contains(&op.name) {
            assert_eq!(list["items"], json!([]), "{}", op.name);
        }
    }
    let mut seen = 0;
    for op in looks.iter().filter(|op| op.path.contains('{') && op.name != "governance.revoke_api_key") {
        let request = Value::Object(known(&ops, op).await);
        let error = ask(&other, op, request.clone()).await.expect_err(op.name);
        assert_eq!(error.kind(), ErrorKind::NotFound, "{} {request}: {error}", op.name);
        seen += 1;
    }
    assert!(seen > 30, "{seen} operations were tried");
    ops.shutdown().await;
}

async fn ask(ops: &LlmOps, op: &Operation, request: Value) -> Result<(), Error> {
    match op.kind() {
        Kind::Stream => {
            ops.stream(ops.ctx(), op.name, request).await?.next().await.unwrap_or(Ok(Value::Null)).map(drop)
        }
        Kind::Download => ops.download(ops.ctx(), op.name, request).await.map(drop),
        _ => ops.call(ops.ctx(), op.name, request).await.map(drop),
    }
}

/// What the path of an operation names, of a thing that is there.
pub(crate) async fn known(ops: &LlmOps, op: &Operation) -> Map<String, Value> {
    let mut found = Map::new();
    for name in op.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let name = name.trim_start_matches('*');
        let (list, request, field) = match name {
            "modelId" => ("catalog.list_models", json!({}), "id"),
            "datasetId" => ("datasets.list_datasets", json!({}), "id"),
            "name" if op.name.starts_with("datasets.") => {
                let request = json!({ "name": "looked-at" });
                ops.call(ops.ctx(), "datasets.put_pii_policy", request).await.unwrap();
                ("datasets.list_pii_policies", json!({}), "name")
            }
            "name" => return alias(ops).await,
            "a" | "b" if op.name.starts_with("catalog.") => ("catalog.list_models", json!({}), "id"),
            "a" | "b" => ("datasets.list_datasets", json!({}), "id"),
            "derivationId" => {
                let of = json!({ "datasetId": found["datasetId"] });
                let known = ops.call(ops.ctx(), "datasets.list_dataset_derivations", of.clone()).await.unwrap();
                if known["items"] == json!([]) {
                    let request = json!({ "datasetId": found["datasetId"], "name": "derived", "dedupe": {} });
                    ops.call(ops.ctx(), "datasets.derive_dataset", request).await.unwrap();
                }
                ("datasets.list_dataset_derivations", of, "id")
            }
            "checkId" => return check(ops, found).await,
            "countId" => return count(ops, found).await,
            "jobId" => ("training.list_jobs", json!({}), "id"),
            "endpointId" => ("serving.list_endpoints", json!({}), "id"),
            "credentialId" => {
                let request =
                    json!({ "name": "looked-at", "baseUrl": "https://models.example.com", "secret": "secret" });
                ops.call(ops.ctx(), "governance.create_credential", request).await.unwrap();
                ("governance.list_credentials", json!({}), "id")
            }
            "route" => ("serving.list_endpoints", json!({}), "route"),
            "runId" if op.name.starts_with("evaluation.") => ("evaluation.list_runs", json!({}), "id"),
            "runId" => ("experiments.search_runs", json!({}), "id"),
            "importId" => {
                ops.call(ops.ctx(), "catalog.import_model", json!({ "repo": "somebody/looked-at" })).await.unwrap();
                ("catalog.list_model_imports", json!({}), "id")
            }
            "exportId" => return export(ops).await,
            "uploadId" => return upload(ops, found).await,
            "path" if op.name.starts_with("catalog.") => {
                ("catalog.list_model_files", json!({ "modelId": found["modelId"] }), "path")
            }
            "version" if op.name == "datasets.diff_dataset_version" => {
                ("datasets.list_dataset_versions", json!({ "datasetId": found["datasetId"] }), "version")
            }
            "path" => ("datasets.list_dataset_files", json!({ "datasetId": found["datasetId"] }), "path"),
            _ => panic!("{}: say here what `{name}` is", op.name),
        };
        let items = ops.call(ops.ctx(), list, request).await.unwrap_or_else(|e| panic!("{list}: {e}"));
        assert!(items["items"][0][field].is_string(), "{list} has no `{field}`: {items}");
        found.insert(name.to_owned(), items["items"][0][field].clone());
    }
    found
}

/// A file that comes in parts, of the model or dataset that was found; a dataset that takes one.
async fn upload(ops: &LlmOps, mut found: Map<String, Value>) -> Map<String, Value> {
    let (room, thing) = if found.contains_key("modelId") { ("catalog", "model") } else { ("datasets", "dataset") };
    if thing == "dataset" {
        let request = json!({ "name": "sent-in-parts", "version": "1.0.0", "type": "other" });
        // It may be there from the operation before.
        let _ = ops.call(ops.ctx(), "datasets.create_dataset", request).await;
        let known = ops.call(ops.ctx(), "datasets.list_datasets", json!({ "name": "sent-in-parts" })).await.unwrap();
        found.insert("datasetId".to_owned(), known["items"][0]["id"].clone());
        // The newest dataset is what the operations that follow are asked about: they need a file.
        let body = parts(vec![Part::from_bytes("rows.txt", "a row\n")]);
        let request = json!({ "datasetId": found["datasetId"] });
        ops.upload(ops.ctx(), "datasets.upload_dataset_files", request, body).await.unwrap();
    }
    let mut request = json!({ "path": "notes.md", "bytes": 3 });
    request[format!("{thing}Id")] = found[&format!("{thing}Id")].clone();
    let made = ops.call(ops.ctx(), &format!("{room}.create_{thing}_upload"), request).await.unwrap();
    found.insert("uploadId".to_owned(), made["id"].clone());
    found
}

/// A contamination check that is there, of a dataset that is.
async fn check(ops: &LlmOps, mut found: Map<String, Value>) -> Map<String, Value> {
    let of = json!({ "datasetId": found["datasetId"] });
    let known = ops.call(ops.ctx(), "datasets.list_contamination_checks", of.clone()).await.unwrap();
    if known["items"] == json!([]) {
        let all = ops.call(ops.ctx(), "datasets.list_datasets", json!({})).await.unwrap();
        let others = all["items"].as_array().unwrap().iter().map(|one| &one["id"]);
        let others: Vec<&Value> = others.filter(|id| **id != found["datasetId"]).take(1).collect();
        let request = json!({ "datasetId": found["datasetId"], "against": others });
        ops.call(ops.ctx(), "datasets.check_dataset_contamination", request).await.unwrap();
    }
    let known = ops.call(ops.ctx(), "datasets.list_contamination_checks", of).await.unwrap();
    found.insert("checkId".to_owned(), known["items"][0]["id"].clone());
    found
}

/// A count of tokens that is there, of a dataset that is.
async fn count(ops: &LlmOps, mut found: Map<String, Value>) -> Map<String, Value> {
    let of = json!({ "datasetId": found["datasetId"] });
    let known = ops.call(ops.ctx(), "datasets.list_token_counts", of.clone()).await.unwrap();
    if known["items"] == json!([]) {
        let model = json!({ "name": "counts-tokens", "version": "1.0.0" });
        let model = ops.call(ops.ctx(), "catalog.create_model", model).await.unwrap()["id"].clone();
        let tokenizer =
            json!({ "version": "1.0", "model": { "type": "WordLevel", "vocab": { "?": 0 }, "unk_token": "?" } });
        let body = parts(vec![Part::from_bytes("tokenizer.json", tokenizer.to_string())]);
        let request = json!({ "modelId": model });
        ops.upload(ops.ctx(), "catalog.upload_model_files", request, body).await.unwrap();
        let request = json!({ "datasetId": found["datasetId"], "modelId": model });
        ops.call(ops.ctx(), "datasets.count_tokens", request).await.unwrap();
    }
    let known = ops.call(ops.ctx(), "datasets.list_token_counts", of).await.unwrap();
    found.insert("countId".to_owned(), known["items"][0]["id"].clone());
    found
}

/// An export that is there.
async fn export(ops: &LlmOps) -> Map<String, Value> {
    let models = ops.call(ops.ctx(), "catalog.list_models", json!({ "status": "approved" })).await.unwrap();
    let request = json!({ "modelId": models["items"][0]["id"], "repo": "somebody/looked-at" });
    // One is begun at most; where one is under way already, it is that.
    let _ = ops.call(ops.ctx(), "catalog.export_model", request).await;
    let known = ops.call(ops.ctx(), "catalog.list_model_exports", json!({})).await.unwrap();
    let mut found = Map::new();
    found.insert("exportId".to_owned(), known["items"][0]["id"].clone());
    found
}

/// An alias that is there: it is set where none is.
async fn alias(ops: &LlmOps) -> Map<String, Value> {
    let models = ops.call(ops.ctx(), "catalog.list_models", json!({})).await.unwrap();
    let model = &models["items"][0];
    let known = json!({ "name": model["name"], "alias": "looked-at" });
    let mut request = known.clone();
    request["version"] = model["version"].clone();
    request["type"] = model["type"].clone();
    ops.call(ops.ctx(), "catalog.set_model_alias", request).await.unwrap();
    serde_json::from_value(known).unwrap()
}
