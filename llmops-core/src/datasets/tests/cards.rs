//! Cards: a `README.md` fills them, however it comes, and is none of the rows.

use sha2::{Digest, Sha256};

use super::trash::keeping;
use super::*;
use crate::uploads::UploadState;

const CARD: &str = "---\nlicense: mit\nlanguage: [en, ko]\ntags: [b, a]\nsize_categories: [n<1K]\nconfigs:\n- config_name: default\n  data_files:\n  - {split: train, path: data/train-*}\ndataset_info:\n  splits:\n  - {name: train, num_examples: 600}\n---\n# Capitals\n\nAll of them.\n";

impl Fresh {
    async fn readme(&self, of: &Dataset, text: &str, replace: bool) -> Result<UploadedDatasetFiles> {
        let said = json!({ "datasetId": of.id, "replace": replace });
        let body = parts(vec![Part::from_bytes("README.md", text.to_owned())]);
        self.ops.datasets().upload_dataset_files(&self.ops.ctx(), serde_json::from_value(said).unwrap(), body).await
    }

    async fn patch(&self, of: &Dataset, patch: serde_json::Value) -> Result<Dataset> {
        let mut said = patch;
        said["datasetId"] = json!(of.id);
        self.ops.datasets().update_dataset(&self.ops.ctx(), serde_json::from_value(said).unwrap()).await
    }

    async fn card_of(&self, of: &Dataset) -> String {
        let request = DownloadDatasetCard { dataset_id: of.id, range: None };
        let sent = self.ops.datasets().download_dataset_card(&self.ops.ctx(), request).await.unwrap();
        let digest = sent.digest.unwrap();
        let bytes = sent.body.try_collect::<Vec<_>>().await.unwrap().concat();
        assert_eq!((digest, sent.length), (hex::encode(Sha256::digest(&bytes)), Some(bytes.len() as u64)));
        String::from_utf8(bytes).unwrap()
    }
}

fn fields(of: &Dataset) -> Vec<&str> {
    of.metadata.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_readme_is_the_card_and_no_row() {
    let fresh = Fresh::open().await;
    let before = fresh.capitals().await;
    assert_eq!(
        (before.card_digest.as_deref(), fresh.card_of(&before).await.as_str()),
        (None, "---\n{}\n---\n\n# capitals\n")
    );
    let sent = fresh.readme(&before, CARD, false).await.unwrap();
    assert_eq!((sent.files, sent.card), (vec![], true));
    let after = fresh.get(&before).await;
    assert_eq!(after.metadata["configs"][0]["data_files"][0], json!({ "split": "train", "path": "data/train-*" }));
    assert_eq!(after.tags, ["a", "b"]);
    let card = fresh.card_of(&after).await;
    assert!(card.ends_with("---\n# Capitals\n\nAll of them.\n"), "{card}");
    assert_eq!(after.card_digest, Some(hex::encode(Sha256::digest(card))));
    let rows = Dataset { metadata: Map::new(), tags: Vec::new(), card_digest: None, ..after.clone() };
    assert_eq!(rows, Dataset { updated_at: after.updated_at, etag: after.etag, ..before });
}

#[tokio::test]
async fn what_a_card_says_already_stays_and_its_text_is_replaced_when_asked() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("carded", DatasetType::Other).await;
    let dataset = fresh.patch(&dataset, json!({ "metadata": { "license": "apache-2.0" } })).await.unwrap();
    fresh.readme(&dataset, CARD, false).await.unwrap();
    let etag = fresh.get(&dataset).await.etag;
    fresh.readme(&dataset, CARD, false).await.unwrap();
    assert_eq!(fresh.get(&dataset).await.etag, etag, "the same again changes nothing");
    let other = "---\nlicense: mit\npretty_name: Other\n---\nOther.\n";
    let refusal = refused(fresh.readme(&dataset, other, false)).await;
    assert_eq!(refusal, (ErrorKind::Conflict, "already_exists".to_owned()));
    fresh.readme(&dataset, other, true).await.unwrap();
    let now = fresh.get(&dataset).await;
    assert_eq!((&now.metadata["license"], &now.metadata["pretty_name"]), (&json!("apache-2.0"), &json!("Other")));
    assert!(fresh.card_of(&now).await.ends_with("---\nOther.\n"));
    fresh.readme(&dataset, "", true).await.unwrap();
    assert!(fresh.card_of(&now).await.ends_with("---\n\n# carded\n"));
}

