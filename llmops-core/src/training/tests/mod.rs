//! Jobs on a real SQLite file and a place where the test decides what becomes of work.

mod life;
mod pure;
mod refusals;
mod steps;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use serde_json::{Value, json};

use super::*;
use crate::LlmOps;
use crate::base::{Caller, ErrorKind};
use crate::blob::StoreUrl;
use crate::catalog::{Model, ModelId};
use crate::compute::{Fake, WorkId};
use crate::datasets::DatasetId;
use crate::op::{Part, parts};
use crate::platform::{Builder, on_trial};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

struct Fresh {
    dir: tempfile::TempDir,
    ops: LlmOps,
    fake: Arc<Fake>,
}

impl Fresh {
    /// A platform whose place has one core.
    async fn open() -> Self {
        Self::begin(|_, builder| builder).await
    }

    /// The same, with its bytes in its folder.
    async fn on_a_folder() -> Self {
        Self::begin(|dir, builder| builder.store(StoreUrl::folder(&dir.join("blobs")).unwrap())).await
    }

    async fn begin(with: impl FnOnce(&Path, Builder) -> Builder) -> Self {
        let fake = Fake::new();
        fake.set_capability(|capability| capability.cpu_millis = 1000);
        let dir = tempfile::tempdir().unwrap();
        let builder = on_trial(dir.path()).await.compute(fake.clone());
        let ops = with(dir.path(), builder).open().await.unwrap();
        Self { dir, ops, fake }
    }

    /// The same platform after its server ended.
    async fn restarted(self) -> Self {
        self.ops.shutdown().await;
        let ops = on_trial(self.dir.path()).await.compute(self.fake.clone()).open().await.unwrap();
        Self { ops, ..self }
    }

    fn as_(&self, actor: &str, permissions: &[&str]) -> Ctx {
        let permissions: BTreeSet<String> = permissions.iter().map(|p| (*p).to_owned()).collect();
        Ctx::new(Caller { actor: actor.into(), permissions: Arc::new(permissions), ..self.ops.ctx().caller })
    }

    async fn call(&self, name: &str, request: Value) -> Value {
        self.ops.call(self.ops.ctx(), name, request).await.unwrap()
    }

    async fn upload(&self, room: (&str, &str), id: &Value, path: &str, bytes: impl Into<bytes::Bytes>) {
        let request = Value::Object([(room.1.to_owned(), id.clone())].into_iter().collect());
        let body = parts(vec![Part::from_bytes(path, bytes)]);
        self.ops.upload(self.ops.ctx(), room.0, request, body).await.unwrap();
    }

    /// A dataset with this file, not reviewed yet.
    async fn draft_data(&self, name: &str, kind: &str, (path, text): (&str, &str)) -> Value {
        let request = json!({ "name": name, "version": "1.0.0", "type": kind });
        let id = self.call("datasets.create_dataset", request).await["id"].clone();
        self.upload(("datasets.upload_dataset_files", "datasetId"), &id, path, text.to_owned()).await;
        id
    }

    /// The same, approved.
    async fn data(&self, name: &str, kind: &str, file: (&str, &str)) -> DatasetId {
        let id = self.draft_data(name, kind, file).await;
        self.call("datasets.validate_dataset", json!({ "datasetId": id })).await;
        let request = json!({ "datasetId": id });
        let mut report = self.ops.stream(self.ops.ctx(), "datasets.watch_dataset_validation", request).await.unwrap();
        while report.try_next().await.unwrap().is_some() {}
        let request = json!({ "datasetId": id, "status": "under_review" });
        self.call("datasets.set_dataset_status", request).await;
        let request = json!({ "datasetId": id, "version": "1.0.0", "decision": "approve" });
        let rita = self.as_("rita", &["*:read", "datasets:approve"]);
        self.ops.call(rita, "datasets.review_dataset", request).await.unwrap();
        serde_json::from_value(id).unwrap()
    }

    async fn pairs(&self) -> DatasetId {
        let row =
            |n: u32| format!("{}\n", json!({ "prompt": format!("What is {n}?"), "response": format!("It is {n}.") }));
        self.data("pairs", "sft_pair", ("rows.jsonl", &(0..40).map(row).collect::<String>())).await
    }

    async fn corpus(&self) -> DatasetId {
        let row = |n: u32| {
            format!("{}\n", json!({ "text": format!("Paragraph {n} of a small book about numbers like {n}.") }))
        };
        self.data("corpus", "pretrain_corpus", ("rows.jsonl", &(0..40).map(row).collect::<String>())).await
    }

