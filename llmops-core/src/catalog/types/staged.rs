//! Files that come together: their bytes first, then which files they are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ModelId;
use crate::base::Timestamp;

/// Sends the bytes of one file: a form with one file, or the bytes as they are. Its name says nothing of where it will go.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StageModelFile {
    /// A model of the name that they are for.
    pub model_id: ModelId,
    /// The SHA-256 that they must have, in hex.
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
}

/// Bytes that wait for a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StagedModelFile {
    /// Their SHA-256 in hex, by which a commit names them.
    pub sha256: String,
    /// How many.
    pub bytes: u64,
    /// When they are forgotten unless a commit took them.
    pub expires_at: Timestamp,
}

/// A file that a commit makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddedModelFile {
    /// Its path within the model; what is there already is replaced.
    #[schemars(length(max = 512))]
    pub path: String,
    /// The SHA-256 of its bytes, in hex: bytes that you staged, or those of a file of any version of this name.
    #[schemars(length(max = 64))]
    pub sha256: String,
}

/// Changes the files of a model, all of them or none.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommitModelFiles {
    /// Whose files.
    pub model_id: ModelId,
    /// The files to make.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub add: Vec<AddedModelFile>,
    /// The paths to remove first; one that ends in `/` is a folder with all that is in it.
    #[serde(default)]
    #[schemars(length(max = 1000), inner(length(max = 513)))]
    pub remove: Vec<String>,
    /// The model's digest as you know it: other files mean a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub digest: Option<String>,
    /// Whether this must still be the newest version of its name; that another is newer means a conflict then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<bool>,
    /// Whether a model that has no other files takes the family that its `config.json` names. Refused without this when the
    /// model is of another family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_family: Option<bool>,
    /// What the card gets where it has nothing under the same key.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 1000))]
    pub metadata: Map<String, Value>,
    /// The tags of a model that has none.
    #[serde(default)]
    #[schemars(length(max = 50), inner(length(min = 1, max = 64)))]
    pub tags: Vec<String>,
    /// What the change is, for the audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub message: Option<String>,
}
