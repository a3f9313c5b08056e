//! What may be asked: every field checked, each refusal naming the field, the rule and the way out.

use serde_json::Value;

use super::ChatRequest;
use crate::base::{Error, Result};
use crate::provider::{ChatAsk, ChatContent, ChatMessage, ChatRole};
use crate::serving::EndpointLimits;

/// The most messages of a conversation.
const MESSAGES: usize = 10_000;
/// The most stop texts, and the longest of them in bytes.
const STOPS: usize = 4;
const STOP_BYTES: usize = 256;
/// The most tokens with a bias.
const BIASES: usize = 300;
/// The most alternatives of a token.
const ALTERNATIVES: u32 = 20;
/// The most answers to one request.
const ANSWERS: u32 = 16;
/// The most tools.
const TOOLS: usize = 128;

/// Checks a request against an endpoint's limits, and gives what is asked of the model.
///
/// # Errors
/// `invalid`, naming the field.
pub(super) fn check(req: ChatRequest, limits: &EndpointLimits) -> Result<ChatAsk> {
    messages(&req.messages)?;
    let max_tokens = max_tokens(req.max_tokens, limits)?;
    within("temperature", req.temperature, 0.0, 2.0)?;
    within("topP", req.top_p, 0.0, 1.0)?;
    within("presencePenalty", req.presence_penalty, -2.0, 2.0)?;
    within("frequencyPenalty", req.frequency_penalty, -2.0, 2.0)?;
    if req.n.is_some_and(|n| !(1..=ANSWERS).contains(&n)) {
        return Err(Error::invalid("n", "must be from 1 to 16").hint("send several requests for more answers"));
    }
    let stop = req.stop.unwrap_or_default();
    stops(&stop)?;
    let logprobs = req.logprobs.unwrap_or(false);
    top_logprobs(req.top_logprobs, logprobs)?;
    let logit_bias = req.logit_bias.unwrap_or_default();
    if logit_bias.len() > BIASES || logit_bias.iter().any(|(token, bias)| !is_bias(token, *bias)) {
        return Err(Error::invalid("logitBias", "must map at most 300 token ids to numbers from -100 to 100")
            .hint("for example {\"50256\": -100}"));
    }
    let tools = req.tools.unwrap_or_default();
    check_tools(&tools, req.tool_choice.as_ref())?;
    Ok(ChatAsk {
        messages: req.messages,
        max_tokens,
        temperature: req.temperature,
        top_p: req.top_p,
        top_k: req.top_k,
        stop,
        seed: req.seed,
        presence_penalty: req.presence_penalty,
        frequency_penalty: req.frequency_penalty,
        logit_bias,
        logprobs,
        top_logprobs: req.top_logprobs,
        tools,
        tool_choice: req.tool_choice,
    })
}

fn messages(messages: &[ChatMessage]) -> Result<()> {
    if messages.is_empty() || messages.len() > MESSAGES {
        return Err(Error::invalid("messages", "must hold 1 to 10,000 messages")
            .hint("for example [{\"role\": \"user\", \"content\": \"Hello\"}]"));
    }
    messages.iter().enumerate().try_for_each(|(at, message)| one_message(&format!("messages[{at}]"), message))
}

fn one_message(name: &str, message: &ChatMessage) -> Result<()> {
    let calls = message.tool_calls.as_ref().is_some_and(|calls| !calls.is_empty());
    if calls && message.role != ChatRole::Assistant {
        return Err(Error::invalid(format!("{name}.toolCalls"), "may stand in a message of the assistant only")
            .hint("leave it out"));
    }
    if message.role == ChatRole::Tool && message.tool_call_id.is_none() {
        return Err(Error::invalid(format!("{name}.toolCallId"), "is required in a message of a tool")
            .hint("give the id of the call that it answers"));
    }
    match &message.content {
        None if !calls => {
            Err(Error::invalid(format!("{name}.content"), "is required").code("missing_field").hint("send a text"))
        }
        Some(ChatContent::Parts(parts)) if parts.is_empty() => {
            Err(Error::invalid(format!("{name}.content"), "must not be an empty list").hint("send a text"))
        }
        Some(ChatContent::Parts(parts)) => match parts.iter().find(|part| part.kind != "text" || part.text.is_none()) {
            Some(part) if part.kind == "text" => {
                Err(Error::invalid(format!("{name}.content"), "must give every part of type `text` its `text`")
                    .hint("for example {\"type\": \"text\", \"text\": \"Hello\"}"))
            }
            Some(part) => {
                let rule = format!("must hold text only: the model behind this route reads no `{}`", part.kind);
                Err(Error::invalid(format!("{name}.content"), rule)
                    .code("unsupported_content")
                    .hint("send text, or choose a route whose model reads it"))
            }
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The limit of this answer: the one asked for, or the endpoint's.
fn max_tokens(asked: Option<u32>, limits: &EndpointLimits) -> Result<Option<u32>> {
    match (asked, limits.max_output_tokens) {
        (Some(0), _) => {
            Err(Error::invalid("maxTokens", "must be at least 1").hint("leave it out for the most there is"))
        }
        (Some(asked), Some(most)) if asked > most => {
            Err(Error::invalid("maxTokens", format!("must be at most {most}, the endpoint's limit"))
                .hint("ask for fewer tokens, or have the endpoint's limit raised"))
        }
        (asked, most) => Ok(asked.or(most)),
    }
}

fn within(field: &str, value: Option<f32>, least: f32, most: f32) -> Result<()> {
    match value {
        Some(value) if !(least..=most).contains(&value) => {
            Err(Error::invalid(field, format!("must be a number from {least} to {most}, not {value}"))
                .hint("leave it out for the default"))
        }
        _ => Ok(()),
    }
}

fn stops(stops: &[String]) -> Result<()> {
    if stops.len() > STOPS || stops.iter().any(|text| text.is_empty() || text.len() > STOP_BYTES) {
        return Err(Error::invalid("stop", "must hold at most 4 texts of 1 to 256 bytes").hint("send fewer or shorter"));
    }
    Ok(())
}

fn top_logprobs(top: Option<u32>, logprobs: bool) -> Result<()> {
    match top {
        Some(_) if !logprobs => {
            Err(Error::invalid("topLogprobs", "needs `logprobs` to be true").hint("set it, or leave this out"))
        }
        Some(top) if top > ALTERNATIVES => {
            Err(Error::invalid("topLogprobs", "must be from 0 to 20").hint("ask for fewer alternatives"))
        }
        _ => Ok(()),
    }
}

fn is_bias(token: &str, bias: f32) -> bool {
    token.parse::<u32>().is_ok() && (-100.0..=100.0).contains(&bias)
}

fn check_tools(tools: &[Value], choice: Option<&Value>) -> Result<()> {
    let is_function = |tool: &Value| {
        tool["type"] == "function" && tool["function"]["name"].as_str().is_some_and(|name| !name.is_empty())
    };
    if tools.len() > TOOLS || !tools.iter().all(is_function) {
        let hint = "for example {\"type\": \"function\", \"function\": {\"name\": \"look_up\", \"parameters\": {}}}";
        return Err(Error::invalid("tools", "must hold at most 128 functions, each with a name").hint(hint));
    }
    match choice.map(Value::as_str) {
        None | Some(Some("auto" | "none")) => Ok(()),
        Some(_) => Err(Error::invalid("toolChoice", "must be `auto` or `none`: a call cannot be forced here")
            .code("unsupported_value")
            .hint("leave it out")),
    }
}
