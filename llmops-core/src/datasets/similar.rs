//! Rows that are nearly the same as an earlier one, found by MinHash and locality-sensitive hashing in bounded memory.
//!
//! A row is the set of its runs of three words. Of a set 64 least hashes are kept, made by one hash each run: the space of
//! hashes is cut into 64 bins, each keeps its least (one permutation hashing, Li, Owen and Zhang 2012), and a bin that got
//! none takes that of a bin drawn by a hash of its number (optimal densification, Shrivastava 2017). The share of bins that
//! agree estimates the Jaccard similarity of two sets (Broder 1997). A row is held against those that agree with it in all four bins
//! of one of 16 bands, which a pair of similarity s does with a chance of 1 - (1 - s^4)^16: 0.9998 at 0.8, 0.5 at 0.45. Of
//! each least hash one byte is kept (b-bit minwise hashing, Li and König 2010), so an agreement by chance is one in 256.

use std::array;
use std::borrow::Cow;

use super::binary::{In, Out};
use super::statistics::hash_of;

/// The least similarity of rows that are nearly the same.
pub(super) const SIMILARITY: f64 = 0.8;
/// Words of a run, and runs that a row must have: of fewer the estimate says little.
const RUN: usize = 3;
const LEAST_RUNS: usize = 18;
/// Least hashes, in bands of so many.
const BINS: usize = 64;
const BAND: usize = 4;
pub(super) const BANDS: usize = BINS / BAND;
/// Rows that are remembered, at 64 bytes each and four for each band: 48 MiB in all, with twice as many places as rows.
const REMEMBERED: usize = 1 << 18;
/// Bits of a place that hold the number of a row. The others hold those of the hash that its place does not tell, so that a
/// row of another hash is not looked at.
const NUMBER: u32 = REMEMBERED.ilog2() + 1;

/// What is kept of a row: a byte of each least hash.
pub(super) type Signature = [u8; BINS];

/// The rows seen so far.
pub(super) struct Similar {
    /// The bytes of remembered rows, one after the other.
    signatures: Vec<Signature>,
    /// Of each band the places of its hashes: the number of a remembered row plus one and what is left of its hash, or none.
    places: Vec<u32>,
    /// Places of a band, a power of two.
    width: usize,
    most: usize,
}

impl Similar {
    /// Expects so many rows.
    pub(super) fn new(rows: u64) -> Self {
        let most = usize::try_from(rows).unwrap_or(REMEMBERED).clamp(1, REMEMBERED);
        let width = (most * 2).next_power_of_two();
        Self { signatures: Vec::new(), places: vec![0; width * BANDS], width, most }
    }

    /// Whether a row is nearly one that came before; if not, it is remembered while there is room.
    pub(super) fn add(&mut self, near: &Near) -> bool {
        let mask = self.width as u32 - 1;
        let places: [usize; BANDS] = array::from_fn(|band| band * self.width + (near.bands[band] & mask) as usize);
        // Each is far from the others: they are asked for at once, before any is judged.
        let rows = places.map(|place| self.places[place]);
        let same = |(row, hash): (u32, u32)| row >> NUMBER == hash >> NUMBER;
        let known = rows.into_iter().zip(near.bands).filter(|pair| same(*pair)).filter_map(|(row, _)| number(row));
        if known.into_iter().any(|row| agreement(&self.signatures[row], &near.signature) >= SIMILARITY) {
            return true;
        }
        if self.signatures.len() < self.most {
            self.signatures.push(near.signature);
            let number = self.signatures.len() as u32;
            for (place, hash) in places.into_iter().zip(near.bands) {
                // Who came first stays: a later one that shares the place is found by its other bands.
                if self.places[place] == 0 {
                    self.places[place] = hash >> NUMBER << NUMBER | number;
                }
            }
        }
        false
    }
}

impl Similar {
    /// As bytes: at most as many as it takes in memory.
    pub(super) fn put(&self, out: &mut Out) {
        out.bytes(self.signatures.as_flattened());
        let taken = || self.places.iter().enumerate().filter(|(_, row)| **row != 0);
        out.u64(taken().count() as u64);
        taken().for_each(|(place, row)| out.u64((place as u64) << 32 | u64::from(*row)));
    }

