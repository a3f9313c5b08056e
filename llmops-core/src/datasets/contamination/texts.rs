//! The texts of a row that are compared.

use serde_json::Value;

use super::super::format::{Cell, Row};
use super::super::walk::Slots;
use super::super::{ColumnType, Dataset, conversation, roles};
use super::words::Cut;

/// Which columns of a dataset are read, in this order.
#[derive(Debug, Clone)]
pub(in super::super) struct Columns {
    /// Their names and places in the dataset.
    pub named: Vec<(String, usize)>,
    /// The one that holds conversations.
    pub(in super::super) chat: Option<usize>,
}

impl Columns {
    /// Those that play a part of the dataset's type; where none does, all that may hold text, and where none may, all.
    pub(in super::super) fn of(dataset: &Dataset) -> Self {
        let resolved = roles::resolve(dataset.dataset_type, &dataset.columns, &dataset.schema).unwrap_or_default();
        let parts = Self::named(dataset, resolved.columns().into_iter().map(str::to_owned).collect());
        if !parts.named.is_empty() {
            return parts;
        }
        let textual = |kind: ColumnType| matches!(kind, ColumnType::Text | ColumnType::Json | ColumnType::Mixed);
        let all = || dataset.schema.iter();
        let mut names: Vec<String> =
            all().filter(|column| textual(column.column_type)).map(|column| column.name.clone()).collect();
        if names.is_empty() {
            names = all().map(|column| column.name.clone()).collect();
        }
        Self::named(dataset, names)
    }

    /// These of the dataset; what it does not have is left out.
    pub(in super::super) fn named(dataset: &Dataset, names: Vec<String>) -> Self {
        let place = |name: &str| dataset.schema.iter().position(|column| column.name == name);
        let mut named: Vec<(String, usize)> = Vec::new();
        for name in names {
            if let Some(place) = place(&name).filter(|place| named.iter().all(|(_, other)| other != place)) {
                named.push((name, place));
            }
        }
        let resolved = roles::resolve(dataset.dataset_type, &dataset.columns, &dataset.schema).unwrap_or_default();
        Self { named, chat: resolved.messages.as_deref().and_then(place) }
    }

    /// Their names.
    pub(in super::super) fn names(&self) -> Vec<String> {
        self.named.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Calls with each text of a row and the number of its column.
    pub(super) fn each(&self, slots: &Slots, row: &Row, each: &mut dyn FnMut(usize, &str)) {
        for (number, (_, place)) in self.named.iter().enumerate() {
            let Some(cell) = slots.cell(row, *place) else { continue };
            let each = &mut |text: &str| each(number, text);
            match cell {
                Cell::Absent => {}
                Cell::Json(value) => leaves(value, each),
                Cell::Raw(_) | Cell::Text(_) => {
                    // A table holds a conversation as text.
                    let chat = (self.chat == Some(*place)).then(|| conversation::of(cell).ok()).flatten();
                    match (chat, cell.text()) {
                        (Some(messages), _) => leaves(&messages, each),
                        (None, Some(text)) => each(&text),
                        (None, None) => {}
                    }
                }
            }
        }
    }

    /// Cuts the words of a row.
    pub(super) fn cut(&self, slots: &Slots, row: &Row, into: &mut Cut) {
        into.clear();
        self.each(slots, row, &mut |_, text| into.add(text));
    }
}

/// The texts and numbers in JSON, in their order; of a message what it says and calls alone. What is read nests at most 64 levels.
pub(super) fn leaves(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::String(text) => each(text),
        Value::Number(number) => each(&number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, each)),
        Value::Object(object) if conversation::is_message(object) => conversation::texts(object, each),
        Value::Object(object) => match (object.get("role"), object.get("content")) {
            (Some(Value::String(_)), Some(content)) => leaves(content, each),
            _ => object.values().for_each(|item| leaves(item, each)),
        },
    }
}
