//! A row of a Parquet file as a line of JSON, written without loss of what it holds.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parquet::data_type::{ByteArray, Decimal};
use parquet::record::{Field, Row};
use serde::Serialize;

use super::shape::{DECIMAL_BYTES, Shape};
use super::{time, too_much, unreadable};
use crate::base::{Error, Result};

/// The longest row that is written, with what waits to be passed on. One of more than 4 MiB is told as a bad row later.
const MOST: usize = 16 << 20;

/// Writes a row and ends the line. Its columns come in the order of the schema.
pub(super) fn write_row(out: &mut Vec<u8>, row: &Row, columns: &[(String, Shape)]) -> Result<()> {
    group(out, row, columns)?;
    out.push(b'\n');
    Ok(())
}

fn group(out: &mut Vec<u8>, row: &Row, shapes: &[(String, Shape)]) -> Result<()> {
    out.push(b'{');
    for (at, ((name, shape), (_, field))) in shapes.iter().zip(row.get_column_iter()).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        json(out, name)?;
        out.push(b':');
        value(out, field, shape)?;
    }
    out.push(b'}');
    Ok(())
}

fn value(out: &mut Vec<u8>, field: &Field, shape: &Shape) -> Result<()> {
    match (field, shape) {
        (Field::Null, _) => json(out, &()),
        (Field::Group(row), Shape::Group(shapes)) => group(out, row, shapes),
        (Field::ListInternal(list), Shape::List(shape)) => elements(out, list.elements().iter(), shape),
        (Field::ListInternal(list), Shape::OldList(shape)) => {
            let inner = list.elements().iter().flat_map(|one| match one {
                Field::ListInternal(list) => list.elements(),
                other => std::slice::from_ref(other),
            });
            elements(out, inner, shape)
        }
        (Field::MapInternal(map), Shape::Map { text: true, value: shape, .. }) => {
            object(out, &pairs(map.entries()), shape)
        }
        (Field::MapInternal(map), Shape::Map { key, value, .. }) => listed(out, &pairs(map.entries()), (key, value)),
        (Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_), _) => {
            Err(unreadable("a value is not what the schema says"))
        }
        (field, Shape::Clock { moment, parts, utc }) => match count(field) {
            Some(count) if *moment => json(out, &time::moment(count, *parts, *utc)),
            Some(count) => json(out, &time::of_day(count, *parts)),
            None => plain(out, field),
        },
        (Field::Bytes(bytes), Shape::OldMoment) => match time::old_moment(bytes.data()) {
            Some(moment) => json(out, &moment),
            None => Err(unreadable("a moment does not have twelve bytes")),
        },
        (Field::Bytes(bytes), Shape::Text) => json(out, text(bytes)?),
        (Field::Bytes(bytes), Shape::Uuid) => match uuid::Uuid::from_slice(bytes.data()) {
            Ok(id) => json(out, &id.hyphenated().to_string()),
            Err(_) => plain(out, field),
        },
        (field, _) => plain(out, field),
    }
}

fn elements<'f>(out: &mut Vec<u8>, fields: impl Iterator<Item = &'f Field>, shape: &Shape) -> Result<()> {
    out.push(b'[');
    for (at, field) in fields.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        value(out, field, shape)?;
    }
    out.push(b']');
    Ok(())
}

fn pairs(entries: &[(Field, Field)]) -> Vec<(&Field, &Field)> {
    entries.iter().map(|(key, value)| (key, value)).collect()
}

