//! A short story from data to a deployed model, told by a client that tries again with the same key when the server dies.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use llmops_core::LlmOps;
use llmops_core::base::{Error, ErrorKind};
use llmops_core::op::{Part, parts};
use serde_json::{Value, json};

use super::exported::Taker;
use super::imported::Hub;
use super::server::{Orders, Server};
use crate::process::with_working_folder;

/// How long any one thing may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// What is told by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Chapter {
    /// Bytes come in parts, together and from a hub, and are kept once.
    Bytes,
    /// From data to a deployed model, which is judged and goes to another hub too.
    Job,
    /// What is thrown away comes back, and goes for good.
    Trash,
}

/// Who calls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Makes things.
    Maker,
    /// Approves them.
    Reviewer,
}

/// The story and the server it is told to.
pub struct Story {
    orders: Orders,
    server: Option<Server>,
    reviewer: Option<String>,
    /// How often the server died.
    pub deaths: u32,
    hub: Hub,
    taker: Taker,
    _dir: tempfile::TempDir,
}

impl Story {
    /// Begins on a fresh folder.
    pub fn new(orders: Orders) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (data, hub, taker) = (dir.path().canonicalize().unwrap(), Hub::begin(), Taker::begin());
        let allowed_hosts = Some(format!("{}, {}", hub.address(), taker.address()));
        let orders = Orders { data, allowed_hosts, ..orders };
        Self { orders, server: None, reviewer: None, deaths: 0, hub, taker, _dir: dir }
    }

    /// Somebody else's hub.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The hub that takes models in.
    pub fn taker(&self) -> &Taker {
        &self.taker
    }

    /// The folder of the server's data.
    pub fn data(&self) -> &std::path::Path {
        &self.orders.data
    }

    /// The folder of the bytes, wherever they are.
    pub fn kept(&self) -> PathBuf {
        match &self.orders.bucket {
            Some(bucket) => bucket.folder.clone(),
            None => self.data().join("blobs"),
        }
    }

    /// What its servers said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data().join("log")).unwrap_or_default()
    }

    fn works(&self) -> PathBuf {
        self.orders.data.join("work")
    }

    /// The client of who calls; a server that is not there, or died, is started again without its point.
    pub fn client(&mut self, who: Who) -> LlmOps {
        while self.server.is_none() {
            self.server = Server::start(&self.orders);
            if self.server.is_none() {
                self.died();
            }
        }
        let server = self.server.as_mut().unwrap();
        server.client(&self.orders.data, self.reviewer.as_deref().filter(|_| who == Who::Reviewer))
    }

    fn died(&mut self) {
        self.deaths += 1;
        let log = self.log();
        assert!(self.orders.crash_at.take().is_some(), "the server died by itself:\n{log}");
        self.server = None;
    }

    /// Looks whether a failure is the death that was to be; anything else is a fault, unless it passes by itself.
    pub async fn survive(&mut self, name: &str, error: Error, since: Instant) {
        if self.server.as_mut().is_some_and(Server::is_dead) {
            return self.died();
        }
        let log = self.log();
        let passes = error.kind().retryable() && since.elapsed() < PATIENCE;
        assert!(passes, "{name}: {error:?}\n{log}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    /// Calls until there is an answer; a repeated create says that it is the same.
    async fn call(&mut self, who: Who, name: &str, request: Value) -> Result<Value, Error> {
        self.keyed(who, name, name, request).await
    }

    /// The same for one of several calls of an operation, which the key tells apart.
    pub async fn try_once(&mut self, key: &str, name: &str, request: Value) -> Result<Value, Error> {
        self.keyed(Who::Maker, key, name, request).await
    }

    /// The same, which has to succeed.
    pub async fn ask_once(&mut self, key: &str, name: &str, request: Value) -> Value {
        self.try_once(key, name, request).await.unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    async fn keyed(&mut self, who: Who, key: &str, name: &str, request: Value) -> Result<Value, Error> {
        let since = Instant::now();
        loop {
            let ops = self.client(who);
            let ctx = ops.ctx().with_idempotency_key(format!("story-{key}"));
            match ops.call(ctx, name, request.clone()).await {
                Err(error) if error.kind().retryable() || error.kind() == ErrorKind::Unexpected => {
                    self.survive(name, error, since).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Asks as who makes things.
    pub async fn ask(&mut self, name: &str, request: Value) -> Value {
        self.call(Who::Maker, name, request).await.unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    /// Waits until an answer is as it should be, and sees meanwhile that no work runs twice.
    pub async fn until(&mut self, name: &str, request: Value, is: impl Fn(&Value) -> bool) -> Value {
        let since = Instant::now();
        loop {
            let seen = self.ask(name, request.clone()).await;
            self.check_processes();
            if is(&seen) {
                return seen;
            }
            let failed = seen["status"] == "failed" || since.elapsed() > PATIENCE;
            let log = self.log();
            assert!(!failed, "{name} stays at {seen:#}\n{log}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Makes a change that has no key: when a death leaves open whether it happened, its effect is looked for.
    pub async fn change(&mut self, who: Who, (name, request): (&str, Value), (look, at): (&str, Value), to: &str) {
        let (deaths, key) = (self.deaths, format!("{name}-{at}"));
        match self.keyed(who, &key, name, request).await {
            Ok(done) => assert_eq!(done["status"], to, "{name}"),
            Err(error) => {
                assert!(self.deaths > deaths, "{name}: {error:?}");
                assert_eq!(self.ask(look, at).await["status"], to, "{name}: {error:?}");
            }
        }
    }

    /// Of every piece of work at most one process runs.
    fn check_processes(&self) {
        let mut folders: BTreeMap<PathBuf, Vec<u32>> = BTreeMap::new();
        for pid in with_working_folder(&self.works()) {
            if let Ok(folder) = std::fs::read_link(format!("/proc/{pid}/cwd")) {
                folders.entry(folder).or_default().push(pid);
            }
        }
        for (folder, pids) in folders {
            assert!(pids.len() == 1, "{} runs as {pids:?}", folder.display());
        }
    }

    /// Tells a chapter to its end.
    pub async fn tell(&mut self, chapter: Chapter) {
        match chapter {
            Chapter::Bytes => self.bytes().await,
            Chapter::Job => self.job().await,
            Chapter::Trash => self.throw_away().await,
        }
        self.leave_nothing_running();
    }

    async fn bytes(&mut self) {
        self.send_in_parts().await;
        self.commit().await;
        self.pack().await;
        self.import().await;
    }

    async fn job(&mut self) {
        let dataset = self.begin().await;
        let half = self.derived(&dataset).await;
        self.contaminated(&dataset, &half).await;
        let job = self.submit(&dataset, 4).await;
        let model = self.trained(&job).await;
        self.tokenized(&dataset, &model).await;
        self.approval(&model).await;
        let endpoint = self.deployment(&model).await;
        self.nothing_is_lost(&dataset, &job, &model).await;
        self.judged(&model, &endpoint).await;
        self.called_off(&dataset).await;
        self.undeploy(&endpoint).await;
        self.export(&model).await;
    }

    /// The beginning: somebody who reviews, and data that may be used. Answers with its id.
    pub async fn begin(&mut self) -> String {
        self.find_reviewer().await;
        self.sums().await
    }

    /// A dataset made from another, once and whole. Answers with its id.
    async fn derived(&mut self, dataset: &str) -> String {
        let request = json!({ "datasetId": dataset, "name": "some-sums", "sample": { "share": 0.5, "seed": 1 } });
        let asked = self.ask("datasets.derive_dataset", request).await;
        let at = json!({ "datasetId": dataset, "derivationId": asked["id"] });
        let made = self.until("datasets.get_dataset_derivation", at, |seen| seen["state"] == "succeeded").await;
        assert_eq!(made["outputs"][0]["datasetId"], asked["outputs"][0]["datasetId"]);
        let at = json!({ "datasetId": asked["outputs"][0]["datasetId"] });
        let files = self.ask("datasets.list_dataset_files", at).await;
        assert_eq!(files["items"].as_array().unwrap().len(), 1, "{files:#}");
        text(&asked["outputs"][0]["datasetId"])
    }

    /// What was drawn from a dataset is found in it, and the check ends once.
    async fn contaminated(&mut self, dataset: &str, half: &str) {
        let request = json!({ "datasetId": half, "against": [dataset] });
        let asked = self.ask("datasets.check_dataset_contamination", request).await;
        let at = json!({ "datasetId": half, "checkId": asked["id"] });
        let ended = self.until("datasets.get_contamination_check", at, |seen| seen["state"] == "succeeded").await;
        assert_eq!(ended["report"]["affected"]["exact"], 60, "{ended:#}");
        let all = self.ask("datasets.list_contamination_checks", json!({ "datasetId": half })).await;
        assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all:#}");
    }

    /// The tokens of a dataset are counted once, and rows are kept by them, with the tokenizer that was trained.
    async fn tokenized(&mut self, dataset: &str, model: &str) {
        let asked = self.ask("datasets.count_tokens", json!({ "datasetId": dataset, "modelId": model })).await;
        let at = json!({ "datasetId": dataset, "countId": asked["id"] });
        let ended = self.until("datasets.get_token_count", at, |seen| seen["state"] == "succeeded").await;
        let report = &ended["report"];
        assert!(report["rows"] == 120 && report["contextLength"] == 32 && report["complete"] == true, "{ended:#}");
        let all = self.ask("datasets.list_token_counts", json!({ "datasetId": dataset })).await;
        assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all:#}");
        let tokens = json!({ "modelId": model, "min": 1 });
        let request = json!({ "datasetId": dataset, "name": "counted-sums", "tokens": tokens });
        let asked = self.ask_once("tokens", "datasets.derive_dataset", request).await;
        let at = json!({ "datasetId": dataset, "derivationId": asked["id"] });
        let made = self.until("datasets.get_dataset_derivation", at, |seen| seen["state"] == "succeeded").await;
        assert_eq!(made["outputs"][0]["rows"], 120, "{made:#}");
    }

    /// Another server on the same folder and database goes on, and this one is killed.
    pub fn hand_over(&mut self) {
        let next = Server::start(&self.orders).expect("the second server starts");
        if let Some(mut first) = self.server.replace(next) {
            first.kill();
        }
    }

    async fn find_reviewer(&mut self) {
        for attempt in 0.. {
            let ops = self.client(Who::Maker);
            let request = json!({ "name": format!("reviewer-{attempt}"), "roles": ["admin"] });
            match ops.call(ops.ctx(), "governance.create_api_key", request).await {
                Ok(made) => {
                    self.reviewer = made["secret"].as_str().map(str::to_owned);
                    return;
                }
                Err(error) => self.survive("create_api_key", error, Instant::now()).await,
            }
        }
    }

    async fn sums(&mut self) -> String {
        let line = |i: u32| format!("{}\n", json!({ "text": format!("What is {i} plus {}? It is {}.", i * 7, i * 8) }));
        self.approved(("sums", "pretrain_corpus"), (0..120).map(line).collect()).await
    }

    /// A dataset of these lines that may be used. Answers with its id.
    pub async fn approved(&mut self, (name, kind): (&str, &str), lines: String) -> String {
        let request = json!({ "name": name, "version": "1.0.0", "type": kind });
        let id = text(&self.ask_once(name, "datasets.create_dataset", request).await["id"]);
        let at = json!({ "datasetId": id });
        self.upload(&id, &lines).await;
        self.ask_once(&format!("validate-{name}"), "datasets.validate_dataset", at.clone()).await;
        let report = self.until("datasets.get_dataset_validation", at.clone(), |v| v["state"] == "succeeded").await;
        let look = ("datasets.get_dataset", at);
        let under_review = json!({ "datasetId": id, "status": "under_review" });
        self.change(Who::Maker, ("datasets.set_dataset_status", under_review), look.clone(), "under_review").await;
        let approve = json!({ "datasetId": id, "version": "1.0.0", "decision": "approve" });
        let approved = self.keyed(Who::Reviewer, &format!("review-{name}"), "datasets.review_dataset", approve).await;
        assert_eq!(approved.unwrap_or_else(|e| panic!("{e:?}\n{report:#}"))["status"], "approved");
        id
    }

    /// Sends the rows of a dataset.
    pub async fn upload(&mut self, id: &str, lines: &str) {
        let since = Instant::now();
        loop {
            let ops = self.client(Who::Maker);
            let body = parts(vec![Part::from_bytes("rows.jsonl", lines.to_owned())]);
            let request = json!({ "datasetId": id, "replace": true });
            match ops.upload(ops.ctx(), "datasets.upload_dataset_files", request, body).await {
                Ok(_) => return,
                Err(error) => self.survive("upload", error, since).await,
            }
        }
    }

    /// Submits a job of so many steps.
    pub async fn submit(&mut self, dataset: &str, steps: u32) -> String {
        let request = json!({
            "name": "tiny", "jobType": "from_scratch", "datasetId": dataset, "checkpointEvery": steps.div_ceil(2),
            "architecture": { "hiddenSize": 16, "layers": 1, "heads": 2, "vocabulary": 384, "context": 32 },
            "hyperparams": { "maxSteps": steps, "batchSize": 2, "maxSeqLen": 32 },
            "output": { "name": "tiny", "version": "1.0.0" },
        });
        text(&self.ask("training.submit_job", request).await["id"])
    }

    /// The model that a job made, at its first attempt.
    pub async fn trained(&mut self, id: &str) -> String {
        let job = self.until("training.get_job", json!({ "jobId": id }), |job| job["status"] == "succeeded").await;
        assert_eq!(job["attempt"], 1, "{job:#}");
        text(&job["outputModelId"])
    }

    /// A model gets its card and its approval.
    pub async fn approval(&mut self, model: &str) {
        let at = json!({ "modelId": model });
        let card = json!({ "purpose": "sums", "scope": "tests", "contact": "us", "license": "Apache-2.0" });
        self.ask("catalog.update_model", json!({ "modelId": model, "metadata": card })).await;
        let look = ("catalog.get_model", at);
        let under_review = json!({ "modelId": model, "status": "under_review" });
        self.change(Who::Maker, ("catalog.set_model_status", under_review), look.clone(), "under_review").await;
        let approve = json!({ "modelId": model, "version": "1.0.0", "decision": "approve" });
        self.change(Who::Reviewer, ("catalog.review_model", approve), look, "approved").await;
    }

    /// A model answers, is deployed again, and goes back. Answers with the endpoint's id.
    pub async fn deployment(&mut self, model: &str) -> String {
        let request = json!({ "modelId": model, "route": "/tiny" });
        let id = text(&self.ask("serving.deploy_endpoint", request).await["id"]);
        let at = json!({ "endpointId": id });
        self.until("serving.get_endpoint", at.clone(), |it| it["status"] == "healthy").await;
        self.chat().await;
        self.ask("serving.redeploy_endpoint", at.clone()).await;
        self.until("serving.get_endpoint", at.clone(), |it| it["status"] == "healthy" && it["revision"] == 2).await;
        self.ask("serving.rollback_endpoint", json!({ "endpointId": id, "revision": 1 })).await;
        self.until("serving.get_endpoint", at, |it| it["status"] == "healthy" && it["revision"] == 1).await;
        id
    }

    /// Asks the model something, where there is a gateway to ask through.
    pub async fn chat(&mut self) {
        if !self.client(Who::Maker).operations().iter().any(|op| op.name == "gateway.chat") {
            return;
        }
        let messages = json!([{ "role": "user", "content": "What is 1 plus 1?" }]);
        let request = json!({ "route": "tiny", "messages": messages, "maxTokens": 4, "temperature": 0.0 });
        let since = Instant::now();
        loop {
            match self.call(Who::Maker, "gateway.chat", request.clone()).await {
                Ok(answer) => return assert!(answer["usage"]["completionTokens"].is_u64(), "{answer:#}"),
                // A server that has just come back learns of its routes within moments.
                Err(error) if error.kind() == ErrorKind::NotFound && since.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(error) => panic!("chat: {error:?}"),
            }
        }
    }

    /// All that was said to be is there, whole, and once.
    async fn nothing_is_lost(&mut self, dataset: &str, job: &str, model: &str) {
        let data = self.ask("datasets.get_dataset", json!({ "datasetId": dataset })).await;
        assert_eq!(data["status"], "approved");
        let verified = self.ask("catalog.verify_model", json!({ "modelId": model })).await;
        assert!(verified["verified"] == true && verified["files"].as_u64() >= Some(3), "{verified:#}");
        let count =
            async |story: &mut Self, name: &str| story.ask(name, json!({})).await["items"].as_array().unwrap().len();
        assert_eq!(count(self, "catalog.list_models").await, 1);
        assert_eq!(count(self, "datasets.list_datasets").await, 3, "the sums and what was derived from them");
        assert_eq!(count(self, "training.list_jobs").await, 1);
        assert_eq!(count(self, "serving.list_endpoints").await, 1);
        let runs = self.ask("experiments.search_runs", json!({})).await;
        assert_eq!(runs["items"].as_array().unwrap().len(), 1, "one run of job {job}: {runs:#}");
        let audit = self.ask("governance.verify_audit_logs", json!({})).await;
        assert_eq!(audit["verified"], true, "{audit:#}");
    }

    /// An endpoint goes, with all that it runs.
    pub async fn undeploy(&mut self, endpoint: &str) {
        let at = json!({ "endpointId": endpoint });
        match self.call(Who::Maker, "serving.delete_endpoint", at.clone()).await {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}"),
        }
        let since = Instant::now();
        loop {
            match self.call(Who::Maker, "serving.get_endpoint", at.clone()).await {
                Err(error) if error.kind() == ErrorKind::NotFound => return,
                Err(error) => panic!("{error:?}"),
                Ok(left) => assert!(since.elapsed() < PATIENCE, "it is not gone: {left:#}"),
            }
            self.check_processes();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The server ends in order, and no process of its work is left.
    pub fn leave_nothing_running(&mut self) {
        if let Some(server) = self.server.take() {
            let log = self.log();
            assert!(server.stop(), "the server did not end well\n{log}");
        }
        let until = Instant::now() + Duration::from_secs(5);
        let left = loop {
            let left = [with_working_folder(&self.works()), crate::process::that_name(&self.works())].concat();
            if left.is_empty() || Instant::now() > until {
                break left;
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        assert_eq!(left, Vec::<u32>::new(), "processes outlived what they were for");
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        // A story that failed may leave work behind; its supervisors end it.
        for entry in std::fs::read_dir(self.works()).into_iter().flatten().flatten() {
            let _ = std::fs::write(entry.path().join(".work/stop.json"), r#"{"grace_ms":0}"#);
        }
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
