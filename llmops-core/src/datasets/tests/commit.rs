//! Commits: files that count together or not at all.

use super::*;
use crate::base::{Clock, FixedClock, SystemClock};

const ROWS: &str = "{\"prompt\":\"a\",\"response\":\"b\"}\n";

impl Fresh {
    async fn stage_as(&self, ctx: &Ctx, of: &Dataset, path: Option<&str>, bytes: &[u8]) -> Result<StagedDatasetFile> {
        let request = serde_json::from_value(json!({ "datasetId": of.id, "path": path })).unwrap();
        let body = parts(vec![Part::from_bytes("any", bytes.to_vec())]);
        self.ops.datasets().stage_dataset_file(ctx, request, body).await
    }

    async fn stage(&self, of: &Dataset, path: &str, bytes: impl AsRef<[u8]>) -> String {
        self.stage_as(&self.ops.ctx(), of, Some(path), bytes.as_ref()).await.unwrap().sha256
    }

    /// Bytes that wait already, read as what this path claims.
    async fn stage_again(&self, of: &Dataset, path: &str, sha256: &str) -> Result<StagedDatasetFile> {
        let request = json!({ "datasetId": of.id, "path": path, "sha256": sha256 });
        let request = serde_json::from_value(request).unwrap();
        self.ops.datasets().stage_dataset_file(&self.ops.ctx(), request, parts(Vec::new())).await
    }

    async fn commit(&self, of: &Dataset, add: &[(&str, &str)], remove: &[&str]) -> Result<Dataset> {
        self.commit_as(&self.ops.ctx(), commit_of(of, add, remove)).await
    }

    async fn commit_as(&self, ctx: &Ctx, request: CommitDatasetFiles) -> Result<Dataset> {
        self.ops.datasets().commit_dataset_files(ctx, request).await
    }

    async fn paths(&self, of: &Dataset) -> Vec<String> {
        let request = ListDatasetFiles { dataset_id: of.id, limit: None, cursor: None };
        let page = self.ops.datasets().list_dataset_files(&self.ops.ctx(), request).await.unwrap();
        page.items.into_iter().map(|file| file.path).collect()
    }

