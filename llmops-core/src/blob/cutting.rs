//! Cutting bytes where their content says so (FastCDC, Xia and others 2020), so that a changed row changes the chunk that it
//! is in, and those behind it stay what they were.

use fastcdc::v2020::FastCDC;
use sha2::{Digest, Sha256};

/// The sizes of chunks, in bytes. What they save is measured in docs/decisions/0007.
const LEAST: usize = 4 << 10;
const MEAN: usize = 16 << 10;
pub(super) const MOST: usize = 64 << 10;

/// The name of a chunk: the first half of its SHA-256. What is put together from chunks is hashed whole before anything
/// is deleted, so two chunks of one name cost room and no bytes.
pub(super) type Name = [u8; 16];

/// A chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub name: Name,
    pub bytes: u32,
}

/// Bytes on their way to be cut.
#[derive(Default)]
pub(super) struct Cutter {
    held: Vec<u8>,
}

impl Cutter {
    /// Takes bytes up.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
    }

    /// How many bytes wait.
    pub(super) fn waiting(&self) -> usize {
        self.held.len()
    }

    /// Cuts what can be cut without knowing what comes; all of it when nothing does. Blocks: it hashes.
    pub(super) fn cut(&mut self, last: bool) -> Vec<Cut> {
        let knife = FastCDC::new(&self.held, LEAST, MEAN, MOST);
        let (mut cuts, mut start) = (Vec::new(), 0);
        while start < self.held.len() && (last || self.held.len() - start >= MOST) {
            let (_, end) = knife.cut(start, self.held.len() - start);
            let chunk = &self.held[start..end];
            cuts.push(Cut { name: name_of(chunk), bytes: u32::try_from(chunk.len()).unwrap_or(u32::MAX) });
            start = end;
        }
        self.held.drain(..start);
        cuts
    }
}

fn name_of(chunk: &[u8]) -> Name {
    let mut name = Name::default();
    name.copy_from_slice(&Sha256::digest(chunk)[..size_of::<Name>()]);
    name
}
