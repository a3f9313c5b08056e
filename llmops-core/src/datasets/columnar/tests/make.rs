//! Parquet files for tests: written by the library, or put together by hand.

use std::io::Cursor;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, Int96};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::base::{Error, Result};
use crate::datasets::source::Ranges;
use crate::datasets::unpack::{Outlet, Stop};

/// What a column holds; of some the levels too: how far values are there, and where they repeat.
pub(in crate::datasets) enum Column {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int(Vec<i64>, Vec<i16>, Vec<i16>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Int96(Vec<Int96>),
    Bytes(Vec<Vec<u8>>, Vec<i16>, Vec<i16>),
}

impl Column {
    pub(in crate::datasets) fn flat(values: &[i64]) -> Self {
        Self::Int(values.to_vec(), vec![], vec![])
    }

    pub(in crate::datasets) fn text(values: &[&str]) -> Self {
        Self::Bytes(values.iter().map(|text| text.as_bytes().to_vec()).collect(), vec![], vec![])
    }
}

pub(in crate::datasets) fn plain() -> WriterProperties {
    WriterProperties::builder().build()
}

/// A file of one row group.
pub(in crate::datasets) fn written(schema: &str, how: WriterProperties, columns: Vec<Column>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(how)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for column in columns {
        let mut to = group.next_column().unwrap().unwrap();
        match (to.untyped(), column) {
            (ColumnWriter::BoolColumnWriter(to), Column::Bool(values)) => to.write_batch(&values, None, None),
            (ColumnWriter::Int32ColumnWriter(to), Column::Int32(values)) => to.write_batch(&values, None, None),
            (ColumnWriter::Int64ColumnWriter(to), Column::Int(values, defs, reps)) => {
                to.write_batch(&values, levels(&defs), levels(&reps))
            }
            (ColumnWriter::FloatColumnWriter(to), Column::Float(values)) => to.write_batch(&values, None, None),
            (ColumnWriter::DoubleColumnWriter(to), Column::Double(values)) => to.write_batch(&values, None, None),
            (ColumnWriter::Int96ColumnWriter(to), Column::Int96(values)) => to.write_batch(&values, None, None),
            (ColumnWriter::ByteArrayColumnWriter(to), Column::Bytes(values, defs, reps)) => {
                let values: Vec<ByteArray> = values.into_iter().map(ByteArray::from).collect();
                to.write_batch(&values, levels(&defs), levels(&reps))
            }
            _ => panic!("the column is of another kind"),
        }
        .unwrap();
        to.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

fn levels(levels: &[i16]) -> Option<&[i16]> {
    (!levels.is_empty()).then_some(levels)
}

/// Reads a file as it is read when it comes.
pub(super) fn rows(bytes: &[u8]) -> Result<String> {
    let (mut outlet, mut receive) = Outlet::of(bytes.len() as u64);
    let ranges = Ranges::here(Cursor::new(bytes.to_vec()), bytes.len() as u64);
    let reading = std::thread::spawn(move || crate::datasets::columnar::pass_rows(ranges, &mut outlet));
    let mut text = Vec::new();
    while let Some(piece) = receive.blocking_recv() {
        text.extend_from_slice(&piece?);
    }
    match reading.join().expect("nothing panics beyond its edge") {
        Ok(()) => Ok(String::from_utf8(text).unwrap()),
        Err(Stop::Failed(error)) => Err(error),
        Err(Stop::Left) => Err(Error::unexpected("nobody read on")),
    }
}

/// Where the footer of a file begins.
pub(super) fn footer_at(bytes: &[u8]) -> usize {
    let length = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap());
    bytes.len() - 8 - length as usize
}

/// The same pages behind another footer.
pub(super) fn with_footer(bytes: &[u8], change: impl FnOnce(ParquetMetaData) -> ParquetMetaData) -> Vec<u8> {
    let at = footer_at(bytes);
    let footer = ParquetMetaDataReader::decode_metadata(&bytes[at..bytes.len() - 8]).unwrap();
    let mut alone = Vec::new();
    ParquetMetaDataWriter::new(&mut alone, &change(footer)).finish().unwrap();
    let begins = footer_at(&alone);
    [&bytes[..at], &alone[begins..]].concat()
}

/// A file of one column that consists of these bytes.
pub(super) fn of_pages(schema: &str, (pages, packing): (&[u8], Compression), rows: i64, dictionary: bool) -> Vec<u8> {
    let footer = footer_of(schema, (pages.len(), packing), rows, dictionary);
    [b"PAR1", pages, &footer].concat()
}

fn footer_of(schema: &str, (length, packing): (usize, Compression), rows: i64, dictionary: bool) -> Vec<u8> {
    use parquet::file::metadata::{ColumnChunkMetaData, FileMetaData, RowGroupMetaData};
    use parquet::schema::types::SchemaDescriptor;

    let schema = Arc::new(SchemaDescriptor::new(Arc::new(parse_message_type(schema).unwrap())));
    let column = ColumnChunkMetaData::builder(schema.column(0))
        .set_compression(packing)
        .set_data_page_offset(4)
        .set_dictionary_page_offset(dictionary.then_some(4))
        .set_total_compressed_size(length as i64)
        .set_total_uncompressed_size(length as i64)
        .set_num_values(rows)
        .build()
        .unwrap();
    let group = RowGroupMetaData::builder(schema.clone())
        .set_num_rows(rows)
        .set_total_byte_size(length as i64)
        .set_column_metadata(vec![column])
        .build()
        .unwrap();
    let file = FileMetaData::new(2, rows, None, None, schema, None);
    let mut bytes = Vec::new();
    ParquetMetaDataWriter::new(&mut bytes, &ParquetMetaData::new(file, vec![group])).finish().unwrap();
    let begins = footer_at(&bytes);
    bytes.split_off(begins)
}

/// A number of Thrift's compact protocol.
pub(super) fn number(value: i64) -> Vec<u8> {
    varint(((value << 1) ^ (value >> 63)).cast_unsigned())
}

pub(super) fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
    bytes
}

/// A page with the header that is wanted: what it is, the size it claims to unpack to, and values.
pub(super) fn page(kind: i64, unpacked: i64, (values, encoding): (i64, i64), body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in [kind, unpacked, body.len() as i64] {
        bytes.push(0x15);
        bytes.extend(number(value));
    }
    // The part about the page: field 5 of a data page, 7 of a dictionary.
    bytes.push(if kind == 0 { 0x2C } else { 0x4C });
    let about: &[i64] = if kind == 0 { &[values, encoding, 3, 3] } else { &[values, encoding] };
    for value in about {
        bytes.push(0x15);
        bytes.extend(number(*value));
    }
    bytes.extend([0, 0]);
    bytes.extend(body);
    bytes
}
