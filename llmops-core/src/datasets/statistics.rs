//! What columns hold, counted in one pass and bounded memory: exact up to limits that are shared among the columns,
//! estimated beyond, and said to be so.

mod distinct;
mod spread;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use distinct::Distinct;
pub(super) use spread::{Spread, TOKEN_QUANTILES};

use super::format::{Cell, Row};
use super::schema::Seen;
use super::{ColumnStatistics, ColumnType, DatasetStatistics, TopValue};

/// Different values counted exactly, of all columns together and of one.
const DISTINCT_ALL: usize = 2_000_000;
const DISTINCT: usize = 100_000;
/// Values whose frequency is kept, of all columns together and of one.
const VALUES_ALL: usize = 100_000;
const VALUES: usize = 1000;
/// Numbers kept for quantiles, of all columns together and of one.
const SAMPLE_ALL: usize = 1_000_000;
const SAMPLE: usize = 10_000;
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
    values: HashMap<String, u64>,
    most_values: usize,
    values_exact: bool,
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
            values: HashMap::new(),
            most_values: VALUES.min(VALUES_ALL / width),
            values_exact: true,
            numbers: Spread::new(SAMPLE.min(SAMPLE_ALL / width)),
            lengths: Spread::new(SAMPLE.min(SAMPLE_ALL / width)),
        }
    }

    fn add(&mut self, cell: &Cell) {
        self.seen.add(cell);
        let Some(kind) = cell.kind() else { return };
        let Some(text) = cell.text() else { return };
        self.distinct.add(hash_of(text.as_bytes()));
        self.count_value(&text);
        if let Some(number) = cell.number() {
            self.numbers.add(number);
        }
        if kind == ColumnType::Text {
            self.lengths.add(text.chars().count() as f64);
        }
    }

    fn count_value(&mut self, text: &str) {
        let cut = text.char_indices().nth(VALUE_CHARS).map_or(text.len(), |(at, _)| at);
        if let Some(count) = self.values.get_mut(&text[..cut]) {
            *count += 1;
        } else if self.values.len() < self.most_values {
            self.values.insert(text[..cut].to_owned(), 1);
        } else {
            self.values_exact = false;
        }
    }

    fn finish(self, rows: u64, table: bool) -> ColumnStatistics {
        let count = self.seen.count();
        let column_type = self.seen.column_type(table);
        let (distinct, distinct_exact) = self.distinct.count();
        let distinct = distinct.min(count);
        let mut top: Vec<TopValue> = self.values.into_iter().map(|(value, count)| TopValue { value, count }).collect();
        top.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        top.truncate(TOP);
        let numeric = matches!(column_type, ColumnType::Integer | ColumnType::Number | ColumnType::Mixed);
        ColumnStatistics {
            name: self.name,
            column_type,
            count,
            nulls: rows - count,
            distinct,
            distinct_exact,
            top_values: top,
            top_values_exact: self.values_exact,
            numbers: if numeric { self.numbers.finish(|x| x) } else { None },
            lengths: if numeric { None } else { self.lengths.finish(f64::ln_1p) },
        }
    }
}

/// A hash that is the same in every run, so that a report does not change by itself.
pub(super) fn hash_of(bytes: &[u8]) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
