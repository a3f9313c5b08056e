//! Models that are really trained: by processes of this machine, on the examples' data.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use llmops_core::LlmOps;
use llmops_core::base::{Caller, Ctx};
use llmops_core::op::{Part, parts};
use serde_json::{Value, json};

use crate::process::{server_executable, with_working_folder};

const CORPUS: &str = include_str!("../../examples/data/corpus.txt");
const CAPITALS: &str = include_str!("../../examples/data/capitals-train.csv");

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A platform whose jobs are processes.
struct Platform {
    dir: tempfile::TempDir,
    ops: LlmOps,
}

async fn open(dir: &tempfile::TempDir) -> LlmOps {
    let runtime = vec![server_executable().into(), "runtime".into()];
    LlmOps::builder().data_dir(dir.path()).runtime_command(runtime).open().await.unwrap()
}

impl Platform {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = open(&dir).await;
        Self { dir, ops }
    }

    async fn call(&self, name: &str, request: Value) -> Value {
        self.ops.call(self.ops.ctx(), name, request).await.unwrap()
    }

    /// Somebody else says yes.
    async fn approve(&self, name: &str, request: Value) {
        let permissions = ["*:read", "catalog:approve", "datasets:approve"].map(str::to_owned);
        let permissions = Arc::new(permissions.into_iter().collect());
        let rita = Ctx::new(Caller { actor: "rita".into(), permissions, ..self.ops.ctx().caller });
        self.ops.call(rita, name, request).await.unwrap();
    }

    /// An approved dataset of this file.
    async fn data(&self, kind: &str, path: &str, text: &str) -> Value {
        let request = json!({ "name": kind, "version": "1.0.0", "type": kind });
        let id = self.call("datasets.create_dataset", request).await["id"].clone();
        let at = json!({ "datasetId": id });
        let body = parts(vec![Part::from_bytes(path, text.to_owned())]);
        self.ops.upload(self.ops.ctx(), "datasets.upload_dataset_files", at.clone(), body).await.unwrap();
        self.call("datasets.validate_dataset", at.clone()).await;
        let mut report = self.ops.stream(self.ops.ctx(), "datasets.watch_dataset_validation", at).await.unwrap();
        while report.try_next().await.unwrap().is_some() {}
        self.call("datasets.set_dataset_status", json!({ "datasetId": id, "status": "under_review" })).await;
        let request = json!({ "datasetId": id, "version": "1.0.0", "decision": "approve" });
        self.approve("datasets.review_dataset", request).await;
        id
    }

    async fn corpus(&self) -> Value {
        self.data("pretrain_corpus", "corpus.txt", CORPUS).await
    }

    /// The model that a job made, approved.
    async fn approved(&self, id: &Value) {
        let card = json!({ "purpose": "p", "scope": "s", "contact": "c", "license": "CC0-1.0" });
        let model = self.call("catalog.update_model", json!({ "modelId": id, "metadata": card })).await;
        self.call("catalog.set_model_status", json!({ "modelId": id, "status": "under_review" })).await;
        let request = json!({ "modelId": id, "version": model["version"], "decision": "approve" });
        self.approve("catalog.review_model", request).await;
    }

    /// Waits until the job is as wanted.
    async fn until(&self, id: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let job = self.call("training.get_job", json!({ "jobId": id })).await;
            if wanted(&job) {
                return job;
            }
            assert!(begun.elapsed() < PATIENCE, "still {job:#}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The job at its end, with its loss at first and at last, over five steps each: one batch says little.
    async fn trained(&self, id: &Value) -> (Value, f64, f64) {
        let over = |job: &Value| ["succeeded", "failed", "cancelled"].iter().any(|status| job["status"] == *status);
        let job = self.until(id, over).await;
        assert_eq!(job["status"], "succeeded", "{job:#}");
        let request = json!({ "runId": job["runId"], "metrics": ["loss"] });
        let series = self.call("experiments.get_series", request).await;
        let points = series["series"][0]["points"].as_array().unwrap();
        let loss = |five: &[Value]| five.iter().map(|point| point["value"].as_f64().unwrap()).sum::<f64>() / 5.0;
        (job.clone(), loss(&points[..5]), loss(&points[points.len() - 5..]))
    }

    /// A job of this many steps from nothing.
    async fn submit(&self, dataset: &Value, steps: u32) -> Value {
        let architecture =
            json!({ "hiddenSize": 64, "layers": 2, "heads": 4, "kvHeads": 2, "vocabulary": 512, "context": 128 });
        let request = json!({
            "name": "speeches", "jobType": "from_scratch", "datasetId": dataset, "architecture": architecture,
            "hyperparams": { "maxSteps": steps, "maxSeqLen": 64, "batchSize": 8, "lr": 0.003 },
        });
        self.call("training.submit_job", request).await["id"].clone()
    }

    /// Such a job, once it trains.
    async fn under_way(&self, steps: u32) -> Value {
        let id = self.submit(&self.corpus().await, steps).await;
        self.until(&id, |job| job["progress"]["step"].as_u64() > Some(1)).await;
        id
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_made_and_tuned_and_each_learns() {
    let here = Platform::open().await;
    let (corpus, capitals) = (here.corpus().await, here.data("sft_pair", "train.csv", CAPITALS).await);
    let job = here.submit(&corpus, 30).await;
    let (made, first, last) = here.trained(&job).await;
    assert!(last < first - 0.5, "{first} -> {last}");
    let base = &made["outputModelId"];
    here.approved(base).await;
    for method in ["full", "lora"] {
        let request = json!({
            "name": "tune", "jobType": "finetune", "modelId": base, "datasetId": capitals, "method": method,
            "hyperparams": { "maxSteps": 40, "maxSeqLen": 64, "batchSize": 8, "lr": 0.01 },
        });
        let job = here.call("training.submit_job", request).await;
        let (tuned, first, last) = here.trained(&job["id"]).await;
        assert!(last < first, "{method}: {first} -> {last}");
        let verified = here.call("catalog.verify_model", json!({ "modelId": tuned["outputModelId"] })).await;
        assert_eq!(verified["verified"], true, "{method}: {verified}");
    }
    here.ops.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn training_goes_on_while_no_server_runs() {
    let mut here = Platform::open().await;
    let job = here.under_way(120).await;
    let work = here.dir.path().join("work");
    here.ops.shutdown().await;
    assert!(!with_working_folder(&work).is_empty(), "nothing trains");
    here.ops = open(&here.dir).await;
    let (done, _, _) = here.trained(&job).await;
    assert_eq!((&done["attempt"], &done["progress"]["step"]), (&json!(1), &json!(120)));
    here.ops.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn training_that_is_cancelled_ends_and_leaves_no_model() {
    let here = Platform::open().await;
    let job = here.under_way(100_000).await;
    here.call("training.cancel_job", json!({ "jobId": job })).await;
    let done = here.until(&job, |job| job["status"] == "cancelled").await;
    assert!(done["outputModelId"].is_null(), "{done:#}");
    assert_eq!(here.call("catalog.list_models", json!({})).await["items"], json!([]));
    here.ops.shutdown().await;
}
