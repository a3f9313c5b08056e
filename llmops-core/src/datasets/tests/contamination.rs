//! Contamination checks: carried out once, whatever happens meanwhile.

use super::*;

impl Fresh {
    async fn look(&self, request: serde_json::Value) -> Result<ContaminationCheck> {
        let asked = self.ops.call(self.ops.ctx(), "datasets.check_dataset_contamination", request).await?;
        Ok(serde_json::from_value(asked).unwrap())
    }

    async fn looked(&self, asked: &ContaminationCheck) -> ContaminationCheck {
        let request = GetContaminationCheck { dataset_id: asked.dataset_id, check_id: asked.id };
        let events = self.ops.datasets().watch_contamination_check(&self.ops.ctx(), request).await.unwrap();
        let seen: Vec<ContaminationCheck> = events.try_collect().await.unwrap();
        seen.last().unwrap().clone()
    }

    /// A benchmark with three rows of the capitals and one of its own.
    async fn benchmark(&self) -> Dataset {
        let dataset = self.dataset("bench", DatasetType::Benchmark).await;
        let rows: Vec<&str> = CAPITALS.lines().take(4).collect();
        let rows = format!("{}\nWho was the first to find the pole of the south?,Roald Amundsen\n", rows.join("\n"));
        self.upload(&dataset, "bench.csv", rows).await.unwrap();
        self.get(&dataset).await
    }

    async fn restarted(self) -> Self {
        self.ops.shutdown().await;
        Self { ops: on_trial(self.dir.path()).await.open().await.unwrap(), dir: self.dir }
    }

    async fn deletion(&self, of: &Dataset) -> Result<DeletedDataset> {
        self.ops.datasets().delete_dataset(&self.ops.ctx(), DeleteDataset { dataset_id: of.id }).await
    }
}

#[tokio::test]
async fn a_check_that_was_only_asked_for_is_made_after_a_restart() {
    let fresh = Fresh::without_loops().await;
    let (source, bench) = (fresh.capitals().await, fresh.benchmark().await);
    let asked = fresh.look(json!({ "datasetId": bench.id, "against": [source.id, source.id] })).await.unwrap();
    assert_eq!((asked.state, asked.sources.len()), (DatasetWorkState::Queued, 1));
    assert_eq!(asked.progress.total_bytes, bench.bytes + source.bytes);
    for dataset in [&bench, &source] {
        assert_eq!(refused(fresh.deletion(dataset)).await, (ErrorKind::Conflict, "contamination_running".into()));
    }
    let fresh = fresh.restarted().await;
    let made = fresh.looked(&asked).await;
    assert_eq!((made.state, made.error.as_deref()), (DatasetWorkState::Succeeded, None));
    let report = made.report.unwrap();
    assert_eq!((report.affected.exact, report.affected.rows, report.affected.share), (3, 3, 0.75));
    assert_eq!((report.sources[0].rows, &Some(report.sources[0].digest.clone())), (600, &source.digest));
    assert_eq!(
        (Some(made.digest), made.progress.bytes, made.progress.rows),
        (bench.digest.clone(), asked.progress.total_bytes, 604)
    );
    let samples = report.samples.unwrap();
    assert_eq!((samples.len(), samples[2].row, samples[2].source_row), (3, 2, 2));
    assert_eq!(samples[0].excerpt, samples[0].source_excerpt);
    fresh.deletion(&source).await.unwrap();
    let request = GetContaminationCheck { dataset_id: bench.id, check_id: asked.id };
    let ctx = fresh.ops.ctx();
    let gone = fresh.ops.datasets().get_contamination_check(&ctx, request);
    assert_eq!(refused(gone).await.0, ErrorKind::NotFound, "it showed rows of it");
    fresh.deletion(&bench).await.unwrap();
}

#[tokio::test]
async fn a_cancelled_check_finds_nothing() {
    let fresh = Fresh::without_loops().await;
    let (source, bench) = (fresh.capitals().await, fresh.benchmark().await);
    let asked = fresh.look(json!({ "datasetId": bench.id, "against": [source.id] })).await.unwrap();
    let cancel = CancelContaminationCheck { dataset_id: bench.id, check_id: asked.id };
    let ended = fresh.ops.datasets().cancel_contamination_check(&fresh.ops.ctx(), cancel).await.unwrap();
    assert_eq!(ended.state, DatasetWorkState::Cancelled);
    let fresh = fresh.restarted().await;
    let request = GetContaminationCheck { dataset_id: bench.id, check_id: asked.id };
    for _ in 0..200 {
        let now = fresh.ops.datasets().get_contamination_check(&fresh.ops.ctx(), request.clone()).await.unwrap();
        assert!(now.report.is_none() && now.state == DatasetWorkState::Cancelled, "{now:?}");
        if now.finished_at.is_some() {
            return fresh.deletion(&source).await.map(drop).unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the loop does not end it");
}

#[tokio::test]
async fn other_bytes_than_were_asked_about_are_not_looked_at() {
    let fresh = Fresh::without_loops().await;
    let (source, bench) = (fresh.capitals().await, fresh.benchmark().await);
    let asked = fresh.look(json!({ "datasetId": bench.id, "against": [source.id] })).await.unwrap();
    fresh.upload(&source, "more.csv", "prompt,response\na,b\n").await.unwrap();
    let fresh = fresh.restarted().await;
    let made = fresh.looked(&asked).await;
    assert_eq!(made.state, DatasetWorkState::Failed);
    let error = made.error.unwrap();
    assert!(error.starts_with("the files of capitals 1.0.0 changed"), "{error}");
}

#[tokio::test]
async fn a_project_has_so_many_checks_under_way() {
    let fresh = Fresh::without_loops().await;
    let (source, bench) = (fresh.capitals().await, fresh.benchmark().await);
    let request = json!({ "datasetId": bench.id, "against": [source.id] });
    for _ in 0..16 {
        fresh.look(request.clone()).await.unwrap();
    }
    assert_eq!(refused(fresh.look(request)).await, (ErrorKind::Conflict, "too_many_checks".into()));
}

#[tokio::test]
async fn only_datasets_of_the_project_are_looked_in() {
    let fresh = Fresh::without_loops().await;
    let source = fresh.capitals().await;
    fresh.ops.call(fresh.ops.ctx(), "governance.create_project", json!({ "name": "other" })).await.unwrap();
    let other = Fresh { ops: fresh.ops.with_project("other").unwrap(), dir: tempfile::tempdir().unwrap() };
    let bench = other.benchmark().await;
    let error = other.look(json!({ "datasetId": bench.id, "against": [source.id] })).await.unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::NotFound, Some("against")));
    let model = fresh.ops.call(
        fresh.ops.ctx(),
        "catalog.create_model",
        json!({ "name": "tiny", "version": "1.0.0", "lineage": { "datasetIds": [source.id] } }),
    );
    let model = model.await.unwrap()["id"].clone();
    let error = other.look(json!({ "datasetId": bench.id, "modelId": model })).await.unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::NotFound, Some("modelId")));
    // Who may not see models does not learn of their data either.
    let request = CheckDatasetContamination {
        dataset_id: source.id,
        against: None,
        model_id: Some(serde_json::from_value(model).unwrap()),
        columns: None,
        ngram: None,
        min_overlap: None,
        similarity: None,
    };
    let ctx = fresh.as_("dan", &["datasets:read", "datasets:update"]);
    let denied = fresh.ops.datasets().check_dataset_contamination(&ctx, request);
    assert_eq!(refused(denied).await, (ErrorKind::Denied, "permission_missing".into()));
}
