//! What is asked of the room.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::MetricSpec;
use super::{EvaluationParameters, EvaluationRunId, EvaluationStatus};
use crate::catalog::ModelId;
use crate::datasets::DatasetId;
use crate::serving::EndpointId;

/// Starts an evaluation of a model, which need not be deployed, or of an endpoint: exactly one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartEvaluation {
    /// Its name, at most 128 characters; made from the model and the dataset if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub name: Option<String>,
    /// The model to evaluate. It answers in a process of its own, whatever its status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<ModelId>,
    /// The endpoint to evaluate. It is asked through the gateway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint_id: Option<EndpointId>,
    /// The dataset version to evaluate over; it must be approved.
    pub dataset_id: DatasetId,
    /// What to compute, 1 to 32. Over plain text only `perplexity` and `bits_per_byte` mean something.
    #[schemars(length(min = 1, max = 32))]
    pub metrics: Vec<MetricSpec>,
    /// How answers are made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<EvaluationParameters>,
    /// Only so many samples, from the first on; 1 to 100,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub limit: Option<u64>,
    /// How many samples are asked at a time, 1 to 64; 8 if absent, over an endpoint 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 64))]
    pub concurrency: Option<u32>,
}

/// Asks for evaluations. Every filter given must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListEvaluations {
    /// Only those with this text in the name, letter case aside; taken literally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub text: Option<String>,
    /// Only those of this model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<ModelId>,
    /// Only those of this endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint_id: Option<EndpointId>,
    /// Only those over this dataset version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<DatasetId>,
    /// Only those that stand so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<EvaluationStatus>,
    /// Only those that this user started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub run_by: Option<String>,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
    /// Whether to count all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_total: Option<bool>,
}

/// Asks for an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetEvaluation {
    /// Which.
    pub run_id: EvaluationRunId,
}

/// Asks to end an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CancelEvaluation {
    /// Which.
    pub run_id: EvaluationRunId,
}

/// Asks for the samples of an evaluation, in the order of the dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListEvaluationSamples {
    /// Of which.
    pub run_id: EvaluationRunId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Asks for a comparison of evaluations over the same samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompareEvaluations {
    /// Which, 2 to 8; the others are compared with the first.
    #[schemars(length(min = 1, max = 8))]
    pub run_ids: Vec<EvaluationRunId>,
}

/// How an evaluation is written to a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationFormat {
    /// One document: the evaluation and its samples.
    #[default]
    Json,
    /// A line for each sample.
    Csv,
}

/// Asks for an evaluation as a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportEvaluation {
    /// Which.
    pub run_id: EvaluationRunId,
    /// How; JSON if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<EvaluationFormat>,
}

/// Asks what can be computed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListEvaluationMetrics {}
