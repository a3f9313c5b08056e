//! Datasets that were deleted and come back, or do not.

use std::time::Duration;

use super::*;

pub(super) async fn keeping() -> Fresh {
    let dir = tempfile::tempdir().unwrap();
    let keep = Duration::from_secs(3600);
    let ops = on_trial(dir.path()).await.keep_deleted(keep).open().await.unwrap();
    Fresh { dir, ops }
}

impl Fresh {
    pub(super) async fn discard(&self, of: &Dataset) -> DeletedDataset {
        let request = DeleteDataset { dataset_id: of.id };
        self.ops.datasets().delete_dataset(&self.ops.ctx(), request).await.unwrap()
    }

    pub(super) async fn bring_back(&self, of: &Dataset) -> Result<Dataset> {
        self.ops.datasets().restore_dataset(&self.ops.ctx(), TrashedDataset { dataset_id: of.id }).await
    }
}

#[tokio::test]
async fn a_deleted_dataset_comes_back_as_it_was() {
    let fresh = keeping().await;
    let approved = fresh.approved().await;
    let request = GetDatasetValidation { dataset_id: approved.id };
    let report = fresh.ops.datasets().get_dataset_validation(&fresh.ops.ctx(), request.clone()).await.unwrap();
    let before = fresh.preview(&approved, rows_from(&approved, 10, 5)).await.unwrap();
    assert!(fresh.discard(&approved).await.restorable_until.is_some());
    let trash =
        fresh.ops.datasets().list_trashed_datasets(&fresh.ops.ctx(), ListTrashedDatasets::default()).await.unwrap();
    assert_eq!((trash.items.len(), trash.items[0].id, trash.items[0].files), (1, approved.id.0, 1));
    let back = fresh.bring_back(&approved).await.unwrap();
    let same = Dataset { updated_at: back.updated_at, etag: back.etag.clone(), ..approved };
    assert_eq!(back, same);
    assert_eq!(fresh.ops.datasets().get_dataset_validation(&fresh.ops.ctx(), request).await.unwrap(), report);
    assert_eq!(fresh.preview(&back, rows_from(&back, 10, 5)).await.unwrap(), before);
    assert_eq!(refused(fresh.bring_back(&back)).await.0, ErrorKind::NotFound);
}

#[tokio::test]
async fn what_is_purged_takes_its_bytes_along() {
    let fresh = keeping().await;
    let dataset = fresh.capitals().await;
    fresh.discard(&dataset).await;
    let other = fresh.capitals().await;
    assert_eq!(refused(fresh.bring_back(&dataset)).await, (ErrorKind::Conflict, "dataset_exists".to_owned()));
    fresh.discard(&other).await;
    for id in [dataset.id, other.id] {
        let request = TrashedDataset { dataset_id: id };
        fresh.ops.datasets().purge_dataset(&fresh.ops.ctx(), request).await.unwrap();
    }
    fresh.bytes_are_gone().await;
}
