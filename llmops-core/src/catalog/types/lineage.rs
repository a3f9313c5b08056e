//! The question for a model's lineage.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ModelId;

/// Asks for a model's lineage.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetModelLineage {
    /// Of which model.
    pub model_id: ModelId,
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
