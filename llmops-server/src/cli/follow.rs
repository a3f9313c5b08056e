//! Waiting for what goes on at a server, and showing how far it is.

use std::time::Duration;

use futures::TryStreamExt;
use llmops_core::base::{Error, ErrorKind, Result};
use serde_json::{Value, json};

use super::Progress;
use super::client::{Client, text};
use super::output::decimal;

/// How often a stream that broke off is taken up again before that is an error.
const PATIENCE: u32 = 20;

/// Something at a server that goes on and comes to rest.
struct Goal<'a> {
    operation: &'static str,
    request: Value,
    label: &'a str,
    rests: fn(&Value) -> bool,
    shows: fn(&Value) -> (u64, u64, String),
}

/// Follows a validation to its end; gives the validation.
pub(crate) async fn validation(client: &Client, dataset: &str, label: &str) -> Result<Value> {
    let operation = "datasets.watch_dataset_validation";
    let rests = |now: &Value| matches!(text(now, "state"), "succeeded" | "failed");
    let shows = |now: &Value| {
        let count = |name: &str| now.pointer(&format!("/progress/{name}")).and_then(Value::as_u64).unwrap_or_default();
        (count("bytes"), count("totalBytes"), format!("{} rows", count("rows")))
    };
    follow(client, Goal { operation, request: json!({ "datasetId": dataset }), label, rests, shows }).await
}

/// Follows a derivation to its end; gives the derivation.
pub(crate) async fn derivation(client: &Client, dataset: &str, derivation: &str, label: &str) -> Result<Value> {
    let operation = "datasets.watch_dataset_derivation";
    let rests = |now: &Value| matches!(text(now, "state"), "succeeded" | "failed" | "cancelled");
    let shows = |now: &Value| {
        let count = |name: &str| now.pointer(&format!("/progress/{name}")).and_then(Value::as_u64).unwrap_or_default();
        (count("bytes"), count("totalBytes"), format!("{} rows", count("rows")))
    };
    let request = json!({ "datasetId": dataset, "derivationId": derivation });
    follow(client, Goal { operation, request, label, rests, shows }).await
}

/// Follows a contamination check to its end; gives the check.
pub(crate) async fn contamination(client: &Client, dataset: &str, check: &str, label: &str) -> Result<Value> {
    let operation = "datasets.watch_contamination_check";
    let rests = |now: &Value| matches!(text(now, "state"), "succeeded" | "failed" | "cancelled");
    let shows = |now: &Value| {
        let count = |name: &str| now.pointer(&format!("/progress/{name}")).and_then(Value::as_u64).unwrap_or_default();
        (count("bytes"), count("totalBytes"), format!("{} rows", count("rows")))
    };
    let request = json!({ "datasetId": dataset, "checkId": check });
    follow(client, Goal { operation, request, label, rests, shows }).await
}

/// Follows a count of tokens to its end; gives the count.
pub(crate) async fn token_count(client: &Client, dataset: &str, count: &str, label: &str) -> Result<Value> {
    let operation = "datasets.watch_token_count";
    let rests = |now: &Value| matches!(text(now, "state"), "succeeded" | "failed" | "cancelled");
    let shows = |now: &Value| {
        let count = |name: &str| now.pointer(&format!("/progress/{name}")).and_then(Value::as_u64).unwrap_or_default();
        (count("bytes"), count("totalBytes"), format!("{} rows", count("rows")))
    };
    let request = json!({ "datasetId": dataset, "countId": count });
    follow(client, Goal { operation, request, label, rests, shows }).await
}

/// Follows an import to its end; gives the import.
pub(crate) async fn import(client: &Client, import: &str, label: &str) -> Result<Value> {
    let shows = |now: &Value| transfer_shows(now, ("receivedFiles", "receivedBytes"));
    let (operation, request) = ("catalog.watch_model_import", json!({ "importId": import }));
    follow(client, Goal { operation, request, label, rests: transfer_rests, shows }).await
}

/// Follows an export to its end; gives the export.
pub(crate) async fn export(client: &Client, export: &str, label: &str) -> Result<Value> {
    let shows = |now: &Value| transfer_shows(now, ("sentFiles", "sentBytes"));
    let (operation, request) = ("catalog.watch_model_export", json!({ "exportId": export }));
    follow(client, Goal { operation, request, label, rests: transfer_rests, shows }).await
}

fn transfer_rests(now: &Value) -> bool {
    matches!(text(now, "state"), "succeeded" | "failed" | "cancelled")
}

