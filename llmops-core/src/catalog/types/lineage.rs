//! Where models came from and what came from them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ModelId;
use crate::base::Id;

/// Asks for a model's lineage.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetModelLineage {
    /// Of which model.
    pub model_id: ModelId,
}

/// A thing in a lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineageNode {
    /// `model`, `dataset` or `job`.
    pub kind: String,
    /// Its id.
    pub id: Id,
    /// Its name and version, where this room knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// One thing that came from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineageEdge {
    /// What was there first.
    pub from: Id,
    /// What came from it.
    pub to: Id,
    /// `tuned_into`, `trained` or `made`.
    pub relation: String,
}

/// What a model came from and what came from it, to 64 generations and 1,000 models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineageGraph {
    /// The things.
    pub nodes: Vec<LineageNode>,
    /// How they hang together.
    pub edges: Vec<LineageEdge>,
    /// Whether there is more than the limits show.
    pub truncated: bool,
}
