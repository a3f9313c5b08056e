//! The conversation: what every provider is asked, and what every provider answers.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChatRole {
    /// Says how to behave.
    System,
    /// The newer name of `system`.
    Developer,
    /// Asks.
    User,
    /// The model.
    Assistant,
    /// The outcome of a tool call.
    Tool,
}

impl ChatRole {
    /// As `user`.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Developer => "developer",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }
}

/// What a message says: a text, or parts.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ChatContent {
    /// A text.
    Text(#[schemars(length(max = 8_388_608))] String),
    /// Parts, one after the other.
    Parts(#[schemars(length(max = 1000))] Vec<ChatPart>),
}

impl<'de> Deserialize<'de> for ChatContent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Content;

        impl<'de> Visitor<'de> for Content {
            type Value = ChatContent;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of parts")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ChatContent, E> {
                Ok(ChatContent::Text(text.to_owned()))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<ChatContent, E> {
                Ok(ChatContent::Text(text))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<ChatContent, A::Error> {
                let mut parts = Vec::new();
                while let Some(part) = list.next_element()? {
                    parts.push(part);
                }
                Ok(ChatContent::Parts(parts))
            }
        }
        deserializer.deserialize_any(Content)
    }
}

/// One part of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("maxProperties" = 16))]
pub struct ChatPart {
    /// What it is: `text`. Models that read nothing else refuse every other kind.
    #[serde(rename = "type")]
    #[schemars(length(max = 64))]
    pub kind: String,
    /// The text of a `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 8_388_608))]
    pub text: Option<String>,
    /// What other kinds carry.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChatMessage {
    /// Who speaks.
    pub role: ChatRole,
    /// What is said. Absent only when the assistant calls tools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<ChatContent>,
    /// A name for the speaker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub name: Option<String>,
    /// The tools that the assistant calls, as `{id, type: "function", function: {name, arguments}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub tool_calls: Option<Vec<Value>>,
    /// The call that a `tool` message answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub tool_call_id: Option<String>,
}

/// What a provider is asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChatAsk {
    /// The conversation.
    pub messages: Vec<ChatMessage>,
    /// The most tokens of the answer.
    pub max_tokens: Option<u32>,
    /// 0 takes the likeliest token, 2 is nearly at random.
    pub temperature: Option<f32>,
    /// The share of likely tokens that may be chosen.
    pub top_p: Option<f32>,
    /// The number of likely tokens that may be chosen.
    pub top_k: Option<u32>,
    /// Texts that end the answer.
    pub stop: Vec<String>,
    /// The same seed gives the same answer.
    pub seed: Option<i64>,
    /// Makes what was said less likely, once.
    pub presence_penalty: Option<f32>,
    /// Makes what was said less likely, each time.
    pub frequency_penalty: Option<f32>,
    /// Makes tokens likelier or less likely, by id.
    pub logit_bias: BTreeMap<String, f32>,
    /// Whether each token comes with its log-probability.
    pub logprobs: bool,
    /// How many alternatives come with each token.
    pub top_logprobs: Option<u32>,
    /// The tools that the model may call.
    pub tools: Vec<Value>,
    /// Whether it may or must call them.
    pub tool_choice: Option<Value>,
}

/// Tokens of one answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatUsage {
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    pub completion_tokens: u64,
    /// Both.
    pub total_tokens: u64,
    /// Those of the prompt that did not have to be computed again.
    pub cached_tokens: u64,
}

/// Log-probabilities of an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChatLogprobs {
    /// One entry for each token.
    #[serde(default)]
    pub content: Option<Vec<ChatTokenLogprob>>,
}

/// A token with its log-probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatTokenLogprob {
    /// Its text.
    pub token: String,
    /// The natural logarithm of its probability.
    pub logprob: f64,
    /// Its bytes, which need not be a whole character.
    #[serde(default)]
    pub bytes: Option<Vec<u8>>,
    /// What might have stood there instead, the likeliest first.
    #[serde(default, alias = "top_logprobs", skip_serializing_if = "Vec::is_empty")]
    pub top_logprobs: Vec<ChatTokenAlternative>,
}

/// A token that might have stood there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChatTokenAlternative {
    /// Its text.
    pub token: String,
    /// The natural logarithm of its probability.
    pub logprob: f64,
    /// Its bytes.
    #[serde(default)]
    pub bytes: Option<Vec<u8>>,
}

/// One of the answers to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatChoice {
    /// Which.
    pub index: u32,
    /// What the model said.
    pub message: ChatMessage,
    /// Why it ended: `stop`, `length`, `tool_calls` or `content_filter`.
    pub finish_reason: String,
    /// The log-probabilities, if they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<ChatLogprobs>,
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatAnswer {
    /// The answers.
    pub choices: Vec<ChatChoice>,
    /// What they used, when the provider tells it.
    pub usage: Option<ChatUsage>,
}

/// What a piece adds to a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatDelta {
    /// Who speaks; in the first piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<ChatRole>,
    /// More text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// More of tool calls, each with the `index` of the call it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<Value>>,
}

/// What a piece adds to one of the answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatChoicePart {
    /// Which.
    pub index: u32,
    /// What is new.
    pub delta: ChatDelta,
    /// Why it ended; in its last piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// The log-probabilities of what is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<ChatLogprobs>,
}

/// A piece of an answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChatPiece {
    /// What it adds.
    pub choices: Vec<ChatChoicePart>,
    /// What the whole answer used; in the last piece.
    pub usage: Option<ChatUsage>,
}

impl ChatPiece {
    /// Whether it says something, rather than who is about to speak.
    pub fn has_content(&self) -> bool {
        self.choices.iter().any(|choice| {
            choice.delta.content.as_ref().is_some_and(|text| !text.is_empty()) || choice.delta.tool_calls.is_some()
        })
    }
}
