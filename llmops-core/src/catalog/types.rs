//! What callers send and get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::{Id, Timestamp, id_type};

id_type! {
    /// The id of one version of a model.
    ModelId
}

/// What kind of model it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModelType {
    /// Trained from nothing, or taken over as it is.
    #[default]
    Base,
    /// Trained further from another model of the catalog.
    FineTuned,
    /// Somebody else runs it; there are no files.
    External,
}

/// Where a model stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelStatus {
    /// Being made.
    Draft,
    /// Waiting for a reviewer.
    #[serde(alias = "pending_review")]
    UnderReview,
    /// May be trained on and deployed.
    Approved,
    /// Refused by a reviewer.
    Rejected,
    /// No longer to be used for something new.
    Deprecated,
}

/// Where a model came from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lineage {
    /// The dataset versions it learned from.
    #[serde(default)]
    pub dataset_ids: Vec<Id>,
    /// The model it was tuned from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_model_id: Option<ModelId>,
    /// The job that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training_job_id: Option<Id>,
}

/// Registers a model version.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateModel {
    /// Letters, digits, `-`, `_`, `.` and `/`; at most 128 characters.
    pub name: String,
    /// A semantic version, as `1.0.0`. With the name and the type it is unique within the project.
    pub version: String,
    /// `base`, `fine-tuned` or `external`.
    #[serde(rename = "type", default)]
    pub model_type: ModelType,
    /// The family of its architecture, as `llama`.
    #[serde(default = "default_family")]
    pub model_family: String,
    /// The team that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_team: Option<String>,
    /// The model card: purpose, scope, contact, license and whatever else, at most 64 KiB.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// Words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Where it came from.
    #[serde(default)]
    pub lineage: Lineage,
}

fn default_family() -> String {
    "llama".into()
}

/// One version of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Model {
    /// Its id.
    pub id: ModelId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `base`, `fine-tuned` or `external`.
    #[serde(rename = "type")]
    pub model_type: ModelType,
    /// The family of its architecture.
    pub model_family: String,
    /// Where it stands.
    pub status: ModelStatus,
    /// The team that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_team: Option<String>,
    /// The project it belongs to.
    pub project: String,
    /// The model card.
    pub metadata: Map<String, Value>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Where it came from.
    pub lineage: Lineage,
    /// Where its files are.
    pub storage_uri: String,
    /// SHA-256 over its files' paths and digests, in hex; absent while it has none. A review is bound to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The scores it is known by.
    #[serde(default)]
    pub evaluation_summary: Map<String, Value>,
    /// Who registered it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Send it as `If-Match` to change just what was read.
    pub etag: String,
}

/// Asks for one model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetModel {
    /// Which.
    pub model_id: ModelId,
}

/// What models are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ModelSort {
    /// Newest first.
    #[default]
    #[serde(rename = "-createdAt")]
    NewestFirst,
    /// Oldest first.
    #[serde(rename = "createdAt")]
    OldestFirst,
    /// Last changed first.
    #[serde(rename = "-updatedAt")]
    LastChangedFirst,
    /// First changed first.
    #[serde(rename = "updatedAt")]
    FirstChangedFirst,
    /// By name.
    #[serde(rename = "name")]
    Name,
    /// By name, backwards.
    #[serde(rename = "-name")]
    NameBackwards,
}

/// Asks for models. Every filter given must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModels {
    /// Of this type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub model_type: Option<ModelType>,
    /// In this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ModelStatus>,
    /// Of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Of this team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_team: Option<String>,
    /// Of this family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// With this tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// With this text in the name, letter case aside; taken literally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<ModelSort>,
    /// Whether to count all that match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_total: Option<bool>,
    /// The most models of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Changes a model. What is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateModel {
    /// Which.
    pub model_id: ModelId,
    /// The team that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_team: Option<String>,
    /// Merged into the card as a JSON merge patch: a key with `null` is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
    /// The new tags, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}

