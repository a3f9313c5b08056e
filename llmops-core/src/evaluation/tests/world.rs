//! A room on a real SQLite file, a place where the test decides what becomes of work, and an endpoint it answers for.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::TryStreamExt;
use serde_json::{Value, json};

use super::super::*;
use crate::LlmOps;
use crate::base::{Caller, Clock, Error, Id, SystemClock};
use crate::blob::Blobs;
use crate::catalog::{Catalog, GetModel, Model, ModelId, SqlCatalog};
use crate::compute::{Fake, WorkId};
use crate::cost::{PriceTable, SqlCost};
use crate::datasets::SqlDatasets;
use crate::op::{Part, parts};
use crate::platform::on_trial;
use crate::scheduling::{Scheduler, Site};
use crate::serving::{EndpointId, Environment};
use crate::store::{Loops, Store, trial};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The answer to a question that is asked for the nth time.
type Says = Box<dyn Fn(&str, usize) -> Result<String> + Send>;

/// An endpoint that answers as the test says.
pub struct Oracle {
    pub model: ModelId,
    pub asked: AtomicUsize,
    pub most_at_once: AtomicUsize,
    at_once: AtomicUsize,
    pub says: Mutex<Says>,
    pub label: Mutex<String>,
}

#[async_trait]
impl Answering for Oracle {
    async fn find(&self, _: &Ctx, endpoint: EndpointId) -> Result<EvaluationTarget> {
        if endpoint.0.is_nil() {
            return Err(Error::not_found("endpoint", endpoint));
        }
        let route = Some((Environment::Dev, "/tiny".to_owned()));
        let (name, version) = ("tiny".to_owned(), "1.0.0".to_owned());
        Ok(EvaluationTarget { model_id: self.model, name, version, digest: None, route })
    }

    async fn ask(
        &self,
        ctx: &Ctx,
        _: &EvaluationTarget,
        question: &Question,
        _: &EvaluationParameters,
    ) -> Result<Answer> {
        assert_eq!((ctx.caller.actor.as_str(), ctx.project()), ("ann", "default"));
        let nth = self.asked.fetch_add(1, Ordering::SeqCst);
        let at_once = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(5)).await;
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        let text = (self.says.lock().unwrap())(&question.messages[0].content, nth)?;
        let model = self.label.lock().unwrap().clone();
        Ok(Answer { text, finish_reason: Some("stop".into()), prompt_tokens: 3, completion_tokens: 2, model })
    }
}

/// What stays when the server is started anew.
pub struct World {
    dir: tempfile::TempDir,
    pub fake: Arc<Fake>,
    pub oracle: Arc<Oracle>,
    pub model: ModelId,
    pub room: SqlEvaluation,
    pub catalog: Arc<SqlCatalog>,
    pub cost: Arc<SqlCost>,
    loops: Option<Loops>,
}

pub fn ctx() -> Ctx {
    Ctx::new(Caller { actor: "ann".into(), ..Caller::system() })
}

pub fn endpoint() -> EndpointId {
    EndpointId(Id::from_u128(7))
}

/// Makes what is evaluated: a model, and these datasets.
pub struct Seed<'a> {
    pub ops: &'a LlmOps,
}

