//! Counts the n-grams that a prediction shares with its references.

use super::words::{ABSENT, Pairs};

/// Several sequences of names, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Sequences {
    pub names: Vec<u32>,
    ends: Vec<usize>,
}

impl Sequences {
    pub fn clear(&mut self) {
        self.names.clear();
        self.ends.clear();
    }

    /// Ends the sequence that was being appended to `names`.
    pub fn close(&mut self) {
        self.ends.push(self.names.len());
    }

    /// Ends a sequence whose names are appended later, `end` being where all before and it end.
    pub fn close_at(&mut self, end: usize) {
        self.ends.push(end);
    }

    pub fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| start..*end)
    }
}

/// Counts matches of n-grams order by order; keeps its buffers between samples.
///
/// An n-gram is named by the pair of (the name of its first n-1 words, its last word), so that each order costs one
/// look-up per position whatever the length of the words.
#[derive(Debug, Default)]
pub(super) struct Grams {
    pairs: Pairs,
    prediction: Vec<u32>,
    references: Vec<u32>,
    counts: Vec<u32>,
    best: Vec<u32>,
    seen: Vec<u32>,
}

impl Grams {
    /// Writes to `matches[n - 1]` how many n-grams of `prediction` the references share. An n-gram counts as often as
    /// the one reference that has it most often, and at most as often as the prediction has it.
    ///
    /// `distinct` is the number of names in `prediction`, which run from 0.
    pub fn matches(&mut self, prediction: &[u32], distinct: usize, references: &Sequences, matches: &mut [u64]) {
        self.prediction.clear();
        self.prediction.extend_from_slice(prediction);
        self.references.clear();
        self.references.extend_from_slice(&references.names);
        let mut distinct = distinct;
        for (order, shared) in matches.iter_mut().enumerate() {
            if order > 0 {
                distinct = self.lengthen(prediction, references, order);
            }
            *shared = if self.prediction.is_empty() { 0 } else { self.clip(distinct, references, order) };
        }
    }

    /// Goes from n-grams to (n+1)-grams, where `order` is n; says how many different ones the prediction has.
    fn lengthen(&mut self, prediction: &[u32], references: &Sequences, order: usize) -> usize {
        let count = prediction.len().saturating_sub(order);
        self.prediction.truncate(count);
        self.pairs.reset(count);
        for (gram, last) in self.prediction.iter_mut().zip(&prediction[prediction.len() - count..]) {
            *gram = self.pairs.insert(*gram, *last);
        }
        for range in references.ranges() {
            for at in range.start..range.end.saturating_sub(order) {
                let (gram, last) = (self.references[at], references.names[at + order]);
                let known = gram != ABSENT && last != ABSENT;
                self.references[at] = if known { self.pairs.get(gram, last) } else { ABSENT };
            }
        }
        self.pairs.len()
    }

    fn clip(&mut self, distinct: usize, references: &Sequences, order: usize) -> u64 {
        for counts in [&mut self.counts, &mut self.best] {
            counts.clear();
            counts.resize(distinct, 0);
        }
        for gram in &self.prediction {
            self.counts[*gram as usize] += 1;
        }
        let mut shared = 0;
        for range in references.ranges() {
            self.seen.clear();
            self.seen.resize(distinct, 0);
            for gram in &self.references[range.start..range.end.saturating_sub(order).max(range.start)] {
                if *gram == ABSENT {
                    continue;
                }
                let gram = *gram as usize;
                self.seen[gram] += 1;
                if self.seen[gram] > self.best[gram] {
                    self.best[gram] = self.seen[gram];
                    shared += u64::from(self.seen[gram] <= self.counts[gram]);
                }
            }
        }
        shared
    }
}

/// How many n-grams of this order `length` words have.
pub(super) fn count(length: usize, order: usize) -> u64 {
    (length + 1).saturating_sub(order) as u64
}
