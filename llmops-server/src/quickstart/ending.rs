//! Leaving: what the story started does not outlive it unseen.

use std::time::Duration;

use llmops_core::base::Result;
use serde_json::{Value, json};

use crate::cli::{Client, Progress, text};

/// The longest wait for processes to end.
const PATIENCE: Duration = Duration::from_secs(20);

/// Ends what runs. A story that is kept can go on: its endpoint is stopped, and a training under way goes on by itself.
pub(super) async fn end(client: &Client, kept: bool) {
    let ended = tokio::time::timeout(PATIENCE, stop_all(client, kept));
    match ended.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "what the story started may still run"),
        Err(_) => tracing::warn!("what the story started did not end in time"),
    }
}

async fn stop_all(client: &Client, kept: bool) -> Result<()> {
    ask(client, kept).await?;
    let mut progress = Progress::new(client.out, "ending");
    loop {
        let waited = waited_for(client, kept).await?;
        if waited.is_empty() {
            progress.done();
            return Ok(());
        }
        progress.at(0, 0, &format!("waits for {}", waited.join(", ")));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn ask(client: &Client, kept: bool) -> Result<()> {
    for endpoint in endpoints(client).await? {
        let named = json!({ "endpointId": endpoint["id"] });
        if !kept {
            client.call("serving.delete_endpoint", named).await?;
        } else if text(&endpoint, "status") != "stopped" {
            let request = json!({ "endpointId": endpoint["id"], "status": "stopped" });
            client.call("serving.update_endpoint", request).await?;
        }
    }
    if !kept {
        for job in open(client, "training.list_jobs").await? {
            client.call("training.cancel_job", json!({ "jobId": job["id"] })).await?;
        }
        for run in open(client, "evaluation.list_runs").await? {
            client.call("evaluation.cancel_run", json!({ "runId": run["id"] })).await?;
        }
    }
    Ok(())
}

/// What still runs that was told to end.
async fn waited_for(client: &Client, kept: bool) -> Result<Vec<String>> {
    let mut endpoints = endpoints(client).await?;
    if kept {
        endpoints.retain(runs);
        return Ok(named("endpoint", "route", &endpoints));
    }
    let mut all = named("endpoint", "route", &endpoints);
    all.extend(named("training", "name", &open(client, "training.list_jobs").await?));
    all.extend(named("evaluation", "name", &open(client, "evaluation.list_runs").await?));
    Ok(all)
}

/// Whether processes of an endpoint are there, which finish what they took before they go.
fn runs(endpoint: &Value) -> bool {
    endpoint.pointer("/replicas/total").and_then(Value::as_u64) != Some(0)
}

fn named(kind: &str, field: &str, things: &[Value]) -> Vec<String> {
    things.iter().map(|one| format!("{kind} {}", text(one, field))).collect()
}

async fn endpoints(client: &Client) -> Result<Vec<Value>> {
    client.list("serving.list_endpoints", json!({}), usize::MAX).await
}

/// The things of a list that are not at rest.
async fn open(client: &Client, list: &str) -> Result<Vec<Value>> {
    let mut all = client.list(list, json!({}), usize::MAX).await?;
    all.retain(|one| matches!(text(one, "status"), "queued" | "running"));
    Ok(all)
}
