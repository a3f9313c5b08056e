//! What callers send and get.

mod cards;
mod columns;
mod comparison;
mod contamination;
mod derivation;
mod difference;
mod files;
mod lineage;
mod policy;
mod preview;
mod reading;
mod review;
mod staged;
mod statistics;
mod storage;
mod tokens;
mod trash;
mod uploads;
mod validation;

pub use cards::*;
pub use columns::*;
pub use comparison::*;
pub use contamination::*;
pub use derivation::*;
pub use difference::*;
pub use files::*;
pub use lineage::*;
pub use policy::*;
pub use preview::*;
pub use reading::*;
pub use review::*;
pub use staged::*;
pub use statistics::*;
pub use storage::*;
pub use tokens::*;
pub use trash::*;
pub use uploads::*;
pub use validation::*;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::{Patch, Timestamp, id_type, not_null};

id_type! {
    /// The id of one version of a dataset.
    DatasetId
}

/// What a dataset is for. It decides which columns its rows must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatasetType {
    /// Plain text to train a base model on: `text`.
    PretrainCorpus,
    /// Prompts with the responses wanted, or conversations: `prompt` and `response`, or `messages`.
    SftPair,
    /// Questions with the passages that answer them: `question`, `context` and `answer`.
    RagQa,
    /// Prompts with a better and a worse response: `prompt`, `chosen` and `rejected`.
    RlhfPair,
    /// Questions with reference answers, to evaluate with: `prompt` and `response`, or `messages`.
    Benchmark,
    /// Anything else; no column is required.
    Other,
}

/// Where a dataset stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatasetStatus {
    /// Being made.
    Draft,
    /// Waiting for a reviewer.
    #[serde(alias = "pending_review")]
    UnderReview,
    /// May be trained and evaluated on.
    Approved,
    /// Refused by a reviewer.
    Rejected,
    /// No longer to be used for something new.
    Deprecated,
}

/// What the search for personal data showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PiiScanStatus {
    /// These bytes were not scanned yet.
    Pending,
    /// Nothing was found.
    Clean,
    /// Something was found; the validation report says what and where.
    Failed,
}

/// Registers a dataset version, without files yet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateDataset {
    /// Letters, digits, `-`, `_`, `.` and `/`; at most 128 characters.
    #[schemars(length(max = 128))]
    pub name: String,
    /// A semantic version, as `1.0.0`. With the name it is unique within the project.
    #[schemars(length(max = 64))]
    pub version: String,
    /// What it is for.
    #[serde(rename = "type")]
    pub dataset_type: DatasetType,
    /// The team that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub owner_team: Option<String>,
    /// What changed since the version before, at most 10,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub change_log: Option<String>,
    /// Which column plays which part; what is absent is looked for under the part's own name.
    #[serde(default)]
    pub columns: ColumnRoles,
    /// The fields of its card, as `license`, `language`, `task_categories` or `configs`, and whatever else; at most 64 KiB. The
    /// text of the card comes as a `README.md`.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 1000))]
    pub metadata: Map<String, Value>,
    /// Words to find it by.
    #[serde(default)]
    #[schemars(length(max = 50), inner(length(min = 1, max = 64)))]
    pub tags: Vec<String>,
}

