//! OpenAI's JSON, both ways.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::{
    ChatAnswer, ChatAsk, ChatChoice, ChatChoicePart, ChatContent, ChatDelta, ChatLogprobs, ChatMessage, ChatPiece,
    ChatRole, ChatUsage,
};

/// A question.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_k: Option<u32>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    presence_penalty: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frequency_penalty: Option<f32>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    logit_bias: &'a BTreeMap<String, f32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    logprobs: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_logprobs: Option<u32>,
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    tools: &'a [Value],
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<&'a Value>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a ChatContent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<&'a [Value]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<&'a str>,
}

impl<'a> Body<'a> {
    pub(super) fn new(ask: &'a ChatAsk, model: Option<&'a str>, stream: bool) -> Self {
        Self {
            model,
            messages: ask.messages.iter().map(Message::from).collect(),
            max_tokens: ask.max_tokens,
            temperature: ask.temperature,
            top_p: ask.top_p,
            top_k: ask.top_k,
            stop: &ask.stop,
            seed: ask.seed,
            presence_penalty: ask.presence_penalty,
            frequency_penalty: ask.frequency_penalty,
            logit_bias: &ask.logit_bias,
            logprobs: ask.logprobs,
            top_logprobs: ask.top_logprobs,
            tools: &ask.tools,
            tool_choice: ask.tool_choice.as_ref(),
            stream,
            stream_options: stream.then_some(StreamOptions { include_usage: true }),
        }
    }
}

impl<'a> From<&'a ChatMessage> for Message<'a> {
    fn from(message: &'a ChatMessage) -> Self {
        Self {
            role: message.role.name(),
            content: message.content.as_ref(),
            name: message.name.as_deref(),
            tool_calls: message.tool_calls.as_deref(),
            tool_call_id: message.tool_call_id.as_deref(),
        }
    }
}

/// An answer, whole or in pieces. What is not named is not needed: new members of the dialect do no harm.
#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
    /// An error in place of a piece.
    #[serde(default)]
    pub(super) error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: u32,
    #[serde(default, alias = "message")]
    delta: Said,
    #[serde(default)]
    finish_reason: Option<String>,
    #[serde(default)]
    logprobs: Option<ChatLogprobs>,
}

#[derive(Deserialize, Default)]
struct Said {
    #[serde(default)]
    role: Option<ChatRole>,
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
    #[serde(default)]
    prompt_tokens_details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(default)]
    cached_tokens: Option<u64>,
}

impl From<Usage> for ChatUsage {
    fn from(usage: Usage) -> Self {
        Self {
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            total_tokens: usage.prompt_tokens.saturating_add(usage.completion_tokens),
            cached_tokens: usage.prompt_tokens_details.and_then(|details| details.cached_tokens).unwrap_or_default(),
        }
    }
}

impl Answer {
    /// As a whole answer; nothing when a choice does not say why it ended.
    pub(super) fn whole(self) -> Option<ChatAnswer> {
        let choices = self.choices.into_iter().map(Choice::whole).collect::<Option<Vec<_>>>()?;
        (!choices.is_empty()).then(|| ChatAnswer { choices, usage: self.usage.map(ChatUsage::from) })
    }

    /// As a piece.
    pub(super) fn piece(self) -> ChatPiece {
        ChatPiece {
            choices: self.choices.into_iter().map(ChatChoicePart::from).collect(),
            usage: self.usage.map(ChatUsage::from),
        }
    }
}

impl Choice {
    fn whole(self) -> Option<ChatChoice> {
        let message = ChatMessage {
            role: self.delta.role.unwrap_or(ChatRole::Assistant),
            content: self.delta.content.map(ChatContent::Text),
            name: None,
            tool_calls: self.delta.tool_calls,
            tool_call_id: None,
        };
        Some(ChatChoice { index: self.index, message, finish_reason: self.finish_reason?, logprobs: self.logprobs })
    }
}

impl From<Choice> for ChatChoicePart {
    fn from(choice: Choice) -> Self {
        Self {
            index: choice.index,
            delta: ChatDelta {
                role: choice.delta.role,
                content: choice.delta.content,
                tool_calls: choice.delta.tool_calls,
            },
            finish_reason: choice.finish_reason,
            logprobs: choice.logprobs,
        }
    }
}
