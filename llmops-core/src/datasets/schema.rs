//! What a file is made of, learned in one pass: rows, columns, and where to find a row again.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::binary::{In, Out};
use super::format::{Item, Place, Problem, Records};
use super::{ColumnType, DatasetColumn};
use crate::base::Result;

/// Problems that are kept.
pub(super) const PROBLEMS: usize = 100;

/// What a column's values have been so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    empty: u64,
    booleans: u64,
    integers: u64,
    numbers: u64,
    texts: u64,
    objects: u64,
}

impl Seen {
    /// Counts a value of this kind.
    pub(super) fn add(&mut self, kind: Option<ColumnType>) {
        *match kind {
            None | Some(ColumnType::Empty) => &mut self.empty,
            Some(ColumnType::Boolean) => &mut self.booleans,
            Some(ColumnType::Integer) => &mut self.integers,
            Some(ColumnType::Number) => &mut self.numbers,
            Some(ColumnType::Json) => &mut self.objects,
            Some(ColumnType::Text | ColumnType::Mixed) => &mut self.texts,
        } += 1;
    }

    /// Counts what others counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.empty += other.empty;
        self.booleans += other.booleans;
        self.integers += other.integers;
        self.numbers += other.numbers;
        self.texts += other.texts;
        self.objects += other.objects;
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        let all = [self.empty, self.booleans, self.integers, self.numbers, self.texts, self.objects];
        all.into_iter().for_each(|count| out.u64(count));
    }

    /// What was put there.
    pub(super) fn read(from: &mut In<'_>) -> Option<Self> {
        Some(Self {
            empty: from.u64()?,
            booleans: from.u64()?,
            integers: from.u64()?,
            numbers: from.u64()?,
            texts: from.u64()?,
            objects: from.u64()?,
        })
    }

    /// Values that hold something.
    pub(super) fn count(&self) -> u64 {
        self.booleans + self.integers + self.numbers + self.texts + self.objects
    }

    /// The type that covers all values; a table's column in which some values are no numbers is text.
    pub(super) fn column_type(&self, table: bool) -> ColumnType {
        let kinds = [
            (self.booleans, ColumnType::Boolean),
            (self.integers + self.numbers, ColumnType::Number),
            (self.texts, ColumnType::Text),
            (self.objects, ColumnType::Json),
        ];
        let mut found = kinds.into_iter().filter(|(count, _)| *count > 0).map(|(_, kind)| kind);
        match (found.next(), found.next()) {
            (None, _) => ColumnType::Empty,
            (Some(ColumnType::Number), None) if self.numbers == 0 => ColumnType::Integer,
            (Some(kind), None) => kind,
            (Some(_), Some(_)) if table => ColumnType::Text,
            (Some(_), Some(_)) => ColumnType::Mixed,
        }
    }

    /// Types that are told apart when values of one column differ.
    pub(super) const GROUPS: [ColumnType; 4] =
        [ColumnType::Boolean, ColumnType::Number, ColumnType::Text, ColumnType::Json];

    /// Which of these a kind is of.
    pub(super) fn group(kind: ColumnType) -> Option<usize> {
        match kind {
            ColumnType::Empty => None,
            ColumnType::Boolean => Some(0),
            ColumnType::Integer | ColumnType::Number => Some(1),
            ColumnType::Text | ColumnType::Mixed => Some(2),
            ColumnType::Json => Some(3),
        }
    }

    /// Values of each of these.
    pub(super) fn groups(&self) -> [u64; Self::GROUPS.len()] {
        [self.booleans, self.integers + self.numbers, self.texts, self.objects]
    }

    /// Values that are not of the most frequent type, as numbers among texts.
    pub(super) fn strangers(&self) -> u64 {
        self.count() - self.groups().into_iter().max().unwrap_or_default()
    }
}

/// Where to find rows again: the place of every `stride`-th.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RowIndex {
    stride: u64,
    /// Offset and line of rows 0, `stride`, 2 `stride` ..
    points: Vec<(u64, u64)>,
}

