//! Rows to show, read from their places.

use serde_json::{Map, Value};
use tokio::runtime::Handle;

use super::super::format::{Cell, Item, Records};
use super::super::row_digest::{is_nothing, same};
use super::super::sql::form_of;
use super::super::walk::Walk;
use super::super::{ComparedRow, ComparisonSamples, ModifiedRow, ValueChange, source};
use super::{Merged, Pair, Spot};
use crate::base::{Error, Result};

/// Bytes of values that are shown of a row, and of one value.
const SHOWN_BYTES: usize = 4096;
const VALUE_CHARS: usize = 500;

/// Reads rows of two versions.
pub(super) struct Reader<'p> {
    pub pair: &'p Pair,
    pub typed: bool,
    pub handle: Handle,
}

impl Reader<'_> {
    pub(super) fn read(&self, merged: &Merged) -> Result<ComparisonSamples> {
        let added = merged.added_rows.iter().map(|spot| self.row(&self.pair.b, *spot));
        let removed = merged.removed_rows.iter().map(|spot| self.row(&self.pair.a, *spot));
        let modified = merged.modified_rows.iter().map(|pair| self.modified(*pair));
        Ok(ComparisonSamples {
            added: added.collect::<Result<_>>()?,
            removed: removed.collect::<Result<_>>()?,
            modified: modified.collect::<Result<_>>()?,
        })
    }

    /// The names and values of a row.
    fn cells(&self, walk: &Walk, spot: Spot) -> Result<Vec<(String, Cell)>> {
        let file = walk.files.get(spot.file as usize).ok_or_else(|| Error::unexpected("a row stands in no file"))?;
        let reader = self.handle.block_on(source::open(&walk.blobs, &file.sha256, spot.place.offset))?;
        let names: Vec<String> = file.schema.iter().map(|column| column.name.clone()).collect();
        match Records::resume(reader, form_of(file), spot.place, names.clone()).next()? {
            Some(Item::Row(row)) => Ok(names.into_iter().zip(row.cells).collect()),
            _ => Err(Error::unexpected("a row is not where it was")),
        }
    }

    fn row(&self, walk: &Walk, spot: Spot) -> Result<ComparedRow> {
        let (mut values, mut shown) = (Map::new(), Shown::default());
        for (name, cell) in self.cells(walk, spot)? {
            if let Some(value) = shown.value(cell) {
                values.insert(name, value);
            }
        }
        Ok(ComparedRow { row: spot.row, values, cut: shown.cut })
    }

    fn modified(&self, (before, after): (Spot, Spot)) -> Result<ModifiedRow> {
        let (old, new) = (self.cells(&self.pair.a, before)?, self.cells(&self.pair.b, after)?);
        let find = |cells: &[(String, Cell)], name: &str| {
            cells.iter().find(|(column, _)| column == name).map_or(Cell::Absent, |(_, cell)| cell.clone())
        };
        let (mut key, mut changes, mut shown) = (Map::new(), Vec::new(), Shown::default());
        for name in &self.pair.keys {
            if let Some(value) = shown.value(find(&new, name)) {
                key.insert(name.clone(), value);
            }
        }
        let gone = old.iter().filter(|(name, _)| !new.iter().any(|(column, _)| column == name));
        for (name, _) in new.iter().chain(gone) {
            let (old, new) = (find(&old, name), find(&new, name));
            if same(&old, &new, self.typed) {
                continue;
            }
            if shown.full() {
                shown.cut = true;
                break;
            }
            changes.push(ValueChange { column: name.clone(), before: shown.value(old), after: shown.value(new) });
        }
        Ok(ModifiedRow { row_before: before.row, row_after: after.row, key, changes, cut: shown.cut })
    }
}

/// What of a row is shown so far.
#[derive(Default)]
struct Shown {
    bytes: usize,
    cut: bool,
}

impl Shown {
    fn full(&self) -> bool {
        self.bytes >= SHOWN_BYTES
    }

    /// A value as it is shown: the beginning of a long one, nothing once enough is shown.
    fn value(&mut self, cell: Cell) -> Option<Value> {
        if is_nothing(&cell) {
            return None;
        }
        if self.full() {
            self.cut = true;
            return None;
        }
        let text = cell.text().unwrap_or_default();
        self.bytes += text.len().min(SHOWN_BYTES);
        let Some((end, _)) = text.char_indices().nth(VALUE_CHARS) else {
            drop(text);
            return cell.into_value();
        };
        self.cut = true;
        Some(Value::String(format!("{}..", &text[..end])))
    }
}
