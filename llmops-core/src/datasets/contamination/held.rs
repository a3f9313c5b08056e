//! The rows that are looked for, as they are held in memory: their runs of words, the whole of each, and its MinHash.

use super::super::compare::Spot;
use super::super::format::{Problem, Row};
use super::super::progress::Progress;
use super::super::similar::{BANDS, Signature, band_hashes, least_hashes, signature};
use super::super::walk::{At, Slots, Visitor};
use super::postings::{Pairs, Postings};
use super::texts::Columns;
use super::words::{Cut, hash_of_words};
use crate::base::Result;

/// The most rows that are held, and the most runs of words. All that is held of them and while it is sorted is 200 MiB.
pub(in super::super) const ROWS: usize = 1 << 17;
pub(in super::super) const RUNS: usize = 1 << 22;
/// A run in more rows than this is their form, not what they say.
const COMMON: usize = 10;
/// A row without a MinHash.
pub(super) const NONE: u32 = u32::MAX;

/// How much may be held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    pub rows: usize,
    pub runs: usize,
}

/// The rows that are looked for.
pub(super) struct Held {
    /// Where each stands.
    pub spots: Vec<Spot>,
    /// Their runs of words.
    pub runs: Postings,
    /// How many different runs each has, without the common ones.
    pub counted: Vec<u32>,
    /// Each as a whole.
    pub wholes: Postings,
    /// The bands of their MinHashes.
    pub bands: Postings,
    pub signatures: Vec<Signature>,
    /// The number of each row's signature, or [`NONE`].
    pub signed: Vec<u32>,
    /// Rows in all, those without a word, those that found no room, those that cannot be read.
    pub rows: u64,
    pub blank: u64,
    pub left_out: u64,
    pub bad: u64,
    /// Runs that are too common to count.
    pub common: u64,
}

/// Rows on their way into memory.
pub(super) struct Holding<'p> {
    columns: &'p Columns,
    n: usize,
    most: Most,
    progress: &'p Progress,
    slots: Slots,
    cut: Cut,
    spots: Vec<Spot>,
    runs: Pairs,
    wholes: Pairs,
    bands: Pairs,
    signatures: Vec<Signature>,
    signed: Vec<u32>,
    rows: u64,
    blank: u64,
    left_out: u64,
    bad: u64,
}

impl<'p> Holding<'p> {
    /// Holds rows by these columns and runs of `n` words.
    pub(super) fn new(columns: &'p Columns, n: usize, most: Most, progress: &'p Progress) -> Self {
        Self {
            columns,
            n,
            most,
            progress,
            slots: Slots::default(),
            cut: Cut::default(),
            spots: Vec::new(),
            runs: Pairs::default(),
            wholes: Pairs::default(),
            bands: Pairs::default(),
            signatures: Vec::new(),
            signed: Vec::new(),
            rows: 0,
            blank: 0,
            left_out: 0,
            bad: 0,
        }
    }

    /// Sorts what was taken.
    pub(super) fn finish(self) -> Held {
        let (runs, common) = Postings::of(self.runs, COMMON);
        let mut counted = vec![0; self.spots.len()];
        for number in 0..runs.len() {
            for row in runs.rows(number) {
                counted[*row as usize] += 1;
            }
        }
        Held {
            counted,
            runs,
            wholes: Postings::of(self.wholes, usize::MAX).0,
            bands: Postings::of(self.bands, usize::MAX).0,
            spots: self.spots,
            signatures: self.signatures,
            signed: self.signed,
            rows: self.rows,
            blank: self.blank,
            left_out: self.left_out,
            bad: self.bad,
            common,
        }
    }

    /// Takes the row that was cut, unless there is no room for it.
    fn take(&mut self, spot: Spot) {
        let (row, before) = (self.spots.len() as u32, self.runs.len());
        // One more than there is room for says that there is not enough.
        let room = self.most.runs - before + 1;
        self.cut.runs(self.n).take(room).for_each(|run| self.runs.push(run, row));
        if self.spots.len() >= self.most.rows || self.runs.len() > self.most.runs {
            self.runs.truncate(before);
            self.left_out += 1;
            return;
        }
        self.spots.push(spot);
        self.wholes.push(hash_of_words(self.cut.words()), row);
        match least_hashes(self.cut.words()) {
            Some(least) => {
                let bands: [u64; BANDS] = band_hashes(&least);
                bands.into_iter().for_each(|band| self.bands.push(band, row));
                self.signed.push(self.signatures.len() as u32);
                self.signatures.push(signature(&least));
            }
            None => self.signed.push(NONE),
        }
    }
}

impl Visitor for Holding<'_> {
    fn row(&mut self, at: &At<'_>, row: &Row) {
        self.rows += 1;
        self.slots.set(at.places);
        self.columns.cut(&self.slots, row, &mut self.cut);
        if self.cut.words().is_empty() {
            self.blank += 1;
        } else {
            self.take(Spot { row: at.row, file: at.file as u32, place: row.place });
        }
    }

    fn bad(&mut self, _: &str, _: Problem) {
        self.bad += 1;
    }

    fn progress(&mut self, rows: u64, bytes: u64) -> Result<()> {
        self.progress.is_at(rows, bytes)
    }
}