    /// A base model that may be trained, or is a draft.
    async fn base(&self, family: &str, approved: bool) -> ModelId {
        let card = json!({ "purpose": "p", "scope": "s", "contact": "c", "license": "CC0-1.0" });
        let request = json!({ "name": "tiny", "version": "1.0.0", "modelFamily": family, "metadata": card });
        let id = self.call("catalog.create_model", request).await["id"].clone();
        for (path, bytes) in result("a") {
            self.upload(("catalog.upload_model_files", "modelId"), &id, path, bytes).await;
        }
        if approved {
            self.call("catalog.set_model_status", json!({ "modelId": id, "status": "under_review" })).await;
            let request = json!({ "modelId": id, "version": "1.0.0", "decision": "approve" });
            let rita = self.as_("rita", &["*:read", "catalog:approve"]);
            self.ops.call(rita, "catalog.review_model", request).await.unwrap();
        }
        serde_json::from_value(id).unwrap()
    }

    async fn submit(&self, request: Value) -> Result<TrainingJob> {
        let answer = self.ops.call(self.ops.ctx(), "training.submit_job", request).await?;
        Ok(serde_json::from_value(answer).unwrap())
    }

    /// A job that fine-tunes.
    async fn job(&self) -> TrainingJob {
        let (base, data) = (self.base("llama", true).await, self.pairs().await);
        self.submit(finetune(base, data)).await.unwrap()
    }

    async fn get(&self, id: JobId) -> TrainingJob {
        self.ops.training().get_job(&self.ops.ctx(), GetJob { job_id: id }).await.unwrap()
    }

    async fn cancel(&self, id: JobId) -> Result<TrainingJob> {
        let request = CancelJob { job_id: id, reason: None };
        self.ops.training().cancel_job(&self.ops.ctx(), request).await
    }

    /// Waits until the job is as wanted.
    async fn until(&self, id: JobId, wanted: impl Fn(&TrainingJob) -> bool) -> TrainingJob {
        let begun = tokio::time::Instant::now();
        loop {
            let job = self.get(id).await;
            if wanted(&job) {
                return job;
            }
            assert!(begun.elapsed() < PATIENCE, "still {:?}: {}", job.status, job.status_reason);
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    async fn running(&self, id: JobId, attempt: u32) -> WorkId {
        self.until(id, |job| job.status == JobStatus::Running && job.attempt == attempt).await;
        recipe::work_id(id, attempt).unwrap()
    }

    async fn over(&self, id: JobId) -> TrainingJob {
        self.until(id, |job| job.status.is_over()).await
    }

    /// The work says that it is done and leaves a model.
    fn succeed(&self, work: &WorkId) {
        for (path, bytes) in result("b") {
            self.fake.output(work, path, bytes);
        }
        self.fake.event(work, json!({ "event": "done", "reason": "completed", "artifacts": [] }));
        self.fake.end(work, 0);
    }

    async fn log(&self, id: JobId, follow: bool) -> Vec<String> {
        let request = StreamJobLogs { job_id: id, follow: Some(follow), channel: Some(JobLogChannel::Text) };
        let lines = self.ops.training().stream_job_logs(&self.ops.ctx(), request).await.unwrap();
        let lines: Vec<JobLogLine> = lines.try_collect().await.unwrap();
        lines.into_iter().map(|line| format!("{}: {}", line.attempt, line.line)).collect()
    }

    async fn models(&self) -> Vec<Model> {
        let page = self.call("catalog.list_models", json!({})).await;
        serde_json::from_value(page["items"].clone()).unwrap()
    }
}

fn finetune(base: ModelId, data: DatasetId) -> Value {
    json!({
        "name": "tune", "jobType": "finetune", "modelId": base, "datasetId": data,
        "hyperparams": { "maxSteps": 20 }, "retryPolicy": { "backoffSeconds": 0 },
    })
}

fn from_scratch(data: DatasetId) -> Value {
    let architecture =
        json!({ "hiddenSize": 64, "layers": 2, "heads": 4, "kvHeads": 2, "vocabulary": 512, "context": 128 });
    json!({ "name": "make", "jobType": "from_scratch", "datasetId": data, "architecture": architecture })
}

/// The files of a model with these letters in its tokenizer.
fn result(letters: &str) -> Vec<(&'static str, Vec<u8>)> {
    let config = json!({
        "model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 176, "vocab_size": 512, "max_position_embeddings": 128,
        "tie_word_embeddings": true,
    });
    let header = br#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    let weights = [&(header.len() as u64).to_le_bytes()[..], header, &[0, 0, 128, 63]].concat();
    vec![
        ("config.json", config.to_string().into_bytes()),
        ("tokenizer.json", json!({ "model": { "vocab": { letters: 0 } } }).to_string().into_bytes()),
        ("model.safetensors", weights),
    ]
}

fn step(step: u64, loss: f64) -> Value {
    json!({
        "event": "step", "step": step, "loss": loss, "ema": loss, "lr": 0.001, "grad_norm": 1.0, "tokens": step * 10,
        "secs": step as f64 / 10.0, "cpu_secs": 0.1, "rss": 1000,
    })
}
