//! What exists: models, their versions and where they came from. Rank 3.

mod approval;
mod compare;
mod external;
mod family;
mod format;
mod gates;
mod import;
mod measurements;
mod rows;
mod sql;
mod status;
#[cfg(test)]
mod tests;
mod types;

pub use family::Families;
pub(crate) use family::own_families;
pub use measurements::{MeasuredValue, Measurement, MeasurementState, Measurements};
pub use sql::{Exports, Imports, Outside, SqlCatalog};
pub use types::*;

use async_trait::async_trait;

use crate::base::{Ctx, Page, Result};
use crate::lineage::LineageGraph;
use crate::op::{Download, Parts, service};
use crate::trash::{Deletion, TrashedItem};

service! {
    /// What exists: models, their versions and where they came from.
    pub trait Catalog as catalog {
        /// Registers a model version as a draft.
        #[op(unary POST "/catalog/models", Write("catalog:create"))]
        async fn create_model(&self, ctx: &Ctx, req: CreateModel) -> Result<Model>;

        /// Lists models, newest first unless asked otherwise.
        #[op(unary GET "/catalog/models", Read("catalog:read"))]
        async fn list_models(&self, ctx: &Ctx, req: ListModels) -> Result<Page<Model>>;

        /// Lists the families that models may be of, with the architectures that each has.
        #[op(unary GET "/catalog/families", Read("catalog:read"))]
        async fn list_model_families(&self, ctx: &Ctx, req: ListModelFamilies) -> Result<ModelFamilies>;

        /// Reads one model.
        #[op(unary GET "/catalog/models/{modelId}", Read("catalog:read"))]
        async fn get_model(&self, ctx: &Ctx, req: GetModel) -> Result<Model>;

        /// Changes a model's card, tags or team; what is not sent stays. Honours `If-Match`.
        #[op(unary PATCH "/catalog/models/{modelId}", Write("catalog:update"))]
        async fn update_model(&self, ctx: &Ctx, req: UpdateModel) -> Result<Model>;

        /// Asks the provider of an external model for the models it offers, which costs nothing: whether it answers and takes the
        /// key, how fast, and whether the model is among them.
        #[op(unary POST "/catalog/models/{modelId}/test", Read("catalog:update"))]
        async fn test_model(&self, ctx: &Ctx, req: TestModel) -> Result<ExternalTest>;

        /// Moves a model on in its life. Approving and rejecting need the reviewer's permission as well.
        #[op(unary PATCH "/catalog/models/{modelId}/status", Write("catalog:update"))]
        async fn set_model_status(&self, ctx: &Ctx, req: SetModelStatus) -> Result<Model>;

        /// Decides on a model under review. The decision is bound to the digest of its files. Where the project's policy wants
        /// several approvals, the model stays under review until the last.
        #[op(unary POST "/catalog/models/{modelId}/versions/{version}/approve", Write("catalog:approve"))]
        async fn review_model(&self, ctx: &Ctx, req: ReviewModel) -> Result<Model>;

        /// Says what stands between a model and its approval now: each gate, whether it passed, why, and what to call.
        #[op(unary GET "/catalog/models/{modelId}/gates", Read("catalog:read"))]
        async fn get_model_gates(&self, ctx: &Ctx, req: GetModelGates) -> Result<ModelGates>;

        /// Writes what models must have before they are approved: evaluations, licenses, approvals. Other content is the next
        /// version.
        #[op(unary PUT "/catalog/approval-policy", Write("catalog:policy"))]
        async fn put_model_approval_policy(&self, ctx: &Ctx, req: PutModelApprovalPolicy) -> Result<ModelApprovalPolicy>;

        /// Reads the project's approval policy, in its newest version or an older one.
        #[op(unary GET "/catalog/approval-policy", Read("catalog:read"))]
        async fn get_model_approval_policy(&self, ctx: &Ctx, req: GetModelApprovalPolicy) -> Result<ModelApprovalPolicy>;

        /// Lists the versions of the project's approval policy, newest first.
        #[op(unary GET "/catalog/approval-policy/versions", Read("catalog:read"))]
        async fn list_model_approval_policies(&self, ctx: &Ctx, req: ListModelApprovalPolicies) -> Result<Page<ModelApprovalPolicy>>;

        /// Sends the model's card as a `README.md` of the Hub: its fields and tags as front matter, and below what the model's own
        /// `README.md` says, of which 1 MiB is read.
        #[op(download GET "/catalog/models/{modelId}/card", Read("catalog:read"))]
        async fn download_model_card(&self, ctx: &Ctx, req: GetModel) -> Result<Download>;

        /// Lists the decisions on a model, newest first.
        #[op(unary GET "/catalog/models/{modelId}/reviews", Read("catalog:read"))]
        async fn list_model_reviews(&self, ctx: &Ctx, req: ListModelReviews) -> Result<Page<ModelReview>>;

        /// Lists the versions of a model's name, newest first.
        #[op(unary GET "/catalog/models/{modelId}/versions", Read("catalog:read"))]
        async fn list_model_versions(&self, ctx: &Ctx, req: ListModelVersions) -> Result<Page<Model>>;

        /// Compares two versions of a model's name: card, files and scores.
        #[op(unary GET "/catalog/models/{modelId}/versions/{a}/compare/{b}", Read("catalog:read"))]
        async fn compare_model_versions(&self, ctx: &Ctx, req: CompareModelVersions) -> Result<ModelComparison>;

        /// Lets an alias of a model's name, as `production`, mean a version.
        #[op(unary PUT "/catalog/aliases/{name}/{alias}", Write("catalog:update"))]
        async fn set_model_alias(&self, ctx: &Ctx, req: SetModelAlias) -> Result<ModelAlias>;

        /// Lists aliases by the models' names.
        #[op(unary GET "/catalog/aliases", Read("catalog:read"))]
        async fn list_model_aliases(&self, ctx: &Ctx, req: ListModelAliases) -> Result<Page<ModelAlias>>;

        /// Tells which version an alias means.
        #[op(unary GET "/catalog/aliases/{name}/{alias}", Read("catalog:read"))]
        async fn get_model_alias(&self, ctx: &Ctx, req: GetModelAlias) -> Result<ModelAlias>;

        /// Takes an alias back to the version it meant before.
        #[op(unary POST "/catalog/aliases/{name}/{alias}/rollback", Write("catalog:update"))]
        async fn roll_back_model_alias(&self, ctx: &Ctx, req: RollBackModelAlias) -> Result<ModelAlias>;

        /// Lists where an alias pointed, newest first.
        #[op(unary GET "/catalog/aliases/{name}/{alias}/moves", Read("catalog:read"))]
        async fn list_model_alias_moves(&self, ctx: &Ctx, req: ListModelAliasMoves) -> Result<Page<ModelAliasMove>>;

        /// Deletes an alias. The version it meant stays.
        #[op(unary DELETE "/catalog/aliases/{name}/{alias}", Write("catalog:update"))]
        async fn delete_model_alias(&self, ctx: &Ctx, req: GetModelAlias) -> Result<DeletedModelAlias>;

        /// Receives files of a model. Each is checked as what it claims to be; changed bytes return the model to draft.
        #[op(upload POST "/catalog/models/{modelId}/upload", Write("catalog:upload"))]
        async fn upload_model_files(&self, ctx: &Ctx, req: UploadModelFiles, body: Parts) -> Result<UploadedFiles>;

        /// Begins a file that comes in parts, in any order and over as many connections as it takes. For a week after the last
        /// part it may be gone on with, by whoever may upload.
        #[op(unary POST "/catalog/models/{modelId}/uploads", Write("catalog:upload"))]
        async fn create_model_upload(&self, ctx: &Ctx, req: CreateModelUpload) -> Result<ModelUpload>;

        /// Lists the uploads of a model, newest first; those that are complete for a day.
        #[op(unary GET "/catalog/models/{modelId}/uploads", Read("catalog:read"))]
        async fn list_model_uploads(&self, ctx: &Ctx, req: ListModelUploads) -> Result<Page<ModelUpload>>;

        /// Says how far an upload is, and which parts are missing.
        #[op(unary GET "/catalog/models/{modelId}/uploads/{uploadId}", Read("catalog:read"))]
        async fn get_model_upload(&self, ctx: &Ctx, req: GetModelUpload) -> Result<ModelUpload>;

        /// Receives one part. The same bytes may be sent again.
        #[op(upload POST "/catalog/models/{modelId}/uploads/{uploadId}/parts/{number}", Write("catalog:upload"))]
        async fn upload_model_part(&self, ctx: &Ctx, req: UploadModelPart, body: Parts) -> Result<UploadPart>;

        /// Says that all parts came. The whole is read and checked in the background; the upload's state says when it is one of
        /// the model's files.
        #[op(unary POST "/catalog/models/{modelId}/uploads/{uploadId}/complete", Write("catalog:upload"))]
        async fn complete_model_upload(&self, ctx: &Ctx, req: CompleteModelUpload) -> Result<ModelUpload>;

        /// Gives an upload up. Its parts are deleted in the background.
        #[op(unary DELETE "/catalog/models/{modelId}/uploads/{uploadId}", Write("catalog:upload"))]
        async fn abort_model_upload(&self, ctx: &Ctx, req: AbortModelUpload) -> Result<ModelUpload>;

        /// Receives bytes of a file that a commit will name. For a day they count for their sender, and for models of this name.
        #[op(upload POST "/catalog/models/{modelId}/staged", Write("catalog:upload"))]
        async fn stage_model_file(&self, ctx: &Ctx, req: StageModelFile, body: Parts) -> Result<StagedModelFile>;

        /// Adds, replaces and removes files of a model, all of them or none. A model that is no draft stays as it is: a draft of
        /// the next version begins with its files, which needs `catalog:create` as well.
        #[op(unary POST "/catalog/models/{modelId}/commit", Write("catalog:upload"))]
        async fn commit_model_files(&self, ctx: &Ctx, req: CommitModelFiles) -> Result<Model>;

        /// Begins to take a model over from a registry. What there is, is asked in the background, and comes into a draft file by
        /// file; whatever is cut short goes on where it was.
        #[op(unary POST "/catalog/models/import", Write("catalog:create"))]
        async fn import_model(&self, ctx: &Ctx, req: ImportModel) -> Result<ModelImport>;

        /// Lists imports, newest first.
        #[op(unary GET "/catalog/imports", Read("catalog:read"))]
        async fn list_model_imports(&self, ctx: &Ctx, req: ListModelImports) -> Result<Page<ModelImport>>;

        /// Says how far an import is.
        #[op(unary GET "/catalog/imports/{importId}", Read("catalog:read"))]
        async fn get_model_import(&self, ctx: &Ctx, req: GetModelImport) -> Result<ModelImport>;

        /// Follows an import until it is over.
        #[op(stream GET "/catalog/imports/{importId}/events", Read("catalog:read"))]
        async fn watch_model_import(&self, ctx: &Ctx, req: GetModelImport) -> Result<ModelImport>;

        /// Goes on with an import that failed, of the commit that it began with.
        #[op(unary POST "/catalog/imports/{importId}/resume", Write("catalog:create"))]
        async fn resume_model_import(&self, ctx: &Ctx, req: GetModelImport) -> Result<ModelImport>;

        /// Gives an import up. The files that came stay with the draft.
        #[op(unary POST "/catalog/imports/{importId}/cancel", Write("catalog:create"))]
        async fn cancel_model_import(&self, ctx: &Ctx, req: GetModelImport) -> Result<ModelImport>;

        /// Lists where a model was taken over from, the latest first.
        #[op(unary GET "/catalog/models/{modelId}/registry-links", Read("catalog:read"))]
        async fn list_model_registry_links(&self, ctx: &Ctx, req: ListModelRegistryLinks) -> Result<Page<ModelImport>>;

        /// Begins to send an approved model to a registry: its verified files, and its card as `README.md`. What is there already is
        /// not sent again, and whatever is cut short goes on where it was.
        #[op(unary POST "/catalog/models/{modelId}/export", Write("catalog:export"))]
        async fn export_model(&self, ctx: &Ctx, req: ExportModel) -> Result<ModelExport>;

        /// Lists exports, newest first.
        #[op(unary GET "/catalog/exports", Read("catalog:read"))]
        async fn list_model_exports(&self, ctx: &Ctx, req: ListModelExports) -> Result<Page<ModelExport>>;

        /// Says how far an export is.
        #[op(unary GET "/catalog/exports/{exportId}", Read("catalog:read"))]
        async fn get_model_export(&self, ctx: &Ctx, req: GetModelExport) -> Result<ModelExport>;

        /// Follows an export until it is over.
        #[op(stream GET "/catalog/exports/{exportId}/events", Read("catalog:read"))]
        async fn watch_model_export(&self, ctx: &Ctx, req: GetModelExport) -> Result<ModelExport>;

        /// Goes on with an export that failed, of the files that it began with.
        #[op(unary POST "/catalog/exports/{exportId}/resume", Write("catalog:export"))]
        async fn resume_model_export(&self, ctx: &Ctx, req: GetModelExport) -> Result<ModelExport>;

        /// Gives an export up. What was sent stays where it is.
        #[op(unary POST "/catalog/exports/{exportId}/cancel", Write("catalog:export"))]
        async fn cancel_model_export(&self, ctx: &Ctx, req: GetModelExport) -> Result<ModelExport>;

        /// Asks the registry that a model came from whether its revision means another commit by now.
        #[op(unary POST "/catalog/models/{modelId}/check-updates", Read("catalog:update"))]
        async fn check_model_updates(&self, ctx: &Ctx, req: CheckModelUpdates) -> Result<ModelUpdates>;

        /// Looks for models in the catalog and in a registry together. That the registry does not answer is part of what was found.
        #[op(unary GET "/catalog/search", Read("catalog:update"))]
        async fn search_catalog(&self, ctx: &Ctx, req: SearchCatalog) -> Result<FoundModels>;

        /// Lists the files of a model, by path.
        #[op(unary GET "/catalog/models/{modelId}/files", Read("catalog:read"))]
        async fn list_model_files(&self, ctx: &Ctx, req: ListModelFiles) -> Result<Page<ModelFile>>;

        /// Sends one file of a model, or a range of it.
        #[op(download GET "/catalog/models/{modelId}/files/{*path}", Read("catalog:read"))]
        async fn download_model_file(&self, ctx: &Ctx, req: DownloadModelFile) -> Result<Download>;

        /// Reads every file again and compares its digest. What is damaged is written down, and so is what is whole again.
        #[op(unary POST "/catalog/models/{modelId}/verify", Read("catalog:read"))]
        async fn verify_model(&self, ctx: &Ctx, req: VerifyModel) -> Result<ModelVerification>;

        /// Deletes a model nothing depends on. It waits in the trash if the platform has one; else its files follow at once. The
        /// audit keeps who and what.
        #[op(unary DELETE "/catalog/models/{modelId}", Write("catalog:delete"))]
        async fn delete_model(&self, ctx: &Ctx, req: DeleteModel) -> Result<DeletedModel>;

        /// Lists the deleted models that can be brought back, the last deleted first.
        #[op(unary GET "/catalog/trash/models", Read("catalog:read"))]
        async fn list_trashed_models(&self, ctx: &Ctx, req: ListTrashedModels) -> Result<Page<TrashedItem>>;

        /// Brings a deleted model back as it was: files, card, tags and status. The key of an external model does not come back.
        #[op(unary POST "/catalog/trash/models/{modelId}/restore", Write("catalog:delete"))]
        async fn restore_model(&self, ctx: &Ctx, req: TrashedModel) -> Result<Model>;

        /// Lets a deleted model go for good. Its files follow.
        #[op(unary DELETE "/catalog/trash/models/{modelId}", Write("catalog:delete"))]
        async fn purge_model(&self, ctx: &Ctx, req: TrashedModel) -> Result<DeletedModel>;

        /// Lists the models that were deleted for good, the last deleted first, and whether their bytes are gone.
        #[op(unary GET "/catalog/deletions/models", Read("catalog:read"))]
        async fn list_model_deletions(&self, ctx: &Ctx, req: ListTrashedModels) -> Result<Page<Deletion>>;

        /// Tells what became of the bytes of a model that was deleted for good: gone or not, how often that failed and why.
        #[op(unary GET "/catalog/deletions/models/{modelId}", Read("catalog:read"))]
        async fn get_model_deletion(&self, ctx: &Ctx, req: TrashedModel) -> Result<Deletion>;

        /// Shows all that a model came from and all that came of it: datasets, jobs, models, evaluations and endpoints.
        #[op(unary GET "/catalog/models/{modelId}/lineage", Read("catalog:read"))]
        async fn get_model_lineage(&self, ctx: &Ctx, req: GetModelLineage) -> Result<LineageGraph>;

        /// Follows a model: its present state, then each change.
        #[op(stream GET "/catalog/models/{modelId}/events", Read("catalog:read"))]
        async fn watch_model(&self, ctx: &Ctx, req: GetModel) -> Result<Model>;
    }
}

/// A model as what came from it sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ancestor {
    /// Its id.
    pub id: ModelId,
    /// Its name and version, as `tiny:1.0.0`.
    pub name: String,
    /// Where it came from.
    pub lineage: Lineage,
}

/// Another room that may need a model: it is asked before one is deleted.
#[async_trait]
pub trait InUse: Send + Sync + 'static {
    /// What needs this model.
    async fn uses_of(&self, ctx: &Ctx, model: ModelId) -> Result<Vec<Blocker>>;
}