/// One version of a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dataset {
    /// Its id.
    pub id: DatasetId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is for.
    #[serde(rename = "type")]
    pub dataset_type: DatasetType,
    /// Where it stands.
    pub status: DatasetStatus,
    /// What the search for personal data showed.
    pub pii_scan_status: PiiScanStatus,
    /// Who lets pass what the search found, and why; the status stays `failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pii_waiver: Option<PiiWaiver>,
    /// 0 to 100, once validated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality_score: Option<f64>,
    /// The team that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_team: Option<String>,
    /// The project it belongs to.
    pub project: String,
    /// What changed since the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_log: Option<String>,
    /// The version it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_version_id: Option<DatasetId>,
    /// How it differs from the version it was made from. Told by `get_dataset` and `list_dataset_versions`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diff_summary: Option<DatasetDiffSummary>,
    /// What it was derived from, and how, if it was made so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived_from: Option<DatasetOrigin>,
    /// Where its files are.
    pub storage_uri: String,
    /// SHA-256 over its files' paths and digests, in hex; absent while it has none. A review is bound to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Rows of all its files that can be read.
    pub rows: u64,
    /// Bytes of all its files.
    pub bytes: u64,
    /// Bytes of them that earlier versions of its name do not have. Absent until that is looked at, a while after its files
    /// changed, and where the server keeps files whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_bytes: Option<u64>,
    /// The format of its files, once there are some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<DataFormat>,
    /// Its columns in the order of the file.
    pub schema: Vec<DatasetColumn>,
    /// Which column plays which part, as it was asked for.
    pub columns: ColumnRoles,
    /// The fields of its card.
    pub metadata: Map<String, Value>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// SHA-256 of its card as `download_dataset_card` sends it, in hex; absent while it has none. It is no part of the `digest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_digest: Option<String>,
    /// The validation under way or done last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<ValidationState>,
    /// When it was approved last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Timestamp>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// Who registered it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Send it as `If-Match` to change just what was read.
    pub etag: String,
}

/// Asks for one dataset.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetDataset {
    /// Which.
    pub dataset_id: DatasetId,
}

/// What datasets are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DatasetSort {
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
    /// By name.
    #[serde(rename = "name")]
    Name,
    /// By name, backwards.
    #[serde(rename = "-name")]
    NameBackwards,
}

/// Asks for datasets. Every filter given must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListDatasets {
    /// Of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub name: Option<String>,
    /// Of this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub version: Option<String>,
    /// Of this team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub owner_team: Option<String>,
    /// Of this type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub dataset_type: Option<DatasetType>,
    /// In this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DatasetStatus>,
    /// With this outcome of the search for personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pii_scan_status: Option<PiiScanStatus>,
    /// Of at least this quality, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub min_quality: Option<f64>,
    /// Of at most this quality, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub max_quality: Option<f64>,
    /// With this text in the name, letter case aside; taken literally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub text: Option<String>,
    /// With files whose digest begins so, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub digest: Option<String>,
    /// Only the newest version of each name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<bool>,
    /// The order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<DatasetSort>,
    /// Whether to count all that match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_total: Option<bool>,
    /// The most datasets of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Changes a dataset, as a JSON merge patch (RFC 7396) does: what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateDataset {
    /// Which.
    pub dataset_id: DatasetId,
    /// What it is for. Only in draft; the dataset is to be validated again.
    #[serde(default, rename = "type", deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "DatasetType")]
    pub dataset_type: Option<DatasetType>,
    /// The team that answers for it; `null` for none.
    #[serde(default, skip_serializing_if = "Patch::stays")]
    #[schemars(length(max = 128))]
    pub owner_team: Patch<String>,
    /// What changed since the version before; `null` for nothing that is told.
    #[serde(default, skip_serializing_if = "Patch::stays")]
    #[schemars(length(max = 10_000))]
    pub change_log: Patch<String>,
    /// Which column plays which part, all of it; `null` for none. Only in draft; the dataset is to be validated again.
    #[serde(default, skip_serializing_if = "Patch::stays")]
    pub columns: Patch<ColumnRoles>,
    /// Merged into the card as a JSON merge patch: a key with `null` is removed; `null` itself empties the card.
    #[serde(default, skip_serializing_if = "Patch::stays")]
    #[schemars(extend("maxProperties" = 1000))]
    pub metadata: Patch<Map<String, Value>>,
    /// The new tags, all of them; `null` for none.
    #[serde(default, skip_serializing_if = "Patch::stays")]
    #[schemars(length(max = 50), inner(length(min = 1, max = 64)))]
    pub tags: Patch<Vec<String>>,
}
