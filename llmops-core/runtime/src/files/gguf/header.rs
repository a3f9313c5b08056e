//! The header of a GGUF file, read without believing what it says.
//!
//! Every length is held against what is left of the file before anything is allocated for it, and the tensors' data must
//! lie inside the file, aligned, and apart from one another.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::Value;

use super::super::bounded;
use crate::error::{Error, Result};

/// The most metadata entries, and the most tensors.
const MOST_ENTRIES: u64 = 65_536;
/// The most values in all arrays together; a vocabulary has three arrays of a quarter million at most.
const MOST_VALUES: u64 = 4 << 20;
/// The most bytes of header.
const LONGEST_HEADER: u64 = 128 << 20;
/// The longest name of a tensor or key.
const LONGEST_NAME: u64 = 65_535;

/// Where one tensor lies.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// How its numbers are stored.
    pub(crate) kind: GgmlDType,
    /// Rows first, as everywhere here; the file has it the other way round.
    pub(crate) shape: Vec<usize>,
    /// From the beginning of the file.
    pub(super) offset: u64,
    /// Length of its data.
    pub(crate) bytes: u64,
}

/// All that comes before the data.
pub(crate) struct Header {
    /// What the file says of the model.
    pub(crate) metadata: BTreeMap<String, Value>,
    /// Its tensors.
    pub(crate) tensors: BTreeMap<String, Entry>,
}

impl Header {
    /// Reads the header of a file.
    pub(crate) fn open(path: &Path) -> Result<(Self, File)> {
        let file = File::open(path).map_err(|error| bounded::missing(path, &error))?;
        let length = file.metadata().map_err(Error::at(path))?.len();
        let mut reader = Reader { from: BufReader::new(&file), at: 0, length, values: 0 };
        let header = reader.header().map_err(|why| Error::bad_model(format!("{}: {why}", path.display())))?;
        Ok((header, file))
    }
}

type Parsed<T> = std::result::Result<T, String>;

struct Reader<R> {
    from: R,
    at: u64,
    length: u64,
    values: u64,
}

impl<R: Read> Reader<R> {
    fn header(&mut self) -> Parsed<Header> {
        if self.bytes::<4>()? != *b"GGUF" {
            return Err("it does not begin with GGUF".into());
        }
        let version = self.u32()?;
        if !matches!(version, 2 | 3) {
            return Err(format!("it is of version {version}; 2 and 3 are read"));
        }
        let (tensors, keys) = (self.count("tensors")?, self.count("metadata entries")?);
        let mut metadata = BTreeMap::new();
        for _ in 0..keys {
            let key = self.text(LONGEST_NAME)?;
            let kind = self.u32()?;
            let value = self.value(kind, true)?;
            if metadata.insert(key.clone(), value).is_some() {
                return Err(format!("the key {key} stands twice"));
            }
        }
        let mut entries = BTreeMap::new();
        for _ in 0..tensors {
            let (name, entry) = self.entry()?;
            if entries.insert(name.clone(), entry).is_some() {
                return Err(format!("the tensor {name} stands twice"));
            }
        }
        self.place(alignment(&metadata)?, &mut entries)?;
        Ok(Header { metadata, tensors: entries })
    }

    /// Turns offsets into places of the file, and refuses those that are none.
    fn place(&self, alignment: u64, entries: &mut BTreeMap<String, Entry>) -> Parsed<()> {
        let data = self.at.next_multiple_of(alignment);
        let mut ranges = Vec::with_capacity(entries.len());
        for (name, entry) in entries.iter_mut() {
            let within = entry.offset.is_multiple_of(alignment);
            let offset = data.checked_add(entry.offset).filter(|_| within);
            let end = offset.and_then(|offset| offset.checked_add(entry.bytes)).filter(|end| *end <= self.length);
            let (Some(offset), Some(end)) = (offset, end) else {
                return Err(format!("{name} of {} bytes at {} does not lie in the file", entry.bytes, entry.offset));
            };
            entry.offset = offset;
            ranges.push((offset, end, name));
        }
        ranges.sort_unstable();
        match ranges.windows(2).find(|pair| pair[1].0 < pair[0].1) {
            Some(pair) => Err(format!("{} and {} overlap", pair[0].2, pair[1].2)),
            None => Ok(()),
        }
    }

