//! External models: their forms, their keys, and what their providers say.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::governance::{Credential, ListCredentials};
use crate::store::trial;

const KEY: &str = "sk-0123456789abcdef";

/// A provider that answers everything in the same way, and the requests that it got.
struct Provider {
    address: String,
    asked: Arc<std::sync::Mutex<Vec<String>>>,
}

impl Provider {
    async fn answering(status: u16, body: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked: Arc<std::sync::Mutex<Vec<String>>> = Arc::default();
        let (seen, body) = (asked.clone(), body.to_string());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 8192];
                let read = stream.read(&mut request).await.unwrap_or_default();
                seen.lock().unwrap().push(String::from_utf8_lossy(&request[..read]).into_owned());
                let head =
                    format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            }
        });
        Self { address, asked }
    }

    fn last(&self) -> String {
        self.asked.lock().unwrap().last().cloned().unwrap_or_default().to_ascii_lowercase()
    }
}

struct Outer {
    dir: tempfile::TempDir,
    ops: LlmOps,
}

impl Outer {
    async fn open(allowed: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = on_trial(dir.path()).await.allowed_hosts(allowed.parse().unwrap()).open().await.unwrap();
        Self { dir, ops }
    }

    async fn create(&self, card: Value) -> Result<Model> {
        let metadata = card.as_object().cloned().unwrap();
        let (name, version, model_type) = ("far".into(), "1.0.0".into(), ModelType::External);
        let request = CreateModel { name, version, model_type, metadata, ..CreateModel::default() };
        self.ops.catalog().create_model(&self.ops.ctx(), request).await
    }

    async fn update(&self, model: &Model, card: Value) -> Result<Model> {
        let metadata = Patch::Is(card.as_object().cloned().unwrap());
        let (owner_team, tags) = (Patch::Stays, Patch::Stays);
        let request = UpdateModel { model_id: model.id, owner_team, metadata, model_family: None, tags };
        self.ops.catalog().update_model(&self.ops.ctx(), request).await
    }

    async fn test(&self, model: &Model) -> ExternalTest {
        self.ops.catalog().test_model(&self.ops.ctx(), TestModel { model_id: model.id }).await.unwrap()
    }

    async fn credentials(&self) -> Vec<Credential> {
        let request = ListCredentials::default();
        self.ops.governance().list_credentials(&self.ops.ctx(), request).await.unwrap().items
    }
}

#[tokio::test]
async fn a_key_is_sealed_at_once_and_sent_to_its_provider_alone() {
    let provider = Provider::answering(200, json!({ "data": [{ "id": "big" }, { "id": "small" }] })).await;
    let outer = Outer::open(&provider.address).await;
    let url = format!("http://{}/v1/", provider.address);
    let card = json!({ "provider": "openai-compatible", "modelName": "small", "baseUrl": url, "apiKey": KEY });
    let model = outer.create(card).await.unwrap();
    assert_eq!(model.metadata.get("apiKey"), None);
    let credential = outer.credentials().await.remove(0);
    assert_eq!(model.metadata["credentialId"], credential.id.to_string());
    assert_eq!((credential.model_id, credential.ending.as_deref()), (Some(model.id.0), Some("cdef")));
    assert!(!trial::holds(outer.dir.path(), KEY).await, "the key stands in the database");

    let tested = outer.test(&model).await;
    assert_eq!((tested.ok, tested.offered, tested.error), (true, Some(true), None));
    assert_eq!(tested.models, ["big", "small"]);
    assert!(tested.latency_ms.is_some());
    assert!(provider.last().starts_with("get /v1/models http/1.1"), "{}", provider.last());
    assert!(provider.last().contains(&format!("authorization: bearer {KEY}")), "{}", provider.last());

    let renamed = outer.update(&model, json!({ "modelName": "huge" })).await.unwrap();
    let tested = outer.test(&renamed).await;
    assert_eq!((tested.ok, tested.offered), (false, Some(false)));
    let error = tested.error.unwrap();
    assert_eq!((error.kind.as_deref(), error.code.as_str()), (Some("not_found"), "model_not_offered"));
    assert_eq!(error.message, "openai-compatible does not offer `huge`");
    assert_eq!(error.hint.as_deref(), Some("name one as `metadata.modelName`: it offers `big`, `small`"));
}

