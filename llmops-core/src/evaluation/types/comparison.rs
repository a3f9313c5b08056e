//! Evaluations side by side.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::metric::PairedTest;
use super::{EvaluationRun, EvaluationRunId};

/// Evaluations over the same samples side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationComparison {
    /// The digest of the dataset that all of them are over.
    pub dataset_digest: String,
    /// Samples that all of them have.
    pub samples: u64,
    /// The evaluations, in the order asked for.
    pub runs: Vec<EvaluationRun>,
    /// The metrics that all of them computed in the same way.
    pub metrics: Vec<ComparedMetric>,
}

/// One metric over several evaluations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedMetric {
    /// The metric as the requests call it.
    pub name: String,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// Its value in each evaluation.
    pub values: Vec<f64>,
    /// The evaluation with the best value; the first of several.
    pub best: EvaluationRunId,
    /// Each evaluation but the first, compared with the first sample by sample.
    pub against_first: Vec<EvaluationDifference>,
}

/// An evaluation compared with the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationDifference {
    /// Which evaluation.
    pub run_id: EvaluationRunId,
    /// The paired test.
    pub test: PairedTest,
}
