//! Two platforms: each is a registry to the other.

use std::time::Duration;

use futures::TryStreamExt;
use llmops_core::LlmOps;
use llmops_core::base::Secret;
use llmops_core::op::{Part, parts};
use serde_json::{Value, json};

use super::{CONFIG, DoorOptions, Served, served, served_on};

const CARD: &str = "---\nlicense: apache-2.0\n---\n\n# Tiny\n\nSays little.\n";

/// A platform that may reach the server of another.
async fn beside(other: &Served) -> Served {
    let dir = tempfile::tempdir().unwrap();
    let hosts = other.server.address().to_string().parse().unwrap();
    let ops = LlmOps::builder().data_dir(dir.path()).allowed_hosts(hosts).open().await.unwrap();
    served_on(dir, ops, DoorOptions::default()).await
}

impl Served {
    async fn ask(&self, operation: &str, request: Value) -> Value {
        let ops = self.remote();
        ops.call(ops.ctx(), operation, request).await.unwrap_or_else(|error| panic!("{operation}: {error:?}"))
    }

    async fn send(&self, model: &Value, files: Vec<(&str, Vec<u8>)>) {
        let ops = self.remote();
        let files = files.into_iter().map(|(path, bytes)| Part::from_bytes(path, bytes)).collect();
        let request = json!({ "modelId": model, "replace": true });
        ops.upload(ops.ctx(), "catalog.upload_model_files", request, parts(files)).await.unwrap();
    }

    /// Follows an import or an export to its end, which must be good.
    async fn gone_well(&self, watch: &str, request: Value) -> Value {
        let ops = self.remote();
        let seen = async { ops.stream(ops.ctx(), watch, request).await?.try_collect::<Vec<Value>>().await };
        let seen = tokio::time::timeout(Duration::from_secs(60), seen).await.expect("it ends").unwrap();
        let last = seen.last().cloned().unwrap();
        assert_eq!(last["state"], "succeeded", "{last}");
        last
    }

    /// The paths of a model's files and their digests.
    async fn digests(&self, model: &Value) -> Vec<(String, String)> {
        let files = self.ask("catalog.list_model_files", json!({ "modelId": model })).await;
        let text = |file: &Value, name: &str| file[name].as_str().unwrap().to_owned();
        let files = files["items"].as_array().unwrap().iter();
        files.map(|file| (text(file, "path"), text(file, "sha256"))).collect()
    }

    /// Approves a model, with a reviewer's key.
    async fn approve(&self, model: &Value) {
        let card = json!({ "purpose": "tests", "scope": "here", "contact": "ann", "license": "apache-2.0" });
        self.ask("catalog.update_model", json!({ "modelId": model, "metadata": card })).await;
        self.ask("catalog.set_model_status", json!({ "modelId": model, "status": "under_review" })).await;
        let made = self.ask("governance.create_api_key", json!({ "name": "rita", "roles": ["reviewer"] })).await;
        let key = Secret::new(made["secret"].as_str().unwrap().to_owned());
        let rita = LlmOps::connect(&self.server.url(), Some(key)).unwrap();
        let version = self.ask("catalog.get_model", json!({ "modelId": model })).await["version"].clone();
        let review = json!({ "modelId": model, "version": version, "decision": "approve" });
        rita.call(rita.ctx(), "catalog.review_model", review).await.unwrap();
    }

    /// A stored key of the other platform.
    async fn key_of(&self, other: &Served) -> Value {
        let request = json!({ "name": "other", "baseUrl": other.server.url(), "secret": other.key });
        self.ask("governance.create_credential", request).await["id"].clone()
    }
}

/// Weights of this many bytes, in a file that says so.
fn weights(bytes: usize) -> Vec<u8> {
    let header = json!({ "t": { "dtype": "U8", "shape": [bytes], "data_offsets": [0, bytes] } }).to_string();
    let body = (0..bytes).map(|at| (at * 31 % 251) as u8);
    (header.len() as u64).to_le_bytes().into_iter().chain(header.bytes()).chain(body).collect()
}

#[tokio::test]
async fn a_model_comes_from_another_platform_and_goes_back() {
    let there = served().await;
    let here = beside(&there).await;
    let model = there.model("1.0.0").await["id"].clone();
    let files = vec![
        ("config.json", CONFIG.into()),
        ("README.md", CARD.into()),
        ("model.safetensors", weights(3 << 20)),
        ("notes/first.txt", b"by hand".into()),
    ];
    there.send(&model, files).await;
    let (url, key) = (there.server.url(), here.key_of(&there).await);

    let found =
        here.ask("catalog.search_catalog", json!({ "text": "tiny", "baseUrl": url, "credentialId": key })).await;
    assert!(found["remote"].as_array().unwrap().iter().any(|one| one["repo"] == "default/tiny"), "{found}");
    let request = json!({ "repo": "default/tiny", "baseUrl": url, "credentialId": key, "name": "taken" });
    let asked = here.ask("catalog.import_model", request.clone()).await;
    let import = here.gone_well("catalog.watch_model_import", json!({ "importId": asked["id"] })).await;
    let taken = import["modelId"].clone();
    assert_eq!(here.digests(&taken).await, there.digests(&model).await);
    let card = here.ask("catalog.get_model", json!({ "modelId": taken })).await["metadata"].clone();
    assert_eq!(card["license"], "apache-2.0", "{card}");

    let updates = here.ask("catalog.check_model_updates", json!({ "modelId": taken })).await;
    assert_eq!(updates["changed"], false, "{updates}");
    there.send(&model, vec![("notes/second.txt", b"later".into())]).await;
    let updates = here.ask("catalog.check_model_updates", json!({ "modelId": taken })).await;
    assert_eq!(updates["changed"], true, "{updates}");
    let asked = here.ask("catalog.import_model", request).await;
    let import = here.gone_well("catalog.watch_model_import", json!({ "importId": asked["id"] })).await;
    let newer = import["modelId"].clone();
    assert_eq!((&import["version"], here.digests(&newer).await), (&json!("1.0.1"), there.digests(&model).await));

    here.approve(&newer).await;
    let request = json!({ "modelId": newer, "repo": "default/back", "baseUrl": url, "credentialId": key });
    let asked = here.ask("catalog.export_model", request).await;
    here.gone_well("catalog.watch_model_export", json!({ "exportId": asked["id"] })).await;
    let back = there.ask("catalog.list_models", json!({ "name": "back" })).await["items"][0]["id"].clone();
    let files = |digests: Vec<(String, String)>| {
        digests.into_iter().filter(|(path, _)| path != "README.md").collect::<Vec<_>>()
    };
    assert_eq!(files(there.digests(&back).await), files(here.digests(&newer).await));
    let card = there.ask("catalog.get_model", json!({ "modelId": back })).await["metadata"].clone();
    assert_eq!(card["license"], "apache-2.0", "{card}");
}
