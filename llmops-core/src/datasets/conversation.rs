//! Conversations: lists of messages, as chat interfaces send them. A message says a text or parts, and the assistant may call
//! tools in place of it. A field that is null is one that is not there: columnar files give every message all fields.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::format::Cell;

/// What a message may say it is from.
const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];
/// The column beside a conversation with the tools that may be called in it.
pub(super) const TOOLS: &str = "tools";

/// The conversation in a cell, also where a table holds it as text; or what it lacks.
pub(super) fn of(cell: &Cell) -> Result<Value, String> {
    let value = match cell {
        Cell::Json(list @ Value::Array(_)) => list.clone(),
        other => {
            let text = other.text().unwrap_or_default();
            serde_json::from_str(&text).map_err(|_| "a conversation must be a list of messages".to_owned())?
        }
    };
    check_list(&value)?;
    Ok(value)
}

/// The same without the conversation.
pub(super) fn check(cell: &Cell) -> Result<(), String> {
    match cell {
        Cell::Json(list @ Value::Array(_)) => check_list(list),
        other => of(other).map(drop),
    }
}

/// The tools in a cell beside a conversation, as they stand there; `None` if there are none. A table holds them as text.
pub(super) fn tools_of(cell: &Cell) -> Result<Option<Value>, String> {
    if cell.kind().is_none() {
        return Ok(None);
    }
    let none = || "the tools of a conversation must be a list of functions".to_owned();
    let (value, list) = match cell {
        Cell::Json(list @ Value::Array(_)) => (list.clone(), Cow::Borrowed(list)),
        other => {
            let text = other.text().unwrap_or_default();
            let list = serde_json::from_str(&text).map_err(|_| none())?;
            // As text it keeps the order of its keys, which a chat template writes out.
            (Value::String(text.into_owned()), Cow::Owned(list))
        }
    };
    let list = list.as_array().ok_or_else(none)?;
    match list.iter().position(|tool| named(tool).is_none()) {
        Some(at) => Err(format!("tool {at} has no function name")),
        None => Ok((!list.is_empty()).then_some(value)),
    }
}

fn check_list(value: &Value) -> Result<(), String> {
    let Some(messages) = value.as_array().filter(|messages| !messages.is_empty()) else {
        return Err("a conversation must be a list with at least one message".into());
    };
    for (at, message) in messages.iter().enumerate() {
        let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
        if !ROLES.contains(&role) {
            let from = if message.get("from").is_some() { ", and it has `from` in its place" } else { "" };
            return Err(format!("the `role` of message {at} must be one of {}{from}", ROLES.join(", ")));
        }
        check_message(at, role, message)?;
    }
    let answered = messages.iter().any(|message| message["role"] == "assistant");
    if answered { Ok(()) } else { Err("no message is from the assistant: there is nothing to learn".into()) }
}

fn check_message(at: usize, role: &str, message: &Value) -> Result<(), String> {
    for field in ["name", "tool_call_id", "refusal"] {
        if there(message, field).is_some_and(|value| !value.is_string()) {
            return Err(format!("the `{field}` of message {at} must be a text"));
        }
    }
    let calls = check_calls(at, role, message)?;
    let instead = calls || there(message, "refusal").is_some();
    match there(message, "content") {
        Some(Value::String(_)) => Ok(()),
        Some(Value::Array(parts)) if !parts.is_empty() => parts.iter().enumerate().try_for_each(|(number, part)| {
            check_part(part).map_err(|lacks| format!("part {number} of message {at} {lacks}"))
        }),
        None | Some(Value::Array(_)) if instead => Ok(()),
        Some(Value::Array(_)) => Err(format!("the `content` of message {at} is a list without parts")),
        Some(_) => Err(format!("the `content` of message {at} must be a text or a list of parts")),
        None if there(message, "function_call").is_some() => {
            Err(format!("message {at} has `function_call`, the old form: write it as `tool_calls`"))
        }
        None if role == "assistant" => {
            Err(format!("the `content` of message {at} is missing and it has no `tool_calls`"))
        }
        None => Err(format!("the `content` of message {at} is missing")),
    }
}

/// Whether the message calls tools.
fn check_calls(at: usize, role: &str, message: &Value) -> Result<bool, String> {
    let Some(calls) = there(message, "tool_calls") else { return Ok(false) };
    let calls = calls.as_array().ok_or_else(|| format!("the `tool_calls` of message {at} must be a list"))?;
    if !calls.is_empty() && role != "assistant" {
        return Err(format!("message {at} has `tool_calls`, and only the assistant calls tools"));
    }
    for (number, call) in calls.iter().enumerate() {
        check_call(call).map_err(|lacks| format!("tool call {number} of message {at} {lacks}"))?;
    }
    Ok(!calls.is_empty())
}

