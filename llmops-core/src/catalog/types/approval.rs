//! What a project asks of its models before they are approved.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ModelType;
use crate::base::{Id, Timestamp};

/// Writes what models of the project must have before they are approved. Other content than the newest version's makes the
/// next version; the old ones stay. An approval is held to the newest; what was approved before stays approved. Honours
/// `If-Match`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutModelApprovalPolicy {
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// The evaluations that a model must have; none if absent.
    #[serde(default)]
    #[schemars(length(max = 32))]
    pub evaluations: Vec<RequiredEvaluation>,
    /// The licenses that a card may name, letter case aside, each as a whole; any if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200), inner(length(min = 1, max = 100)))]
    pub licenses: Option<Vec<String>>,
    /// How many reviewers must approve; 1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10))]
    pub approvals: Option<u32>,
    /// Whether evaluations count that carry warnings: that the model learned from what it was asked. No if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_warnings: Option<bool>,
}

/// An evaluation that a model must have, of its files as they are. The newest that has enough samples counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequiredEvaluation {
    /// The metric, as `exact_match`. What an evaluation calls it does not matter.
    #[schemars(length(min = 1, max = 64))]
    pub metric: String,
    /// The metric's own options, which an evaluation must have used; of those that are not named, the defaults.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 32))]
    pub options: Map<String, Value>,
    /// The dataset version that it must be over; any if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<Id>,
    /// The least value that passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -1.0e12, max = 1.0e12))]
    pub at_least: Option<f64>,
    /// The most that passes. Without either, having been measured is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -1.0e12, max = 1.0e12))]
    pub at_most: Option<f64>,
    /// The least number of samples that got an answer; 1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub min_samples: Option<u64>,
    /// The types of models that must have it; `base` and `fine-tuned` if absent. No evaluation says whose bytes answered for an
    /// external model, so that type is none of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 3))]
    pub model_types: Option<Vec<ModelType>>,
}

/// One version of a project's approval policy. What was not said when it was written is filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelApprovalPolicy {
    /// The project it belongs to.
    pub project: String,
    /// Which version, from 1.
    pub version: u32,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The evaluations that a model must have.
    pub evaluations: Vec<RequiredEvaluation>,
    /// The licenses that a card may name; any if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licenses: Option<Vec<String>>,
    /// How many reviewers must approve.
    pub approvals: u32,
    /// Whether evaluations count that carry warnings.
    pub allow_warnings: bool,
    /// Who wrote this version.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Send it as `If-Match` to change just what was read.
    pub etag: String,
}

/// Asks for the project's approval policy.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetModelApprovalPolicy {
    /// Which version; the newest if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub version: Option<u32>,
}

/// Asks for the versions of the project's approval policy, the newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelApprovalPolicies {
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}
