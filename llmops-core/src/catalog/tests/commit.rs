//! Commits: files that count together or not at all.

use sea_orm::ConnectionTrait;

use super::*;
use crate::base::{Clock, FixedClock, SystemClock};
use crate::store::{Store, trial};

impl Fresh {
    pub(super) async fn stage(&self, ctx: &Ctx, model: &Model, bytes: &[u8]) -> String {
        let request = StageModelFile { model_id: model.id, sha256: None, pack: None, from_packs: None };
        let body = parts(vec![Part::from_bytes("any", bytes.to_vec())]);
        self.ops.catalog().stage_model_file(ctx, request, body).await.unwrap().sha256
    }

    pub(super) async fn commit(&self, model: &Model, add: &[(&str, &str)], remove: &[&str]) -> Result<Model> {
        self.commit_as(&self.ops.ctx(), commit_of(model, add, remove)).await
    }

    async fn commit_as(&self, ctx: &Ctx, request: CommitModelFiles) -> Result<Model> {
        self.ops.catalog().commit_model_files(ctx, request).await
    }

    async fn paths(&self, model: &Model) -> Vec<String> {
        let request = ListModelFiles { model_id: model.id, limit: None, cursor: None };
        let page = self.ops.catalog().list_model_files(&self.ops.ctx(), request).await.unwrap();
        page.items.into_iter().map(|file| file.path).collect()
    }
}

fn commit_of(model: &Model, add: &[(&str, &str)], remove: &[&str]) -> CommitModelFiles {
    let added = |(path, sha256): &(&str, &str)| AddedModelFile { path: (*path).into(), sha256: (*sha256).into() };
    CommitModelFiles {
        model_id: model.id,
        add: add.iter().map(added).collect(),
        remove: remove.iter().map(|path| (*path).into()).collect(),
        digest: None,
        newest: None,
        take_family: None,
        metadata: Map::new(),
        tags: Vec::new(),
        message: None,
    }
}

#[tokio::test]
async fn a_draft_changes_as_a_whole() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    let note = fresh.stage(&fresh.ops.ctx(), &model, b"note").await;
    let made = fresh.commit(&model, &[("docs/a.txt", &note), ("docs/b.txt", &note)], &["config.json"]).await.unwrap();
    assert_eq!((made.id, made.version.as_str()), (model.id, "1.0.0"));
    assert_ne!(made.digest, model.digest);
    assert_eq!(fresh.paths(&model).await, ["docs/a.txt", "docs/b.txt", "model.safetensors"]);
    fresh.commit(&model, &[], &["docs/"]).await.unwrap();
    assert_eq!(fresh.paths(&model).await, ["model.safetensors"]);
    let empty = fresh.commit(&model, &[], &["model.safetensors"]).await.unwrap();
    assert_eq!(empty.digest, None);
}

#[tokio::test]
async fn the_digest_is_that_of_files_that_were_uploaded_one_by_one() {
    let fresh = Fresh::open().await;
    let (one, other) = (fresh.with_files("one").await, fresh.model("other").await);
    let config = fresh.stage(&fresh.ops.ctx(), &other, b"{}").await;
    let weights = fresh.stage(&fresh.ops.ctx(), &other, &tensors()).await;
    let add = [("model.safetensors", weights.as_str()), ("config.json", config.as_str())];
    assert_eq!(fresh.commit(&other, &add, &[]).await.unwrap().digest, one.digest);
}

#[tokio::test]
async fn what_is_no_draft_gets_a_new_version_that_begins_with_its_files() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    let note = fresh.stage(&fresh.ops.ctx(), &model, b"note").await;
    let made = fresh.commit(&model, &[("note.txt", &note)], &["config.json"]).await.unwrap();
    assert_eq!((made.version.as_str(), made.status), ("1.0.1", ModelStatus::Draft));
    assert_eq!(made.metadata, model.metadata);
    assert_eq!(fresh.paths(&made).await, ["model.safetensors", "note.txt"]);
    assert_eq!(fresh.paths(&model).await, ["config.json", "model.safetensors"]);
    assert_eq!(fresh.get(&model).await.status, ModelStatus::UnderReview);
    // Another commit to the old one finds 1.0.1 taken.
    let again = fresh.stage(&fresh.ops.ctx(), &model, b"again").await;
    assert_eq!(fresh.commit(&model, &[("again.txt", &again)], &[]).await.unwrap().version, "1.0.2");
    let writer = fresh.as_("wim", &["*:read", "catalog:upload"]);
    let mine = fresh.stage(&writer, &model, b"mine").await;
    let request = commit_of(&model, &[("mine.txt", &mine)], &[]);
    assert_eq!(refused(fresh.commit_as(&writer, request)).await.1, "permission_missing");
}