/// Moves a model on in its life.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetModelStatus {
    /// Which.
    pub model_id: ModelId,
    /// Where to.
    pub status: ModelStatus,
    /// Why; kept with the review when the move is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// What a reviewer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewDecision {
    /// It may be used.
    Approve,
    /// It may not.
    Reject,
    /// Back to its author.
    RequestChanges,
}

/// Decides on a model under review.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviewModel {
    /// Which.
    pub model_id: ModelId,
    /// Its version, which must be the one the reviewer looked at.
    pub version: String,
    /// The decision.
    pub decision: ReviewDecision,
    /// Why; at most 10,000 characters. Needed to reject or to request changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The digest of the files the reviewer looked at. When given, other bytes are a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// Asks for the decisions on a model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelReviews {
    /// Which.
    pub model_id: ModelId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A decision on a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelReview {
    /// Its id.
    pub id: Id,
    /// On which model.
    pub model_id: ModelId,
    /// What was decided.
    pub decision: ReviewDecision,
    /// By whom.
    pub reviewer: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The digest of the files it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// Asks for the versions of a model's name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelVersions {
    /// Any version of it.
    pub model_id: ModelId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Sends files of a model. Each part's file name is its path within the model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadModelFiles {
    /// Whose files.
    pub model_id: ModelId,
    /// The path of a body that is sent as it is, without a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether other bytes under the same path take the place of the old ones; refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace: Option<bool>,
    /// The SHA-256 the file must have, in hex; for an upload of one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// Whether a file may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It is what it claims to be.
    Verified,
    /// Stored and hashed, never opened and never deployable: its format can run code.
    Quarantined,
}

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelFile {
    /// Its path within the model.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// As `safetensors`, `gguf`, `json`, `text`.
    pub format: String,
    /// Whether it may be used.
    pub state: FileState,
    /// When it came.
    pub created_at: Timestamp,
}

/// The files an upload brought.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadedFiles {
    /// Each file as it is kept, in the order they came.
    pub files: Vec<ModelFile>,
}

/// Asks for the files of a model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelFiles {
    /// Whose.
    pub model_id: ModelId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Asks for the bytes of a file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DownloadModelFile {
    /// Whose.
    pub model_id: ModelId,
    /// Its path within the model.
    pub path: String,
    /// As the HTTP header: `bytes=0-99`, `bytes=100-`, `bytes=-10`. Several ranges are answered with the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<String>,
}

/// Asks to verify a model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerifyModel {
    /// Which.
    pub model_id: ModelId,
}

/// What reading all files again showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelVerification {
    /// Whether every file has its digest.
    pub verified: bool,
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Paths whose bytes are gone or changed.
    pub damaged: Vec<String>,
}

/// Asks to delete a model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteModel {
    /// Which.
    pub model_id: ModelId,
}

/// A model that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletedModel {
    /// Which.
    pub model_id: ModelId,
    /// Files that will be removed from the store unless something else holds the same bytes.
    pub files: u64,
}

/// Something that needs a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Blocker {
    /// As `endpoint`, `job`, `model`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Asks for a model's lineage.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetModelLineage {
    /// Of which model.
    pub model_id: ModelId,
}

/// A thing in a lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineageNode {
    /// `model`, `dataset` or `job`.
    pub kind: String,
    /// Its id.
    pub id: Id,
    /// Its name and version, where this room knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// One thing that came from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineageEdge {
    /// What was there first.
    pub from: Id,
    /// What came from it.
    pub to: Id,
    /// `tuned_into`, `trained` or `made`.
    pub relation: String,
}

/// What a model came from and what came from it, to 64 generations and 1,000 models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineageGraph {
    /// The things.
    pub nodes: Vec<LineageNode>,
    /// How they hang together.
    pub edges: Vec<LineageEdge>,
    /// Whether there is more than the limits show.
    pub truncated: bool,
}
