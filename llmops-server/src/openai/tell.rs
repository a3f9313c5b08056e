//! Answers of the gateway in OpenAI's shapes.

use llmops_core::gateway::{
    ChatChoice, ChatChoicePart, ChatChunk, ChatCompletion, ChatContent, ChatLogprobs, ChatTokenAlternative,
    ChatTokenLogprob, ChatUsage,
};
use serde::Serialize;
use serde_json::Value;

/// A whole answer.
#[derive(Serialize)]
pub(super) struct Completion<'a> {
    id: &'a str,
    object: &'static str,
    created: i64,
    model: &'a str,
    choices: Vec<Choice<'a>>,
    usage: Usage,
}

#[derive(Serialize)]
struct Choice<'a> {
    index: u32,
    message: Message<'a>,
    logprobs: Option<Logprobs<'a>>,
    finish_reason: &'a str,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Option<&'a str>,
    refusal: Option<()>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<&'a [Value]>,
}

#[derive(Serialize)]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
    prompt_tokens_details: Details,
}

#[derive(Serialize)]
struct Details {
    cached_tokens: u64,
}

impl From<ChatUsage> for Usage {
    fn from(usage: ChatUsage) -> Self {
        Self {
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            total_tokens: usage.total_tokens,
            prompt_tokens_details: Details { cached_tokens: usage.cached_tokens },
        }
    }
}

#[derive(Serialize)]
struct Logprobs<'a> {
    content: Option<Vec<Token<'a>>>,
    refusal: Option<()>,
}

#[derive(Serialize)]
struct Token<'a> {
    token: &'a str,
    logprob: f64,
    bytes: Option<&'a [u8]>,
    top_logprobs: &'a [ChatTokenAlternative],
}

impl<'a> From<&'a ChatLogprobs> for Logprobs<'a> {
    fn from(logprobs: &'a ChatLogprobs) -> Self {
        let token = |token: &'a ChatTokenLogprob| Token {
            token: &token.token,
            logprob: token.logprob,
            bytes: token.bytes.as_deref(),
            top_logprobs: &token.top_logprobs,
        };
        Self { content: logprobs.content.as_ref().map(|tokens| tokens.iter().map(token).collect()), refusal: None }
    }
}

impl<'a> From<&'a ChatCompletion> for Completion<'a> {
    fn from(answer: &'a ChatCompletion) -> Self {
        Self {
            id: &answer.id,
            object: "chat.completion",
            created: answer.created,
            model: &answer.model,
            choices: answer.choices.iter().map(Choice::from).collect(),
            usage: answer.usage.into(),
        }
    }
}

impl<'a> From<&'a ChatChoice> for Choice<'a> {
    fn from(choice: &'a ChatChoice) -> Self {
        let content = match &choice.message.content {
            Some(ChatContent::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        let message = Message {
            role: choice.message.role.name(),
            content,
            refusal: None,
            tool_calls: choice.message.tool_calls.as_deref(),
        };
        let logprobs = choice.logprobs.as_ref().map(Logprobs::from);
        Self { index: choice.index, message, logprobs, finish_reason: &choice.finish_reason }
    }
}

/// A piece of an answer.
#[derive(Serialize)]
pub(super) struct Chunk<'a> {
    id: &'a str,
    object: &'static str,
    created: i64,
    model: &'a str,
    choices: Vec<Part<'a>>,
    /// Absent unless usage was asked for; then `null` in all but the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Option<Usage>>,
}

#[derive(Serialize)]
struct Part<'a> {
    index: u32,
    delta: Delta<'a>,
    logprobs: Option<Logprobs<'a>>,
    finish_reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<&'a [Value]>,
}

impl<'a> Chunk<'a> {
    /// The chunk to send, if it says anything to a client that did or did not ask for the usage.
    pub(super) fn of(chunk: &'a ChatChunk, include_usage: bool) -> Option<Self> {
        if chunk.choices.is_empty() && !include_usage {
            return None;
        }
        Some(Self {
            id: &chunk.id,
            object: "chat.completion.chunk",
            created: chunk.created,
            model: &chunk.model,
            choices: chunk.choices.iter().map(Part::from).collect(),
            usage: include_usage.then(|| chunk.usage.map(Usage::from)),
        })
    }
}

impl<'a> From<&'a ChatChoicePart> for Part<'a> {
    fn from(part: &'a ChatChoicePart) -> Self {
        let delta = Delta {
            role: part.delta.role.map(|role| role.name()),
            content: part.delta.content.as_deref(),
            tool_calls: part.delta.tool_calls.as_deref(),
        };
        let logprobs = part.logprobs.as_ref().map(Logprobs::from);
        Self { index: part.index, delta, logprobs, finish_reason: part.finish_reason.as_deref() }
    }
}
