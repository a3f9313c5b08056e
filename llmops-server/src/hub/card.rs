//! The front matter of a README.md: what of it a card takes.

use serde_json::{Map, Value};

/// The longest front matter, in bytes.
const BYTES: usize = 64 << 10;
/// The most tags, and the longest, in characters.
const TAGS: usize = 50;
const TAG_CHARS: usize = 64;

/// What a front matter says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Told {
    pub(super) fields: Map<String, Value>,
    pub(super) tags: Vec<String>,
}

/// Reads the part of YAML that cards are written in: keys at the margin with a text, `true` or `false`, or a list of texts. What
/// is nested deeper is left out, and so is a front matter that does not end.
pub(super) fn front_matter(readme: &[u8]) -> Told {
    let text = String::from_utf8_lossy(&readme[..readme.len().min(BYTES)]);
    let mut lines = text.lines().map(str::trim_end);
    if lines.next() != Some("---") {
        return Told::default();
    }
    let within: Vec<&str> = lines.by_ref().take_while(|line| *line != "---").collect();
    if !text.lines().skip(1).any(|line| line.trim_end() == "---") {
        return Told::default();
    }
    let mut told = Told::default();
    let mut rest = within.as_slice();
    while let Some((line, after)) = rest.split_first() {
        let of_it = after.iter().take_while(|line| line.starts_with([' ', '-']) || line.is_empty()).count();
        let (below, after) = after.split_at(of_it);
        rest = after;
        let Some((key, value)) = line.split_once(':') else { continue };
        if key.is_empty() || key.starts_with(['#', ' ', '-']) {
            continue;
        }
        if let Some(value) = read(value.trim(), below) {
            told.fields.insert(key.trim().to_owned(), value);
        }
    }
    told.tags = match told.fields.remove("tags") {
        Some(Value::Array(tags)) => tags.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect(),
        Some(Value::String(tag)) => vec![tag],
        _ => Vec::new(),
    };
    told.tags.retain(|tag| !tag.trim().is_empty() && tag.chars().count() <= TAG_CHARS);
    told.tags.truncate(TAGS);
    told
}

/// The value of a key: on its line, or in the lines below.
fn read(value: &str, below: &[&str]) -> Option<Value> {
    if value.is_empty() {
        let items: Vec<&str> = below.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
        let texts = items.iter().map(|item| item.strip_prefix("- ").and_then(scalar));
        return texts.collect::<Option<Vec<Value>>>().filter(|texts| !texts.is_empty()).map(Value::Array);
    }
    if let Some(inner) = value.strip_prefix('[').and_then(|value| value.strip_suffix(']')) {
        let items = inner.split(',').map(str::trim).filter(|item| !item.is_empty());
        return items.map(scalar).collect::<Option<Vec<Value>>>().map(Value::Array);
    }
    scalar(value)
}

fn scalar(text: &str) -> Option<Value> {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.strip_suffix(quote).map(Value::from);
        }
    }
    let text = text.split(" #").next().unwrap_or_default().trim_end();
    match text {
        "true" => Some(true.into()),
        "false" => Some(false.into()),
        // Anchors, tags, blocks and maps are not read.
        _ if text.starts_with(['{', '[', '&', '*', '!', '|', '>', '%', '@', '`']) || text.contains(": ") => None,
        _ if text.ends_with(':') => None,
        _ => Some(text.into()),
    }
}
