//! What tells a row from another: the first 16 bytes of a SHA-256 over its values. Nobody makes two rows meet on purpose.

use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::format::{Cell, Row};
use super::walk::Slots;

/// Rows by the values of some columns.
pub(super) struct RowDigest {
    /// A number that stands for the column's name, and the column's place in the dataset.
    columns: Vec<(u32, usize)>,
    /// Whether the text `5` is another value than the number 5.
    typed: bool,
    slots: Slots,
    text: String,
}

impl RowDigest {
    /// By these columns; a column that the dataset lacks has no place.
    pub(super) fn new(columns: impl IntoIterator<Item = Option<usize>>, typed: bool) -> Self {
        let columns = (0..).zip(columns).filter_map(|(label, place)| Some((label, place?))).collect();
        Self { columns, typed, slots: Slots::default(), text: String::new() }
    }

    /// The digest of a row; `places` says which column of the dataset each cell belongs to. A column without a value, be it
    /// absent, null or an empty text, counts as one that is not there.
    pub(super) fn of(&mut self, row: &Row, places: &[usize]) -> [u8; 16] {
        self.slots.set(places);
        let mut sha = Sha256::new();
        for (label, place) in &self.columns {
            let cell = self.slots.cell(row, *place);
            let Some(cell) = cell.filter(|cell| !is_nothing(cell)) else { continue };
            self.text.clear();
            write_canonical(cell, &mut self.text);
            let kind = u8::from(self.typed && !matches!(cell, Cell::Json(Value::String(_)) | Cell::Text(_)));
            sha.update(label.to_be_bytes());
            sha.update([kind]);
            sha.update((self.text.len() as u64).to_be_bytes());
            sha.update(self.text.as_bytes());
        }
        let mut short = [0; 16];
        short.copy_from_slice(&sha.finalize()[..16]);
        short
    }
}

/// Whether a cell holds no value at all.
pub(super) fn is_nothing(cell: &Cell) -> bool {
    match cell {
        Cell::Absent | Cell::Json(Value::Null) => true,
        Cell::Raw(text) => text.is_empty(),
        Cell::Text(text) | Cell::Json(Value::String(text)) => text.is_empty(),
        Cell::Json(_) => false,
    }
}

/// Whether two cells hold the same value, in the sense of the digest.
pub(super) fn same(a: &Cell, b: &Cell, typed: bool) -> bool {
    let digest = |cell: &Cell| {
        let place = super::format::Place::START;
        RowDigest::new([Some(0)], typed).of(&Row { place, cells: vec![cell.clone()] }, &[0])
    };
    digest(a) == digest(b)
}

fn write_canonical(cell: &Cell, into: &mut String) {
    match cell {
        Cell::Json(value @ (Value::Array(_) | Value::Object(_))) => canonical(value, into),
        other => into.push_str(&other.text().unwrap_or_default()),
    }
}

/// JSON with the keys of its objects in order. What is read nests at most 64 levels.
fn canonical(value: &Value, into: &mut String) {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            into.push('{');
            for (key, value) in entries {
                // Writing to a text does not fail.
                let _ = write!(into, "{}:", Value::String(key.clone()));
                canonical(value, into);
                into.push(',');
            }
            into.push('}');
        }
        Value::Array(items) => {
            into.push('[');
            for item in items {
                canonical(item, into);
                into.push(',');
            }
            into.push(']');
        }
        other => {
            let _ = write!(into, "{other}");
        }
    }
}
