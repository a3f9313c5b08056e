//! Rows as a Parquet file: groups of them, column by column, and a footer that says where they are.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::super::{ColumnType, DatasetColumn};
use super::Writer;
use super::value::{Given, Typed, no_room};
use crate::base::{Error, Result};

/// A group of rows is written when its values take so many bytes, or when there are so many of them: as much as is held in memory.
const GROUP_BYTES: usize = 16 << 20;
const GROUP_ROWS: usize = 1 << 17;

/// The group that is being filled, and what was written.
pub(super) struct Groups {
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
    out: SerializedFileWriter<Vec<u8>>,
}

impl Groups {
    pub(super) fn new(columns: &[DatasetColumn]) -> Result<Self> {
        let fields = columns.iter().map(field).collect::<Result<_, _>>().map_err(unwritten)?;
        let schema = Type::group_type_builder("rows").with_fields(fields).build().map_err(unwritten)?;
        // Statistics of pages would be kept until the end, for all of a file of any size.
        let how = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .build();
        let out = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(how)).map_err(unwritten)?;
        Ok(Self { columns: columns.iter().map(Column::of).collect(), rows: 0, bytes: 0, out })
    }

    fn end_group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.out.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else { break };
            column.write(&mut writer)?;
            writer.close()?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(self.out.flush()?)
    }
}

impl Writer for Groups {
    fn value(&mut self, column: usize, given: Given<'_>) -> Result<()> {
        let Some(column) = self.columns.get_mut(column) else { return Ok(()) };
        let value = given.typed(column.kind).map_err(|found| no_room("parquet", &column.name, &found))?;
        self.bytes += column.push(value);
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        self.rows += 1;
        if self.bytes < GROUP_BYTES && self.rows < GROUP_ROWS {
            return Ok(());
        }
        self.end_group().map_err(unwritten)
    }

    fn size(&self) -> usize {
        self.out.inner().len()
    }

    fn take(&mut self) -> Result<Bytes> {
        Ok(std::mem::take(self.out.inner_mut()).into())
    }

    fn finish(&mut self) -> Result<Bytes> {
        self.end_group().and_then(|()| self.out.finish().map(drop)).map_err(unwritten)?;
        self.take()
    }
}

/// How a column is written. Any value may be null: a version without missing values has the same schema as the next, with some.
fn field(column: &DatasetColumn) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.column_type {
        ColumnType::Boolean => (Physical::BOOLEAN, None),
        ColumnType::Integer => (Physical::INT64, None),
        ColumnType::Number => (Physical::DOUBLE, None),
        ColumnType::Empty | ColumnType::Text | ColumnType::Json | ColumnType::Mixed => {
            (Physical::BYTE_ARRAY, Some(LogicalType::String))
        }
    };
    let field = Type::primitive_type_builder(&column.name, physical);
    Ok(Arc::new(field.with_repetition(Repetition::OPTIONAL).with_logical_type(logical).build()?))
}

/// The values of a column, and at each row whether there is one.
struct Column {
    name: String,
    kind: ColumnType,
    values: Values,
    levels: Vec<i16>,
}

enum Values {
    Boolean(Vec<bool>),
    Integer(Vec<i64>),
    Number(Vec<f64>),
    /// The texts one after the other, and where each ends.
    Text(Vec<u8>, Vec<usize>),
}

impl Column {
    fn of(column: &DatasetColumn) -> Self {
        let values = match column.column_type {
            ColumnType::Boolean => Values::Boolean(Vec::new()),
            ColumnType::Integer => Values::Integer(Vec::new()),
            ColumnType::Number => Values::Number(Vec::new()),
            ColumnType::Empty | ColumnType::Text | ColumnType::Json | ColumnType::Mixed => {
                Values::Text(Vec::new(), Vec::new())
            }
        };
        Self { name: column.name.clone(), kind: column.column_type, values, levels: Vec::new() }
    }

