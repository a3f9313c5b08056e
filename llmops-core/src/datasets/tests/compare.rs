//! Comparisons: asked for once, kept, forgotten with their datasets.

use super::*;
use crate::datasets::Comparisons;
use crate::store::Reconcile;

impl Fresh {
    async fn changed(&self) -> (Dataset, Dataset) {
        let a = self.dataset("things", DatasetType::Other).await;
        self.upload(&a, "rows.csv", "id,value\n1,a\n2,b\n3,c\n").await.unwrap();
        let b = self.version(&a, "1.1.0", false).await.unwrap();
        self.upload(&b, "rows.csv", "id,value\n1,a\n2,B\n4,d\n").await.unwrap();
        (self.get(&a).await, self.get(&b).await)
    }

    async fn compare(&self, of: &Dataset, (a, b): (&str, &str), keys: &[&str]) -> Result<DatasetComparison> {
        let keys = (!keys.is_empty()).then(|| keys.iter().map(|key| (*key).to_owned()).collect());
        let request = CompareDatasetVersions { dataset_id: of.id, a: a.into(), b: b.into(), keys, wait: Some(20) };
        self.ops.datasets().compare_dataset_versions(&self.ops.ctx(), request).await
    }
}

fn counts(found: &DatasetComparison) -> [u64; 4] {
    let report = found.report.as_ref().unwrap_or_else(|| panic!("{found:?}"));
    [report.added, report.removed, report.modified, report.unchanged]
}

#[tokio::test]
async fn one_call_says_how_two_versions_differ() {
    let fresh = Fresh::open().await;
    let (a, b) = fresh.changed().await;
    let by_key = fresh.compare(&a, ("1.0.0", "1.1.0"), &["id"]).await.unwrap();
    assert_eq!(counts(&by_key), [1, 1, 1, 1]);
    let by_content = fresh.compare(&b, ("1.0.0", "1.1.0"), &[]).await.unwrap();
    assert_eq!(counts(&by_content), [2, 2, 0, 1]);
    let backwards = fresh.compare(&a, (&b.id.to_string(), &a.id.to_string()), &["id"]).await.unwrap();
    assert_eq!((backwards.a.version.as_str(), backwards.b.version.as_str()), ("1.1.0", "1.0.0"));
}

#[tokio::test]
async fn a_second_question_is_answered_with_what_is_known() {
    let fresh = Fresh::open().await;
    let (a, _) = fresh.changed().await;
    let first = fresh.compare(&a, ("1.0.0", "1.1.0"), &["id"]).await.unwrap();
    assert_eq!(fresh.compare(&a, ("1.0.0", "1.1.0"), &["id"]).await.unwrap(), first);
    let again = fresh.version(&a, "2.0.0", true).await.unwrap();
    let same_bytes = fresh.compare(&a, (&again.version, "1.1.0"), &["id"]).await.unwrap();
    assert_eq!((same_bytes.id, same_bytes.a.dataset_id), (first.id, again.id), "the bytes are the same");
}

#[tokio::test]
async fn what_is_under_way_is_joined_and_forgotten_with_its_dataset() {
    let fresh = Fresh::without_loops().await;
    let (a, b) = fresh.changed().await;
    let ask = || async {
        let request = json!({ "datasetId": a.id, "a": "1.0.0", "b": "1.1.0", "wait": 0 });
        fresh.ops.call(fresh.ops.ctx(), "datasets.compare_dataset_versions", request).await.unwrap()
    };
    let (first, second) = (ask().await, ask().await);
    assert_eq!((&first["state"], &first["id"]), (&json!("queued"), &second["id"]));
    let comparisons = Comparisons::new(&fresh.room().await, fresh.dir.path().join("scratch"));
    assert_eq!(comparisons.due(&fresh.ops.ctx()).await.unwrap().len(), 1);
    let delete = DeleteDataset { dataset_id: b.id };
    fresh.ops.datasets().delete_dataset(&fresh.ops.ctx(), delete).await.unwrap();
    assert_eq!(comparisons.due(&fresh.ops.ctx()).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_is_refused() {
    let fresh = Fresh::open().await;
    let (a, _) = fresh.changed().await;
    let missing = fresh.compare(&a, ("1.0.0", "9.0.0"), &[]).await.unwrap_err();
    assert_eq!((missing.kind(), missing.field_name()), (ErrorKind::NotFound, Some("b")));
    let key = fresh.compare(&a, ("1.0.0", "1.1.0"), &["nope"]).await.unwrap_err();
    assert_eq!((key.kind(), key.field_name()), (ErrorKind::Invalid, Some("keys")));
    fresh.version(&a, "3.0.0", false).await.unwrap();
    let empty = fresh.compare(&a, ("1.0.0", "3.0.0"), &[]).await.unwrap_err();
    assert_eq!(empty.stable_code(), "no_files");
}
