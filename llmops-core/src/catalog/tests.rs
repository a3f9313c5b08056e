//! The catalog on a real SQLite file.

mod approval;
mod cards;
mod commit;
mod damage;
mod exports;
mod external;
mod imports;
mod lineage;
mod packs;
mod races;
mod stalling;
mod text;
mod trash;

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt};
use serde_json::{Map, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::LlmOps;
use crate::base::{Caller, ErrorKind, Patch};
use crate::op::{Part, parts};
use crate::platform::on_trial;

struct Fresh {
    _dir: tempfile::TempDir,
    ops: LlmOps,
}

impl Fresh {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = on_trial(dir.path()).await.open().await.unwrap();
        Self { _dir: dir, ops }
    }

    fn as_(&self, actor: &str, permissions: &[&str]) -> Ctx {
        let permissions: BTreeSet<String> = permissions.iter().map(|p| (*p).to_owned()).collect();
        Ctx::new(Caller { actor: actor.into(), permissions: Arc::new(permissions), ..self.ops.ctx().caller })
    }

    async fn model(&self, name: &str) -> Model {
        let card = json!({ "purpose": "p", "scope": "s", "contact": "c", "license": "CC0-1.0" });
        let request = CreateModel {
            name: name.into(),
            version: "1.0.0".into(),
            model_family: "llama".into(),
            metadata: card.as_object().cloned().unwrap_or_default(),
            ..CreateModel::default()
        };
        self.ops.catalog().create_model(&self.ops.ctx(), request).await.unwrap()
    }

    async fn upload(&self, model: &Model, path: &str, bytes: impl Into<bytes::Bytes>) -> Result<UploadedFiles> {
        let request = UploadModelFiles { model_id: model.id, path: None, replace: None, sha256: None };
        let body = parts(vec![Part::from_bytes(path, bytes)]);
        self.ops.catalog().upload_model_files(&self.ops.ctx(), request, body).await
    }

    async fn with_files(&self, name: &str) -> Model {
        let model = self.model(name).await;
        self.upload(&model, "config.json", "{}").await.unwrap();
        self.upload(&model, "model.safetensors", tensors()).await.unwrap();
        self.get(&model).await
    }

    async fn get(&self, model: &Model) -> Model {
        self.ops.catalog().get_model(&self.ops.ctx(), GetModel { model_id: model.id }).await.unwrap()
    }

    async fn under_review(&self, name: &str) -> Model {
        let model = self.with_files(name).await;
        self.set_status(&model, ModelStatus::UnderReview).await.unwrap()
    }

    async fn set_status(&self, model: &Model, status: ModelStatus) -> Result<Model> {
        let request = SetModelStatus { model_id: model.id, status, notes: None };
        self.ops.catalog().set_model_status(&self.ops.ctx(), request).await
    }

    async fn review(&self, model: &Model, digest: Option<String>) -> Result<Model> {
        let request = ReviewModel {
            model_id: model.id,
            version: model.version.clone(),
            decision: ReviewDecision::Approve,
            notes: None,
            digest,
            code_reviewed: None,
        };
        self.ops.catalog().review_model(&self.as_("rita", &["*:read", "catalog:approve"]), request).await
    }
}

fn tensors() -> Vec<u8> {
    let header = br#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    [&(header.len() as u64).to_le_bytes()[..], header, &[0, 0, 128, 63]].concat()
}

async fn refused<T>(call: impl Future<Output = Result<T>>) -> (ErrorKind, String) {
    let error = call.await.err().expect("it should be refused");
    (error.kind(), error.stable_code().to_owned())
}

#[tokio::test]
async fn files_come_back_byte_for_byte() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    let request = DownloadModelFile { model_id: model.id, path: "model.safetensors".into(), range: None };
    let download = fresh.ops.catalog().download_model_file(&fresh.ops.ctx(), request).await.unwrap();
    let bytes: Vec<bytes::Bytes> = download.body.try_collect().await.unwrap();
    assert_eq!(bytes.concat(), tensors());
}

