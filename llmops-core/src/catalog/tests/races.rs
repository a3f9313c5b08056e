//! Two who want what only one can have. On PostgreSQL both are under way at once; each outcome must be one that makes sense.

use std::time::{Duration, Instant};

use super::*;

/// How often each pair runs: the order is chance.
const ROUNDS: usize = 12;

fn child_of(parent: ModelId, round: usize) -> CreateModel {
    CreateModel {
        name: format!("child-{round}"),
        version: "1.0.0".into(),
        model_family: "llama".into(),
        lineage: Lineage { parent_model_id: Some(parent), ..Lineage::default() },
        ..CreateModel::default()
    }
}

impl Fresh {
    async fn remove(&self, model_id: ModelId) -> Result<DeletedModel> {
        self.ops.catalog().delete_model(&self.ops.ctx(), DeleteModel { model_id }).await
    }

    async fn files(&self, model_id: ModelId) -> Result<Vec<ModelFile>> {
        let request = ListModelFiles { model_id, limit: None, cursor: None };
        Ok(self.ops.catalog().list_model_files(&self.ops.ctx(), request).await?.items)
    }

    /// How many blobs are in the store, once that is as many as expected or a while went by.
    async fn left(&self, expected: usize) -> usize {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let now = walk(&crate::blob::trial::kept(self._dir.path()).join("blobs")).len();
            if now == expected || Instant::now() > deadline {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test]
async fn what_was_not_looked_at_is_never_approved() {
    let fresh = Fresh::open().await;
    for round in 0..ROUNDS {
        let model = fresh.under_review(&format!("tiny-{round}")).await;
        let change = fresh.upload(&model, "README.md", format!("# {round}"));
        let (reviewed, changed) = tokio::join!(fresh.review(&model, None), change);
        let now = fresh.get(&model).await;
        if changed.is_ok() {
            assert_eq!((now.status, now.digest == model.digest), (ModelStatus::Draft, false), "{reviewed:?}");
        } else {
            assert_eq!((now.status, now.digest == model.digest), (ModelStatus::Approved, true), "{changed:?}");
        }
        for refused in [reviewed.err(), changed.err()].into_iter().flatten() {
            assert_eq!(refused.kind(), ErrorKind::Conflict, "{refused}");
        }
    }
}

async fn in_production(fresh: &Fresh, model: &Model) -> Result<ModelAlias> {
    let (name, alias, version) = (model.name.clone(), "production".into(), model.version.clone());
    let request = SetModelAlias { name, alias, version, model_type: None, notes: None };
    fresh.ops.catalog().set_model_alias(&fresh.ops.ctx(), request).await
}

#[tokio::test]
async fn what_production_means_is_what_was_approved() {
    let fresh = Fresh::open().await;
    for round in 0..ROUNDS {
        let model = fresh.under_review(&format!("tiny-{round}")).await;
        fresh.review(&model, None).await.unwrap();
        let change = fresh.upload(&model, "README.md", format!("# {round}"));
        let outcome = tokio::join!(in_production(&fresh, &model), change);
        let now = fresh.get(&model).await;
        match outcome {
            (Ok(_), Err(_)) => assert_eq!((now.status, &now.digest), (ModelStatus::Approved, &model.digest)),
            (Err(_), Ok(_)) => assert_eq!(now.status, ModelStatus::Draft),
            both => panic!("one of two has its way: {both:?}"),
        }
    }
}

#[tokio::test]
async fn what_production_means_does_not_become_a_draft_by_detours() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    fresh.review(&model, None).await.unwrap();
    in_production(&fresh, &model).await.unwrap();
    let kept = (ErrorKind::Conflict, "in_production".to_owned());
    assert_eq!(refused(fresh.set_status(&model, ModelStatus::Deprecated)).await, kept);
    let relicensed = json!({ "modelId": model.id, "metadata": { "license": "mit" } });
    let relicensed = serde_json::from_value(relicensed).unwrap();
    let ctx = fresh.ops.ctx();
    assert_eq!(refused(fresh.ops.catalog().update_model(&ctx, relicensed)).await, kept);
    assert_eq!(fresh.get(&model).await.status, ModelStatus::Approved);

    // Once the alias means nothing, or something else, it may.
    let alias = GetModelAlias { name: model.name.clone(), alias: "production".into() };
    fresh.ops.catalog().delete_model_alias(&ctx, alias).await.unwrap();
    assert_eq!(fresh.set_status(&model, ModelStatus::Deprecated).await.unwrap().status, ModelStatus::Deprecated);
    assert_eq!(fresh.set_status(&model, ModelStatus::UnderReview).await.unwrap().status, ModelStatus::UnderReview);
}

#[tokio::test]
async fn a_parent_is_not_deleted_while_its_child_is_made() {
    let fresh = Fresh::open().await;
    for round in 0..ROUNDS {
        let parent = fresh.model(&format!("parent-{round}")).await;
        let ctx = fresh.ops.ctx();
        let made = fresh.ops.catalog().create_model(&ctx, child_of(parent.id, round));
        match tokio::join!(made, fresh.remove(parent.id)) {
            (Ok(_), Err(error)) => assert_eq!(error.stable_code(), "in_use"),
            (Err(error), Ok(_)) => assert_eq!(error.field_name(), Some("lineage.parentModelId"), "{error}"),
            both => panic!("one of two has its way: {both:?}"),
        }
    }
}

#[tokio::test]
async fn a_file_that_comes_while_its_model_goes_leaves_nothing() {
    let fresh = Fresh::open().await;
    for round in 0..ROUNDS {
        let model = fresh.model(&format!("tiny-{round}")).await;
        let (sent, gone) = tokio::join!(fresh.upload(&model, "notes.txt", format!("{round}")), fresh.remove(model.id));
        gone.unwrap();
        if let Err(error) = sent {
            assert!(matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Conflict), "{error:?}");
        }
        assert_eq!(fresh.files(model.id).await.unwrap_err().kind(), ErrorKind::NotFound);
    }
    assert_eq!(fresh.left(0).await, 0, "bytes of models that are gone");
}

#[tokio::test]
async fn of_two_files_for_one_path_that_come_at_once_one_is_there_whole() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    for round in 0..ROUNDS {
        let path = format!("notes-{round}.txt");
        let (one, two) = tokio::join!(fresh.upload(&model, &path, "one"), fresh.upload(&model, &path, "other"));
        let kept = match (one, two) {
            (Ok(kept), Err(lost)) | (Err(lost), Ok(kept)) => {
                assert_eq!(lost.kind(), ErrorKind::Conflict, "{lost}");
                kept
            }
            both => panic!("one of two is refused: {both:?}"),
        };
        let files = fresh.files(model.id).await.unwrap();
        let there: Vec<_> = files.iter().filter(|file| file.path == path).map(|file| &file.sha256).collect();
        assert_eq!(there, [&kept.files[0].sha256]);
    }
    let verified =
        fresh.ops.catalog().verify_model(&fresh.ops.ctx(), VerifyModel { model_id: model.id }).await.unwrap();
    assert_eq!(verified.damaged, Vec::<String>::new());
}
