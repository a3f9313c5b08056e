//! What is known of a file that comes in parts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::{Error, Id, Result, Timestamp, id_type};
use crate::blob::Place;

id_type! {
    /// The id of a file that comes in parts.
    UploadId
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// Parts may come.
    Receiving,
    /// All came; the whole is read and checked.
    Completing,
    /// The file is there.
    Complete,
    /// It is not what it claims to be, or is not taken; `error` says why. When only its digest is not what was said, the upload is
    /// receiving again and takes another.
    Failed,
}

/// Parts that follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartRange {
    /// The first, counted from 0.
    pub first: u64,
    /// The last.
    pub last: u64,
}

/// Why a file was refused, as an error of a call says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadError {
    /// Its kind, as `invalid`.
    pub kind: String,
    /// Its code, as `checksum_mismatch`.
    pub code: String,
    /// In words.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A part that is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadPart {
    /// Which, counted from 0.
    pub number: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256 in hex.
    pub sha256: String,
}

/// A file that comes in parts, as the room of its owner sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Whose file it is to be.
    pub owner: Id,
    /// Its path.
    pub path: String,
    /// How it is written, as its sender said.
    pub told: Option<Value>,
    /// Whether it takes the place of other bytes.
    pub replace: bool,
    /// How many bytes it has.
    pub bytes: u64,
    /// The SHA-256 that it must have, in hex.
    pub sha256: Option<String>,
    /// Where it stands.
    pub state: UploadState,
    /// How many bytes a part has; the last has what is left.
    pub part_bytes: u64,
    /// How many parts there are.
    pub parts: u64,
    /// How many bytes came.
    pub received_bytes: u64,
    /// The parts that are to come; not looked for in lists.
    pub missing: Option<Vec<PartRange>>,
    /// The path of the file that became of it.
    pub kept_as: String,
    /// Why the whole was refused, or what keeps it from being put together, as errors are written down.
    pub refusal: Option<Value>,
    /// Who began it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When something of it came last.
    pub updated_at: Timestamp,
    /// When it is forgotten unless more comes.
    pub expires_at: Timestamp,
}

impl Upload {
    /// The refusal as callers are told of it.
    pub fn error(&self) -> Option<UploadError> {
        self.refusal.clone().and_then(|said| serde_json::from_value(said).ok())
    }

    /// Which bytes of the file a part has.
    ///
    /// # Errors
    /// `invalid` when there are not so many.
    pub fn place(&self, number: u64) -> Result<Place> {
        if number >= self.parts {
            return Err(
                Error::invalid("number", format!("must be 0 to {}", self.parts - 1)).hint("parts are counted from 0")
            );
        }
        let start = number * self.part_bytes;
        let bytes = self.part_bytes.min(self.bytes - start);
        Ok(Place { index: usize::try_from(number).unwrap_or(usize::MAX), start, bytes })
    }
}
