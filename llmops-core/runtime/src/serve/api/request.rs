//! What clients ask: `/v1/chat/completions`, `/v1/completions` and `/tokenize`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ApiError;
use super::fields::{Fields, wrong};
use crate::serve::sampling::Sampling;
use crate::template::{Tools, text_of};

/// Most stop strings of one request.
const MOST_STOPS: usize = 4;
/// Longest stop string in bytes: so much of an answer may be held back.
const LONGEST_STOP: usize = 256;
/// Most tokens with a bias.
const MOST_BIASES: usize = 300;
/// Most alternatives per position of a chat answer and of a plain completion, as at OpenAI.
const MOST_TOP_CHAT: i64 = 20;
const MOST_TOP_PLAIN: i64 = 5;
/// Without `max_tokens` a plain completion gets this many, as at OpenAI; a chat answer gets what the context leaves.
const PLAIN_DEFAULT: usize = 16;
/// Accepted and without effect here: they label or bill a request, or are what this server does anyway.
const HARMLESS: [&str; 9] = [
    "user",
    "metadata",
    "store",
    "service_tier",
    "safety_identifier",
    "prompt_cache_key",
    "parallel_tool_calls",
    "reasoning_effort",
    "verbosity",
];

/// What the answer is to follow.
#[derive(Debug, PartialEq)]
pub(crate) enum Asked {
    /// A conversation for the chat template.
    Chat {
        /// Messages with plain text contents.
        messages: Value,
        /// Tools for the template, or none; their keys keep the order in which the client sent them.
        tools: Tools,
    },
    /// Text to go on with.
    Text(String),
    /// Tokens to go on with.
    Tokens(Vec<u32>),
}

