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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::UsageOutcome;
    use super::*;
    use crate::base::Timestamp;
    use crate::provider::ChatUsage;

    fn record(number: u128, outcome: UsageOutcome) -> UsageRecord {
        UsageRecord {
            id: format!("chatcmpl-{number}"),
            request_id: "r\u{e9}q".into(),
            at: Timestamp::from_micros(1_700_000_000_000_000),
            project: "default".into(),
            actor: "ann".into(),
            key_id: (number > 1).then(|| "k".into()),
            route: "/tiny".into(),
            endpoint_id: Uuid::from_u128(number),
            revision: 1,
            model_id: Uuid::from_u128(7),
            model: "tiny:1.0.0".into(),
            usage: ChatUsage { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cached_tokens: 0 },
            is_exact: true,
            outcome,
            first_ms: Some(5),
            total_ms: 9,
        }
    }

    /// The bytes as one frame that is whole.
    fn framed(body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap();
        [&length.to_le_bytes()[..], &crc32fast::hash(body).to_le_bytes(), body].concat()
    }

    /// Records before the place that is torn stay, and none is read that was not written.
    #[test]
    fn spoilt_journals() {
        let outcomes = [UsageOutcome::Completed, UsageOutcome::Cancelled, UsageOutcome::Failed];
        let written: Vec<UsageRecord> = (1..).zip(outcomes).map(|(number, outcome)| record(number, outcome)).collect();
        let (mut file, mut ends) = (Vec::new(), Vec::new());
        for record in &written {
            write(record, &mut file).unwrap();
            ends.push(file.len());
        }
        let body = file[HEAD..ends[0]].to_vec();
        crate::fuzz::spoil("journal", &[&file, &body], |bytes| {
            let (found, left) = records(bytes);
            let same = file.iter().zip(bytes).take_while(|(old, new)| old == new).count();
            let whole = ends.iter().filter(|end| **end <= same).count();
            assert!(found.starts_with(&written[..whole]), "{} of {whole} records stay", found.len());
            assert!(found.iter().all(|record| written.contains(record)), "a record that was never written: {found:?}");
            // What is within is read only after its checksum, so it is spoilt and then summed.
            let (within, _) = records(&framed(bytes));
            format!("{} {} {}", "record ".repeat(found.len()), left == 0, within.is_empty())
        });
    }
}
