//! The room over the database and the blobs.

mod cards;
mod commit;
mod comparing;
mod comparisons;
mod contaminating;
mod contaminations;
mod counting;
mod datasets;
mod derivations;
mod deriving;
mod differences;
mod files;
mod lineage;
mod overlaps;
mod packing;
mod passes;
mod policies;
mod port;
mod preview;
mod reading;
mod receiving;
mod reviews;
mod staging;
mod storage;
mod token_counts;
mod trash;
mod uploads;
mod validating;
mod validations;
mod versions;
mod waivers;

pub use comparing::Comparisons;
pub use contaminating::Contaminations;
pub use counting::TokenCounts;
pub use deriving::Derivations;
pub(super) use files::form_of;
pub use overlaps::{KnownOverlaps, Overlap};
pub use packing::Packings;
pub use validating::Validations;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Semaphore;

use super::*;
use crate::base::{Ctx, Events, Page, PageRequest, Result};
use crate::blob::Blobs;
use crate::lineage::{LineageGraph, LineageGraphs, LineageKind, LineageQuestion};
use crate::op::{Download, Parts};
use crate::store::Store;
use crate::trash::Trash;
use crate::uploads::{Staging, UploadPart, Uploads};

/// Datasets that are counted at a time while their callers wait.
const COUNTED_AT_ONCE: usize = 2;

/// The datasets over SQLite or PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct SqlDatasets {
    store: Store,
    blobs: Blobs,
    uploads: Uploads,
    staging: Staging,
    users: Arc<RwLock<Vec<Arc<dyn DatasetUsers>>>>,
    detectors: Vec<Arc<dyn PiiDetector>>,
    trash: Trash,
    lineages: LineageGraphs,
    models: Option<Arc<dyn ModelData>>,
    /// Turns of those who wait for statistics.
    counting: Arc<Semaphore>,
}

impl SqlDatasets {
    /// The room on this database and these blobs.
    pub fn new(store: Store, blobs: Blobs) -> Self {
        let trash = Trash::new(store.clone(), blobs.clone(), Duration::ZERO);
        let uploads = Uploads::new(store.clone(), blobs.clone(), &uploads::UPLOADS);
        let staging = Staging::new(store.clone(), blobs.clone(), uploads::UPLOADS.thing);
        let (users, detectors, lineages) = (Arc::default(), Vec::new(), LineageGraphs::new(store.clone()));
        let counting = Arc::new(Semaphore::new(COUNTED_AT_ONCE));
        Self { store, blobs, uploads, staging, users, detectors, trash, lineages, models: None, counting }
    }

    /// The same, with detectors that search beside the rules.
    pub fn with_detectors(self, detectors: Vec<Arc<dyn PiiDetector>>) -> Self {
        Self { detectors, ..self }
    }

    /// Puts what is deleted in here.
    pub fn with_trash(self, trash: Trash) -> Self {
        Self { trash, ..self }
    }

    /// Shows lineages that other rooms know parts of.
    pub fn with_lineages(self, lineages: LineageGraphs) -> Self {
        Self { lineages, ..self }
    }

    /// The same, with who knows what models learned from.
    pub fn with_models(self, models: Arc<dyn ModelData>) -> Self {
        Self { models: Some(models), ..self }
    }

    /// Asks this room too what it made with a dataset, and before one is deleted.
    pub fn add_user(&self, room: Arc<dyn DatasetUsers>) {
        self.users.write().unwrap_or_else(PoisonError::into_inner).push(room);
    }

