//! Walks the fields of a protocol buffer without loading it: the parts that are named are entered or told, all others are
//! jumped over. <https://protobuf.dev/programming-guides/encoding/>

use std::io::{Read, Seek};

use super::input::Input;

/// How deep messages may lie in messages.
const DEPTH: usize = 32;
/// The most fields that are looked at.
const FIELDS: u64 = 50_000_000;
/// The longest text that is told.
const TEXT: u64 = 64 << 10;

/// What is known of a message: field numbers and what they hold.
pub(super) struct Message(pub(super) &'static [(u64, Part)]);

/// What a field holds.
pub(super) enum Part {
    /// Another message; it is told as it begins, and entered.
    Message(&'static str, &'static Message),
    /// Text that is told.
    Text(&'static str),
}

/// Why a file is not what it claims.
pub(super) enum Trouble {
    /// What is wrong with it.
    Broken(String),
    /// It could not be read.
    Unread(std::io::Error),
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Unread(error)
    }
}

/// Who is told of named fields: the name, and the text if it is one.
pub(super) type Told<'a> = &'a mut dyn FnMut(&'static str, &[u8]) -> Result<(), String>;

/// Walks the whole file as one message.
pub(super) fn walk<R: Read + Seek>(input: &mut Input<R>, of: &'static Message, told: Told) -> Result<(), Trouble> {
    let end = input.at() + input.left();
    let mut fields = 0;
    message(input, of, Within { end, depth: 0 }, &mut fields, told)
}

struct Within {
    end: u64,
    depth: usize,
}

fn message<R: Read + Seek>(
    input: &mut Input<R>,
    of: &'static Message,
    Within { end, depth }: Within,
    fields: &mut u64,
    told: Told,
) -> Result<(), Trouble> {
    let broken = |what: &str| Trouble::Broken(what.to_owned());
    if depth > DEPTH {
        return Err(broken("holds messages in messages more than 32 deep"));
    }
    while input.at() < end {
        *fields += 1;
        if *fields > FIELDS {
            return Err(broken("holds more than 50,000,000 fields"));
        }
        let tag = varint(input)?;
        let (number, wire) = (tag >> 3, tag & 7);
        let length = match wire {
            0 => {
                varint(input)?;
                continue;
            }
            1 => 8,
            5 => 4,
            2 => varint(input)?,
            _ => return Err(broken("has a field of a kind that does not exist")),
        };
        if number == 0 || length > end.saturating_sub(input.at()) {
            return Err(broken("has a field that reaches beyond the part it is in"));
        }
        let part = of.0.iter().find(|(known, _)| *known == number && wire == 2).map(|(_, part)| part);
        match part {
            Some(Part::Message(name, inner)) => {
                told(name, &[]).map_err(Trouble::Broken)?;
                message(input, inner, Within { end: input.at() + length, depth: depth + 1 }, fields, told)?;
            }
            Some(Part::Text(name)) if length <= TEXT => {
                let text = input.take(length as usize)?.ok_or_else(|| broken("ends within a field"))?;
                told(name, &text).map_err(Trouble::Broken)?;
            }
            Some(Part::Text(_)) => return Err(broken("has a name longer than 64 KiB")),
            None => {
                input.skip(length)?;
            }
        }
    }
    if input.at() == end { Ok(()) } else { Err(broken("has a field that reaches beyond the part it is in")) }
}

fn varint<R: Read + Seek>(input: &mut Input<R>) -> Result<u64, Trouble> {
    let mut value = 0u64;
    for shift in (0..70).step_by(7) {
        let byte = input.byte()?.ok_or_else(|| Trouble::Broken("ends within a field".into()))?;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Trouble::Broken("has a number longer than ten bytes".into()))
}
