//! The datasets on a real SQLite file.

mod cards;
mod commit;
mod compare;
mod contamination;
mod derive;
mod files;
mod formats;
mod life;
mod packing;
mod passes;
pub(super) mod place;
mod policies;
mod races;
mod reading;
mod tokens;
mod trash;
mod uploads;
mod validation;
pub(super) mod walked;

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::TryStreamExt;
use serde_json::{Map, json};

use super::*;
use crate::LlmOps;
use crate::base::{Caller, ErrorKind};
use crate::blob::{Blobs, StoreUrl};
use crate::op::{Part, parts};
use crate::platform::on_trial;
use crate::store::{Store, trial};

pub(super) const CORPUS: &str = include_str!("../../../../examples/data/corpus.txt");
const CAPITALS: &str = include_str!("../../../../examples/data/capitals-train.csv");

struct Fresh {
    dir: tempfile::TempDir,
    ops: LlmOps,
}

impl Fresh {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = on_trial(dir.path()).await.open().await.unwrap();
        Self { dir, ops }
    }

    /// A platform that only answers calls.
    async fn without_loops() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = on_trial(dir.path()).await.loops(false).open().await.unwrap();
        Self { dir, ops }
    }

    /// The room as another room sees it.
    async fn room(&self) -> SqlDatasets {
        let store = Store::open(&trial::database(self.dir.path()).await).await.unwrap();
        let blobs = Blobs::open_store(&crate::blob::trial::store(self.dir.path())).unwrap();
        SqlDatasets::new(store, blobs)
    }

    fn as_(&self, actor: &str, permissions: &[&str]) -> Ctx {
        let permissions: BTreeSet<String> = permissions.iter().map(|p| (*p).to_owned()).collect();
        Ctx::new(Caller { actor: actor.into(), permissions: Arc::new(permissions), ..self.ops.ctx().caller })
    }

    async fn dataset(&self, name: &str, dataset_type: DatasetType) -> Dataset {
        let request = CreateDataset {
            name: name.into(),
            version: "1.0.0".into(),
            dataset_type,
            owner_team: None,
            change_log: None,
            columns: ColumnRoles::default(),
            metadata: Map::new(),
            tags: Vec::new(),
        };
        self.ops.datasets().create_dataset(&self.ops.ctx(), request).await.unwrap()
    }

    /// A platform whose bytes lie elsewhere.
    async fn on(store: StoreUrl) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = on_trial(dir.path()).await.store(store).open().await.unwrap();
        Self { dir, ops }
    }

    async fn upload(&self, of: &Dataset, path: &str, bytes: impl Into<bytes::Bytes>) -> Result<UploadedDatasetFiles> {
        self.upload_in(of, path, bytes, None).await
    }

    async fn upload_in(
        &self,
        of: &Dataset,
        path: &str,
        bytes: impl Into<bytes::Bytes>,
        encoding: Option<&str>,
    ) -> Result<UploadedDatasetFiles> {
        let request = UploadDatasetFiles {
            dataset_id: of.id,
            path: None,
            format: None,
            delimiter: None,
            header: None,
            encoding: encoding.map(str::to_owned),
            replace: None,
            sha256: None,
        };
        let body = parts(vec![Part::from_bytes(path, bytes)]);
        self.ops.datasets().upload_dataset_files(&self.ops.ctx(), request, body).await
    }

    /// How many files of bytes the store has.
    fn blobs(&self) -> usize {
        fn below(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| if entry.path().is_dir() { below(&entry.path()) } else { 1 }).sum()
        }
        below(&crate::blob::trial::kept(self.dir.path()).join("blobs"))
    }

    async fn bytes_are_gone(&self) {
        for _ in 0..100 {
            if self.blobs() == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the bytes are still there");
    }

    async fn capitals(&self) -> Dataset {
        let dataset = self.dataset("capitals", DatasetType::SftPair).await;
        self.upload(&dataset, "train.csv", CAPITALS).await.unwrap();
        self.get(&dataset).await
    }

    async fn get(&self, of: &Dataset) -> Dataset {
        self.ops.datasets().get_dataset(&self.ops.ctx(), GetDataset { dataset_id: of.id }).await.unwrap()
    }

    async fn ask_to_validate(&self, of: &Dataset, pii_types: Option<Vec<PiiType>>) -> Result<DatasetValidation> {
        let request = ValidateDataset { dataset_id: of.id, pii_types, min_confidence: None, policy: None };
        self.ops.datasets().validate_dataset(&self.ops.ctx(), request).await
    }

    async fn validate(&self, of: &Dataset) -> ValidationReport {
        self.validate_by(of, None).await
    }

    async fn validate_by(&self, of: &Dataset, pii_types: Option<Vec<PiiType>>) -> ValidationReport {
        self.ask_to_validate(of, pii_types).await.unwrap();
        self.ended(of).await
    }

    async fn ended(&self, of: &Dataset) -> ValidationReport {
        let request = GetDataset { dataset_id: of.id };
        let mut events = self.ops.datasets().watch_dataset(&self.ops.ctx(), request).await.unwrap();
        while let Some(dataset) = events.try_next().await.unwrap() {
            if dataset.validation.is_some_and(|state| !state.is_open()) {
                break;
            }
        }
        let request = GetDatasetValidation { dataset_id: of.id };
        let validation = self.ops.datasets().get_dataset_validation(&self.ops.ctx(), request).await.unwrap();
        validation.report.unwrap()
    }

    async fn version(&self, of: &Dataset, version: &str, with_files: bool) -> Result<Dataset> {
        let request = CreateDatasetVersion {
            dataset_id: of.id,
            version: version.into(),
            change_log: None,
            columns: None,
            with_files: Some(with_files),
        };
        self.ops.datasets().create_dataset_version(&self.ops.ctx(), request).await
    }

    async fn set_status(&self, of: &Dataset, status: DatasetStatus) -> Result<Dataset> {
        let request = SetDatasetStatus { dataset_id: of.id, status, notes: None };
        self.ops.datasets().set_dataset_status(&self.ops.ctx(), request).await
    }

    async fn review(&self, of: &Dataset) -> Result<Dataset> {
        let request = ReviewDataset {
            dataset_id: of.id,
            version: of.version.clone(),
            decision: DatasetDecision::Approve,
            notes: None,
            digest: of.digest.clone(),
        };
        self.ops.datasets().review_dataset(&self.as_("rita", &["*:read", "datasets:approve"]), request).await
    }

    async fn approved(&self) -> Dataset {
        let dataset = self.capitals().await;
        self.validate(&dataset).await;
        let dataset = self.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
        self.review(&dataset).await.unwrap()
    }

    async fn preview(&self, of: &Dataset, request: PreviewDataset) -> Result<DatasetPreview> {
        let request = PreviewDataset { dataset_id: of.id, ..request };
        self.ops.datasets().preview_dataset(&self.ops.ctx(), request).await
    }
}

fn rows_from(of: &Dataset, row: u64, limit: u32) -> PreviewDataset {
    PreviewDataset { dataset_id: of.id, limit: Some(limit), cursor: None, row: Some(row), columns: None }
}

async fn refused<T>(call: impl Future<Output = Result<T>>) -> (ErrorKind, String) {
    let error = call.await.err().expect("it should be refused");
    (error.kind(), error.stable_code().to_owned())
}
