//! What models learn from and are measured with: datasets, their versions, what they hold and whether they may be used.
//! Rank 3.

mod advice;
mod binary;
mod columnar;
mod compare;
mod contamination;
mod conversation;
mod derive;
mod drift;
mod encoding;
mod examples;
mod format;
mod gates;
mod hashed;
mod models;
mod pii;
mod progress;
mod quality;
mod reading;
mod roles;
mod row_digest;
mod rows;
mod schema;
mod scripts;
mod searching;
mod similar;
mod sorted;
mod source;
mod sql;
mod statistics;
mod status;
mod strangers;
#[cfg(test)]
mod tests;
mod tokens;
mod types;
mod unpack;
mod validator;
mod walk;

pub use examples::{DatasetSource, ExampleForm, WrittenExamples};
pub use models::{LearnedFrom, ModelData, ModelPart, ModelTokenizer};
pub use pii::{PiiDetector, PiiMatch, RuleDetector};
pub use sql::{
    Comparisons, Contaminations, Derivations, KnownOverlaps, Overlap, Packings, SqlDatasets, TokenCounts, Validations,
};
pub use types::*;

use async_trait::async_trait;

use crate::base::{Ctx, Page, Result};
use crate::lineage::LineageGraph;
use crate::op::{Download, Parts, service};
use crate::trash::{Deletion, TrashedItem};
use crate::uploads::UploadPart;

