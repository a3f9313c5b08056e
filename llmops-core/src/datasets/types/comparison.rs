//! How two versions differ.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ColumnType, DatasetId, TopValue, ValidationProgress, ValueQuantile};
use crate::base::{Id, Timestamp};

/// Where work on a dataset stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatasetWorkState {
    /// Waiting for its turn.
    Queued,
    /// Reading.
    Running,
    /// Done.
    Succeeded,
    /// It could not be carried out; `error` says why.
    Failed,
    /// Ended by a caller.
    Cancelled,
}

/// Compares two versions. The answer is kept for the bytes and keys it is about: asked again, it costs nothing. While it is
/// being worked on the same call joins it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompareDatasetVersions {
    /// A version of the dataset whose versions are compared.
    pub dataset_id: DatasetId,
    /// What is compared: a version of this dataset's name, as `1.0.0`, or the id of any dataset version.
    #[schemars(length(max = 64))]
    pub a: String,
    /// What it is compared with; rows that only this one has are `added`.
    #[schemars(length(max = 64))]
    pub b: String,
    /// The columns that say which rows are the same one. If absent rows are compared as they are: none is `modified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20), inner(length(max = 1000)))]
    pub keys: Option<Vec<String>>,
    /// How many seconds to wait for the outcome, 0 to 60; 20 if absent. After that the answer says how far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 60))]
    pub wait: Option<u32>,
}

/// Asks how a version differs from the one it came from, or from another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DiffDatasetVersion {
    /// A version of the dataset whose versions are compared.
    pub dataset_id: DatasetId,
    /// What differs: a version of this dataset's name, as `1.1.0`, or the id of any dataset version.
    #[schemars(length(max = 64))]
    pub version: String,
    /// What it differs from: the id of any dataset version. If absent the version that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_version_id: Option<DatasetId>,
    /// The columns that say which rows are the same one. If absent rows are compared as they are: none is `modified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20), inner(length(max = 1000)))]
    pub keys: Option<Vec<String>>,
    /// How many seconds to wait for the outcome, 0 to 60; 20 if absent. After that the answer says how far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 60))]
    pub wait: Option<u32>,
}

/// How two versions differ, or how far the comparison is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetComparison {
    /// Its id.
    pub id: Id,
    /// The version that was there first.
    pub a: ComparedVersion,
    /// The version it is compared with.
    pub b: ComparedVersion,
    /// The columns that say which rows are the same one.
    pub keys: Vec<String>,
    /// Where it stands.
    pub state: DatasetWorkState,
    /// How far it is.
    pub progress: ValidationProgress,
    /// What was found, once it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ComparisonReport>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it was asked for first.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedVersion {
    /// Its id.
    pub dataset_id: DatasetId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The digest of its files.
    pub digest: String,
    /// Rows that are compared.
    pub rows: u64,
    /// Rows that cannot be read and are left out.
    pub bad_rows: u64,
}

/// How two versions differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonReport {
    /// Rows that only `b` has.
    pub added: u64,
    /// Rows that only `a` has.
    pub removed: u64,
    /// Rows of one key whose other values differ.
    pub modified: u64,
    /// Rows that both have as they are.
    pub unchanged: u64,
    /// Rows, of either version, that share their key with another one of the same version. Where there are some, which of
    /// them is said to be modified is arbitrary.
    pub repeated_keys: u64,
    /// What the columns hold, before and after.
    pub columns: Vec<ColumnComparison>,
    /// The first rows of each kind, at most 20.
    pub samples: ComparisonSamples,
}

/// What became of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnChange {
    /// It is in both, with the same type.
    None,
    /// Only `b` has it.
    Added,
    /// Only `a` has it.
    Removed,
    /// Its values are of another type.
    TypeChanged,
}

/// One column in two versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ColumnComparison {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub change: ColumnChange,
    /// Whether its values are spread in another way.
    pub drifted: bool,
    /// What it held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ColumnShape>,
    /// What it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ColumnShape>,
}

/// How the values of a column are spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ColumnShape {
    /// What its values are.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// The share of rows without a value, 0 to 1.
    pub missing_share: f64,
    /// Different values.
    pub distinct: u64,
    /// Whether `distinct` is exact; else it is estimated to about 1 in 100.
    pub distinct_exact: bool,
    /// Whether the numbers below are of the lengths of texts, in characters, and not of the values.
    pub of_lengths: bool,
    /// The smallest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The largest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// The mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// The standard deviation of the population.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub std_dev: Option<f64>,
    /// The values below which 5, 25, 50, 75 and 95 of 100 lie.
    pub quantiles: Vec<ValueQuantile>,
    /// The most frequent values, at most five.
    pub top_values: Vec<TopValue>,
}

/// Rows of each kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonSamples {
    /// Rows that only `b` has.
    pub added: Vec<ComparedRow>,
    /// Rows that only `a` has.
    pub removed: Vec<ComparedRow>,
    /// Rows that changed.
    pub modified: Vec<ModifiedRow>,
}

/// A row that only one version has. Of a value at most 500 characters are shown, of a row about 4 KiB.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedRow {
    /// Its number, from 0, as in the preview.
    pub row: u64,
    /// Its values by column; what holds no value is absent.
    pub values: Map<String, Value>,
    /// Whether not all of it is shown.
    pub cut: bool,
}

/// A row that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModifiedRow {
    /// Its number in `a`, from 0.
    pub row_before: u64,
    /// Its number in `b`, from 0.
    pub row_after: u64,
    /// The values of its key.
    pub key: Map<String, Value>,
    /// What changed, column by column.
    pub changes: Vec<ValueChange>,
    /// Whether not all of it is shown.
    pub cut: bool,
}

/// One value that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ValueChange {
    /// The column.
    pub column: String,
    /// What it held; absent if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it holds; absent if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}