impl Seed<'_> {
    pub async fn call(&self, name: &str, request: Value) -> Value {
        self.ops.call(self.ops.ctx(), name, request).await.unwrap()
    }

    async fn upload(&self, (name, field): (&str, &str), id: &Value, path: &str, bytes: Vec<u8>) {
        let request = Value::Object([(field.to_owned(), id.clone())].into_iter().collect());
        let body = parts(vec![Part::from_bytes(path, bytes)]);
        self.ops.upload(self.ops.ctx(), name, request, body).await.unwrap();
    }

    pub async fn dataset(&self, name: &str, kind: &str, (path, rows): (&str, &str)) -> Value {
        let request = json!({ "name": name, "version": "1.0.0", "type": kind });
        let id = self.call("datasets.create_dataset", request).await["id"].clone();
        self.upload(("datasets.upload_dataset_files", "datasetId"), &id, path, rows.into()).await;
        self.call("datasets.validate_dataset", json!({ "datasetId": id })).await;
        let request = json!({ "datasetId": id });
        let mut report = self.ops.stream(self.ops.ctx(), "datasets.watch_dataset_validation", request).await.unwrap();
        while report.try_next().await.unwrap().is_some() {}
        self.call("datasets.set_dataset_status", json!({ "datasetId": id, "status": "under_review" })).await;
        let permissions = BTreeSet::from(["*".to_owned()]);
        let rita = Caller { actor: "rita".into(), permissions: Arc::new(permissions), ..self.ops.ctx().caller };
        let request = json!({ "datasetId": id, "version": "1.0.0", "decision": "approve" });
        self.ops.call(Ctx::new(rita), "datasets.review_dataset", request).await.unwrap();
        id
    }

    async fn model(&self) -> ModelId {
        self.model_of(json!({ "name": "tiny", "version": "1.0.0" })).await
    }

    pub async fn model_of(&self, request: Value) -> ModelId {
        let id = self.call("catalog.create_model", request).await["id"].clone();
        let header = br#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
        let weights = [&(header.len() as u64).to_le_bytes()[..], header, &[0, 0, 128, 63]].concat();
        let tokenizer = br#"{"model":{"vocab":{}}}"#.to_vec();
        let files = [("config.json", b"{}".to_vec()), ("tokenizer.json", tokenizer), ("model.safetensors", weights)];
        for (path, bytes) in files {
            self.upload(("catalog.upload_model_files", "modelId"), &id, path, bytes).await;
        }
        serde_json::from_value(id).unwrap()
    }
}

/// Ten questions whose answers are known.
pub fn questions() -> String {
    (0..10)
        .map(|n| format!("{}\n", json!({ "prompt": format!("What is {n}?"), "response": format!("It is {n}.") })))
        .collect()
}

fn texts() -> String {
    (0..10)
        .map(|n| format!("{}\n", json!({ "text": format!("Paragraph {n} about numbers like {n} and {}.", n * 7) })))
        .collect()
}

