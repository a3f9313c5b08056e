//! Comparing two versions: each is read once; every row leaves 60 bytes, sorted by the digests of its key and its values;
//! both sides are merged. What is shown of rows is read again from its place.

mod merge;
mod samples;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Handle;

pub(super) use merge::{Merged, Spot, merge};

use super::format::Row;
use super::progress::Progress;
use super::row_digest::RowDigest;
use super::sorted::{Scratch, Sorted, Sorter};
use super::statistics::Statistics;
use super::walk::{At, Visitor, Walk};
use super::{ComparisonReport, DataFormat, DatasetStatistics};
use crate::base::{Error, Result};

/// The most rows of a version that are compared.
pub(super) const ROWS: u64 = 50_000_000;
/// Bytes that a row leaves: two digests and its place.
const RECORD: usize = 60;

/// Two versions, and the columns that say which rows are the same one.
pub(super) struct Pair {
    pub a: Walk,
    pub b: Walk,
    pub keys: Vec<String>,
}

impl Pair {
    /// The columns of both, by name.
    fn columns(&self) -> Vec<String> {
        let names: BTreeSet<String> = self.a.names().into_iter().chain(self.b.names()).collect();
        names.into_iter().collect()
    }

    /// Whether the text `5` is another value than the number 5: only where both tell them apart.
    fn typed(&self) -> bool {
        [&self.a, &self.b].into_iter().all(|walk| walk.files.iter().all(|file| file.format == DataFormat::Jsonl))
    }
}

/// Reads both versions and says how they differ.
pub(super) fn run(
    pair: &Pair,
    scratch: &Path,
    (handle, progress): (&Handle, Arc<Progress>),
) -> Result<ComparisonReport> {
    let scratch = Scratch::create(scratch)?;
    let (mut a, before) = side(pair, &pair.a, (&scratch, "a"), (handle, &progress, (0, 0)))?;
    let read = progress.read();
    let (mut b, after) = side(pair, &pair.b, (&scratch, "b"), (handle, &progress, read))?;
    let merged = merge(&mut a, &mut b, !pair.keys.is_empty())?;
    let columns = shape::compare(before, after);
    let (typed, handle) = (pair.typed(), handle.clone());
    let samples = samples::Reader { pair, typed, handle }.read(&merged)?;
    Ok(ComparisonReport {
        added: merged.added,
        removed: merged.removed,
        modified: merged.modified,
        unchanged: merged.unchanged,
        repeated_keys: merged.repeated_keys,
        columns,
        samples,
    })
}

fn side(
    pair: &Pair,
    walk: &Walk,
    (scratch, name): (&Scratch, &str),
    (handle, progress, before): (&Handle, &Arc<Progress>, (u64, u64)),
) -> Result<(Sorted<RECORD>, DatasetStatistics)> {
    let names = walk.names();
    let place = |column: &String| names.iter().position(|name| name == column);
    let table = walk.files.iter().any(|file| file.format == DataFormat::Csv);
    let mut reading = Reading {
        sorter: Sorter::new(scratch, name),
        keys: (!pair.keys.is_empty()).then(|| RowDigest::new(pair.keys.iter().map(place), pair.typed())),
        content: RowDigest::new(pair.columns().iter().map(place), pair.typed()),
        statistics: Statistics::new(&names, table),
        failed: None,
        progress,
        before,
    };
    walk.run(handle, &mut reading)?;
    if let Some(error) = reading.failed {
        return Err(error);
    }
    Ok((reading.sorter.finish()?, reading.statistics.finish(String::new())))
}

struct Reading<'p> {
    sorter: Sorter<RECORD>,
    keys: Option<RowDigest>,
    content: RowDigest,
    statistics: Statistics,
    failed: Option<Error>,
    progress: &'p Progress,
    /// Rows and bytes of the other version, read before.
    before: (u64, u64),
}

impl Visitor for Reading<'_> {
    fn row(&mut self, at: &At<'_>, row: &Row) {
        self.statistics.add(row, at.places);
        let content = self.content.of(row, at.places);
        let key = self.keys.as_mut().map_or(content, |keys| keys.of(row, at.places));
        let spot = Spot { row: at.row, file: at.file as u32, place: row.place };
        if let Err(error) = self.sorter.add(merge::record(key, content, spot)) {
            self.failed.get_or_insert(error);
        }
    }

    fn progress(&mut self, rows: u64, bytes: u64) -> Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        self.progress.is_at(self.before.0 + rows, self.before.1 + bytes)
    }
}