/// A map with text for keys. Of a key that repeats the last value holds, as the format says.
fn object(out: &mut Vec<u8>, pairs: &[(&Field, &Field)], shape: &Shape) -> Result<()> {
    let names = pairs.iter().map(|(key, _)| match key {
        Field::Bytes(bytes) => text(bytes),
        _ => Err(unreadable("a map has a key that is no text")),
    });
    let names = names.collect::<Result<Vec<&str>>>()?;
    let last: std::collections::HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    out.push(b'{');
    let mut first = true;
    for (at, (name, (_, field))) in names.iter().zip(pairs).enumerate() {
        if last.get(name) != Some(&at) {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        json(out, name)?;
        out.push(b':');
        value(out, field, shape)?;
    }
    out.push(b'}');
    Ok(())
}

fn text(bytes: &ByteArray) -> Result<&str> {
    std::str::from_utf8(bytes.data()).map_err(|_| unreadable("a text is not UTF-8"))
}

fn listed(out: &mut Vec<u8>, pairs: &[(&Field, &Field)], (key, shape): (&Shape, &Shape)) -> Result<()> {
    out.push(b'[');
    for (at, (name, field)) in pairs.iter().enumerate() {
        out.extend_from_slice(if at > 0 { b",{\"key\":" } else { b"{\"key\":" });
        value(out, name, key)?;
        out.extend_from_slice(b",\"value\":");
        value(out, field, shape)?;
        out.push(b'}');
    }
    out.push(b']');
    Ok(())
}

/// The number that a time is counted as.
fn count(field: &Field) -> Option<i64> {
    match field {
        Field::TimeMillis(count) | Field::Int(count) => Some((*count).into()),
        Field::TimeMicros(count)
        | Field::TimestampMillis(count)
        | Field::TimestampMicros(count)
        | Field::Long(count) => Some(*count),
        _ => None,
    }
}

fn plain(out: &mut Vec<u8>, field: &Field) -> Result<()> {
    match field {
        Field::Bool(value) => json(out, value),
        Field::Byte(value) => json(out, value),
        Field::Short(value) => json(out, value),
        Field::Int(value) | Field::TimeMillis(value) => json(out, value),
        Field::Long(value)
        | Field::TimeMicros(value)
        | Field::TimestampMillis(value)
        | Field::TimestampMicros(value) => json(out, value),
        Field::UByte(value) => json(out, value),
        Field::UShort(value) => json(out, value),
        Field::UInt(value) => json(out, value),
        Field::ULong(value) => json(out, value),
        // JSON has no word for infinity and for what is no number: `null`.
        Field::Float16(value) => json(out, &f32::from(*value)),
        Field::Float(value) => json(out, value),
        Field::Double(value) => json(out, value),
        Field::Decimal(value) => json(out, &decimal(value)?),
        Field::Str(text) => json(out, text),
        Field::Bytes(bytes) => match std::str::from_utf8(bytes.data()) {
            Ok(text) => json(out, text),
            Err(_) if bytes.len() > MOST => Err(too_long()),
            Err(_) => json(out, &STANDARD.encode(bytes.data())),
        },
        Field::Date(days) => json(out, &time::date(i64::from(*days))),
        Field::Null | Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => json(out, &()),
    }
}

fn json(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<()> {
    serde_json::to_writer(Line(out), value).map_err(|e| match e.is_io() {
        true => too_long(),
        false => unreadable("a value is none").caused_by(e),
    })
}

/// Takes no more than a line may have.
struct Line<'o>(&'o mut Vec<u8>);

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > MOST {
            return Err(std::io::Error::other("the row is too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn too_long() -> Error {
    too_much(&format!("has a row of more than {} MiB", MOST >> 20), "split it into several rows")
}

/// A decimal as text, all its digits.
fn decimal(value: &Decimal) -> Result<String> {
    let all = value.data();
    let sign = if all.first().is_some_and(|byte| byte & 0x80 != 0) { 0xFF } else { 0 };
    // What only repeats the sign says nothing, but for the last of it.
    let repeated = all.iter().take_while(|byte| **byte == sign).count().saturating_sub(1);
    let bytes = &all[repeated..];
    if bytes.len() > DECIMAL_BYTES + 1 {
        return Err(unreadable("a decimal has more than 150 digits"));
    }
    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    // Its size, without the sign: that of a negative number is one more than its bits turned round.
    let mut rest: Vec<u8> = bytes.iter().map(|byte| if negative { !byte } else { *byte }).collect();
    if negative {
        for byte in rest.iter_mut().rev() {
            let (more, over) = byte.overflowing_add(1);
            *byte = more;
            if !over {
                break;
            }
        }
    }
    let mut digits = Vec::new();
    while rest.iter().any(|byte| *byte != 0) {
        let left = rest.iter_mut().fold(0u32, |left, byte| {
            let now = left << 8 | u32::from(*byte);
            *byte = (now / 10).to_le_bytes()[0];
            now % 10
        });
        digits.push(b'0' + left.to_le_bytes()[0]);
    }
    let scale = usize::try_from(value.scale()).unwrap_or_default();
    while digits.len() <= scale {
        digits.push(b'0');
    }
    let mut text = String::from(if negative { "-" } else { "" });
    for (at, digit) in digits.iter().enumerate().rev() {
        text.push(char::from(*digit));
        if at == scale && scale > 0 {
            text.push('.');
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use parquet::data_type::{ByteArray, Decimal};

    #[test]
    fn a_decimal_keeps_its_digits() {
        for (bytes, scale, text) in [
            (12_345i128.to_be_bytes().to_vec(), 2, "123.45"),
            ((-5i128).to_be_bytes().to_vec(), 3, "-0.005"),
            (0i128.to_be_bytes().to_vec(), 2, "0.00"),
            (i128::MIN.to_be_bytes().to_vec(), 0, "-170141183460469231731687303715884105728"),
            (vec![0x80], 0, "-128"),
            (vec![0xFF], 0, "-1"),
            (vec![], 1, "0.0"),
        ] {
            assert_eq!(super::decimal(&Decimal::from_bytes(ByteArray::from(bytes), 39, scale)).unwrap(), text);
        }
        let of = |bytes: Vec<u8>| super::decimal(&Decimal::from_bytes(ByteArray::from(bytes), 39, 0));
        assert_eq!(of([vec![0xFF; 4 << 20], vec![0xFE]].concat()).unwrap(), "-2");
        assert!(of(vec![1; 4 << 20]).is_err(), "it would take half a day");
    }
}
