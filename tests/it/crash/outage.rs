//! The object store is away for a while: what needs it fails soon and says so, what does not goes on, and what was begun ends by
//! itself when it is back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt;
use llmops_core::LlmOps;
use llmops_core::base::{ErrorKind, Result};
use llmops_core::op::{Part, parts};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::imported::Hub;
use super::server::{Bucket, Orders, Server};

/// How long the store is away.
const AWAY: Duration = Duration::from_secs(60);
/// A call that needs the store tells within this time that it is away.
const SOON: Duration = Duration::from_secs(30);
/// Within this time everything is as it should be.
const PATIENCE: Duration = Duration::from_secs(90);

/// The way to the store, which can be cut.
struct Line {
    address: String,
    cut: Arc<AtomicBool>,
}

impl Line {
    async fn to(store: &str) -> Self {
        let store = store.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let cut = Arc::new(AtomicBool::new(false));
        let is_cut = cut.clone();
        tokio::spawn(async move {
            let mut under_way = JoinSet::new();
            loop {
                let (mut here, _) = listener.accept().await.unwrap();
                if is_cut.load(Ordering::SeqCst) {
                    under_way.abort_all();
                    continue;
                }
                let store = store.clone();
                under_way.spawn(async move {
                    if let Ok(mut there) = TcpStream::connect(store).await {
                        // Either end may hang up.
                        let _ = tokio::io::copy_bidirectional(&mut here, &mut there).await;
                    }
                });
            }
        });
        Self { address, cut }
    }

    /// Connections that are open end with the next that is tried.
    async fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address.trim_start_matches("http://")).await;
    }

    fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
    }
}

struct Story {
    ops: LlmOps,
    model: String,
}

impl Story {
    async fn call(&self, name: &str, request: Value) -> Result<Value> {
        self.ops.call(self.ops.ctx(), name, request).await
    }