#[tokio::test]
async fn a_range_is_just_that() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    let request =
        DownloadModelFile { model_id: model.id, path: "model.safetensors".into(), range: Some("bytes=-4".into()) };
    let download = fresh.ops.catalog().download_model_file(&fresh.ops.ctx(), request).await.unwrap();
    let bytes: Vec<bytes::Bytes> = download.body.try_collect().await.unwrap();
    assert_eq!((bytes.concat(), download.length), (vec![0, 0, 128, 63], Some(4)));
}

#[tokio::test]
async fn names_that_leave_the_model_are_refused() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    for name in [
        "../x.json",
        "/etc/passwd.json",
        "a/../b.json",
        "a//b.json",
        "x\0.json",
        "C:\\x.json",
        "CON.json",
        ".x.json",
        "",
    ] {
        let (kind, code) = refused(fresh.upload(&model, name, "{}")).await;
        assert_eq!((kind, code.as_str()), (ErrorKind::Invalid, "invalid_filename"), "{name}");
    }
}

#[tokio::test]
async fn a_file_that_is_not_what_it_claims_counts_for_nothing() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    for (path, code) in
        [("a.safetensors", "invalid_safetensors"), ("a.gguf", "invalid_gguf"), ("a.json", "invalid_json")]
    {
        let refused = refused(fresh.upload(&model, path, "not at all")).await;
        assert_eq!(refused, (ErrorKind::Invalid, code.to_owned()));
    }
    let files = ListModelFiles { model_id: model.id, limit: None, cursor: None };
    assert!(fresh.ops.catalog().list_model_files(&fresh.ops.ctx(), files).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn pickles_go_into_quarantine_and_block_approval() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    let uploaded = fresh.upload(&model, "model.bin", "pickle").await.unwrap();
    assert_eq!(uploaded.files[0].state, FileState::Quarantined);
    let model = fresh.set_status(&model, ModelStatus::UnderReview).await.unwrap();
    assert_eq!(refused(fresh.review(&model, None)).await, (ErrorKind::Conflict, "files_quarantined".into()));
}

#[tokio::test]
async fn other_bytes_under_a_path_need_replace() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    assert_eq!(
        refused(fresh.upload(&model, "config.json", "[]")).await,
        (ErrorKind::Conflict, "already_exists".into())
    );
}

#[tokio::test]
async fn paths_that_read_the_same_are_duplicates() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    assert_eq!(
        refused(fresh.upload(&model, "Config.json", "{}")).await,
        (ErrorKind::Conflict, "duplicate_path".into())
    );
}

#[tokio::test]
async fn the_digest_is_over_the_files_in_the_order_of_the_bytes_of_their_paths() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    let mut lines = String::new();
    for (path, text) in [("B.txt", "1"), ("a.txt", "2"), ("ä.txt", "3")] {
        let sent = fresh.upload(&model, path, text).await.unwrap();
        lines.push_str(&format!("{path}\0{}\n", sent.files[0].sha256));
    }
    let digest = hex::encode(Sha256::digest(lines));
    assert_eq!(fresh.get(&model).await.digest, Some(digest), "every database sorts alike");
}

#[tokio::test]
async fn nobody_approves_his_own() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    let approved = fresh.set_status(&model, ModelStatus::Approved);
    assert_eq!(refused(approved).await, (ErrorKind::Denied, "self_approval".into()));
}

#[tokio::test]
async fn nobody_reviews_what_he_brought() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    let rita = fresh.as_("rita", &["*:read", "catalog:upload", "catalog:approve"]);
    let request = UploadModelFiles { model_id: model.id, path: None, replace: None, sha256: None };
    let body = parts(vec![Part::from_bytes("notes.txt", "hers")]);
    fresh.ops.catalog().upload_model_files(&rita, request, body).await.unwrap();
    fresh.set_status(&model, ModelStatus::UnderReview).await.unwrap();
    assert_eq!(refused(fresh.review(&model, None)).await, (ErrorKind::Denied, "self_approval".into()));
}

