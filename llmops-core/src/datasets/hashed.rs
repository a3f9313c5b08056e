//! Sets and maps of numbers that are hashes already.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

use super::similar::mix;

/// Drawn for this process, so that nobody can write data whose hashes meet in one place.
static DRAWN: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));

/// A set of hashes.
pub(super) type Hashes = HashSet<u64, Mixed>;

/// Finds the place of a hash by mixing it with a number drawn for this process.
#[derive(Clone, Copy)]
pub(super) struct Mixed(u64);

impl Default for Mixed {
    fn default() -> Self {
        Self(*DRAWN)
    }
}

impl BuildHasher for Mixed {
    type Hasher = Self;

    fn build_hasher(&self) -> Self {
        *self
    }
}

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = mix(self.0 ^ hash);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
