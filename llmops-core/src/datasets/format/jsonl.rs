//! JSON lines: each an object; its keys are the columns.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{COLUMNS, Cell, DEPTH, Item, Place, Problem, Row};
use crate::base::nested_deeper;

/// As much of a key as a message says, in characters.
const KEY_CHARS: usize = 60;

/// The keys seen so far, in the order they came.
#[derive(Default)]
pub(in super::super) struct Keys {
    /// Their names.
    pub(super) columns: Vec<String>,
    index: HashMap<String, usize>,
}

impl Keys {
    /// Begins with these.
    pub(in super::super) fn new(columns: Vec<String>) -> Self {
        let index = columns.iter().enumerate().map(|(i, name)| (name.clone(), i)).collect();
        Self { columns, index }
    }

    /// Reads a line.
    pub(in super::super) fn read(&mut self, place: Place, line: &str) -> Item {
        let bad = |column: Option<usize>, reason: String| {
            Item::Bad(Problem { line: place.line, column: column.map(|c| c as u64), reason })
        };
        if let Some(at) = nested_deeper(line.as_bytes(), DEPTH) {
            return bad(Some(at + 1), format!("the JSON nests deeper than {DEPTH} levels"));
        }
        let object = match serde_json::from_str::<Object>(line) {
            Ok(Object(object)) => object,
            Err(_) => match serde_json::from_str::<Value>(line) {
                Ok(other) => return bad(Some(1), format!("a row must be a JSON object, not {}", kind(&other))),
                Err(error) => {
                    let text = error.to_string();
                    let reason = text.split(" at line ").next().unwrap_or(&text);
                    return bad(Some(error.column().max(1)), format!("is not JSON: {reason}"));
                }
            },
        };
        match self.place_cells(object) {
            Ok(cells) => Item::Row(Row { place, cells }),
            Err(reason) => bad(None, reason),
        }
    }

    /// The values of a row by column; or why it is none, and then its keys are no columns.
    fn place_cells(&mut self, object: Vec<(String, Value)>) -> Result<Vec<Cell>, String> {
        let keys = object.iter().map(|(key, _)| key.as_str());
        let new: HashSet<&str> = keys.filter(|key| !self.index.contains_key(*key)).collect();
        if self.columns.len() + new.len() > COLUMNS {
            return Err(format!("the rows have more than {COLUMNS} different keys"));
        }
        let before = self.columns.len();
        let mut cells = vec![Cell::Absent; self.columns.len()];
        for (key, value) in object {
            let next = self.columns.len();
            let at = *self.index.entry(key).or_insert_with_key(|key| {
                self.columns.push(key.clone());
                next
            });
            if at == cells.len() {
                cells.push(Cell::Absent);
            }
            if !matches!(cells[at], Cell::Absent) {
                let name: String = self.columns[at].chars().take(KEY_CHARS).collect();
                for key in self.columns.drain(before..) {
                    self.index.remove(&key);
                }
                return Err(format!("the key `{name}` stands there twice, so it is not known which value holds"));
            }
            cells[at] = Cell::Json(value);
        }
        Ok(cells)
    }
}

/// An object with its keys in the order in which they stand, also where one repeats.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Pairs)
    }
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Object(pairs))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
