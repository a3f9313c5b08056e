//! Files that come in parts, on a folder and in a real bucket.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::*;
use crate::base::{Clock, FixedClock, SystemClock};
use crate::blob::StoreUrl;
use crate::governance::{AuditOutcome, ListAuditLogs};
use crate::platform::{Progress, SendFiles, local_files};

const PART: usize = 8 << 20;

struct Here {
    fresh: Fresh,
    model: Model,
}

impl Here {
    /// A model on each kind of store that there is.
    async fn all() -> Vec<Self> {
        let mut all = vec![Self::on(None).await];
        if let Ok(bucket) = std::env::var("LLMOPS_TEST_S3_BUCKET") {
            let url = format!("s3://{bucket}/uploads-{}", uuid::Uuid::now_v7().simple());
            all.push(Self::on(Some(StoreUrl::parse("store", &url).unwrap())).await);
        }
        all
    }

    async fn on(store: Option<StoreUrl>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let builder = on_trial(dir.path()).await;
        let builder = match store {
            Some(store) => builder.store(store),
            None => builder,
        };
        let fresh = Fresh { ops: builder.open().await.unwrap(), _dir: dir };
        let model = fresh.model("parted").await;
        Self { fresh, model }
    }

    fn catalog(&self) -> &dyn Catalog {
        self.fresh.ops.catalog()
    }

    fn ctx(&self) -> Ctx {
        self.fresh.ops.ctx()
    }

    async fn begin(&self, path: &str, bytes: &[u8]) -> ModelUpload {
        let sha256 = Some(digest(bytes));
        let (path, bytes) = (path.to_owned(), bytes.len() as u64);
        let request = CreateModelUpload { model_id: self.model.id, path, bytes, sha256, replace: None };
        self.catalog().create_model_upload(&self.ctx(), request).await.unwrap()
    }

    async fn part(&self, upload: &ModelUpload, number: usize, bytes: &[u8]) -> Result<ModelUploadPart> {
        self.checked_part(upload, number, bytes, None).await
    }

    async fn checked_part(
        &self,
        upload: &ModelUpload,
        number: usize,
        bytes: &[u8],
        sha256: Option<String>,
    ) -> Result<ModelUploadPart> {
        let request = UploadModelPart { model_id: self.model.id, upload_id: upload.id, number: number as u64, sha256 };
        let body = parts(vec![Part::from_bytes("part", bytes.to_vec())]);
        self.catalog().upload_model_part(&self.ctx(), request, body).await
    }

    async fn complete(&self, upload: &ModelUpload, sha256: Option<String>) -> Result<ModelUpload> {
        let request = CompleteModelUpload { model_id: self.model.id, upload_id: upload.id, sha256 };
        self.catalog().complete_model_upload(&self.ctx(), request).await
    }

    async fn look(&self, upload: &ModelUpload) -> Result<ModelUpload> {
        let request = GetModelUpload { model_id: self.model.id, upload_id: upload.id };
        self.catalog().get_model_upload(&self.ctx(), request).await
    }

    async fn end(&self, upload: &ModelUpload) -> ModelUpload {
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
        let request = DownloadModelFile { model_id: self.model.id, path: path.into(), range: None };
        let download = self.catalog().download_model_file(&self.ctx(), request).await.unwrap();
        let chunks: Vec<bytes::Bytes> = download.body.try_collect().await.unwrap();
        chunks.concat()
    }
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
        assert_eq!((ended.state, ended.error), (UploadState::Complete, None));
        assert_eq!(ended.file.unwrap().sha256, digest(&whole));
        assert_eq!(here.content("notes.txt").await, whole);
        assert_eq!(here.complete(&upload, None).await.unwrap().state, UploadState::Complete);
        here.fresh.ops.shutdown().await;
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
        here.fresh.ops.shutdown().await;
    }
}

#[tokio::test]
async fn what_is_not_what_was_said_is_refused_and_the_model_stays() {
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

        let upload = here.begin("model.safetensors", b"no tensors").await;
        here.part(&upload, 0, b"no tensors").await.unwrap();
        here.complete(&upload, None).await.unwrap();
        assert_eq!(here.end(&upload).await.state, UploadState::Failed);
        let files = ListModelFiles { model_id: here.model.id, limit: None, cursor: None };
        assert_eq!(here.catalog().list_model_files(&here.ctx(), files).await.unwrap().items.len(), 1);
        let asked = ListAuditLogs { result: Some(AuditOutcome::Failed), ..ListAuditLogs::default() };
        let log = here.fresh.ops.governance().list_audit_logs(&here.ctx(), asked).await.unwrap().items;
        let refused: Vec<_> = log.iter().filter(|one| one.resource_id == here.model.id.to_string()).collect();
        assert_eq!(refused.len(), 3, "what is refused later is on record as what is refused at once: {log:?}");
        here.fresh.ops.shutdown().await;
    }
}