impl World {
    pub async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let fake = Fake::new();
        fake.set_capability(|capability| capability.cpu_millis = 1000);
        let ops = on_trial(dir.path()).await.compute(fake.clone()).open().await.unwrap();
        let seed = Seed { ops: &ops };
        let model = seed.model().await;
        seed.dataset("questions", "benchmark", ("rows.jsonl", &questions())).await;
        seed.dataset("others", "sft_pair", ("rows.jsonl", &questions().replace("It is", "That is"))).await;
        seed.dataset("texts", "pretrain_corpus", ("rows.jsonl", &texts())).await;
        ops.shutdown().await;
        let oracle = Oracle {
            model,
            asked: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
            at_once: AtomicUsize::new(0),
            says: Mutex::new(Box::new(|question, _| Ok(question.replace("What is ", "it is ").replace('?', "")))),
            label: Mutex::new("tiny:1.0.0".into()),
        };
        let oracle = Arc::new(oracle);
        let (room, catalog, cost) = assemble(&dir, &fake, &oracle).await;
        let mut world = Self { dir, fake, oracle, model, room, catalog, cost, loops: None };
        world.start_loops();
        world
    }

    fn start_loops(&mut self) {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let evaluations = Arc::new(Evaluations::new(self.room.clone()));
        self.loops = Some(Loops::start(&self.room.store, &clock, vec![evaluations], Vec::new()));
    }

    /// Ends the server and starts another on the same data.
    pub async fn restart(&mut self) {
        self.stop().await;
        (self.room, self.catalog, self.cost) = assemble(&self.dir, &self.fake, &self.oracle).await;
        self.start_loops();
    }

    pub async fn stop(&mut self) {
        if let Some(loops) = self.loops.take() {
            loops.stop().await;
        }
        self.room.store.close().await;
    }

    pub async fn dataset(&self, name: &str) -> Value {
        use crate::datasets::{Datasets, ListDatasets};
        let page = self.room.datasets.list_datasets(&ctx(), ListDatasets::default()).await.unwrap();
        json!(page.items.iter().find(|dataset| dataset.name == name).unwrap().id)
    }

    /// Starts an evaluation; `request` gets the dataset of this name.
    pub async fn start(&self, dataset: &str, mut request: Value) -> Result<EvaluationRun> {
        request["datasetId"] = self.dataset(dataset).await;
        let request: StartEvaluation = serde_json::from_value(request).unwrap();
        let room = self.room.clone();
        let begun = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<EvaluationRun>> {
            Box::pin(async move { room.start_run(&ctx, request).await })
        };
        self.room.store.write(&ctx(), "evaluation.start_run", begun).await
    }

    pub async fn of_model(&self, metrics: &[&str]) -> EvaluationRun {
        self.start("questions", json!({ "modelId": self.model, "metrics": metrics })).await.unwrap()
    }

    pub async fn of_endpoint(&self, metrics: &[&str]) -> EvaluationRun {
        self.start("questions", json!({ "endpointId": endpoint(), "metrics": metrics })).await.unwrap()
    }

    pub async fn cancel(&self, id: EvaluationRunId) -> Result<EvaluationRun> {
        let room = self.room.clone();
        let ended = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<EvaluationRun>> {
            Box::pin(async move { room.cancel_run(&ctx, CancelEvaluation { run_id: id }).await })
        };
        self.room.store.write(&ctx(), "evaluation.cancel_run", ended).await
    }

    pub async fn get(&self, id: EvaluationRunId) -> EvaluationRun {
        self.room.get_run(&ctx(), GetEvaluation { run_id: id }).await.unwrap()
    }

    pub async fn until(&self, id: EvaluationRunId, wanted: impl Fn(&EvaluationRun) -> bool) -> EvaluationRun {
        let begun = tokio::time::Instant::now();
        loop {
            let run = self.get(id).await;
            if wanted(&run) {
                return run;
            }
            assert!(begun.elapsed() < PATIENCE, "still {:?}: {}", run.status, run.status_reason);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn over(&self, id: EvaluationRunId) -> EvaluationRun {
        self.until(id, |run| run.status.is_over()).await
    }

    /// The first process of an evaluation, once it runs.
    pub async fn process(&self, id: EvaluationRunId) -> WorkId {
        self.until(id, |run| run.status == EvaluationStatus::Running).await;
        recipe::work_id(id, 1).unwrap()
    }

    /// The process leaves these answers and ends.
    pub fn answer(&self, work: &WorkId, answers: impl Fn(usize) -> Value) {
        let lines: Vec<String> = (0..10).map(|at| answers(at).to_string()).collect();
        self.fake.output(work, "samples.jsonl", format!("{}\n", lines.join("\n")));
        self.fake.usage(work, 3.6, 1 << 20);
        self.fake.end(work, 0);
    }

    pub async fn samples(&self, id: EvaluationRunId) -> Vec<EvaluationSample> {
        let request = ListEvaluationSamples { run_id: id, limit: Some(1000), cursor: None };
        self.room.list_samples(&ctx(), request).await.unwrap().items
    }

    pub async fn exported(&self, id: EvaluationRunId, format: EvaluationFormat) -> String {
        let request = ExportEvaluation { run_id: id, format: Some(format) };
        let file = self.room.export_run(&ctx(), request).await.unwrap();
        let chunks: Vec<bytes::Bytes> = file.body.try_collect().await.unwrap();
        String::from_utf8(chunks.concat()).unwrap()
    }

    pub async fn catalog_model(&self) -> Model {
        self.catalog.get_model(&ctx(), GetModel { model_id: self.model }).await.unwrap()
    }
}

async fn assemble(
    dir: &tempfile::TempDir,
    fake: &Arc<Fake>,
    oracle: &Arc<Oracle>,
) -> (SqlEvaluation, Arc<SqlCatalog>, Arc<SqlCost>) {
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let blobs = Blobs::open_store(&crate::blob::trial::store(dir.path())).unwrap();
    let catalog = Arc::new(SqlCatalog::new(store.clone(), blobs.clone()));
    let cost = Arc::new(SqlCost::new(store.clone(), PriceTable::default()));
    let parts = EvaluationParts {
        datasets: Arc::new(SqlDatasets::new(store.clone(), blobs.clone())),
        scheduler: Scheduler::new(store.clone(), Site { name: "here".into(), cpu_millis: 1000 }),
        catalog: catalog.clone(),
        cost: cost.clone(),
        compute: fake.clone(),
        answering: oracle.clone(),
        scratch: dir.path().join("scratch"),
        store,
        blobs,
    };
    (SqlEvaluation::new(parts), catalog, cost)
}
