//! Tensors with a JSON header: `u64 length | header | data`.
//!
//! The header is checked as a whole before a byte of data is read: known types, shapes whose product is the length of
//! their data, and data that lie one after the other from the first byte to the last, so that nothing overlaps, nothing is
//! hidden between, and no size is larger than the file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use serde::Deserialize;

use super::bounded;
use crate::error::{Error, Result};

/// The longest header. A thousand layers take a hundredth of it.
const LONGEST_HEADER: u64 = 32 << 20;
/// The most tensors in one file.
const MOST_TENSORS: usize = 65_536;
/// The most dimensions of one tensor.
const MOST_DIMENSIONS: usize = 8;

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Kind {
    F32,
    F16,
    BF16,
    F64,
    F8E4M3,
    F8E5M2,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    #[serde(rename = "BOOL")]
    Bool,
}

impl Kind {
    fn bytes(self) -> u64 {
        match self {
            Self::F64 | Self::I64 | Self::U64 => 8,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::F16 | Self::BF16 | Self::I16 | Self::U16 => 2,
            _ => 1,
        }
    }
}

/// What the header says of one tensor.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// How its numbers are stored.
    pub(super) dtype: Kind,
    /// Its dimensions.
    pub(super) shape: Vec<usize>,
    data_offsets: (u64, u64),
}

/// An open file with a header that was found true.
pub(super) struct SafeTensors {
    path: PathBuf,
    file: File,
    data: u64,
    /// Its tensors by name.
    pub(super) entries: BTreeMap<String, Entry>,
}

impl SafeTensors {
    /// Opens a file and checks all of its header.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let bad = |why: String| Error::bad_model(format!("{}: {why}", path.display()));
        let mut file = File::open(path).map_err(|error| bounded::missing(path, &error))?;
        let length = file.metadata().map_err(Error::at(path))?.len();
        let mut first = [0u8; 8];
        file.read_exact(&mut first).map_err(|_| bad("it has no 8 bytes for the header's length".into()))?;
        let header = u64::from_le_bytes(first);
        if header > LONGEST_HEADER || header.saturating_add(8) > length {
            return Err(bad(format!(
                "the header claims {header} bytes of a file of {length}, and {LONGEST_HEADER} is the most"
            )));
        }
        let mut text = Vec::new();
        (&file).take(header).read_to_end(&mut text).map_err(Error::at(path))?;
        let data = 8 + header;
        let entries = parse(&text, length - data).map_err(bad)?;
        Ok(Self { path: path.to_path_buf(), file, data, entries })
    }

    /// Bytes of data.
    pub(super) fn bytes(&self) -> u64 {
        self.entries.values().map(|entry| entry.data_offsets.1 - entry.data_offsets.0).sum()
    }

    /// Reads one tensor as 32-bit numbers.
    pub(super) fn tensor(&mut self, name: &str) -> Result<Tensor> {
        let bad = |why: String| Error::bad_model(format!("{}: {why}", self.path.display()));
        let entry = self.entries.get(name).ok_or_else(|| bad(format!("the tensor {name} is missing")))?;
        let (from, to) = entry.data_offsets;
        let mut bytes = bounded::buffer((to - from) as usize)?;
        self.file.seek(SeekFrom::Start(self.data + from)).map_err(Error::at(&self.path))?;
        (&self.file).take(to - from).read_to_end(&mut bytes).map_err(Error::at(&self.path))?;
        if bytes.len() as u64 != to - from {
            return Err(bad(format!("the file ended inside {name}")));
        }
        let values: Vec<f32> = match entry.dtype {
            Kind::F32 => bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Kind::F64 => bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b) as f32).collect(),
            Kind::BF16 => {
                bytes.as_chunks().0.iter().map(|b| f32::from_bits(u32::from(u16::from_le_bytes(*b)) << 16)).collect()
            }
            Kind::F16 => bytes.as_chunks().0.iter().map(|b| half(u16::from_le_bytes(*b))).collect(),
            other => return Err(bad(format!("{name} is stored as {other:?}; weights must be F32, F16, BF16 or F64"))),
        };
        Ok(Tensor::from_vec(values, entry.shape.as_slice(), &Device::Cpu)?)
    }
}

/// A 16-bit number as a 32-bit one.
fn half(bits: u16) -> f32 {
    let (sign, exponent, fraction) =
        (u32::from(bits >> 15) << 31, u32::from(bits >> 10 & 0x1f), u32::from(bits & 0x3ff));
    match exponent {
        0 => f32::from_bits(sign | (fraction as f32 / 16_777_216.0).to_bits()),
        31 => f32::from_bits(sign | 0x7f80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

/// The header's tensors, if all it says agrees with itself and with `length` bytes of data.
fn parse(header: &[u8], length: u64) -> std::result::Result<BTreeMap<String, Entry>, String> {
    let all: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(header).map_err(|error| format!("the header is not a JSON object: {error}"))?;
    if all.len() > MOST_TENSORS {
        return Err(format!("the header names {} tensors, and {MOST_TENSORS} are the most", all.len()));
    }
    let mut entries = BTreeMap::new();
    for (name, value) in all {
        if name == "__metadata__" {
            continue;
        }
        let entry: Entry = serde_json::from_value(value)
            .map_err(|error| format!("the header's entry for {name} is wrong: {error}"))?;
        check(&name, &entry)?;
        entries.insert(name, entry);
    }
    let mut ranges: Vec<(u64, u64, &String)> =
        entries.iter().map(|(name, entry)| (entry.data_offsets.0, entry.data_offsets.1, name)).collect();
    ranges.sort_unstable();
    let mut end = 0;
    for (from, to, name) in ranges {
        if from != end {
            return Err(format!("{name} begins at {from}, where the data before it end at {end}"));
        }
        end = to;
    }
    match end == length {
        true => Ok(entries),
        false => Err(format!("the header describes {end} bytes of data, and the file has {length}")),
    }
}

fn check(name: &str, entry: &Entry) -> std::result::Result<(), String> {
    let (from, to) = entry.data_offsets;
    if entry.shape.len() > MOST_DIMENSIONS {
        return Err(format!("{name} has {} dimensions, and {MOST_DIMENSIONS} are the most", entry.shape.len()));
    }
    let bytes = entry.shape.iter().try_fold(entry.dtype.bytes(), |product, &d| product.checked_mul(d as u64));
    match (bytes, to.checked_sub(from)) {
        (Some(stated), Some(held)) if stated == held => Ok(()),
        _ => Err(format!("{name} of the shape {:?} does not fill the bytes {from} to {to}", entry.shape)),
    }
}