#[tokio::test]
async fn of_many_models_that_are_offered_a_hint_names_a_few() {
    for (count, hint) in [(0, "offers none"), (7, "`m0`, `m1`, `m2`, `m3`, `m4` and 2 more")] {
        let names: Vec<Value> = (0..count).map(|number| json!({ "id": format!("m{number}") })).collect();
        let provider = Provider::answering(200, json!({ "data": names })).await;
        let outer = Outer::open(&provider.address).await;
        let url = format!("http://{}/v1", provider.address);
        let card = json!({ "provider": "openai-compatible", "modelName": "other", "baseUrl": url });
        let error = outer.test(&outer.create(card).await.unwrap()).await.error.unwrap();
        assert!(error.hint.as_ref().is_some_and(|said| said.contains(hint)), "{error:?}");
    }
}

#[tokio::test]
async fn a_key_does_not_follow_to_another_address() {
    let (here, there) =
        tokio::join!(Provider::answering(200, json!({ "data": [] })), Provider::answering(200, json!({ "data": [] })));
    let outer = Outer::open(&format!("{}, {}", here.address, there.address)).await;
    let url = |provider: &Provider, path: &str| format!("http://{}/{path}", provider.address);
    let card = json!({ "provider": "openai-compatible", "modelName": "m", "baseUrl": url(&here, "v1"), "apiKey": KEY });
    let model = outer.create(card).await.unwrap();

    let same = outer.update(&model, json!({ "baseUrl": url(&here, "v2"), "purpose": "p" })).await.unwrap();
    assert_eq!(same.metadata["credentialId"], model.metadata["credentialId"], "another path of the same server");

    let moved = outer.update(&same, json!({ "baseUrl": url(&there, "v1") })).await.unwrap();
    assert_eq!(moved.metadata.get("credentialId"), None);
    assert_eq!(outer.credentials().await, [], "the key went");
    outer.test(&moved).await;
    assert!(!there.last().contains("authorization"), "{}", there.last());

    let keyed = outer.update(&moved, json!({ "apiKey": "another-key-for-there" })).await.unwrap();
    outer.test(&keyed).await;
    assert!(there.last().contains("bearer another-key-for-there"));
    let renewed = outer.update(&keyed, json!({ "apiKey": "a-third-key-for-there" })).await.unwrap();
    let kept = outer.credentials().await;
    assert_eq!(kept.len(), 1, "the key before it went");
    assert_eq!(renewed.metadata["credentialId"], kept[0].id.to_string());

    let request = DeleteModel { model_id: model.id };
    outer.ops.catalog().delete_model(&outer.ops.ctx(), request).await.unwrap();
    assert_eq!(outer.credentials().await, [], "a key goes with its model");
}

#[tokio::test]
async fn a_stored_credential_is_shared_and_stays_with_its_server() {
    let outer = Outer::open("").await;
    let store = |name: &str, url: &str| json!({ "name": name, "baseUrl": url, "secret": KEY });
    let call =
        async |request: Value| outer.ops.call(outer.ops.ctx(), "governance.create_credential", request).await.unwrap();
    let mine = call(store("mine", "https://api.openai.com/v1")).await;
    let other = call(store("other", "https://other.example/v1")).await;
    let card = |id: &Value| json!({ "provider": "openai", "modelName": "m", "credentialId": id });
    let refused = outer.create(card(&other["id"])).await.unwrap_err();
    assert_eq!((refused.stable_code(), refused.field_name()), ("credential_elsewhere", Some("metadata.credentialId")));
    let model = outer.create(card(&mine["id"])).await.unwrap();
    assert_eq!(model.metadata["credentialId"], mine["id"]);

    let moved =
        outer.update(&model, json!({ "baseUrl": "https://other.example/v1", "credentialId": other["id"] })).await;
    assert_eq!(moved.unwrap().metadata["credentialId"], other["id"], "another was named with the other address");
    outer.ops.catalog().delete_model(&outer.ops.ctx(), DeleteModel { model_id: model.id }).await.unwrap();
    assert_eq!(outer.credentials().await.len(), 2, "what was made by itself stays");
}

