//! Keeping of a file only what no earlier one has. First it is cut and its chunks are listed. Where earlier files have
//! enough of them, those that they lack go into a pack, a manifest says where each lies, all of it is read again that way
//! and hashed, one unit of work writes down that it is so, and only then does the file's own object go.

use futures::{Stream, StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};

use super::cutting::{Cut, Cutter};
use super::known::Known;
use super::manifest::{BLOCK, Chunk, Manifest, write_chunks};
use super::sql::PACKING;
use super::{Blobs, Stored};
use crate::base::{ByteStream, Ctx, Error, Result, crash_point};
use crate::store::{Lease, Store};

/// Bytes that are cut at a time.
const PIECE: usize = 4 << 20;
/// The largest file that is cut: the list of its chunks is held in memory while it is, 20 bytes for each 20 KiB.
const MOST: u64 = 64 << 30;

/// Who packs, by what right, and under which name what is not written down yet is held.
pub struct Packer<'p> {
    /// Where references are kept.
    pub store: &'p Store,
    /// The context of the loop.
    pub ctx: &'p Ctx,
    /// The right to do it.
    pub lease: &'p Lease,
    /// Names the thing that is worked on, of letters and digits.
    pub holder: &'p str,
}

/// Where the chunks of a file are to lie.
struct Plan {
    packs: Vec<String>,
    chunks: Vec<Chunk>,
}

/// Where the chunks of a file lie, when it has no object of its own.
#[derive(Default)]
pub(super) struct Lies {
    /// The pack with those that are new, if there are some.
    pub own: Option<String>,
    /// All objects.
    pub packs: Vec<Stored>,
}

/// Bytes that a file adds, of which so many are in no earlier one. It stays whole where little is won.
fn added(bytes: u64, unknown: u64) -> u64 {
    if unknown > bytes / 8 * 7 { bytes } else { unknown }
}

impl Blobs {
    /// Keeps of a blob only the chunks that are not known, if enough of them are. Answers how many bytes it adds to what is
    /// known; that follows from what it and the known ones hold, and not from how it is kept already for somebody else.
    pub async fn pack(&self, packer: &Packer<'_>, known: &Known, blob: &Stored) -> Result<u64> {
        if blob.bytes > MOST {
            return Ok(blob.bytes);
        }
        if let Some(row) = self.chunks_of(&blob.digest).await? {
            let opened = self.open_manifest(&row.manifest).await?;
            if row.whole || !self.lies_among_dead(packer.ctx, &opened.manifest.packs).await? {
                return Ok(added(blob.bytes, self.unknown_bytes(known, &opened).await?));
            }
            self.make_whole(packer, blob).await?;
        }
        let cuts = self.cuts(blob).await?;
        let unknown = cuts.iter().filter(|cut| known.find(cut).is_none()).map(|cut| u64::from(cut.bytes)).sum();
        let adds = added(blob.bytes, unknown);
        crash_point("pack.cut", "");
        if adds < blob.bytes && self.take_apart(packer, known, (blob, &cuts)).await? {
            return Ok(adds);
        }
        let manifest = self.put_manifest(packer, plan_whole(blob, &cuts), &cuts).await?;
        self.write_chunked(packer, blob, (manifest, None)).await?;
        Ok(blob.bytes)
    }

    async fn cuts(&self, blob: &Stored) -> Result<Vec<Cut>> {
        let mut body = self.get(&blob.digest, None).await?;
        let (mut cutter, mut cuts) = (Cutter::default(), Vec::new());
        loop {
            let more = body.try_next().await?;
            if let Some(more) = &more {
                cutter.feed(more);
            }
            if more.is_none() || cutter.waiting() >= PIECE {
                let last = more.is_none();
                let cut = tokio::task::spawn_blocking(move || {
                    let cut = cutter.cut(last);
                    (cutter, cut)
                });
                let cut = cut.await.map_err(|e| Error::unexpected("cutting a file ended abruptly").caused_by(e))?;
                cutter = cut.0;
                cuts.extend(cut.1);
            }
            if more.is_none() {
                break;
            }
        }
        let bytes: u64 = cuts.iter().map(|cut| u64::from(cut.bytes)).sum();
        if bytes == blob.bytes { Ok(cuts) } else { Err(Error::unavailable("a file was not read to its end")) }
    }

