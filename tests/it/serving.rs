//! A model that is really served: by processes of this machine, which are killed, replaced and removed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use llmops_core::LlmOps;
use llmops_core::base::{Caller, Ctx, Error};
use llmops_core::blob::{Blobs, StoreUrl};
use llmops_core::catalog::{
    CreateModel, Model, ModelStatus, ReviewDecision, ReviewModel, SetModelStatus, SqlCatalog, UploadModelFiles,
};
use llmops_core::compute::{InputSource, Local, LocalOptions};
use llmops_core::op::{Part, parts};
use llmops_core::serving::{
    DeleteEndpoint, DeployEndpoint, Endpoint, EndpointStatus, Environment, GetEndpoint, RedeployEndpoint,
    RollbackEndpoint, ServedRoute, SqlServing, StreamEndpointLogs,
};
use llmops_core::store::{DatabaseUrl, Store};
use serde_json::json;

use crate::process::{kill, server_executable, with_working_folder};

const PATIENCE: Duration = Duration::from_secs(120);

/// A model with random weights, trained for one step by the runtime itself.
static TINY: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("data.jsonl"), "{\"text\":\"one and two and three\"}\n".repeat(20)).unwrap();
    let spec = json!({
        "job_type": "from_scratch", "base": null, "method": "full", "lora": null, "checkpoint_every": 1000,
        "architecture": {
            "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
            "intermediate_size": 48, "vocab_size": 300, "max_position_embeddings": 512,
        },
        "data": [{ "path": "data.jsonl", "format": "text" }],
        "hyper": { "steps": 1, "batch": 1, "context": 16, "lr": 0.001, "warmup": 0, "seed": 1 },
        "eval": null,
    });
    std::fs::write(dir.path().join("spec.json"), spec.to_string()).unwrap();
    let mut train = Command::new(server_executable());
    train.args(["runtime", "train", "--spec", "spec.json", "--out", "out", "--threads", "1"]).current_dir(dir.path());
    let done = train.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    dir
});

/// No inputs: the room beside the platform starts nothing.
struct Nothing;

#[async_trait::async_trait]
impl InputSource for Nothing {
    async fn fetch(&self, digest: &str, _: &Path) -> Result<(), Error> {
        Err(Error::not_found("blob", digest))
    }
}

/// A platform whose replicas are processes.
struct Platform {
    dir: tempfile::TempDir,
    ops: LlmOps,
    room: SqlServing,
    http: reqwest::Client,
}

impl Platform {
    async fn open() -> Self {
        llmops_core::base::ensure_crypto_provider();
        let dir = tempfile::tempdir().unwrap();
        let runtime = vec![server_executable().into(), "runtime".into()];
        let ops = LlmOps::builder().data_dir(dir.path()).runtime_command(runtime).open().await.unwrap();
        let store = Store::open(&DatabaseUrl::file(&dir.path().join("llmops.db"))).await.unwrap();
        let blobs = Blobs::open_store(&StoreUrl::folder(&dir.path().join("blobs")).unwrap()).unwrap();
        let catalog = Arc::new(SqlCatalog::new(store.clone(), blobs.clone()));
        let options = LocalOptions { folder: dir.path().join("work"), runtime: None, inputs: Arc::new(Nothing) };
        let room = SqlServing::new(store, blobs, catalog, Local::open(options).unwrap());
        Self { dir, ops, room, http: reqwest::Client::new() }
    }

    fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    async fn model(&self) -> Model {
        let card = json!({ "purpose": "p", "scope": "s", "contact": "c", "license": "CC0-1.0" });
        let metadata = card.as_object().cloned().unwrap();
        let (name, version, model_family) = ("tiny".into(), "1.0.0".into(), "llama".into());
        let request = CreateModel { name, version, model_family, metadata, ..CreateModel::default() };
        let (ctx, catalog) = (self.ops.ctx(), self.ops.catalog());
        let model = catalog.create_model(&ctx, request).await.unwrap();
        for file in ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
            let bytes = std::fs::read(TINY.path().join("out").join(file)).unwrap();
            let request = UploadModelFiles { model_id: model.id, path: None, replace: None, sha256: None };
            let body = parts(vec![Part::from_bytes(file, bytes)]);
            catalog.upload_model_files(&ctx, request, body).await.unwrap();
        }
        let request = SetModelStatus { model_id: model.id, status: ModelStatus::UnderReview, notes: None };
        let model = catalog.set_model_status(&ctx, request).await.unwrap();
        let permissions = Arc::new(BTreeSet::from(["*:read".to_owned(), "catalog:approve".to_owned()]));
        let rita = Ctx::new(Caller { actor: "rita".into(), permissions, ..ctx.caller.clone() });
        let (version, digest) = (model.version.clone(), model.digest.clone());
        let decision = ReviewDecision::Approve;
        let request = ReviewModel { model_id: model.id, version, decision, notes: None, digest, code_reviewed: None };
        catalog.review_model(&rita, request).await.unwrap()
    }

    /// An endpoint that answers, and how long that took.
    async fn healthy(&self) -> (Endpoint, Duration) {
        let request = DeployEndpoint {
            model_id: self.model().await.id,
            route: "tiny".into(),
            environment: Environment::Dev,
            min_replicas: None,
            limits: None,
            rollback_plan: None,
            dry_run: None,
        };
        let begun = Instant::now();
        let endpoint = self.ops.serving().deploy_endpoint(&self.ops.ctx(), request).await.unwrap();
        let endpoint = self.until(&endpoint, |now| now.status == EndpointStatus::Healthy).await;
        (endpoint, begun.elapsed())
    }

    async fn until(&self, of: &Endpoint, so: impl Fn(&Endpoint) -> bool) -> Endpoint {
        let request = GetEndpoint { endpoint_id: of.id };
        let mut events = self.ops.serving().watch_endpoint(&self.ops.ctx(), request).await.unwrap();
        let mut last = None;
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                let now = events.try_next().await.unwrap().expect("an endpoint that is there");
                if so(&now) {
                    return now;
                }
                last = Some(now);
            }
        });
        found.await.unwrap_or_else(|_| panic!("it never came; at last it was {last:?}"))
    }

    async fn redeploy(&self, of: &Endpoint) {
        let request = RedeployEndpoint { endpoint_id: of.id, model_id: None, limits: None };
        self.ops.serving().redeploy_endpoint(&self.ops.ctx(), request).await.unwrap();
    }

    async fn route(&self) -> ServedRoute {
        self.room.served_routes(&Ctx::system()).await.unwrap().remove(0)
    }

    /// Asks the replica as the gateway does, for so many tokens; the status.
    async fn ask(&self, route: &ServedRoute, tokens: u32) -> Result<u16, reqwest::Error> {
        let replica = &route.replicas[0];
        let body = json!({ "model": route.model_name, "prompt": "one and", "max_tokens": tokens, "ignore_eos": true });
        let request = self.http.post(format!("http://{}/v1/completions", replica.address));
        let request = request.bearer_auth(replica.api_key.as_ref().unwrap().expose()).json(&body);
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        answer.bytes().await?;
        Ok(status)
    }

    /// The processes that run in the folder of a piece of work.
    fn processes(&self) -> Vec<u32> {
        with_working_folder(&self.work())
    }

    async fn delete(&self, of: &Endpoint) {
        let ctx = self.ops.ctx();
        self.ops.serving().delete_endpoint(&ctx, DeleteEndpoint { endpoint_id: of.id }).await.unwrap();
        let gone = async {
            while self.ops.serving().get_endpoint(&ctx, GetEndpoint { endpoint_id: of.id }).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, gone).await.expect("it is gone in the end");
    }
}