    /// Takes up what was put there, of as many rows; half of it, if it is none.
    pub(super) fn take_up(&mut self, from: &mut In<'_>) -> Option<()> {
        let (signatures, rest) = from.bytes()?.as_chunks::<BINS>();
        if !rest.is_empty() || signatures.len() > self.most {
            return None;
        }
        self.signatures = signatures.to_vec();
        for _ in 0..from.count(8)? {
            let (place, row) = from.u64().map(|both| ((both >> 32) as usize, both as u32))?;
            number(row).filter(|number| *number < self.signatures.len())?;
            *self.places.get_mut(place)? = row;
        }
        Some(())
    }
}

/// Rows in the order in which they come, each held against those before.
pub(super) struct Earlier {
    similar: Similar,
    words: Words,
    content: String,
}

impl Earlier {
    /// Expects so many rows.
    pub(super) fn new(rows: u64) -> Self {
        Self { similar: Similar::new(rows), words: Words::default(), content: String::new() }
    }

    /// Whether a row of these texts is nearly one that came before.
    pub(super) fn has<'t>(&mut self, texts: impl Iterator<Item = Option<Cow<'t, str>>>) -> bool {
        self.content.clear();
        texts.for_each(|text| append(&mut self.content, text.as_deref()));
        Near::of(&self.content, &mut self.words).is_some_and(|near| self.similar.add(&near))
    }
}

/// Adds a column's text to what a row says; one that is not there has none.
pub(super) fn append(content: &mut String, text: Option<&str>) {
    content.push_str(text.unwrap_or_default().trim());
    content.push('\0');
}

/// The row that has a place.
fn number(place: u32) -> Option<usize> {
    (place & ((1 << NUMBER) - 1)).checked_sub(1).map(|number| number as usize)
}

/// What a row is held against others by.
pub(super) struct Near {
    signature: Signature,
    /// As much of each band's hash as a place is chosen by.
    bands: [u32; BANDS],
}

impl Near {
    /// That of a text, unless it has few words.
    pub(super) fn of(text: &str, words: &mut Words) -> Option<Self> {
        let least = least_hashes(words.of(text))?;
        Some(Self { signature: signature(&least), bands: band_hashes(&least).map(|hash| hash as u32) })
    }
}

/// One hash of each band; those of different bands do not meet.
pub(super) fn band_hashes(least: &[u64; BINS]) -> [u64; BANDS] {
    std::array::from_fn(|band| {
        let hashes = &least[band * BAND..(band + 1) * BAND];
        hashes.iter().fold(band as u64, |mixed, hash| mix(mixed ^ hash))
    })
}

/// What is kept of a row.
pub(super) fn signature(least: &[u64; BINS]) -> Signature {
    least.map(|hash| hash as u8)
}

/// The share of bytes that agree, without those that agree by chance.
pub(super) fn agreement(a: &Signature, b: &Signature) -> f64 {
    let same = a.iter().zip(b).filter(|(a, b)| a == b).count() as f64 / BINS as f64;
    (same - 1.0 / 256.0) / (1.0 - 1.0 / 256.0)
}

/// Cuts texts into words; kept for its memory.
#[derive(Default)]
pub(super) struct Words {
    small: Vec<u8>,
    hashes: Vec<u64>,
}

impl Words {
    /// The words of a text, by their hashes.
    fn of(&mut self, text: &str) -> &[u64] {
        self.hashes.clear();
        if text.is_ascii() {
            self.small.clear();
            self.small.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
            let words = self.small.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            self.hashes.extend(words.map(hash_of));
        } else {
            let small = text.to_lowercase();
            let words = small.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            self.hashes.extend(words.map(|word| hash_of(word.as_bytes())));
        }
        &self.hashes
    }
}

