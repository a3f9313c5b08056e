//! Telling what a file is: by its ending, by its first bytes, by what separates its values.

use std::io::Cursor;

use compact_str::CompactString;

use super::table::{Ended, Record};
use super::{COLUMNS, ColumnType, DataFormat, Form, GuessedForm, Input, Place, look};
use crate::base::{Error, ErrorKind, Result};

/// What may separate the values of a table, likeliest first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Records looked at to tell the delimiter.
const SAMPLE: usize = 50;

/// Beginnings of files that are something else, and what to do with them.
const FOREIGN: [(&[u8], &str, &str); 7] = [
    (b"\xFF\xFE", "UTF-16 text", "leave out `encoding`, or say `utf-16le`"),
    (b"\xFE\xFF", "UTF-16 text", "leave out `encoding`, or say `utf-16be`"),
    (b"\x1F\x8B", "compressed twice", "compress it once"),
    (b"\x28\xB5\x2F\xFD", "compressed twice", "compress it once"),
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet", "send its tables as CSV, one by one"),
    (b"%PDF", "a PDF", "send its text"),
    (b"\x7FELF", "a program", "send text"),
];

/// Whether these are the first bytes of something that is no text.
pub(in super::super) fn is_foreign(head: &[u8]) -> bool {
    FOREIGN.iter().any(|(magic, ..)| head.starts_with(magic))
}

/// What the sender said about the file.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Wanted {
    /// Its format.
    pub format: Option<DataFormat>,
    /// What separates its values.
    pub delimiter: Option<u8>,
    /// Whether it has a header.
    pub header: Option<bool>,
}

/// Tells how the rows of a file are written, from its ending and its first bytes.
pub(in super::super) fn detect(extension: &str, head: &[u8], wanted: Wanted) -> Result<Form> {
    if head.is_empty() {
        return Err(Error::invalid("file", "is empty").hint("send its rows"));
    }
    if let Some((_, what, remedy)) = FOREIGN.iter().find(|(magic, ..)| head.starts_with(magic)) {
        return Err(Error::new(
            ErrorKind::Invalid,
            format!("`file` must be CSV, JSON lines, Parquet or plain text, and is {what}"),
        )
        .field("file")
        .code("unsupported_format")
        .hint(*remedy));
    }
    let format = match wanted.format {
        Some(format) => format,
        None => by_extension(extension)?,
    };
    let mut form = Form { format, delimiter: b',', header: false };
    if format == DataFormat::Csv {
        form.delimiter = match wanted.delimiter {
            Some(delimiter) => delimiter,
            None if extension == "tsv" => b'\t',
            None => delimiter(head),
        };
        form.header = wanted.header.unwrap_or_else(|| has_header(head, form.delimiter));
    }
    Ok(form)
}

/// What of the form was found out.
pub(in super::super) fn guessed(extension: &str, form: Form, wanted: Wanted) -> Vec<GuessedForm> {
    let delimiter = wanted.delimiter.is_none() && extension != "tsv";
    let parts = [(GuessedForm::Delimiter, delimiter), (GuessedForm::Header, wanted.header.is_none())];
    let found = parts.into_iter().filter(|(_, found_out)| *found_out && form.format == DataFormat::Csv);
    found.map(|(part, _)| part).collect()
}

/// Whether the file is one of JSON lines, which are UTF-8 whatever is in them (RFC 8259, 8.1).
pub(in super::super) fn is_jsonl(extension: &str, wanted: Wanted) -> bool {
    let format = wanted.format.map_or_else(|| by_extension(extension).ok(), Some);
    format == Some(DataFormat::Jsonl)
}

fn by_extension(extension: &str) -> Result<DataFormat> {
    match extension {
        "csv" | "tsv" => Ok(DataFormat::Csv),
        "jsonl" | "ndjson" => Ok(DataFormat::Jsonl),
        "txt" | "text" | "md" => Ok(DataFormat::Text),
        _ => Err(Error::invalid("path", "must end in .csv, .tsv, .jsonl, .ndjson, .txt, .text or .md")
            .code("unsupported_format")
            .hint("rename the file, or say `format`: csv, jsonl or text")),
    }
}

/// The one that splits the first records into the same number of values; the more values the better.
fn delimiter(head: &[u8]) -> u8 {
    let even = |delimiter: u8| {
        let widths: Vec<usize> = records(head, delimiter).into_iter().map(|record| record.len()).collect();
        let first = widths.first().copied().unwrap_or_default();
        let same = widths.iter().filter(|width| **width == first).count();
        // A few ragged rows do not make another dialect.
        if first > 1 && same * 10 >= widths.len() * 9 { first } else { 0 }
    };
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| even(*delimiter));
    best.filter(|delimiter| even(*delimiter) > 0).unwrap_or(b',')
}

/// Names are there and are no numbers. A name that stands there twice is refused later and not taken for a row.
fn has_header(head: &[u8], delimiter: u8) -> bool {
    let records = records(head, delimiter);
    let Some(first) = records.first() else { return false };
    first.iter().all(|name| {
        let name = name.trim();
        !name.is_empty() && name.len() <= 200 && look(name) == ColumnType::Text
    })
}

/// The first whole records of a head; its last one may be cut.
fn records(head: &[u8], delimiter: u8) -> Vec<Vec<CompactString>> {
    let mut input = Input::new(Box::new(Cursor::new(head.to_vec())), Place::START);
    let mut record = Record::new(delimiter);
    let mut found: Vec<Vec<CompactString>> = Vec::new();
    if input.skip_byte_order_mark().is_err() {
        return found;
    }
    while found.len() < SAMPLE {
        match record.read(&mut input) {
            Ok(Ended::Whole(place)) if record.fields() <= COLUMNS => match record.values(place) {
                Ok(values) => found.push(values),
                Err(_) => break,
            },
            _ => break,
        }
    }
    let cut = head.len() as u64 >= super::HEAD_BYTES && found.len() < SAMPLE && found.len() > 1;
    if cut {
        found.pop();
    }
    found
}
