//! The samples of a dataset as lines that the runtime reads, and as questions with references.

use serde_json::{Map, Value, json};

use super::Message;
use crate::base::{Error, Result};

/// One sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Example {
    /// Its place among the samples, from 0.
    pub number: u64,
    /// What is asked; empty where a text is measured.
    pub messages: Vec<Message>,
    /// The question for people, or the text.
    pub prompt: String,
    /// What should be answered.
    pub reference: Option<String>,
}

/// What a dataset wrote as the line of sample `number`. Nothing when it asks nothing, or nothing is known to answer.
pub(super) fn line(number: u64, written: &Value) -> Option<String> {
    let field = |name: &str| written.get(name).and_then(Value::as_str);
    let asked = |prompt: &str, response: &str| json!({ "id": number, "prompt": prompt, "response": response });
    let line = if let Some(messages) = written.get("messages") {
        let last = messages.as_array()?.last()?;
        let answered = last.get("role").and_then(Value::as_str) == Some("assistant");
        (answered && messages.as_array()?.len() > 1).then(|| json!({ "id": number, "messages": messages }))?
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
        return Some(Example { number, messages: Vec::new(), prompt: text, reference: None });
    }
    if let Some(prompt) = field("prompt") {
        let messages = vec![Message { role: "user".into(), content: prompt.clone() }];
        return Some(Example { number, messages, prompt, reference: field("response") });
    }
    let mut messages: Vec<Message> = serde_json::from_value(line.get("messages")?.clone()).ok()?;
    let reference = messages.pop()?.content;
    let prompt = match &messages[..] {
        [one] => one.content.clone(),
        many => many.iter().map(|one| format!("{}: {}", one.role, one.content)).collect::<Vec<_>>().join("\n"),
    };
    Some(Example { number, messages, prompt, reference: Some(reference) })
}
