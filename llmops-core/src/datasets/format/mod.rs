//! Reading rows of tables, JSON lines and plain text: forwards, one at a time, each with its place, in bounded memory.

mod detect;
mod input;
mod jsonl;
mod table;
#[cfg(test)]
mod tests;

use std::io::Read;

use compact_str::CompactString;
use serde_json::Value;

pub(super) use detect::{Wanted, detect, guessed, is_foreign, is_jsonl};
pub(super) use input::Place;
use input::{Input, LineEnd};
pub(super) use jsonl::Keys;

use super::{ColumnType, DataFormat, GuessedForm};
use crate::base::Result;

/// The longest row, in bytes.
pub(super) const ROW_BYTES: usize = 4 << 20;
/// The most columns.
pub(super) const COLUMNS: usize = 1000;
/// The deepest JSON.
pub(super) const DEPTH: usize = 64;
/// Bytes at the beginning of a file that tell what it is.
pub(super) const HEAD_BYTES: u64 = 64 << 10;

/// How the rows of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// The format.
    pub format: DataFormat,
    /// What separates values of a table.
    pub delimiter: u8,
    /// Whether the first record of a table names the columns.
    pub header: bool,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// The row does not have this column.
    Absent,
    /// A value of a table, whose type only its look tells; most are short, and then take no memory of their own.
    Raw(CompactString),
    /// A text that is one.
    Text(String),
    /// Any other value.
    Json(Value),
}

impl Cell {
    /// What it is; `None` when it holds nothing.
    pub(super) fn kind(&self) -> Option<ColumnType> {
        match self {
            Self::Absent | Self::Json(Value::Null) => None,
            Self::Raw(text) if text.trim().is_empty() => None,
            Self::Raw(text) => Some(look(text.trim())),
            Self::Text(text) | Self::Json(Value::String(text)) => (!text.trim().is_empty()).then_some(ColumnType::Text),
            Self::Json(Value::Bool(_)) => Some(ColumnType::Boolean),
            Self::Json(Value::Number(n)) if n.is_i64() || n.is_u64() => Some(ColumnType::Integer),
            Self::Json(Value::Number(_)) => Some(ColumnType::Number),
            Self::Json(Value::Array(_) | Value::Object(_)) => Some(ColumnType::Json),
        }
    }

    /// Its number, when it is one.
    pub(super) fn number(&self) -> Option<f64> {
        self.number_of(self.kind())
    }

    /// The same of a value whose kind is known.
    pub(super) fn number_of(&self, kind: Option<ColumnType>) -> Option<f64> {
        match self {
            Self::Raw(text) if matches!(kind, Some(ColumnType::Integer | ColumnType::Number)) => {
                text.trim().parse().ok()
            }
            Self::Json(Value::Number(number)) => number.as_f64(),
            _ => None,
        }
    }

    /// Its text, or its JSON; `None` when the column is absent.
    pub(super) fn text(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            Self::Absent | Self::Json(Value::Null) => None,
            Self::Raw(text) => Some(text.as_str().into()),
            Self::Text(text) | Self::Json(Value::String(text)) => Some(text.as_str().into()),
            Self::Json(other) => Some(other.to_string().into()),
        }
    }

    /// As JSON, for a preview.
    pub(super) fn into_value(self) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Raw(text) => Some(Value::String(text.into())),
            Self::Text(text) => Some(Value::String(text)),
            Self::Json(value) => Some(value),
        }
    }
}

/// What a table's value looks like.
fn look(text: &str) -> ColumnType {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    match text {
        "true" | "false" | "True" | "False" | "TRUE" | "FALSE" => ColumnType::Boolean,
        // A leading zero belongs to codes, not to numbers.
        _ if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()) => {
            ColumnType::Text
        }
        _ if starts && text.parse::<i64>().is_ok() => ColumnType::Integer,
        _ if starts && text.parse::<f64>().is_ok_and(f64::is_finite) => ColumnType::Number,
        _ => ColumnType::Text,
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Where it begins.
    pub place: Place,
    /// Its values in the order of the columns; it may have fewer than there are columns.
    pub cells: Vec<Cell>,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// Its line.
    pub line: u64,
    /// The byte within the line, from 1.
    pub column: Option<u64>,
    /// What is wrong.
    pub reason: String,
}

/// What comes next in a file.
#[derive(Debug, PartialEq)]
pub(super) enum Item {
    /// A row.
    Row(Row),
    /// A row that cannot be read; the next may be.
    Bad(Problem),
}

