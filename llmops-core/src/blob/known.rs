//! The chunks that earlier files have, by their names.

use std::collections::HashMap;

use super::Blobs;
use super::chunked::Opened;
use super::cutting::{Cut, Name};
use crate::base::Result;

/// Chunks that are remembered, in about 70 bytes each; those of 38 GiB.
const CHUNKS: usize = 2_000_000;
/// Blobs that they lie in. What lies in the least of more is kept again, so that no file is scattered without end.
const PACKS: usize = 64;

/// What is known of earlier files.
#[derive(Default)]
pub struct Known {
    packs: Vec<String>,
    chunks: HashMap<Name, Place>,
}

/// Where a known chunk lies.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub pack: u32,
    pub at: u64,
    bytes: u32,
}

impl Known {
    /// Whether no more can be remembered.
    pub fn is_full(&self) -> bool {
        self.chunks.len() >= CHUNKS
    }

    /// Where a chunk lies, if it is known.
    pub(super) fn find(&self, cut: &Cut) -> Option<Place> {
        self.chunks.get(&cut.name).copied().filter(|place| place.bytes == cut.bytes)
    }

    /// The blob of this number.
    pub(super) fn pack(&self, number: u32) -> Option<&String> {
        self.packs.get(number as usize)
    }

    fn number_of(&mut self, pack: &str) -> Option<u32> {
        let known = self.packs.iter().position(|one| one == pack);
        let number = match known {
            Some(number) => number,
            None if self.packs.len() < PACKS => {
                self.packs.push(pack.to_owned());
                self.packs.len() - 1
            }
            None => return None,
        };
        u32::try_from(number).ok()
    }
}

impl Blobs {
    /// Learns the chunks of a blob, unless they were never looked at. The blobs that are learnt first are preferred.
    pub async fn learn(&self, known: &mut Known, digest: &str) -> Result<()> {
        let Some(row) = self.chunks_of(digest).await? else { return Ok(()) };
        let opened = self.open_manifest(&row.manifest).await?;
        let numbers: Vec<Option<u32>> = opened.manifest.packs.iter().map(|pack| known.number_of(pack)).collect();
        for block in 0..opened.manifest.starts.len() {
            for chunk in self.block(&opened, block).await?.iter() {
                let Some(pack) = numbers.get(chunk.pack as usize).copied().flatten() else { continue };
                if known.is_full() {
                    return Ok(());
                }
                let place = Place { pack, at: chunk.at, bytes: chunk.bytes };
                known.chunks.entry(chunk.name).or_insert(place);
            }
        }
        Ok(())
    }

    /// How many bytes of a blob whose chunks were looked at are in none that is known.
    pub(super) async fn unknown_bytes(&self, known: &Known, opened: &Opened) -> Result<u64> {
        let mut unknown = 0;
        for block in 0..opened.manifest.starts.len() {
            let chunks = self.block(opened, block).await?;
            let new = chunks.iter().filter(|chunk| known.find(&Cut { name: chunk.name, bytes: chunk.bytes }).is_none());
            unknown += new.map(|chunk| u64::from(chunk.bytes)).sum::<u64>();
        }
        Ok(unknown)
    }
}
