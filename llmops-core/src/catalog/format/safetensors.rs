//! The header of a safetensors file: an eight-byte length, then JSON with every tensor's type, shape and place.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Deserialize;

use super::broken;
use super::json::DEPTH;
use crate::base::{Result, nested_deeper};

const CODE: &str = "invalid_safetensors";
/// The longest header, as in the reference implementation's limit for what it reads.
const HEADER_BYTES: u64 = 25_000_000;

const SHAPE: &str = "has a header that is not a JSON object of tensors with dtype, shape and data_offsets, and of texts under \
                     `__metadata__`";

#[derive(Deserialize)]
struct Tensor {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: (u64, u64),
}

/// The tensors of a header, by whatever name; its notes are passed over.
struct Header(Vec<Tensor>);

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_map(HeaderVisitor)
    }
}

struct HeaderVisitor;

impl<'de> serde::de::Visitor<'de> for HeaderVisitor {
    type Value = Header;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> std::result::Result<Header, A::Error> {
        let mut tensors = Vec::new();
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            match &*name {
                "__metadata__" => drop(map.next_value::<Option<BTreeMap<Cow<'_, str>, Cow<'_, str>>>>()?),
                _ => tensors.push(map.next_value()?),
            }
        }
        Ok(Header(tensors))
    }
}

/// Where the header ends, once its length was read; one that is longer than it may be is not read.
pub(super) fn header(head: &Bytes) -> Option<u64> {
    let length = head.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes))?;
    Some(if length > HEADER_BYTES { 8 } else { 8 + length })
}

/// Sizes and offsets agree with the file's length; tensors neither overlap nor leave a gap.
pub(super) fn check(head: &Bytes, size: u64) -> Result<()> {
    let refuse = |what: &str| broken(CODE, what);
    let length = head.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes));
    let length = length.ok_or_else(|| refuse("is shorter than its header's length"))?;
    if length > HEADER_BYTES || length > size.saturating_sub(8) {
        return Err(refuse("states a header longer than the file or than 25 MB"));
    }
    let end = 8 + length as usize;
    let text = head.get(8..end).ok_or_else(|| refuse("ends inside its header"))?;
    if nested_deeper(text, DEPTH).is_some() {
        return Err(refuse("has a header that nests deeper than one of tensors does"));
    }
    let Header(tensors) = serde_json::from_slice(text).map_err(|_| refuse(SHAPE))?;
    let data = size - end as u64;
    let mut places = Vec::with_capacity(tensors.len());
    for tensor in tensors {
        places.push(place(&tensor, data).ok_or_else(|| refuse("describes a tensor whose size or place cannot be"))?);
    }
    places.sort_unstable();
    let filled = places.iter().try_fold(0u64, |at, (from, to)| (*from == at).then_some(*to));
    if filled == Some(data) { Ok(()) } else { Err(refuse("has tensors that overlap, leave a gap or miss bytes")) }
}

fn place(tensor: &Tensor, data: u64) -> Option<(u64, u64)> {
    let (from, to) = tensor.data_offsets;
    let elements = tensor.shape.iter().try_fold(1u64, |n, d| n.checked_mul(*d))?;
    let bits = elements.checked_mul(bits(&tensor.dtype)?)?;
    (from <= to && to <= data && bits.is_multiple_of(8) && to - from == bits / 8).then_some((from, to))
}

fn bits(dtype: &str) -> Option<u64> {
    Some(match dtype {
        "F4" => 4,
        "F6_E2M3" | "F6_E3M2" => 6,
        "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "F8_E8M0" => 8,
        "I16" | "U16" | "F16" | "BF16" => 16,
        "I32" | "U32" | "F32" => 32,
        "F64" | "I64" | "U64" | "C64" => 64,
        _ => return None,
    })
}
