//! Rows on their way out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DatasetId;

/// How rows are sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowFormat {
    /// One JSON object a line. Values are as they stand in JSON lines, numbers digit for digit.
    #[default]
    Jsonl,
    /// A stream of Arrow's format for interprocess communication, typed by the columns of the dataset.
    Arrow,
    /// A Parquet file, typed by the columns of the dataset, in groups of about 16 MiB. What is nested is text that holds JSON.
    Parquet,
}

/// Asks for the rows of a dataset. Every row has every column that was asked for, in the order of the dataset; one that it lacks
/// is null, and so is a blank value of a table, or a blank text in a column of numbers or booleans. Values of a table have the type
/// of their column.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadDatasetRows {
    /// Of which dataset.
    pub dataset_id: DatasetId,
    /// The only file whose rows are read; all, by path, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub path: Option<String>,
    /// The columns to read; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000), inner(length(max = 1000)))]
    pub columns: Option<Vec<String>>,
    /// The row to begin with, from 0: among those of all files, or of the one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0_i64, max = 9_007_199_254_740_991_i64))]
    pub row: Option<u64>,
    /// The most rows; all that follow if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1_i64, max = 9_007_199_254_740_991_i64))]
    pub limit: Option<u64>,
    /// How they are sent: `jsonl`, which holds if absent, `arrow` or `parquet`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<RowFormat>,
    /// Whether rows that cannot be read are left out, as a preview does; a file with such rows is refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_bad_rows: Option<bool>,
}