    /// Whether the blob is one of known and new chunks from now on. It is not if what is put together from them is another.
    async fn take_apart(&self, packer: &Packer<'_>, known: &Known, (blob, cuts): (&Stored, &[Cut])) -> Result<bool> {
        let Packer { store, ctx, .. } = packer;
        let body = self.clone().unknown(blob.digest.clone(), unknown_ranges(known, cuts));
        let own = self.take_in_as(store, ctx, packer.owner(), (body.boxed(), blob.bytes)).await?;
        crash_point("pack.stored", "");
        let plan = plan(known, cuts, &own)?;
        if plan.packs.contains(&blob.digest) {
            return Ok(false); // somebody sent a pack as a file
        }
        let Some(packs) = self.hold_packs(packer, &plan.packs).await? else { return Ok(false) };
        let lies = Lies { own: plan.packs.iter().find(|pack| **pack == own.digest).cloned(), packs };
        let manifest = self.put_manifest(packer, plan, cuts).await?;
        if self.digest_through(&manifest).await? != blob.digest {
            tracing::error!(digest = blob.digest, "a file put together from its chunks is another; it stays whole");
            return Ok(false);
        }
        crash_point("pack.verified", "");
        self.write_chunked(packer, blob, (manifest, Some(lies))).await?;
        Ok(true)
    }

    /// Gives a blob that is kept as chunks an object of its own again. It is held meanwhile by who packs, and what is held so
    /// is not taken for one too many.
    async fn make_whole(&self, packer: &Packer<'_>, blob: &Stored) -> Result<()> {
        self.hold(packer.store, packer.ctx, &packer.owner(), blob).await?;
        let staged = self.stage(self.get(&blob.digest, None).await?, blob.bytes).await?;
        if staged.stored != *blob {
            self.unstage(staged).await;
            return Err(Error::unexpected("a file put together from its chunks is another"));
        }
        self.place(staged).await?;
        crash_point("pack.whole_again", "");
        if self.whole_size(&blob.digest).await? != Some(blob.bytes) {
            return Err(Error::unavailable("a file that was put together is not in its place"));
        }
        self.forget_chunks(packer, blob).await
    }

    /// The new bytes of a blob, one behind the other.
    fn unknown(
        self,
        digest: String,
        ranges: Vec<std::ops::Range<u64>>,
    ) -> impl Stream<Item = Result<bytes::Bytes>> + Send {
        async_stream::try_stream! {
            for range in ranges {
                let mut body = self.get(&digest, Some(range)).await?;
                while let Some(bytes) = body.try_next().await? {
                    yield bytes;
                }
            }
        }
    }

    /// Holds the packs from now on. Who deletes one at this moment sees that, or it is seen when all is read again. `None`
    /// when one is gone, or is kept as chunks itself because a file holds the very same bytes.
    async fn hold_packs(&self, packer: &Packer<'_>, packs: &[String]) -> Result<Option<Vec<Stored>>> {
        let mut held = Vec::new();
        for pack in packs {
            let Some(bytes) = self.whole_size(pack).await? else { return Ok(None) };
            held.push(Stored { digest: pack.clone(), bytes });
        }
        let owned = held.iter().map(|stored| (packer.owner(), stored.clone())).collect();
        self.hold_all(packer.store, packer.ctx, owned).await?;
        Ok(Some(held))
    }

