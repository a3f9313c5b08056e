//! What stands before a page's values: how often they repeat, and how many there are. Few bytes can claim a great many.

use super::thrift;

/// Runs of numbers in Parquet's hybrid of run lengths and packed bits: each number with how often it comes, `count` in all.
pub(super) fn runs(mut bytes: &[u8], width: u32, count: u64, each: &mut dyn FnMut(u64, u64)) -> Option<()> {
    let mut left = count;
    while left > 0 {
        let (head, length) = thrift::unsigned(bytes)?;
        bytes = bytes.get(length..)?;
        if head & 1 == 0 {
            let size = width.div_ceil(8) as usize;
            let value = bytes.get(..size)?.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
            bytes = &bytes[size..];
            let times = left.min(head >> 1);
            (times > 0).then_some(())?;
            each(value, times);
            left -= times;
            continue;
        }
        let groups = head >> 1;
        (groups > 0).then_some(())?;
        let size = usize::try_from(groups.checked_mul(width.into())?).ok()?;
        // Some writers leave out the end of the last group.
        let packed = bytes.get(..size.min(bytes.len()))?;
        bytes = &bytes[packed.len()..];
        let numbers = left.min(groups.checked_mul(8)?).min(packed.len() as u64 * 8 / u64::from(width));
        (numbers > 0).then_some(())?;
        let mut bits = Bits { bytes: packed, at: 0 };
        for _ in 0..numbers {
            each(bits.next(width), 1);
        }
        left -= numbers;
    }
    Some(())
}

/// Numbers packed from the lowest bit on; there are as many as are asked for.
struct Bits<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Bits<'_> {
    fn next(&mut self, width: u32) -> u64 {
        let mut value = 0;
        for bit in 0..width {
            let byte = self.bytes.get(self.at / 8).copied().unwrap_or_default();
            value |= u64::from(byte >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        value
    }
}

/// How long rows are in a column with lists.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lengths {
    /// Rows that began.
    pub rows: u64,
    /// Values of the last row so far.
    pub current: u64,
    /// Values of the longest.
    pub longest: u64,
}

impl Lengths {
    /// Counts the levels of a page on: a row begins at each 0.
    pub(super) fn add(&mut self, level: u64, times: u64) {
        if level == 0 {
            self.rows += times;
            self.current = 1;
        } else {
            self.current += times;
        }
        self.longest = self.longest.max(self.current);
    }
}

/// Whether lengths or prefixes in packed differences are at most so many as there are values; they are read at once.
pub(super) fn differences_fit(bytes: &[u8], values: u64, streams: u32) -> Option<bool> {
    let mut bytes = bytes;
    for stream in 0..streams {
        let mut take = || {
            let (number, length) = thrift::unsigned(bytes)?;
            bytes = bytes.get(length..)?;
            Some(number)
        };
        let (block, parts, total) = (take()?, take()?, take()?);
        take()?; // the first value
        if total > values {
            return Some(false);
        }
        if stream + 1 < streams {
            (parts > 0 && block > 0).then_some(())?;
            bytes = after_blocks(bytes, (block, parts), total.saturating_sub(1))?;
        }
    }
    Some(true)
}

/// What follows the blocks of packed differences.
fn after_blocks(mut bytes: &[u8], (block, parts): (u64, u64), mut left: u64) -> Option<&[u8]> {
    let each = block / parts;
    (each > 0).then_some(())?;
    while left > 0 {
        let (_, length) = thrift::unsigned(bytes)?; // the least difference
        bytes = bytes.get(length..)?;
        let widths = bytes.get(..usize::try_from(parts).ok()?)?;
        bytes = &bytes[widths.len()..];
        for width in widths {
            if left == 0 {
                break;
            }
            let size = each.checked_mul(u64::from(*width))? / 8;
            bytes = bytes.get(usize::try_from(size).ok()?..)?;
            left = left.saturating_sub(each);
        }
    }
    Some(bytes)
}