#[tokio::test]
async fn commits_at_the_same_time_follow_one_another() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    let mut files = Vec::new();
    for number in 0..8 {
        let digest = fresh.stage(&fresh.ops.ctx(), &model, format!("{number}").as_bytes()).await;
        files.push((format!("{number}.txt"), digest));
    }
    let commits = files.iter().map(|(path, digest)| {
        let add = [(path.as_str(), digest.as_str()), ("config.json", digest.as_str())];
        let request = commit_of(&model, &add, &[]);
        async { fresh.commit_as(&fresh.ops.ctx(), request).await }
    });
    for made in futures::future::join_all(commits).await {
        assert_eq!(made.unwrap().id, model.id);
    }
    assert_eq!(fresh.paths(&model).await.len(), 2 + 8);
}

#[tokio::test]
async fn the_same_again_is_no_change() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    let config = fresh.stage(&fresh.ops.ctx(), &model, b"{}").await;
    let same = fresh.commit(&model, &[("config.json", &config)], &[]).await.unwrap();
    assert_eq!((same.id, same.etag), (model.id, model.etag));
}

#[tokio::test]
async fn bytes_count_for_their_sender_and_their_name() {
    let fresh = Fresh::open().await;
    let (model, other) = (fresh.model("tiny").await, fresh.model("other").await);
    let mine = fresh.stage(&fresh.ops.ctx(), &model, b"mine").await;
    let add = [("a.txt", mine.as_str())];
    let missing = (ErrorKind::Invalid, "bytes_missing".to_owned());
    assert_eq!(refused(fresh.commit(&other, &add, &[])).await, missing);
    let wim = fresh.as_("wim", &["*:read", "catalog:upload"]);
    assert_eq!(refused(fresh.commit_as(&wim, commit_of(&model, &add, &[]))).await, missing);
    fresh.commit(&model, &add, &[]).await.unwrap();
    // Now they are a file of this name, and of no other.
    fresh.commit_as(&wim, commit_of(&model, &[("b.txt", &mine)], &[])).await.unwrap();
    assert_eq!(refused(fresh.commit(&other, &add, &[])).await, missing);
}

#[tokio::test]
async fn a_refused_commit_leaves_everything_as_it_was() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    let note = fresh.stage(&fresh.ops.ctx(), &model, b"note").await;
    let absent = "0".repeat(64);
    let good = ("good.txt", note.as_str());
    for (add, remove, code) in [
        (vec![good, ("never.txt", absent.as_str())], vec![], "bytes_missing"),
        (vec![good, ("bad.json", note.as_str())], vec![], "invalid_json"),
        (vec![good, ("bad.gguf", note.as_str())], vec![], "invalid_gguf"),
        (vec![good, ("run.sh", note.as_str())], vec![], "unsupported_format"),
        (vec![good, ("../up.txt", note.as_str())], vec![], "invalid_filename"),
        (vec![good, ("GOOD.txt", note.as_str())], vec![], "duplicate_path"),
        (vec![good, ("Config.json", note.as_str())], vec![], "duplicate_path"),
        (vec![good], vec!["absent.txt"], "not_found"),
        (vec![good], vec!["config.json/"], "not_found"),
    ] {
        let said = refused(fresh.commit(&model, &add, &remove)).await.1;
        assert!(said == code || code == "invalid_gguf" && said.contains("gguf"), "{add:?} {remove:?}: {said}");
    }
    assert_eq!(fresh.get(&model).await, model);
    assert_eq!(fresh.paths(&model).await, ["config.json", "model.safetensors"]);
}

#[tokio::test]
async fn other_files_than_were_seen_are_a_conflict() {
    let fresh = Fresh::open().await;
    let model = fresh.with_files("tiny").await;
    let note = fresh.stage(&fresh.ops.ctx(), &model, b"note").await;
    let seen = CommitModelFiles { digest: Some("0".repeat(64)), ..commit_of(&model, &[("a.txt", &note)], &[]) };
    let (kind, code) = refused(fresh.commit_as(&fresh.ops.ctx(), seen)).await;
    assert_eq!((kind, code.as_str()), (ErrorKind::Stale, "digest_changed"));
    let seen = CommitModelFiles { digest: model.digest.clone(), ..commit_of(&model, &[("a.txt", &note)], &[]) };
    fresh.commit_as(&fresh.ops.ctx(), seen).await.unwrap();
}

#[tokio::test]
async fn a_card_gets_what_it_lacks() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    let note = fresh.stage(&fresh.ops.ctx(), &model, b"note").await;
    let fields = json!({ "license": "other", "language": ["en"] });
    let request = CommitModelFiles {
        metadata: fields.as_object().cloned().unwrap_or_default(),
        tags: vec!["told".into()],
        ..commit_of(&model, &[("a.txt", &note)], &[])
    };
    let made = fresh.commit_as(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!((&made.metadata["license"], &made.metadata["language"]), (&json!("CC0-1.0"), &json!(["en"])));
    assert_eq!(made.tags, ["told"]);
    let more = fresh.stage(&fresh.ops.ctx(), &model, b"more").await;
    let request = CommitModelFiles { tags: vec!["later".into()], ..commit_of(&model, &[("b.txt", &more)], &[]) };
    assert_eq!(fresh.commit_as(&fresh.ops.ctx(), request).await.unwrap().tags, ["told"]);
}