/// A generation, checked as far as it can be without the model.
#[derive(Debug)]
pub(crate) struct Ask {
    /// The name the client gave; absent means the one model there is.
    pub(crate) model: Option<String>,
    /// Conversation or text.
    pub(crate) asked: Asked,
    /// The token limit, and the name of the field that set it.
    pub(crate) max_tokens: Option<(usize, &'static str)>,
    /// How to choose tokens.
    pub(crate) sampling: Sampling,
    /// Where to stop.
    pub(crate) stop: Vec<String>,
    /// Alternatives per position, if log-probabilities are wanted.
    pub(crate) logprobs: Option<usize>,
    /// Go on after the end marker (to measure).
    pub(crate) ignore_eos: bool,
    /// Answer as server-sent events.
    pub(crate) stream: bool,
    /// End the stream with a usage chunk.
    pub(crate) include_usage: bool,
    /// Fields nobody knows.
    pub(crate) ignored: Vec<String>,
}

/// What `/tokenize` is asked.
#[derive(Debug)]
pub(crate) struct TokenizeAsk {
    /// The name the client gave.
    pub(crate) model: Option<String>,
    /// Text or conversation.
    pub(crate) asked: Asked,
    /// Whether the tokenizer adds its own markers.
    pub(crate) add_special_tokens: bool,
    /// Whether a conversation ends with the opening of the assistant's turn.
    pub(crate) add_generation_prompt: bool,
    /// Whether the tokens' texts are wanted.
    pub(crate) token_strings: bool,
}

/// Reads the body of `/v1/chat/completions`.
pub(crate) fn read_chat(body: &[u8]) -> Result<Ask, ApiError> {
    let mut fields = Fields::parse(body)?;
    let messages = messages(&mut fields)?
        .ok_or_else(|| ApiError::field("messages", "messages is required: a list with at least one message"))?;
    let tools = tools(&mut fields, body)?;
    let wanted = fields.flag("logprobs")?.unwrap_or(false);
    let top = fields.whole("top_logprobs", 0..=MOST_TOP_CHAT)?;
    if top.is_some() && !wanted {
        return Err(ApiError::field(
            "top_logprobs",
            "top_logprobs needs logprobs to be true; set it or leave top_logprobs out",
        ));
    }
    if let Some(mut format) = fields.object("response_format")? {
        let kind = format.text("type")?.unwrap_or_default();
        if kind != "text" {
            return Err(ApiError::field(
                "response_format",
                format!("response_format `{kind}` is not supported; use `text` or leave it out"),
            ));
        }
    }
    let logprobs = wanted.then(|| top.unwrap_or(0) as usize);
    read_rest(fields, Asked::Chat { messages, tools }, logprobs)
}

/// Reads the body of `/v1/completions`.
pub(crate) fn read_completion(body: &[u8]) -> Result<Ask, ApiError> {
    let mut fields = Fields::parse(body)?;
    let asked = prompt(fields.any("prompt"))?;
    let logprobs = fields.whole("logprobs", 0..=MOST_TOP_PLAIN)?.map(|n| n as usize);
    if fields.flag("echo")?.unwrap_or(false) {
        return Err(ApiError::field("echo", "echo is not supported; leave it out and keep the prompt yourself"));
    }
    if fields.text("suffix")?.is_some_and(|suffix| !suffix.is_empty()) {
        return Err(ApiError::field("suffix", "suffix is not supported; leave it out"));
    }
    let mut ask = read_rest(fields, asked, logprobs)?;
    ask.max_tokens.get_or_insert((PLAIN_DEFAULT, "max_tokens"));
    Ok(ask)
}

/// Reads the body of `/tokenize`.
pub(crate) fn read_tokenize(body: &[u8]) -> Result<TokenizeAsk, ApiError> {
    let mut fields = Fields::parse(body)?;
    let asked = match messages(&mut fields)? {
        Some(messages) => Asked::Chat { messages, tools: tools(&mut fields, body)? },
        None => match fields.text("prompt")? {
            Some(text) => Asked::Text(text),
            None => return Err(ApiError::field("prompt", "either prompt (a string) or messages (a list) is required")),
        },
    };
    let plain = matches!(asked, Asked::Text(_));
    Ok(TokenizeAsk {
        model: fields.text("model")?,
        asked,
        add_special_tokens: fields.flag("add_special_tokens")?.unwrap_or(plain),
        add_generation_prompt: fields.flag("add_generation_prompt")?.unwrap_or(true),
        token_strings: fields.flag("return_token_strs")?.unwrap_or(false),
    })
}

fn read_rest(mut fields: Fields, asked: Asked, logprobs: Option<usize>) -> Result<Ask, ApiError> {
    for name in ["n", "best_of"] {
        if fields.whole(name, 1..=128)?.is_some_and(|n| n > 1) {
            return Err(ApiError::field(
                name,
                format!("{name} must be 1 here: this server gives one answer per request; send several requests"),
            ));
        }
    }
    let model = fields.text("model")?;
    let max_tokens = max_tokens(&mut fields)?;
    let stop = stops(fields.any("stop"))?;
    let stream = fields.flag("stream")?.unwrap_or(false);
    let include_usage = match fields.object("stream_options")? {
        Some(_) if !stream => {
            return Err(ApiError::field(
                "stream_options",
                "stream_options needs stream to be true; set it or leave stream_options out",
            ));
        }
        Some(mut options) => options.flag("include_usage")?.unwrap_or(false),
        None => false,
    };
    let sampling = sampling(&mut fields)?;
    let ignore_eos = fields.flag("ignore_eos")?.unwrap_or(false);
    let mut ignored = fields.unread();
    ignored.retain(|name| !HARMLESS.contains(&name.as_str()));
    Ok(Ask { model, asked, max_tokens, sampling, stop, logprobs, ignore_eos, stream, include_usage, ignored })
}

fn max_tokens(fields: &mut Fields) -> Result<Option<(usize, &'static str)>, ApiError> {
    let newer = fields.whole("max_completion_tokens", 1..=i64::from(u32::MAX))?;
    let older = fields.whole("max_tokens", 1..=i64::from(u32::MAX))?;
    let newer = newer.map(|n| (n as usize, "max_completion_tokens"));
    Ok(newer.or(older.map(|n| (n as usize, "max_tokens"))))
}

fn sampling(fields: &mut Fields) -> Result<Sampling, ApiError> {
    let top_p = fields.number("top_p", 0.0..=1.0)?.unwrap_or(1.0);
    let seed = fields.whole("seed", i64::MIN..=i64::MAX)?;
    Ok(Sampling {
        temperature: fields.number("temperature", 0.0..=2.0)?.unwrap_or(1.0),
        top_p,
        // -1 is how vLLM's clients say "off".
        top_k: fields.whole("top_k", -1..=i64::from(u32::MAX))?.unwrap_or(0).max(0) as usize,
        seed: seed.map_or_else(rand::random, |seed| seed as u64),
        repetition: fields.number("repetition_penalty", 0.01..=10.0)?.unwrap_or(1.0),
        presence: fields.number("presence_penalty", -2.0..=2.0)?.unwrap_or(0.0),
        frequency: fields.number("frequency_penalty", -2.0..=2.0)?.unwrap_or(0.0),
        bias: biases(fields.object("logit_bias")?)?,
    })
}

fn biases(fields: Option<Fields>) -> Result<BTreeMap<u32, f32>, ApiError> {
    let mut biases = BTreeMap::new();
    for (token, value) in fields.into_iter().flat_map(Fields::pairs) {
        let id = token.parse::<u32>();
        let bias = value.as_f64().filter(|bias| (-100.0..=100.0).contains(bias));
        match (id, bias) {
            (Ok(id), Some(bias)) if biases.len() < MOST_BIASES => biases.insert(id, bias as f32),
            _ => {
                let rule = "logit_bias must map token ids to numbers from -100 to 100, with at most 300 entries";
                return Err(ApiError::field(
                    "logit_bias",
                    format!("{rule}; look at `{}`", token.escape_debug().take(20).collect::<String>()),
                ));
            }
        };
    }
    Ok(biases)
}

fn stops(value: Option<Value>) -> Result<Vec<String>, ApiError> {
    let given = match value {
        None => return Ok(Vec::new()),
        Some(Value::String(one)) => vec![Value::String(one)],
        Some(Value::Array(many)) if many.len() <= MOST_STOPS => many,
        Some(other) => return Err(wrong("stop", "a string or a list of at most 4 strings", &other)),
    };
    let text = |value: Value| match value {
        Value::String(text) if text.is_empty() => Ok(None),
        Value::String(text) if text.len() <= LONGEST_STOP => Ok(Some(text)),
        other => Err(wrong("stop", "made of strings of at most 256 bytes", &other)),
    };
    given.into_iter().filter_map(|value| text(value).transpose()).collect()
}

fn prompt(value: Option<Value>) -> Result<Asked, ApiError> {
    let rule = "a string, a list with one string, or a list of token ids";
    match value {
        None => Err(ApiError::field("prompt", format!("prompt is required: {rule}"))),
        Some(Value::String(text)) => Ok(Asked::Text(text)),
        Some(Value::Array(mut list)) => match list.first() {
            Some(Value::String(_) | Value::Array(_)) if list.len() > 1 => Err(ApiError::field(
                "prompt",
                "prompt holds several prompts; this server takes one per request: send several requests",
            )),
            Some(Value::String(_) | Value::Array(_)) => prompt(list.pop()),
            Some(Value::Number(_)) => {
                let id = |value: &Value| value.as_u64().and_then(|id| u32::try_from(id).ok());
                let ids: Option<Vec<u32>> = list.iter().map(id).collect();
                ids.map(Asked::Tokens).ok_or_else(|| wrong("prompt", rule, &Value::Array(list)))
            }
            _ => Err(wrong("prompt", rule, &Value::Array(list))),
        },
        Some(other) => Err(wrong("prompt", rule, &other)),
    }
}

fn tools(fields: &mut Fields, body: &[u8]) -> Result<Tools, ApiError> {
    let choice = fields.any("tool_choice");
    let hidden = match choice.as_ref().map(Value::as_str) {
        None | Some(Some("auto")) => false,
        Some(Some("none")) => true,
        Some(_) => {
            let message = "tool_choice must be `auto` or `none`: this server cannot force a tool call";
            return Err(ApiError::field("tool_choice", message));
        }
    };
    match fields.any("tools") {
        None => Ok(Tools::from(())),
        Some(Value::Array(list)) if list.iter().all(Value::is_object) => match list.is_empty() || hidden {
            true => Ok(Tools::from(())),
            false => in_order(body),
        },
        Some(other) => Err(wrong("tools", "a list of objects", &other)),
    }
}

/// Reads the tools once more, with their keys in the order in which they were sent: templates print them into the
/// prompt, and models were trained on that order.
fn in_order(body: &[u8]) -> Result<Tools, ApiError> {
    #[derive(serde::Deserialize)]
    struct Body {
        tools: Tools,
    }
    let body: Body = serde_json::from_slice(body)
        .map_err(|error| ApiError::field("tools", format!("tools cannot be read: {error}")))?;
    Ok(body.tools)
}

fn messages(fields: &mut Fields) -> Result<Option<Value>, ApiError> {
    let mut list = match fields.any("messages") {
        None => return Ok(None),
        Some(Value::Array(list)) if !list.is_empty() => list,
        Some(Value::Array(_)) => return Err(ApiError::field("messages", "messages must have at least one message")),
        Some(other) => return Err(wrong("messages", "a list of messages", &other)),
    };
    for (at, message) in list.iter_mut().enumerate() {
        let name = format!("messages[{at}]");
        let Value::Object(parts) = message else {
            return Err(wrong(&name, "an object with role and content", message));
        };
        match parts.get("role").and_then(Value::as_str) {
            // The newer name of the same thing; templates know the older one.
            Some("developer") => parts.insert("role".into(), json!("system")),
            Some(role) if !role.is_empty() => None,
            _ => {
                return Err(ApiError::field(
                    &format!("{name}.role"),
                    "every message needs a role: `system`, `user`, `assistant` or `tool`",
                ));
            }
        };
        let content = flatten(parts.remove("content"), &format!("{name}.content"))?;
        if content.is_none() && !parts.contains_key("tool_calls") {
            return Err(ApiError::field(
                &format!("{name}.content"),
                "every message needs a content: a string or a list of text parts",
            ));
        }
        parts.insert("content".into(), Value::String(content.unwrap_or_default()));
    }
    Ok(Some(Value::Array(list)))
}

/// Content as one text.
fn flatten(content: Option<Value>, name: &str) -> Result<Option<String>, ApiError> {
    if let Some(other) =
        content.as_ref().filter(|content| !(content.is_null() || content.is_string() || content.is_array()))
    {
        return Err(wrong(name, "a string or a list of text parts", other));
    }
    text_of(content).map_err(|_| {
        ApiError::field(
            name,
            "content may hold text only, for this model reads nothing else: every part must be {\"type\": \"text\", \"text\": ..}",
        )
    })
}
