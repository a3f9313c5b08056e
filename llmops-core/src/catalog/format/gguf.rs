//! The header of a GGUF file: magic, version, metadata pairs and tensor descriptions, each with its stated size.

use std::collections::HashSet;

use bytes::Bytes;

use super::broken;
use crate::base::{Error, Result};

const CODE: &str = "invalid_gguf";
/// More pairs or tensors than any real model has.
const COUNT: u64 = 1 << 20;
/// Where tensors begin, unless the file says otherwise.
const ALIGNMENT: u64 = 32;
/// Arrays within arrays.
const DEPTH: u32 = 4;

/// Walks the header without keeping anything; every stated size is held against what is there.
pub(super) fn check(head: &Bytes, size: u64) -> Result<()> {
    let mut reader = Reader { bytes: head, at: 0 };
    if reader.take(4)? != b"GGUF" {
        return Err(refuse("does not begin with GGUF"));
    }
    if !(2..=3).contains(&reader.u32()?) {
        return Err(refuse("has a version other than 2 and 3"));
    }
    let (tensors, pairs) = (reader.u64()?, reader.u64()?);
    if tensors > COUNT || pairs > COUNT {
        return Err(refuse("states more tensors or metadata than any model has"));
    }
    let mut alignment = ALIGNMENT;
    let mut keys = HashSet::new();
    for _ in 0..pairs {
        let key = reader.string()?;
        if !keys.insert(key) {
            return Err(refuse("has one metadata key twice"));
        }
        let kind = reader.u32()?;
        let value = reader.value(kind, 0)?;
        if key == b"general.alignment" {
            alignment = aligned(kind, value).ok_or_else(|| refuse("has an alignment that is no multiple of 8"))?;
        }
    }
    let (mut names, mut places) = (HashSet::new(), Vec::new());
    for _ in 0..tensors {
        if !names.insert(reader.string()?) {
            return Err(refuse("describes one tensor twice"));
        }
        places.push(reader.place()?);
    }
    // The data begins behind the header, and every tensor of it at a multiple of the alignment.
    let data = (reader.at as u64).next_multiple_of(alignment);
    let room = size.checked_sub(data);
    for (from, bytes) in &places {
        if !from.is_multiple_of(alignment) {
            return Err(refuse("describes a tensor that does not lie where its alignment says"));
        }
        let end = from.checked_add(*bytes);
        if *bytes > 0 && end.is_none_or(|end| room.is_none_or(|room| end > room)) {
            return Err(refuse("describes a tensor that lies outside the file"));
        }
    }
    places.retain(|(_, bytes)| *bytes > 0);
    places.sort_unstable();
    match places.windows(2).any(|pair| pair[0].0 + pair[0].1 > pair[1].0) {
        true => Err(refuse("has tensors that overlap")),
        false => Ok(()),
    }
}

/// The alignment that a file states.
fn aligned(kind: u32, value: &[u8]) -> Option<u64> {
    let stated = value.first_chunk::<4>().filter(|_| kind == 4).map(|bytes| u64::from(u32::from_le_bytes(*bytes)));
    stated.filter(|stated| *stated > 0 && stated.is_multiple_of(8))
}

/// The elements and bytes of a block of a type, as the format's reference implementation has them. What is newer than this list
/// is taken to need as little as the smallest of them.
fn block(kind: u32) -> (u64, u64) {
    match kind {
        0 | 26 => (1, 4),
        1 | 25 | 30 => (1, 2),
        24 => (1, 1),
        27 | 28 => (1, 8),
        2 | 20 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        9 => (32, 36),
        39 => (32, 17),
        10 => (256, 84),
        11 | 21 => (256, 110),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        15 => (256, 292),
        16 | 35 => (256, 66),
        17 => (256, 74),
        18 => (256, 98),
        19 => (256, 50),
        22 => (256, 82),
        23 => (256, 136),
        29 => (256, 56),
        34 => (256, 54),
        _ => (16, 3),
    }
}

fn refuse(what: &str) -> Error {
    broken(CODE, what)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: u64) -> Result<&'a [u8]> {
        let end = usize::try_from(n).ok().and_then(|n| self.at.checked_add(n));
        let found = end.and_then(|end| self.bytes.get(self.at..end));
        let found = found.ok_or_else(|| refuse("ends inside its header, or has a header of more than 32 MiB"))?;
        self.at += found.len();
        Ok(found)
    }

    fn u32(&mut self) -> Result<u32> {
        let bytes = self.take(4)?;
        Ok(bytes.iter().rev().fold(0, |n, b| n << 8 | u32::from(*b)))
    }

    fn u64(&mut self) -> Result<u64> {
        let bytes = self.take(8)?;
        Ok(bytes.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b)))
    }

    fn string(&mut self) -> Result<&'a [u8]> {
        let length = self.u64()?;
        self.take(length)
    }

    /// Where a tensor lies within the data, and how many bytes it has.
    fn place(&mut self) -> Result<(u64, u64)> {
        let dimensions = self.u32()?;
        if dimensions > 4 {
            return Err(refuse("describes a tensor of more than four dimensions"));
        }
        let mut shape = Vec::with_capacity(4);
        for _ in 0..dimensions {
            shape.push(self.u64()?);
        }
        let (kind, offset) = (self.u32()?, self.u64()?);
        let (elements, bytes) = block(kind);
        let all = shape.iter().try_fold(1u64, |n, d| n.checked_mul(*d));
        let bytes = all.map(|all| all.div_ceil(elements)).and_then(|blocks| blocks.checked_mul(bytes));
        Ok((offset, bytes.ok_or_else(|| refuse("describes a tensor whose size cannot be"))?))
    }

    /// The bytes of a value; none of an array.
    fn value(&mut self, kind: u32, depth: u32) -> Result<&'a [u8]> {
        let width = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            10..=12 => 8,
            8 => return self.string(),
            9 => return self.array(depth).map(|()| [].as_slice()),
            _ => return Err(refuse("has metadata of an unknown type")),
        };
        self.take(width)
    }

    fn array(&mut self, depth: u32) -> Result<()> {
        if depth >= DEPTH {
            return Err(refuse("has arrays nested deeper than four levels"));
        }
        let kind = self.u32()?;
        let count = self.u64()?;
        if count > self.bytes.len() as u64 {
            return Err(refuse("states an array longer than the file"));
        }
        (0..count).try_for_each(|_| self.value(kind, depth + 1).map(drop))
    }
}
