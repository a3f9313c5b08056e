//! Endpoints on a real SQLite file, over a place where the test decides what becomes of replicas.

mod life;
mod refusals;
mod revisions;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use futures::TryStreamExt;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::LlmOps;
use crate::base::{Caller, ErrorKind};
use crate::blob::Blobs;
use crate::catalog::{
    CreateModel, GetModel, Model, ModelStatus, ModelType, ReviewDecision, ReviewModel, SetModelStatus, SqlCatalog,
    UploadModelFiles,
};
use crate::compute::{Fake, WorkId};
use crate::op::{Part, parts};
use crate::platform::on_trial;
use crate::store::{Store, trial};

/// How long a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(60);

/// Replicas that all listen at one address, where a health check is answered with this status.
struct Answers {
    address: String,
    status: Arc<AtomicU16>,
}

impl Answers {
    async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let status = Arc::new(AtomicU16::new(200));
        let said = status.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let status = said.load(Ordering::SeqCst);
                tokio::spawn(async move {
                    let mut request = [0; 1024];
                    let _ = stream.read(&mut request).await;
                    let _ = stream.write_all(format!("HTTP/1.1 {status} So\r\n\r\n").as_bytes()).await;
                });
            }
        });
        Self { address, status }
    }

    fn say(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }
}

struct Fresh {
    dir: tempfile::TempDir,
    ops: LlmOps,
    fake: Arc<Fake>,
    answers: Answers,
}

impl Fresh {
    async fn open() -> Self {
        let (dir, fake, answers) = (tempfile::tempdir().unwrap(), Fake::new(), Answers::open().await);
        let address = answers.address.clone();
        fake.on_start(move |fake, work| fake.listen(&work.id, &address));
        let ops = on_trial(dir.path()).await.compute(fake.clone()).open().await.unwrap();
        Self { dir, ops, fake, answers }
    }

    /// The room as the gateway sees it.
    async fn room(&self) -> SqlServing {
        let store = Store::open(&trial::database(self.dir.path()).await).await.unwrap();
        let blobs = Blobs::open_store(&crate::blob::trial::store(self.dir.path())).unwrap();
        let catalog = Arc::new(SqlCatalog::new(store.clone(), blobs.clone()));
        SqlServing::new(store, blobs, catalog, self.fake.clone())
    }

    async fn served(&self) -> Vec<ServedRoute> {
        self.room().await.served_routes(&Ctx::system()).await.unwrap()
    }

    fn serving(&self) -> &dyn Serving {
        self.ops.serving()
    }

    fn ctx(&self) -> Ctx {
        self.ops.ctx()
    }

    async fn draft(&self, version: &str, model_type: ModelType) -> Model {
        let mut card = json!({ "purpose": "p", "scope": "s", "contact": "c", "license": "CC0-1.0" });
        if model_type == ModelType::External {
            card["provider"] = "openai-compatible".into();
            card["modelName"] = "far".into();
            card["baseUrl"] = "https://models.example.com/v1".into();
        }
        let request = CreateModel {
            name: "tiny".into(),
            version: version.into(),
            model_type,
            model_family: "llama".into(),
            metadata: card.as_object().cloned().unwrap(),
            ..CreateModel::default()
        };
        self.ops.catalog().create_model(&self.ctx(), request).await.unwrap()
    }

    async fn upload(&self, model: &Model, path: &str, bytes: impl Into<bytes::Bytes>) {
        let request = UploadModelFiles { model_id: model.id, path: None, replace: None, sha256: None };
        let body = parts(vec![Part::from_bytes(path, bytes)]);
        self.ops.catalog().upload_model_files(&self.ctx(), request, body).await.unwrap();
    }

    /// A model that may be deployed.
    async fn model(&self, version: &str) -> Model {
        let model = self.draft(version, ModelType::Base).await;
        self.upload(&model, "config.json", "{}").await;
        self.upload(&model, "model.safetensors", tensors()).await;
        self.approve(&model).await
    }

