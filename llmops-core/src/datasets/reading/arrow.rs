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
use super::value::{Given, Typed, no_room};
use crate::base::{Error, Result};

/// Under which key the schema says what a column holds; JSON travels as text.
const TYPE: &str = "llmops.type";

/// The batch that is being filled.
pub(super) struct Batches {
    schema: Arc<Schema>,
    columns: Vec<(DatasetColumn, Column)>,
    rows: usize,
    bytes: usize,
    out: StreamWriter<Vec<u8>>,
}

/// The values of a column.
enum Column {
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    /// Texts, or values of any type as JSON.
    Text(StringBuilder),
}

impl Batches {
    pub(super) fn new(columns: &[DatasetColumn]) -> Result<Self> {
        let fields: Vec<Field> = columns.iter().map(field).collect();
        let schema = Arc::new(Schema::new(fields));
        let out = StreamWriter::try_new(Vec::new(), &schema).map_err(unwritten)?;
        Ok(Self {
            schema,
            columns: columns.iter().map(|column| (column.clone(), Column::of(column.column_type))).collect(),
            rows: 0,
            bytes: 0,
            out,
        })
    }

    fn end_batch(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let arrays = self.columns.iter_mut().map(|(_, values)| values.finish()).collect();
        let rows = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let batch = RecordBatch::try_new_with_options(self.schema.clone(), arrays, &rows).map_err(unwritten)?;
        (self.rows, self.bytes) = (0, 0);
        self.out.write(&batch).map_err(unwritten)
    }
}

impl Writer for Batches {
    fn value(&mut self, column: usize, given: Given<'_>) -> Result<()> {
        let Some((of, values)) = self.columns.get_mut(column) else { return Ok(()) };
        let value = given.typed(of.column_type).map_err(|found| no_room("arrow", &of.name, &found))?;
        self.bytes += values.push(value);
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        self.rows += 1;
        Ok(())
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
            ColumnType::Empty | ColumnType::Text | ColumnType::Json | ColumnType::Mixed => {
                Self::Text(StringBuilder::new())
            }
        }
    }

    /// Adds a value; about how many bytes it takes.
    fn push(&mut self, value: Typed<'_>) -> usize {
        let bytes = match &value {
            Typed::Text(text) => text.len() + size_of::<i32>(),
            _ => size_of::<i64>(),
        };
        match (self, value) {
            (Self::Boolean(values), Typed::Boolean(value)) => values.append_value(value),
            (Self::Integer(values), Typed::Integer(value)) => values.append_value(value),
            (Self::Number(values), Typed::Number(value)) => values.append_value(value),
            (Self::Text(values), Typed::Text(text)) => values.append_value(text),
            (Self::Boolean(values), _) => values.append_null(),
            (Self::Integer(values), _) => values.append_null(),
            (Self::Number(values), _) => values.append_null(),
            (Self::Text(values), _) => values.append_null(),
        }
        bytes
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Boolean(values) => Arc::new(values.finish()),
            Self::Integer(values) => Arc::new(values.finish()),
            Self::Number(values) => Arc::new(values.finish()),
            Self::Text(values) => Arc::new(values.finish()),
        }
    }
}

fn unwritten(cause: ArrowError) -> Error {
    Error::unexpected("rows cannot be written as Arrow").caused_by(cause)
}
