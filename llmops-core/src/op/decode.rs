//! JSON to requests and answers to JSON, with errors that name the field.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::base::{Error, Result};

/// Reads a request. What does not fit is refused with the field's name and what would fit.
pub fn decode<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|e| {
        let path = e.path().to_string();
        explain(if path == "." { "" } else { &path }, &e.into_inner().to_string())
    })
}

/// Renders an answer.
pub fn encode<T: Serialize>(value: &T) -> Result<Value> {
    serde_json::to_value(value).map_err(|e| Error::unexpected("an answer cannot be rendered").caused_by(e))
}

/// Turns serde's sentence into ours: which field, what rule.
fn explain(path: &str, text: &str) -> Error {
    if let Some(rest) = text.strip_prefix("unknown field `") {
        let (name, rest) = rest.split_once('`').unwrap_or((rest, ""));
        let allowed = rest.trim_start_matches([',', ' ']).trim_start_matches("expected ").replace("one of ", "");
        return Error::invalid(join(path, name), "is not a field of this request")
            .code("unknown_field")
            .hint(format!("the fields here are {}", if allowed.is_empty() { "none".into() } else { allowed }));
    }
    if let Some(rest) = text.strip_prefix("missing field `") {
        let name = rest.split('`').next().unwrap_or(rest);
        return Error::invalid(join(path, name), "is required").code("missing_field").hint("send it");
    }
    if let Some(rest) = text.strip_prefix("unknown variant `") {
        let (name, rest) = rest.split_once('`').unwrap_or((rest, ""));
        let allowed = rest.trim_start_matches([',', ' ']).trim_start_matches("expected ").replace("one of ", "");
        return Error::invalid(nonempty(path), format!("must be one of {allowed}, not `{name}`"))
            .hint("choose one of them");
    }
    if let Some(rest) = text.strip_prefix("invalid type: ") {
        let (got, wanted) = rest.split_once(", expected ").unwrap_or((rest, "another type"));
        return Error::invalid(nonempty(path), format!("must be {}, not {}", plainly(wanted), plainly(got)))
            .hint("send that type");
    }
    if let Some(rest) = text.strip_prefix("invalid value: ") {
        let (got, wanted) = rest.split_once(", expected ").unwrap_or((rest, "another value"));
        return Error::invalid(nonempty(path), format!("must be {}, not {}", plainly(wanted), plainly(got)))
            .hint("send such a value");
    }
    if text.starts_with("UUID parsing failed") {
        return Error::invalid(nonempty(path), "must be an id")
            .hint("for example 01980000-0000-7000-8000-000000000000");
    }
    Error::invalid(nonempty(path), format!("cannot be read: {text}")).hint("see the operation in the API reference")
}

/// Serde's word for a type or a value in a caller's words.
fn plainly(word: &str) -> String {
    match word {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0 on".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a string" => "text".to_owned(),
        "a sequence" | "sequence" => "a list".to_owned(),
        "a map" | "map" => "an object".to_owned(),
        other => match other.split_once(' ') {
            Some(("string", text)) => format!("the text {text}"),
            Some(("integer" | "floating" | "boolean", rest)) => {
                format!("`{}`", rest.trim_start_matches("point ").trim_matches('`'))
            }
            Some(("struct", _)) => "an object".to_owned(),
            _ => other.to_owned(),
        },
    }
}

fn join(path: &str, name: &str) -> String {
    match path.rsplit_once('.') {
        _ if path.is_empty() || path == name => name.to_owned(),
        Some((_, last)) if last == name => path.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

fn nonempty(path: &str) -> &str {
    if path.is_empty() { "body" } else { path }
}
