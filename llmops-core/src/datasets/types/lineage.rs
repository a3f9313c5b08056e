//! What needs a dataset, and the question for its lineage.

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
    /// How many generations before and after, 1 to 10,000; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub depth: Option<u32>,
    /// The most things of a page, 1 to 1000; 1000 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}
