//! Looking at rows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{DataFormat, DatasetColumn, DatasetId};

/// Asks for rows of a dataset.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreviewDataset {
    /// Of which dataset.
    pub dataset_id: DatasetId,
    /// The most rows, 1 to 1000; 50 if absent. A page also ends after 4 MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
    /// The row to begin with, from 0, when there is no cursor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0_i64, max = 9_007_199_254_740_991_i64))]
    pub row: Option<u64>,
    /// The columns to show; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000), inner(length(max = 1000)))]
    pub columns: Option<Vec<String>>,
}

/// One row as it stands in its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewRow {
    /// Its number among the rows that can be read, from 0.
    pub row: u64,
    /// The file it stands in.
    pub path: String,
    /// Its line in that file, from 1.
    pub line: u64,
    /// Its values by column. Values of a table are text; a column that a row lacks is absent.
    pub values: Map<String, Value>,
}

/// Rows of a dataset and what they are made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetPreview {
    /// The columns shown.
    pub columns: Vec<DatasetColumn>,
    /// The rows.
    pub items: Vec<PreviewRow>,
    /// Rows in all.
    pub rows: u64,
    /// Columns in all.
    pub column_count: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// How the rows are written; absent while there is no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<DataFormat>,
    /// Give it as `cursor` for the next rows; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
