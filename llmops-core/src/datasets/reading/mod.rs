//! Rows on their way out: read piece by piece, as whoever takes them asks for the next, so that neither a thread nor more than a
//! piece waits for somebody slow.

mod arrow;
mod line;
mod lines;
mod parquet;
mod value;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use tokio::runtime::Handle;

use super::format::{Cell, Item, Place, Records, Row};
use super::sql::form_of;
use super::{DataFormat, DatasetColumn, DatasetFile, RowFormat, source};
use crate::base::{ByteStream, Error, ErrorKind, Result};
use crate::blob::Blobs;
use line::Keys;
use value::Given;

/// About how many bytes are read at a time.
const PIECE: usize = 512 << 10;

/// A file and where reading it begins.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    pub file: DatasetFile,
    /// The first of its rows that is wanted.
    pub first: u64,
    /// A row at or before it, and where that stands; at the beginning of the file if absent.
    pub place: Option<(u64, Place)>,
}

/// What is wanted of the rows.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub columns: Vec<DatasetColumn>,
    pub limit: u64,
    pub format: RowFormat,
}

/// What rows are written as. The values of a row come in the order of the columns.
trait Writer: Send {
    /// A value of the row.
    fn value(&mut self, column: usize, given: Given<'_>) -> Result<()>;
    /// The row is whole.
    fn end_row(&mut self) -> Result<()>;
    /// About how many bytes wait to be taken.
    fn size(&self) -> usize;
    /// What was written since.
    fn take(&mut self) -> Result<Bytes>;
    /// What is left, and what ends the whole.
    fn finish(&mut self) -> Result<Bytes>;
}

/// The rows of a dataset being read.
pub(super) struct Reading {
    blobs: Blobs,
    files: std::vec::IntoIter<Begun>,
    open: Option<Open>,
    names: Vec<String>,
    left: u64,
    writer: Box<dyn Writer>,
    ended: bool,
}

impl Reading {
    /// Begins; nothing is read yet.
    pub(super) fn new(blobs: Blobs, files: Vec<Begun>, wanted: Wanted) -> Result<Self> {
        let names = wanted.columns.iter().map(|column| column.name.clone()).collect();
        let writer: Box<dyn Writer> = match wanted.format {
            RowFormat::Jsonl => Box::new(lines::Lines::new(wanted.columns)?),
            RowFormat::Arrow => Box::new(arrow::Batches::new(&wanted.columns)?),
            RowFormat::Parquet => Box::new(parquet::Groups::new(&wanted.columns)?),
        };
        Ok(Self { blobs, files: files.into_iter(), open: None, names, left: wanted.limit, writer, ended: false })
    }

    /// The bytes of all rows. The first are read before it answers, so that what keeps them from being read is told as an error;
    /// a failure after that is the last item.
    ///
    /// # Errors
    /// `upstream` when the object store is away, `not_found` when the bytes are gone.
    pub(super) async fn stream(self) -> Result<ByteStream> {
        let Some((first, rest)) = self.next().await? else { return Ok(futures::stream::empty().boxed()) };
        let pieces = futures::stream::try_unfold(rest, Self::next);
        let all = futures::stream::once(std::future::ready(Ok(first))).chain(pieces);
        Ok(all.try_filter(|piece| std::future::ready(!piece.is_empty())).boxed())
    }

    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        if self.ended {
            return Ok(None);
        }
        let handle = Handle::current();
        source::off_thread(move || self.piece(&handle).map(|piece| Some((piece, self)))).await
    }

    /// Reads on until there is enough to send. Blocks.
    fn piece(&mut self, handle: &Handle) -> Result<Bytes> {
        while self.writer.size() < PIECE {
            if !self.row(handle)? {
                self.ended = true;
                return self.writer.finish();
            }
        }
        self.writer.take()
    }

