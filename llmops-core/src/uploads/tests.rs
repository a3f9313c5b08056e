//! Files that come in parts, of models and of datasets alike, on a folder and in a real bucket.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::LlmOps;
use crate::base::{Clock, ErrorKind, FixedClock, SystemClock};
use crate::blob::StoreUrl;
use crate::governance::{AuditOutcome, ListAuditLogs};
use crate::op::{Part, decode, parts};
use crate::platform::{Progress, SendFiles, To, local_files, on_trial};

const PART: usize = 8 << 20;

/// Whose files the tests send.
#[derive(Debug, Clone, Copy)]
enum Of {
    Model,
    Dataset,
}

impl Of {
    fn room(self) -> &'static str {
        if matches!(self, Self::Model) { "catalog" } else { "datasets" }
    }

    fn name(self) -> &'static str {
        if matches!(self, Self::Model) { "model" } else { "dataset" }
    }

    /// An operation, as `create` and `upload`.
    fn op(self, verb: &str, what: &str) -> String {
        format!("{}.{verb}_{}_{what}", self.room(), self.name())
    }

    /// A path and bytes that are not what it claims.
    fn lie(self) -> (&'static str, &'static [u8]) {
        match self {
            Self::Model => ("model.safetensors", b"no tensors"),
            Self::Dataset => ("rows.jsonl", b"no rows"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    id: UploadId,
    state: UploadState,
    part_bytes: u64,
    parts: u64,
    received_bytes: u64,
    missing: Option<Vec<PartRange>>,
    file: Option<Value>,
    error: Option<UploadError>,
}

struct Here {
    dir: tempfile::TempDir,
    ops: LlmOps,
    of: Of,
    id: Value,
}

impl Here {
    /// A model and a dataset, each on each kind of store that there is.
    async fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for of in [Of::Model, Of::Dataset] {
            all.push(Self::on(of, None).await);
            if let Ok(bucket) = std::env::var("LLMOPS_TEST_S3_BUCKET") {
                let url = format!("s3://{bucket}/uploads-{}", uuid::Uuid::now_v7().simple());
                all.push(Self::on(of, Some(StoreUrl::parse("store", &url).unwrap())).await);
            }
        }
        all
    }

    async fn on(of: Of, store: Option<StoreUrl>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let builder = on_trial(dir.path()).await;
        let builder = match store {
            Some(store) => builder.store(store),
            None => builder,
        };
        let ops = builder.open().await.unwrap();
        Self::with(of, dir, ops).await
    }

    async fn with(of: Of, dir: tempfile::TempDir, ops: LlmOps) -> Self {
        let request = match of {
            Of::Model => json!({ "name": "parted", "version": "1.0.0" }),
            Of::Dataset => json!({ "name": "parted", "version": "1.0.0", "type": "other" }),
        };
        let operation = format!("{}.create_{}", of.room(), of.name());
        let made = ops.call(ops.ctx(), &operation, request).await.unwrap();
        Self { dir, ops, of, id: made["id"].clone() }
    }

    fn about(&self, mut request: Value) -> Value {
        request[format!("{}Id", self.of.name())] = self.id.clone();
        request
    }

    async fn ask(&self, operation: &str, request: Value) -> Result<Value> {
        self.ops.call(self.ops.ctx(), operation, self.about(request)).await
    }

    async fn upload(&self, verb: &str, request: Value) -> Result<Seen> {
        decode(self.ask(&self.of.op(verb, "upload"), request).await?)
    }

    async fn begin(&self, path: &str, bytes: &[u8]) -> Seen {
        let request = json!({ "path": path, "bytes": bytes.len(), "sha256": digest(bytes) });
        self.upload("create", request).await.unwrap()
    }

    async fn part(&self, upload: &Seen, number: usize, bytes: &[u8]) -> Result<UploadPart> {
        self.send_part(json!({ "uploadId": upload.id, "number": number }), bytes).await
    }

    async fn send_part(&self, request: Value, bytes: &[u8]) -> Result<UploadPart> {
        let body = parts(vec![Part::from_bytes("part", bytes.to_vec())]);
        let operation = self.of.op("upload", "part");
        decode(self.ops.upload(self.ops.ctx(), &operation, self.about(request), body).await?)
    }

    async fn complete(&self, upload: &Seen, sha256: Option<String>) -> Result<Seen> {
        self.upload("complete", json!({ "uploadId": upload.id, "sha256": sha256 })).await
    }

    async fn look(&self, upload: &Seen) -> Result<Seen> {
        self.upload("get", json!({ "uploadId": upload.id })).await
    }

    async fn end(&self, upload: &Seen) -> Seen {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let now = self.look(upload).await.unwrap();
            if now.state != UploadState::Completing {
                return now;
            }
            assert!(Instant::now() < deadline, "it is still being put together");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn content(&self, path: &str) -> Vec<u8> {
        let operation = self.of.op("download", "file");
        let request = self.about(json!({ "path": path }));
        let download = self.ops.download(self.ops.ctx(), &operation, request).await.unwrap();
        let chunks: Vec<bytes::Bytes> = download.body.try_collect().await.unwrap();
        chunks.concat()
    }

    async fn nothing_is_staged(&self) {
        let staging = self.dir.path().join("blobs/staging");
        let deadline = Instant::now() + Duration::from_secs(20);
        while std::fs::read_dir(&staging).is_ok_and(|mut left| left.next().is_some()) {
            assert!(Instant::now() < deadline, "parts that nobody wants stay");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn sha_of(seen: Seen) -> Value {
    seen.file.unwrap_or_else(|| panic!("no file; {:?}", seen.error))["sha256"].clone()
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Text of so many bytes that no two parts have alike.
fn text(bytes: usize) -> Vec<u8> {
    let lines = (0..).flat_map(|n: u64| format!("line {n} of a long text\n").into_bytes());
    lines.take(bytes).collect()
}

fn pieces(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.chunks(PART).collect()
}

#[tokio::test]
async fn parts_come_in_any_order_and_are_one_file() {
    for here in Here::all().await {
        let whole = text(2 * PART + 1000);
        let upload = here.begin("notes.txt", &whole).await;
        assert_eq!((upload.part_bytes, upload.parts), (PART as u64, 3));
        here.part(&upload, 2, pieces(&whole)[2]).await.unwrap();
        here.part(&upload, 0, pieces(&whole)[0]).await.unwrap();
        let now = here.look(&upload).await.unwrap();
        assert_eq!(now.received_bytes, PART as u64 + 1000);
        assert_eq!(now.missing, Some(vec![PartRange { first: 1, last: 1 }]));
        here.part(&upload, 1, pieces(&whole)[1]).await.unwrap();
        here.complete(&upload, None).await.unwrap();
        let ended = here.end(&upload).await;
        assert_eq!((ended.state, &ended.error), (UploadState::Complete, &None));
        assert_eq!(sha_of(ended), digest(&whole));
        assert_eq!(here.content("notes.txt").await, whole);
        assert_eq!(here.complete(&upload, None).await.unwrap().state, UploadState::Complete);
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn parts_come_at_the_same_time() {
    for here in Here::all().await {
        let whole = text(2 * PART + 10);
        let upload = here.begin("notes.txt", &whole).await;
        let all = pieces(&whole).into_iter().enumerate().map(|(number, bytes)| here.part(&upload, number, bytes));
        let came: Vec<_> = futures::future::join_all(all).await;
        assert!(came.iter().all(Result::is_ok), "{came:?}");
        here.complete(&upload, None).await.unwrap();
        assert_eq!(sha_of(here.end(&upload).await), digest(&whole));
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn a_part_may_come_again_and_not_otherwise() {
    for here in Here::all().await {
        let whole = text(PART + 10);
        let upload = here.begin("notes.txt", &whole).await;
        let first = here.part(&upload, 0, pieces(&whole)[0]).await.unwrap();
        assert_eq!(here.part(&upload, 0, pieces(&whole)[0]).await.unwrap(), first);
        let other = vec![b'x'; PART];
        assert_eq!(here.part(&upload, 0, &other).await.unwrap_err().stable_code(), "part_differs");
        assert_eq!(here.part(&upload, 0, b"x").await.unwrap_err().stable_code(), "wrong_part_size");
        for wrong in [&b"too few"[..], b"one more than 10"] {
            assert_eq!(here.part(&upload, 1, wrong).await.unwrap_err().stable_code(), "wrong_part_size");
        }
        let error = here.part(&upload, 2, b"x").await.unwrap_err();
        assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some("number")));
        let error = here.complete(&upload, None).await.unwrap_err();
        assert_eq!(error.stable_code(), "parts_missing");
        here.part(&upload, 1, pieces(&whole)[1]).await.unwrap();
        here.complete(&upload, None).await.unwrap();
        here.end(&upload).await;
        assert_eq!(here.content("notes.txt").await, whole, "what was refused left no trace");
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn what_is_not_what_was_said_is_refused_and_the_owner_stays() {
    for here in Here::all().await {
        let upload = here.begin("notes.txt", b"said").await;
        here.part(&upload, 0, b"sent").await.unwrap();
        let error = here.complete(&upload, Some(digest(b"other"))).await.unwrap_err();
        assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some("sha256")));
        here.complete(&upload, None).await.unwrap();
        let ended = here.end(&upload).await;
        let error = ended.error.unwrap();
        assert_eq!((ended.state, error.code.as_str()), (UploadState::Receiving, "checksum_mismatch"));
        assert!(error.message.contains(&digest(b"sent")), "{error:?}");
        here.complete(&upload, Some(digest(b"sent"))).await.unwrap();
        let ended = here.end(&upload).await;
        assert_eq!((ended.state, ended.error), (UploadState::Complete, None), "the parts were kept");
        assert_eq!(here.part(&upload, 0, b"said").await.unwrap_err().stable_code(), "upload_closed");

        let (path, bytes) = here.of.lie();
        let upload = here.begin(path, bytes).await;
        here.part(&upload, 0, bytes).await.unwrap();
        here.complete(&upload, None).await.unwrap();
        assert_eq!(here.end(&upload).await.state, UploadState::Failed);
        let files = here.ask(&here.of.op("list", "files"), json!({})).await.unwrap();
        assert_eq!(files["items"].as_array().unwrap().len(), 1);
        let asked = ListAuditLogs { result: Some(AuditOutcome::Failed), ..ListAuditLogs::default() };
        let log = here.ops.governance().list_audit_logs(&here.ops.ctx(), asked).await.unwrap().items;
        let refused: Vec<_> = log.iter().filter(|one| Some(one.resource_id.as_str()) == here.id.as_str()).collect();
        assert_eq!(refused.len(), 3, "what is refused later is on record as what is refused at once: {log:?}");
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn parts_with_their_own_digests_stand_for_that_of_the_whole() {
    for here in Here::all().await {
        let whole = text(PART + 10);
        let request = json!({ "path": "notes.txt", "bytes": whole.len() });
        let upload = here.upload("create", request).await.unwrap();
        let request =
            |number: usize, of: &[u8]| json!({ "uploadId": upload.id, "number": number, "sha256": digest(of) });
        let error = here.send_part(request(0, b"other"), pieces(&whole)[0]).await.unwrap_err();
        assert_eq!(error.stable_code(), "checksum_mismatch");
        for (number, bytes) in pieces(&whole).into_iter().enumerate() {
            here.send_part(request(number, bytes), bytes).await.unwrap();
        }
        here.complete(&upload, None).await.unwrap();
        assert_eq!(sha_of(here.end(&upload).await), digest(&whole));
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn a_whole_without_any_digest_is_not_taken() {
    for of in [Of::Model, Of::Dataset] {
        let here = Here::on(of, None).await;
        let upload = here.upload("create", json!({ "path": "notes.txt", "bytes": 3 })).await.unwrap();
        here.part(&upload, 0, b"abc").await.unwrap();
        let error = here.complete(&upload, None).await.unwrap_err();
        assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some("sha256")));
        here.complete(&upload, Some(digest(b"abc"))).await.unwrap();
        assert_eq!(here.end(&upload).await.state, UploadState::Complete);
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn other_bytes_take_a_place_only_if_that_is_said() {
    for of in [Of::Model, Of::Dataset] {
        let here = Here::on(of, None).await;
        for (sent, replace) in [(&b"one"[..], false), (b"two", true)] {
            let request = json!({ "path": "notes.txt", "bytes": 3, "sha256": digest(sent), "replace": replace });
            let upload = here.upload("create", request).await.unwrap();
            here.part(&upload, 0, sent).await.unwrap();
            here.complete(&upload, None).await.unwrap();
            assert_eq!(sha_of(here.end(&upload).await), digest(sent));
        }
        let refused = here.upload("create", json!({ "path": "notes.txt", "bytes": 3 })).await.unwrap_err();
        assert_eq!((refused.stable_code(), refused.field_name()), ("already_exists", Some("path")));
        let request = json!({ "path": "Notes.txt", "bytes": 3, "replace": true });
        assert_eq!(here.upload("create", request).await.unwrap_err().stable_code(), "duplicate_path");
        here.begin("notes.txt", b"two").await; // what is there may come again
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn a_hundred_are_under_way_at_most() {
    for of in [Of::Model, Of::Dataset] {
        let here = Here::on(of, None).await;
        for n in 0..100 {
            here.begin(&format!("{n}.txt"), b"abc").await;
        }
        let refused = here.upload("create", json!({ "path": "100.txt", "bytes": 3 })).await.unwrap_err();
        assert_eq!(refused.stable_code(), "too_many_uploads");
        assert!(refused.hint_text().unwrap().contains(&here.of.op("list", "uploads")), "{refused:?}");
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn what_is_given_up_is_gone() {
    for here in Here::all().await {
        let upload = here.begin("notes.txt", b"abc").await;
        here.part(&upload, 0, b"abc").await.unwrap();
        here.upload("abort", json!({ "uploadId": upload.id })).await.unwrap();
        assert_eq!(here.look(&upload).await.unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(here.part(&upload, 0, b"abc").await.unwrap_err().kind(), ErrorKind::NotFound);

        let upload = here.begin("notes.txt", b"abc").await;
        here.part(&upload, 0, b"abc").await.unwrap();
        here.ask(&format!("{}.delete_{}", here.of.room(), here.of.name()), json!({})).await.unwrap();
        assert_eq!(here.complete(&upload, None).await.unwrap_err().kind(), ErrorKind::NotFound);
        here.nothing_is_staged().await;
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn what_nobody_goes_on_with_is_collected_after_a_week() {
    for of in [Of::Model, Of::Dataset] {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(SystemClock.now()));
        let ops = on_trial(dir.path()).await.clock(clock.clone()).open().await.unwrap();
        let here = Here::with(of, dir, ops).await;
        let whole = text(PART + 10);
        let upload = here.begin("notes.txt", &whole).await;
        here.part(&upload, 0, pieces(&whole)[0]).await.unwrap();
        clock.advance_seconds(6 * 24 * 3600);
        here.part(&upload, 0, pieces(&whole)[0]).await.unwrap();
        clock.advance_seconds(8 * 24 * 3600);
        let deadline = Instant::now() + Duration::from_secs(30);
        while here.look(&upload).await.is_ok() {
            assert!(Instant::now() < deadline, "it is still there");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let staging = here.dir.path().join("blobs/staging");
        assert!(!std::fs::read_dir(staging).is_ok_and(|mut left| left.next().is_some()), "its parts stay");
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn of_two_that_are_put_together_at_once_for_one_path_one_is_there() {
    for here in Here::all().await {
        let (one, two) = (here.begin("notes.txt", b"one").await, here.begin("notes.txt", b"two").await);
        here.part(&one, 0, b"one").await.unwrap();
        here.part(&two, 0, b"two").await.unwrap();
        let (first, second) = tokio::join!(here.complete(&one, None), here.complete(&two, None));
        first.and(second).unwrap();
        let (one, two) = (here.end(&one).await, here.end(&two).await);
        let (kept, lost) = if one.state == UploadState::Complete { (one, two) } else { (two, one) };
        assert_eq!((kept.state, lost.state), (UploadState::Complete, UploadState::Failed));
        assert_eq!(lost.error.clone().unwrap().code, "already_exists");
        assert_eq!(digest(&here.content("notes.txt").await), sha_of(kept));
        here.ops.shutdown().await;
    }
}

#[tokio::test]
async fn a_folder_is_sent_and_goes_on_where_it_was() {
    for here in Here::all().await {
        let folder = tempfile::tempdir().unwrap();
        let whole = text(3 * PART);
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        for (name, bytes) in [("long.txt", whole.as_slice()), ("b.txt", b"bb"), ("sub/a.txt", b"a"), (".no", b"")] {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let upload = here.begin("long.txt", &whole).await;
        here.part(&upload, 1, pieces(&whole)[1]).await.unwrap();
        let told = Mutex::new(Vec::new());
        let hear = |now: Progress| told.lock().unwrap().push(now.sent);
        let to = To::parse(here.about(json!({}))).unwrap();
        let what = SendFiles::of(to, &[folder.path().to_owned()]).unwrap();
        let sent = here.ops.send_files(&here.ops.ctx(), what, &hear).await.unwrap();
        let mut names: Vec<&str> = sent.iter().filter_map(|file| file["path"].as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["b.txt", "long.txt", "sub/a.txt"]);
        assert_eq!(here.content("long.txt").await, whole);
        let told = told.into_inner().unwrap();
        assert_eq!(told.last(), Some(&(whole.len() as u64 + 3)));
        assert!(told.contains(&(3 + PART as u64)), "the part that was there counts at once: {told:?}");
        assert_eq!(here.look(&upload).await.unwrap().state, UploadState::Complete, "no second upload was begun");
        here.ops.shutdown().await;
    }
}

#[test]
fn what_is_not_there_is_said_before_anything_is_sent() {
    let dir = tempfile::tempdir().unwrap();
    let error = local_files(&[dir.path().join("none")]).unwrap_err();
    assert!(error.message().ends_with("which is not there"), "{error}");
    assert!(local_files(&[Path::new(dir.path()).to_owned()]).is_err(), "an empty folder");
}
