//! Files whose bytes are gone or changed in the store: found, written down, in the way of others, and mended by the same bytes.

use std::path::PathBuf;

use super::*;

impl Fresh {
    /// Where the bytes of this text are.
    fn blob(&self, text: &str) -> PathBuf {
        let digest = hex::encode(Sha256::digest(text));
        crate::blob::trial::kept(self._dir.path()).join(format!("blobs/sha256/{}/{digest}", &digest[..2]))
    }

    async fn verify(&self, model: &Model) -> ModelVerification {
        let reader = self.as_("vera", &["*:read"]);
        self.ops.catalog().verify_model(&reader, VerifyModel { model_id: model.id }).await.unwrap()
    }

    async fn found(&self, model: &Model) -> Vec<ModelFile> {
        let request = ListModelFiles { model_id: model.id, limit: None, cursor: None };
        self.ops.catalog().list_model_files(&self.ops.ctx(), request).await.unwrap().items
    }

    async fn states(&self, model: &Model) -> Vec<(String, FileState, bool)> {
        let files = self.found(model).await;
        files.into_iter().map(|file| (file.path, file.state, file.damaged_at.is_some())).collect()
    }

    async fn files_gate(&self, model: &Model) -> ModelGate {
        let request = GetModelGates { model_id: model.id };
        let gates = self.ops.catalog().get_model_gates(&self.ops.ctx(), request).await.unwrap().gates;
        gates.into_iter().find(|gate| gate.gate == ModelGateKind::Files).unwrap()
    }

    async fn text(&self, model: &Model, path: &str) -> String {
        let request = DownloadModelFile { model_id: model.id, path: path.into(), range: None };
        let download = self.ops.catalog().download_model_file(&self.ops.ctx(), request).await.unwrap();
        let bytes: Vec<bytes::Bytes> = download.body.try_collect().await.unwrap();
        String::from_utf8(bytes.concat()).unwrap()
    }
}

const WHOLE: [(&str, FileState, bool); 2] =
    [("config.json", FileState::Verified, false), ("model.safetensors", FileState::Verified, false)];

fn told(states: &[(String, FileState, bool)]) -> Vec<(&str, FileState, bool)> {
    states.iter().map(|(path, state, found)| (path.as_str(), *state, *found)).collect()
}

#[tokio::test]
async fn damage_is_written_down_and_in_the_way_until_the_same_bytes_come_again() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    std::fs::write(fresh.blob("{}"), "[]").unwrap();
    assert_eq!(fresh.verify(&model).await.damaged, ["config.json"]);
    let damaged = [("config.json", FileState::Damaged, true), WHOLE[1]];
    assert_eq!(told(&fresh.states(&model).await), damaged);
    let found = fresh.get(&model).await;
    assert_ne!(found.etag, model.etag, "who decides on it looks again");
    assert_eq!(fresh.verify(&model).await.damaged, ["config.json"]);
    assert_eq!(fresh.get(&model).await.etag, found.etag, "what is known is no change");

    let gate = fresh.files_gate(&model).await;
    assert_eq!((gate.state, gate.code.as_deref()), (ModelGateState::Failed, Some("files_damaged")));
    assert_eq!(gate.text, "`config.json` is damaged: bytes are gone or changed");
    assert_eq!(refused(fresh.review(&model, None)).await, (ErrorKind::Conflict, "files_damaged".into()));
    let log = json!({ "resourceId": model.id, "action": "catalog.verify_model" });
    let log = fresh.ops.call(fresh.ops.ctx(), "governance.list_audit_logs", log).await.unwrap();
    assert_eq!(
        (log["items"].as_array().map(Vec::len), &log["items"][0]["actorId"]),
        (Some(1), &json!("vera")),
        "{log}"
    );

    let mended = fresh.upload(&model, "config.json", "{}").await.unwrap();
    assert_eq!((mended.files[0].state, mended.files[0].damaged_at), (FileState::Verified, None));
    assert_eq!(told(&fresh.states(&model).await), WHOLE);
    assert_eq!(fresh.text(&model, "config.json").await, "{}");
    let now = fresh.get(&model).await;
    assert_eq!((now.status, &now.digest), (ModelStatus::UnderReview, &model.digest), "it is the same model");
    assert!(fresh.verify(&model).await.verified);
    assert_eq!(fresh.review(&model, None).await.unwrap().status, ModelStatus::Approved);
}