fn check_call(call: &Value) -> Result<(), &'static str> {
    if !call.is_object() {
        return Err("is no object");
    }
    if there(call, "type").is_some_and(|kind| kind != "function") {
        return Err("has a `type` other than `function`");
    }
    if there(call, "id").is_some_and(|id| !id.is_string()) {
        return Err("has an `id` that is no text");
    }
    if named(call).is_none() {
        return Err("has no function name");
    }
    match there(function(call), "arguments") {
        None | Some(Value::String(_) | Value::Object(_)) => Ok(()),
        Some(_) => Err("has `arguments` that are neither an object nor the text of one"),
    }
}

fn check_part(part: &Value) -> Result<(), String> {
    let kind = there(part, "type").ok_or("has no `type`")?;
    let kind = kind.as_str().ok_or("has a `type` that is no text")?;
    let holds = match kind {
        "text" | "refusal" => there(part, kind).is_some_and(Value::is_string),
        // Whoever wrote other kinds may keep what they show elsewhere, as in a column of images.
        "image_url" | "input_audio" | "file" => there(part, kind).is_some(),
        _ => true,
    };
    if holds { Ok(()) } else { Err(format!("has no `{kind}`")) }
}

/// A field that is there and not null.
fn there<'v>(of: &'v Value, field: &str) -> Option<&'v Value> {
    of.get(field).filter(|value| !value.is_null())
}

/// The function that a call or a tool is about; some leave out what it is wrapped in.
fn function(of: &Value) -> &Value {
    there(of, "function").unwrap_or(of)
}

fn named(of: &Value) -> Option<&str> {
    function(of).get("name").and_then(Value::as_str).filter(|name| !name.is_empty())
}

/// Whether this is a message, as far as its form says so.
pub(super) fn is_message(object: &Map<String, Value>) -> bool {
    let calls = || object.get("tool_calls").is_some_and(Value::is_array);
    let says = match object.get("content") {
        Some(Value::String(_)) => true,
        Some(Value::Array(parts)) => parts.iter().all(|part| part.get("type").is_some_and(Value::is_string)),
        Some(Value::Null) | None => calls() || object.get("refusal").is_some_and(Value::is_string),
        Some(_) => false,
    };
    says && object.get("role").is_some_and(Value::is_string)
}

/// Tells each text of a message: what is said, in parts or as a refusal, and of each call the name and the arguments.
pub(super) fn texts(message: &Map<String, Value>, each: &mut dyn FnMut(&str)) {
    match message.get("content") {
        Some(Value::String(text)) => each(text),
        Some(Value::Array(parts)) => parts.iter().filter_map(text_of).for_each(&mut *each),
        _ => {}
    }
    message.get("refusal").and_then(Value::as_str).into_iter().for_each(&mut *each);
    for call in message.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
        named(call).into_iter().for_each(&mut *each);
        match there(function(call), "arguments") {
            Some(Value::String(text)) => each(text),
            Some(other) => each(&other.to_string()),
            None => {}
        }
    }
}

/// The text of a part that is one.
fn text_of(part: &Value) -> Option<&str> {
    let kind = part.get("type")?.as_str().filter(|kind| matches!(*kind, "text" | "refusal"))?;
    part.get(kind)?.as_str()
}

/// The first part of a conversation that is no text: in which message it is, and of what type.
pub(super) fn beyond_text(messages: &Value) -> Option<(usize, &str)> {
    messages.as_array()?.iter().enumerate().find_map(|(at, message)| {
        let part = message.get("content")?.as_array()?.iter().find(|part| text_of(part).is_none())?;
        Some((at, part["type"].as_str().unwrap_or_default()))
    })
}

/// A conversation of texts as a chat template takes it: what is said is one text, its parts on lines of their own, and
/// nothing is null.
pub(super) fn plain(messages: Value) -> Value {
    let Value::Array(messages) = messages else { return messages };
    Value::Array(messages.into_iter().map(plain_message).collect())
}

fn plain_message(message: Value) -> Value {
    let Value::Object(mut message) = message else { return message };
    message.retain(|_, value| !value.is_null());
    let mut said = match message.remove("content") {
        Some(Value::Array(parts)) => parts.iter().filter_map(text_of).collect::<Vec<_>>().join("\n"),
        Some(Value::String(text)) => text,
        _ => String::new(),
    };
    if said.is_empty()
        && let Some(Value::String(refusal)) = message.remove("refusal")
    {
        said = refusal;
    }
    message.insert("content".into(), said.into());
    if message.get("tool_calls").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        message.remove("tool_calls");
    }
    Value::Object(message)
}