#[tokio::test]
async fn a_text_alone_comes_back_byte_for_byte() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("text", DatasetType::Other).await;
    fresh.readme(&dataset, "# Just\n\n---\ntext\n", false).await.unwrap();
    assert_eq!(fresh.card_of(&dataset).await, "# Just\n\n---\ntext\n");
    let request = DownloadDatasetCard { dataset_id: dataset.id, range: Some("bytes=2-5".into()) };
    let sent = fresh.ops.datasets().download_dataset_card(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!(
        (sent.range, sent.body.try_collect::<Vec<_>>().await.unwrap().concat()),
        (Some((2, 5, 17)), b"Just".to_vec())
    );
}

#[tokio::test]
async fn only_the_file_at_the_root_is_the_card() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("texts", DatasetType::Other).await;
    for path in ["docs/README.md", "readme.md"] {
        let sent = fresh.upload(&dataset, path, "a row\n").await.unwrap();
        assert_eq!((sent.files.len(), sent.card), (1, false));
    }
    let packed = ruzstd::encoding::compress_to_vec(&b"text\n"[..], ruzstd::encoding::CompressionLevel::Fastest);
    assert_eq!(refused(fresh.upload(&dataset, "README.md.zst", packed)).await.0, ErrorKind::Invalid);
    assert_eq!((fresh.get(&dataset).await.rows, fresh.get(&dataset).await.card_digest), (2, None));
}

#[tokio::test]
async fn a_card_that_cannot_be_kept_is_refused_and_changes_nothing() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("hostile", DatasetType::Other).await;
    let long = "x".repeat(1 << 20);
    for (text, code) in [
        (format!("---\na: {}\n---\n", "x".repeat(64 << 10)), "invalid_front_matter"),
        (format!("---\na: &a [{}]\nb: [{}]\n---\n", "x,".repeat(2000), "*a,".repeat(2000)), "invalid_front_matter"),
        (format!("{long}y"), "card_too_large"),
        (format!("{long}{long}"), "card_too_large"),
        ("a\0b".to_owned(), "invalid"),
    ] {
        assert_eq!(refused(fresh.readme(&dataset, &text, false)).await, (ErrorKind::Invalid, code.to_owned()));
    }
    let bytes = fresh.upload(&dataset, "README.md", b"\xff\xfe".to_vec());
    assert_eq!(refused(bytes).await.0, ErrorKind::Invalid);
    assert_eq!(fresh.get(&dataset).await, dataset);
    fresh.readme(&dataset, &long, false).await.unwrap();
    assert!(fresh.card_of(&dataset).await == long);
    for bad in [
        json!({ "metadata": { "api_key": "k" } }),
        json!({ "metadata": { "a": "x".repeat(65 << 10) } }),
        json!({ "tags": [" "] }),
        json!({ "tags": vec!["a"; 51] }),
    ] {
        assert_eq!(refused(fresh.patch(&dataset, bad)).await.0, ErrorKind::Invalid);
    }
}

#[tokio::test]
async fn a_card_comes_in_parts_too() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("parts", DatasetType::Other).await;
    let upload = fresh.sent(&dataset, "README.md", CARD.as_bytes(), None).await.unwrap();
    fresh.completed(&dataset, &upload).await.unwrap();
    let ended = fresh.until(&dataset, &upload, |now| now.state != UploadState::Completing).await;
    assert_eq!((ended.state, ended.file), (UploadState::Complete, None));
    assert_eq!(fresh.get(&dataset).await.metadata["license"], "mit");
    let request = CreateDatasetUpload { bytes: 2 << 20, ..upload_of(&dataset, "README.md") };
    let refusal = refused(fresh.ops.datasets().create_dataset_upload(&fresh.ops.ctx(), request)).await;
    assert_eq!(refusal.1, "card_too_large");
}

