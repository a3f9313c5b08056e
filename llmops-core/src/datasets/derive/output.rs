//! Writing rows, so that reading them gives the same values.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use serde_json::Value;

use super::super::DataFormat;
use super::super::format::{Cell, ROW_BYTES, Row};
use super::super::sorted::disk;
use super::super::walk::At;
use super::Made;
use crate::base::{Error, ErrorKind, Result};

/// How rows are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub format: DataFormat,
    pub delimiter: u8,
    /// Whether texts that a spreadsheet would take for a formula are written so that it does not.
    pub safe: bool,
}

/// A file in the making.
pub(super) struct RowWriter {
    out: Out,
    made: Made,
    columns: Vec<String>,
    safe: bool,
}

enum Out {
    Table(Box<csv::Writer<BufWriter<File>>>),
    Lines(BufWriter<File>),
}

impl RowWriter {
    pub(super) fn create(path: PathBuf, name: String, form: Form, columns: Vec<String>) -> Result<Self> {
        let file = BufWriter::new(File::create(&path).map_err(disk)?);
        let out = if form.format == DataFormat::Csv {
            let mut table = csv::WriterBuilder::new().delimiter(form.delimiter).from_writer(file);
            let safe =
                |name: &String| if form.safe && begins_formula(name) { format!("'{name}") } else { name.clone() };
            table.write_record(columns.iter().map(safe)).map_err(table_disk)?;
            Out::Table(Box::new(table))
        } else {
            Out::Lines(file)
        };
        Ok(Self {
            out,
            made: Made { path, name, format: form.format, delimiter: form.delimiter, rows: 0 },
            columns,
            safe: form.safe,
        })
    }

    /// A row as it stands in its file. The columns of this file are those of the dataset.
    pub(super) fn same(&mut self, at: &At<'_>, row: &Row) -> Result<()> {
        match &mut self.out {
            Out::Table(_) => self.cells(&row.cells),
            Out::Lines(out) => {
                self.made.rows += 1;
                writeln!(out, "{}", at.line).map_err(disk)
            }
        }
    }

    /// A row of these values, in the order of the columns.
    pub(super) fn cells(&mut self, cells: &[Cell]) -> Result<()> {
        self.made.rows += 1;
        match &mut self.out {
            Out::Table(table) => {
                let texts: Vec<_> = cells.iter().map(|cell| cell.text().unwrap_or_default()).collect();
                check_size(texts.iter().map(|text| text.len()).sum())?;
                for (cell, text) in cells.iter().zip(&texts) {
                    if self.safe && is_formula(cell, text) {
                        table.write_field(format!("'{text}")).map_err(table_disk)?;
                    } else {
                        table.write_field(text.as_bytes()).map_err(table_disk)?;
                    }
                }
                table.write_record(None::<&[u8]>).map_err(table_disk)
            }
            Out::Lines(out) if self.made.format == DataFormat::Text => {
                let text = cells.first().and_then(Cell::text).unwrap_or_default();
                writeln!(out, "{text}").map_err(disk)
            }
            Out::Lines(out) => {
                let line = object(&self.columns, cells);
                check_size(line.len())?;
                writeln!(out, "{line}").map_err(disk)
            }
        }
    }

    pub(super) fn finish(self) -> Result<Made> {
        match self.out {
            Out::Table(mut table) => table.flush().map_err(disk)?,
            Out::Lines(mut out) => out.flush().map_err(disk)?,
        }
        Ok(self.made)
    }
}

/// An object with its keys in the order of the columns.
fn object(columns: &[String], cells: &[Cell]) -> String {
    let mut line = String::from("{");
    for (name, cell) in columns.iter().zip(cells) {
        let Some(value) = cell.clone().into_value() else { continue };
        let comma = if line.len() > 1 { "," } else { "" };
        line.push_str(&format!("{comma}{}:{value}", Value::String(name.clone())));
    }
    line.push('}');
    line
}

/// Refuses a row that could not be read again.
fn check_size(bytes: usize) -> Result<()> {
    if bytes <= ROW_BYTES {
        return Ok(());
    }
    Err(Error::new(ErrorKind::TooLarge, format!("the row would be longer than the limit of {} MiB", ROW_BYTES >> 20))
        .code("row_too_large"))
}

/// What spreadsheets take for a formula; numbers are none.
fn is_formula(cell: &Cell, text: &str) -> bool {
    begins_formula(text) && cell.number().is_none() && text.parse::<f64>().is_err()
}

/// Some programs pass over what is blank before it, or read the wide forms of East Asian text as the narrow ones.
fn begins_formula(text: &str) -> bool {
    let shown = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    text.starts_with(['\t', '\r', '\n']) || shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

fn table_disk(cause: csv::Error) -> Error {
    match cause.into_kind() {
        csv::ErrorKind::Io(cause) => disk(cause),
        other => Error::unexpected("a row cannot be written as a table")
            .caused_by(std::io::Error::other(format!("{other:?}"))),
    }
}
