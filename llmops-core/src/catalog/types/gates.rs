//! What stands between a model and its approval.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ModelId, RequiredEvaluation};
use crate::base::Id;
use crate::op::RecommendedOperation;

/// Asks what stands between a model and its approval.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetModelGates {
    /// Which.
    pub model_id: ModelId,
}

/// What a gate looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelGateKind {
    /// Whether the card holds what a review needs.
    Card,
    /// Whether the files are all there, verified, and could be served.
    Files,
    /// Whether the model brings programs.
    Code,
    /// Whether the policy allows the card's license.
    License,
    /// Whether the model has an evaluation that the policy requires.
    Evaluation,
    /// Whether the caller may decide on it.
    Reviewer,
    /// How many reviewers have approved.
    Approvals,
}

/// What a gate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelGateState {
    /// It stands open.
    Passed,
    /// It holds the approval back.
    Failed,
    /// It is up to who approves.
    Reviewer,
}

/// One gate and what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelGate {
    /// What it looks at.
    pub gate: ModelGateKind,
    /// What it says.
    pub state: ModelGateState,
    /// Why, in plain words, with the numbers.
    pub text: String,
    /// Why it did not pass, for programs, as `evaluation_below`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The call that mends it or tells more; absent where only a person can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<RecommendedOperation>,
    /// The evaluation that the policy requires, of a gate that looks at one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<RequiredEvaluation>,
    /// The dataset version that is required, as `faq:1.0.0`, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// The evaluation that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<Id>,
    /// What that one measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Who approved these files so far, of the gate that counts approvals.
    #[serde(default)]
    pub approved_by: Vec<String>,
    /// How many approvals are needed, of the same gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approvals_needed: Option<u32>,
}

/// What stands between a model and its approval now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelGates {
    /// Of which model.
    pub model_id: ModelId,
    /// The digest of the files that were looked at; absent while it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The version of the project's approval policy that was asked; absent where the project has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_version: Option<u32>,
    /// Whether no gate failed: the rest is up to who approves.
    pub approvable: bool,
    /// Each gate: those that always stand, then those of the policy, then what is up to reviewers.
    pub gates: Vec<ModelGate>,
}
