//! Where the values of a column change their type: of each type the lines that have it first.

use super::binary::{In, Out};
use super::schema::Seen;
use super::walk::Walk;
use super::{ColumnType, TypeChange, TypeChangeAt};

/// Lines kept of each type of a column.
const FIRST: usize = 5;
/// The first columns are looked at so closely; all are counted.
const COLUMNS: usize = 1000;
/// Columns that are told.
const TOLD: usize = 100;

/// A line of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct At {
    file: usize,
    line: u64,
}

/// The first lines of each type, by column. Rows come in their order.
#[derive(Debug, Default)]
pub(super) struct Strangers(Vec<[Vec<At>; Seen::GROUPS.len()]>);

impl Strangers {
    /// Notes a value of this kind in a column.
    pub(super) fn note(&mut self, (column, kind): (usize, Option<ColumnType>), file: usize, line: u64) {
        let Some(group) = kind.and_then(Seen::group).filter(|_| column < COLUMNS) else { return };
        if self.0.len() <= column {
            self.0.resize_with(column + 1, Default::default);
        }
        let lines = &mut self.0[column][group];
        if lines.len() < FIRST {
            lines.push(At { file, line });
        }
    }

    /// Takes what later rows were found to add.
    pub(super) fn take(&mut self, later: &Self) {
        if self.0.len() < later.0.len() {
            self.0.resize_with(later.0.len(), Default::default);
        }
        for (lines, more) in self.0.iter_mut().flatten().zip(later.0.iter().flatten()) {
            let room = FIRST - lines.len();
            lines.extend(more.iter().take(room));
        }
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        out.u64(self.0.len() as u64);
        for lines in self.0.iter().flatten() {
            out.numbers(lines.iter().map(|at| at.file as u64));
            out.numbers(lines.iter().map(|at| at.line));
        }
    }

    /// What was put there.
    pub(super) fn read(from: &mut In<'_>) -> Option<Self> {
        let columns = from.count(8).filter(|columns| *columns <= COLUMNS)?;
        let mut read = Self::default();
        read.0.resize_with(columns, Default::default);
        for lines in read.0.iter_mut().flatten() {
            let (files, numbers): (Vec<u64>, Vec<u64>) = (from.numbers()?, from.numbers()?);
            if files.len() != numbers.len() || files.len() > FIRST {
                return None;
            }
            let at = |(file, line)| Some(At { file: usize::try_from(file).ok()?, line });
            *lines = files.into_iter().zip(numbers).map(at).collect::<Option<_>>()?;
        }
        Some(read)
    }

    /// The columns with values of another type than most, given what all their values are. Text covers whatever else stands
    /// in a column of a table.
    pub(super) fn changes(&self, walk: &Walk, all: &[&Seen], table: bool) -> Vec<TypeChange> {
        let names = walk.names();
        let change = |((name, seen), lines): ((&String, &&Seen), &[Vec<At>; Seen::GROUPS.len()])| {
            let counts = seen.groups();
            let most = (0..counts.len()).max_by_key(|group| counts[*group])?;
            let others = seen.strangers();
            if others == 0 || (table && Seen::GROUPS[most] == ColumnType::Text) {
                return None;
            }
            let first = |group: usize| {
                let of = move |at: &At| TypeChangeAt {
                    path: walk.files.get(at.file).map(|file| file.path.clone()).unwrap_or_default(),
                    line: at.line,
                    column_type: Seen::GROUPS[group],
                };
                lines[group].iter().map(of)
            };
            let first = (0..counts.len()).filter(|group| *group != most).flat_map(first).collect();
            Some(TypeChange { column: name.clone(), column_type: Seen::GROUPS[most], values: others, first })
        };
        names.iter().zip(all).zip(&self.0).filter_map(change).take(TOLD).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(of: &Strangers, column: usize, kind: ColumnType) -> Vec<u64> {
        of.0[column][Seen::group(kind).unwrap()].iter().map(|at| at.line).collect()
    }

    #[test]
    fn the_first_lines_of_each_type_are_kept_however_they_are_cut() {
        let kinds = [ColumnType::Integer, ColumnType::Text, ColumnType::Number, ColumnType::Boolean];
        let value = |line: u64| kinds[(line % 4) as usize];
        let mut whole = Strangers::default();
        (1..=40).for_each(|line| whole.note((1, Some(value(line))), 0, line));
        for cut in [1, 7, 39] {
            let mut parts = [Strangers::default(), Strangers::default()];
            (1..=40).for_each(|line| parts[usize::from(line > cut)].note((1, Some(value(line))), 0, line));
            let [mut first, second] = parts;
            first.take(&second);
            assert_eq!(first.0, whole.0, "cut behind {cut}");
        }
        assert_eq!(lines(&whole, 1, ColumnType::Number), [2, 4, 6, 8, 10], "whole numbers are numbers");
        assert_eq!(lines(&whole, 1, ColumnType::Text), [1, 5, 9, 13, 17]);
        let mut out = Out::default();
        whole.put(&mut out);
        let bytes = out.end();
        assert_eq!(Strangers::read(&mut In::of(&bytes)).unwrap().0, whole.0);
    }

    #[test]
    fn columns_beyond_the_limit_and_empty_values_take_no_room() {
        let mut found = Strangers::default();
        found.note((COLUMNS, Some(ColumnType::Text)), 0, 1);
        found.note((3, None), 0, 1);
        assert!(found.0.is_empty());
    }
}