    /// Writes the next row; `false` when there is none.
    fn row(&mut self, handle: &Handle) -> Result<bool> {
        while self.left > 0 {
            if let Some(open) = &mut self.open {
                if open.row(&mut *self.writer)? {
                    self.left -= 1;
                    return Ok(true);
                }
                self.open = None;
            }
            let Some(begun) = self.files.next() else { return Ok(false) };
            self.open = Some(Open::begin(&self.blobs, begun, &self.names, handle)?);
        }
        Ok(false)
    }
}

/// A file being read.
struct Open {
    file: DatasetFile,
    records: Records,
    /// The row that comes next, and the first that is wanted.
    at: u64,
    first: u64,
    columns: Columns,
}

/// Where the values of the columns are.
enum Columns {
    /// Under these keys of a line.
    Keys(Keys),
    /// In these cells of a row, by column.
    Cells(Vec<Option<usize>>),
}

impl Open {
    fn begin(blobs: &Blobs, begun: Begun, wanted: &[String], handle: &Handle) -> Result<Self> {
        let Begun { file, first, place } = begun;
        let form = form_of(&file);
        let names: Vec<String> = file.schema.iter().map(|column| column.name.clone()).collect();
        let columns = match file.format {
            DataFormat::Jsonl => Columns::Keys(Keys::new(wanted)),
            DataFormat::Csv | DataFormat::Text => {
                Columns::Cells(wanted.iter().map(|name| names.iter().position(|known| known == name)).collect())
            }
        };
        let offset = place.map_or(0, |(_, place)| place.offset);
        let reader = handle.block_on(source::open(blobs, &file.sha256, offset))?;
        let (at, records) = match place {
            Some((at, place)) => (at, Records::resume(reader, form, place, names)),
            None => (0, Records::open(reader, form)?),
        };
        Ok(Self { file, records, at, first, columns })
    }

    /// Writes the next row that is wanted; `false` at the end of the file.
    fn row(&mut self, writer: &mut dyn Writer) -> Result<bool> {
        // Where every line is a row, a line is read once; elsewhere it is judged first, by who judged it when it came.
        let whole = matches!(self.columns, Columns::Keys(_)) && self.file.bad_rows == 0;
        loop {
            match if whole { self.records.next_line()? } else { self.records.next()? } {
                None if self.at == self.file.rows => return Ok(false),
                None => return Err(self.differs(&format!("it ends after {} rows of {}", self.at, self.file.rows))),
                Some(Item::Bad(_)) if self.file.bad_rows > 0 => {}
                Some(Item::Bad(problem)) => {
                    return Err(self.differs(&format!("line {}: {}", problem.line, problem.reason)));
                }
                Some(Item::Row(row)) => {
                    self.at += 1;
                    if self.at > self.first {
                        self.write(&row, writer)?;
                        return Ok(true);
                    }
                }
            }
        }
    }

    fn write(&mut self, row: &Row, writer: &mut dyn Writer) -> Result<()> {
        match &self.columns {
            Columns::Keys(keys) => {
                let values = keys
                    .read(self.records.line())
                    .map_err(|cause| self.differs(&format!("line {} is not JSON", row.place.line)).caused_by(cause))?;
                for (column, value) in values.into_iter().enumerate() {
                    writer.value(column, value.map_or(Given::Nothing, |raw| Given::Json(raw.get())))?;
                }
            }
            Columns::Cells(cells) => {
                for (column, cell) in cells.iter().enumerate() {
                    writer.value(column, cell.and_then(|at| row.cells.get(at)).map_or(Given::Nothing, given))?;
                }
            }
        }
        writer.end_row()
    }

    /// The bytes are not those that came.
    fn differs(&self, how: &str) -> Error {
        let path = &self.file.path;
        Error::new(ErrorKind::Upstream, format!("the object store does not hold `{path}` as it was sent: {how}"))
            .code("file_differs")
            .hint("see `llmops-server doctor`, and send the file again")
    }
}

fn given(cell: &Cell) -> Given<'_> {
    match cell {
        Cell::Raw(text) => Given::Table(text),
        Cell::Text(text) => Given::Text(text),
        // Only lines of JSON have these, and they are read as lines.
        Cell::Absent | Cell::Json(_) => Given::Nothing,
    }
}