/// The least hash of each bin; nothing of a text with few runs of words.
pub(super) fn least_hashes(words: &[u64]) -> Option<[u64; BINS]> {
    if words.len() < LEAST_RUNS + RUN - 1 {
        return None;
    }
    let (mut least, mut taken) = ([u64::MAX; BINS], 0u64);
    for run in words.windows(RUN) {
        let hash = mix(run.iter().fold(0, |sum: u64, word| (sum ^ word).wrapping_mul(ODD)));
        let bin = (hash >> (u64::BITS - BINS.ilog2())) as usize;
        least[bin] = least[bin].min(hash);
        taken |= 1 << bin;
    }
    let is_taken = |bin: &usize| taken >> bin & 1 == 1;
    let found = least;
    for bin in (0..BINS).filter(|bin| !is_taken(bin)) {
        let mut first = DRAWN[bin].iter().map(|other| usize::from(*other));
        let other = first.find(is_taken).or_else(|| (DRAWS as u64..).map(|more| draw(bin, more)).find(is_taken));
        least[bin] = found[other?];
    }
    Some(least)
}

/// The bins that are drawn first for each that got none: a row of few words has many of these.
const DRAWS: usize = 32;
static DRAWN: [[u8; DRAWS]; BINS] = {
    let mut drawn = [[0; DRAWS]; BINS];
    let mut at = 0;
    while at < BINS * DRAWS {
        drawn[at / DRAWS][at % DRAWS] = draw(at / DRAWS, (at % DRAWS) as u64) as u8;
        at += 1;
    }
    drawn
};

const fn draw(bin: usize, attempt: u64) -> usize {
    mix(((bin as u64) << 32) ^ attempt) as usize % BINS
}

/// 2^64 over the golden ratio, and odd.
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finalizer of splitmix64.
pub(super) const fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(ODD);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text of these words.
    fn text(words: impl Iterator<Item = usize>) -> String {
        words.map(|word| format!("w{word} ")).collect()
    }

    fn found(texts: &[String]) -> Vec<bool> {
        let mut similar = Similar::new(texts.len() as u64);
        let mut words = Words::default();
        texts.iter().map(|text| Near::of(text, &mut words).is_some_and(|near| similar.add(&near))).collect()
    }

    #[test]
    fn one_word_of_many_changed_is_nearly_the_same() {
        let one = text(0..60);
        let other = one.replace("w30 ", "another ");
        assert_eq!(found(&[one.clone(), other, one.to_uppercase(), text(100..160)]), [false, true, true, false]);
    }

    #[test]
    fn half_of_the_words_changed_is_another() {
        let texts: Vec<String> = (0..200).map(|n| text((0..30).chain(1000 * (n + 1)..1000 * (n + 1) + 30))).collect();
        let wrong = found(&texts).into_iter().filter(|found| *found).count();
        assert!(wrong <= 2, "{wrong}");
    }

    #[test]
    fn short_texts_are_not_judged() {
        assert_eq!(found(&[text(0..19), text(0..19)]), [false, false]);
        assert_eq!(found(&[text(0..20), text(0..20)]), [false, true]);
    }

    #[test]
    fn memory_is_bounded() {
        let similar = Similar::new(u64::MAX);
        assert_eq!(similar.places.len() * 4 + similar.most * BINS, 48 << 20);
    }

    #[test]
    fn of_pairs_that_are_nearly_the_same_most_are_found() {
        // Three of a hundred words changed: at least 0.83 of the runs are shared.
        let mut texts = Vec::new();
        for n in 0..300usize {
            let words = move |at: usize| n * 1000 + at;
            texts.push(text((0..100).map(words)));
            texts.push(text((0..100).map(move |at| if at % 40 == 7 { words(500 + at) } else { words(at) })));
        }
        let hits = found(&texts).into_iter().filter(|found| *found).count();
        assert!(hits > 225, "{hits} of 300");
    }

    proptest! {
        #[test]
        fn the_estimate_is_near_the_similarity(shared in 40usize..200, own in 0usize..60) {
            let sets = [text(0..shared + own), text((0..shared).chain(5000..5000 + own))];
            let hashes = sets.map(|text| signature(&least_hashes(Words::default().of(&text)).unwrap()));
            // Runs of three words: two of those that cross from the shared to the own differ.
            let common = (shared - 2) as f64;
            let truth = common / (2.0 * (shared + own - 2) as f64 - common);
            prop_assert!((agreement(&hashes[0], &hashes[1]) - truth).abs() < 0.3);
        }
    }
}