    fn users(&self) -> Vec<Arc<dyn DatasetUsers>> {
        self.users.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Who holds the bytes of a file.
fn owner(dataset: DatasetId, path: &str) -> String {
    format!("dataset/{dataset}/{path}")
}

#[async_trait]
impl Datasets for SqlDatasets {
    async fn create_dataset(&self, ctx: &Ctx, req: CreateDataset) -> Result<Dataset> {
        self.create(ctx, req).await
    }

    async fn list_datasets(&self, ctx: &Ctx, req: ListDatasets) -> Result<Page<Dataset>> {
        self.list(ctx, req).await
    }

    async fn get_dataset(&self, ctx: &Ctx, req: GetDataset) -> Result<Dataset> {
        self.get(ctx, req.dataset_id).await
    }

    async fn update_dataset(&self, ctx: &Ctx, req: UpdateDataset) -> Result<Dataset> {
        self.update(ctx, req).await
    }

    async fn download_dataset_card(&self, ctx: &Ctx, req: DownloadDatasetCard) -> Result<Download> {
        self.card(ctx, req).await
    }

    async fn upload_dataset_files(
        &self,
        ctx: &Ctx,
        req: UploadDatasetFiles,
        body: Parts,
    ) -> Result<UploadedDatasetFiles> {
        self.upload(ctx, req, body).await
    }

    async fn create_dataset_upload(&self, ctx: &Ctx, req: CreateDatasetUpload) -> Result<DatasetUpload> {
        self.upload_create(ctx, req).await
    }

    async fn list_dataset_uploads(&self, ctx: &Ctx, req: ListDatasetUploads) -> Result<Page<DatasetUpload>> {
        self.upload_list(ctx, req).await
    }

    async fn get_dataset_upload(&self, ctx: &Ctx, req: GetDatasetUpload) -> Result<DatasetUpload> {
        self.upload_get(ctx, req).await
    }

    async fn upload_dataset_part(&self, ctx: &Ctx, req: UploadDatasetPart, body: Parts) -> Result<UploadPart> {
        self.upload_part(ctx, req, body).await
    }

    async fn complete_dataset_upload(&self, ctx: &Ctx, req: CompleteDatasetUpload) -> Result<DatasetUpload> {
        self.upload_complete(ctx, req).await
    }

    async fn abort_dataset_upload(&self, ctx: &Ctx, req: AbortDatasetUpload) -> Result<DatasetUpload> {
        self.upload_abort(ctx, req).await
    }

    async fn stage_dataset_file(&self, ctx: &Ctx, req: StageDatasetFile, body: Parts) -> Result<StagedDatasetFile> {
        self.stage(ctx, req, body).await
    }

    async fn commit_dataset_files(&self, ctx: &Ctx, req: CommitDatasetFiles) -> Result<Dataset> {
        self.commit(ctx, req).await
    }

    async fn list_dataset_files(&self, ctx: &Ctx, req: ListDatasetFiles) -> Result<Page<DatasetFile>> {
        self.files(ctx, req).await
    }

    async fn download_dataset_file(&self, ctx: &Ctx, req: DownloadDatasetFile) -> Result<Download> {
        self.download(ctx, req).await
    }

    async fn preview_dataset(&self, ctx: &Ctx, req: PreviewDataset) -> Result<DatasetPreview> {
        self.preview(ctx, req).await
    }

    async fn read_dataset_rows(&self, ctx: &Ctx, req: ReadDatasetRows) -> Result<Download> {
        self.read_rows(ctx, req).await
    }

    async fn get_dataset_statistics(&self, ctx: &Ctx, req: GetDatasetStatistics) -> Result<DatasetStatistics> {
        self.statistics(ctx, req).await
    }

    async fn validate_dataset(&self, ctx: &Ctx, req: ValidateDataset) -> Result<DatasetValidation> {
        self.validate(ctx, req).await
    }

    async fn get_dataset_validation(&self, ctx: &Ctx, req: GetDatasetValidation) -> Result<DatasetValidation> {
        self.validation(ctx, req.dataset_id).await
    }

    async fn watch_dataset_validation(
        &self,
        ctx: &Ctx,
        req: GetDatasetValidation,
    ) -> Result<Events<DatasetValidation>> {
        self.watch_validation(ctx, req.dataset_id).await
    }

    async fn set_dataset_status(&self, ctx: &Ctx, req: SetDatasetStatus) -> Result<Dataset> {
        self.set_status(ctx, req).await
    }

    async fn review_dataset(&self, ctx: &Ctx, req: ReviewDataset) -> Result<Dataset> {
        self.review(ctx, req).await
    }

    async fn list_dataset_reviews(&self, ctx: &Ctx, req: ListDatasetReviews) -> Result<Page<DatasetReview>> {
        self.reviews(ctx, req).await
    }

    async fn list_dataset_versions(&self, ctx: &Ctx, req: ListDatasetVersions) -> Result<Page<Dataset>> {
        self.versions(ctx, req).await
    }

    async fn get_dataset_storage(&self, ctx: &Ctx, req: GetDatasetStorage) -> Result<DatasetStorage> {
        self.storage(ctx, req).await
    }

    async fn create_dataset_version(&self, ctx: &Ctx, req: CreateDatasetVersion) -> Result<Dataset> {
        self.create_version(ctx, req).await
    }

    async fn compare_dataset_versions(&self, ctx: &Ctx, req: CompareDatasetVersions) -> Result<DatasetComparison> {
        self.compare(ctx, req).await
    }

    async fn diff_dataset_version(&self, ctx: &Ctx, req: DiffDatasetVersion) -> Result<DatasetComparison> {
        self.diff(ctx, req).await
    }

    async fn restore_dataset_version(&self, ctx: &Ctx, req: RestoreDatasetVersion) -> Result<Dataset> {
        self.restore(ctx, req).await
    }

    async fn derive_dataset(&self, ctx: &Ctx, req: DeriveDataset) -> Result<DatasetDerivation> {
        self.derive(ctx, req).await
    }

    async fn list_dataset_derivations(
        &self,
        ctx: &Ctx,
        req: ListDatasetDerivations,
    ) -> Result<Page<DatasetDerivation>> {
        self.derivations(ctx, req).await
    }

    async fn get_dataset_derivation(&self, ctx: &Ctx, req: GetDatasetDerivation) -> Result<DatasetDerivation> {
        self.derivation(ctx, &req).await
    }

    async fn watch_dataset_derivation(
        &self,
        ctx: &Ctx,
        req: GetDatasetDerivation,
    ) -> Result<Events<DatasetDerivation>> {
        self.watch_derivation(ctx, req).await
    }

    async fn cancel_dataset_derivation(&self, ctx: &Ctx, req: CancelDatasetDerivation) -> Result<DatasetDerivation> {
        self.cancel_derivation(ctx, req).await
    }

    async fn check_dataset_contamination(
        &self,
        ctx: &Ctx,
        req: CheckDatasetContamination,
    ) -> Result<ContaminationCheck> {
        self.check_contamination(ctx, req).await
    }

    async fn list_contamination_checks(
        &self,
        ctx: &Ctx,
        req: ListContaminationChecks,
    ) -> Result<Page<ContaminationCheck>> {
        self.contamination_checks(ctx, req).await
    }

    async fn get_contamination_check(&self, ctx: &Ctx, req: GetContaminationCheck) -> Result<ContaminationCheck> {
        self.contamination_check(ctx, &req).await
    }

    async fn watch_contamination_check(
        &self,
        ctx: &Ctx,
        req: GetContaminationCheck,
    ) -> Result<Events<ContaminationCheck>> {
        self.watch_check(ctx, req).await
    }

    async fn count_tokens(&self, ctx: &Ctx, req: CountTokens) -> Result<TokenCount> {
        self.begin_count(ctx, req).await
    }

    async fn list_token_counts(&self, ctx: &Ctx, req: ListTokenCounts) -> Result<Page<TokenCount>> {
        self.token_counts(ctx, req).await
    }

    async fn get_token_count(&self, ctx: &Ctx, req: GetTokenCount) -> Result<TokenCount> {
        self.token_count(ctx, &req).await
    }

    async fn watch_token_count(&self, ctx: &Ctx, req: GetTokenCount) -> Result<Events<TokenCount>> {
        self.watch_count(ctx, req).await
    }

    async fn cancel_token_count(&self, ctx: &Ctx, req: CancelTokenCount) -> Result<TokenCount> {
        self.cancel_count(ctx, req).await
    }

    async fn cancel_contamination_check(&self, ctx: &Ctx, req: CancelContaminationCheck) -> Result<ContaminationCheck> {
        self.cancel_check(ctx, req).await
    }

    async fn waive_dataset_pii(&self, ctx: &Ctx, req: WaiveDatasetPii) -> Result<Dataset> {
        self.waive(ctx, req).await
    }

    async fn withdraw_pii_waiver(&self, ctx: &Ctx, req: WithdrawPiiWaiver) -> Result<Dataset> {
        self.withdraw_waiver(ctx, req).await
    }

    async fn put_pii_policy(&self, ctx: &Ctx, req: PutPiiPolicy) -> Result<PiiPolicy> {
        self.put_policy(ctx, req).await
    }

    async fn get_pii_policy(&self, ctx: &Ctx, req: GetPiiPolicy) -> Result<PiiPolicy> {
        self.policy(ctx, req).await
    }

    async fn list_pii_policies(&self, ctx: &Ctx, req: ListPiiPolicies) -> Result<Page<PiiPolicy>> {
        self.policies(ctx, req).await
    }

    async fn delete_dataset(&self, ctx: &Ctx, req: DeleteDataset) -> Result<DeletedDataset> {
        self.delete(ctx, req.dataset_id).await
    }

    async fn list_trashed_datasets(&self, ctx: &Ctx, req: ListTrashedDatasets) -> Result<Page<TrashedItem>> {
        self.trash_list(ctx, req).await
    }

    async fn restore_dataset(&self, ctx: &Ctx, req: TrashedDataset) -> Result<Dataset> {
        self.restore_deleted(ctx, req.dataset_id).await
    }

    async fn purge_dataset(&self, ctx: &Ctx, req: TrashedDataset) -> Result<DeletedDataset> {
        self.purge(ctx, req.dataset_id).await
    }

    async fn list_dataset_deletions(&self, ctx: &Ctx, req: ListTrashedDatasets) -> Result<Page<Deletion>> {
        self.trash.deletions(ctx, trash::KIND, &PageRequest::new(req.limit, req.cursor)?).await
    }

    async fn get_dataset_deletion(&self, ctx: &Ctx, req: TrashedDataset) -> Result<Deletion> {
        self.trash.deletion(ctx, trash::KIND, req.dataset_id.0).await
    }

    async fn get_dataset_lineage(&self, ctx: &Ctx, req: GetDatasetLineage) -> Result<LineageGraph> {
        self.load(ctx, req.dataset_id).await?;
        let GetDatasetLineage { dataset_id, depth, limit, cursor } = req;
        let asked = LineageQuestion { kind: LineageKind::Dataset, id: dataset_id.0, depth, limit, cursor };
        self.lineages.graph(ctx, asked).await
    }

    async fn watch_dataset(&self, ctx: &Ctx, req: GetDataset) -> Result<Events<Dataset>> {
        self.watch(ctx, req.dataset_id).await
    }
}
