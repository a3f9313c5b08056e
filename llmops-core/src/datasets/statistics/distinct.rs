//! How many different values there are: a set of hashes up to a limit, then HyperLogLog (Flajolet et al. 2007).

use super::super::binary::{In, Out};
use super::super::hashed::Hashes;

/// Bits that choose the register.
const BITS: u32 = 14;
const REGISTERS: usize = 1 << BITS;

/// The relative standard error of an estimate by so many registers: 1.04 / sqrt(m), here 0.008125 (Flajolet, Fusy, Gandouet and
/// Meunier 2007, theorem 1).
fn standard_error() -> f64 {
    1.04 / (REGISTERS as f64).sqrt()
}

/// Different values, by their hash.
pub(super) enum Distinct {
    /// All hashes, and how many there may be.
    Exact(Hashes, usize),
    /// The highest rank seen by each register.
    Estimated(Vec<u8>),
}

impl Distinct {
    pub(super) fn new(limit: usize) -> Self {
        Self::Exact(Hashes::default(), limit)
    }

    pub(super) fn add(&mut self, hash: u64) {
        match self {
            Self::Exact(hashes, limit) => {
                hashes.insert(hash);
                if hashes.len() > *limit {
                    let mut registers = vec![0; REGISTERS];
                    hashes.iter().for_each(|hash| rank(&mut registers, *hash));
                    *self = Self::Estimated(registers);
                }
            }
            Self::Estimated(registers) => rank(registers, hash),
        }
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        match self {
            Self::Exact(hashes, _) => {
                out.u64(0);
                out.numbers(hashes.iter().copied());
            }
            Self::Estimated(registers) => {
                out.u64(1);
                out.bytes(registers);
            }
        }
    }

    /// What was put there, under the limit of this one.
    pub(super) fn read(&self, from: &mut In<'_>) -> Option<Self> {
        match (from.u64()?, self) {
            (0, Self::Exact(_, limit)) => {
                let hashes: Hashes = from.numbers()?;
                (hashes.len() <= *limit).then_some(Self::Exact(hashes, *limit))
            }
            (1, _) => {
                let registers = from.bytes()?.to_vec();
                (registers.len() == REGISTERS).then_some(Self::Estimated(registers))
            }
            _ => None,
        }
    }

    /// How many, and the relative standard error of that, unless it is exact.
    pub(super) fn count(&self) -> (u64, Option<f64>) {
        match self {
            Self::Exact(hashes, _) => (hashes.len() as u64, None),
            Self::Estimated(registers) => (estimate(registers), Some(standard_error())),
        }
    }
}

fn rank(registers: &mut [u8], hash: u64) {
    let register = (hash >> (64 - BITS)) as usize;
    let rank = ((hash << BITS).leading_zeros() + 1).min(64 - BITS + 1) as u8;
    registers[register] = registers[register].max(rank);
}

fn estimate(registers: &[u8]) -> u64 {
    let m = REGISTERS as f64;
    let alpha = 0.7213 / (1.0 + 1.079 / m);
    let raw = alpha * m * m / registers.iter().map(|rank| 2f64.powi(-i32::from(*rank))).sum::<f64>();
    let empty = registers.iter().filter(|rank| **rank == 0).count();
    let small = raw <= 2.5 * m && empty > 0;
    (if small { m * (m / empty as f64).ln() } else { raw }).round() as u64
}
