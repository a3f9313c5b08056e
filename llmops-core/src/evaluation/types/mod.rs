//! What callers send and get.

mod comparison;
mod requests;
mod samples;
mod warnings;

pub use comparison::*;
pub use requests::*;
pub use samples::*;
pub use warnings::*;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::metric::Needs;
use super::{MetricScore, MetricSpec};
use crate::base::{Money, Timestamp, id_type};
use crate::catalog::ModelId;
use crate::datasets::DatasetId;
use crate::serving::EndpointId;

id_type! {
    /// The id of an evaluation.
    EvaluationRunId
}

/// Where an evaluation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationStatus {
    /// Waiting for its turn.
    Queued,
    /// Asking the model, or scoring its answers.
    Running,
    /// Done.
    Succeeded,
    /// Ended by a fault.
    Failed,
    /// Ended on request.
    Cancelled,
}

/// Who judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationType {
    /// Metrics alone.
    Automated,
}

/// How answers are made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluationParameters {
    /// The most tokens of an answer, 1 to 4096; 64 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 4096))]
    pub max_tokens: Option<u32>,
    /// 0 takes the likeliest token, up to 2; 0 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 2.0))]
    pub temperature: Option<f64>,
    /// The seed of the draws; 0 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u32>,
}

/// How far an evaluation is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationProgress {
    /// Samples that were answered.
    pub done: u64,
    /// Samples in all; 0 until the dataset was read.
    pub total: u64,
}

/// An evaluation of a model or an endpoint over a version of a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationRun {
    /// Its id.
    pub id: EvaluationRunId,
    /// Its name.
    pub name: String,
    /// The model that answers; behind an endpoint, the one it had when the evaluation began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<ModelId>,
    /// Its name and version, as `tiny:1.0.0`.
    pub model: String,
    /// The endpoint that is asked, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint_id: Option<EndpointId>,
    /// The dataset version.
    pub dataset_id: DatasetId,
    /// Its name and version, as `faq:1.0.0`.
    pub dataset: String,
    /// SHA-256 over its files, in hex. Only evaluations over the same one are compared.
    pub dataset_digest: String,
    /// Who judges.
    #[serde(rename = "type")]
    pub evaluation_type: EvaluationType,
    /// Where it stands.
    pub status: EvaluationStatus,
    /// Why, in words.
    pub status_reason: String,
    /// What was asked for.
    pub requested_metrics: Vec<MetricSpec>,
    /// How answers are made.
    pub parameters: EvaluationParameters,
    /// The most samples, if it was limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// How many samples are asked at a time.
    pub concurrency: u32,
    /// The metrics over all samples, once it succeeded; in the order of the request.
    pub metrics: Vec<MetricScore>,
    /// How far it is.
    pub progress: EvaluationProgress,
    /// Samples that are recorded.
    pub samples: u64,
    /// Samples among them that got no answer; they count as an empty one.
    pub failed_samples: u64,
    /// Who started it.
    pub run_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When the model was first asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// CPU time of the process that answered, in seconds; 0 over an endpoint, which is charged for it itself.
    pub cpu_seconds: f64,
    /// What it cost: its CPU time, or the tokens of its requests; absent while it runs, or when a price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Money>,
    /// What is known against its scores now: the model may have learned what it was asked. Empty where nothing is known, which
    /// says nothing about rows that nobody looked for.
    pub warnings: Vec<EvaluationWarning>,
    /// The project it belongs to.
    pub project: String,
}

/// A metric that can be computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationMetric {
    /// The name that requests use.
    pub name: String,
    /// What it says.
    pub description: String,
    /// What it needs of a sample.
    pub needs: Needs,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// The best value there is, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest: Option<f64>,
    /// Its options with their defaults; `null` stands for one that is chosen by the others.
    pub options: Map<String, Value>,
}

/// The metrics that can be computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationMetrics {
    /// Each of them.
    pub items: Vec<EvaluationMetric>,
}