/// How far a model is on its way, or what is in the way.
fn transfer_shows(now: &Value, (files, bytes): (&str, &str)) -> (u64, u64, String) {
    let count = |name: &str| now.get(name).and_then(Value::as_u64).unwrap_or_default();
    let counted = format!("bytes, {} of {} files", count(files), count("files"));
    let said = now.pointer("/error/message").and_then(Value::as_str).map_or(counted, str::to_owned);
    (count(bytes), count("bytes"), said)
}

/// Follows a training job to its end; gives the job.
pub(crate) async fn job(client: &Client, job: &str, label: &str) -> Result<Value> {
    let rests = |now: &Value| matches!(text(now, "status"), "succeeded" | "failed" | "cancelled");
    follow(
        client,
        Goal { operation: "training.watch_job", request: json!({ "jobId": job }), label, rests, shows: job_shows },
    )
    .await
}

/// How far a job is: its loss, or why it waits.
fn job_shows(now: &Value) -> (u64, u64, String) {
    let Some(progress) = now.get("progress").filter(|progress| !progress.is_null()) else {
        return (0, 0, text(now, "statusReason").to_owned());
    };
    let count = |name: &str| progress.get(name).and_then(Value::as_u64).unwrap_or_default();
    let losses = [("loss", "loss"), ("evalLoss", "on data kept aside")].into_iter().filter_map(|(field, name)| {
        progress.get(field).and_then(Value::as_f64).map(|loss| format!("{name} {}", decimal(loss)))
    });
    (count("step"), count("steps"), losses.collect::<Vec<_>>().join(", "))
}

/// Follows an evaluation to its end; gives the run.
pub(crate) async fn evaluation(client: &Client, run: &str, label: &str) -> Result<Value> {
    let rests = |now: &Value| matches!(text(now, "status"), "succeeded" | "failed" | "cancelled");
    let shows = |now: &Value| {
        let count = |name: &str| now.pointer(&format!("/progress/{name}")).and_then(Value::as_u64).unwrap_or_default();
        (count("done"), count("total"), text(now, "status").to_owned())
    };
    follow(client, Goal { operation: "evaluation.watch_run", request: json!({ "runId": run }), label, rests, shows })
        .await
}

/// Follows an endpoint until it is in a state that only a caller or an accident changes; gives the endpoint.
pub(crate) async fn endpoint(client: &Client, endpoint: &str, label: &str) -> Result<Value> {
    let gone = || Error::not_found("endpoint", endpoint).hint("it was deleted meanwhile");
    endpoint_or_gone(client, endpoint, label).await?.ok_or_else(gone)
}

/// The same, or nothing for an endpoint that is deleted and of which nothing runs any more.
pub(crate) async fn endpoint_or_gone(client: &Client, endpoint: &str, label: &str) -> Result<Option<Value>> {
    let rests = |now: &Value| {
        let settled = now.get("nextRevision").is_none_or(Value::is_null);
        let empty = now.pointer("/replicas/total").and_then(Value::as_u64) == Some(0);
        match text(now, "status") {
            "healthy" | "failed" => settled,
            "stopped" => empty && !text(now, "statusReason").starts_with("being deleted"),
            _ => false,
        }
    };
    let shows = |now: &Value| (0, 0, text(now, "statusReason").to_owned());
    let request = json!({ "endpointId": endpoint });
    match follow(client, Goal { operation: "serving.watch_endpoint", request, label, rests, shows }).await {
        Ok(settled) => Ok(Some(settled)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Follows until it rests. A stream that breaks off, as when a server restarts, is taken up again.
async fn follow(client: &Client, goal: Goal<'_>) -> Result<Value> {
    let mut progress = Progress::new(client.out, goal.label);
    let mut broken = 0;
    loop {
        match until_rest(client, &goal, &mut progress, &mut broken).await {
            Ok(Some(last)) => {
                progress.done();
                return Ok(last);
            }
            Ok(None) => {}
            Err(error) if error.kind().retryable() && broken < PATIENCE => {}
            Err(error) => {
                progress.done();
                return Err(error);
            }
        }
        broken += 1;
        if broken > PATIENCE {
            progress.done();
            return Err(Error::unavailable(format!("{} ends again and again before its time", goal.operation)));
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// The state at rest, or nothing when the stream ended before.
async fn until_rest(
    client: &Client,
    goal: &Goal<'_>,
    progress: &mut Progress,
    broken: &mut u32,
) -> Result<Option<Value>> {
    let mut states = client.stream(goal.operation, goal.request.clone()).await?;
    while let Some(now) = states.try_next().await? {
        *broken = 0;
        let (done, total, message) = (goal.shows)(&now);
        progress.at(done, total, &message);
        if (goal.rests)(&now) {
            return Ok(Some(now));
        }
    }
    Ok(None)
}
