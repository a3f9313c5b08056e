//! Asking endpoints through the gateway.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::asking::function;
use super::{Answer, Answering, EvaluationParameters, EvaluationTarget, Message, Question};
use crate::base::{Ctx, Error, Limits, Result};
use crate::gateway::{ChatContent, ChatMessage, ChatRequest, ChatRole, Gateway, ListRoutes};
use crate::serving::EndpointId;

/// Asks endpoints through a gateway, which charges each request.
pub struct ThroughGateway(pub Arc<dyn Gateway>);

#[async_trait]
impl Answering for ThroughGateway {
    async fn find(&self, ctx: &Ctx, endpoint: EndpointId) -> Result<EvaluationTarget> {
        let mut cursor = None;
        loop {
            let request = ListRoutes { limit: Some(Limits::PAGE), cursor, ..ListRoutes::default() };
            let page = self.0.list_routes(ctx, request).await?;
            if let Some(route) = page.items.into_iter().find(|route| route.endpoint_id == endpoint) {
                return Ok(EvaluationTarget {
                    model_id: route.model_id,
                    name: route.model_name,
                    version: route.model_version,
                    digest: None,
                    route: Some((route.environment, route.route)),
                });
            }
            cursor = page.page.next_cursor;
            if cursor.is_none() {
                return Err(Error::not_found("endpoint that answers", endpoint)
                    .hint("deploy it, start it, or wait until it is healthy"));
            }
        }
    }

    async fn ask(
        &self,
        ctx: &Ctx,
        target: &EvaluationTarget,
        question: &Question,
        parameters: &EvaluationParameters,
    ) -> Result<Answer> {
        let missing = || Error::unexpected("an endpoint is asked that has no route");
        let (environment, route) = target.route.clone().ok_or_else(missing)?;
        let request = ChatRequest {
            route,
            environment: Some(environment),
            messages: messages(&question.messages)?,
            tools: (!question.tools.is_empty()).then(|| question.tools.iter().map(tool).collect()),
            max_tokens: parameters.max_tokens,
            temperature: parameters.temperature.map(|temperature| temperature as f32),
            seed: parameters.seed.map(i64::from),
            ..ChatRequest::default()
        };
        let completion = self.0.chat(ctx, request).await?;
        let choice = completion.choices.into_iter().next();
        let (text, finish_reason) = choice.map_or((String::new(), None), |choice| {
            (choice.message.content.map(text).unwrap_or_default(), Some(choice.finish_reason))
        });
        let usage = completion.usage;
        Ok(Answer {
            text: text.trim().to_owned(),
            finish_reason,
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            model: completion.model,
        })
    }
}

/// The messages with what data may leave out and who answers may ask for: an id for each call, and for each answer of a tool
/// the call that it is of.
pub(super) fn messages(said: &[Message]) -> Result<Vec<ChatMessage>> {
    let (mut messages, mut open) = (Vec::with_capacity(said.len()), VecDeque::new());
    for (at, one) in said.iter().enumerate() {
        let mut message = message(one)?;
        let calls: Vec<Value> = one.tool_calls.iter().enumerate().map(|(number, of)| call(of, at, number)).collect();
        open.extend(calls.iter().filter_map(|call| call["id"].as_str().map(str::to_owned)));
        if message.role == ChatRole::Tool {
            message.tool_call_id = one.tool_call_id.clone().or_else(|| open.front().cloned());
            open.retain(|id| message.tool_call_id.as_ref() != Some(id));
        }
        message.tool_calls = (!calls.is_empty()).then_some(calls);
        messages.push(message);
    }
    Ok(messages)
}

/// A call in OpenAI's shape, whose arguments are a text.
fn call(of: &Value, message: usize, number: usize) -> Value {
    let function = function(of);
    let arguments = match function.get("arguments") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => "{}".to_owned(),
        Some(other) => other.to_string(),
    };
    let id = of.get("id").and_then(Value::as_str).map_or_else(|| format!("call_{message}_{number}"), str::to_owned);
    json!({ "id": id, "type": "function", "function": { "name": function["name"], "arguments": arguments } })
}

/// A tool in OpenAI's shape.
fn tool(of: &Value) -> Value {
    json!({ "type": "function", "function": function(of) })
}

fn message(said: &Message) -> Result<ChatMessage> {
    let roles = [ChatRole::System, ChatRole::Developer, ChatRole::User, ChatRole::Assistant, ChatRole::Tool];
    let role = roles.into_iter().find(|role| role.name() == said.role);
    let role = role.ok_or_else(|| Error::invalid("messages", format!("must not be spoken by `{}`", said.role)))?;
    let silent = said.content.is_empty() && !said.tool_calls.is_empty();
    let content = (!silent).then(|| ChatContent::Text(said.content.clone()));
    Ok(ChatMessage { role, content, name: None, tool_calls: None, tool_call_id: None })
}

fn text(content: ChatContent) -> String {
    match content {
        ChatContent::Text(text) => text,
        ChatContent::Parts(parts) => parts.into_iter().filter_map(|part| part.text).collect(),
    }
}
