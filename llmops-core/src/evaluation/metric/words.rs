//! Words of a text, and small names for them that compare in one step.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use super::unicode::is_space;

/// The name of a word that the first text does not have. It equals no name, not even itself.
pub(super) const ABSENT: u32 = u32::MAX;

/// Chosen per process, so that nobody can prepare words that all collide. No score depends on it.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0_u64) | 1);

/// Mixes a key by the folded product with an odd constant.
fn mix(key: u64, seed: u64) -> u64 {
    let product = u128::from(key ^ seed) * u128::from(0x9e37_79b9_7f4a_7c15_u64 ^ (seed << 1));
    (product as u64) ^ ((product >> 64) as u64)
}

fn hash(word: &[u8], seed: u64) -> u64 {
    let mut state = seed ^ word.len() as u64;
    let mut rest = word;
    while let Some((chunk, after)) = rest.split_first_chunk() {
        state = mix(u64::from_le_bytes(*chunk) ^ state.rotate_left(23), seed);
        rest = after;
    }
    // Up to seven bytes: two halves that may overlap, or the first, the middle and the last byte.
    let rest = match (rest.first_chunk(), rest.last_chunk()) {
        (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)),
        _ => match rest {
            [] => return state,
            [first, ..] => {
                let (middle, last) = (rest[rest.len() / 2], rest[rest.len() - 1]);
                u64::from(*first) << 16 | u64::from(middle) << 8 | u64::from(last)
            }
        },
    };
    mix(rest ^ state.rotate_left(23), seed)
}

static SPACES: [bool; 128] = {
    let mut spaces = [false; 128];
    let mut at = 0;
    while at < 128 {
        spaces[at] = is_space(at as u8 as char);
        at += 1;
    }
    spaces
};

/// A text as tokenized: a buffer and where each word lies in it.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub text: Vec<u8>,
    spans: Vec<(u32, u32)>,
}

impl Words {
    pub fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
    }

    pub fn len(&self) -> usize {
        self.spans.len()
    }

    pub fn bytes(&self, word: usize) -> &[u8] {
        let (start, end) = self.spans[word];
        &self.text[start as usize..end as usize]
    }

    /// Ends the word that began at `start` of the buffer.
    pub fn close(&mut self, start: usize) {
        self.spans.push((start as u32, self.text.len() as u32));
    }

    /// Finds the words of the buffer, which is UTF-8, parted by white space.
    pub fn split(&mut self) {
        self.spans.clear();
        if self.text.is_ascii() {
            self.split_ascii(0, |byte| !SPACES[byte as usize]);
            return;
        }
        let text = str::from_utf8(&self.text).unwrap_or_default();
        let mut start = None;
        for (at, c) in text.char_indices() {
            match (is_space(c), start) {
                (false, None) => start = Some(at as u32),
                (true, Some(begun)) => {
                    self.spans.push((begun, at as u32));
                    start = None;
                }
                _ => {}
            }
        }
        self.spans.extend(start.map(|begun| (begun, text.len() as u32)));
    }

    /// Takes every run of bytes from `at` on that `part` accepts as a word.
    pub fn split_ascii(&mut self, mut at: usize, part: impl Fn(u8) -> bool) {
        while let Some(gap) = self.text[at..].iter().position(|byte| part(*byte)) {
            let start = at + gap;
            at = self.text[start..].iter().position(|byte| !part(*byte)).map_or(self.text.len(), |run| start + run);
            self.spans.push((start as u32, at as u32));
        }
    }

    /// Takes every character of the buffer, which is UTF-8, that is not white space as a word.
    pub fn split_chars(&mut self) {
        self.spans.clear();
        let text = str::from_utf8(&self.text).unwrap_or_default();
        for (at, c) in text.char_indices().filter(|(_, c)| !is_space(*c)) {
            self.spans.push((at as u32, (at + c.len_utf8()) as u32));
        }
    }
}

/// Names the words of one text 0, 1, 2, .. and finds those of other texts under the same names.
#[derive(Debug, Default)]
pub(super) struct Names {
    slots: Vec<u32>,
    known: Vec<(u64, u32)>,
}

impl Names {
    /// Names the words of `own`, equal words equally, and appends the names to `out`.
    pub fn fill(&mut self, own: &Words, out: &mut Vec<u32>) {
        let size = (own.len() * 2).next_power_of_two();
        self.slots.clear();
        self.slots.resize(size, ABSENT);
        self.known.clear();
        let seed = *SEED;
        for word in 0..own.len() {
            let bytes = own.bytes(word);
            let hash = hash(bytes, seed);
            let (slot, found) = self.probe(own, hash, bytes);
            let name = if found == ABSENT {
                let name = self.known.len() as u32;
                self.slots[slot] = name;
                self.known.push((hash, word as u32));
                name
            } else {
                found
            };
            out.push(name);
        }
    }

    /// Appends the names of the words of `other` to `out`: [`ABSENT`] for what `own`, the text of [`Names::fill`], lacks.
    pub fn find(&self, own: &Words, other: &Words, out: &mut Vec<u32>) {
        let seed = *SEED;
        for word in 0..other.len() {
            let bytes = other.bytes(word);
            out.push(self.probe(own, hash(bytes, seed), bytes).1);
        }
    }

    /// How many different words the text of [`Names::fill`] has.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    fn probe(&self, own: &Words, hash: u64, bytes: &[u8]) -> (usize, u32) {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let name = self.slots[slot];
            if name == ABSENT {
                return (slot, ABSENT);
            }
            let (known, word) = self.known[name as usize];
            if known == hash && own.bytes(word as usize) == bytes {
                return (slot, name);
            }
            slot = (slot + 1) & mask;
        }
    }
}

/// Names pairs of names 0, 1, 2, ..: how n-grams of any order are told apart.
#[derive(Debug)]
pub(super) struct Pairs {
    slots: Vec<(u64, u32)>,
    /// Where the highest bits of a hash lie that are as many as there are bits in a slot's place.
    shift: u32,
    len: u32,
    seed: u64,
}

impl Default for Pairs {
    fn default() -> Self {
        Self { slots: vec![(0, ABSENT); 2], shift: 63, len: 0, seed: *SEED }
    }
}

impl Pairs {
    /// Forgets all and makes room for `count` pairs.
    pub fn reset(&mut self, count: usize) {
        let size = (count * 2).next_power_of_two().max(2);
        self.slots.clear();
        self.slots.resize(size, (0, ABSENT));
        self.shift = 64 - size.trailing_zeros();
        self.len = 0;
    }

    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// The name of this pair, given now if it has none.
    pub fn insert(&mut self, left: u32, right: u32) -> u32 {
        let key = u64::from(left) << 32 | u64::from(right);
        let slot = self.probe(key);
        if self.slots[slot].1 == ABSENT {
            self.slots[slot] = (key, self.len);
            self.len += 1;
        }
        self.slots[slot].1
    }

    /// The name of this pair, or [`ABSENT`].
    pub fn get(&self, left: u32, right: u32) -> u32 {
        self.slots[self.probe(u64::from(left) << 32 | u64::from(right))].1
    }

    /// Multiplies by an odd number that nobody knows, and takes the highest bits: what collides is chance.
    fn probe(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = (key.wrapping_mul(self.seed) >> self.shift) as usize;
        while self.slots[slot].1 != ABSENT && self.slots[slot].0 != key {
            slot = (slot + 1) & mask;
        }
        slot
    }
}
