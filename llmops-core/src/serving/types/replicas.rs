//! Replicas and what they say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many replicas an endpoint has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplicaCount {
    /// All there are, of every revision, those that end included.
    pub total: u32,
    /// Those whose health check passes.
    pub ready: u32,
    /// Those that requests are sent to.
    pub available: u32,
}

/// Asks for what the replicas of an endpoint write.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StreamEndpointLogs {
    /// Which endpoint.
    pub endpoint_id: super::EndpointId,
    /// Whether to go on with what they write from now on; otherwise the stream ends with what there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow: Option<bool>,
}

/// Which of its two channels a replica wrote to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EndpointLogChannel {
    /// Events, as JSON.
    Events,
    /// Words to people.
    Text,
}

/// A line that a replica wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointLogLine {
    /// The replica's name; a restart gets a new one.
    pub replica: String,
    /// The revision it runs.
    pub revision: u32,
    /// Where it wrote.
    pub channel: EndpointLogChannel,
    /// The line, without its end.
    pub line: String,
}
