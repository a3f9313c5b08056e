//! Manifests: of which chunks a blob is made, in order, and where each lies. Little-endian:
//!
//! ```text
//! head      "llmchnk1", bytes u64, chunks u64, packs u32, chunks of a block u32
//! packs     32 bytes each: the SHA-256 of a blob that chunks lie in
//! blocks    u64 each: where in the blob the block's first chunk begins
//! chunks    32 bytes each: name 16, place in its pack u64, bytes u32, number of its pack u32
//! ```
//!
//! To find a range, the head, the packs and the blocks are read, and then the blocks that the range touches: what is held
//! in memory grows by 8 bytes for each 20 MiB.

use super::cutting::{Cut, Name};
use crate::base::{Error, Result};

const MAGIC: &[u8; 8] = b"llmchnk1";
/// Bytes of the fixed head, of a pack, of a chunk.
pub(super) const HEAD: usize = 32;
const PACK: usize = 32;
const CHUNK: usize = 32;
/// Chunks of a block.
pub(super) const BLOCK: usize = 1024;

/// A chunk and where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    pub name: Name,
    pub pack: u32,
    pub at: u64,
    pub bytes: u32,
}

/// What a manifest says before its chunks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Bytes of the blob.
    pub bytes: u64,
    /// How many chunks it has.
    pub chunks: u64,
    /// The blobs that they lie in.
    pub packs: Vec<String>,
    /// Where in the blob each block of chunks begins.
    pub starts: Vec<u64>,
}

impl Manifest {
    /// Writes a manifest: all of it but the chunks, which [`write_chunks`] writes.
    pub(super) fn new(packs: Vec<String>, cuts: &[Cut]) -> Self {
        let (mut starts, mut bytes) = (Vec::new(), 0);
        for block in cuts.chunks(BLOCK) {
            starts.push(bytes);
            bytes += block.iter().map(|cut| u64::from(cut.bytes)).sum::<u64>();
        }
        Self { bytes, chunks: cuts.len() as u64, packs, starts }
    }

    /// The beginning of a manifest.
    pub(super) fn write_head(&self) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(HEAD + self.packs.len() * PACK + self.starts.len() * 8);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.bytes.to_le_bytes());
        out.extend_from_slice(&self.chunks.to_le_bytes());
        out.extend_from_slice(&count(self.packs.len()).to_le_bytes());
        out.extend_from_slice(&count(BLOCK).to_le_bytes());
        for pack in &self.packs {
            out.extend_from_slice(&hex::decode(pack).map_err(|e| spoilt().caused_by(e))?);
        }
        for start in &self.starts {
            out.extend_from_slice(&start.to_le_bytes());
        }
        Ok(out)
    }

    /// How many bytes come before the chunks, as the fixed head says.
    pub(super) fn head_bytes(head: &[u8]) -> Result<u64> {
        let mut read = Read(head);
        if read.take::<8>()? != *MAGIC {
            return Err(spoilt());
        }
        let (_, chunks, packs, block) = (read.u64()?, read.u64()?, read.u32()?, read.u32()?);
        if block as usize != BLOCK {
            return Err(spoilt());
        }
        Ok(HEAD as u64 + u64::from(packs) * PACK as u64 + chunks.div_ceil(BLOCK as u64) * 8)
    }

    /// Reads what comes before the chunks.
    pub(super) fn read_head(head: &[u8]) -> Result<Self> {
        if Self::head_bytes(head)? != head.len() as u64 {
            return Err(spoilt());
        }
        let mut read = Read(&head[MAGIC.len()..]);
        let (bytes, chunks, packs, _) = (read.u64()?, read.u64()?, read.u32()?, read.u32()?);
        let packs = (0..packs).map(|_| Ok(hex::encode(read.take::<PACK>()?))).collect::<Result<_>>()?;
        let starts = (0..chunks.div_ceil(BLOCK as u64)).map(|_| read.u64()).collect::<Result<_>>()?;
        Ok(Self { bytes, chunks, packs, starts })
    }

    /// Where in the manifest the chunks of a block are.
    pub(super) fn block_range(&self, block: usize) -> std::ops::Range<u64> {
        let head = (HEAD + self.packs.len() * PACK + self.starts.len() * 8) as u64;
        let first = (block * BLOCK) as u64;
        let last = (first + BLOCK as u64).min(self.chunks);
        head + first * CHUNK as u64..head + last * CHUNK as u64
    }

    /// The block that a byte of the blob is in.
    pub(super) fn block_of(&self, at: u64) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }
}

/// Chunks as they are kept.
pub(super) fn write_chunks(chunks: &[Chunk]) -> Vec<u8> {
    let mut out = Vec::with_capacity(chunks.len() * CHUNK);
    for chunk in chunks {
        out.extend_from_slice(&chunk.name);
        out.extend_from_slice(&chunk.at.to_le_bytes());
        out.extend_from_slice(&chunk.bytes.to_le_bytes());
        out.extend_from_slice(&chunk.pack.to_le_bytes());
    }
    out
}

/// Reads chunks as they are kept.
pub(super) fn read_chunks(bytes: &[u8]) -> Result<Vec<Chunk>> {
    let mut read = Read(bytes);
    let mut chunks = Vec::with_capacity(bytes.len() / CHUNK);
    while !read.0.is_empty() {
        chunks.push(Chunk { name: read.take()?, at: read.u64()?, bytes: read.u32()?, pack: read.u32()? });
    }
    Ok(chunks)
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

/// A manifest that is not what was written.
pub(super) fn spoilt() -> Error {
    Error::unexpected("the list of a file's chunks cannot be read")
}

struct Read<'b>(&'b [u8]);

impl Read<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, left) = self.0.split_first_chunk::<N>().ok_or_else(spoilt)?;
        self.0 = left;
        Ok(*taken)
    }

    fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.take()?))
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.take()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoilt_manifests() {
        let seed = |packs: Vec<String>, many: usize| {
            let cuts = vec![Cut { name: [7; 16], bytes: 9 }; many];
            let head = Manifest::new(packs, &cuts).write_head().unwrap();
            let chunks: Vec<Chunk> =
                (0..many as u64).map(|n| Chunk { name: [7; 16], pack: 0, at: n * 9, bytes: 9 }).collect();
            [head, write_chunks(&chunks)].concat()
        };
        let seeds = [seed(vec!["ab".repeat(32)], 3), seed(vec![], 0), seed(vec!["cd".repeat(32); 2], 120)];
        let seeds: Vec<&[u8]> = seeds.iter().map(|seed| &seed[..]).collect();
        let read = |bytes: &[u8]| -> Result<String> {
            let head = usize::try_from(Manifest::head_bytes(&bytes[..bytes.len().min(HEAD)])?).unwrap_or(usize::MAX);
            let (head, chunks) = bytes.split_at_checked(head).ok_or_else(spoilt)?;
            let manifest = Manifest::read_head(head)?;
            let block = manifest.block_of(manifest.bytes / 2);
            let range = manifest.block_range(block);
            Ok(format!("{} packs, {} chunks, {}", manifest.packs.len(), read_chunks(chunks)?.len(), range.is_empty()))
        };
        crate::fuzz::spoil("manifest", &seeds, |bytes| read(bytes).unwrap_or_else(|error| error.message().to_owned()));
    }
}
