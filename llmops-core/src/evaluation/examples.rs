//! The samples of a dataset as lines that the runtime reads, and as questions with references.

use serde_json::{Map, Value, json};

use super::asking::function;
use super::{Message, Question};
use crate::base::{Error, Result};

/// One sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Example {
    /// Its place among the samples, from 0.
    pub number: u64,
    /// What is asked; nothing where a text is measured.
    pub question: Question,
    /// The question for people, or the text.
    pub prompt: String,
    /// What should be answered.
    pub reference: Option<String>,
}

/// What a dataset wrote as the line of sample `number`. Nothing when it asks nothing, or nothing is known to answer: a call
/// of a tool is no answer to compare with.
pub(super) fn line(number: u64, written: &Value) -> Option<String> {
    let field = |name: &str| written.get(name).and_then(Value::as_str);
    let asked = |prompt: &str, response: &str| json!({ "id": number, "prompt": prompt, "response": response });
    let line = if let Some(messages) = written.get("messages") {
        let last = messages.as_array()?.last()?;
        let answered =
            last.get("role").and_then(Value::as_str) == Some("assistant") && last.get("tool_calls").is_none();
        let mut line =
            (answered && messages.as_array()?.len() > 1).then(|| json!({ "id": number, "messages": messages }))?;
        if let Some(tools) = written.get("tools") {
            line["tools"] = tools.clone();
        }
        line
    } else if let (Some(prompt), Some(response)) = (field("prompt"), field("response").or(field("chosen"))) {
        asked(prompt, response)
    } else if let (Some(question), Some(answer)) = (field("question"), field("answer")) {
        match field("context") {
            Some(context) => asked(&format!("{context}\n\n{question}"), answer),
            None => asked(question, answer),
        }
    } else {
        json!({ "id": number, "text": field("text")? })
    };
    Some(line.to_string())
}

/// The samples of a file of such lines.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Example>> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| example(line).ok_or_else(|| Error::unexpected("a sample cannot be read"))).collect()
}

fn example(line: &[u8]) -> Option<Example> {
    let line: Map<String, Value> = serde_json::from_slice(line).ok()?;
    let number = line.get("id")?.as_u64()?;
    let field = |name: &str| line.get(name).and_then(Value::as_str).map(str::to_owned);
    if let Some(text) = field("text") {
        return Some(Example { number, question: Question::default(), prompt: text, reference: None });
    }
    if let Some(prompt) = field("prompt") {
        let question = Question { messages: vec![Message::new("user", prompt.clone())], tools: Vec::new() };
        return Some(Example { number, question, prompt, reference: field("response") });
    }
    let mut messages: Vec<Message> = serde_json::from_value(line.get("messages")?.clone()).ok()?;
    let reference = messages.pop()?.content;
    let prompt = match &messages[..] {
        [one] => one.content.clone(),
        many => many.iter().map(|one| format!("{}: {}", one.role, shown(one))).collect::<Vec<_>>().join("\n"),
    };
    let tools = match line.get("tools") {
        Some(Value::String(text)) => serde_json::from_str(text).ok()?,
        Some(tools) => serde_json::from_value(tools.clone()).ok()?,
        None => Vec::new(),
    };
    Some(Example { number, question: Question { messages, tools }, prompt, reference: Some(reference) })
}

/// What a message says, and the tools that it calls, for people.
fn shown(message: &Message) -> String {
    let call = |call: &Value| {
        let function = function(call);
        let name = function.get("name").and_then(Value::as_str).unwrap_or_default();
        match function.get("arguments") {
            Some(Value::String(arguments)) => format!("{name}({arguments})"),
            Some(arguments) if !arguments.is_null() => format!("{name}({arguments})"),
            _ => format!("{name}()"),
        }
    };
    let said = Some(message.content.clone()).filter(|said| !said.is_empty() || message.tool_calls.is_empty());
    said.into_iter().chain(message.tool_calls.iter().map(call)).collect::<Vec<_>>().join(" ")
}
