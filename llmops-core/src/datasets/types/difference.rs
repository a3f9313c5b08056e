//! How a version differs from the one it was made from, in a few numbers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DatasetId;

/// How a version differs from the one it was made from, as far as that is known without reading rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetDiffSummary {
    /// The version it was made from.
    pub base_version_id: DatasetId,
    /// The version of that one, as `1.0.0`.
    pub base_version: String,
    /// Whether both have the same files.
    pub same_files: bool,
    /// How many files more there are than before; below 0 fewer.
    pub files: i64,
    /// How many rows more there are than before; below 0 fewer.
    pub rows: i64,
    /// How many bytes more there are than before; below 0 fewer.
    pub bytes: i64,
    /// How many columns are new.
    pub columns_added: u64,
    /// How many columns are gone.
    pub columns_removed: u64,
    /// How many columns are of another type now.
    pub columns_changed: u64,
    /// Which rows differ: known when nothing does, and once the two were compared, as `diff_dataset_version` does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<DiffedRows>,
}

/// How many rows differ between two versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiffedRows {
    /// Rows that were not there before.
    pub added: u64,
    /// Rows that are gone.
    pub removed: u64,
    /// Rows of one key whose other values differ.
    pub modified: u64,
    /// The columns that said which rows are the same one; without any, rows were compared as they are.
    pub keys: Vec<String>,
}
