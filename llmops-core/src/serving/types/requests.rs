//! What callers ask of endpoints.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EndpointId, EndpointLimits, EndpointStatus, Environment};
use crate::catalog::ModelId;

/// Deploys an approved model under a route.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeployEndpoint {
    /// The model; approved, with files.
    pub model_id: ModelId,
    /// A name of letters, digits, `-`, `_` and `.`; with or without `/` or `/llm-ops/v1/serve/` before it.
    #[schemars(length(max = 128))]
    pub route: String,
    /// Whom it answers; `dev` if absent.
    #[serde(default)]
    pub environment: Environment,
    /// How many replicas run, 1 to 16; 1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 16))]
    pub min_replicas: Option<u32>,
    /// What it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<EndpointLimits>,
    /// What to do when it goes wrong, at most 10,000 characters; required for `prod`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub rollback_plan: Option<String>,
    /// Whether only to check, and to show what would run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
}

/// Asks for endpoints, newest first. Every filter given must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListEndpoints {
    /// With this text in the route, letter case aside; taken literally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub text: Option<String>,
    /// Of this environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// Of this model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<ModelId>,
    /// In this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<EndpointStatus>,
    /// Whether to count all that match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_total: Option<bool>,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Asks for one endpoint.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetEndpoint {
    /// Which.
    pub endpoint_id: EndpointId,
}

/// Whether an endpoint is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EndpointSwitch {
    /// It is.
    Running,
    /// It is not.
    Stopped,
}

/// Changes an endpoint. What is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateEndpoint {
    /// Which.
    pub endpoint_id: EndpointId,
    /// How many replicas run, 1 to 16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 16))]
    pub min_replicas: Option<u32>,
    /// What it takes, all of it; other limits are a new revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<EndpointLimits>,
    /// Whether it is to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<EndpointSwitch>,
}

/// Makes a new revision of an endpoint and runs it; the one before answers until the new one is ready.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedeployEndpoint {
    /// Which.
    pub endpoint_id: EndpointId,
    /// The model; the same if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<ModelId>,
    /// What it takes, all of it; the same if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<EndpointLimits>,
}

/// Returns an endpoint to an earlier revision; while that one still runs it answers at once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RollbackEndpoint {
    /// Which.
    pub endpoint_id: EndpointId,
    /// The revision; the one that answered before if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub revision: Option<u32>,
}

/// Asks to delete an endpoint. What runs ends first; until then the endpoint stays and says what is left.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteEndpoint {
    /// Which.
    pub endpoint_id: EndpointId,
}
