//! Rows as a stream of Arrow's format for interprocess communication: a schema, batches, an end.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use bytes::Bytes;

use super::super::{ColumnType, DatasetColumn};
use super::Writer;
use super::value::Given;
use crate::base::{Error, Result};

/// Under which key the schema says what a column holds; JSON travels as text.
const TYPE: &str = "llmops.type";

/// The batch that is being filled.
pub(super) struct Batches {
    schema: Arc<Schema>,
    names: Vec<String>,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
    out: StreamWriter<Vec<u8>>,
}

/// The values of a column.
enum Column {
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Text(StringBuilder),
    /// Values of any type, as JSON.
    Json(StringBuilder),
}

impl Batches {
    pub(super) fn new(columns: &[DatasetColumn]) -> Result<Self> {
        let fields: Vec<Field> = columns.iter().map(field).collect();
        let schema = Arc::new(Schema::new(fields));
        let out = StreamWriter::try_new(Vec::new(), &schema).map_err(unwritten)?;
        Ok(Self {
            schema,
            names: columns.iter().map(|column| column.name.clone()).collect(),
            columns: columns.iter().map(|column| Column::of(column.column_type)).collect(),
            rows: 0,
            bytes: 0,
            out,
        })
    }

    fn end_batch(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let arrays = self.columns.iter_mut().map(Column::finish).collect();
        let rows = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let batch = RecordBatch::try_new_with_options(self.schema.clone(), arrays, &rows).map_err(unwritten)?;
        (self.rows, self.bytes) = (0, 0);
        self.out.write(&batch).map_err(unwritten)
    }
}

impl Writer for Batches {
    fn value(&mut self, column: usize, given: Given<'_>) -> Result<()> {
        let Some(values) = self.columns.get_mut(column) else { return Ok(()) };
        match values.push(given) {
            Ok(bytes) => {
                self.bytes += bytes;
                Ok(())
            }
            Err(found) => Err(no_room(self.names.get(column).map_or("", String::as_str), &found)),
        }
    }

    fn end_row(&mut self) {
        self.rows += 1;
    }

    fn size(&self) -> usize {
        self.bytes
    }

    fn take(&mut self) -> Result<Bytes> {
        self.end_batch()?;
        Ok(std::mem::take(self.out.get_mut()).into())
    }

    fn finish(&mut self) -> Result<Bytes> {
        self.end_batch()?;
        self.out.finish().map_err(unwritten)?;
        Ok(std::mem::take(self.out.get_mut()).into())
    }
}

/// How a column travels. Any value may be null: a version without missing values has the same schema as the next, with some.
fn field(column: &DatasetColumn) -> Field {
    let (word, data_type) = match column.column_type {
        ColumnType::Boolean => ("boolean", DataType::Boolean),
        ColumnType::Integer => ("integer", DataType::Int64),
        ColumnType::Number => ("number", DataType::Float64),
        ColumnType::Empty => ("empty", DataType::Utf8),
        ColumnType::Text => ("text", DataType::Utf8),
        ColumnType::Json => ("json", DataType::Utf8),
        ColumnType::Mixed => ("mixed", DataType::Utf8),
    };
    Field::new(&column.name, data_type, true).with_metadata(HashMap::from([(TYPE.to_owned(), word.to_owned())]))
}

impl Column {
    fn of(column_type: ColumnType) -> Self {
        match column_type {
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::new()),
            ColumnType::Integer => Self::Integer(Int64Builder::new()),
            ColumnType::Number => Self::Number(Float64Builder::new()),
            ColumnType::Empty | ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Json | ColumnType::Mixed => Self::Json(StringBuilder::new()),
        }
    }

    /// Adds a value; about how many bytes it takes, or what has no room in this column.
    fn push(&mut self, given: Given<'_>) -> Result<usize, String> {
        match self {
            Self::Boolean(values) => values.append_option(given.boolean()),
            Self::Integer(values) => match given.plain().map(|digits| digits.parse().map_err(|_| digits)) {
                Some(Err(digits)) => return Err(digits.to_owned()),
                Some(Ok(number)) => values.append_value(number),
                None => values.append_null(),
            },
            Self::Number(values) => match given.plain().map(|digits| digits.parse().map_err(|_| digits)) {
                Some(Err(digits)) => return Err(digits.to_owned()),
                Some(Ok(number)) => values.append_value(number),
                None => values.append_null(),
            },
            Self::Text(values) => {
                let text = given.text().map_err(|error| error.to_string())?;
                values.append_option(text.as_deref());
                return Ok(text.map_or(0, |text| text.len()) + size_of::<i32>());
            }
            Self::Json(values) => {
                let written = match given.some() {
                    Some(Given::Json(written) | Given::Table(written) | Given::Text(written)) => Some(written),
                    _ => None,
                };
                values.append_option(written);
                return Ok(written.map_or(0, str::len) + size_of::<i32>());
            }
        }
        Ok(size_of::<i64>())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Boolean(values) => Arc::new(values.finish()),
            Self::Integer(values) => Arc::new(values.finish()),
            Self::Number(values) => Arc::new(values.finish()),
            Self::Text(values) | Self::Json(values) => Arc::new(values.finish()),
        }
    }
}

/// A whole number of more than 64 bits with sign: the schema is sent by the time it is seen.
fn no_room(column: &str, found: &str) -> Error {
    let found: String = found.chars().take(60).collect();
    Error::invalid("format", format!("cannot be `arrow`: `{column}` holds {found}, which is no number of 64 bits"))
        .code("number_too_large")
        .hint("read it as `jsonl`, or leave the column out")
}

fn unwritten(cause: ArrowError) -> Error {
    Error::unexpected("rows cannot be written as Arrow").caused_by(cause)
}
