//! What columns hold, counted in one pass and bounded memory: exact up to limits that are shared among the columns,
//! estimated beyond, and said to be so.

mod distinct;
mod moments;
mod sight;
mod sketch;
mod spread;
#[cfg(test)]
mod tests;
mod values;

use distinct::Distinct;
use sight::{Look, Sight};
pub(super) use spread::{Spread, TOKEN_QUANTILES};
use values::Values;

pub(super) use sight::Sights;

use super::binary::{In, Out};
use super::format::{Cell, Row};
use super::schema::Seen;
use super::{ColumnStatistics, ColumnType, DatasetStatistics, TopValue};

/// Different values counted exactly, of all columns together and of one.
const DISTINCT_ALL: usize = 2_000_000;
const DISTINCT: usize = 100_000;
/// Values whose frequency is kept, of all columns together and of one.
const VALUES_ALL: usize = 100_000;
const VALUES: usize = 1000;
/// Numbers kept for quantiles, of all columns together and of one: exact as long as there are no more.
const KEPT_ALL: usize = 1_000_000;
const KEPT: usize = 10_000;
/// Characters of a value that are kept.
const VALUE_CHARS: usize = 200;
/// Values shown.
const TOP: usize = 10;

/// The statistics of a dataset in the making.
pub(super) struct Statistics {
    rows: u64,
    table: bool,
    columns: Vec<Counted>,
}

/// One column.
struct Counted {
    name: String,
    seen: Seen,
    distinct: Distinct,
    values: Values,
    numbers: Spread,
    lengths: Spread,
}

impl Statistics {
    /// Begins; `names` are the columns of the dataset, and cells come in their order.
    pub(super) fn new(names: &[String], table: bool) -> Self {
        let width = names.len().max(1);
        let columns = names.iter().map(|name| Counted::new(name, width)).collect();
        Self { rows: 0, table, columns }
    }

    /// Counts a row; `places` says which column of the dataset each cell belongs to.
    pub(super) fn add(&mut self, row: &Row, places: &[usize]) {
        self.rows += 1;
        for (cell, at) in row.cells.iter().zip(places) {
            if let Some(column) = self.columns.get_mut(*at) {
                column.add(cell);
            }
        }
    }

    /// Counts what rows were found to add; they come in their order.
    pub(super) fn take(&mut self, sights: &Sights) {
        self.rows += sights.rows();
        self.columns.iter_mut().zip(&sights.columns).for_each(|(column, sight)| column.take(sight));
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        out.u64(self.rows);
        for column in &self.columns {
            column.seen.put(out);
            column.distinct.put(out);
            column.values.put(out);
            column.numbers.put(out);
            column.lengths.put(out);
        }
    }

    /// Takes up what was put there, of the same columns; half of it, if it is none.
    pub(super) fn take_up(&mut self, from: &mut In<'_>) -> Option<()> {
        self.rows = from.u64()?;
        for column in &mut self.columns {
            column.seen = Seen::read(from)?;
            column.distinct = column.distinct.read(from)?;
            column.values = column.values.read(from)?;
            column.numbers = column.numbers.read(from)?;
            column.lengths = column.lengths.read(from)?;
        }
        Some(())
    }

    /// The rows counted so far.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// What the values of each column are.
    pub(super) fn seen(&self) -> Vec<&Seen> {
        self.columns.iter().map(|column| &column.seen).collect()
    }

    /// Values that are not of their column's most frequent type, and all values.
    pub(super) fn strangers(&self) -> (u64, u64) {
        let sum = |of: fn(&Seen) -> u64| self.columns.iter().map(|column| of(&column.seen)).sum();
        (sum(Seen::strangers), sum(Seen::count))
    }

    /// The statistics of the bytes with this digest.
    pub(super) fn finish(self, digest: String) -> DatasetStatistics {
        let (rows, table) = (self.rows, self.table);
        DatasetStatistics { digest, rows, columns: self.columns.into_iter().map(|c| c.finish(rows, table)).collect() }
    }
}

impl Counted {
    fn new(name: &str, width: usize) -> Self {
        Self {
            name: name.to_owned(),
            seen: Seen::default(),
            distinct: Distinct::new(DISTINCT.min(DISTINCT_ALL / width)),
            values: Values::new(VALUES.min(VALUES_ALL / width)),
            numbers: Spread::new(KEPT.min(KEPT_ALL / width)),
            lengths: Spread::new(KEPT.min(KEPT_ALL / width)),
        }
    }

    fn add(&mut self, cell: &Cell) {
        let kind = cell.kind();
        self.seen.add(kind);
        let Some((kind, text)) = kind.zip(cell.text()) else { return };
        let look = Look::at(cell, kind, &text);
        self.distinct.add(look.hash);
        self.values.count(look.of_text, look.text);
        look.number.into_iter().for_each(|number| self.numbers.add(number));
        look.length.into_iter().for_each(|length| self.lengths.add(length));
    }

    fn take(&mut self, sight: &Sight) {
        self.seen.merge(&sight.seen);
        for (hash, of_text, text) in sight.values() {
            self.distinct.add(hash);
            self.values.count(of_text, text);
        }
        sight.numbers.iter().for_each(|number| self.numbers.add(*number));
        sight.lengths.iter().for_each(|length| self.lengths.add(*length));
    }

    fn finish(self, rows: u64, table: bool) -> ColumnStatistics {
        let count = self.seen.count();
        let column_type = self.seen.column_type(table);
        let (distinct, distinct_error) = self.distinct.count();
        let distinct = distinct.min(count);
        let top_values_exact = self.values.exact();
        let mut top: Vec<TopValue> = self.values.all().map(|(value, count)| TopValue { value, count }).collect();
        top.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        top.truncate(TOP);
        let numeric = matches!(column_type, ColumnType::Integer | ColumnType::Number | ColumnType::Mixed);
        ColumnStatistics {
            name: self.name,
            column_type,
            count,
            nulls: rows - count,
            distinct,
            distinct_exact: distinct_error.is_none(),
            distinct_error,
            top_values: top,
            top_values_exact,
            numbers: if numeric { self.numbers.finish(|x| x) } else { None },
            lengths: if numeric { None } else { self.lengths.finish(f64::ln_1p) },
        }
    }
}

/// A hash that is the same in every run and release, so that a report does not change by itself: XXH3.
pub(super) fn hash_of(bytes: &[u8]) -> u64 {
    twox_hash::XxHash3_64::oneshot(bytes)
}
