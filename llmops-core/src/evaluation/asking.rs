//! What the room needs of whoever answers for endpoints.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::EvaluationParameters;
use crate::base::{Ctx, Result};
use crate::catalog::ModelId;
use crate::serving::{EndpointId, Environment};

/// Who is evaluated: a model, and the route it is reached by when it stands behind an endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluationTarget {
    /// The model.
    pub model_id: ModelId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The digest of its files, which must not change until the process has them.
    pub digest: Option<String>,
    /// The endpoint's environment and route.
    pub route: Option<(Environment, String)>,
}

impl EvaluationTarget {
    /// As `tiny:1.0.0`.
    pub fn label(&self) -> String {
        format!("{}:{}", self.name, self.version)
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// What was said.
    pub content: String,
    /// The tools that the assistant called, as `{function: {name, arguments}}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<Value>,
    /// The call that a tool answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
}

impl Message {
    /// A message of a text alone.
    pub fn new(role: impl Into<String>, content: impl Into<String>) -> Self {
        Self { role: role.into(), content: content.into(), tool_calls: Vec::new(), tool_call_id: None }
    }
}

/// The function that a call or a tool is about; some leave out what it is wrapped in.
pub(super) fn function(of: &Value) -> &Value {
    of.get("function").filter(|function| function.is_object()).unwrap_or(of)
}

/// What an endpoint is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// The conversation before the answer.
    pub messages: Vec<Message>,
    /// The tools that may be called in it.
    pub tools: Vec<Value>,
}

/// What an endpoint answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The text.
    pub text: String,
    /// Why it ended, as `stop`.
    pub finish_reason: Option<String>,
    /// Tokens of the question.
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    pub completion_tokens: u64,
    /// The model that answered, as `tiny:1.0.0`.
    pub model: String,
}

/// Asks endpoints.
#[async_trait]
pub trait Answering: Send + Sync + 'static {
    /// Who stands behind an endpoint of the caller's project.
    ///
    /// # Errors
    /// `not_found` when no endpoint of this id answers now.
    async fn find(&self, ctx: &Ctx, endpoint: EndpointId) -> Result<EvaluationTarget>;

    /// Puts a question to it.
    async fn ask(
        &self,
        ctx: &Ctx,
        target: &EvaluationTarget,
        question: &Question,
        parameters: &EvaluationParameters,
    ) -> Result<Answer>;
}
