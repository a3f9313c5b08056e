//! Reads the options of a metric.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::base::{Error, Result};

/// The options of a metric that has none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Reads options in camelCase or snake_case; an error names the option.
pub(in crate::evaluation) fn parse<T: DeserializeOwned>(options: &Map<String, Value>) -> Result<T> {
    let options = options.iter().map(|(key, value)| (camel(key), value.clone())).collect();
    serde_path_to_error::deserialize(Value::Object(options)).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "options".to_owned() } else { format!("options.{path}") };
        Error::invalid(field, format!("cannot be read: {}", error.into_inner()))
            .hint("GET /evaluation/metrics lists every metric with its options")
    })
}

fn camel(key: &str) -> String {
    let mut words = key.split('_');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}