#[tokio::test]
async fn quarantined_bytes_are_not_taken_under_another_ending() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    fresh.upload(&model, "old.bin", "pickled").await.unwrap();
    let known = crate::blob::Stored { digest: sha256(b"pickled"), bytes: 7 };
    let said = refused(fresh.commit(&model, &[("old.onnx", &known.digest)], &[])).await.1;
    assert_eq!(said, "bytes_missing");
}

#[tokio::test]
async fn staged_bytes_that_lie_are_refused() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    let request = StageModelFile { model_id: model.id, sha256: Some("0".repeat(64)), pack: None, from_packs: None };
    let body = parts(vec![Part::from_bytes("a", "bytes")]);
    let said = refused(fresh.ops.catalog().stage_model_file(&fresh.ops.ctx(), request, body)).await.1;
    assert_eq!(said, "checksum_mismatch");
    let said = refused(fresh.commit(&model, &[("a.txt", &sha256(b"bytes"))], &[])).await.1;
    assert_eq!(said, "bytes_missing");
}

#[tokio::test]
async fn the_newest_of_each_name_and_versions_by_digest_are_found() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    fresh.model("other").await;
    let note = fresh.stage(&fresh.ops.ctx(), &model, b"note").await;
    let made = fresh.commit(&model, &[("note.txt", &note)], &[]).await.unwrap();
    let list = |request| async { fresh.ops.catalog().list_models(&fresh.ops.ctx(), request).await.unwrap().items };
    let newest = list(ListModels { newest: Some(true), ..ListModels::default() }).await;
    let told: Vec<_> = newest.iter().map(|model| (model.name.as_str(), model.version.as_str())).collect();
    assert_eq!(told, [("tiny", "1.0.1"), ("other", "1.0.0")]);
    let begins = made.digest.as_deref().and_then(|digest| digest.get(..40)).unwrap().to_uppercase();
    let found = list(ListModels { digest: Some(begins), ..ListModels::default() }).await;
    assert_eq!(found, [made]);
    assert_eq!(list(ListModels { digest: Some("%".into()), ..ListModels::default() }).await, []);
    let first = list(ListModels { version: Some("1.0.0".into()), name: Some("tiny".into()), ..ListModels::default() });
    assert_eq!(first.await, [fresh.get(&model).await]);
}

#[tokio::test]
async fn bytes_that_no_commit_took_are_forgotten_after_a_day() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(SystemClock.now()));
    let ops = on_trial(dir.path()).await.clock(clock.clone()).open().await.unwrap();
    let fresh = Fresh { _dir: dir, ops };
    let model = fresh.model("tiny").await;
    let kept = fresh.stage(&fresh.ops.ctx(), &model, b"kept").await;
    fresh.commit(&model, &[("kept.txt", &kept)], &[]).await.unwrap();
    let left = fresh.stage(&fresh.ops.ctx(), &model, b"left").await;
    let is_there = |digest: &str| {
        let place = format!("blobs/sha256/{}/{digest}", &digest[..2]);
        crate::blob::trial::kept(fresh._dir.path()).join(place).exists()
    };
    assert!(is_there(&kept) && is_there(&left));
    clock.advance_seconds(25 * 3600);
    for _ in 0..300 {
        if !is_there(&left) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(is_there(&kept) && !is_there(&left));
    assert_eq!(refused(fresh.commit(&model, &[("left.txt", &left)], &[])).await.1, "bytes_missing");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}

#[tokio::test]
async fn files_from_before_their_formats_are_committed_by_their_digests() {
    let dir = tempfile::tempdir().unwrap();
    let fresh = Fresh { ops: on_trial(dir.path()).await.open().await.unwrap(), _dir: dir };
    let model = fresh.model("tiny").await;
    let tokenizer = r#"{"model":{"vocab":{}}}"#;
    let index = r#"{"weight_map":{}}"#;
    fresh.upload(&model, "tokenizer.json", tokenizer).await.unwrap();
    fresh.upload(&model, "part/model.safetensors.index.json", index).await.unwrap();
    let Fresh { ops, _dir: dir } = fresh;
    ops.shutdown().await;
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let before = "UPDATE model_files SET format = 'json'; DELETE FROM seaql_migrations WHERE version = 'm0041_formats'";
    store.conn(&Ctx::system()).execute_unprepared(before).await.unwrap();
    store.close().await;

    let fresh = Fresh { ops: on_trial(dir.path()).await.open().await.unwrap(), _dir: dir };
    let again = [
        ("other/tokenizer.json", sha256(tokenizer.as_bytes())),
        ("other/model.safetensors.index.json", sha256(index.as_bytes())),
    ];
    let again: Vec<(&str, &str)> = again.iter().map(|(path, sha256)| (*path, sha256.as_str())).collect();
    fresh.commit(&model, &again, &["tokenizer.json", "part/"]).await.unwrap();
    assert_eq!(fresh.paths(&model).await, ["other/model.safetensors.index.json", "other/tokenizer.json"]);
}