fn upload_of(of: &Dataset, path: &str) -> CreateDatasetUpload {
    serde_json::from_value(json!({ "datasetId": of.id, "path": path, "bytes": 1 })).unwrap()
}

#[tokio::test]
async fn what_is_approved_has_its_card_written_further() {
    let fresh = Fresh::open().await;
    let approved = fresh.approved().await;
    fresh.readme(&approved, CARD, false).await.unwrap();
    fresh.patch(&approved, json!({ "metadata": { "license": "cc0-1.0" }, "tags": ["c"] })).await.unwrap();
    let now = fresh.get(&approved).await;
    assert_eq!(
        (now.status, &now.digest, &now.tags),
        (DatasetStatus::Approved, &approved.digest, &vec!["c".to_owned()])
    );
    assert_eq!(refused(fresh.upload(&approved, "more.csv", CAPITALS)).await.0, ErrorKind::Conflict);
}

#[tokio::test]
async fn a_new_version_takes_the_card_along_as_far_as_it_holds() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    fresh.readme(&dataset, CARD, false).await.unwrap();
    let same = fresh.version(&dataset, "1.1.0", true).await.unwrap();
    assert_eq!(fields(&same), ["configs", "dataset_info", "language", "license", "size_categories"]);
    assert_eq!(fresh.card_of(&same).await, fresh.card_of(&dataset).await);
    assert_eq!(same.card_digest, fresh.get(&dataset).await.card_digest);
    let other = fresh.version(&dataset, "1.2.0", false).await.unwrap();
    assert_eq!((fields(&other), &other.tags), (vec!["language", "license"], &same.tags));
    assert!(fresh.card_of(&other).await.ends_with("All of them.\n"));
    fresh.patch(&other, json!({ "metadata": { "license": null } })).await.unwrap();
    assert_eq!(fresh.get(&same).await.metadata["license"], "mit");
}

#[tokio::test]
async fn a_card_that_nobody_changed_is_sent_as_it_came() {
    let fresh = keeping().await;
    let dataset = fresh.capitals().await;
    let readme = "---\nzoo: 1  # a remark\nlicense:\ntags: [z, a]\nart: &x {b: 1, a: 2}\nagain: *x\n---\n# Title\n";
    fresh.readme(&dataset, readme, false).await.unwrap();
    assert_eq!(
        (fresh.card_of(&dataset).await, fresh.get(&dataset).await.tags),
        (readme.into(), vec!["a".into(), "z".into()])
    );
    let next = fresh.version(&dataset, "1.1.0", true).await.unwrap();
    assert_eq!(fresh.card_of(&next).await, readme);
    fresh.discard(&next).await;
    fresh.discard(&dataset).await;
    let back = fresh.bring_back(&dataset).await.unwrap();
    assert_eq!(fresh.card_of(&back).await, readme);
    fresh.patch(&back, json!({ "metadata": { "zoo": 2 } })).await.unwrap();
    let expected =
        "---\nzoo: 2\nlicense: null\ntags:\n- z\n- a\nart:\n  b: 1\n  a: 2\nagain:\n  b: 1\n  a: 2\n---\n# Title\n";
    assert_eq!(fresh.card_of(&back).await, expected);
}

#[tokio::test]
async fn a_deleted_card_comes_back_or_goes_for_good() {
    let fresh = keeping().await;
    let dataset = fresh.capitals().await;
    fresh.readme(&dataset, CARD, false).await.unwrap();
    let card = fresh.card_of(&dataset).await;
    fresh.discard(&dataset).await;
    let back = fresh.bring_back(&dataset).await.unwrap();
    assert_eq!((fresh.card_of(&back).await, back.tags.len()), (card, 2));
    fresh.discard(&dataset).await;
    let request = TrashedDataset { dataset_id: dataset.id };
    fresh.ops.datasets().purge_dataset(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!(fresh.room().await.prose(&fresh.ops.ctx(), dataset.id.0).await.unwrap().text, None);
}
