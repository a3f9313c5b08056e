//! The header of a GGUF file: magic, version, metadata pairs and tensor descriptions, each with its stated size.

use bytes::Bytes;

use super::broken;
use crate::base::{Error, Result};

const CODE: &str = "invalid_gguf";
/// More pairs or tensors than any real model has.
const COUNT: u64 = 1 << 20;
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
    for _ in 0..pairs {
        reader.string()?;
        let kind = reader.u32()?;
        reader.value(kind, 0)?;
    }
    for _ in 0..tensors {
        reader.string()?;
        let dimensions = reader.u32()?;
        if dimensions > 4 {
            return Err(refuse("describes a tensor of more than four dimensions"));
        }
        let elements = (0..dimensions).try_fold(1u64, |n, _| reader.u64().map(|d| n.checked_mul(d)).ok().flatten());
        let elements = elements.ok_or_else(|| refuse("describes a tensor whose size cannot be"))?;
        let _kind = reader.u32()?;
        let offset = reader.u64()?;
        // The smallest type holds 1.5 bits an element; the data begins after the header.
        let least = elements.checked_mul(3).map(|n| n / 16).and_then(|bytes| bytes.checked_add(offset));
        if least.is_none_or(|end| end > size) {
            return Err(refuse("describes a tensor that lies outside the file"));
        }
    }
    Ok(())
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

    fn string(&mut self) -> Result<()> {
        let length = self.u64()?;
        self.take(length).map(drop)
    }

    fn value(&mut self, kind: u32, depth: u32) -> Result<()> {
        let width = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            10..=12 => 8,
            8 => return self.string(),
            9 => return self.array(depth),
            _ => return Err(refuse("has metadata of an unknown type")),
        };
        self.take(width).map(drop)
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
        (0..count).try_for_each(|_| self.value(kind, depth + 1))
    }
}
