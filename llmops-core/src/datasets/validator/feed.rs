//! The rows of a dataset in batches, read one after another by one thread.

use std::collections::VecDeque;

use tokio::runtime::Handle;

use super::super::format::{Cell, Item, Place, Records};
use super::super::sql::form_of;
use super::super::walk::Walk;
use super::super::{DataFormat, source};
use crate::base::{Result, slow_point};

/// The most rows of a batch, the most values, and bytes after which it ends. A batch takes a few MiB at most, or one row of
/// the longest.
const ROWS: usize = 512;
const VALUES: usize = 16 << 10;
const BYTES: u64 = 256 << 10;

/// A place in a dataset: a file, by its number, and a place in it where a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) file: usize,
    pub(super) place: Place,
}

impl Mark {
    /// The beginning.
    pub(super) const START: Self = Self { file: 0, place: Place::START };
}

/// Some rows of one file.
pub(super) struct Batch {
    /// The number of the file.
    pub(super) file: usize,
    /// The rows; of JSON lines each is a text that is still to be read.
    pub(super) items: Vec<Item>,
    /// Where the next batch begins.
    pub(super) end: Mark,
    /// Bytes of the dataset before that.
    pub(super) bytes: u64,
}

/// What is left of a dataset.
pub(super) struct Feed<'w> {
    walk: &'w Walk,
    handle: &'w Handle,
    /// The files that are not open yet, by their numbers.
    files: VecDeque<usize>,
    /// Where the first of them is entered.
    enter: Place,
    open: Option<(usize, Records)>,
    /// Bytes of the files that were read.
    before: u64,
}

impl<'w> Feed<'w> {
    /// What comes from a mark on.
    pub(super) fn from(walk: &'w Walk, handle: &'w Handle, mark: Mark) -> Self {
        let mut mark = mark;
        if walk.files.get(mark.file).is_some_and(|file| mark.place.offset >= file.bytes) {
            mark = Mark { file: mark.file + 1, place: Place::START };
        }
        let before = walk.files.iter().take(mark.file).map(|file| file.bytes).sum();
        Self { walk, handle, files: (mark.file..walk.files.len()).collect(), enter: mark.place, open: None, before }
    }

    /// The next rows; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<Batch>> {
        loop {
            if self.open.is_none() && !self.open_next()? {
                return Ok(None);
            }
            let Some((number, records)) = &mut self.open else { return Ok(None) };
            let (number, file) = (*number, &self.walk.files[*number]);
            let items = read(records, file.format, file.schema.len())?;
            if items.is_empty() {
                self.before += file.bytes;
                self.open = None;
                continue;
            }
            slow_point("validation.batch");
            let end = Mark { file: number, place: records.place() };
            return Ok(Some(Batch { file: number, items, end, bytes: self.before + records.bytes() }));
        }
    }

    fn open_next(&mut self) -> Result<bool> {
        let Some(number) = self.files.pop_front() else { return Ok(false) };
        let (file, place) = (&self.walk.files[number], std::mem::replace(&mut self.enter, Place::START));
        let reader = self.handle.block_on(source::open(&self.walk.blobs, &file.sha256, place.offset))?;
        let records = if place == Place::START {
            Records::open(reader, form_of(file))?
        } else {
            let columns = file.schema.iter().map(|column| column.name.clone()).collect();
            Records::resume(reader, form_of(file), place, columns)
        };
        self.open = Some((number, records));
        Ok(true)
    }
}

/// The next rows of a file whose rows have so many values.
fn read(records: &mut Records, format: DataFormat, width: usize) -> Result<Vec<Item>> {
    let (most, until) = ((VALUES / width.max(1)).clamp(1, ROWS), records.bytes() + BYTES);
    let mut items = Vec::with_capacity(most);
    while items.len() < most && records.bytes() < until {
        let next = if format == DataFormat::Jsonl { records.next_line()? } else { records.next()? };
        match next {
            None => break,
            Some(Item::Row(mut row)) => {
                if format == DataFormat::Jsonl {
                    row.cells = vec![Cell::Text(records.line().to_owned())];
                }
                items.push(Item::Row(row));
            }
            Some(bad) => items.push(bad),
        }
    }
    Ok(items)
}
