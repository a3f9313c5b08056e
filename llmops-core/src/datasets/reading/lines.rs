//! Rows as JSON lines.

use bytes::Bytes;

use super::super::{ColumnType, DatasetColumn};
use super::Writer;
use super::value::Given;
use crate::base::{Error, Result};

/// The lines that wait to be taken.
pub(super) struct Lines {
    /// What stands before each value, `{"name":` or `,"name":`, and what the values are.
    columns: Vec<(String, ColumnType)>,
    out: Vec<u8>,
}

impl Lines {
    pub(super) fn new(columns: Vec<DatasetColumn>) -> Result<Self> {
        let columns = columns.into_iter().enumerate().map(|(at, column)| {
            let name = serde_json::to_string(&column.name).map_err(unwritten)?;
            Ok((format!("{}{name}:", if at == 0 { '{' } else { ',' }), column.column_type))
        });
        Ok(Self { columns: columns.collect::<Result<_>>()?, out: Vec::new() })
    }
}

impl Writer for Lines {
    fn value(&mut self, column: usize, given: Given<'_>) -> Result<()> {
        let Some((before, column_type)) = self.columns.get(column) else { return Ok(()) };
        self.out.extend_from_slice(before.as_bytes());
        write(&mut self.out, *column_type, given).map_err(unwritten)
    }

    fn end_row(&mut self) -> Result<()> {
        // An object without keys was never opened.
        self.out.extend_from_slice(if self.columns.is_empty() { "{}\n" } else { "}\n" }.as_bytes());
        Ok(())
    }

    fn size(&self) -> usize {
        self.out.len()
    }

    fn take(&mut self) -> Result<Bytes> {
        Ok(std::mem::take(&mut self.out).into())
    }

    fn finish(&mut self) -> Result<Bytes> {
        self.take()
    }
}

fn write(out: &mut Vec<u8>, column_type: ColumnType, given: Given<'_>) -> serde_json::Result<()> {
    match (column_type, given.some()) {
        (ColumnType::Boolean | ColumnType::Integer | ColumnType::Number, Some(Given::Json(_))) => {
            out.extend_from_slice(given.plain().unwrap_or("null").as_bytes());
            Ok(())
        }
        (_, Some(Given::Json(written))) => {
            out.extend_from_slice(written.as_bytes());
            Ok(())
        }
        (ColumnType::Boolean, Some(_)) => serde_json::to_writer(out, &given.boolean()),
        (ColumnType::Integer, Some(_)) => {
            serde_json::to_writer(out, &given.plain().and_then(|number| number.parse::<i64>().ok()))
        }
        (ColumnType::Number, Some(_)) => {
            serde_json::to_writer(out, &given.plain().and_then(|number| number.parse::<f64>().ok()))
        }
        (_, Some(Given::Table(text) | Given::Text(text))) => serde_json::to_writer(out, text),
        (_, Some(Given::Nothing) | None) => serde_json::to_writer(out, &()),
    }
}

fn unwritten(cause: serde_json::Error) -> Error {
    Error::unexpected("a row cannot be written as JSON").caused_by(cause)
}