    async fn until_blobs(&self, count: usize) {
        for _ in 0..200 {
            if self.blobs() == count {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("there are {} files of bytes, and not {count}", self.blobs());
    }
}

fn commit_of(of: &Dataset, add: &[(&str, &str)], remove: &[&str]) -> CommitDatasetFiles {
    let added = |(path, sha256): &(&str, &str)| AddedDatasetFile { path: (*path).into(), sha256: (*sha256).into() };
    CommitDatasetFiles {
        dataset_id: of.id,
        add: add.iter().map(added).collect(),
        remove: remove.iter().map(|path| (*path).into()).collect(),
        digest: None,
        card_digest: None,
        newest: None,
        message: None,
    }
}

#[tokio::test]
async fn a_draft_changes_as_a_whole() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("talks", DatasetType::SftPair).await;
    fresh.upload(&dataset, "old.jsonl", ROWS).await.unwrap();
    let more = format!("{ROWS}{{\"prompt\":\"c\",\"response\":\"d\"}}\n");
    let (one, two) = (fresh.stage(&dataset, "a/1.jsonl", ROWS).await, fresh.stage(&dataset, "a/2.jsonl", &more).await);
    let made = fresh.commit(&dataset, &[("a/1.jsonl", &one), ("a/2.jsonl", &two)], &["old.jsonl"]).await.unwrap();
    assert_eq!(
        (made.id, made.rows, fresh.paths(&dataset).await),
        (dataset.id, 3, vec!["a/1.jsonl".into(), "a/2.jsonl".into()])
    );
    assert_eq!(fresh.preview(&made, rows_from(&made, 2, 1)).await.unwrap().items[0].values["prompt"], json!("c"));
    let empty = fresh.commit(&dataset, &[], &["a/"]).await.unwrap();
    assert_eq!((empty.digest, empty.rows, empty.format), (None, 0, None));
    fresh.bytes_are_gone().await;
}

#[tokio::test]
async fn it_is_what_an_upload_would_have_made() {
    let fresh = Fresh::open().await;
    let (one, other) = (fresh.capitals().await, fresh.dataset("other", DatasetType::SftPair).await);
    let packed = ruzstd::encoding::compress_to_vec(CAPITALS.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let sha256 = fresh.stage_as(&fresh.ops.ctx(), &other, None, &packed).await.unwrap().sha256;
    let add = [("train.csv.zst", sha256.as_str())];
    assert_eq!(refused(fresh.commit(&other, &add, &[])).await, (ErrorKind::Invalid, "bytes_unread".into()));
    let staged = fresh.stage_again(&other, "train.csv.zst", &sha256).await.unwrap();
    assert_eq!((staged.kept_as.as_deref(), staged.rows), (Some("train.csv"), Some(600)));
    let made = fresh.commit(&other, &add, &[]).await.unwrap();
    assert_eq!((&made.digest, &made.schema, made.rows), (&one.digest, &one.schema, 600));
    let page = fresh.preview(&made, rows_from(&made, 500, 1)).await.unwrap();
    assert_eq!(page.items[0].line, 502, "where rows are is known as well");
    // What was made on the way and what was sent are gone, and the bytes that both have are there once.
    fresh.until_blobs(1).await;
}

#[tokio::test]
async fn what_does_not_change_any_more_gets_a_next_version() {
    let fresh = Fresh::open().await;
    let approved = fresh.approved().await;
    let more = fresh.stage(&approved, "more.csv", "prompt,response\na,b\n").await;
    let request =
        CommitDatasetFiles { message: Some("One more".into()), ..commit_of(&approved, &[("more.csv", &more)], &[]) };
    let made = fresh.commit_as(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!((made.version.as_str(), made.status, made.rows), ("1.1.0", DatasetStatus::Draft, 601));
    assert_eq!((made.change_log.as_deref(), made.parent_version_id), (Some("One more"), Some(approved.id)));
    assert_eq!(fresh.get(&approved).await, approved);
    // To the old one again: 1.1.0 is taken. Of a file that is replaced nothing stays.
    let other = fresh.stage(&approved, "train.csv", "prompt,response\nc,d\n").await;
    let again = fresh.commit(&approved, &[("train.csv", &other)], &[]).await.unwrap();
    assert_eq!((again.version.as_str(), again.rows, fresh.paths(&again).await.len()), ("1.2.0", 1, 1));
    let stale = CommitDatasetFiles { newest: Some(true), ..commit_of(&approved, &[], &["train.csv"]) };
    assert_eq!(refused(fresh.commit_as(&fresh.ops.ctx(), stale)).await, (ErrorKind::Stale, "not_newest".into()));
    let writer = fresh.as_("wim", &["*:read", "datasets:upload"]);
    let removed = commit_of(&approved, &[], &["train.csv"]);
    assert_eq!(refused(fresh.commit_as(&writer, removed)).await.1, "permission_missing");
    assert_eq!(fresh.commit_as(&writer, commit_of(&again, &[], &["train.csv"])).await.unwrap().id, again.id);
}

#[tokio::test]
async fn a_version_that_is_being_validated_waits() {
    let fresh = Fresh::without_loops().await;
    let dataset = fresh.capitals().await;
    fresh.ask_to_validate(&dataset, None).await.unwrap();
    let refusal = refused(fresh.commit(&dataset, &[], &["train.csv"])).await;
    assert_eq!(refusal, (ErrorKind::Conflict, "validation_running".into()));
}

#[tokio::test]
async fn commits_at_the_same_time_follow_one_another() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("talks", DatasetType::SftPair).await;
    let mut files = Vec::new();
    for number in 0..8 {
        let path = format!("{number}.jsonl");
        files.push((path.clone(), fresh.stage(&dataset, &path, format!("{{\"n\":{number}}}\n")).await));
    }
    let commits = files.iter().map(|(path, sha256)| {
        let request = commit_of(&dataset, &[(path.as_str(), sha256.as_str())], &[]);
        async { fresh.commit_as(&fresh.ops.ctx(), request).await }
    });
    for made in futures::future::join_all(commits).await {
        assert_eq!(made.unwrap().id, dataset.id);
    }
    assert_eq!((fresh.get(&dataset).await.rows, fresh.paths(&dataset).await.len()), (8, 8));
    let seen = fresh.get(&dataset).await.digest;
    let two = ["0.jsonl", "1.jsonl"].map(|path| {
        let request = CommitDatasetFiles { digest: seen.clone(), ..commit_of(&dataset, &[], &[path]) };
        async { fresh.commit_as(&fresh.ops.ctx(), request).await }
    });
    let ended = futures::future::join_all(two).await;
    assert_eq!(ended.iter().filter(|one| one.is_ok()).count(), 1, "one of those that saw the same wins");
    let lost = ended.into_iter().find_map(Result::err).unwrap();
    assert_eq!((lost.kind(), lost.stable_code()), (ErrorKind::Stale, "digest_changed"));
}

#[tokio::test]
async fn a_next_version_is_begun_once() {
    let fresh = Fresh::open().await;
    let approved = fresh.approved().await;
    let mut files = Vec::new();
    for path in ["a.csv", "b.csv"] {
        files.push((path, fresh.stage(&approved, path, "prompt,response\na,b\n").await));
    }
    let two = files.iter().map(|(path, sha256)| {
        let add = [(*path, sha256.as_str())];
        let request = CommitDatasetFiles { newest: Some(true), ..commit_of(&approved, &add, &[]) };
        async { fresh.commit_as(&fresh.ops.ctx(), request).await }
    });
    let ended = futures::future::join_all(two).await;
    assert_eq!(ended.iter().filter(|one| one.is_ok()).count(), 1);
    let lost = ended.into_iter().find_map(Result::err).unwrap();
    assert_eq!((lost.kind(), lost.stable_code()), (ErrorKind::Stale, "not_newest"));
}

#[tokio::test]
async fn the_same_again_is_no_change() {
    let fresh = Fresh::open().await;
    let dataset = fresh.approved().await;
    let same = fresh.stage(&dataset, "train.csv", CAPITALS).await;
    let made = fresh.commit(&dataset, &[("train.csv", &same)], &[]).await.unwrap();
    assert_eq!((made.id, made.etag), (dataset.id, dataset.etag));
}

#[tokio::test]
async fn a_readme_is_the_card_from_then_on() {
    let fresh = Fresh::open().await;
    let dataset = fresh.approved().await;
    let card =
        "---\nlicense: mit\ntags: [a]\nconfigs:\n- config_name: default\n  data_files: train*\n---\n# Capitals\n";
    let first = fresh.stage(&dataset, "README.md", card).await;
    let made = fresh.commit(&dataset, &[("README.md", &first)], &[]).await.unwrap();
    // A card is written further when the rows do not change any more.
    assert_eq!((made.id, made.status, &made.digest), (dataset.id, dataset.status, &dataset.digest));
    assert_eq!((&made.metadata["license"], made.tags), (&json!("mit"), vec!["a".to_owned()]));
    let other = fresh.stage(&dataset, "README.md", "---\nlicense: cc0-1.0\n---\n# Other\n").await;
    let made = fresh.commit(&dataset, &[("README.md", &other)], &[]).await.unwrap();
    assert_eq!((json!(made.metadata), made.tags.len()), (json!({ "license": "cc0-1.0" }), 0), "as it was sent");
    let bare = fresh.stage(&dataset, "README.md", "# Bare\n").await;
    let made = fresh.commit(&dataset, &[("README.md", &bare)], &[]).await.unwrap();
    assert_eq!(json!(made.metadata), json!({ "license": "cc0-1.0" }), "it says nothing of fields");
    let seen = CommitDatasetFiles { card_digest: Some(String::new()), ..commit_of(&dataset, &[], &["README.md"]) };
    assert_eq!(refused(fresh.commit_as(&fresh.ops.ctx(), seen)).await, (ErrorKind::Stale, "card_changed".into()));
    let made = fresh.commit(&dataset, &[], &["README.md"]).await.unwrap();
    assert_eq!((made.card_digest, made.metadata.len(), made.digest), (None, 0, dataset.digest.clone()));
    assert_eq!(refused(fresh.commit(&dataset, &[], &["README.md"])).await.0, ErrorKind::NotFound);
    // With rows it goes to the version that begins with them.
    let (more, last) = (
        fresh.stage(&dataset, "b.csv", "prompt,response\na,b\n").await,
        fresh.stage(&dataset, "README.md", card).await,
    );
    let made = fresh.commit(&dataset, &[("b.csv", &more), ("README.md", &last)], &[]).await.unwrap();
    assert_eq!((made.version.as_str(), &made.metadata["license"]), ("1.1.0", &json!("mit")));
    assert_eq!(fresh.get(&dataset).await.card_digest, None);
}

#[tokio::test]
async fn bytes_count_for_their_sender_and_their_name() {
    let fresh = Fresh::open().await;
    let (dataset, other) =
        (fresh.dataset("talks", DatasetType::Other).await, fresh.dataset("other", DatasetType::Other).await);
    let mine = fresh.stage(&dataset, "a.jsonl", ROWS).await;
    let add = [("a.jsonl", mine.as_str())];
    let missing = (ErrorKind::Invalid, "bytes_missing".to_owned());
    assert_eq!(refused(fresh.commit(&other, &add, &[])).await, missing);
    assert_eq!(refused(fresh.stage_again(&other, "a.jsonl", &mine)).await, missing);
    let wim = fresh.as_("wim", &["*:read", "datasets:upload"]);
    assert_eq!(refused(fresh.commit_as(&wim, commit_of(&dataset, &add, &[]))).await, missing);
    fresh.commit(&dataset, &add, &[]).await.unwrap();
    // Now they are a file of this name, and of no other.
    fresh.commit_as(&wim, commit_of(&dataset, &[("b.jsonl", &mine)], &[])).await.unwrap();
    assert_eq!(refused(fresh.commit(&other, &add, &[])).await, missing);
    assert_eq!(refused(fresh.commit(&dataset, &[("c.txt", &mine)], &[])).await, missing, "nobody read it as text");
    let as_text = fresh.stage_again(&dataset, "c.txt", &mine).await.unwrap();
    assert_eq!((as_text.rows, as_text.kept_as.as_deref()), (Some(1), Some("c.txt")));
}

#[tokio::test]
async fn a_refused_commit_leaves_everything_as_it_was() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("talks", DatasetType::Other).await;
    fresh.upload(&dataset, "old.jsonl", ROWS).await.unwrap();
    let before = fresh.get(&dataset).await;
    let good = fresh.stage(&dataset, "good.jsonl", "{\"a\":1}\n").await;
    let table = fresh.stage(&dataset, "table.csv", "a,b\n1,2\n").await;
    let upper = fresh.stage(&dataset, "OLD.jsonl", "{\"a\":1}\n").await;
    let folder = fresh.stage(&dataset, "old.jsonl/a.jsonl", "{\"a\":1}\n").await;
    let (absent, good) = ("0".repeat(64), ("good.jsonl", good.as_str()));
    for (add, remove, code) in [
        (vec![good, ("never.jsonl", absent.as_str())], vec![], "bytes_missing"),
        (vec![good, ("table.csv", table.as_str())], vec![], "mixed_formats"),
        (vec![good, ("OLD.jsonl", upper.as_str())], vec![], "duplicate_path"),
        (vec![good, ("old.jsonl/a.jsonl", folder.as_str())], vec![], "path_is_folder"),
        (vec![good, ("../up.jsonl", good.1)], vec![], "invalid_filename"),
        (vec![good, good], vec![], "duplicate_path"),
        (vec![good], vec!["absent.jsonl"], "not_found"),
        (vec![good], vec!["old.jsonl/"], "not_found"),
        (vec![good], vec!["README.md"], "not_found"),
    ] {
        assert_eq!(refused(fresh.commit(&dataset, &add, &remove)).await.1, code, "{add:?} {remove:?}");
    }
    assert_eq!((fresh.get(&dataset).await, fresh.paths(&dataset).await), (before, vec!["old.jsonl".to_owned()]));
    fresh.commit(&dataset, &[good], &[]).await.unwrap();
}

#[tokio::test]
async fn parquet_takes_the_place_of_the_lines_that_it_was_kept_as() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("pushed", DatasetType::Other).await;
    fresh.upload(&dataset, "data/train.jsonl", ROWS).await.unwrap();
    let bytes = super::formats::parquet(&[("a", "b"), ("c", "d")]);
    let staged = fresh.stage_as(&fresh.ops.ctx(), &dataset, Some("data/train.parquet"), &bytes).await.unwrap();
    assert_eq!(staged.kept_as.as_deref(), Some("data/train.jsonl"));
    let add = [("data/train.parquet", staged.sha256.as_str())];
    let made = fresh.commit(&dataset, &add, &["data/train.jsonl"]).await.unwrap();
    assert_eq!((fresh.paths(&made).await, made.rows), (vec!["data/train.jsonl".to_owned()], staged.rows.unwrap()));
    fresh.until_blobs(1).await;
}

#[tokio::test]
async fn bytes_that_no_commit_took_are_forgotten_after_a_day() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(SystemClock.now()));
    let ops = on_trial(dir.path()).await.clock(clock.clone()).open().await.unwrap();
    let fresh = Fresh { dir, ops };
    let dataset = fresh.dataset("talks", DatasetType::Other).await;
    let kept = fresh.stage(&dataset, "kept.jsonl", ROWS).await;
    fresh.commit(&dataset, &[("kept.jsonl", &kept)], &[]).await.unwrap();
    let left = fresh.stage(&dataset, "left.jsonl", "{\"a\":1}\n").await;
    fresh.until_blobs(2).await;
    clock.advance_seconds(25 * 3600);
    fresh.until_blobs(1).await;
    assert_eq!(refused(fresh.commit(&dataset, &[("left.jsonl", &left)], &[])).await.1, "bytes_missing");
    assert_eq!(fresh.preview(&dataset, rows_from(&dataset, 0, 1)).await.unwrap().rows, 1);
}
