//! Which rows hold a hash: sorted hashes with the rows of each, found by a table over their first bits.

/// Pairs that find room at a time, so that as much is taken as is needed.
const STEP: usize = 1 << 18;

/// Hashes with a row of each, on their way to be sorted: twelve bytes a pair.
#[derive(Default)]
pub(super) struct Pairs(Vec<[u32; 3]>);

impl Pairs {
    pub(super) fn push(&mut self, hash: u64, row: u32) {
        if self.0.len() == self.0.capacity() {
            self.0.reserve_exact(STEP);
        }
        self.0.push([(hash >> 32) as u32, hash as u32, row]);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets all but the first.
    pub(super) fn truncate(&mut self, most: usize) {
        self.0.truncate(most);
    }
}

fn hash_of(pair: &[u32; 3]) -> u64 {
    (u64::from(pair[0]) << 32) | u64::from(pair[1])
}

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
    /// Of these; hashes of more than `most` rows are left out and counted.
    pub(super) fn of(pairs: Pairs, most: usize) -> (Self, u64) {
        let mut pairs = pairs.0;
        pairs.sort_unstable();
        pairs.dedup();
        let groups = || pairs.chunk_by(|a, b| a[..2] == b[..2]);
        let few = |same: &&[[u32; 3]]| same.len() <= most;
        let count = groups().filter(few).count();
        let common = groups().count() - count;
        let total = groups().filter(few).map(<[_]>::len).sum();
        let (mut hashes, mut starts) = (Vec::with_capacity(count), Vec::with_capacity(count + 1));
        let mut rows = Vec::with_capacity(total);
        for same in groups().filter(few) {
            hashes.push(hash_of(&same[0]));
            starts.push(rows.len() as u32);
            rows.extend(same.iter().map(|pair| pair[2]));
        }
        starts.push(rows.len() as u32);
        let bits = (hashes.len() | 2).ilog2();
        let mut table = vec![0; (1 << bits) + 1];
        for hash in &hashes {
            table[(hash >> (u64::BITS - bits)) as usize + 1] += 1;
        }
        let mut before = 0;
        for begin in &mut table {
            before += *begin;
            *begin = before;
        }
        (Self { hashes, starts, rows, table, bits }, common as u64)
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
