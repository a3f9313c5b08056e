//! One dataset that is looked in: its rows are read once, each held against what is in memory.

use super::super::ContaminationKind;
use super::super::compare::Spot;
use super::super::format::{Problem, Row};
use super::super::progress::Progress;
use super::super::similar::{agreement, band_hashes, least_hashes, signature};
use super::super::walk::{At, Slots, Visitor};
use super::held::{Held, NONE};
use super::texts::Columns;
use super::words::{Cut, hash_of_words};
use crate::base::Result;

/// Rows that are looked at for what they share with one in a band of their MinHashes.
const CANDIDATES: usize = 64;

/// By what rows are held to be the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub n: usize,
    pub min_overlap: f64,
    pub similarity: f64,
}

/// A row that was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Its number among those held.
    pub row: usize,
    pub kind: ContaminationKind,
    /// Of runs the share found in the dataset, of rows nearly the same the similarity.
    pub measure: f64,
    /// The same of the one row it is shown with.
    pub pair_measure: f64,
    /// That row.
    pub spot: Spot,
}

/// What is found in one dataset.
pub(super) struct Matching<'h> {
    held: &'h Held,
    columns: &'h Columns,
    bounds: Bounds,
    progress: &'h Progress,
    /// Rows and bytes read of others before.
    before: (u64, u64),
    slots: Slots,
    cut: Cut,
    /// The number of the row under way, from 1.
    now: u32,
    /// Of each run the last row it was seen in, or 0.
    seen: Vec<u32>,
    /// Runs that the row under way shares with each row, and which rows these are.
    shared: Vec<u32>,
    touched: Vec<u32>,
    /// Of each row the one that shares most runs with it.
    best: Vec<Option<(u32, Spot)>>,
    /// Of each whole the first row that is the same.
    same: Vec<Option<Spot>>,
    /// Of each row the most similar one.
    near: Vec<Option<(f64, Spot)>>,
    candidates: Vec<u32>,
    pub rows: u64,
    pub bad: u64,
}

impl<'h> Matching<'h> {
    /// Nothing found yet.
    pub(super) fn new(
        held: &'h Held,
        columns: &'h Columns,
        bounds: Bounds,
        (progress, before): (&'h Progress, (u64, u64)),
    ) -> Self {
        let rows = held.spots.len();
        Self {
            held,
            columns,
            bounds,
            progress,
            before,
            slots: Slots::default(),
            cut: Cut::default(),
            now: 0,
            seen: vec![0; held.runs.len()],
            shared: vec![0; rows],
            touched: Vec::new(),
            best: vec![None; rows],
            same: vec![None; held.wholes.len()],
            near: vec![None; rows],
            candidates: Vec::new(),
            rows: 0,
            bad: 0,
        }
    }

    /// Marks the runs of the row under way.
    fn match_runs(&mut self, spot: Spot) {
        let runs = &self.held.runs;
        for run in self.cut.all_runs(self.bounds.n) {
            let Some(number) = runs.find(run).filter(|number| self.seen[*number] != self.now) else { continue };
            self.seen[number] = self.now;
            for row in runs.rows(number) {
                let shared = &mut self.shared[*row as usize];
                if *shared == 0 {
                    self.touched.push(*row);
                }
                *shared += 1;
            }
        }
        for row in self.touched.drain(..) {
            let shared = std::mem::take(&mut self.shared[row as usize]);
            let best = &mut self.best[row as usize];
            if best.is_none_or(|(most, _)| shared > most) {
                *best = Some((shared, spot));
            }
        }
    }

    /// Looks whether the row under way, or one of its texts, is one that is looked for.
    fn match_whole(&mut self, spot: Spot) {
        let wholes = self.cut.texts().map(hash_of_words).chain([hash_of_words(self.cut.words())]);
        for number in wholes.filter_map(|whole| self.held.wholes.find(whole)) {
            self.same[number].get_or_insert(spot);
        }
    }

    fn match_near(&mut self, spot: Spot) {
        let Some(least) = least_hashes(self.cut.words()) else { return };
        self.candidates.clear();
        for number in band_hashes(&least).into_iter().filter_map(|band| self.held.bands.find(band)) {
            self.candidates.extend(self.held.bands.rows(number).iter().take(CANDIDATES));
        }
        self.candidates.sort_unstable();
        self.candidates.dedup();
        let own = signature(&least);
        for row in &self.candidates {
            let signed = self.held.signed[*row as usize];
            if signed == NONE {
                continue;
            }
            let similarity = agreement(&self.held.signatures[signed as usize], &own);
            let near = &mut self.near[*row as usize];
            if similarity >= self.bounds.similarity && near.is_none_or(|(most, _)| similarity > most) {
                *near = Some((similarity, spot));
            }
        }
    }

    /// The rows that were found, in their order.
    pub(super) fn finish(self) -> Vec<Found> {
        let held = self.held;
        let mut exact: Vec<Option<Spot>> = vec![None; held.spots.len()];
        for (number, spot) in self.same.iter().enumerate().filter(|(_, spot)| spot.is_some()) {
            held.wholes.rows(number).iter().for_each(|row| exact[*row as usize] = *spot);
        }
        let mut runs = vec![0u32; held.spots.len()];
        for (number, _) in self.seen.iter().enumerate().filter(|(_, seen)| **seen != 0) {
            held.runs.rows(number).iter().for_each(|row| runs[*row as usize] += 1);
        }
        let found = |row: usize| {
            let of = f64::from(held.counted[row].max(1));
            let share = f64::from(runs[row]) / of;
            if let Some(spot) = exact[row] {
                let kind = ContaminationKind::Exact;
                return Some(Found { row, kind, measure: 1.0, pair_measure: 1.0, spot });
            }
            if let Some((most, spot)) = self.best[row].filter(|_| share >= self.bounds.min_overlap) {
                let (kind, pair_measure) = (ContaminationKind::Ngram, f64::from(most) / of);
                return Some(Found { row, kind, measure: share, pair_measure, spot });
            }
            let (measure, spot) = self.near[row]?;
            Some(Found { row, kind: ContaminationKind::Near, measure, pair_measure: measure, spot })
        };
        (0..held.spots.len()).filter_map(found).collect()
    }
}

impl Visitor for Matching<'_> {
    fn row(&mut self, at: &At<'_>, row: &Row) {
        self.rows += 1;
        // After four thousand million rows the numbers begin again; 0 stays what was never seen.
        self.now = self.now.wrapping_add(1).max(1);
        self.slots.set(at.places);
        self.columns.cut(&self.slots, row, &mut self.cut);
        if self.cut.words().is_empty() {
            return;
        }
        let spot = Spot { row: at.row, file: at.file as u32, place: row.place };
        self.match_runs(spot);
        self.match_whole(spot);
        self.match_near(spot);
    }

    fn bad(&mut self, _: &str, _: Problem) {
        self.bad += 1;
    }

    fn progress(&mut self, rows: u64, bytes: u64) -> Result<()> {
        self.progress.is_at(self.before.0 + rows, self.before.1 + bytes)
    }
}
