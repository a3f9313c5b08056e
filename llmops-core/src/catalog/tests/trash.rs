//! Models that were deleted and come back, or do not.

use std::time::Duration;

use super::*;

const KEEP: Duration = Duration::from_secs(24 * 3600);

async fn keeping(keep: Duration) -> Fresh {
    let dir = tempfile::tempdir().unwrap();
    let ops = on_trial(dir.path()).await.keep_deleted(keep).open().await.unwrap();
    Fresh { _dir: dir, ops }
}

impl Fresh {
    async fn delete(&self, model: &Model) -> Result<DeletedModel> {
        self.ops.catalog().delete_model(&self.ops.ctx(), DeleteModel { model_id: model.id }).await
    }

    async fn trash(&self) -> Vec<crate::trash::TrashedItem> {
        self.ops.catalog().list_trashed_models(&self.ops.ctx(), ListTrashedModels::default()).await.unwrap().items
    }

    async fn restore(&self, model: &Model) -> Result<Model> {
        self.ops.catalog().restore_model(&self.ops.ctx(), TrashedModel { model_id: model.id }).await
    }

    /// How many blobs there are, once nothing is let go any more.
    async fn blobs(&self) -> usize {
        let mut seen = usize::MAX;
        loop {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let now = walk(&crate::blob::trial::kept(self._dir.path()).join("blobs")).len();
            if now == seen {
                return now;
            }
            seen = now;
        }
    }
}

#[tokio::test]
async fn a_deleted_model_comes_back_as_it_was() {
    let fresh = keeping(KEEP).await;
    let model = fresh.under_review("tiny").await;
    let model = fresh.review(&model, None).await.unwrap();
    let tagged = serde_json::from_value(json!({ "modelId": model.id, "tags": ["small"] })).unwrap();
    let model = fresh.ops.catalog().update_model(&fresh.ops.ctx(), tagged).await.unwrap();
    let gone = fresh.delete(&model).await.unwrap();
    assert!(gone.restorable_until.is_some());
    assert_eq!(refused(fresh.restore(&fresh.model("other").await)).await.0, ErrorKind::NotFound);
    let trash = fresh.trash().await;
    assert_eq!((trash.len(), trash[0].name.as_str(), trash[0].files), (1, "tiny", 2));
    assert_eq!(Some(trash[0].purged_at), gone.restorable_until);
    let back = fresh.restore(&model).await.unwrap();
    let same = Model { updated_at: back.updated_at, etag: back.etag.clone(), ..model };
    assert_eq!(back, same);
    let request = DownloadModelFile { model_id: back.id, path: "model.safetensors".into(), range: None };
    let download = fresh.ops.catalog().download_model_file(&fresh.ops.ctx(), request).await.unwrap();
    let bytes: Vec<bytes::Bytes> = download.body.try_collect().await.unwrap();
    assert_eq!(bytes.concat(), tensors());
    let by_tag = ListModels { tag: Some("small".into()), ..ListModels::default() };
    let found = fresh.ops.catalog().list_models(&fresh.ops.ctx(), by_tag).await.unwrap().items;
    assert_eq!((found.len(), fresh.trash().await.len()), (1, 0));
}

#[tokio::test]
async fn another_of_the_name_is_not_overwritten() {
    let fresh = keeping(KEEP).await;
    let model = fresh.with_files("tiny").await;
    fresh.delete(&model).await.unwrap();
    let other = fresh.model("tiny").await;
    assert_eq!(refused(fresh.restore(&model)).await, (ErrorKind::Conflict, "model_exists".to_owned()));
    assert_eq!(fresh.trash().await.len(), 1, "it waits on");
    fresh.delete(&other).await.unwrap();
    fresh.restore(&model).await.unwrap();
    assert_eq!(fresh.trash().await.iter().map(|item| item.id).collect::<Vec<_>>(), [other.id.0]);
}

#[tokio::test]
async fn what_is_purged_takes_its_bytes_along() {
    let fresh = keeping(KEEP).await;
    let model = fresh.with_files("tiny").await;
    fresh.delete(&model).await.unwrap();
    assert_eq!(fresh.blobs().await, 2, "they wait with it");
    let request = TrashedModel { model_id: model.id };
    let gone = fresh.ops.catalog().purge_model(&fresh.ops.ctx(), request.clone()).await.unwrap();
    assert_eq!((gone.files, gone.restorable_until, fresh.blobs().await), (2, None, 0));
    let again = refused(fresh.ops.catalog().purge_model(&fresh.ops.ctx(), request)).await;
    assert_eq!(again.0, ErrorKind::NotFound);
}

#[tokio::test]
async fn what_was_kept_long_enough_goes_by_itself() {
    let fresh = keeping(Duration::from_millis(1)).await;
    fresh.delete(&fresh.with_files("tiny").await).await.unwrap();
    for _ in 0..200 {
        if fresh.trash().await.is_empty() {
            assert_eq!(fresh.blobs().await, 0);
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it is still there");
}

#[tokio::test]
async fn without_a_trash_it_is_gone_at_once() {
    let fresh = keeping(Duration::ZERO).await;
    let model = fresh.with_files("tiny").await;
    assert_eq!(fresh.delete(&model).await.unwrap().restorable_until, None);
    assert_eq!((fresh.trash().await.len(), fresh.blobs().await), (0, 0));
}

impl Fresh {
    /// What became of a deleted model, once it is so.
    async fn deletion(&self, model: &Model, is: impl Fn(&crate::trash::Deletion) -> bool) -> crate::trash::Deletion {
        for _ in 0..200 {
            let request = TrashedModel { model_id: model.id };
            let told = self.ops.catalog().get_model_deletion(&self.ops.ctx(), request).await.unwrap();
            if is(&told) {
                return told;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it does not become so")
    }
}

#[tokio::test]
async fn it_is_told_when_the_bytes_are_gone_and_why_they_are_not() {
    let fresh = keeping(Duration::ZERO).await;
    let (model, other) = (fresh.with_files("tiny").await, fresh.model("other").await);
    fresh.upload(&other, "config.json", "{}").await.unwrap();
    let kept = crate::blob::trial::kept(fresh._dir.path());
    let (in_the_way, is_folder) = (kept.join("aside"), kept.starts_with(fresh._dir.path()));
    if is_folder {
        let _ = std::fs::remove_dir_all(&in_the_way);
        std::fs::write(&in_the_way, "no folder").unwrap();
    }
    let gone = fresh.delete(&model).await.unwrap();
    assert_eq!((gone.files, gone.storage_cleaned), (2, false));
    if is_folder {
        let told = fresh.deletion(&model, |told| told.failures > 0).await;
        assert!(!told.storage_cleaned && told.error.is_some() && told.waiting_files == 2, "{told:?}");
        std::fs::remove_file(&in_the_way).unwrap();
    }
    let told = fresh.deletion(&model, |told| told.storage_cleaned).await;
    let (freed, kept) = (tensors().len() as u64, 2);
    assert_eq!((told.files, told.waiting_files, told.freed_bytes, told.kept_bytes), (2, 0, freed, kept));
    assert_eq!((told.name.as_str(), told.cleaned_at.is_some()), ("tiny", true));
    let list = fresh.ops.catalog().list_model_deletions(&fresh.ops.ctx(), ListTrashedModels::default()).await.unwrap();
    assert_eq!(list.items, [told]);
    let request = TrashedModel { model_id: other.id };
    let still_there = refused(fresh.ops.catalog().get_model_deletion(&fresh.ops.ctx(), request)).await;
    assert_eq!(still_there.0, ErrorKind::NotFound);
    assert_eq!(fresh.blobs().await, 1);
}
