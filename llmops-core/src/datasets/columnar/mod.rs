//! Parquet files: read once, when they come, and kept as the JSON lines that their rows are.
//!
//! What such a file says about itself need not be true, and a few bytes of it can stand for very many; so the footer, each page's
//! header and the levels before its values are looked through before the library makes room for what they claim.

mod footer;
mod format;
mod header;
mod json;
mod levels;
mod pages;
mod shape;
#[cfg(test)]
pub(super) mod tests;
mod thrift;
mod time;
mod window;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, ParquetStatisticsPolicy,
    RowGroupMetaData,
};
use parquet::record::reader::TreeBuilder;

use super::source::Ranges;
use super::unpack::{Outlet, Stop};
use crate::base::{Error, ErrorKind, FilePath, Result};
use pages::{Group, Work};
use shape::Shape;

/// How such a file begins and ends, and how one begins that is encrypted.
const MAGIC: &[u8] = b"PAR1";
const ENCRYPTED: &[u8] = b"PARE";
/// The longest footer.
const FOOTER: u64 = 16 << 20;
/// Rows decoded at a time: one, so that what they take is known before they are there.
const BATCH: usize = 1;

/// Whether these are the first bytes of Parquet.
pub(super) fn is_parquet(head: &[u8]) -> bool {
    head.starts_with(MAGIC) || head.starts_with(ENCRYPTED)
}

/// The path of the rows: `rows.jsonl` for `rows.parquet`.
pub(super) fn inner_path(path: &FilePath) -> Result<FilePath> {
    let ending = path.extension();
    match path.as_str().len().checked_sub(ending.len()) {
        Some(end) if ["parquet", "parq", "pq"].contains(&ending.as_str()) => {
            FilePath::parse(&format!("{}jsonl", &path.as_str()[..end]))
        }
        _ => Ok(path.clone()),
    }
}

/// Passes on the rows of a file as JSON lines. Blocks.
pub(super) fn pass_rows(file: Ranges, outlet: &mut Outlet) -> Result<(), Stop> {
    let file = Arc::new(file);
    // The library gives up in some places where it could say what is wrong.
    let read = catch_unwind(AssertUnwindSafe(|| read(&file, outlet)));
    let read = read.unwrap_or_else(|_| Err(Stop::Failed(unreadable("it does not hold together"))));
    // What the store did not give is not the file's fault.
    read.map_err(|stop| file.failure().map_or(stop, Stop::Failed))
}

fn read(file: &Arc<Ranges>, outlet: &mut Outlet) -> Result<(), Stop> {
    let Footer { metadata, columns, end } = Footer::read(file).map_err(Stop::Failed)?;
    let schema = metadata.file_metadata().schema_descr_ptr();
    let work = Arc::new(Work::new(outlet.most(), outlet.gone()));
    let mut lines = Vec::new();
    let mut before = 0;
    for group in metadata.row_groups() {
        check_group(group, end).map_err(Stop::Failed)?;
        let pages = Group::new(group, file.clone(), work.clone());
        let shared = pages.shared.clone();
        let failed =
            |at: u64, error: ParquetError| Stop::Failed(shared.refusal().unwrap_or_else(|| broken_row(at, error)));
        let rows = TreeBuilder::new().with_batch_size(BATCH).as_iter(schema.clone(), &pages);
        for (at, row) in (before + 1..).zip(rows.map_err(|e| failed(before + 1, e))?) {
            if work.is_in_vain() {
                return Err(Stop::Left);
            }
            let row = row.map_err(|e| failed(at, e))?;
            json::write_row(&mut lines, &row, &columns).map_err(|error| Stop::Failed(in_row(at, error)))?;
            outlet.write(&mut lines)?;
        }
        before += group.num_rows().unsigned_abs();
    }
    outlet.end(lines)
}

/// What a file says about itself.
struct Footer {
    metadata: ParquetMetaData,
    columns: Vec<(String, Shape)>,
    /// Where its pages end.
    end: u64,
}