/// Rows between two points at first, and the most points; beyond, every other one goes.
const STRIDE: u64 = 64;
const POINTS: usize = 4096;

impl Default for RowIndex {
    fn default() -> Self {
        Self { stride: STRIDE, points: Vec::new() }
    }
}

impl RowIndex {
    /// Notes where a row begins; rows come in order.
    pub(super) fn add(&mut self, row: u64, place: Place) {
        if !row.is_multiple_of(self.stride) {
            return;
        }
        if self.points.len() == POINTS {
            let mut at = 0;
            self.points.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            self.stride *= 2;
            if !row.is_multiple_of(self.stride) {
                return;
            }
        }
        self.points.push((place.offset, place.line));
    }

    /// The nearest known row at or before this one, and where it begins.
    pub(super) fn before(&self, row: u64) -> Option<(u64, Place)> {
        let last = self.points.len().checked_sub(1)?;
        let at = usize::try_from(row / self.stride).unwrap_or(usize::MAX).min(last);
        let (offset, line) = self.points[at];
        Some((at as u64 * self.stride, Place { offset, line }))
    }
}

/// What one pass over a file learned.
#[derive(Debug, Clone, Default)]
pub(super) struct Profile {
    /// Rows that can be read.
    pub rows: u64,
    /// Rows that cannot.
    pub bad_rows: u64,
    /// The first of them.
    pub problems: Vec<Problem>,
    /// The columns.
    pub columns: Vec<DatasetColumn>,
    /// Where to find rows again.
    pub index: RowIndex,
}

impl Profile {
    /// Reads a file to its end.
    pub(super) fn of(mut records: Records, table: bool) -> Result<Self> {
        let mut profile = Self::default();
        let mut seen: Vec<Seen> = Vec::new();
        while let Some(item) = records.next()? {
            match item {
                Item::Row(row) => {
                    profile.index.add(profile.rows, row.place);
                    profile.rows += 1;
                    if seen.len() < row.cells.len() {
                        seen.resize(row.cells.len(), Seen::default());
                    }
                    for (seen, cell) in seen.iter_mut().zip(&row.cells) {
                        seen.add(cell.kind());
                    }
                }
                Item::Bad(problem) => {
                    profile.bad_rows += 1;
                    if profile.problems.len() < PROBLEMS {
                        profile.problems.push(problem);
                    }
                }
            }
        }
        let names = records.columns();
        seen.resize(names.len(), Seen::default());
        let rows = profile.rows;
        let column = |(name, seen): (String, Seen)| DatasetColumn {
            name,
            column_type: seen.column_type(table),
            nullable: seen.count() < rows,
        };
        profile.columns = names.into_iter().zip(seen).map(column).collect();
        Ok(profile)
    }
}

/// The columns of several files as one: the types that cover both, in the order they came.
pub(super) fn merge(files: &[Vec<DatasetColumn>], table: bool) -> Vec<DatasetColumn> {
    let mut merged: Vec<DatasetColumn> = files.first().cloned().unwrap_or_default();
    for (at, columns) in files.iter().enumerate().skip(1) {
        for known in &mut merged {
            known.nullable |= !columns.iter().any(|column| column.name == known.name);
        }
        for column in columns {
            match merged.iter_mut().find(|known| known.name == column.name) {
                Some(known) => {
                    known.column_type = wider(known.column_type, column.column_type, table);
                    known.nullable |= column.nullable;
                }
                None => merged.push(DatasetColumn { nullable: at > 0, ..column.clone() }),
            }
        }
    }
    merged
}

fn wider(a: ColumnType, b: ColumnType, table: bool) -> ColumnType {
    match (a, b) {
        _ if a == b => a,
        (ColumnType::Empty, other) | (other, ColumnType::Empty) => other,
        (ColumnType::Integer, ColumnType::Number) | (ColumnType::Number, ColumnType::Integer) => ColumnType::Number,
        _ if table => ColumnType::Text,
        _ => ColumnType::Mixed,
    }
}
