//! Submitting, finding and cancelling jobs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    JobId, JobRetryPolicy, JobStatus, LoraSettings, TrainingArchitecture, TrainingEvaluation, TrainingHyperparams,
    TrainingJobType, TrainingMethod, TrainingOutput, TrainingResources,
};
use crate::base::Timestamp;
use crate::catalog::ModelId;
use crate::datasets::DatasetId;
use crate::experiments::MetricPoint;

/// Submits a job, or asks what it would need.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmitJob {
    /// What it is called: as a model's name, at most 128 characters. Made from its type and its data if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub name: Option<String>,
    /// How it trains.
    pub job_type: TrainingJobType,
    /// The approved model that is trained further; only for `finetune`, where it is required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<ModelId>,
    /// The family of the architecture: `llama` or `mistral`; the base model's, or `llama`, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub model_family: Option<String>,
    /// The approved dataset: of type `sft_pair` for `finetune`, `pretrain_corpus` otherwise.
    pub dataset_id: DatasetId,
    /// Which weights are trained; `full` if absent, and always from scratch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<TrainingMethod>,
    /// The matrices of LoRA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lora: Option<LoraSettings>,
    /// The shape of the model to be made; required unless `finetune`, where the base model has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<TrainingArchitecture>,
    /// How training goes about it.
    #[serde(default)]
    pub hyperparams: TrainingHyperparams,
    /// What the model is called that comes out.
    #[serde(default)]
    pub output: TrainingOutput,
    /// Measuring while training; nothing is kept aside if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<TrainingEvaluation>,
    /// Steps between two checkpoints, 1 to 1,000,000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub checkpoint_every: Option<u32>,
    /// What it may use.
    #[serde(default)]
    pub resources: TrainingResources,
    /// What happens after a failure that trying again can help.
    #[serde(default)]
    pub retry_policy: JobRetryPolicy,
    /// Seconds an attempt may run, 1 to 2,592,000 (30 days); 86,400 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 2_592_000))]
    pub max_duration_seconds: Option<u32>,
    /// Whether it needs a GPU; no if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_gpu: Option<bool>,
    /// Whether it may run on the CPU when there is no GPU; no if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu_fallback: Option<bool>,
    /// -100 to 100, higher goes first; 0 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -100, max = 100))]
    pub priority: Option<i32>,
    /// Whether to check and estimate only: the job that would be is answered, and there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
}

/// Asks for jobs. Every filter given must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListJobs {
    /// With this text in the name, letter case aside; taken literally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub text: Option<String>,
    /// In this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<JobStatus>,
    /// Of this type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_type: Option<TrainingJobType>,
    /// With this base model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<ModelId>,
    /// On this dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<DatasetId>,
    /// Submitted by this user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub submitted_by: Option<String>,
    /// Submitted at this instant or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_from: Option<Timestamp>,
    /// Submitted before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_before: Option<Timestamp>,
    /// Whether to count all that match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_total: Option<bool>,
    /// The most jobs of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Asks for one job.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetJob {
    /// Which.
    pub job_id: JobId,
}

/// Cancels a job.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CancelJob {
    /// Which.
    pub job_id: JobId,
    /// Why, at most 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub reason: Option<String>,
}

/// Records metric points of a running job: 1 to 10,000 in one batch.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogJobMetrics {
    /// Of which job.
    pub job_id: JobId,
    /// The attempt that measured them. An attempt that is over is refused.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub attempt: u32,
    /// The points.
    #[schemars(length(min = 1, max = 10_000))]
    pub metrics: Vec<MetricPoint>,
}
