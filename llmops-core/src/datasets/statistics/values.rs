//! How often values come: the first so many different ones, each counted exactly.

use std::collections::HashMap;

use super::super::binary::{In, Out};
use super::super::hashed::Mixed;

/// Values by the hash of their text, which whoever looked at the text has made already.
pub(super) struct Values {
    counts: HashMap<u64, (Box<str>, u64), Mixed>,
    pub(super) most: usize,
    exact: bool,
}

impl Values {
    /// Keeps at most so many.
    pub(super) fn new(most: usize) -> Self {
        Self { counts: HashMap::default(), most, exact: true }
    }

    /// Counts a value with this hash.
    pub(super) fn count(&mut self, hash: u64, text: &str) {
        let (mut place, room) = (hash, self.counts.len() < self.most);
        loop {
            match self.counts.get_mut(&place) {
                Some((known, count)) if **known == *text => {
                    *count += 1;
                    return;
                }
                // Another text of the same hash has the place.
                Some(_) => place = place.wrapping_add(1),
                None if room => {
                    self.counts.insert(place, (text.into(), 1));
                    return;
                }
                None => {
                    self.exact = false;
                    return;
                }
            }
        }
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        out.u64(u64::from(self.exact));
        out.u64(self.counts.len() as u64);
        for (place, (text, count)) in &self.counts {
            out.u64(*place);
            out.text(text);
            out.u64(*count);
        }
    }

    /// What was put there, as many as this one may keep.
    pub(super) fn read(&self, from: &mut In<'_>) -> Option<Self> {
        let mut read = Self::new(self.most);
        read.exact = from.u64()? == 1;
        for _ in 0..from.count(24)? {
            read.counts.insert(from.u64()?, (from.text()?.into(), from.u64()?));
        }
        (read.counts.len() <= read.most).then_some(read)
    }

    /// Whether each value that came is counted.
    pub(super) fn exact(&self) -> bool {
        self.exact
    }

    /// The values and how often each came, in no order.
    pub(super) fn all(self) -> impl Iterator<Item = (String, u64)> {
        self.counts.into_values().map(|(text, count)| (text.into(), count))
    }
}
