//! Two versions side by side.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ModelId, ModelStatus, ModelType};
use crate::base::Timestamp;

/// Compares two versions of a model's name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompareModelVersions {
    /// Any version of the name.
    pub model_id: ModelId,
    /// The version to compare from. Where the name has it in several types, that of this model's type is meant.
    #[schemars(length(min = 1, max = 64))]
    pub a: String,
    /// The version to compare to.
    #[schemars(length(min = 1, max = 64))]
    pub b: String,
}

/// What differs between two versions. What is alike is not listed, but counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelComparison {
    /// The model's name.
    pub name: String,
    /// The version compared from.
    pub a: ComparedModel,
    /// The version compared to.
    pub b: ComparedModel,
    /// Whether both have the same files with the same bytes.
    pub same_bytes: bool,
    /// The lines of the record and the card that differ, in order of their names.
    pub fields: Vec<FieldChange>,
    /// The files that differ, in order of their paths; at most 1,000.
    pub files: Vec<FileChange>,
    /// How many files are alike, and how many differ in which way.
    pub file_counts: FileCounts,
    /// The scores that at least one of them is known by, by dataset and metric.
    pub scores: Vec<ScoreChange>,
}

/// A version that is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedModel {
    /// Its id.
    pub id: ModelId,
    /// Its version.
    pub version: String,
    /// Its type.
    #[serde(rename = "type")]
    pub model_type: ModelType,
    /// Where it stands.
    pub status: ModelStatus,
    /// SHA-256 over its files' paths and digests, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// A line of the record or the card that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// Its name; a line of the card as `metadata.license`, of an object in it as `metadata.training.seed`.
    pub field: String,
    /// What `a` has; absent if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub a: Option<Value>,
    /// What `b` has; absent if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub b: Option<Value>,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileDifference {
    /// `b` has it and `a` does not.
    Added,
    /// `a` has it and `b` does not.
    Removed,
    /// Both have it, with other bytes.
    Changed,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileChange {
    /// Its path within the model.
    pub path: String,
    /// What became of it.
    pub difference: FileDifference,
    /// Its size in `a`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_a: Option<u64>,
    /// Its size in `b`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_b: Option<u64>,
}

/// How many files are alike, and how many differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileCounts {
    /// In `b` only.
    pub added: u64,
    /// In `a` only.
    pub removed: u64,
    /// In both, with other bytes.
    pub changed: u64,
    /// In both, with the same bytes.
    pub same: u64,
}

/// A score of two versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreChange {
    /// The dataset it was measured on, with its version.
    pub dataset: String,
    /// The metric.
    pub metric: String,
    /// What `a` reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub a: Option<f64>,
    /// What `b` reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub b: Option<f64>,
    /// `b` less `a`, where both are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<f64>,
}
