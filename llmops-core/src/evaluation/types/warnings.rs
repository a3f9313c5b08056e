//! What is known against the scores of an evaluation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::datasets::RecommendedOperation;

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationWarningCode {
    /// The model, or one it was tuned from, learned from these very bytes.
    TrainedOnDataset,
    /// A contamination check found rows of the dataset in one that the model learned from.
    ContaminatedDataset,
}

/// Something known against the scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationWarning {
    /// What it is about.
    pub code: EvaluationWarningCode,
    /// The same in plain words, with the numbers.
    pub text: String,
    /// The call that tells more; absent when what it would tell was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<RecommendedOperation>,
}