/// The rows of a file.
pub(super) struct Records {
    input: Input,
    rows: Rows,
    /// The line read last, of JSON lines and text.
    line: Vec<u8>,
}

enum Rows {
    Table(table::Table),
    Jsonl(jsonl::Keys),
    Text,
}

impl Records {
    /// Begins at the beginning: skips a byte order mark and reads the header of a table.
    ///
    /// # Errors
    /// `invalid` when the header cannot be read or names a column twice.
    pub(super) fn open(reader: Box<dyn Read + Send>, form: Form) -> Result<Self> {
        let mut input = Input::new(reader, Place::START);
        input.skip_byte_order_mark()?;
        let rows = match form.format {
            DataFormat::Csv => Rows::Table(table::Table::open(&mut input, form)?),
            DataFormat::Jsonl => Rows::Jsonl(jsonl::Keys::default()),
            DataFormat::Text => Rows::Text,
        };
        Ok(Self { input, rows, line: Vec::new() })
    }

    /// Goes on at a row's place in a file whose columns are known; `reader` begins there.
    pub(super) fn resume(reader: Box<dyn Read + Send>, form: Form, place: Place, columns: Vec<String>) -> Self {
        let rows = match form.format {
            DataFormat::Csv => Rows::Table(table::Table::resume(form, columns)),
            DataFormat::Jsonl => Rows::Jsonl(jsonl::Keys::new(columns)),
            DataFormat::Text => Rows::Text,
        };
        Self { input: Input::new(reader, place), rows, line: Vec::new() }
    }

    /// The columns known so far.
    pub(super) fn columns(&self) -> Vec<String> {
        match &self.rows {
            Rows::Table(table) => table.columns.clone(),
            Rows::Jsonl(keys) => keys.columns.clone(),
            Rows::Text => vec!["text".into()],
        }
    }

    /// The line of the row read last as it stands in the file, without its end; empty for a table.
    pub(super) fn line(&self) -> &str {
        std::str::from_utf8(&self.line).unwrap_or_default()
    }

    /// Bytes read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.place().offset
    }

    /// Where what comes next begins.
    pub(super) fn place(&self) -> Place {
        self.input.place()
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Item>> {
        match &mut self.rows {
            Rows::Table(table) => table.next(&mut self.input),
            Rows::Jsonl(keys) => next_line(&mut self.input, &mut self.line, |place, text| keys.read(place, text)),
            Rows::Text => next_line(&mut self.input, &mut self.line, |place, text| {
                Item::Row(Row { place, cells: vec![Cell::Text(text.to_owned())] })
            }),
        }
    }

    /// The next line that is not blank as a row without cells, for who reads [`Records::line`] himself. Whether it is JSON is
    /// not looked at.
    pub(super) fn next_line(&mut self) -> Result<Option<Item>> {
        next_line(&mut self.input, &mut self.line, |place, _| Item::Row(Row { place, cells: Vec::new() }))
    }
}

/// The next line that is not blank.
fn next_line(input: &mut Input, line: &mut Vec<u8>, read: impl FnOnce(Place, &str) -> Item) -> Result<Option<Item>> {
    loop {
        let place = input.place();
        match input.read_line(line, ROW_BYTES)? {
            LineEnd::Nothing => return Ok(None),
            LineEnd::TooLong => {
                return Ok(Some(Item::Bad(Problem { line: place.line, column: None, reason: too_long() })));
            }
            LineEnd::Whole if line.iter().all(u8::is_ascii_whitespace) => {}
            LineEnd::Whole => {
                return Ok(Some(match check_utf8(line) {
                    Ok(text) => read(place, text),
                    Err((at, reason)) => Item::Bad(Problem { line: place.line, column: Some(at as u64 + 1), reason }),
                }));
            }
        }
    }
}

fn too_long() -> String {
    format!("the row is longer than the limit of {} MiB", ROW_BYTES >> 20)
}

/// The text of these bytes, or where and why they are none.
fn check_utf8(bytes: &[u8]) -> Result<&str, (usize, String)> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        (at, format!("the byte 0x{:02x} is not UTF-8", bytes.get(at).copied().unwrap_or_default()))
    })?;
    match bytes.iter().position(|byte| *byte == 0) {
        Some(at) => Err((at, "there is a NUL byte".into())),
        None => Ok(text),
    }
}
