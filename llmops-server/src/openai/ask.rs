//! What OpenAI's clients ask, as requests of the gateway.

use llmops_core::base::{Error, Result};
use llmops_core::gateway::ChatRequest;
use llmops_core::op::{RequestSchema, decode};
use serde_json::{Map, Value};

/// A chat request and how its answer is to travel.
pub(super) struct Asked {
    pub(super) request: ChatRequest,
    pub(super) stream: bool,
    pub(super) include_usage: bool,
}

/// Fields that mean the same here, in both spellings.
const SAME: [(&str, &str); 16] = [
    ("model", "route"),
    ("messages", "messages"),
    ("temperature", "temperature"),
    ("top_p", "topP"),
    ("top_k", "topK"),
    ("stop", "stop"),
    ("seed", "seed"),
    ("n", "n"),
    ("presence_penalty", "presencePenalty"),
    ("frequency_penalty", "frequencyPenalty"),
    ("logit_bias", "logitBias"),
    ("logprobs", "logprobs"),
    ("top_logprobs", "topLogprobs"),
    ("tools", "tools"),
    ("tool_choice", "toolChoice"),
    ("max_tokens", "maxTokens"),
];

/// Labels for the caller's own books: they change nothing of an answer.
const LABELS: [&str; 5] = ["user", "metadata", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"];

/// What OpenAI knows and models here do not do, unless it says what is done anyway.
const UNSUPPORTED: [(&str, &[&str]); 13] = [
    ("audio", &[]),
    ("function_call", &["\"none\""]),
    ("functions", &["[]"]),
    ("modalities", &["[\"text\"]"]),
    ("moderation", &[]),
    ("parallel_tool_calls", &["true", "false"]),
    ("prediction", &[]),
    ("reasoning_effort", &["\"none\""]),
    ("response_format", &["{\"type\":\"text\"}"]),
    ("service_tier", &["\"auto\"", "\"default\""]),
    ("store", &["false"]),
    ("verbosity", &["\"medium\""]),
    ("web_search_options", &[]),
];

/// Members of messages that clients send back as they got them, and that say nothing.
const ECHOED: [&str; 4] = ["refusal", "annotations", "audio", "function_call"];

/// Reads the body of `/v1/chat/completions`; `schema` is that of the gateway's chat.
///
/// # Errors
/// `invalid`, naming the parameter: one that is unknown, that is not supported, or that breaks a rule.
pub(super) fn chat(body: Value, schema: &RequestSchema) -> Result<Asked> {
    let Value::Object(mut given) = body else {
        return Err(Error::invalid("body", "must be a JSON object").hint("send at least model and messages"));
    };
    given.retain(|_, value| !value.is_null());
    let stream = flag(given.remove("stream"), "stream")?;
    let include_usage = stream_options(given.remove("stream_options"), stream)?;
    if !given.contains_key("model") {
        return Err(Error::invalid("model", "is required")
            .code("missing_field")
            .hint("name a route or a deployed model; `GET /v1/models` lists them"));
    }
    if let Some(newer) = given.remove("max_completion_tokens") {
        given.insert("max_tokens".into(), newer);
    }
    let mut fields = Map::new();
    for (name, value) in given {
        if let Some((_, ours)) = SAME.iter().find(|(theirs, _)| *theirs == name) {
            fields.insert((*ours).to_owned(), value);
        } else if !LABELS.contains(&name.as_str()) {
            ignorable(&name, &value)?;
        }
    }
    if let Some(one @ Value::String(_)) = fields.get_mut("stop") {
        *one = Value::Array(vec![one.take()]);
    }
    if let Some(Value::Array(messages)) = fields.get_mut("messages") {
        messages.iter_mut().for_each(spell_message);
    }
    let fields = Value::Object(fields);
    schema.check_shapes(&fields)?;
    let request = decode(fields)?;
    Ok(Asked { request, stream, include_usage })
}

/// Refuses what would change the answer if it were heeded.
fn ignorable(name: &str, value: &Value) -> Result<()> {
    let Some((_, done_anyway)) = UNSUPPORTED.iter().find(|(known, _)| *known == name) else {
        return Err(Error::invalid(name, "is not a parameter of this call")
            .code("unknown_parameter")
            .hint("leave it out, or look for a misspelling"));
    };
    if done_anyway.contains(&value.to_string().as_str()) {
        return Ok(());
    }
    let rule = match *done_anyway {
        [] => "is not supported here".to_owned(),
        some => format!("is supported here only as {}", some.join(" or ")),
    };
    Err(Error::invalid(name, rule).code("unsupported_parameter").hint("leave it out"))
}

fn flag(value: Option<Value>, name: &str) -> Result<bool> {
    match value {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(flag),
        Some(_) => Err(Error::invalid(name, "must be true or false").hint("send a JSON boolean")),
    }
}

fn stream_options(value: Option<Value>, stream: bool) -> Result<bool> {
    let Some(value) = value else { return Ok(false) };
    if !stream {
        return Err(Error::invalid("stream_options", "needs `stream` to be true").hint("set it, or leave this out"));
    }
    let Value::Object(mut options) = value else {
        return Err(Error::invalid("stream_options", "must be an object").hint("for example {\"include_usage\": true}"));
    };
    options.retain(|_, value| !value.is_null());
    let wanted = flag(options.remove("include_usage"), "stream_options.include_usage")?;
    // Padding against eavesdroppers on the sizes of pieces: without it nothing is said that would not be said.
    options.remove("include_obfuscation");
    match options.keys().next() {
        None => Ok(wanted),
        Some(name) => Err(Error::invalid(format!("stream_options.{name}"), "is not a parameter of this call")
            .code("unknown_parameter")
            .hint("leave it out")),
    }
}

fn spell_message(message: &mut Value) {
    let Some(members) = message.as_object_mut() else { return };
    members.retain(|name, value| !(value.is_null() || (ECHOED.contains(&name.as_str()) && is_empty(value))));
    for (theirs, ours) in [("tool_calls", "toolCalls"), ("tool_call_id", "toolCallId")] {
        if let Some(value) = members.remove(theirs) {
            members.insert(ours.to_owned(), value);
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_str().is_some_and(str::is_empty)
}
