//! Files that come together: their bytes first, then which files they are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DataFormat, DatasetId};
use crate::base::Timestamp;

/// Sends the bytes of one file: a form with one file, or the bytes as they are. A form without a file, of bytes that wait already or
/// that a file of this name has, reads those: `sha256` says which.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StageDatasetFile {
    /// A dataset of the name that they are for.
    pub dataset_id: DatasetId,
    /// The path that a commit will give them: they are unpacked and read as what it claims. Without one they only wait, and are staged
    /// once more, without bytes, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub path: Option<String>,
    /// The SHA-256 that they must have as they are sent, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub sha256: Option<String>,
    /// The name of a pack, 64 hexadecimal digits. The bytes are one then, and no file: pieces that are packed by themselves, as Xet's
    /// xorbs, of which files are put together for a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub pack: Option<String>,
    /// Whether the bytes are a list in the file's place, of the runs of pieces that the file is: a line `PACK FROM TO` each, with the
    /// name of a pack that you have sent, the first piece counted from 0, and the piece before which the run ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_packs: Option<bool>,
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
}

/// Bytes that wait for a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StagedDatasetFile {
    /// Their SHA-256 in hex as they were sent, by which a commit names them.
    pub sha256: String,
    /// How many are kept.
    pub bytes: u64,
    /// The path that the file will be kept under, if one was said: `rows.jsonl` of `rows.parquet`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_as: Option<String>,
    /// Rows that can be read, of a file of rows whose path was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Rows that cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bad_rows: Option<u64>,
    /// When they are forgotten unless a commit took them.
    pub expires_at: Timestamp,
}

/// A file that a commit makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddedDatasetFile {
    /// Its path within the dataset, as it was staged with; what is there already is replaced. `README.md` is the card.
    #[schemars(length(max = 512))]
    pub path: String,
    /// The SHA-256 of its bytes, in hex: bytes that you staged, or those of a file of any version of this name whose path has the same
    /// ending.
    #[schemars(length(max = 64))]
    pub sha256: String,
}

/// Changes the files of a dataset, all of them or none.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommitDatasetFiles {
    /// Whose files.
    pub dataset_id: DatasetId,
    /// The files to make.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub add: Vec<AddedDatasetFile>,
    /// The paths to remove first; one that ends in `/` is a folder with all that is in it, and `README.md` is the card.
    #[serde(default)]
    #[schemars(length(max = 1000), inner(length(max = 513)))]
    pub remove: Vec<String>,
    /// The dataset's digest as you know it: other files mean a conflict. Empty while it has no files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub digest: Option<String>,
    /// The digest of its card as you know it: another card means a conflict. Empty while it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub card_digest: Option<String>,
    /// Whether this must still be the newest version of its name; that another is newer means a conflict then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<bool>,
    /// What the change is: for the audit, and the change log of a version that begins with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub message: Option<String>,
}
