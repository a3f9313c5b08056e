//! A request's fields as the path and the query of an address.

use serde_json::{Map, Value};

use crate::base::{Error, Result};

/// Puts the fields named in the path where they belong.
pub(super) fn fill(template: &str, fields: &mut Map<String, Value>) -> Result<String> {
    let mut path = String::new();
    for segment in template.split('/').skip(1) {
        path.push('/');
        let Some(name) = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) else {
            path.push_str(segment);
            continue;
        };
        let (name, whole) = name.strip_prefix('*').map_or((name, false), |rest| (rest, true));
        let value = fields
            .remove(name)
            .ok_or_else(|| Error::invalid(name, "is required").code("missing_field").hint("send it"))?;
        let text = plain(&value);
        if text.is_empty() {
            return Err(Error::invalid(name, "must not be empty").hint("send its text"));
        }
        let parts: Vec<String> = if whole { text.split('/').map(encode).collect() } else { vec![encode(&text)] };
        path.push_str(&parts.join("/"));
    }
    Ok(path)
}

/// One segment of a path.
fn encode(part: &str) -> String {
    let mut url = url::Url::parse("http://x/").ok();
    if let Some(mut segments) = url.as_mut().and_then(|u| u.path_segments_mut().ok()) {
        segments.clear().push(part);
    }
    url.map(|u| u.path()[1..].to_owned()).unwrap_or_default()
}

/// The fields of a query.
pub(super) fn query(fields: Map<String, Value>) -> Vec<(String, String)> {
    let text = |value: Value| match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => plain(&other),
    };
    fields.into_iter().map(|(key, value)| (key, text(value))).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// First byte, last byte and total of a `Content-Range`.
pub(super) fn content_range(text: &str) -> Option<(u64, u64, u64)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}
