//! What callers send and get.

mod replicas;
mod requests;
mod revision;
mod served;

pub use replicas::*;
pub use requests::*;
pub use revision::*;
pub use served::*;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Timestamp, id_type};
use crate::catalog::ModelId;

id_type! {
    /// The id of an endpoint.
    EndpointId
}

/// Whom an endpoint answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Those who build.
    #[default]
    Dev,
    /// Those who try.
    Stg,
    /// Everybody.
    Prod,
}

/// How an endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EndpointStatus {
    /// No replica answers yet, and it goes forward.
    Deploying,
    /// Every replica answers.
    Healthy,
    /// Some replicas answer, or the next revision does not start.
    Degraded,
    /// No replica answers and none is about to.
    Failed,
    /// Nothing runs, as asked.
    Stopped,
}

/// What carries an endpoint out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ServingFramework {
    /// Processes beside the platform, which runs and watches them itself.
    #[default]
    Local,
}

/// What an endpoint takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndpointLimits {
    /// The most requests each replica works on at once, 1 to 256; 8 if absent.
    #[serde(default = "default_concurrency")]
    #[schemars(range(min = 1, max = 256))]
    pub max_concurrent_requests: u32,
    /// The most tokens of a prompt, 1 to 1,000,000; what the model allows if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_input_tokens: Option<u32>,
    /// The most tokens of an answer, 1 to 1,000,000; what the model allows if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_output_tokens: Option<u32>,
}

impl Default for EndpointLimits {
    fn default() -> Self {
        Self { max_concurrent_requests: default_concurrency(), max_input_tokens: None, max_output_tokens: None }
    }
}

fn default_concurrency() -> u32 {
    8
}

/// A model that answers under a route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// The model that answers.
    pub model_id: ModelId,
    /// Its name.
    pub model_name: String,
    /// Its version.
    pub model_version: String,
    /// Whom it answers.
    pub environment: Environment,
    /// Where, as `/tiny-chat`; unique within the environment.
    pub route: String,
    /// What carries it out.
    pub serving_framework: ServingFramework,
    /// How it is.
    pub status: EndpointStatus,
    /// Why, in words, with the evidence.
    pub status_reason: String,
    /// How many replicas there are to be.
    pub min_replicas: u32,
    /// How many there are.
    pub replicas: ReplicaCount,
    /// The revision that answers.
    pub revision: u32,
    /// The revision on its way to answer, while there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_revision: Option<u32>,
    /// What it takes.
    pub limits: EndpointLimits,
    /// What to do when it goes wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback_plan: Option<String>,
    /// How it was before, oldest first, at most 100; not in lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<EndpointChange>,
    /// What would run, of a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<EndpointPlan>,
    /// Who deployed it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// The project it belongs to.
    pub project: String,
    /// Send it as `If-Match` to change just what was read; what the platform observes leaves it as it is.
    pub etag: String,
}

/// How an endpoint was from an instant on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointChange {
    /// Since when.
    pub at: Timestamp,
    /// How it was.
    pub status: EndpointStatus,
    /// The revision that answered, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// Why.
    pub reason: String,
}