    async fn put_manifest(&self, packer: &Packer<'_>, plan: Plan, cuts: &[Cut]) -> Result<Stored> {
        let manifest = Manifest::new(plan.packs, cuts);
        let head = manifest.write_head()?;
        let bytes = head.len() as u64 + manifest.block_range(manifest.starts.len().saturating_sub(1)).end;
        let blocks: Vec<Vec<u8>> = plan.chunks.chunks(BLOCK).map(write_chunks).collect();
        let parts = std::iter::once(head).chain(blocks).map(|part| Ok(bytes::Bytes::from(part)));
        let body: ByteStream = futures::stream::iter(parts.collect::<Vec<_>>()).boxed();
        let stored = self.take_in_as(packer.store, packer.ctx, packer.owner(), (body, bytes)).await?;
        crash_point("pack.listed", "");
        Ok(stored)
    }

    /// The digest of what a manifest puts together.
    async fn digest_through(&self, manifest: &Stored) -> Result<String> {
        let mut body = self.assembled("", self.open_manifest(&manifest.digest).await?, None);
        let mut sha = Sha256::new();
        while let Some(bytes) = body.try_next().await? {
            sha.update(&bytes);
        }
        Ok(hex::encode(sha.finalize()))
    }
}

impl Packer<'_> {
    /// Who holds what is not written down yet; what a dead server left so is let go of by the next try.
    pub(super) fn owner(&self) -> String {
        format!("{PACKING}{}", self.holder)
    }
}

/// Which bytes of a file are in no known chunk.
fn unknown_ranges(known: &Known, cuts: &[Cut]) -> Vec<std::ops::Range<u64>> {
    let (mut ranges, mut at) = (Vec::<std::ops::Range<u64>>::new(), 0);
    for cut in cuts {
        let end = at + u64::from(cut.bytes);
        if known.find(cut).is_none() {
            match ranges.last_mut() {
                Some(last) if last.end == at => last.end = end,
                _ => ranges.push(at..end),
            }
        }
        at = end;
    }
    ranges
}

/// Known chunks where they lie, new ones in their own pack. Of the packs those come first of which most is used.
fn plan(known: &Known, cuts: &[Cut], own: &Stored) -> Result<Plan> {
    let mut used: std::collections::HashMap<Option<u32>, u64> = std::collections::HashMap::new();
    for cut in cuts {
        *used.entry(known.find(cut).map(|place| place.pack)).or_default() += u64::from(cut.bytes);
    }
    let mut order: Vec<(Option<u32>, u64)> = used.into_iter().collect();
    order.sort_by_key(|(pack, bytes)| (std::cmp::Reverse(*bytes), *pack));
    let mut packs = Vec::new();
    for (pack, _) in &order {
        let lost = || Error::unexpected("a known chunk lies nowhere");
        packs.push(match pack {
            Some(number) => known.pack(*number).ok_or_else(lost)?.clone(),
            None => own.digest.clone(),
        });
    }
    let numbers: std::collections::HashMap<Option<u32>, u32> =
        order.iter().zip(0u32..).map(|((pack, _), number)| (*pack, number)).collect();
    let number = |pack: Option<u32>| numbers.get(&pack).copied().unwrap_or_default();
    let mut end = 0;
    let chunks = cuts.iter().map(|cut| match known.find(cut) {
        Some(place) => Chunk { name: cut.name, pack: number(Some(place.pack)), at: place.at, bytes: cut.bytes },
        None => {
            end += u64::from(cut.bytes);
            Chunk { name: cut.name, pack: number(None), at: end - u64::from(cut.bytes), bytes: cut.bytes }
        }
    });
    Ok(Plan { chunks: chunks.collect(), packs })
}

/// Every chunk where it lies in the file itself.
fn plan_whole(blob: &Stored, cuts: &[Cut]) -> Plan {
    let mut end = 0;
    let chunks = cuts.iter().map(|cut| {
        end += u64::from(cut.bytes);
        Chunk { name: cut.name, pack: 0, at: end - u64::from(cut.bytes), bytes: cut.bytes }
    });
    Plan { chunks: chunks.collect(), packs: vec![blob.digest.clone()] }
}
