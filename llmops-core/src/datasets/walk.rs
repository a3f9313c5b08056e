//! Walking over all rows of a dataset, file by file, on a thread that may block.

use tokio::runtime::Handle;

use super::format::{Cell, Item, Problem, Records, Row};
use super::sql::form_of;
use super::{DatasetColumn, DatasetFile, source};
use crate::base::Result;
use crate::blob::Blobs;

/// The files of a dataset and what its columns are called.
#[derive(Clone)]
pub(super) struct Walk {
    pub blobs: Blobs,
    pub files: Vec<DatasetFile>,
    pub columns: Vec<DatasetColumn>,
}

/// Where a row stands.
pub(super) struct At<'a> {
    /// Its file.
    pub path: &'a str,
    /// The number of its file, from 0.
    pub file: usize,
    /// The line as it stands there, of JSON lines and text.
    pub line: &'a str,
    /// Its number among the rows of the dataset, from 0.
    pub row: u64,
    /// The column of the dataset that each of its cells belongs to.
    pub places: &'a [usize],
}

impl At<'_> {
    /// The cell of a row that belongs to this column of the dataset.
    pub(super) fn cell<'r>(&self, row: &'r Row, column: usize) -> Option<&'r Cell> {
        self.places.iter().position(|place| *place == column).and_then(|at| row.cells.get(at))
    }
}

/// The cell of each column of a dataset, for who looks at many of them.
#[derive(Default)]
pub(super) struct Slots(Vec<usize>);

impl Slots {
    /// Learns the places of a row.
    pub(super) fn set(&mut self, places: &[usize]) {
        self.0.fill(usize::MAX);
        for (cell, place) in places.iter().enumerate().filter(|(_, place)| **place != usize::MAX) {
            if self.0.len() <= *place {
                self.0.resize(*place + 1, usize::MAX);
            }
            self.0[*place] = cell;
        }
    }

    /// Which cell of that row belongs to this column of the dataset, if one does.
    pub(super) fn at(&self, column: usize) -> Option<usize> {
        self.0.get(column).copied().filter(|cell| *cell != usize::MAX)
    }

    /// The cell of that row that belongs to this column of the dataset.
    pub(super) fn cell<'r>(&self, row: &'r Row, column: usize) -> Option<&'r Cell> {
        self.0.get(column).and_then(|cell| row.cells.get(*cell))
    }
}

/// Who looks at the rows.
pub(super) trait Visitor {
    /// A row.
    fn row(&mut self, at: &At<'_>, row: &Row);
    /// A row that cannot be read.
    fn bad(&mut self, _path: &str, _problem: Problem) {}
    /// How far the walk is; an error ends it.
    fn progress(&mut self, _rows: u64, _bytes: u64) -> Result<()> {
        Ok(())
    }
}

/// Rows between two words on how far it is.
const PROGRESS: u64 = 256;

impl Walk {
    /// The names of the columns.
    pub(super) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The column of the dataset that each cell of a file's rows belongs to.
    pub(super) fn places(&self, file: &DatasetFile) -> Vec<usize> {
        let place = |name: &String| self.columns.iter().position(|column| column.name == *name);
        // Every key of a file has a place: the dataset's columns are those of its files.
        let names = file.schema.iter().map(|column| &column.name);
        names.map(|name| place(name).unwrap_or(usize::MAX)).collect()
    }

    /// Shows every row to the visitor.
    pub(super) fn run(&self, handle: &Handle, visitor: &mut impl Visitor) -> Result<()> {
        let (mut rows, mut before) = (0, 0);
        for (number, file) in self.files.iter().enumerate() {
            let reader = handle.block_on(source::open(&self.blobs, &file.sha256, 0))?;
            let mut records = Records::open(reader, form_of(file))?;
            let places = self.places(file);
            let mut seen = 0u64;
            while let Some(item) = records.next()? {
                match item {
                    Item::Row(row) => {
                        let (path, line) = (file.path.as_str(), records.line());
                        visitor.row(&At { path, file: number, line, row: rows, places: &places }, &row);
                        rows += 1;
                    }
                    Item::Bad(problem) => visitor.bad(&file.path, problem),
                }
                seen += 1;
                if seen.is_multiple_of(PROGRESS) {
                    visitor.progress(rows, before + records.bytes())?;
                }
            }
            before += file.bytes;
            visitor.progress(rows, before)?;
        }
        Ok(())
    }
}
