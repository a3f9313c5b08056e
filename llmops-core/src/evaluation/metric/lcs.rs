//! Longest common subsequences, 64 cells of the table at a time.
//!
//! A row of the table is kept as one bit per column: 0 where the length grows at that column. The next row comes from an
//! addition (H. Hyyrö, "Bit-parallel LCS-length computation revisited", 2004). Columns are done in strips of 64, which
//! keeps memory linear.

use super::words::ABSENT;

/// Computes lengths and one alignment of longest common subsequences; keeps its buffers between samples.
#[derive(Debug, Default)]
pub(super) struct Lcs {
    masks: Vec<u64>,
    carries: Vec<bool>,
    rows: Vec<u64>,
}

impl Lcs {
    /// The length for `reference` and `prediction`, whose names are below `distinct`.
    pub fn length(&mut self, reference: &[u32], prediction: &[u32], distinct: usize) -> usize {
        self.run(reference, prediction, distinct, |_, _, _| {})
    }

    /// Marks in `taken` the places of `reference` that rouge-score reads out of the table, of several longest ones.
    pub fn align(&mut self, reference: &[u32], prediction: &[u32], distinct: usize, taken: &mut [bool]) {
        let strips = prediction.len().div_ceil(64);
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        // Row 0 stands for the empty reference: no length grows anywhere.
        rows.resize((reference.len() + 1) * strips, u64::MAX);
        self.run(reference, prediction, distinct, |row, strip, bits| rows[(row + 1) * strips + strip] = bits);
        read_out(&Table { rows: &rows, strips }, reference, prediction, taken);
        self.rows = rows;
    }

    fn run(
        &mut self,
        reference: &[u32],
        prediction: &[u32],
        distinct: usize,
        mut keep: impl FnMut(usize, usize, u64),
    ) -> usize {
        self.masks.clear();
        self.masks.resize(distinct, 0);
        self.carries.clear();
        self.carries.resize(reference.len(), false);
        let mut length = 0;
        for (strip, columns) in prediction.chunks(64).enumerate() {
            for (column, name) in columns.iter().enumerate() {
                self.masks[*name as usize] |= 1 << column;
            }
            let mut bits = u64::MAX;
            for (row, name) in reference.iter().enumerate() {
                let mask = if *name == ABSENT { 0 } else { self.masks[*name as usize] };
                let (sum, over) = bits.overflowing_add(bits & mask);
                let (sum, over_again) = sum.overflowing_add(u64::from(self.carries[row]));
                self.carries[row] = over || over_again;
                bits = sum | (bits & !mask);
                keep(row, strip, bits);
            }
            length += (!bits & low_bits(columns.len())).count_ones() as usize;
            for name in columns {
                self.masks[*name as usize] = 0;
            }
        }
        length
    }
}

fn low_bits(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

struct Table<'a> {
    rows: &'a [u64],
    strips: usize,
}

impl Table<'_> {
    fn grows(&self, row: usize, column: usize) -> bool {
        self.rows[row * self.strips + (column - 1) / 64] >> ((column - 1) % 64) & 1 == 0
    }

    /// The length for the first `row` words of the reference and the first `column` of the prediction.
    fn length(&self, row: usize, column: usize) -> usize {
        let row = &self.rows[row * self.strips..(row + 1) * self.strips];
        let whole = row[..column / 64].iter().map(|bits| bits.count_zeros() as usize).sum::<usize>();
        let rest = if column.is_multiple_of(64) {
            0
        } else {
            (!row[column / 64] & low_bits(column % 64)).count_ones() as usize
        };
        whole + rest
    }
}

/// Walks back from the corner: along matches, else left where that is strictly longer, else up.
fn read_out(table: &Table<'_>, reference: &[u32], prediction: &[u32], taken: &mut [bool]) {
    let (mut row, mut column) = (reference.len(), prediction.len());
    if row == 0 || column == 0 {
        return;
    }
    let (mut here, mut above) = (table.length(row, column), table.length(row - 1, column));
    while row > 0 && column > 0 {
        let left = here - usize::from(table.grows(row, column));
        if reference[row - 1] == prediction[column - 1] {
            taken[row - 1] = true;
            row -= 1;
            column -= 1;
        } else if left > above {
            above -= usize::from(table.grows(row - 1, column));
            here = left;
            column -= 1;
            continue;
        } else {
            row -= 1;
        }
        if row > 0 {
            (here, above) = (table.length(row, column), table.length(row - 1, column));
        }
    }
}
