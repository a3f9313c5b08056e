//! Revisions: everything needed to run an endpoint again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EndpointId, EndpointLimits};
use crate::base::Timestamp;
use crate::catalog::ModelId;

/// What runs for each replica of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointPlan {
    /// The digest over the model's files, as it was approved.
    pub model_digest: String,
    /// The files brought to each replica.
    pub files: Vec<EndpointFile>,
    /// The arguments of the runtime.
    pub arguments: Vec<String>,
    /// Thousandths of a core each replica may use.
    pub cpu_millis: u32,
}

/// A file of the model, as a replica finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointFile {
    /// Its path in the replica's folder.
    pub path: String,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// One revision of an endpoint. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointRevision {
    /// Whose.
    pub endpoint_id: EndpointId,
    /// Counts from 1.
    pub revision: u32,
    /// Whether it is the one that answers.
    pub active: bool,
    /// The model.
    pub model_id: ModelId,
    /// Its name.
    pub model_name: String,
    /// Its version.
    pub model_version: String,
    /// What it takes.
    pub limits: EndpointLimits,
    /// What runs.
    pub plan: EndpointPlan,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// Asks for the revisions of an endpoint, newest first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListEndpointRevisions {
    /// Which endpoint.
    pub endpoint_id: EndpointId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}