#[tokio::test]
async fn a_reviewer_approves() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    let approved = fresh.review(&model, model.digest.clone()).await.unwrap();
    assert_eq!(approved.status, ModelStatus::Approved);
}

#[tokio::test]
async fn a_review_of_other_bytes_is_refused() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    let refused = refused(fresh.review(&model, Some("0".repeat(64)))).await;
    assert_eq!(refused, (ErrorKind::Conflict, "digest_changed".into()));
}

#[tokio::test]
async fn changed_bytes_return_an_approved_model_to_draft() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    fresh.review(&model, None).await.unwrap();
    fresh.upload(&model, "README.md", "# tiny").await.unwrap();
    assert_eq!(fresh.get(&model).await.status, ModelStatus::Draft);
}

#[tokio::test]
async fn a_card_with_gaps_is_not_reviewed() {
    let fresh = Fresh::open().await;
    let request = CreateModel {
        name: "bare".into(),
        version: "1.0.0".into(),
        model_family: "llama".into(),
        ..CreateModel::default()
    };
    let model = fresh.ops.catalog().create_model(&fresh.ops.ctx(), request).await.unwrap();
    let moved = fresh.set_status(&model, ModelStatus::UnderReview);
    assert_eq!(refused(moved).await, (ErrorKind::Conflict, "card_incomplete".into()));
}

#[tokio::test]
async fn moves_that_are_none_are_refused() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    let moved = fresh.set_status(&model, ModelStatus::Deprecated);
    assert_eq!(refused(moved).await, (ErrorKind::Conflict, "status_move".into()));
}

#[tokio::test]
async fn a_stale_tag_changes_nothing() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    let update = |team: &str| UpdateModel {
        model_id: model.id,
        owner_team: Patch::Is(team.into()),
        metadata: Patch::Stays,
        model_family: None,
        tags: Patch::Stays,
    };
    let ctx = || fresh.ops.ctx().with_if_match(model.etag.clone());
    fresh.ops.catalog().update_model(&ctx(), update("a")).await.unwrap();
    let again = ctx();
    let second = fresh.ops.catalog().update_model(&again, update("b"));
    assert_eq!(refused(second).await.0, ErrorKind::Stale);
}

#[tokio::test]
async fn a_card_is_merged_key_by_key() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    let patch: Map<_, _> = json!({ "scope": null, "language": "en" }).as_object().cloned().unwrap();
    let update = UpdateModel {
        model_id: model.id,
        owner_team: Patch::Stays,
        metadata: Patch::Is(patch),
        model_family: None,
        tags: Patch::Stays,
    };
    let changed = fresh.ops.catalog().update_model(&fresh.ops.ctx(), update).await.unwrap();
    assert_eq!(
        json!(changed.metadata),
        json!({ "purpose": "p", "contact": "c", "license": "CC0-1.0", "language": "en" })
    );
}

#[tokio::test]
async fn a_parent_is_not_deleted_under_its_child() {
    let fresh = Fresh::open().await;
    let parent = fresh.model("parent").await;
    let child = CreateModel {
        name: "child".into(),
        version: "1.0.0".into(),
        model_family: "llama".into(),
        lineage: Lineage { parent_model_id: Some(parent.id), ..Lineage::default() },
        ..CreateModel::default()
    };
    fresh.ops.catalog().create_model(&fresh.ops.ctx(), child).await.unwrap();
    let ctx = fresh.ops.ctx();
    let deleted = fresh.ops.catalog().delete_model(&ctx, DeleteModel { model_id: parent.id });
    assert_eq!(refused(deleted).await, (ErrorKind::Conflict, "in_use".into()));
}

#[tokio::test]
async fn a_deleted_model_takes_its_bytes_along() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    fresh.ops.catalog().delete_model(&fresh.ops.ctx(), DeleteModel { model_id: model.id }).await.unwrap();
    let blobs = crate::blob::trial::kept(fresh._dir.path()).join("blobs");
    let left = || walk(&blobs).len();
    for _ in 0..100 {
        if left() == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(left(), 0);
}

fn walk(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.path().is_dir() { out.extend(walk(&entry.path())) } else { out.push(entry.path()) }
    }
    out
}

