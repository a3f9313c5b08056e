//! What a card may hold, and how it changes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::base::{Error, Patch, Result, check_text};

/// The largest card, in bytes of JSON.
pub(super) const CARD_BYTES: usize = 64 << 10;
/// The deepest card; a request has two levels more.
const CARD_DEPTH: usize = 60;
/// The most tags, and the longest, in characters.
pub(super) const MOST_TAGS: usize = 50;
pub(super) const TAG_CHARS: usize = 64;

pub(crate) fn check_tags(tags: &[String]) -> Result<BTreeSet<String>> {
    if tags.len() > MOST_TAGS {
        return Err(Error::invalid("tags", format!("must be at most {MOST_TAGS}")).hint("keep those people search by"));
    }
    for tag in tags {
        if tag.trim().is_empty() {
            return Err(Error::invalid("tags", "must not hold an empty tag").hint("remove it"));
        }
        check_text("tags", tag, TAG_CHARS)?;
    }
    Ok(tags.iter().cloned().collect())
}

pub(crate) fn check_card(card: &Map<String, Value>) -> Result<()> {
    let bytes = serde_json::to_vec(card).map_or(0, |text| text.len());
    if depth(card.values()) > CARD_DEPTH {
        return Err(Error::invalid("metadata", format!("must be at most {CARD_DEPTH} levels deep"))
            .hint("write what lies deeper as a text"));
    }
    if bytes > CARD_BYTES {
        return Err(Error::invalid("metadata", "must be at most 64 KiB of JSON")
            .hint("move long texts below the front matter of a `README.md`, and send that"));
    }
    Ok(())
}

/// How deep these values lie: what is read back counts levels as well.
fn depth<'v>(values: impl Iterator<Item = &'v Value>) -> usize {
    let below = |value: &'v Value| match value {
        Value::Array(list) => depth(list.iter()),
        Value::Object(object) => depth(object.values()),
        _ => 0,
    };
    1 + values.map(below).max().unwrap_or_default()
}

/// Whether a field is the key to somebody's service, however it is spelled.
pub(crate) fn is_key(field: &str) -> bool {
    field.chars().filter(char::is_ascii_alphanumeric).collect::<String>().eq_ignore_ascii_case("apikey")
}

/// The fields of a card as the database has them.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A card with what it lacks.
pub(crate) fn filled(mut card: Map<String, Value>, with: &Map<String, Value>) -> Map<String, Value> {
    for (key, value) in with {
        card.entry(key.clone()).or_insert_with(|| value.clone());
    }
    card
}

/// A card after a JSON merge patch.
pub(crate) fn patched(mut card: Map<String, Value>, patch: Patch<Map<String, Value>>) -> Map<String, Value> {
    let patch = match patch {
        Patch::Stays => return card,
        Patch::Empties => return Map::new(),
        Patch::Is(patch) => patch,
    };
    for (key, value) in patch {
        merge(card.entry(key).or_insert(Value::Null), value);
    }
    card.retain(|_, value| !value.is_null());
    card
}

/// RFC 7396: objects merge key by key, `null` removes, anything else takes the place.
fn merge(into: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *into = patch;
        return;
    };
    if !into.is_object() {
        *into = json!({});
    }
    if let Some(object) = into.as_object_mut() {
        for (key, value) in patch {
            merge(object.entry(key).or_insert(Value::Null), value);
        }
        object.retain(|_, value| !value.is_null());
    }
}
