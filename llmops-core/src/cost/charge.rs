//! What other rooms charge.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Id, Timestamp};

/// What was used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CostResource {
    /// A request to a model: its tokens.
    Request,
    /// A training job: the CPU time of its attempts.
    TrainingJob,
    /// An evaluation: the CPU time of its process.
    Evaluation,
    /// An endpoint: the CPU time of its replicas.
    Endpoint,
}

impl CostResource {
    const ALL: [Self; 4] = [Self::Request, Self::TrainingJob, Self::Evaluation, Self::Endpoint];

    /// As `training_job`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::TrainingJob => "training_job",
            Self::Evaluation => "evaluation",
            Self::Endpoint => "endpoint",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.name() == name)
    }
}

/// The kinds of use. They are disjoint: a token or a millisecond is counted under one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum CostUsage {
    /// Tokens of prompts that had to be computed.
    InputTokens,
    /// Tokens of prompts that were in a cache.
    CachedInputTokens,
    /// Tokens that a model wrote.
    OutputTokens,
    /// Milliseconds of CPU time.
    CpuMillis,
}

/// Something used, to be charged.
#[derive(Debug, Clone, PartialEq)]
pub struct Charge {
    /// What makes it this charge, as `training/JOB/ATTEMPT`: recording it twice records it once.
    pub key: String,
    /// For what.
    pub resource: CostResource,
    /// Its id.
    pub resource_id: String,
    /// The model at work, if one was.
    pub model_id: Option<Id>,
    /// That model's name, by which it is priced.
    pub model: Option<String>,
    /// Who pays.
    pub project: String,
    /// Who caused it.
    pub actor: String,
    /// How much.
    pub usage: BTreeMap<CostUsage, u64>,
    /// When.
    pub at: Timestamp,
}