service! {
    /// What models learn from and are measured with: datasets, their versions and whether they may be used.
    pub trait Datasets as datasets {
        /// Registers a dataset version as a draft without files.
        #[op(unary POST "/catalog/datasets", Write("datasets:create"))]
        async fn create_dataset(&self, ctx: &Ctx, req: CreateDataset) -> Result<Dataset>;

        /// Lists datasets, newest first unless asked otherwise.
        #[op(unary GET "/catalog/datasets", Read("datasets:read"))]
        async fn list_datasets(&self, ctx: &Ctx, req: ListDatasets) -> Result<Page<Dataset>>;

        /// Reads one dataset.
        #[op(unary GET "/catalog/datasets/{datasetId}", Read("datasets:read"))]
        async fn get_dataset(&self, ctx: &Ctx, req: GetDataset) -> Result<Dataset>;

        /// Changes a dataset's card, tags, team, change log, type or column parts; what is not sent stays. Honours `If-Match`.
        #[op(unary PATCH "/catalog/datasets/{datasetId}", Write("datasets:update"))]
        async fn update_dataset(&self, ctx: &Ctx, req: UpdateDataset) -> Result<Dataset>;

        /// Sends the dataset's card as a `README.md` of the Hub: its fields and tags as front matter, and the text below.
        #[op(download GET "/catalog/datasets/{datasetId}/card", Read("datasets:read"))]
        async fn download_dataset_card(&self, ctx: &Ctx, req: DownloadDatasetCard) -> Result<Download>;

        /// Receives files of a dataset: CSV, JSON lines, Parquet or plain text. Their structure is recorded at once. A
        /// `README.md` is its card.
        #[op(upload POST "/catalog/datasets/{datasetId}/upload", Write("datasets:upload"))]
        async fn upload_dataset_files(&self, ctx: &Ctx, req: UploadDatasetFiles, body: Parts) -> Result<UploadedDatasetFiles>;

        /// Begins a file that comes in parts, in any order and over as many connections as it takes. For a week after the last
        /// part it may be gone on with, by whoever may upload.
        #[op(unary POST "/catalog/datasets/{datasetId}/uploads", Write("datasets:upload"))]
        async fn create_dataset_upload(&self, ctx: &Ctx, req: CreateDatasetUpload) -> Result<DatasetUpload>;

        /// Lists the uploads of a dataset, newest first; those that are complete for a day.
        #[op(unary GET "/catalog/datasets/{datasetId}/uploads", Read("datasets:read"))]
        async fn list_dataset_uploads(&self, ctx: &Ctx, req: ListDatasetUploads) -> Result<Page<DatasetUpload>>;

        /// Says how far an upload is, and which parts are missing.
        #[op(unary GET "/catalog/datasets/{datasetId}/uploads/{uploadId}", Read("datasets:read"))]
        async fn get_dataset_upload(&self, ctx: &Ctx, req: GetDatasetUpload) -> Result<DatasetUpload>;

        /// Receives one part. The same bytes may be sent again.
        #[op(upload POST "/catalog/datasets/{datasetId}/uploads/{uploadId}/parts/{number}", Write("datasets:upload"))]
        async fn upload_dataset_part(&self, ctx: &Ctx, req: UploadDatasetPart, body: Parts) -> Result<UploadPart>;

        /// Says that all parts came. The whole is unpacked and understood in the background; the upload's state says when it is
        /// one of the dataset's files.
        #[op(unary POST "/catalog/datasets/{datasetId}/uploads/{uploadId}/complete", Write("datasets:upload"))]
        async fn complete_dataset_upload(&self, ctx: &Ctx, req: CompleteDatasetUpload) -> Result<DatasetUpload>;

        /// Gives an upload up. Its parts are deleted in the background.
        #[op(unary DELETE "/catalog/datasets/{datasetId}/uploads/{uploadId}", Write("datasets:upload"))]
        async fn abort_dataset_upload(&self, ctx: &Ctx, req: AbortDatasetUpload) -> Result<DatasetUpload>;

        /// Receives bytes of a file that a commit will name, and reads them as what their path claims. For a day they count for
        /// their sender, and for datasets of this name.
        #[op(upload POST "/catalog/datasets/{datasetId}/staged", Write("datasets:upload"))]
        async fn stage_dataset_file(&self, ctx: &Ctx, req: StageDatasetFile, body: Parts) -> Result<StagedDatasetFile>;

        /// Adds, replaces and removes files of a dataset, all of them or none, and puts a `README.md` in the place of its card. A
        /// version that does not change any more stays as it is: a draft of the next version begins with its files, which needs
        /// `datasets:create` as well.
        #[op(unary POST "/catalog/datasets/{datasetId}/commit", Write("datasets:upload"))]
        async fn commit_dataset_files(&self, ctx: &Ctx, req: CommitDatasetFiles) -> Result<Dataset>;

        /// Lists the files of a dataset, by path.
        #[op(unary GET "/catalog/datasets/{datasetId}/files", Read("datasets:read"))]
        async fn list_dataset_files(&self, ctx: &Ctx, req: ListDatasetFiles) -> Result<Page<DatasetFile>>;

        /// Sends one file of a dataset, or a range of it.
        #[op(download GET "/catalog/datasets/{datasetId}/files/{*path}", Read("datasets:read"))]
        async fn download_dataset_file(&self, ctx: &Ctx, req: DownloadDatasetFile) -> Result<Download>;

        /// Shows rows of a dataset. Only what is shown is read.
        #[op(unary GET "/catalog/datasets/{datasetId}/preview", Read("datasets:read"))]
        async fn preview_dataset(&self, ctx: &Ctx, req: PreviewDataset) -> Result<DatasetPreview>;

        /// Sends the rows of a dataset, those of all its files or of one: as JSON lines, as an Arrow stream, or as a Parquet file.
        /// They are read as they are taken, and what cannot be read ends the download with an error.
        #[op(download GET "/catalog/datasets/{datasetId}/rows", Read("datasets:read"))]
        async fn read_dataset_rows(&self, ctx: &Ctx, req: ReadDatasetRows) -> Result<Download>;

        /// Shows what each column holds: types, missing and different values, numbers, lengths, frequent values.
        #[op(unary GET "/catalog/datasets/{datasetId}/statistics", Read("datasets:read"))]
        async fn get_dataset_statistics(&self, ctx: &Ctx, req: GetDatasetStatistics) -> Result<DatasetStatistics>;

        /// Begins a validation: structure, personal data, quality. Follow it with `watch_dataset`.
        #[op(unary POST "/catalog/datasets/{datasetId}/validation", Write("datasets:update"))]
        async fn validate_dataset(&self, ctx: &Ctx, req: ValidateDataset) -> Result<DatasetValidation>;

        /// Reads the last validation: how far it is, or its report.
        #[op(unary GET "/catalog/datasets/{datasetId}/validation", Read("datasets:read"))]
        async fn get_dataset_validation(&self, ctx: &Ctx, req: GetDatasetValidation) -> Result<DatasetValidation>;

        /// Follows the last validation: how far it is, then its report, with which the stream ends.
        #[op(stream GET "/catalog/datasets/{datasetId}/validation/events", Read("datasets:read"))]
        async fn watch_dataset_validation(&self, ctx: &Ctx, req: GetDatasetValidation) -> Result<DatasetValidation>;

        /// Lets the personal data that one validation found pass, if its policy allows that. Nothing else is waived, and the
        /// dataset stays `failed`. Other bytes or another validation end it.
        #[op(unary POST "/catalog/datasets/{datasetId}/validation/waiver", Write("datasets:approve"))]
        async fn waive_dataset_pii(&self, ctx: &Ctx, req: WaiveDatasetPii) -> Result<Dataset>;

        /// Takes a waiver back before the dataset is approved.
        #[op(unary DELETE "/catalog/datasets/{datasetId}/validation/waiver", Write("datasets:approve"))]
        async fn withdraw_pii_waiver(&self, ctx: &Ctx, req: WithdrawPiiWaiver) -> Result<Dataset>;

        /// Writes a policy: what is searched for, what may be found, and the least quality. Other content is the next version.
        #[op(unary PUT "/catalog/pii-policies/{name}", Write("datasets:policy"))]
        async fn put_pii_policy(&self, ctx: &Ctx, req: PutPiiPolicy) -> Result<PiiPolicy>;

        /// Reads a policy for personal data, in its newest version or an older one.
        #[op(unary GET "/catalog/pii-policies/{name}", Read("datasets:read"))]
        async fn get_pii_policy(&self, ctx: &Ctx, req: GetPiiPolicy) -> Result<PiiPolicy>;

        /// Lists the project's policies for personal data, by name.
        #[op(unary GET "/catalog/pii-policies", Read("datasets:read"))]
        async fn list_pii_policies(&self, ctx: &Ctx, req: ListPiiPolicies) -> Result<Page<PiiPolicy>>;

        /// Moves a dataset on in its life. Approving and rejecting need the reviewer's permission as well.
        #[op(unary PATCH "/catalog/datasets/{datasetId}/status", Write("datasets:update"))]
        async fn set_dataset_status(&self, ctx: &Ctx, req: SetDatasetStatus) -> Result<Dataset>;

        /// Decides on a dataset under review. The decision is bound to the digest of its files.
        #[op(unary POST "/catalog/datasets/{datasetId}/versions/{version}/approve", Write("datasets:approve"))]
        async fn review_dataset(&self, ctx: &Ctx, req: ReviewDataset) -> Result<Dataset>;

        /// Lists the decisions on a dataset, newest first.
        #[op(unary GET "/catalog/datasets/{datasetId}/reviews", Read("datasets:read"))]
        async fn list_dataset_reviews(&self, ctx: &Ctx, req: ListDatasetReviews) -> Result<Page<DatasetReview>>;

        /// Lists the versions of a dataset's name, newest first.
        #[op(unary GET "/catalog/datasets/{datasetId}/versions", Read("datasets:read"))]
        async fn list_dataset_versions(&self, ctx: &Ctx, req: ListDatasetVersions) -> Result<Page<Dataset>>;

        /// Says what all versions of a dataset's name take in the object store, and what is saved because versions share
        /// what they have in common.
        #[op(unary GET "/catalog/datasets/{datasetId}/storage", Read("datasets:read"))]
        async fn get_dataset_storage(&self, ctx: &Ctx, req: GetDatasetStorage) -> Result<DatasetStorage>;

        /// Begins a new version from this one, empty or with its files.
        #[op(unary POST "/catalog/datasets/{datasetId}/versions", Write("datasets:create"))]
        async fn create_dataset_version(&self, ctx: &Ctx, req: CreateDatasetVersion) -> Result<Dataset>;

        /// Says how two versions differ: rows added, removed and modified, columns, and how their values are spread.
        #[op(unary GET "/catalog/datasets/{datasetId}/versions/{a}/compare/{b}", Read("datasets:read"))]
        async fn compare_dataset_versions(&self, ctx: &Ctx, req: CompareDatasetVersions) -> Result<DatasetComparison>;

        /// Says how a version differs from the one it came from, or from another: the same answer as `compare_dataset_versions`.
        #[op(unary GET "/catalog/datasets/{datasetId}/versions/{version}/diff", Read("datasets:read"))]
        async fn diff_dataset_version(&self, ctx: &Ctx, req: DiffDatasetVersion) -> Result<DatasetComparison>;

        /// Begins a new version with the files of an old one, none of them stored again.
        #[op(unary POST "/catalog/datasets/{datasetId}/versions/{version}/restore", Write("datasets:create"))]
        async fn restore_dataset_version(&self, ctx: &Ctx, req: RestoreDatasetVersion) -> Result<Dataset>;

        /// Begins to make a dataset from this one: split, filter, map, dedupe, redact, sample, convert, or by numbers of tokens.
        #[op(unary POST "/catalog/datasets/{datasetId}/derive", Write("datasets:create"))]
        async fn derive_dataset(&self, ctx: &Ctx, req: DeriveDataset) -> Result<DatasetDerivation>;

        /// Lists the derivations from a dataset, newest first.
        #[op(unary GET "/catalog/datasets/{datasetId}/derivations", Read("datasets:read"))]
        async fn list_dataset_derivations(&self, ctx: &Ctx, req: ListDatasetDerivations) -> Result<Page<DatasetDerivation>>;

        /// Reads a derivation: how far it is, and what it makes.
        #[op(unary GET "/catalog/datasets/{datasetId}/derivations/{derivationId}", Read("datasets:read"))]
        async fn get_dataset_derivation(&self, ctx: &Ctx, req: GetDatasetDerivation) -> Result<DatasetDerivation>;

        /// Follows a derivation until it ends.
        #[op(stream GET "/catalog/datasets/{datasetId}/derivations/{derivationId}/events", Read("datasets:read"))]
        async fn watch_dataset_derivation(&self, ctx: &Ctx, req: GetDatasetDerivation) -> Result<DatasetDerivation>;

        /// Ends a derivation before it made anything.
        #[op(unary POST "/catalog/datasets/{datasetId}/derivations/{derivationId}/cancel", Write("datasets:create"))]
        async fn cancel_dataset_derivation(&self, ctx: &Ctx, req: CancelDatasetDerivation) -> Result<DatasetDerivation>;

        /// Begins to look for the rows of this dataset in others, or in all that a model learned from.
        #[op(unary POST "/catalog/datasets/{datasetId}/contamination", Write("datasets:update"))]
        async fn check_dataset_contamination(&self, ctx: &Ctx, req: CheckDatasetContamination) -> Result<ContaminationCheck>;

        /// Lists the contamination checks of a dataset, newest first, without the rows they show.
        #[op(unary GET "/catalog/datasets/{datasetId}/contamination", Read("datasets:read"))]
        async fn list_contamination_checks(&self, ctx: &Ctx, req: ListContaminationChecks) -> Result<Page<ContaminationCheck>>;

        /// Reads a contamination check: how far it is, or its report with rows of both sides.
        #[op(unary GET "/catalog/datasets/{datasetId}/contamination/{checkId}", Read("datasets:read"))]
        async fn get_contamination_check(&self, ctx: &Ctx, req: GetContaminationCheck) -> Result<ContaminationCheck>;

        /// Follows a contamination check until it ends.
        #[op(stream GET "/catalog/datasets/{datasetId}/contamination/{checkId}/events", Read("datasets:read"))]
        async fn watch_contamination_check(&self, ctx: &Ctx, req: GetContaminationCheck) -> Result<ContaminationCheck>;

        /// Ends a contamination check before it found anything.
        #[op(unary POST "/catalog/datasets/{datasetId}/contamination/{checkId}/cancel", Write("datasets:update"))]
        async fn cancel_contamination_check(&self, ctx: &Ctx, req: CancelContaminationCheck) -> Result<ContaminationCheck>;

        /// Begins to count the tokens of a dataset with the tokenizer of a model.
        #[op(unary POST "/catalog/datasets/{datasetId}/tokens", Write("datasets:update"))]
        async fn count_tokens(&self, ctx: &Ctx, req: CountTokens) -> Result<TokenCount>;

        /// Lists the counts of tokens of a dataset, newest first.
        #[op(unary GET "/catalog/datasets/{datasetId}/tokens", Read("datasets:read"))]
        async fn list_token_counts(&self, ctx: &Ctx, req: ListTokenCounts) -> Result<Page<TokenCount>>;

        /// Reads a count of tokens: how far it is, or what was counted.
        #[op(unary GET "/catalog/datasets/{datasetId}/tokens/{countId}", Read("datasets:read"))]
        async fn get_token_count(&self, ctx: &Ctx, req: GetTokenCount) -> Result<TokenCount>;

        /// Follows a count of tokens until it ends.
        #[op(stream GET "/catalog/datasets/{datasetId}/tokens/{countId}/events", Read("datasets:read"))]
        async fn watch_token_count(&self, ctx: &Ctx, req: GetTokenCount) -> Result<TokenCount>;

        /// Ends a count of tokens before it is done.
        #[op(unary POST "/catalog/datasets/{datasetId}/tokens/{countId}/cancel", Write("datasets:update"))]
        async fn cancel_token_count(&self, ctx: &Ctx, req: CancelTokenCount) -> Result<TokenCount>;

        /// Deletes a dataset nothing depends on. It waits in the trash if the platform has one; else its files follow at once. The
        /// audit keeps who and what.
        #[op(unary DELETE "/catalog/datasets/{datasetId}", Write("datasets:delete"))]
        async fn delete_dataset(&self, ctx: &Ctx, req: DeleteDataset) -> Result<DeletedDataset>;

        /// Lists the deleted datasets that can be brought back, the last deleted first.
        #[op(unary GET "/catalog/trash/datasets", Read("datasets:read"))]
        async fn list_trashed_datasets(&self, ctx: &Ctx, req: ListTrashedDatasets) -> Result<Page<TrashedItem>>;

        /// Brings a deleted dataset back as it was: files, reviews, the last validation and status.
        #[op(unary POST "/catalog/trash/datasets/{datasetId}/restore", Write("datasets:delete"))]
        async fn restore_dataset(&self, ctx: &Ctx, req: TrashedDataset) -> Result<Dataset>;

        /// Lets a deleted dataset go for good. Its files follow.
        #[op(unary DELETE "/catalog/trash/datasets/{datasetId}", Write("datasets:delete"))]
        async fn purge_dataset(&self, ctx: &Ctx, req: TrashedDataset) -> Result<DeletedDataset>;

        /// Lists the datasets that were deleted for good, the last deleted first, and whether their bytes are gone.
        #[op(unary GET "/catalog/deletions/datasets", Read("datasets:read"))]
        async fn list_dataset_deletions(&self, ctx: &Ctx, req: ListTrashedDatasets) -> Result<Page<Deletion>>;

        /// Tells what became of the bytes of a dataset that was deleted for good: gone or not, how often that failed and why.
        #[op(unary GET "/catalog/deletions/datasets/{datasetId}", Read("datasets:read"))]
        async fn get_dataset_deletion(&self, ctx: &Ctx, req: TrashedDataset) -> Result<Deletion>;

        /// Shows all that a dataset came from and all that came of it: versions, jobs, models, evaluations and endpoints.
        #[op(unary GET "/catalog/datasets/{datasetId}/lineage", Read("datasets:read"))]
        async fn get_dataset_lineage(&self, ctx: &Ctx, req: GetDatasetLineage) -> Result<LineageGraph>;

        /// Follows a dataset: its present state, then each change.
        #[op(stream GET "/catalog/datasets/{datasetId}/events", Read("datasets:read"))]
        async fn watch_dataset(&self, ctx: &Ctx, req: GetDataset) -> Result<Dataset>;
    }
}

/// Another room that works with datasets: it is asked what it made with one, and before one is deleted.
#[async_trait]
pub trait DatasetUsers: Send + Sync + 'static {
    /// What uses this dataset.
    async fn uses_of(&self, ctx: &Ctx, dataset: DatasetId) -> Result<Vec<DatasetUse>>;
}
