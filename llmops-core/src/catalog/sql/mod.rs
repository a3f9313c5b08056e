//! The room over the database and the blobs.

mod aliases;
mod approval;
mod cards;
mod commit;
mod comparing;
mod exports;
mod external;
mod files;
mod gates;
mod imports;
mod inspecting;
mod lineage;
mod listing;
mod models;
mod reviews;
mod staging;
mod summary;
mod trash;
mod uploads;
mod verifying;

pub use exports::Exports;
pub use external::Outside;
pub use imports::Imports;

use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;

use super::*;
use crate::base::{Ctx, Events, Page, PageRequest, Result};
use crate::blob::Blobs;
use crate::lineage::{LineageGraph, LineageGraphs, LineageKind, LineageQuestion};
use crate::op::{Download, Parts};
use crate::store::Store;
use crate::trash::{Deletion, Trash, TrashedItem};
use crate::uploads::{Staging, Uploads};

/// The catalog over SQLite or PostgreSQL.
pub struct SqlCatalog {
    store: Store,
    blobs: Blobs,
    uploads: Uploads,
    staging: Staging,
    trash: Trash,
    lineages: LineageGraphs,
    outside: Option<Outside>,
    families: Families,
    users: RwLock<Vec<Arc<dyn InUse>>>,
    measurements: OnceLock<Arc<dyn Measurements>>,
}

impl SqlCatalog {
    /// The room on this database and these blobs.
    pub fn new(store: Store, blobs: Blobs) -> Self {
        let trash = Trash::new(store.clone(), blobs.clone(), Duration::ZERO);
        let uploads = Uploads::new(store.clone(), blobs.clone(), &uploads::UPLOADS);
        let staging = Staging::new(store.clone(), blobs.clone(), uploads::UPLOADS.thing);
        let (lineages, families) = (LineageGraphs::new(store.clone()), Families::default());
        let (users, measurements) = (RwLock::default(), OnceLock::new());
        Self { store, blobs, uploads, staging, trash, lineages, outside: None, families, users, measurements }
    }

    /// Lets models be of these families.
    pub fn with_families(self, families: Families) -> Self {
        Self { families, ..self }
    }

    /// Puts what is deleted in here.
    pub fn with_trash(self, trash: Trash) -> Self {
        Self { trash, ..self }
    }

    /// Shows lineages that other rooms know parts of.
    pub fn with_lineages(self, lineages: LineageGraphs) -> Self {
        Self { lineages, ..self }
    }

    /// Lets it reach other people's models.
    pub fn with_outside(self, outside: Outside) -> Self {
        Self { outside: Some(outside), ..self }
    }

    /// Asks this room too before a model is deleted.
    pub fn add_user(&self, room: Arc<dyn InUse>) {
        self.users.write().unwrap_or_else(PoisonError::into_inner).push(room);
    }

    /// Asks this room how good models are before they are approved. Only the first that is named is asked.
    pub fn measured_by(&self, room: Arc<dyn Measurements>) {
        self.measurements.get_or_init(|| room);
    }

    /// The same room for who only reads.
    fn reader(&self) -> Self {
        Self::new(self.store.clone(), self.blobs.clone())
    }