impl Footer {
    fn read(file: &Ranges) -> Result<Self> {
        let cut = |e: std::io::Error| unreadable("it is cut").caused_by(e);
        let head = file.read(0, MAGIC.len()).map_err(cut)?;
        let tail = file.read(file.length.saturating_sub(8), 8).map_err(cut)?;
        let (length, magic) = tail.split_at(4);
        if head == ENCRYPTED || magic == ENCRYPTED {
            return Err(foreign("it is encrypted", "write it without encryption"));
        }
        if magic != MAGIC {
            return Err(unreadable("it is cut, or only begins like one: its last bytes are not `PAR1`"));
        }
        let length = u64::from(length.iter().rev().fold(0u32, |length, byte| length << 8 | u32::from(*byte)));
        let Some(end) = (file.length - 8).checked_sub(length).filter(|end| *end >= MAGIC.len() as u64) else {
            return Err(unreadable("its footer claims to be longer than the file"));
        };
        if length > FOOTER {
            let rule = format!("has a footer of more than {} MiB", FOOTER >> 20);
            return Err(too_much(&rule, "write it with larger row groups, or as several files"));
        }
        let footer = file.read(end, usize::try_from(length).unwrap_or_default()).map_err(cut)?;
        footer::check(&footer)?;
        Self::parse(&footer, end)
    }

    fn parse(footer: &[u8], end: u64) -> Result<Self> {
        let mut options = ParquetMetaDataOptions::new();
        options.set_column_stats_policy(ParquetStatisticsPolicy::SkipAll);
        options.set_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll);
        options.set_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
        let parse = |options: &ParquetMetaDataOptions| {
            ParquetMetaDataReader::decode_metadata_with_options(footer, Some(options))
                .map_err(|e| unreadable("its footer is spoilt").caused_by(e))
        };
        let mut metadata = parse(&options)?;
        let schema = metadata.file_metadata().schema_descr_ptr();
        let columns = shape::columns(schema.root_schema())?;
        if let Some(bare) = shape::bare_schema(schema.root_schema())? {
            metadata = parse(&options.with_schema(Arc::new(bare)))?;
        }
        let rows = metadata.row_groups().iter().try_fold(0i64, |sum, group| sum.checked_add(group.num_rows()));
        if rows != Some(metadata.file_metadata().num_rows()) {
            return Err(unreadable("its row groups do not have as many rows together as it claims"));
        }
        Ok(Self { metadata, columns, end })
    }
}

fn check_group(group: &RowGroupMetaData, end: u64) -> Result<()> {
    let valued = group.columns().iter().any(|column| column.num_values() > 0);
    if group.num_rows() < 0 || group.num_rows() == 0 && valued {
        return Err(unreadable("a row group claims fewer rows than it has"));
    }
    // A group of no row says nothing of where its columns are.
    let columns = if group.num_rows() == 0 { &[] } else { group.columns() };
    columns.iter().try_for_each(|column| check_column(column, end))
}

fn check_column(column: &ColumnChunkMetaData, end: u64) -> Result<()> {
    let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
    let within = |start: i64| u64::try_from(start).is_ok_and(|start| start >= MAGIC.len() as u64 && start <= end);
    let length = u64::try_from(column.compressed_size()).unwrap_or(u64::MAX);
    if !within(start) || !within(column.data_page_offset()) || length > end - start.unsigned_abs() {
        return Err(unreadable(&format!("the column `{}` lies outside of the file", column.column_path())));
    }
    let by = match column.compression() {
        Compression::BROTLI(_) => "Brotli",
        Compression::LZO => "LZO",
        _ => return Ok(()),
    };
    Err(foreign(&format!("it is compressed with {by}"), "write it with zstd, snappy, gzip, lz4 or uncompressed"))
}

fn unreadable(rule: &str) -> Error {
    Error::invalid("file", format!("is Parquet that cannot be read: {rule}"))
        .code("unreadable_parquet")
        .hint("write the file again, or send its rows as JSON lines")
}

/// A row that cannot be written; one that is too long says so itself.
fn in_row(row: u64, error: Error) -> Error {
    if error.kind() == ErrorKind::TooLarge {
        error
    } else {
        unreadable(&format!("row {row} is spoilt")).caused_by(error)
    }
}

fn broken_row(row: u64, cause: ParquetError) -> Error {
    unreadable(&format!("row {row} is spoilt")).caused_by(cause)
}

/// Parquet of a kind that is not read.
fn foreign(rule: &str, remedy: &str) -> Error {
    Error::invalid("file", format!("is Parquet that is not read: {rule}")).code("unsupported_parquet").hint(remedy)
}

/// Parquet that would take more room than a file may.
fn too_much(rule: &str, remedy: &str) -> Error {
    Error::new(ErrorKind::TooLarge, format!("`file` is Parquet that {rule}"))
        .field("file")
        .code("parquet_too_large")
        .hint(remedy)
}
