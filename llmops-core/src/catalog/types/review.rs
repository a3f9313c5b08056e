//! Reviews of models.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ModelId;
use crate::base::{Id, Timestamp};

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
    #[schemars(length(max = 64))]
    pub version: String,
    /// The decision.
    pub decision: ReviewDecision,
    /// Why; at most 10,000 characters. Needed to reject or to request changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub notes: Option<String>,
    /// The digest of the files the reviewer looked at. When given, other bytes are a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub digest: Option<String>,
    /// That the reviewer has read the programs of the model. Needed to approve one that has any: Python files, or JSON with
    /// `auto_map` or `trust_remote_code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_reviewed: Option<bool>,
}

/// Asks for the decisions on a model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelReviews {
    /// Which.
    pub model_id: ModelId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
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
    /// The version of the project's approval policy that an approval was made by; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_version: Option<u32>,
    /// When.
    pub created_at: Timestamp,
}
