//! A dataset's life: its moves, its reviews and its versions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ColumnRoles, DatasetId, DatasetStatus, PiiPolicyRef};
use crate::base::{Id, Timestamp};

/// Moves a dataset on in its life.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetDatasetStatus {
    /// Which.
    pub dataset_id: DatasetId,
    /// Where to.
    pub status: DatasetStatus,
    /// Why; kept with the review when the move is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub notes: Option<String>,
}

/// What a reviewer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatasetDecision {
    /// It may be used.
    Approve,
    /// It may not.
    Reject,
    /// Back to its author.
    RequestChanges,
}

/// Decides on a dataset under review.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviewDataset {
    /// Which.
    pub dataset_id: DatasetId,
    /// Its version, which must be the one the reviewer looked at.
    #[schemars(length(max = 64))]
    pub version: String,
    /// The decision.
    pub decision: DatasetDecision,
    /// Why; at most 10,000 characters. Needed to reject or to request changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub notes: Option<String>,
    /// The digest of the files the reviewer looked at. When given, other bytes are a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub digest: Option<String>,
}

/// Asks for the decisions on a dataset.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListDatasetReviews {
    /// Which.
    pub dataset_id: DatasetId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// A decision on a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetReview {
    /// Its id.
    pub id: Id,
    /// On which dataset.
    pub dataset_id: DatasetId,
    /// What was decided.
    pub decision: DatasetDecision,
    /// By whom.
    pub reviewer: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The digest of the files it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The waiver that an approval relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<PiiWaiver>,
    /// When.
    pub created_at: Timestamp,
}

/// Asks for the versions of a dataset's name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListDatasetVersions {
    /// Any version of it.
    pub dataset_id: DatasetId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Begins a new version from this one: a draft with the same name, type and team, whose parent this is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateDatasetVersion {
    /// The version to begin from.
    pub dataset_id: DatasetId,
    /// The new version, as `1.1.0`.
    #[schemars(length(max = 64))]
    pub version: String,
    /// What changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub change_log: Option<String>,
    /// Which column plays which part; as in the parent if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<ColumnRoles>,
    /// Whether the new version begins with the parent's files, none of them stored again; it begins empty if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_files: Option<bool>,
}

/// Lets the personal data that a validation found pass.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WaiveDatasetPii {
    /// Of which dataset.
    pub dataset_id: DatasetId,
    /// The validation whose report the reviewer looked at; it must be the last one.
    pub validation_id: Id,
    /// Why it may stay, at most 2,000 characters.
    #[schemars(length(min = 1, max = 2000))]
    pub reason: String,
}

/// Takes a waiver back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WithdrawPiiWaiver {
    /// Of which dataset.
    pub dataset_id: DatasetId,
}

/// That personal data which was found may stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PiiWaiver {
    /// The validation that found it.
    pub validation_id: Id,
    /// The bytes it was found in.
    pub digest: String,
    /// The policy that allows it.
    pub policy: PiiPolicyRef,
    /// How much was found.
    pub findings: u64,
    /// Why it may stay.
    pub reason: String,
    /// Who says so.
    pub waived_by: String,
    /// When.
    pub waived_at: Timestamp,
}
