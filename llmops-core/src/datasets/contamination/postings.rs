//! Which rows hold a hash: sorted hashes with the rows of each, found by a table over their first bits.

/// Rows by hash. Hashes are spread evenly, so few share their first bits.
pub(super) struct Postings {
    /// Different hashes, the smallest first.
    hashes: Vec<u64>,
    /// Where the rows of each begin, and where those of the last end.
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// Where the hashes with these first bits begin.
    table: Vec<u32>,
    bits: u32,
}

impl Postings {
    /// Of pairs of a hash and a row; hashes of more than `most` rows are left out and counted.
    pub(super) fn of(mut pairs: Vec<(u64, u32)>, most: usize) -> (Self, u64) {
        pairs.sort_unstable();
        pairs.dedup();
        let (mut hashes, mut starts, mut rows, mut common) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for same in pairs.chunk_by(|a, b| a.0 == b.0) {
            if same.len() > most {
                common += 1;
                continue;
            }
            hashes.push(same[0].0);
            starts.push(rows.len() as u32);
            rows.extend(same.iter().map(|(_, row)| *row));
        }
        starts.push(rows.len() as u32);
        let bits = (hashes.len() | 2).ilog2();
        let mut table = vec![0; (1 << bits) + 1];
        for hash in &hashes {
            table[(hash >> (u64::BITS - bits)) as usize + 1] += 1;
        }
        for at in 1..table.len() {
            table[at] += table[at - 1];
        }
        (Self { hashes, starts, rows, table, bits }, common)
    }

    /// How many different hashes there are.
    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    /// The number of a hash, if it is there.
    pub(super) fn find(&self, hash: u64) -> Option<usize> {
        let first = (hash >> (u64::BITS - self.bits)) as usize;
        let (from, to) = (self.table[first] as usize, self.table[first + 1] as usize);
        self.hashes[from..to].iter().position(|known| *known == hash).map(|at| from + at)
    }

    /// The rows of the hash of this number.
    pub(super) fn rows(&self, number: usize) -> &[u32] {
        &self.rows[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}
