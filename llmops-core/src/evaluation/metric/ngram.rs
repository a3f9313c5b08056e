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

/// Counts matches of n-grams; keeps its buffers between samples.
///
/// An n-gram is named by the pair of (the name of its first n-1 words, its last word). Most of the longer ones are there
/// once, and what follows such a one is read in the prediction itself: only what is there twice has longer ones by name.
#[derive(Debug, Default)]
pub(super) struct Grams {
    longer: Pairs,
    grams: Vec<Gram>,
    distinct: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Gram {
    /// How often the prediction has it.
    count: u32,
    /// How often the reference at hand has it, and the one that has it most often.
    seen: u32,
    best: u32,
    /// Where it ends in the prediction for the first time.
    end: u32,
    /// How many words beyond it some reference shares, as long as it is there once.
    shared: u32,
}

impl Grams {
    /// Writes to `matches[n - 1]` how many n-grams of `prediction` the references share. An n-gram counts as often as
    /// the one reference that has it most often, and at most as often as the prediction has it.
    ///
    /// `distinct` is the number of names in `prediction`, which run from 0.
    pub fn matches(&mut self, prediction: &[u32], distinct: usize, references: &Sequences, matches: &mut [u64]) {
        matches.fill(0);
        self.count_all(prediction, distinct, matches.len());
        for (at, range) in references.ranges().enumerate() {
            if at > 0 {
                self.grams.iter_mut().for_each(|gram| gram.seen = 0);
            }
            let reference = &references.names[range];
            for start in 0..reference.len() {
                self.follow(prediction, &reference[start..], matches);
            }
        }
    }

    /// How many pairs of neighbours of `prediction` this reference shares: [`Grams::matches`] where nothing else counts.
    pub fn shared_pairs(&mut self, prediction: &[u32], distinct: usize, reference: &[u32]) -> usize {
        self.count_all(prediction, distinct, 2);
        let mut shared = 0;
        for pair in reference.windows(2) {
            let Some(gram) = self.grams.get_mut(pair[0] as usize) else { continue };
            if gram.count == 1 {
                let hit = gram.shared == 0 && prediction.get(gram.end as usize) == Some(&pair[1]);
                gram.shared |= u32::from(hit);
                shared += usize::from(hit);
            } else if let Some(gram) = self.grams.get_mut(self.longer.get(pair[0], pair[1]) as usize + self.distinct) {
                gram.seen += 1;
                shared += usize::from(gram.seen <= gram.count);
            }
        }
        shared
    }

    fn count_all(&mut self, prediction: &[u32], distinct: usize, orders: usize) {
        // What most texts need; one that repeats itself takes more.
        self.longer.reset(prediction.len() * orders.saturating_sub(1).min(2));
        self.grams.clear();
        self.grams.resize(distinct, Gram::default());
        self.distinct = distinct;
        for start in 0..prediction.len() {
            self.count(prediction, start, orders);
        }
    }

    /// Counts the n-grams that begin at `start`, up to the first that was not there before.
    fn count(&mut self, prediction: &[u32], start: usize, orders: usize) {
        let mut at = prediction[start] as usize;
        for end in start + 1..=prediction.len().min(start + orders) {
            let gram = &mut self.grams[at];
            gram.count += 1;
            if gram.count == 1 {
                gram.end = end as u32;
                return;
            }
            if end == start + orders {
                return;
            }
            if gram.count == 2 {
                self.lengthen(prediction, at);
            }
            match prediction.get(end) {
                Some(last) => at = self.insert(at, *last),
                None => return,
            }
        }
    }

    /// Names what follows an n-gram where it was first.
    fn lengthen(&mut self, prediction: &[u32], at: usize) {
        let end = self.grams[at].end;
        if let Some(last) = prediction.get(end as usize) {
            let longer = self.insert(at, *last);
            self.grams[longer] = Gram { count: 1, end: end + 1, ..Gram::default() };
        }
    }

    fn insert(&mut self, at: usize, last: u32) -> usize {
        let longer = self.distinct + self.longer.insert(at as u32, last) as usize;
        if longer == self.grams.len() {
            self.grams.push(Gram::default());
        }
        longer
    }

    /// Counts the n-grams that begin with the first word of `rest`, up to the first that the prediction lacks.
    fn follow(&mut self, prediction: &[u32], rest: &[u32], matches: &mut [u64]) {
        let mut at = rest[0] as usize;
        for order in 0..matches.len().min(rest.len()) {
            let Some(gram) = self.grams.get_mut(at) else { return };
            gram.seen += 1;
            if gram.seen > gram.best {
                gram.best = gram.seen;
                matches[order] += u64::from(gram.seen <= gram.count);
            }
            let (longer, rest) = (&mut matches[order + 1..], &rest[order + 1..]);
            if gram.count == 1 {
                let beyond = prediction[gram.end as usize..].iter().zip(rest).take(longer.len());
                let shared = beyond.take_while(|(own, other)| own == other).count();
                longer[..shared].iter_mut().skip(gram.shared as usize).for_each(|count| *count += 1);
                gram.shared = gram.shared.max(shared as u32);
                return;
            }
            let Some(last) = rest.first() else { return };
            at = match self.longer.get(at as u32, *last) {
                ABSENT => return,
                name => self.distinct + name as usize,
            };
        }
    }
}

/// How many n-grams of this order `length` words have.
pub(super) fn count(length: usize, order: usize) -> u64 {
    (length + 1).saturating_sub(order) as u64
}
