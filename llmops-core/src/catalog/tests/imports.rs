//! Models that come from a registry.

use sha2::{Digest, Sha256};

use super::*;
use crate::base::Error;
use crate::registry::fake::FakeRegistry;

const PART: usize = 8 << 20;
const CARD: &str = "---\nlicense: mit\ntags: [small]\n---\n# Small\n";

/// Weights of this many bytes.
fn weights(bytes: usize) -> Vec<u8> {
    let header = format!(r#"{{"a":{{"dtype":"U8","shape":[{bytes}],"data_offsets":[0,{bytes}]}}}}"#);
    let body = (0..bytes).map(|at| u8::try_from(at % 251).unwrap());
    (header.len() as u64).to_le_bytes().into_iter().chain(header.into_bytes()).chain(body).collect()
}

/// A platform, and the registry that it imports from.
struct Here {
    fresh: Fresh,
    there: Arc<FakeRegistry>,
}

impl Here {
    async fn with(files: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Self {
        let (dir, there) = (tempfile::tempdir().unwrap(), Arc::new(FakeRegistry::new("c0ffee", files)));
        let ops = on_trial(dir.path()).await.registry("there", there.clone()).open().await.unwrap();
        Self { fresh: Fresh { _dir: dir, ops }, there }
    }

    /// Mistral in 20 MiB, with what is not taken.
    async fn with_mistral() -> Self {
        let config = br#"{"architectures": ["MistralForCausalLM"]}"#.to_vec();
        Self::with([
            (".gitattributes", b"x".to_vec()),
            ("README.md", CARD.into()),
            ("config.json", config),
            ("model.safetensors", weights(20 << 20)),
            ("pytorch_model.bin", b"x".to_vec()),
        ])
        .await
    }

    fn catalog(&self) -> &dyn Catalog {
        self.fresh.ops.catalog()
    }

    fn ctx(&self) -> Ctx {
        self.fresh.ops.ctx()
    }

    async fn begin(&self, request: ImportModel) -> Result<ModelImport> {
        self.catalog().import_model(&self.ctx(), request).await
    }

    /// How the import ends.
    async fn end(&self, import: &ModelImport) -> ModelImport {
        let request = GetModelImport { import_id: import.id };
        let events = self.catalog().watch_model_import(&self.ctx(), request).await.unwrap();
        let last = tokio::time::timeout(std::time::Duration::from_secs(60), events.try_collect::<Vec<_>>()).await;
        last.expect("it ends").unwrap().pop().unwrap()
    }

    async fn import(&self, request: ImportModel) -> ModelImport {
        let begun = self.begin(request).await.unwrap();
        self.end(&begun).await
    }

    async fn resume(&self, import: &ModelImport) -> ModelImport {
        let request = GetModelImport { import_id: import.id };
        let begun = self.catalog().resume_model_import(&self.ctx(), request).await.unwrap();
        self.end(&begun).await
    }

    async fn model(&self, import: &ModelImport) -> Model {
        let model_id = import.model_id.unwrap();
        self.catalog().get_model(&self.ctx(), GetModel { model_id }).await.unwrap()
    }

    /// The paths and digests of the files that came.
    async fn files(&self, import: &ModelImport) -> Vec<(String, String)> {
        let request = ListModelFiles { model_id: import.model_id.unwrap(), limit: None, cursor: None };
        let files = self.catalog().list_model_files(&self.ctx(), request).await.unwrap().items;
        files.into_iter().map(|file| (file.path, file.sha256)).collect()
    }
}

fn small() -> ImportModel {
    ImportModel { repo: "somebody/small".into(), registry: Some("there".into()), ..ImportModel::default() }
}

fn code(import: &ModelImport) -> (TransferState, &str) {
    (import.state, import.error.as_ref().map_or("", |error| error.code.as_str()))
}

#[tokio::test]
async fn files_card_and_family_come_from_the_registry() {
    let here = Here::with_mistral().await;
    let known = json!({ "contact": "them", "license": "mit", "tags": ["small"], "api_key": "k", "credentialId": "c" });
    here.there.describe(&known.to_string());
    let done = here.import(small()).await;
    assert_eq!(code(&done), (TransferState::Succeeded, ""), "{done:?}");
    assert_eq!((done.name.as_str(), done.version.as_str(), done.commit.as_deref()), ("small", "1.0.0", Some("c0ffee")));
    assert_eq!((done.files, done.received_files, done.received_bytes), (3, 3, done.bytes));
    let skipped: Vec<&str> = done.skipped.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(skipped, [".gitattributes", "pytorch_model.bin"]);
    let asked = here.there.asked();
    assert_eq!(asked[0], "config.json 0..41");
    assert!(asked.contains(&format!("model.safetensors {}..{}", PART, 2 * PART)), "{asked:?}");

    let model = here.model(&done).await;
    assert_eq!((model.model_family.as_str(), model.tags), ("mistral", vec!["small".to_owned()]));
    assert_eq!(model.metadata, *json!({ "contact": "them", "license": "mit" }).as_object().unwrap());
    let digest = hex::encode(Sha256::digest(weights(20 << 20)));
    assert_eq!(here.files(&done).await[2], ("model.safetensors".to_owned(), digest));
    let again = here.begin(small()).await.unwrap();
    assert_eq!(again.version, "1.0.1", "the next of the name");
}

#[tokio::test]
async fn a_model_knows_where_it_came_from_and_whether_that_changed() {
    let here = Here::with([("config.json", b"{}".to_vec())]).await;
    let done = here.import(small()).await;
    let model_id = done.model_id.unwrap();
    let request = ListModelRegistryLinks { model_id, limit: None, cursor: None };
    let links = here.catalog().list_model_registry_links(&here.ctx(), request).await.unwrap();
    assert_eq!(links.items, std::slice::from_ref(&done));
    let check = || async { here.catalog().check_model_updates(&here.ctx(), CheckModelUpdates { model_id }).await };
    let same = check().await.unwrap();
    assert_eq!((same.changed, same.latest.as_deref()), (false, Some("c0ffee")));
    here.there.commit_to("decaf");
    let newer = check().await.unwrap();
    assert_eq!((newer.changed, newer.latest.as_deref(), newer.commit.as_str()), (true, Some("decaf"), "c0ffee"));
    here.there.fail([Error::unavailable("away")]);
    let away = check().await.unwrap();
    assert_eq!((away.changed, away.latest, away.error.unwrap().message.as_str()), (false, None, "away"));
    let own = CheckModelUpdates { model_id: here.fresh.model("own").await.id };
    let refusal = refused(here.catalog().check_model_updates(&here.ctx(), own)).await;
    assert_eq!(refusal, (ErrorKind::Conflict, "not_imported".to_owned()));
}

#[tokio::test]
async fn what_passes_is_tried_again_and_what_does_not_waits_for_somebody() {
    let here = Here::with_mistral().await;
    here.there.fail([Error::unavailable("away"), Error::unavailable("away")]);
    let begun = std::time::Instant::now();
    let tried = here.import(small()).await;
    assert_eq!(code(&tried), (TransferState::Succeeded, ""), "{tried:?}");
    assert!(begun.elapsed().as_secs() >= 6, "two seconds, and then four: who is away is given time");

    let here = Here::with_mistral().await;
    here.there.fail([Error::denied("not you")]);
    let denied = here.import(small()).await;
    assert_eq!((code(&denied), denied.model_id), ((TransferState::Failed, "denied"), None), "nothing was begun");
    let done = here.resume(&denied).await;
    assert_eq!(code(&done), (TransferState::Succeeded, ""), "{done:?}");
}

#[tokio::test]
async fn bytes_that_changed_on_the_way_are_not_taken() {
    let here = Here::with_mistral().await;
    let mut other = weights(20 << 20);
    let last = other.len() - 1;
    other[last] ^= 1;
    let begun = here.begin(small()).await.unwrap();
    while !here.there.asked().iter().any(|asked| asked.starts_with("README")) {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    here.there.put("model.safetensors", other);
    let failed = here.end(&begun).await;
    assert_eq!(code(&failed), (TransferState::Failed, "checksum_mismatch"), "{failed:?}");
    assert_eq!((failed.received_files, here.files(&failed).await.len()), (2, 2));

    let model = here.model(&failed).await;
    let card = json!({ "purpose": "p", "scope": "s", "contact": "c" });
    let request = UpdateModel {
        model_id: model.id,
        owner_team: Patch::Stays,
        metadata: Patch::Is(card.as_object().cloned().unwrap()),
        model_family: None,
        tags: Patch::Stays,
    };
    here.catalog().update_model(&here.ctx(), request).await.unwrap();
    let early = refused(here.fresh.set_status(&model, ModelStatus::UnderReview)).await;
    assert_eq!(early, (ErrorKind::Conflict, "import_unfinished".to_owned()));

    here.there.put("model.safetensors", weights(20 << 20));
    let before = here.there.asked().len();
    let done = here.resume(&failed).await;
    assert_eq!(code(&done), (TransferState::Succeeded, ""), "{done:?}");
    assert!(
        here.there.asked()[before..].iter().all(|asked| asked.starts_with("model")),
        "what came is not asked again"
    );
    here.fresh.set_status(&model, ModelStatus::UnderReview).await.unwrap();
}

#[tokio::test]
async fn an_import_that_was_given_up_leaves_what_came() {
    let here = Here::with([("config.json", b"{}".to_vec()), ("model.safetensors", b"no tensors".to_vec())]).await;
    let failed = here.import(small()).await;
    assert_eq!(code(&failed), (TransferState::Failed, "invalid_safetensors"), "{failed:?}");
    let request = GetModelImport { import_id: failed.id };
    let given_up = here.catalog().cancel_model_import(&here.ctx(), request.clone()).await.unwrap();
    assert_eq!((given_up.state, here.files(&given_up).await.len()), (TransferState::Cancelled, 1));
    let refusal = refused(here.catalog().resume_model_import(&here.ctx(), request)).await;
    assert_eq!(refusal, (ErrorKind::Conflict, "import_over".to_owned()));
}

#[tokio::test]
async fn another_architecture_than_was_asked_for_is_refused() {
    let here = Here::with_mistral().await;
    let import = here.import(ImportModel { model_family: Some("qwen".into()), ..small() }).await;
    assert_eq!(code(&import), (TransferState::Failed, "architecture_mismatch"), "{import:?}");
    let none = here.import(ImportModel { include: vec!["*.gguf".into()], ..small() }).await;
    assert_eq!((code(&none), none.model_id), ((TransferState::Failed, "nothing_to_import"), None));
}

#[tokio::test]
async fn a_model_that_is_deleted_ends_its_import() {
    let here = Here::with_mistral().await;
    let begun = here.begin(small()).await.unwrap();
    let model_id = loop {
        let request = GetModelImport { import_id: begun.id };
        let now = here.catalog().get_model_import(&here.ctx(), request).await.unwrap();
        if let Some(id) = now.model_id.filter(|_| now.received_files == 2) {
            break id;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    };
    here.catalog().delete_model(&here.ctx(), DeleteModel { model_id }).await.unwrap();
    let ended = here.end(&begun).await;
    assert_eq!(code(&ended), (TransferState::Cancelled, ""), "{ended:?}");
}

#[tokio::test]
async fn what_is_asked_wrongly_is_named() {
    let here = Here::with([]).await;
    here.fresh.model("taken").await;
    let text = |text: &str| Some(text.to_owned());
    for (request, field) in [
        (ImportModel { repo: "a/b/c".into(), ..small() }, "repo"),
        (ImportModel { repo: "../b".into(), ..small() }, "repo"),
        (ImportModel { repo: "a?b".into(), ..small() }, "repo"),
        (ImportModel { revision: text("a/../b"), ..small() }, "revision"),
        (ImportModel { revision: text(""), ..small() }, "revision"),
        (ImportModel { registry: text("nobody"), ..small() }, "registry"),
        (ImportModel { registry: None, base_url: text("http://127.0.0.1:1"), ..small() }, "baseUrl"),
        (ImportModel { name: text("a b"), ..small() }, "name"),
        (ImportModel { version: text("one"), ..small() }, "version"),
        (ImportModel { name: text("taken"), version: text("1.0.0"), ..small() }, "version"),
        (ImportModel { model_family: text("nobody"), ..small() }, "modelFamily"),
        (ImportModel { include: vec!["x".repeat(257)], ..small() }, "include[0]"),
        (ImportModel { credential_id: Some(crate::vault::CredentialId(uuid::Uuid::nil())), ..small() }, "credentialId"),
    ] {
        let error = here.begin(request.clone()).await.unwrap_err();
        assert_eq!(error.field_name(), Some(field), "{request:?}: {error}");
    }
}

#[tokio::test]
async fn who_may_not_send_files_lets_none_come() {
    let here = Here::with([("config.json", b"{}".to_vec())]).await;
    let ctx = here.fresh.as_("ann", &["*:read", "catalog:create"]);
    let refusal = refused(here.catalog().import_model(&ctx, small())).await;
    assert_eq!(refusal, (ErrorKind::Denied, "permission_missing".to_owned()));
}

#[tokio::test]
async fn a_search_finds_here_and_there() {
    let here = Here::with([]).await;
    here.fresh.model("tiny-chat").await;
    let request =
        |text: &str| SearchCatalog { text: text.into(), registry: Some("there".into()), ..SearchCatalog::default() };
    let found = here.catalog().search_catalog(&here.ctx(), request("tiny")).await.unwrap();
    let names: Vec<&str> = found.models.iter().map(|model| model.name.as_str()).collect();
    assert_eq!((names, found.remote[0].repo.as_str()), (vec!["tiny-chat"], "somebody/tiny"));
    let tagged = here.fresh.model("other").await;
    let tags = json!({ "modelId": tagged.id, "tags": ["tiny", "Chat"] });
    here.catalog().update_model(&here.ctx(), serde_json::from_value(tags).unwrap()).await.unwrap();
    for (text, limit, names) in [
        ("tiny", None, &["other", "tiny-chat"][..]),
        ("tiny", Some(1), &["other"]),
        ("Chat", None, &["other", "tiny-chat"]),
        ("chat", None, &["tiny-chat"]),
        ("Tin", None, &["tiny-chat"]),
        ("tiny-chat", None, &["tiny-chat"]),
    ] {
        let found = here.catalog().search_catalog(&here.ctx(), SearchCatalog { limit, ..request(text) }).await.unwrap();
        assert_eq!(found.models.iter().map(|model| model.name.as_str()).collect::<Vec<_>>(), names, "{text}");
    }
    here.catalog().delete_model(&here.ctx(), DeleteModel { model_id: tagged.id }).await.unwrap();
    here.there.fail([Error::unavailable("away")]);
    let found = here.catalog().search_catalog(&here.ctx(), request("tiny")).await.unwrap();
    assert_eq!((found.models.len(), found.remote.len(), found.error.is_some()), (1, 0, true));
}