    fn entry(&mut self) -> Parsed<(String, Entry)> {
        let name = self.text(LONGEST_NAME)?;
        let dimensions = self.u32()?;
        if dimensions > 4 {
            return Err(format!("{name} has {dimensions} dimensions, and 4 are the most"));
        }
        let mut shape = Vec::with_capacity(4);
        for _ in 0..dimensions {
            shape.push(self.u64()?);
        }
        let kind = kind(self.u32()?).ok_or_else(|| format!("{name} is stored in a way that is not read here"))?;
        let offset = self.u64()?;
        let block = kind.block_size() as u64;
        let elements = shape.iter().try_fold(1u64, |product, d| product.checked_mul(*d));
        let whole = shape.first().is_none_or(|row| row.is_multiple_of(block));
        let bytes = elements.filter(|_| whole).and_then(|n| (n / block).checked_mul(kind.type_size() as u64));
        let bytes = bytes.filter(|bytes| *bytes <= self.length);
        let Some(bytes) = bytes else {
            return Err(format!("{name} claims the shape {shape:?}, which the file cannot hold"));
        };
        let shape = shape.into_iter().rev().map(|d| d as usize).collect();
        Ok((name, Entry { kind, shape, offset, bytes }))
    }

    fn value(&mut self, kind: u32, may_nest: bool) -> Parsed<Value> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(format!("the metadata have more than {MOST_VALUES} values"));
        }
        Ok(match kind {
            0 => Value::U8(self.bytes::<1>()?[0]),
            1 => Value::I8(i8::from_le_bytes(self.bytes()?)),
            2 => Value::U16(u16::from_le_bytes(self.bytes()?)),
            3 => Value::I16(i16::from_le_bytes(self.bytes()?)),
            4 => Value::U32(self.u32()?),
            5 => Value::I32(i32::from_le_bytes(self.bytes()?)),
            6 => Value::F32(f32::from_le_bytes(self.bytes()?)),
            7 => Value::Bool(self.bytes::<1>()?[0] != 0),
            8 => Value::String(self.text(LONGEST_HEADER)?),
            9 if may_nest => self.array()?,
            9 => return Err("an array lies in an array".into()),
            10 => Value::U64(self.u64()?),
            11 => Value::I64(i64::from_le_bytes(self.bytes()?)),
            12 => Value::F64(f64::from_le_bytes(self.bytes()?)),
            other => return Err(format!("a value has the unknown type {other}")),
        })
    }

    /// Grows with what is really there; the count alone allocates nothing.
    fn array(&mut self) -> Parsed<Value> {
        let (kind, count) = (self.u32()?, self.u64()?);
        if count > self.left() {
            return Err(format!("an array claims {count} values, and {} bytes are left", self.left()));
        }
        let mut values = Vec::new();
        for _ in 0..count {
            values.push(self.value(kind, false)?);
        }
        Ok(Value::Array(values))
    }

    fn text(&mut self, most: u64) -> Parsed<String> {
        let length = self.u64()?;
        if length > most || length > self.left() || self.at + length > LONGEST_HEADER {
            return Err(format!("a text claims {length} bytes, and {} are left", self.left()));
        }
        let mut bytes = Vec::new();
        (&mut self.from).take(length).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        self.at += length;
        String::from_utf8(bytes).map_err(|_| "a text is not UTF-8".into())
    }

    fn count(&mut self, what: &str) -> Parsed<u64> {
        let count = self.u64()?;
        if count > MOST_ENTRIES {
            Err(format!("it claims {count} {what}, and {MOST_ENTRIES} are the most"))
        } else {
            Ok(count)
        }
    }

    fn u32(&mut self) -> Parsed<u32> {
        Ok(u32::from_le_bytes(self.bytes()?))
    }

    fn u64(&mut self) -> Parsed<u64> {
        Ok(u64::from_le_bytes(self.bytes()?))
    }

    fn bytes<const N: usize>(&mut self) -> Parsed<[u8; N]> {
        let mut bytes = [0; N];
        self.from.read_exact(&mut bytes).map_err(|_| "the file ends inside its header".to_string())?;
        self.at += N as u64;
        if self.at > LONGEST_HEADER {
            Err(format!("the header has more than {LONGEST_HEADER} bytes"))
        } else {
            Ok(bytes)
        }
    }

    fn left(&self) -> u64 {
        self.length.saturating_sub(self.at)
    }
}

/// Where data may begin.
fn alignment(metadata: &BTreeMap<String, Value>) -> Parsed<u64> {
    match metadata.get("general.alignment").map(Value::to_u32) {
        None => Ok(32),
        Some(Ok(stated)) if stated.is_power_of_two() && (8..=65_536).contains(&stated) => Ok(stated.into()),
        Some(_) => Err("general.alignment must be a power of two from 8 to 65536".into()),
    }
}

/// The ways of storing numbers, by their code in the file.
fn kind(code: u32) -> Option<GgmlDType> {
    use GgmlDType::{BF16, F16, F32, Q2K, Q3K, Q4_0, Q4_1, Q4K, Q5_0, Q5_1, Q5K, Q6K, Q8_0};
    Some(match code {
        0 => F32,
        1 => F16,
        2 => Q4_0,
        3 => Q4_1,
        6 => Q5_0,
        7 => Q5_1,
        8 => Q8_0,
        10 => Q2K,
        11 => Q3K,
        12 => Q4K,
        13 => Q5K,
        14 => Q6K,
        30 => BF16,
        _ => return None,
    })
}
