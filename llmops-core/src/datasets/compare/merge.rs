//! Merging the rows of both versions, which are sorted by key and then by content.

use std::collections::BTreeMap;

use super::super::format::Place;
use super::super::sorted::Sorted;
use super::RECORD;
use crate::base::Result;

/// Rows of each kind that are shown: the first in their files.
const SHOWN: usize = 20;

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Spot {
    /// Its number among all rows.
    pub row: u64,
    /// The number of its file.
    pub file: u32,
    /// Its place in the file.
    pub place: Place,
}

/// What the merge counted, and the rows to show.
#[derive(Default)]
pub(in super::super) struct Merged {
    pub added: u64,
    pub removed: u64,
    pub modified: u64,
    pub unchanged: u64,
    pub repeated_keys: u64,
    pub added_rows: First<Spot>,
    pub removed_rows: First<Spot>,
    pub modified_rows: First<(Spot, Spot)>,
}

/// The first few by the number of their row.
pub(in super::super) struct First<T>(BTreeMap<u64, T>);

impl<T> Default for First<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> First<T> {
    fn add(&mut self, row: u64, of: T) {
        self.0.insert(row, of);
        if self.0.len() > SHOWN {
            self.0.pop_last();
        }
    }

    /// In order.
    pub(in super::super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.values()
    }
}

/// A row as it is sorted.
pub(super) fn record(key: [u8; 16], content: [u8; 16], spot: Spot) -> [u8; RECORD] {
    let mut record = [0; RECORD];
    record[..16].copy_from_slice(&key);
    record[16..32].copy_from_slice(&content);
    record[32..40].copy_from_slice(&spot.row.to_be_bytes());
    record[40..44].copy_from_slice(&spot.file.to_be_bytes());
    record[44..52].copy_from_slice(&spot.place.offset.to_be_bytes());
    record[52..].copy_from_slice(&spot.place.line.to_be_bytes());
    record
}

fn spot(record: &[u8; RECORD]) -> Spot {
    let number = |from: usize| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&record[from..from + 8]);
        u64::from_be_bytes(bytes)
    };
    let mut file = [0; 4];
    file.copy_from_slice(&record[40..44]);
    Spot { row: number(32), file: u32::from_be_bytes(file), place: Place { offset: number(44), line: number(52) } }
}

/// The rows of one key that the other side has not.
#[derive(Default)]
struct Left {
    count: u64,
    first: Vec<Spot>,
}

impl Left {
    fn add(&mut self, record: &[u8; RECORD]) {
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(spot(record));
        }
    }
}

/// Counts both sides. With keys, a row that is in both under one key and differs is modified: of several under one key the
/// equal ones are matched first, and the others in pairs as long as there are two.
pub(in super::super) fn merge(a: &mut Sorted<RECORD>, b: &mut Sorted<RECORD>, keyed: bool) -> Result<Merged> {
    let mut merged = Merged::default();
    loop {
        let heads = [a.peek(), b.peek()].into_iter().flatten().map(|record| record[..16].to_vec());
        let Some(key) = heads.min() else { return Ok(merged) };
        let (left, counts) = group(a, b, &key, &mut merged.unchanged)?;
        if keyed {
            merged.repeated_keys += counts.iter().filter(|count| **count > 1).sum::<u64>();
        }
        let [gone, come] = left;
        let pairs = if keyed { gone.count.min(come.count) } else { 0 };
        merged.modified += pairs;
        merged.removed += gone.count - pairs;
        merged.added += come.count - pairs;
        let paired = usize::try_from(pairs).unwrap_or(usize::MAX);
        for (before, after) in gone.first.iter().zip(&come.first).take(paired) {
            merged.modified_rows.add(after.row, (*before, *after));
        }
        gone.first.iter().skip(paired).for_each(|spot| merged.removed_rows.add(spot.row, *spot));
        come.first.iter().skip(paired).for_each(|spot| merged.added_rows.add(spot.row, *spot));
    }
}

/// The rows of one key: what is left on each side, and how many there were.
fn group(
    a: &mut Sorted<RECORD>,
    b: &mut Sorted<RECORD>,
    key: &[u8],
    unchanged: &mut u64,
) -> Result<([Left; 2], [u64; 2])> {
    let (mut left, mut counts) = ([Left::default(), Left::default()], [0, 0]);
    let content = |side: &Sorted<RECORD>| {
        side.peek().filter(|record| record[..16] == *key).map(|record| {
            let mut content = [0; 16];
            content.copy_from_slice(&record[16..32]);
            content
        })
    };
    loop {
        let (of_a, of_b) = (content(a), content(b));
        let (take_a, take_b) = match (of_a, of_b) {
            (None, None) => return Ok((left, counts)),
            (Some(of_a), Some(of_b)) => (of_a <= of_b, of_b <= of_a),
            (of_a, of_b) => (of_a.is_some(), of_b.is_some()),
        };
        let from_a = if take_a { a.next()? } else { None };
        let from_b = if take_b { b.next()? } else { None };
        counts[0] += u64::from(take_a);
        counts[1] += u64::from(take_b);
        match (from_a, from_b) {
            (Some(_), Some(_)) => *unchanged += 1,
            (Some(record), None) => left[0].add(&record),
            (None, Some(record)) => left[1].add(&record),
            (None, None) => return Ok((left, counts)),
        }
    }
}
