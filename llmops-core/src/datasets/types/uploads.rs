//! Files that come in parts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DataFormat, DatasetFile, DatasetId};
use crate::base::Timestamp;
use crate::uploads::{PartRange, UploadError, UploadId, UploadState};

/// Begins a file that comes in parts. What it is kept as, once it is whole, is said at `upload_dataset_files`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateDatasetUpload {
    /// Whose file.
    pub dataset_id: DatasetId,
    /// Its path within the dataset.
    #[schemars(length(min = 1, max = 512))]
    pub path: String,
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
    /// What the text is written in, when it is not UTF-8, as `upload_dataset_files` takes it. Found out if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 40))]
    pub encoding: Option<String>,
    /// How many bytes it has, 1 to 1 TiB.
    #[schemars(range(min = 1, max = 1_099_511_627_776_u64))]
    pub bytes: u64,
    /// Its SHA-256 in hex, as it is sent, if that is known already; to complete the upload it is needed, or else that of each part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub sha256: Option<String>,
    /// Whether it takes the place of other bytes under the same path; refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace: Option<bool>,
}

/// A file that comes in parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetUpload {
    /// Its id.
    pub id: UploadId,
    /// Whose file it is to be.
    pub dataset_id: DatasetId,
    /// Its path within the dataset.
    pub path: String,
    /// The format that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<DataFormat>,
    /// What was said to separate the values of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Whether a table's first record was said to name its columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// What the text was said to be written in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// How many bytes it has.
    pub bytes: u64,
    /// The SHA-256 that it must have as it is sent, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Where it stands.
    pub state: UploadState,
    /// How many bytes a part has; the last has what is left.
    pub part_bytes: u64,
    /// How many parts there are.
    pub parts: u64,
    /// How many bytes came.
    pub received_bytes: u64,
    /// The parts that are to come. Lists leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<PartRange>>,
    /// The file, once it is one of the dataset's; a `README.md` is none, but its card. Lists leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<DatasetFile>,
    /// Why the whole was refused, or what keeps it from being put together, which is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<UploadError>,
    /// Who began it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When something of it came last.
    pub updated_at: Timestamp,
    /// When it is forgotten unless more comes.
    pub expires_at: Timestamp,
}

/// Asks for the uploads of a dataset.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListDatasetUploads {
    /// Whose.
    pub dataset_id: DatasetId,
    /// The most uploads of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Asks how far an upload is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetDatasetUpload {
    /// Whose file.
    pub dataset_id: DatasetId,
    /// Which upload.
    pub upload_id: UploadId,
}

/// Sends one part: a form with one file, or the bytes as they are.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadDatasetPart {
    /// Whose file.
    pub dataset_id: DatasetId,
    /// Which upload.
    pub upload_id: UploadId,
    /// Which part, counted from 0.
    #[schemars(range(max = 9999))]
    pub number: u64,
    /// The SHA-256 that its bytes must have, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub sha256: Option<String>,
}

/// Says that all parts came.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompleteDatasetUpload {
    /// Whose file.
    pub dataset_id: DatasetId,
    /// Which upload.
    pub upload_id: UploadId,
    /// The SHA-256 of the whole file, in hex; not needed if it was said when the upload began, or every part was sent with its
    /// own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub sha256: Option<String>,
}

/// Gives an upload up.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AbortDatasetUpload {
    /// Whose file.
    pub dataset_id: DatasetId,
    /// Which upload.
    pub upload_id: UploadId,
}
