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

/// Lengths or prefixes in packed differences, which are read at once: how many bytes the prefixes, of two streams the first, take
/// together. `None`: they are more than there are values, or none.
pub(super) fn differences(bytes: &[u8], values: u64, streams: u32) -> Option<u64> {
    let mut bytes = bytes;
    let mut prefixes = 0u64;
    for stream in 0..streams {
        let mut take = || {
            let (number, length) = thrift::unsigned(bytes)?;
            bytes = bytes.get(length..)?;
            Some(number)
        };
        let (block, parts, total, first) = (take()?, take()?, take()?, thrift::signed(take()?));
        (total <= values).then_some(())?;
        if stream + 1 < streams && total > 0 {
            (parts > 0 && block > 0).then_some(())?;
            prefixes = u64::try_from(first).ok()?;
            let mut now = first;
            let mut each = |step: i64| {
                // As the library counts: in 32 bits, over which it wraps.
                now = i64::from((now as i32).wrapping_add(step as i32));
                prefixes = prefixes.checked_add(u64::try_from(now).ok()?)?;
                Some(())
            };
            bytes = after_blocks(bytes, (block, parts), total - 1, &mut each)?;
        }
    }
    Some(prefixes)
}

/// What follows the blocks of packed differences, each of which is told.
fn after_blocks<'b>(
    mut bytes: &'b [u8],
    (block, parts): (u64, u64),
    mut left: u64,
    each: &mut dyn FnMut(i64) -> Option<()>,
) -> Option<&'b [u8]> {
    let many = block / parts;
    (many > 0).then_some(())?;
    while left > 0 {
        let (least, length) = thrift::unsigned(bytes)?;
        let least = thrift::signed(least);
        bytes = bytes.get(length..)?;
        let widths = bytes.get(..usize::try_from(parts).ok()?)?;
        bytes = &bytes[widths.len()..];
        for width in widths {
            if left == 0 {
                break;
            }
            (*width <= 64).then_some(())?;
            let size = usize::try_from(many.checked_mul(u64::from(*width))? / 8).ok()?;
            let mut packed = Bits { bytes: bytes.get(..size)?, at: 0 };
            for _ in 0..many.min(left) {
                each(least.wrapping_add(packed.next(u32::from(*width)).cast_signed()))?;
            }
            bytes = &bytes[size..];
            left = left.saturating_sub(many);
        }
    }
    Some(bytes)
}
