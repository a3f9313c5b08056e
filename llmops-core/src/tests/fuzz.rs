//! Good input, spoilt bit by bit, for whoever reads strangers' bytes. What is answered in a new way is spoilt further, so that
//! inputs wander deep into a reader. `LLMOPS_FUZZ` is how many times longer to look than a test run does; the bytes that a reader
//! broke on are left in the temporary folder, and the panic names the file.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

/// Inputs of a test run.
const ROUNDS: u64 = 3000;
/// The longest that a reader may take over a few kilobytes, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(20);
/// The longest input, in bytes.
const LONGEST: usize = 16 << 10;
/// The most inputs that are kept to be spoilt further.
const KEPT: usize = 500;
/// Numbers that lengths and counts are bad at.
const NUMBERS: [u64; 8] = [0, 1, 0x7f, 0x80, 0xffff, 0x7fff_ffff, u32::MAX as u64, u64::MAX];

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most.max(1) as u64).unwrap_or_default()
    }
}

/// Spoils an input in one to four places, and sometimes crosses it with another.
fn spoilt(chance: &mut Chance, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = corpus[chance.below(corpus.len())].clone();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len());
        let run = 1 + chance.below(16).min(bytes.len().saturating_sub(at + 1));
        match chance.below(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
            1 if !bytes.is_empty() => bytes[at] = chance.below(256) as u8,
            2 => bytes.truncate(at),
            3 if !bytes.is_empty() => drop(bytes.drain(at..(at + run).min(bytes.len()))),
            4 if !bytes.is_empty() => {
                let again = bytes[at..(at + run).min(bytes.len())].repeat(1 + chance.below(40));
                bytes.splice(at..at, again);
            }
            5 => {
                let number = NUMBERS[chance.below(NUMBERS.len())].to_le_bytes();
                let width = [1, 2, 4, 8][chance.below(4)].min(bytes.len().saturating_sub(at));
                bytes[at..at + width].copy_from_slice(&number[..width]);
            }
            6 => {
                let other = &corpus[chance.below(corpus.len())];
                let from = chance.below(other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            _ => bytes.insert(at.min(bytes.len()), chance.below(256) as u8),
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

/// Numbers and names in an answer do not make it another.
fn shape(said: &str) -> String {
    said.chars().filter(|c| !c.is_ascii_digit()).take(200).collect()
}

/// Throws spoilt input at a reader, which answers with what it says of it. It must neither panic nor take long.
#[track_caller]
pub(crate) fn spoil(name: &str, seeds: &[&[u8]], read: impl Fn(&[u8]) -> String) {
    let times: u64 = std::env::var("LLMOPS_FUZZ").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let mut corpus: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.to_vec()).collect();
    let (mut chance, mut seen, mut answers) = (Chance(7), BTreeSet::new(), BTreeMap::new());
    for _ in 0..ROUNDS * times {
        let input = spoilt(&mut chance, &corpus);
        let begun = Instant::now();
        let said = catch_unwind(AssertUnwindSafe(|| read(&input)));
        let slow = begun.elapsed() > PATIENCE;
        if slow || said.is_err() {
            let file = std::env::temp_dir().join(format!("llmops-fuzz-{name}"));
            std::fs::write(&file, &input).unwrap();
            eprintln!("{name} breaks on {} ({} bytes)", file.display(), input.len());
            assert!(!slow, "it took {:?}", begun.elapsed());
            said.map(drop).unwrap_or_else(|panic| resume_unwind(panic));
            continue;
        }
        let shape = shape(&said.unwrap_or_default());
        *answers.entry(shape.clone()).or_insert(0u64) += 1;
        if corpus.len() < KEPT && seen.insert(shape) {
            corpus.push(input);
        }
    }
    assert!(answers.len() > 1, "everything is answered alike: {answers:?}");
}