#[tokio::test]
async fn rooms_that_take_the_files_of_an_approved_model_refuse_damaged_ones() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    fresh.review(&model, None).await.unwrap();
    std::fs::remove_file(fresh.blob("{}")).unwrap();
    assert!(!fresh.verify(&model).await.verified);
    let now = fresh.get(&model).await;
    let error = now.check_same_files(&fresh.found(&model).await).unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Conflict, "files_damaged"));
    assert_eq!((error.field_name(), now.status), (Some("modelId"), ModelStatus::Approved));
    fresh.upload(&model, "config.json", "{}").await.unwrap();
    let now = fresh.get(&model).await;
    now.check_same_files(&fresh.found(&model).await).unwrap();
    assert_eq!(now.status, ModelStatus::Approved, "the bytes are those that were approved");
    assert!(fresh.verify(&model).await.verified);
}

#[tokio::test]
async fn what_is_whole_again_is_found_so() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    fresh.upload(&model, "model.bin", "pickle").await.unwrap();
    let blob = fresh.blob("pickle");
    std::fs::write(&blob, "pickly").unwrap();
    assert_eq!(fresh.verify(&model).await.damaged, ["model.bin"]);
    let reader = fresh.as_("vera", &["*:read"]);
    let request = DownloadModelFile { model_id: model.id, path: "model.bin".into(), range: None };
    let sent = fresh.ops.catalog().download_model_file(&reader, request);
    assert_eq!(refused(sent).await, (ErrorKind::Denied, "quarantined".into()), "damage is no way out of quarantine");
    std::fs::write(&blob, "pickle").unwrap();
    assert!(fresh.verify(&model).await.verified);
    let states = fresh.states(&model).await;
    assert_eq!(told(&states)[1], ("model.bin", FileState::Quarantined, false));
}

#[tokio::test]
async fn damaged_bytes_are_no_source_and_another_model_that_brings_them_mends_them() {
    let fresh = Fresh::open().await;
    let (model, other) = (fresh.with_files("tiny").await, fresh.model("other").await);
    std::fs::write(fresh.blob("{}"), "[]").unwrap();
    fresh.verify(&model).await;
    let digest = hex::encode(Sha256::digest("{}"));
    let copied = [("copy.json", digest.as_str())];
    assert_eq!(refused(fresh.commit(&model, &copied, &[])).await, (ErrorKind::Invalid, "bytes_missing".into()));
    fresh.upload(&other, "config.json", "{}").await.unwrap();
    assert_eq!(fresh.text(&model, "config.json").await, "{}", "they are the same bytes");
    assert!(fresh.verify(&model).await.verified);
    assert_eq!(told(&fresh.states(&model).await), WHOLE);
}

#[tokio::test]
async fn a_commit_of_the_same_bytes_mends_a_file_at_once() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    let early = fresh.stage(&fresh.ops.ctx(), &model, b"{}").await;
    std::fs::write(fresh.blob("{}"), "[]").unwrap();
    fresh.verify(&model).await;
    // Bytes that came before are damaged with the others.
    let same = [("config.json", early.as_str())];
    fresh.commit(&model, &same, &[]).await.unwrap();
    assert_eq!(told(&fresh.states(&model).await)[0], ("config.json", FileState::Damaged, true));
    fresh.stage(&fresh.ops.ctx(), &model, b"{}").await;
    let made = fresh.commit(&model, &same, &[]).await.unwrap();
    assert_eq!((made.id, made.status, &made.digest), (model.id, ModelStatus::UnderReview, &model.digest));
    assert_eq!(
        (told(&fresh.states(&model).await), fresh.text(&model, "config.json").await),
        (WHOLE.to_vec(), "{}".into())
    );
    assert!(fresh.verify(&model).await.verified);
}

#[tokio::test]
async fn a_commit_that_changes_something_else_as_well_mends_both_versions() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    std::fs::write(fresh.blob("{}"), "[]").unwrap();
    fresh.verify(&model).await;
    let (same, note) =
        (fresh.stage(&fresh.ops.ctx(), &model, b"{}").await, fresh.stage(&fresh.ops.ctx(), &model, b"n").await);
    let add = [("config.json", same.as_str()), ("note.txt", note.as_str())];
    let made = fresh.commit(&model, &add, &[]).await.unwrap();
    assert_ne!(made.id, model.id);
    assert_eq!(told(&fresh.states(&model).await), WHOLE);
    assert_eq!(told(&fresh.states(&made).await)[..2], WHOLE);
}
