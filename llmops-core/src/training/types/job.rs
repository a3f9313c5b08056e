//! A job as it stands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{TrainingJobType, TrainingSpec};
use crate::base::{Money, Timestamp, id_type};
use crate::catalog::ModelId;
use crate::datasets::DatasetId;
use crate::experiments::RunId;

id_type! {
    /// The id of a training job.
    JobId
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobStatus {
    /// Waiting for its turn, its data or its next attempt.
    Queued,
    /// Training, or bringing its model into the catalog.
    Running,
    /// Its model is in the catalog.
    Succeeded,
    /// It ended without a model.
    Failed,
    /// Somebody ended it.
    Cancelled,
}

/// What class of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobFailureClass {
    /// It needed more memory than there was.
    OutOfMemory,
    /// Its settings do not fit its model, its data or this machine.
    Configuration,
    /// Its data cannot be trained on.
    Data,
    /// Its base model cannot be read.
    Model,
    /// Something outside ended it.
    Preempted,
    /// It took longer than it may.
    Timeout,
    /// The place where it ran lost it.
    NodeLost,
    /// The training program failed.
    Code,
}

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobFailure {
    /// The class.
    pub class: JobFailureClass,
    /// What happened, in one sentence.
    pub message: String,
    /// What the program said, or its exit status.
    pub evidence: String,
    /// What to do about it.
    pub next_step: String,
    /// Whether trying the same again can help.
    pub retryable: bool,
}

/// Something that happened to a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobMoment {
    /// When.
    pub at: Timestamp,
    /// Where the job stood from then on.
    pub status: JobStatus,
    /// Why.
    pub reason: String,
}

/// How far a job is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobProgress {
    /// Steps done.
    pub step: u64,
    /// Steps in all.
    pub steps: u64,
    /// The loss of the last step, smoothed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<f64>,
    /// The last loss on the data kept aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eval_loss: Option<f64>,
    /// Tokens trained on.
    pub tokens: u64,
}

/// What a job needs, by a formula.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobEstimate {
    /// Weights of the model.
    pub parameters: u64,
    /// Weights that are trained.
    pub trained_parameters: u64,
    /// Steps.
    pub steps: u64,
    /// Tokens of all steps at most.
    pub tokens: u64,
    /// The most memory, in bytes.
    pub memory_bytes: u64,
    /// Seconds of CPU time.
    pub cpu_seconds: f64,
    /// Seconds on the cores asked for, once it runs.
    pub seconds: f64,
    /// What that costs, where a price is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Money>,
    /// How these figures come about.
    pub formula: String,
}

/// A training job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrainingJob {
    /// Its id.
    pub id: JobId,
    /// What it is called.
    pub name: String,
    /// How it trains.
    pub job_type: TrainingJobType,
    /// Where it stands.
    pub status: JobStatus,
    /// Why it stands there, in words.
    pub status_reason: String,
    /// The model that is trained further.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<ModelId>,
    /// What it is trained on.
    pub dataset_id: DatasetId,
    /// What was settled when it was accepted.
    pub spec: TrainingSpec,
    /// The attempt under way or made last, from 1; 0 before the first.
    pub attempt: u32,
    /// What happened, oldest first; at most the last 200 moments.
    pub timeline: Vec<JobMoment>,
    /// How far it is, once it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<JobProgress>,
    /// Why its last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<JobFailure>,
    /// Its run among the experiments, from its start on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// The model that came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_model_id: Option<ModelId>,
    /// What it was expected to need.
    pub estimate: JobEstimate,
    /// CPU seconds used so far, over all attempts.
    pub cpu_seconds: f64,
    /// What it cost so far, where a price is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Money>,
    /// Its place in the queue, from 1, while it waits for its turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_position: Option<u32>,
    /// Who submitted it.
    pub submitted_by: String,
    /// When.
    pub submitted_at: Timestamp,
    /// When its first attempt began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// The project it belongs to.
    pub project: String,
}
