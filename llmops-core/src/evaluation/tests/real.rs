//! Evaluations that really ask a model: `LLMOPS_RUNTIME_BIN=".." cargo test -- --ignored evaluation::tests::real`.

use futures::TryStreamExt;
use serde_json::{Value, json};

use super::super::*;
use super::world::Seed;
use crate::LlmOps;
use crate::base::Caller;

const CORPUS: &str = include_str!("../../../../examples/data/corpus.txt");
const CAPITALS: &str = include_str!("../../../../examples/data/capitals-train.csv");
const HELD_OUT: &str = include_str!("../../../../examples/data/capitals-heldout.csv");

/// Trains and gives the model.
async fn trained(seed: &Seed<'_>, request: Value) -> Value {
    let id = seed.call("training.submit_job", request).await["id"].clone();
    let events = seed.ops.stream(seed.ops.ctx(), "training.watch_job", json!({ "jobId": id })).await.unwrap();
    let last: Vec<Value> = events.try_collect().await.unwrap();
    let last = last.last().unwrap().clone();
    assert_eq!(last["status"], "succeeded", "{}", last["statusReason"]);
    last["outputModelId"].clone()
}

async fn evaluated(seed: &Seed<'_>, request: Value) -> EvaluationRun {
    let run = seed.call("evaluation.start_run", request).await;
    let request = json!({ "runId": run["id"] });
    let events = seed.ops.stream(seed.ops.ctx(), "evaluation.watch_run", request).await.unwrap();
    let last: Vec<Value> = events.try_collect().await.unwrap();
    let run: EvaluationRun = serde_json::from_value(last.last().unwrap().clone()).unwrap();
    let values: Vec<(&str, f64)> = run.metrics.iter().map(|metric| (metric.name.as_str(), metric.value)).collect();
    eprintln!("{} {:?}: {values:?}, {} CPU s, {:?}", run.model, run.status, run.cpu_seconds, run.cost);
    assert_eq!(run.status, EvaluationStatus::Succeeded, "{}", run.status_reason);
    run
}

/// Approves the model, deploys it and waits until it answers.
async fn deployed(seed: &Seed<'_>, model: &Value) -> Value {
    let card = json!({ "purpose": "p", "scope": "s", "contact": "c", "license": "CC0-1.0" });
    seed.call("catalog.update_model", json!({ "modelId": model, "metadata": card })).await;
    seed.call("catalog.set_model_status", json!({ "modelId": model, "status": "under_review" })).await;
    let rita = Caller { actor: "rita".into(), ..seed.ops.ctx().caller };
    let request = json!({ "modelId": model, "version": "1.0.0", "decision": "approve" });
    seed.ops.call(Ctx::new(rita), "catalog.review_model", request).await.unwrap();
    let id = seed.call("serving.deploy_endpoint", json!({ "modelId": model, "route": "/tiny" })).await["id"].clone();
    let request = json!({ "endpointId": id });
    let mut events = seed.ops.stream(seed.ops.ctx(), "serving.watch_endpoint", request).await.unwrap();
    while let Some(endpoint) = events.try_next().await.unwrap() {
        assert_ne!(endpoint["status"], "failed", "{}", endpoint["statusReason"]);
        if endpoint["status"] == "healthy" {
            return id;
        }
    }
    id
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "trains and evaluates for some minutes and needs LLMOPS_RUNTIME_BIN"]
async fn a_model_is_measured_before_and_after_it_was_tuned() {
    let dir = tempfile::tempdir().unwrap();
    let ops = LlmOps::builder().data_dir(dir.path()).open().await.unwrap();
    let seed = Seed { ops: &ops };
    let corpus = seed.dataset("corpus", "pretrain_corpus", ("corpus.txt", CORPUS)).await;
    let held_out = seed.dataset("held-out", "benchmark", ("held-out.csv", HELD_OUT)).await;
    let capitals = seed.dataset("capitals", "sft_pair", ("train.csv", CAPITALS)).await;
    let architecture =
        json!({ "hiddenSize": 64, "layers": 2, "heads": 4, "kvHeads": 2, "vocabulary": 512, "context": 128 });
    let make = json!({
        "name": "speeches", "jobType": "from_scratch", "datasetId": corpus, "architecture": architecture,
        "hyperparams": { "maxSteps": 20, "maxSeqLen": 64, "lr": 0.003 },
    });
    let base = trained(&seed, make).await;
    let metrics = json!(["exact_match", "token_f1", "rougeL", "perplexity", "bits_per_byte", "latency"]);
    let request =
        json!({ "modelId": base, "datasetId": held_out, "metrics": metrics, "parameters": { "maxTokens": 8 } });
    let before = evaluated(&seed, request).await;
    assert_eq!((before.metrics[0].value, before.failed_samples), (0.0, 0));
    let text = json!({ "modelId": base, "datasetId": corpus, "metrics": ["bits_per_byte", "perplexity"], "limit": 20 });
    let read = evaluated(&seed, text).await;
    assert!(read.metrics[0].value > 0.5 && read.metrics[0].value < 8.0);
    let likelihood = json!({ "modelId": base, "datasetId": capitals, "metrics": ["perplexity"], "limit": 16 });
    assert_eq!(evaluated(&seed, likelihood).await.samples, 16);
    let endpoint = deployed(&seed, &base).await;
    let metrics = json!(["exact_match", "token_f1", "rougeL", "latency"]);
    let parameters = json!({ "maxTokens": 8 });
    let request =
        json!({ "endpointId": endpoint, "datasetId": held_out, "metrics": metrics, "parameters": parameters });
    let served = evaluated(&seed, request).await;
    let request = json!({ "runIds": [before.id, served.id] });
    let compared = seed.call("evaluation.compare_runs", request).await;
    let test = &compared["metrics"][1]["againstFirst"][0]["test"];
    assert_eq!((&test["wins"], &test["losses"]), (&json!(0), &json!(0)), "served and not served it says the same");
    let model = seed.call("catalog.get_model", json!({ "modelId": base })).await;
    assert_eq!(model["evaluationSummary"].as_object().unwrap().len(), 3);
    ops.shutdown().await;
}
