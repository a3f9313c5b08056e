//! Files that come in parts, as far as datasets have rules of their own: how they are written, and when they may still come.

use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::*;
use crate::uploads::UploadState;

impl Fresh {
    /// Everything but the end of a file that comes in parts.
    pub(super) async fn sent(
        &self,
        of: &Dataset,
        path: &str,
        bytes: &[u8],
        encoding: Option<&str>,
    ) -> Result<DatasetUpload> {
        let request = CreateDatasetUpload {
            dataset_id: of.id,
            path: path.into(),
            format: None,
            delimiter: None,
            header: None,
            encoding: encoding.map(str::to_owned),
            bytes: bytes.len() as u64,
            sha256: Some(hex::encode(Sha256::digest(bytes))),
            replace: None,
        };
        let upload = self.ops.datasets().create_dataset_upload(&self.ops.ctx(), request).await?;
        let request = UploadDatasetPart { dataset_id: of.id, upload_id: upload.id, number: 0, sha256: None };
        let body = parts(vec![Part::from_bytes("part", bytes.to_vec())]);
        self.ops.datasets().upload_dataset_part(&self.ops.ctx(), request, body).await?;
        Ok(upload)
    }

    pub(super) async fn completed(&self, of: &Dataset, upload: &DatasetUpload) -> Result<DatasetUpload> {
        let request = CompleteDatasetUpload { dataset_id: of.id, upload_id: upload.id, sha256: None };
        self.ops.datasets().complete_dataset_upload(&self.ops.ctx(), request).await
    }

    pub(super) async fn until(
        &self,
        of: &Dataset,
        upload: &DatasetUpload,
        is: impl Fn(&DatasetUpload) -> bool,
    ) -> DatasetUpload {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let request = GetDatasetUpload { dataset_id: of.id, upload_id: upload.id };
            let now = self.ops.datasets().get_dataset_upload(&self.ops.ctx(), request).await.unwrap();
            if is(&now) {
                return now;
            }
            assert!(Instant::now() < deadline, "it stays as it is: {now:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn file_of(&self, of: &Dataset, path: &str, bytes: &[u8], encoding: Option<&str>) -> DatasetFile {
        let upload = self.sent(of, path, bytes, encoding).await.unwrap();
        self.completed(of, &upload).await.unwrap();
        let ended = self.until(of, &upload, |now| now.state != UploadState::Completing).await;
        ended.file.unwrap_or_else(|| panic!("no file: {:?}", ended.error))
    }
}

#[tokio::test]
async fn a_compressed_file_is_told_by_the_path_it_has() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("packed", DatasetType::SftPair).await;
    let bytes = ruzstd::encoding::compress_to_vec(CAPITALS.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let file = fresh.file_of(&dataset, "train.csv.zst", &bytes, None).await;
    assert_eq!((file.path.as_str(), file.rows), ("train.csv", 600));
    assert_eq!(fresh.get(&dataset).await.rows, 600);
    let again = fresh.file_of(&dataset, "train.csv.zst", &bytes, None).await;
    assert_eq!(again, file, "the same again");
}

#[tokio::test]
async fn it_is_written_as_its_sender_said() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("korean", DatasetType::Other).await;
    let (bytes, ..) = encoding_rs::EUC_KR.encode("질문,답변\n대한민국의 수도는?,서울\n");
    let file = fresh.file_of(&dataset, "qa.csv", &bytes, Some("cp949")).await;
    assert_eq!(file.encoding, Some(DatasetFileEncoding { name: "euc-kr".into(), guessed: false }));
    let again = fresh.file_of(&dataset, "qa.csv", &bytes, Some("cp949")).await;
    assert_eq!(again, file, "its digest is another than that of what was sent, and still it may come again");
}

#[tokio::test]
async fn nothing_stays_of_what_was_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("spoilt", DatasetType::Other).await;
    let upload = fresh.sent(&dataset, "a.csv.gz", b"\x1F\x8B\x08 and no more", None).await.unwrap();
    fresh.completed(&dataset, &upload).await.unwrap();
    let ended = fresh.until(&dataset, &upload, |now| now.state != UploadState::Completing).await;
    assert_eq!((ended.state, ended.error.unwrap().code), (UploadState::Failed, "unreadable_archive".into()));
    fresh.bytes_are_gone().await;
}

#[tokio::test]
async fn what_is_validated_takes_no_more() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let open = fresh.sent(&dataset, "more.csv", b"prompt,response\na,b\n", None).await.unwrap();
    fresh.validate(&dataset).await;
    let frozen = (ErrorKind::Conflict, "version_immutable".to_owned());
    assert_eq!(refused(fresh.completed(&dataset, &open)).await, frozen);
    assert_eq!(refused(fresh.sent(&dataset, "other.csv", b"prompt,response\na,b\n", None)).await, frozen);
    let next = fresh.version(&dataset, "1.1.0", true).await.unwrap();
    let file = fresh.file_of(&next, "more.csv", b"prompt,response\na,b\n", None).await;
    assert_eq!((file.rows, fresh.get(&next).await.rows), (1, 601));
}

#[tokio::test]
async fn a_file_that_is_put_together_waits_for_the_end_of_a_validation() {
    let dir = tempfile::tempdir().unwrap();
    let quiet = on_trial(dir.path()).await.loops(false).open().await.unwrap();
    let fresh = Fresh { dir, ops: quiet };
    let dataset = fresh.dataset("busy", DatasetType::SftPair).await;
    fresh.upload(&dataset, "train.csv", format!("{CAPITALS}write to,jane@mail.kr\n")).await.unwrap();
    let upload = fresh.sent(&dataset, "more.csv", b"prompt,response\na,b\n", None).await.unwrap();
    fresh.completed(&dataset, &upload).await.unwrap();
    fresh.ask_to_validate(&dataset, None).await.unwrap();
    fresh.ops.shutdown().await;
    let ops = on_trial(fresh.dir.path()).await.open().await.unwrap();
    let fresh = Fresh { ops, ..fresh };
    let ended = fresh.until(&dataset, &upload, |now| now.state != UploadState::Completing).await;
    assert_eq!((ended.state, ended.error), (UploadState::Complete, None), "what was found wrong may be mended");
    assert_eq!(fresh.get(&dataset).await.rows, 602);
}

#[tokio::test]
async fn it_takes_the_permission_of_other_uploads() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("guarded", DatasetType::Other).await;
    let upload = fresh.sent(&dataset, "a.csv", b"a\n1\n", None).await.unwrap();
    let reader = fresh.as_("rita", &["*:read"]);
    let request = CompleteDatasetUpload { dataset_id: dataset.id, upload_id: upload.id, sha256: None };
    let told = fresh.ops.datasets().complete_dataset_upload(&reader, request);
    assert_eq!(refused(told).await, (ErrorKind::Denied, "permission_missing".into()));
    let request = GetDatasetUpload { dataset_id: dataset.id, upload_id: upload.id };
    assert_eq!(fresh.ops.datasets().get_dataset_upload(&reader, request).await.unwrap().received_bytes, 4);
}
