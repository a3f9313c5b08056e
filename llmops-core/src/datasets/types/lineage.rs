//! What a dataset came from, what came from it and what needs it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DatasetId;
use crate::base::Id;

/// Something that needs a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetUse {
    /// As `job`, `model`, `evaluation`.
    pub kind: String,
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Whether the dataset may not be deleted while this is there.
    pub blocks: bool,
}

/// Asks for a dataset's lineage.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetDatasetLineage {
    /// Of which dataset.
    pub dataset_id: DatasetId,
}

/// A thing in a dataset's lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetLineageNode {
    /// `dataset`, or the kind of what was made with it.
    pub kind: String,
    /// Its id.
    pub id: Id,
    /// Its name and version; absent when it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// One thing that came from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetLineageEdge {
    /// What was there first.
    pub from: Id,
    /// What came from it.
    pub to: Id,
    /// `became` between versions, `derived` of what was made by `derive_dataset`, `used_by` otherwise.
    pub relation: String,
}

/// The versions a dataset came from, those made from it, and what used it; to 64 generations and 1,000 versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetLineage {
    /// The things.
    pub nodes: Vec<DatasetLineageNode>,
    /// How they hang together.
    pub edges: Vec<DatasetLineageEdge>,
    /// Whether there is more than the limits show.
    pub truncated: bool,
}
