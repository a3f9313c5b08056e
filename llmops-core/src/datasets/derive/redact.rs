//! Personal and secret data replaced by marks such as `[EMAIL]`, until the search that validates finds nothing more.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::format::Cell;
use super::super::pii::{PiiMatch, Search};
use super::super::{DatasetColumn, RedactRows};

/// How often a text is searched again: what stood beside a finding may be one without it.
const ROUNDS: usize = 8;
/// What takes the place of a value that cannot be mended in part.
const ALL: &str = "[REDACTED]";

/// Replaces what it finds.
pub(super) struct Redactor {
    search: Arc<Search>,
    /// The names of the columns, and which one is looked at.
    columns: Vec<String>,
    place: usize,
    /// The places of the columns that are looked at; all if absent.
    only: Option<HashSet<usize>>,
    found: Vec<PiiMatch>,
}

impl Redactor {
    pub(super) fn new(redact: &RedactRows, columns: &[DatasetColumn], search: Arc<Search>) -> Self {
        let place = |name: &String| columns.iter().position(|column| column.name == *name);
        let only = redact.columns.as_ref().map(|names| names.iter().filter_map(place).collect());
        let columns = columns.iter().map(|column| column.name.clone()).collect();
        Self { search, columns, place: 0, only, found: Vec::new() }
    }

    /// The value without what was found in it, if something was.
    pub(super) fn cell(&mut self, place: usize, cell: &Cell) -> Option<Cell> {
        if self.only.as_ref().is_some_and(|only| !only.contains(&place)) {
            return None;
        }
        self.place = place;
        match cell {
            Cell::Absent => None,
            Cell::Raw(text) => self.text(text).map(|clean| Cell::Raw(clean.into())),
            Cell::Text(text) => self.text(text).map(Cell::Text),
            Cell::Json(value) => self.json(value).map(Cell::Json),
        }
    }

    /// The text without what was found in it, if something was.
    fn text(&mut self, text: &str) -> Option<String> {
        let mut now = self.once(text)?;
        for _ in 0..ROUNDS {
            match self.once(&now) {
                Some(next) => now = next,
                None => return Some(now),
            }
        }
        Some(ALL.to_owned())
    }

    fn once(&mut self, text: &str) -> Option<String> {
        let column = self.columns.get(self.place).map(String::as_str).unwrap_or_default();
        self.search.find(column, text, &mut self.found);
        if self.found.is_empty() {
            return None;
        }
        let (mut clean, mut at) = (String::with_capacity(text.len()), 0);
        for found in &self.found {
            // What overlaps the finding before is covered by its mark.
            if found.span.start >= at {
                clean.push_str(&text[at..found.span.start]);
                clean.push('[');
                clean.push_str(&found.rule.as_deref().unwrap_or_else(|| found.kind.name()).to_uppercase());
                clean.push(']');
            }
            at = at.max(found.span.end);
        }
        clean.push_str(&text[at..]);
        Some(clean)
    }

    /// The same for JSON: within its texts and numbers, and then over the whole, as the search sees it.
    fn json(&mut self, value: &Value) -> Option<Value> {
        if let Value::String(text) = value {
            return self.text(text).map(Value::String);
        }
        let whole = value.to_string();
        self.once(&whole)?;
        let clean = self.within(value);
        if self.once(&clean.to_string()).is_none() {
            return Some(clean);
        }
        let mended = self.text(&whole).unwrap_or(whole);
        // As JSON it may be written in another way, in which something shows again.
        Some(match serde_json::from_str::<Value>(&mended) {
            Ok(parsed) if self.once(&parsed.to_string()).is_none() => parsed,
            _ => Value::String(mended),
        })
    }

    fn within(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text).unwrap_or_else(|| text.clone())),
            Value::Number(number) => self.text(&number.to_string()).map_or_else(|| value.clone(), Value::String),
            Value::Array(items) => Value::Array(items.iter().map(|item| self.within(item)).collect()),
            Value::Object(object) => {
                let mut clean = Map::new();
                for (key, item) in object {
                    clean.insert(self.text(key).unwrap_or_else(|| key.clone()), self.within(item));
                }
                Value::Object(clean)
            }
            Value::Null | Value::Bool(_) => value.clone(),
        }
    }
}
