//! Reads a JSON object field by field, so that every complaint names the field, the rule and what came.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::ApiError;

/// The fields not read yet. `null` counts as absent, as in OpenAI's API.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// Parses a body.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(other) => {
                Err(ApiError::request("invalid_body", format!("the body must be a JSON object, not {}", kind(&other))))
            }
            Err(error) => Err(ApiError::request("invalid_json", format!("the body is not valid JSON: {error}"))),
        }
    }

    /// Takes a field as it is.
    pub(crate) fn any(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// Takes a text.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, ApiError> {
        match self.any(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(name, "a string", &other)),
        }
    }

    /// Takes a truth value.
    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.any(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(wrong(name, "true or false", &other)),
        }
    }

    /// Takes a number within bounds.
    pub(crate) fn number(&mut self, name: &str, bounds: RangeInclusive<f64>) -> Result<Option<f32>, ApiError> {
        let Some(value) = self.any(name) else { return Ok(None) };
        match value.as_f64() {
            Some(number) if bounds.contains(&number) => Ok(Some(number as f32)),
            _ => Err(wrong(name, &format!("a number from {} to {}", bounds.start(), bounds.end()), &value)),
        }
    }

    /// Takes a whole number within bounds.
    pub(crate) fn whole(&mut self, name: &str, bounds: RangeInclusive<i64>) -> Result<Option<i64>, ApiError> {
        let Some(value) = self.any(name) else { return Ok(None) };
        match value.as_i64() {
            Some(number) if bounds.contains(&number) => Ok(Some(number)),
            _ => Err(wrong(name, &format!("a whole number from {} to {}", bounds.start(), bounds.end()), &value)),
        }
    }

    /// Takes an object.
    pub(crate) fn object(&mut self, name: &str) -> Result<Option<Self>, ApiError> {
        match self.any(name) {
            None => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Self(fields))),
            Some(other) => Err(wrong(name, "an object", &other)),
        }
    }

    /// Names of what nobody read: unknown to this server and ignored by it.
    pub(crate) fn unread(self) -> Vec<String> {
        self.0.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name).collect()
    }

    /// The rest as pairs, for objects whose keys are data.
    pub(crate) fn pairs(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter()
    }
}

/// Says what a field must be and what came instead.
pub(crate) fn wrong(name: &str, rule: &str, got: &Value) -> ApiError {
    let got = match got {
        Value::String(text) if text.chars().count() > 40 => "a longer string".to_string(),
        Value::Array(_) | Value::Object(_) => kind(got).to_string(),
        scalar => scalar.to_string(),
    };
    ApiError::field(name, format!("{name} must be {rule}, not {got}"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