    /// Adds a value; about how many bytes it takes.
    fn push(&mut self, value: Typed<'_>) -> usize {
        let mut bytes = size_of::<i16>();
        self.levels.push(i16::from(!matches!(value, Typed::Nothing)));
        match (&mut self.values, value) {
            (Values::Boolean(values), Typed::Boolean(value)) => values.push(value),
            (Values::Integer(values), Typed::Integer(value)) => {
                values.push(value);
                bytes += size_of::<i64>();
            }
            (Values::Number(values), Typed::Number(value)) => {
                values.push(value);
                bytes += size_of::<f64>();
            }
            (Values::Text(texts, ends), Typed::Text(text)) => {
                texts.extend_from_slice(text.as_bytes());
                ends.push(texts.len());
                bytes += text.len() + size_of::<usize>() + size_of::<ByteArray>();
            }
            _ => {}
        }
        bytes
    }

    /// Writes what there is into its place, which leaves nothing.
    fn write(&mut self, to: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = std::mem::take(&mut self.levels);
        let levels = Some(levels.as_slice());
        match &mut self.values {
            Values::Boolean(values) => {
                to.typed::<BoolType>().write_batch(&std::mem::take(values), levels, None)?;
            }
            Values::Integer(values) => {
                to.typed::<Int64Type>().write_batch(&std::mem::take(values), levels, None)?;
            }
            Values::Number(values) => {
                to.typed::<DoubleType>().write_batch(&std::mem::take(values), levels, None)?;
            }
            Values::Text(texts, ends) => {
                let (texts, mut begin) = (Bytes::from(std::mem::take(texts)), 0);
                let cut = |end: usize| ByteArray::from(texts.slice(std::mem::replace(&mut begin, end)..end));
                let values: Vec<ByteArray> = std::mem::take(ends).into_iter().map(cut).collect();
                to.typed::<ByteArrayType>().write_batch(&values, levels, None)?;
            }
        }
        Ok(())
    }
}

fn unwritten(cause: ParquetError) -> Error {
    Error::unexpected("rows cannot be written as Parquet").caused_by(cause)
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;

    fn column(name: &str, column_type: ColumnType) -> DatasetColumn {
        serde_json::from_value(serde_json::json!({ "name": name, "type": column_type, "nullable": true })).unwrap()
    }

    #[test]
    fn a_group_is_let_go_of_as_soon_as_it_is_full() {
        let mut groups =
            Groups::new(&[column("n", ColumnType::Integer), column("t", ColumnType::Text)]).expect("a schema");
        let (mut file, long) = (Vec::new(), "x".repeat(1 << 20));
        for row in 0..2 * GROUP_ROWS + 20 {
            let text = if row < 2 * GROUP_ROWS { "" } else { &long };
            groups.value(0, Given::Json(&row.to_string())).unwrap();
            groups.value(1, if row % 2 == 0 { Given::Nothing } else { Given::Text(text) }).unwrap();
            groups.end_row().unwrap();
            assert!(groups.bytes < GROUP_BYTES && groups.rows < GROUP_ROWS);
            file.extend_from_slice(&groups.take().unwrap());
        }
        file.extend_from_slice(&groups.finish().unwrap());
        let read = SerializedFileReader::new(Bytes::from(file)).unwrap();
        let rows: Vec<i64> = read.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
        assert_eq!(rows, [GROUP_ROWS as i64, GROUP_ROWS as i64, 20]);
        let last = read.get_row_iter(None).unwrap().last().unwrap().unwrap();
        assert!(last.to_string().starts_with(&format!("{{n: {}, t: \"xxx", 2 * GROUP_ROWS + 19)), "{last:.60}");
    }

    #[test]
    fn a_file_without_rows_has_its_columns() {
        let mut groups = Groups::new(&[column("a.b", ColumnType::Json)]).unwrap();
        let read = SerializedFileReader::new(groups.finish().unwrap()).unwrap();
        let schema = read.metadata().file_metadata().schema_descr();
        assert_eq!((schema.num_columns(), schema.column(0).name(), read.num_row_groups()), (1, "a.b", 0));
    }
}