#[tokio::test]
async fn damage_is_found() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    let blob = walk(&crate::blob::trial::kept(fresh._dir.path()).join("blobs"))
        .into_iter()
        .find(|p| p.metadata().unwrap().len() == 2)
        .unwrap();
    std::fs::write(blob, "[]").unwrap();
    let seen = fresh.ops.catalog().verify_model(&fresh.ops.ctx(), VerifyModel { model_id: model.id }).await.unwrap();
    assert_eq!(seen.damaged, ["config.json"]);
}

#[tokio::test]
async fn a_watcher_sees_the_change() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    let mut events = fresh.ops.catalog().watch_model(&fresh.ops.ctx(), GetModel { model_id: model.id }).await.unwrap();
    assert_eq!(events.next().await.unwrap().unwrap(), model);
    let changed = fresh.set_status(&model, ModelStatus::UnderReview).await.unwrap();
    assert_eq!(events.next().await.unwrap().unwrap(), changed);
}

#[tokio::test]
async fn a_viewer_creates_nothing_and_the_audit_says_so() {
    let fresh = Fresh::open().await;
    let request = CreateModel { name: "x".into(), version: "1.0.0".into(), ..CreateModel::default() };
    let vera = fresh.as_("vera", &["*:read"]);
    let call = fresh.ops.catalog().create_model(&vera, request);
    assert_eq!(refused(call).await, (ErrorKind::Denied, "permission_missing".into()));
}

#[tokio::test]
async fn versions_whose_numbers_are_written_otherwise_do_not_differ() {
    let fresh = Fresh::open().await;
    let ctx = fresh.ops.ctx();
    for (version, rate) in [("1.0.0", json!(1)), ("1.1.0", json!(1.0))] {
        let request = CreateModel {
            name: "tiny".into(),
            version: version.into(),
            metadata: Map::from_iter([("training".to_owned(), json!({ "rate": rate, "seed": 7 }))]),
            ..CreateModel::default()
        };
        fresh.ops.catalog().create_model(&ctx, request).await.unwrap();
    }
    let request = ListModels { name: Some("tiny".into()), ..ListModels::default() };
    let one = fresh.ops.catalog().list_models(&ctx, request).await.unwrap().items.remove(0);
    let request = CompareModelVersions { model_id: one.id, a: "1.0.0".into(), b: "1.1.0".into() };
    let compared = fresh.ops.catalog().compare_model_versions(&ctx, request).await.unwrap();
    assert_eq!(compared.fields, []);
}

#[tokio::test]
async fn two_who_move_an_alias_at_once_do_not_overwrite_each_other() {
    let fresh = Fresh::open().await;
    let ctx = fresh.ops.ctx();
    for version in ["1.0.0", "1.1.0", "1.2.0"] {
        let request = CreateModel { name: "tiny".into(), version: version.into(), ..CreateModel::default() };
        fresh.ops.catalog().create_model(&ctx, request).await.unwrap();
    }
    let set = async |ctx: &Ctx, version: &str| {
        let (name, alias, version) = ("tiny".into(), "staging".into(), version.into());
        let request = SetModelAlias { name, alias, version, model_type: None, notes: None };
        fresh.ops.catalog().set_model_alias(ctx, request).await
    };
    let first = set(&ctx, "1.0.0").await.unwrap();
    let seen = ctx.clone().with_if_match(first.etag);
    let (one, two) = tokio::join!(set(&seen, "1.1.0"), set(&seen, "1.2.0"));
    let kept = match (one, two) {
        (Ok(kept), Err(lost)) | (Err(lost), Ok(kept)) => {
            assert!(matches!(lost.kind(), ErrorKind::Stale | ErrorKind::Conflict), "{lost}");
            kept
        }
        both => panic!("one of two moves is lost: {both:?}"),
    };
    let asked = GetModelAlias { name: "tiny".into(), alias: "staging".into() };
    assert_eq!(fresh.ops.catalog().get_model_alias(&ctx, asked).await.unwrap().version, kept.version);
}