fn entries(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| name.to_string_lossy().into_owned()).filter(|name| name.contains("ep-")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployed_model_answers_comes_back_after_a_kill_and_leaves_nothing() {
    let platform = Platform::open().await;
    let (endpoint, ready) = platform.healthy().await;
    assert_eq!(platform.ask(&platform.route().await, 4).await.unwrap(), 200);

    let mut without_key = platform.route().await;
    without_key.replicas[0].api_key = Some(llmops_core::base::Secret::new("another"));
    assert_eq!(platform.ask(&without_key, 4).await.unwrap(), 401);

    let before = platform.route().await.replicas[0].work.clone();
    let killed = Instant::now();
    for process in with_working_folder(&platform.work().join(&before)) {
        kill(process);
    }
    platform.until(&endpoint, |now| now.status == EndpointStatus::Deploying).await;
    platform.until(&endpoint, |now| now.status == EndpointStatus::Healthy).await;
    let back = killed.elapsed();
    assert_ne!(platform.route().await.replicas[0].work, before);
    assert_eq!(platform.ask(&platform.route().await, 4).await.unwrap(), 200);

    let request = StreamEndpointLogs { endpoint_id: endpoint.id, follow: None };
    let lines = platform.ops.serving().stream_endpoint_logs(&platform.ops.ctx(), request).await.unwrap();
    let lines: Vec<String> = lines.map_ok(|line| line.line).try_collect().await.unwrap();
    assert!(lines.iter().any(|line| line.contains(r#""event":"ready""#)), "{lines:?}");

    platform.delete(&endpoint).await;
    assert_eq!((entries(&platform.work()), platform.processes()), (Vec::new(), Vec::new()));
    println!("ready after {ready:?}, back after {back:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_lost_by_a_new_revision_or_a_return_to_the_one_before() {
    let platform = Arc::new(Platform::open().await);
    let (endpoint, _) = platform.healthy().await;
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let mut clients = Vec::new();
    for _ in 0..3 {
        let (platform, stop, answered) = (platform.clone(), stop.clone(), answered.clone());
        clients.push(tokio::spawn(async move {
            while !stop.load(Ordering::SeqCst) {
                // As a gateway does: it asks those it last heard of, for up to half a second.
                let route = platform.route().await;
                let heard = Instant::now();
                while heard.elapsed() < Duration::from_millis(500) {
                    assert_eq!(platform.ask(&route, 64).await.unwrap(), 200);
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            }
        }));
    }
    platform.redeploy(&endpoint).await;
    platform.until(&endpoint, |now| now.revision == 2).await;
    let request = RollbackEndpoint { endpoint_id: endpoint.id, revision: None };
    let begun = Instant::now();
    platform.ops.serving().rollback_endpoint(&platform.ops.ctx(), request.clone()).await.unwrap();
    let (rolled_back, route) = (begun.elapsed(), platform.route().await);
    assert_eq!(route.revision, 1);
    assert!(rolled_back < Duration::from_secs(1), "it took {rolled_back:?}");

    // And once more when the revision before has ended.
    platform.until(&endpoint, |now| now.replicas.total == 1).await;
    platform.ops.serving().rollback_endpoint(&platform.ops.ctx(), request).await.unwrap();
    platform.until(&endpoint, |now| now.revision == 2 && now.replicas.total == 1).await;
    stop.store(true, Ordering::SeqCst);
    for client in clients {
        client.await.unwrap();
    }
    assert!(answered.load(Ordering::SeqCst) > 10);
    platform.delete(&endpoint).await;
    println!("rolled back in {rolled_back:?}; {} requests answered", answered.load(Ordering::SeqCst));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_comes_back_finds_its_replicas() {
    let mut platform = Platform::open().await;
    let (endpoint, _) = platform.healthy().await;
    let (before, processes) = (platform.route().await.replicas[0].work.clone(), platform.processes());
    platform.ops.shutdown().await;
    assert_eq!(platform.ask(&platform.route().await, 4).await.unwrap(), 200);
    let runtime = vec![server_executable().into(), "runtime".into()];
    platform.ops = LlmOps::builder().data_dir(platform.dir.path()).runtime_command(runtime).open().await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(platform.route().await.replicas[0].work, before);
    assert_eq!(platform.processes(), processes);
    platform.delete(&endpoint).await;
}
