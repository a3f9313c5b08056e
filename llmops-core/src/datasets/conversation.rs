//! Conversations: lists of messages with a role and a content.

use serde_json::Value;

use super::format::Cell;

/// What a message may say it is from.
const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];

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
        if !message.get("content").is_some_and(Value::is_string) {
            return Err(format!("the `content` of message {at} must be a text"));
        }
    }
    let answered = messages.iter().any(|message| message["role"] == "assistant");
    if answered { Ok(()) } else { Err("no message is from the assistant: there is nothing to learn".into()) }
}
