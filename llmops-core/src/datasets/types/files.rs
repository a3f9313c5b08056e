//! A dataset's files.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DataFormat, DatasetColumn, DatasetId};
use crate::base::Timestamp;

/// Sends files of a dataset. Each part's file name is its path within the dataset. A file compressed with gzip or Zstandard is
/// kept unpacked, under its path without `.gz` or `.zst`; Parquet is kept as JSON lines, under its path with `.jsonl`; text is
/// kept in UTF-8. Files that came before one that is refused stay. A `README.md` is none of the files but the card: its front
/// matter fills what the card lacks, and its text, of at most 1 MiB, is the card's.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadDatasetFiles {
    /// Whose files.
    pub dataset_id: DatasetId,
    /// The path of a body that is sent as it is, without a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub path: Option<String>,
    /// The format, when the path's ending does not tell: `csv`, `jsonl` or `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<DataFormat>,
    /// What separates the values of a table: one of `,` `;` `|` or a tab. Found out if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 3))]
    pub delimiter: Option<String>,
    /// Whether a table's first record names its columns. Found out if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// What the text is written in, when it is not UTF-8: a label of the WHATWG standard, as `euc-kr`, `windows-1252`,
    /// `shift_jis` or `utf-16le`. Found out if absent; a byte order mark in the file has the last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 40))]
    pub encoding: Option<String>,
    /// Whether other bytes under the same path take the place of the old ones, and another text that of the card; refused
    /// otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace: Option<bool>,
    /// The SHA-256 that the file must have as it is sent, in hex; for an upload of one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub sha256: Option<String>,
}

/// One file of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetFile {
    /// Its path within the dataset.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hex.
    pub sha256: String,
    /// How its rows are written.
    pub format: DataFormat,
    /// What separates the values, of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Whether the first record names the columns, of a table.
    pub header: bool,
    /// What of these was found out from the first records, and not said by the sender. If it was found wrong, send the file
    /// again and say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guessed: Vec<GuessedForm>,
    /// What it was written in when it came, if that was not UTF-8; it is kept in UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<DatasetFileEncoding>,
    /// Rows that can be read.
    pub rows: u64,
    /// Rows that cannot; the validation report says where and why.
    pub bad_rows: u64,
    /// Its columns.
    pub schema: Vec<DatasetColumn>,
    /// When it came.
    pub created_at: Timestamp,
}

/// What of a table's form was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuessedForm {
    /// What separates the values.
    Delimiter,
    /// Whether the first record names the columns.
    Header,
}

/// What a file was written in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetFileEncoding {
    /// The encoding, as `euc-kr`.
    pub name: String,
    /// Whether it was found out from the first MiB. If that was wrong, send the file again and say the `encoding`.
    pub guessed: bool,
}

/// What an upload brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadedDatasetFiles {
    /// Each file as it is kept, in the order they came.
    pub files: Vec<DatasetFile>,
    /// Whether a `README.md` came, which is the card of the dataset.
    pub card: bool,
}

/// Asks for the files of a dataset.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListDatasetFiles {
    /// Whose.
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

/// Asks for the bytes of a file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DownloadDatasetFile {
    /// Whose.
    pub dataset_id: DatasetId,
    /// Its path within the dataset.
    #[schemars(length(max = 512))]
    pub path: String,
    /// As the HTTP header: `bytes=0-99`, `bytes=100-`, `bytes=-10`. Several ranges are answered with the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub range: Option<String>,
}

/// Asks to delete a dataset.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteDataset {
    /// Which.
    pub dataset_id: DatasetId,
}

/// A dataset that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletedDataset {
    /// Which.
    pub dataset_id: DatasetId,
    /// Files that will be removed from the store unless something else holds the same bytes.
    pub files: u64,
    /// Until when it can be brought back; absent when it is gone for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restorable_until: Option<Timestamp>,
    /// Whether its bytes are gone from the store already. They follow in the background: `get_dataset_deletion` says when they are.
    pub storage_cleaned: bool,
}
