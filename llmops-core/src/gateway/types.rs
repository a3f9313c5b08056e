//! What callers send and get.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalog::ModelId;
pub use crate::provider::{
    ChatChoice, ChatChoicePart, ChatContent, ChatDelta, ChatLogprobs, ChatMessage, ChatPart, ChatRole,
    ChatTokenAlternative, ChatTokenLogprob, ChatUsage,
};
use crate::serving::{EndpointId, EndpointLimits, EndpointStatus, Environment};

/// Asks the model behind a route.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChatRequest {
    /// The route, or the name of a model that is deployed, as `tiny` or `tiny:1.0.0`.
    #[schemars(length(max = 128))]
    pub route: String,
    /// The environment; if absent `prod`, then `stg`, then `dev`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// The conversation; at least one message.
    #[schemars(length(min = 1, max = 10_000))]
    pub messages: Vec<ChatMessage>,
    /// The most tokens of the answer, at least 1 and within the endpoint's limit; what the model allows if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_tokens: Option<u32>,
    /// 0 takes the likeliest token, 2 is nearly at random; 1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 2.0))]
    pub temperature: Option<f32>,
    /// The share of likely tokens that may be chosen, above 0 and up to 1; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub top_p: Option<f32>,
    /// The number of likely tokens that may be chosen; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub top_k: Option<u32>,
    /// Texts that end the answer; at most 4 of at most 256 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4), inner(length(min = 1, max = 256)))]
    pub stop: Option<Vec<String>>,
    /// The same seed gives the same answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -9223372036854775808_i64, max = 9223372036854775807_i64))]
    pub seed: Option<i64>,
    /// How many answers, 1 to 16; 1 if absent. Each is asked for by itself; the prompt is counted once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 16))]
    pub n: Option<u32>,
    /// Makes what was said less likely, once; -2 to 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -2.0, max = 2.0))]
    pub presence_penalty: Option<f32>,
    /// Makes what was said less likely, each time; -2 to 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -2.0, max = 2.0))]
    pub frequency_penalty: Option<f32>,
    /// Makes tokens likelier or less likely, by id, by -100 to 100; at most 300.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 300, "additionalProperties" = {"type": "number", "minimum": -100, "maximum": 100}))]
    pub logit_bias: Option<BTreeMap<String, f32>>,
    /// Whether each token comes with its log-probability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<bool>,
    /// How many alternatives come with each token, 0 to 20.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 20))]
    pub top_logprobs: Option<u32>,
    /// The tools that the model may call, in OpenAI's shape; at most 128.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub tools: Option<Vec<Value>>,
    /// Whether it may call them: `auto` or `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<Value>,
    /// Over HTTP, whether the answer comes in pieces; elsewhere that is `chat_stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatCompletion {
    /// The id of this answer, by which it is charged.
    pub id: String,
    /// The model that answered, as `tiny:1.0.0`.
    pub model: String,
    /// The route that was resolved, as `/tiny-chat`.
    pub route: String,
    /// The answers.
    pub choices: Vec<ChatChoice>,
    /// What they used.
    pub usage: ChatUsage,
    /// When, in seconds since 1970.
    pub created: i64,
}

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatChunk {
    /// The id of the answer; the same in all its pieces.
    pub id: String,
    /// The model that answers, as `tiny:1.0.0`.
    pub model: String,
    /// The route that was resolved, as `/tiny-chat`.
    pub route: String,
    /// What is new; empty in the piece with the usage.
    pub choices: Vec<ChatChoicePart>,
    /// What the whole answer used; in the last piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<ChatUsage>,
    /// When the answer began, in seconds since 1970.
    pub created: i64,
}

/// Asks for the routes of the project, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListRoutes {
    /// Of this environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// A route and who answers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GatewayRoute {
    /// As `/tiny-chat`.
    pub route: String,
    /// Whom it answers.
    pub environment: Environment,
    /// The endpoint behind it.
    pub endpoint_id: EndpointId,
    /// The model that answers.
    pub model_id: ModelId,
    /// Its name.
    pub model_name: String,
    /// Its version.
    pub model_version: String,
    /// The revision of the endpoint that answers.
    pub revision: u32,
    /// How the endpoint is.
    pub status: EndpointStatus,
    /// Why, in words.
    pub status_reason: String,
    /// How many replicas can be asked.
    pub replicas: u32,
    /// Requests under way through this server.
    pub in_flight: u32,
    /// What it takes.
    pub limits: EndpointLimits,
}

/// Asks whether a route would be answered now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetRouteHealth {
    /// The route, or the name of a model that is deployed.
    #[schemars(length(max = 128))]
    pub route: String,
    /// The environment; if absent `prod`, then `stg`, then `dev`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

/// Whether a route would be answered now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RouteHealth {
    /// Whether a replica can be asked.
    pub available: bool,
    /// The route and who answers it.
    pub route: GatewayRoute,
    /// The state of the gateway's knowledge; grows each time it changes.
    pub generation: u64,
}