    async fn approve(&self, model: &Model) -> Model {
        let request = SetModelStatus { model_id: model.id, status: ModelStatus::UnderReview, notes: None };
        let model = self.ops.catalog().set_model_status(&self.ctx(), request).await.unwrap();
        let request = ReviewModel {
            model_id: model.id,
            version: model.version.clone(),
            decision: ReviewDecision::Approve,
            notes: None,
            digest: model.digest.clone(),
            code_reviewed: None,
        };
        let permissions = BTreeSet::from(["*:read".to_owned(), "catalog:approve".to_owned()]);
        let rita = Caller { actor: "rita".into(), permissions: Arc::new(permissions), ..self.ctx().caller };
        self.ops.catalog().review_model(&Ctx::new(rita), request).await.unwrap()
    }

    async fn deploy(&self, model: &Model, route: &str) -> Endpoint {
        self.serving().deploy_endpoint(&self.ctx(), deployment(model, route)).await.unwrap()
    }

    /// An endpoint that answers.
    async fn healthy(&self) -> Endpoint {
        let model = self.model("1.0.0").await;
        let endpoint = self.deploy(&model, "tiny").await;
        self.until(&endpoint, |now| now.status == EndpointStatus::Healthy).await
    }

    async fn get(&self, of: &Endpoint) -> Result<Endpoint> {
        self.serving().get_endpoint(&self.ctx(), GetEndpoint { endpoint_id: of.id }).await
    }

    /// Follows an endpoint until it is so.
    async fn until(&self, of: &Endpoint, so: impl Fn(&Endpoint) -> bool) -> Endpoint {
        let request = GetEndpoint { endpoint_id: of.id };
        let mut events = self.serving().watch_endpoint(&self.ctx(), request).await.unwrap();
        let mut last = None;
        let found = async {
            while let Some(now) = events.try_next().await.unwrap() {
                if so(&now) {
                    return now;
                }
                last = Some(now);
            }
            panic!("the events ended");
        };
        let found = tokio::time::timeout(PATIENCE, found).await;
        found.unwrap_or_else(|_| panic!("it never came; at last it was {last:?}"))
    }

    async fn update(&self, of: &Endpoint, change: UpdateEndpoint) -> Result<Endpoint> {
        self.serving().update_endpoint(&self.ctx(), UpdateEndpoint { endpoint_id: of.id, ..change }).await
    }

    async fn redeploy(&self, of: &Endpoint, model: Option<&Model>) -> Result<Endpoint> {
        let request = RedeployEndpoint { endpoint_id: of.id, model_id: model.map(|model| model.id), limits: None };
        self.serving().redeploy_endpoint(&self.ctx(), request).await
    }

    async fn rollback(&self, of: &Endpoint, revision: Option<u32>) -> Result<Endpoint> {
        self.serving().rollback_endpoint(&self.ctx(), RollbackEndpoint { endpoint_id: of.id, revision }).await
    }

    async fn delete(&self, of: &Endpoint) -> Endpoint {
        self.serving().delete_endpoint(&self.ctx(), DeleteEndpoint { endpoint_id: of.id }).await.unwrap()
    }

    /// Waits for something outside the endpoint.
    async fn eventually(&self, what: &str, so: impl AsyncFn() -> bool) {
        let wait = async {
            while !so().await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("never: {what}"));
    }

    /// The names of what runs.
    fn works(&self) -> Vec<WorkId> {
        self.fake.started().into_iter().map(|work| work.id).collect()
    }
}

fn deployment(model: &Model, route: &str) -> DeployEndpoint {
    DeployEndpoint {
        model_id: model.id,
        route: route.into(),
        environment: Environment::Dev,
        min_replicas: None,
        limits: None,
        rollback_plan: None,
        dry_run: None,
    }
}

/// A change of nothing.
fn change(of: &Endpoint) -> UpdateEndpoint {
    UpdateEndpoint { endpoint_id: of.id, min_replicas: None, limits: None, status: None }
}

fn tensors() -> Vec<u8> {
    let header = br#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    [&(header.len() as u64).to_le_bytes()[..], header, &[0, 0, 128, 63]].concat()
}

async fn refused<T>(call: impl Future<Output = Result<T>>) -> (ErrorKind, String) {
    let error = call.await.err().expect("it should be refused");
    (error.kind(), error.stable_code().to_owned())
}