#[tokio::test]
async fn what_a_provider_says_is_the_outcome_of_a_test() {
    for (status, body, code) in [
        (401, json!({ "error": { "message": "Incorrect API key" } }), "upstream_refused"),
        (307, json!({}), "upstream_redirects"),
        (500, json!({}), "upstream_failed"),
        (200, json!([]), "upstream_garbled"),
    ] {
        let provider = Provider::answering(status, body).await;
        let outer = Outer::open(&provider.address).await;
        let url = format!("http://{}", provider.address);
        let card = json!({ "provider": "openai-compatible", "modelName": "m", "baseUrl": url });
        let tested = outer.test(&outer.create(card).await.unwrap()).await;
        let error = tested.error.unwrap();
        assert_eq!((tested.ok, error.code.as_str()), (false, code), "{}", error.message);
        assert!(error.hint.is_some());
    }
}

#[tokio::test]
async fn who_answers_is_what_was_approved_and_what_nobody_touches_stays() {
    let outer = Outer::open("").await;
    let stored = json!({ "name": "shared", "baseUrl": "https://api.openai.com/v1", "secret": KEY });
    let stored = outer.ops.call(outer.ops.ctx(), "governance.create_credential", stored).await.unwrap();
    let card = json!({
        "provider": "openai", "modelName": "m", "credentialId": stored["id"],
        "purpose": "p", "scope": "s", "contact": "c", "license": "l",
    });
    let model = outer.create(card).await.unwrap();
    let request = SetModelStatus { model_id: model.id, status: ModelStatus::UnderReview, notes: None };
    outer.ops.catalog().set_model_status(&outer.ops.ctx(), request).await.unwrap();

    let request = json!({ "credentialId": stored["id"] });
    outer.ops.call(outer.ops.ctx(), "governance.delete_credential", request).await.unwrap();
    let told = outer.update(&model, json!({ "purpose": "another" })).await.unwrap();
    assert_eq!(told.status, ModelStatus::UnderReview, "the card is not who answers");
    assert_eq!(outer.test(&model).await.error.unwrap().code, "not_found");

    let moved = outer.update(&model, json!({ "modelName": "other", "apiKey": "a-new-key-0123456" })).await.unwrap();
    assert_eq!(moved.status, ModelStatus::Draft);
    let log = outer.ops.call(outer.ops.ctx(), "governance.list_audit_logs", json!({ "limit": 1 })).await.unwrap();
    assert_eq!(log["items"][0]["resourceId"], model.id.to_string(), "{log}");
}

#[tokio::test]
async fn a_key_in_any_other_card_is_refused() {
    let outer = Outer::open("").await;
    for spelled in ["apiKey", "api_key", "API-KEY"] {
        let metadata = json!({ spelled: KEY }).as_object().cloned().unwrap();
        let request = CreateModel { name: "near".into(), version: "1.0.0".into(), metadata, ..CreateModel::default() };
        let error = outer.ops.catalog().create_model(&outer.ops.ctx(), request).await.unwrap_err();
        assert_eq!(error.field_name(), Some("metadata.apiKey"), "{spelled}");
    }
    let request = CreateModel { name: "near".into(), version: "1.0.0".into(), ..CreateModel::default() };
    let model = outer.ops.catalog().create_model(&outer.ops.ctx(), request).await.unwrap();
    let commit = json!({ "modelId": model.id, "remove": ["a.txt"], "metadata": { "apiKey": KEY } });
    let error = outer.ops.call(outer.ops.ctx(), "catalog.commit_model_files", commit).await.unwrap_err();
    assert_eq!(error.field_name(), Some("metadata.apiKey"));
}
