//! Records as bytes: length, checksum, JSON.

use super::UsageRecord;
use crate::base::{Error, Result};

/// Length and checksum, each a little-endian `u32`.
const HEAD: usize = 8;
/// The largest record, in bytes: a length beyond it is no length.
const RECORD_BYTES: usize = 64 << 10;

/// Appends a record to `out`.
pub(super) fn write(record: &UsageRecord, out: &mut Vec<u8>) -> Result<()> {
    let start = out.len();
    out.extend_from_slice(&[0; HEAD]);
    let unwritable = |e| Error::unexpected("a usage record cannot be rendered").caused_by(e);
    serde_json::to_writer(&mut *out, record).map_err(unwritable)?;
    let body = &out[start + HEAD..];
    let (length, sum) = (body.len() as u32, crc32fast::hash(body));
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    out[start + 4..start + HEAD].copy_from_slice(&sum.to_le_bytes());
    Ok(())
}

/// The records of a file, up to the first that is not whole, and how many bytes are left then.
pub(super) fn records(mut bytes: &[u8]) -> (Vec<UsageRecord>, usize) {
    let mut records = Vec::new();
    while let Some((record, rest)) = next(bytes) {
        records.push(record);
        bytes = rest;
    }
    (records, bytes.len())
}

fn next(bytes: &[u8]) -> Option<(UsageRecord, &[u8])> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let length = u32::from_le_bytes(head[..4].try_into().ok()?) as usize;
    let sum = u32::from_le_bytes(head[4..].try_into().ok()?);
    let (body, rest) = rest.split_at_checked(length).filter(|_| length <= RECORD_BYTES)?;
    if crc32fast::hash(body) != sum {
        return None;
    }
    Some((serde_json::from_slice(body).ok()?, rest))
}
