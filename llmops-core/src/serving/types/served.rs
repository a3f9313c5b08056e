//! What the gateway needs to know of endpoints. Not for callers.

use super::{EndpointId, EndpointLimits, EndpointStatus, Environment};
use crate::base::Secret;
use crate::catalog::ModelId;

/// A route and who answers it now.
#[derive(Debug, Clone)]
pub struct ServedRoute {
    /// The endpoint.
    pub endpoint_id: EndpointId,
    /// The project it belongs to.
    pub project: String,
    /// Whom it answers.
    pub environment: Environment,
    /// As [`route_of`](crate::serving::route_of) writes it: `/tiny-chat`.
    pub route: String,
    /// The model that answers.
    pub model_id: ModelId,
    /// Its name, by which the replicas know it too.
    pub model_name: String,
    /// Its version.
    pub model_version: String,
    /// The revision that answers.
    pub revision: u32,
    /// What it takes.
    pub limits: EndpointLimits,
    /// How the endpoint is.
    pub status: EndpointStatus,
    /// Why, in words.
    pub status_reason: String,
    /// Whom to ask: the replicas of this revision that are ready. Empty when nobody is.
    pub replicas: Vec<ServedReplica>,
}

/// A replica that is ready.
#[derive(Debug, Clone)]
pub struct ServedReplica {
    /// Its name.
    pub work: String,
    /// Its `HOST:PORT`, which speaks OpenAI's dialect.
    pub address: String,
    /// The key it wants as a bearer token.
    pub api_key: Option<Secret>,
}