    async fn ask(&self, name: &str, request: Value) -> Value {
        self.call(name, request).await.unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    async fn until(&self, name: &str, request: &Value, is: impl Fn(&Value) -> bool) -> Value {
        let since = Instant::now();
        loop {
            let seen = self.ask(name, request.clone()).await;
            if is(&seen) {
                return seen;
            }
            assert!(since.elapsed() < PATIENCE, "{name} stays {seen:#}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn send(&self, name: &str, request: Value, file: &str, bytes: &str) -> Result<Value> {
        let body = parts(vec![Part::from_bytes(file, bytes.to_owned())]);
        self.ops.upload(self.ops.ctx(), name, request, body).await
    }

    async fn file(&self, path: &str) -> Result<Vec<u8>> {
        self.bytes("catalog.download_model_file", json!({ "modelId": self.model, "path": path })).await
    }

    async fn rows(&self, dataset: &Value) -> Result<Vec<u8>> {
        self.bytes("datasets.read_dataset_rows", dataset.clone()).await
    }

    async fn bytes(&self, name: &str, request: Value) -> Result<Vec<u8>> {
        let mut download = self.ops.download(self.ops.ctx(), name, request).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = download.body.next().await {
            bytes.extend_from_slice(&chunk?);
        }
        Ok(bytes)
    }

    /// A file in parts that only has to be put together.
    async fn parted(&self, text: &str) -> Value {
        let digest = hex::encode(Sha256::digest(text));
        let request = json!({ "modelId": self.model, "path": "parted.txt", "bytes": text.len(), "sha256": digest });
        let upload = self.ask("catalog.create_model_upload", request).await["id"].clone();
        let part = json!({ "modelId": self.model, "uploadId": upload, "number": 0 });
        self.send("catalog.upload_model_part", part, "part", text).await.unwrap();
        json!({ "modelId": self.model, "uploadId": upload })
    }

    /// A version with one of the rows, on its way.
    async fn derive(&self, dataset: &Value) -> Value {
        let mut request = dataset.clone();
        request["name"] = "first".into();
        request["filter"] = json!({ "condition": "a == 1" });
        let begun = self.ask("datasets.derive_dataset", request).await;
        json!({ "datasetId": dataset["datasetId"], "derivationId": begun["id"] })
    }

    /// A model of somebody else's, on its way.
    async fn import(&self, hub: &Hub) -> Value {
        let request = json!({ "repo": "somebody/taken", "baseUrl": format!("http://{}", hub.address()) });
        json!({ "importId": self.ask("catalog.import_model", request).await["id"] })
    }

    async fn dataset(&self) -> Value {
        let request = json!({ "name": "rows", "version": "1.0.0", "type": "other" });
        let dataset = json!({ "datasetId": self.ask("datasets.create_dataset", request).await["id"] });
        self.send("datasets.upload_dataset_files", dataset.clone(), "rows.csv", "a,b\n1,x\n2,y\n").await.unwrap();
        dataset
    }
}

/// What fails within the time, and why.
async fn away<T: std::fmt::Debug>(what: &str, call: impl Future<Output = Result<T>>) {
    let error = tokio::time::timeout(SOON, call).await.unwrap_or_else(|_| panic!("{what} hangs"));
    let error = error.expect_err(what);
    assert_eq!(error.kind(), ErrorKind::Upstream, "{what}: {error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_store_that_is_away_loses_nothing() {
    let Some(bucket) = Bucket::fresh() else { return };
    let line = Line::to(&bucket.address).await;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().canonicalize().unwrap();
    let bucket = Some(Bucket { address: line.address.clone(), ..bucket });
    let hub = Hub::begin();
    let allowed_hosts = Some(hub.address().to_owned());
    let orders = Orders { data: data.clone(), bucket, allowed_hosts, ..Orders::default() };
    let mut server = Server::start(&orders).expect("it starts");
    let mut story = Story { ops: server.client(&data, None), model: String::new() };
    let model = story.ask("catalog.create_model", json!({ "name": "tiny", "version": "1.0.0" })).await;
    story.model = model["id"].as_str().unwrap().to_owned();
    let here = json!({ "modelId": story.model });
    story.send("catalog.upload_model_files", here.clone(), "config.json", "{}").await.unwrap();
    let (upload, dataset) = (story.parted("put together").await, story.dataset().await);
    let gone = story.ask("catalog.create_model", json!({ "name": "gone", "version": "1.0.0" })).await;
    let gone = json!({ "modelId": gone["id"] });
    story.send("catalog.upload_model_files", gone.clone(), "notes.txt", "of the one that goes").await.unwrap();

    line.cut().await;
    let since = Instant::now();
    away("a download", story.file("config.json")).await;
    away("an upload", story.send("catalog.upload_model_files", here.clone(), "notes.txt", "n")).await;
    away("reading rows", story.call("datasets.preview_dataset", dataset.clone())).await;
    away("a stream of rows", story.rows(&dataset)).await;
    let files = story.ask("catalog.list_model_files", here.clone()).await;
    assert_eq!(files["items"].as_array().unwrap().len(), 1, "what needs no bytes goes on: {files:#}");
    story.ask("catalog.complete_model_upload", upload.clone()).await;
    story.ask("datasets.validate_dataset", dataset.clone()).await;
    let derived = story.derive(&dataset).await;
    story.ask("catalog.delete_model", gone.clone()).await;
    let stuck = story.until("catalog.get_model_upload", &upload, |now| !now["error"].is_null()).await;
    assert_eq!((&stuck["state"], &stuck["error"]["code"]), (&json!("completing"), &json!("upstream")), "{stuck:#}");
    let waits = story.ask("datasets.get_dataset_derivation", derived.clone()).await;
    assert_eq!(waits["finishedAt"], Value::Null, "{waits:#}");
    let import = story.import(&hub).await;
    let late = story.until("catalog.get_model_import", &import, |now| !now["error"].is_null()).await;
    assert_ne!(late["state"], "failed", "{late:#}");
    let owed = story.ask("catalog.get_model_deletion", gone.clone()).await;
    assert_eq!(owed["storageCleaned"], false, "{owed:#}");

    tokio::time::sleep(AWAY.saturating_sub(since.elapsed())).await;
    line.mend();
    let whole = story.until("catalog.get_model_upload", &upload, |now| now["state"] != "completing").await;
    assert_eq!((&whole["state"], &whole["error"]), (&json!("complete"), &Value::Null), "{whole:#}");
    let report = story.until("datasets.get_dataset_validation", &dataset, |now| now["state"] == "succeeded").await;
    assert_eq!(report["report"]["structure"]["rows"], 2, "{report:#}");
    let made = story.until("datasets.get_dataset_derivation", &derived, |now| !now["finishedAt"].is_null()).await;
    assert_eq!((&made["state"], &made["outputs"][0]["rows"]), (&json!("succeeded"), &json!(1)), "{made:#}");
    let taken = story.until("catalog.get_model_import", &import, |now| now["state"] == "succeeded").await;
    assert_eq!((&taken["receivedFiles"], &taken["error"]), (&json!(2), &Value::Null), "{taken:#}");
    story.until("catalog.get_model_deletion", &gone, |now| now["storageCleaned"] == true).await;
    story.send("catalog.upload_model_files", here, "notes.txt", "n").await.unwrap();
    for (path, text) in [("config.json", "{}"), ("parted.txt", "put together"), ("notes.txt", "n")] {
        assert_eq!(story.file(path).await.unwrap(), text.as_bytes(), "{path}");
    }
    assert!(server.stop(), "it ends in order");
}