    fn users(&self) -> Vec<Arc<dyn InUse>> {
        self.users.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Who holds the bytes of a file.
fn owner(model: ModelId, path: &str) -> String {
    format!("model/{model}/{path}")
}

#[async_trait]
impl Catalog for SqlCatalog {
    async fn create_model(&self, ctx: &Ctx, req: CreateModel) -> Result<Model> {
        self.create(ctx, req).await
    }

    async fn list_models(&self, ctx: &Ctx, req: ListModels) -> Result<Page<Model>> {
        self.list(ctx, req).await
    }

    async fn list_model_families(&self, _: &Ctx, _: ListModelFamilies) -> Result<ModelFamilies> {
        Ok(ModelFamilies { items: self.families.told() })
    }

    async fn get_model(&self, ctx: &Ctx, req: GetModel) -> Result<Model> {
        self.get(ctx, req.model_id).await
    }

    async fn update_model(&self, ctx: &Ctx, req: UpdateModel) -> Result<Model> {
        self.update(ctx, req).await
    }

    async fn test_model(&self, ctx: &Ctx, req: TestModel) -> Result<ExternalTest> {
        self.test(ctx, req).await
    }

    async fn set_model_status(&self, ctx: &Ctx, req: SetModelStatus) -> Result<Model> {
        self.set_status(ctx, req).await
    }

    async fn review_model(&self, ctx: &Ctx, req: ReviewModel) -> Result<Model> {
        self.review(ctx, req).await
    }

    async fn get_model_gates(&self, ctx: &Ctx, req: GetModelGates) -> Result<ModelGates> {
        self.gates(ctx, req.model_id).await
    }

    async fn put_model_approval_policy(&self, ctx: &Ctx, req: PutModelApprovalPolicy) -> Result<ModelApprovalPolicy> {
        self.put_policy(ctx, req).await
    }

    async fn get_model_approval_policy(&self, ctx: &Ctx, req: GetModelApprovalPolicy) -> Result<ModelApprovalPolicy> {
        self.policy(ctx, req.version).await
    }

    async fn list_model_approval_policies(
        &self,
        ctx: &Ctx,
        req: ListModelApprovalPolicies,
    ) -> Result<Page<ModelApprovalPolicy>> {
        self.policies(ctx, req).await
    }

    async fn download_model_card(&self, ctx: &Ctx, req: GetModel) -> Result<Download> {
        self.card(ctx, req.model_id).await
    }

    async fn list_model_reviews(&self, ctx: &Ctx, req: ListModelReviews) -> Result<Page<ModelReview>> {
        self.reviews(ctx, req).await
    }

    async fn list_model_versions(&self, ctx: &Ctx, req: ListModelVersions) -> Result<Page<Model>> {
        self.versions(ctx, req).await
    }

    async fn compare_model_versions(&self, ctx: &Ctx, req: CompareModelVersions) -> Result<ModelComparison> {
        self.compare(ctx, req).await
    }

    async fn set_model_alias(&self, ctx: &Ctx, req: SetModelAlias) -> Result<ModelAlias> {
        self.alias_set(ctx, req).await
    }

    async fn list_model_aliases(&self, ctx: &Ctx, req: ListModelAliases) -> Result<Page<ModelAlias>> {
        self.alias_list(ctx, req).await
    }

    async fn get_model_alias(&self, ctx: &Ctx, req: GetModelAlias) -> Result<ModelAlias> {
        self.alias_get(ctx, req).await
    }

    async fn roll_back_model_alias(&self, ctx: &Ctx, req: RollBackModelAlias) -> Result<ModelAlias> {
        self.alias_roll_back(ctx, req).await
    }

    async fn list_model_alias_moves(&self, ctx: &Ctx, req: ListModelAliasMoves) -> Result<Page<ModelAliasMove>> {
        self.alias_moves(ctx, req).await
    }

    async fn delete_model_alias(&self, ctx: &Ctx, req: GetModelAlias) -> Result<DeletedModelAlias> {
        self.alias_delete(ctx, req).await
    }

    async fn upload_model_files(&self, ctx: &Ctx, req: UploadModelFiles, body: Parts) -> Result<UploadedFiles> {
        self.upload(ctx, req, body).await
    }

    async fn create_model_upload(&self, ctx: &Ctx, req: CreateModelUpload) -> Result<ModelUpload> {
        self.upload_create(ctx, req).await
    }

    async fn list_model_uploads(&self, ctx: &Ctx, req: ListModelUploads) -> Result<Page<ModelUpload>> {
        self.upload_list(ctx, req).await
    }

    async fn get_model_upload(&self, ctx: &Ctx, req: GetModelUpload) -> Result<ModelUpload> {
        self.upload_get(ctx, req).await
    }

    async fn upload_model_part(&self, ctx: &Ctx, req: UploadModelPart, body: Parts) -> Result<UploadPart> {
        self.upload_part(ctx, req, body).await
    }

    async fn complete_model_upload(&self, ctx: &Ctx, req: CompleteModelUpload) -> Result<ModelUpload> {
        self.upload_complete(ctx, req).await
    }

    async fn abort_model_upload(&self, ctx: &Ctx, req: AbortModelUpload) -> Result<ModelUpload> {
        self.upload_abort(ctx, req).await
    }

    async fn stage_model_file(&self, ctx: &Ctx, req: StageModelFile, body: Parts) -> Result<StagedModelFile> {
        self.stage(ctx, req, body).await
    }

    async fn commit_model_files(&self, ctx: &Ctx, req: CommitModelFiles) -> Result<Model> {
        self.commit(ctx, req).await
    }

    async fn import_model(&self, ctx: &Ctx, req: ImportModel) -> Result<ModelImport> {
        self.import(ctx, req).await
    }

    async fn list_model_imports(&self, ctx: &Ctx, req: ListModelImports) -> Result<Page<ModelImport>> {
        self.import_list(ctx, req).await
    }

    async fn get_model_import(&self, ctx: &Ctx, req: GetModelImport) -> Result<ModelImport> {
        self.import_get(ctx, req.import_id).await
    }

    async fn watch_model_import(&self, ctx: &Ctx, req: GetModelImport) -> Result<Events<ModelImport>> {
        self.import_watch(ctx, req.import_id).await
    }

    async fn resume_model_import(&self, ctx: &Ctx, req: GetModelImport) -> Result<ModelImport> {
        self.import_resume(ctx, req.import_id).await
    }

    async fn cancel_model_import(&self, ctx: &Ctx, req: GetModelImport) -> Result<ModelImport> {
        self.import_cancel(ctx, req.import_id).await
    }

    async fn list_model_registry_links(&self, ctx: &Ctx, req: ListModelRegistryLinks) -> Result<Page<ModelImport>> {
        self.registry_links(ctx, req).await
    }

    async fn export_model(&self, ctx: &Ctx, req: ExportModel) -> Result<ModelExport> {
        self.export(ctx, req).await
    }

    async fn list_model_exports(&self, ctx: &Ctx, req: ListModelExports) -> Result<Page<ModelExport>> {
        self.export_list(ctx, req).await
    }

    async fn get_model_export(&self, ctx: &Ctx, req: GetModelExport) -> Result<ModelExport> {
        self.export_get(ctx, req.export_id).await
    }

    async fn watch_model_export(&self, ctx: &Ctx, req: GetModelExport) -> Result<Events<ModelExport>> {
        self.export_watch(ctx, req.export_id).await
    }

    async fn resume_model_export(&self, ctx: &Ctx, req: GetModelExport) -> Result<ModelExport> {
        self.export_resume(ctx, req.export_id).await
    }

    async fn cancel_model_export(&self, ctx: &Ctx, req: GetModelExport) -> Result<ModelExport> {
        self.export_cancel(ctx, req.export_id).await
    }

    async fn check_model_updates(&self, ctx: &Ctx, req: CheckModelUpdates) -> Result<ModelUpdates> {
        self.check_updates(ctx, req).await
    }

    async fn search_catalog(&self, ctx: &Ctx, req: SearchCatalog) -> Result<FoundModels> {
        self.search(ctx, req).await
    }

    async fn list_model_files(&self, ctx: &Ctx, req: ListModelFiles) -> Result<Page<ModelFile>> {
        self.files(ctx, req).await
    }

    async fn download_model_file(&self, ctx: &Ctx, req: DownloadModelFile) -> Result<Download> {
        self.download(ctx, req).await
    }

    async fn verify_model(&self, ctx: &Ctx, req: VerifyModel) -> Result<ModelVerification> {
        self.verify(ctx, req.model_id).await
    }

    async fn delete_model(&self, ctx: &Ctx, req: DeleteModel) -> Result<DeletedModel> {
        self.delete(ctx, req.model_id).await
    }

    async fn list_trashed_models(&self, ctx: &Ctx, req: ListTrashedModels) -> Result<Page<TrashedItem>> {
        self.trash_list(ctx, req).await
    }

    async fn restore_model(&self, ctx: &Ctx, req: TrashedModel) -> Result<Model> {
        self.restore(ctx, req.model_id).await
    }

    async fn purge_model(&self, ctx: &Ctx, req: TrashedModel) -> Result<DeletedModel> {
        self.purge(ctx, req.model_id).await
    }

    async fn list_model_deletions(&self, ctx: &Ctx, req: ListTrashedModels) -> Result<Page<Deletion>> {
        self.trash.deletions(ctx, trash::KIND, &PageRequest::new(req.limit, req.cursor)?).await
    }

    async fn get_model_deletion(&self, ctx: &Ctx, req: TrashedModel) -> Result<Deletion> {
        self.trash.deletion(ctx, trash::KIND, req.model_id.0).await
    }

    async fn get_model_lineage(&self, ctx: &Ctx, req: GetModelLineage) -> Result<LineageGraph> {
        self.load(ctx, req.model_id).await?;
        let GetModelLineage { model_id, depth, limit, cursor } = req;
        let asked = LineageQuestion { kind: LineageKind::Model, id: model_id.0, depth, limit, cursor };
        self.lineages.graph(ctx, asked).await
    }

    async fn watch_model(&self, ctx: &Ctx, req: GetModel) -> Result<Events<Model>> {
        self.watch(ctx, req.model_id).await
    }
}
