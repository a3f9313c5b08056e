//! What versions take in the object store.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DatasetId;

/// When of a file only the chunks are kept that earlier versions do not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packing {
    /// From so many bytes on; smaller files stay whole. Never, if absent: files of new versions stay whole, and what was
    /// packed before can still be read.
    pub least_bytes: Option<u64>,
    /// So long after the version last changed.
    pub after: Duration,
}

impl Default for Packing {
    fn default() -> Self {
        Self { least_bytes: Some(1 << 20), after: Duration::from_secs(60) }
    }
}

/// Asks what all versions of a dataset's name take together.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetDatasetStorage {
    /// Any version of the name.
    pub dataset_id: DatasetId,
}

/// What all versions of one name take together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetStorage {
    /// The name.
    pub name: String,
    /// How many versions it has.
    pub versions: u64,
    /// How many of them are not looked at yet; they count as if they were stored in full.
    pub pending: u64,
    /// Bytes of their files: what full copies would take.
    pub bytes: u64,
    /// Bytes that are stored for them, each chunk once.
    pub stored_bytes: u64,
    /// The share of `bytes` that is saved, 0 to 1.
    pub saved: f64,
}