#[tokio::test]
async fn parts_with_their_own_digests_stand_for_that_of_the_whole() {
    for here in Here::all().await {
        let whole = text(PART + 10);
        let (path, bytes) = ("notes.txt".to_owned(), whole.len() as u64);
        let request = CreateModelUpload { model_id: here.model.id, path, bytes, sha256: None, replace: None };
        let upload = here.catalog().create_model_upload(&here.ctx(), request).await.unwrap();
        let wrong = Some(digest(b"other"));
        let error = here.checked_part(&upload, 0, pieces(&whole)[0], wrong).await.unwrap_err();
        assert_eq!(error.stable_code(), "checksum_mismatch");
        here.checked_part(&upload, 0, pieces(&whole)[0], Some(digest(pieces(&whole)[0]))).await.unwrap();
        here.checked_part(&upload, 1, pieces(&whole)[1], Some(digest(pieces(&whole)[1]))).await.unwrap();
        here.complete(&upload, None).await.unwrap();
        assert_eq!(here.end(&upload).await.file.unwrap().sha256, digest(&whole));
        here.fresh.ops.shutdown().await;
    }
}

#[tokio::test]
async fn a_whole_without_any_digest_is_not_taken() {
    let here = Here::on(None).await;
    let request =
        CreateModelUpload { model_id: here.model.id, path: "notes.txt".into(), bytes: 3, sha256: None, replace: None };
    let upload = here.catalog().create_model_upload(&here.ctx(), request).await.unwrap();
    here.part(&upload, 0, b"abc").await.unwrap();
    let error = here.complete(&upload, None).await.unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some("sha256")));
    here.complete(&upload, Some(digest(b"abc"))).await.unwrap();
    assert_eq!(here.end(&upload).await.state, UploadState::Complete);
    here.fresh.ops.shutdown().await;
}

#[tokio::test]
async fn what_is_given_up_is_gone() {
    for here in Here::all().await {
        let upload = here.begin("notes.txt", b"abc").await;
        here.part(&upload, 0, b"abc").await.unwrap();
        let request = AbortModelUpload { model_id: here.model.id, upload_id: upload.id };
        here.catalog().abort_model_upload(&here.ctx(), request).await.unwrap();
        assert_eq!(here.look(&upload).await.unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(here.part(&upload, 0, b"abc").await.unwrap_err().kind(), ErrorKind::NotFound);

        let upload = here.begin("notes.txt", b"abc").await;
        here.part(&upload, 0, b"abc").await.unwrap();
        let request = DeleteModel { model_id: here.model.id };
        here.catalog().delete_model(&here.ctx(), request).await.unwrap();
        assert_eq!(here.complete(&upload, None).await.unwrap_err().kind(), ErrorKind::NotFound);
        let staging = here.fresh._dir.path().join("blobs/staging");
        let deadline = Instant::now() + Duration::from_secs(20);
        while std::fs::read_dir(&staging).is_ok_and(|mut left| left.next().is_some()) {
            assert!(Instant::now() < deadline, "parts that nobody wants stay");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        here.fresh.ops.shutdown().await;
    }
}

#[tokio::test]
async fn what_nobody_goes_on_with_is_collected_after_a_week() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(SystemClock.now()));
    let ops = on_trial(dir.path()).await.clock(clock.clone()).open().await.unwrap();
    let fresh = Fresh { _dir: dir, ops };
    let model = fresh.model("parted").await;
    let here = Here { fresh, model };
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
    let staging = here.fresh._dir.path().join("blobs/staging");
    assert!(!std::fs::read_dir(staging).is_ok_and(|mut left| left.next().is_some()), "its parts stay");
    here.fresh.ops.shutdown().await;
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
        assert_eq!(lost.error.unwrap().code, "already_exists");
        assert_eq!(digest(&here.content("notes.txt").await), kept.file.unwrap().sha256);
        here.fresh.ops.shutdown().await;
    }
}

#[tokio::test]
async fn a_folder_is_sent_and_goes_on_where_it_was() {
    for here in Here::all().await {
        let folder = tempfile::tempdir().unwrap();
        let whole = text(3 * PART);
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        for (name, bytes) in [("long.txt", whole.as_slice()), ("config.json", b"{}"), ("sub/a.txt", b"a"), (".no", b"")]
        {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let upload = here.begin("long.txt", &whole).await;
        here.part(&upload, 1, pieces(&whole)[1]).await.unwrap();
        let told = Mutex::new(Vec::new());
        let hear = |now: Progress| told.lock().unwrap().push(now.sent);
        let what = SendFiles::of(&here.model.id.to_string(), &[folder.path().to_owned()]).unwrap();
        let sent = here.fresh.ops.send_model_files(&here.ctx(), what, &hear).await.unwrap();
        let mut names: Vec<&str> = sent.iter().map(|file| file.path.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["config.json", "long.txt", "sub/a.txt"]);
        assert_eq!(here.content("long.txt").await, whole);
        let told = told.into_inner().unwrap();
        assert_eq!(told.last(), Some(&(whole.len() as u64 + 3)));
        assert!(told.contains(&(3 + PART as u64)), "the part that was there counts at once: {told:?}");
        assert_eq!(here.look(&upload).await.unwrap().state, UploadState::Complete, "no second upload was begun");
        here.fresh.ops.shutdown().await;
    }
}

#[test]
fn what_is_not_there_is_said_before_anything_is_sent() {
    let dir = tempfile::tempdir().unwrap();
    let error = local_files(&[dir.path().join("none")]).unwrap_err();
    assert!(error.message().ends_with("which is not there"), "{error}");
    assert!(local_files(&[Path::new(dir.path()).to_owned()]).is_err(), "an empty folder");
}
