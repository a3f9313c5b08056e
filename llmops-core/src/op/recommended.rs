//! Calls that answers recommend.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A call that is recommended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecommendedOperation {
    /// As `datasets.derive_dataset`.
    pub name: String,
    /// What it is told; of what a person has to add, nothing.
    pub parameters: Map<String, Value>,
}
