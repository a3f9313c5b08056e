//! Reading blobs that are kept as chunks. Who reads them sees no difference.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use futures::{Stream, StreamExt, TryStreamExt};

use super::Blobs;
use super::manifest::{Chunk, HEAD, Manifest, read_chunks, spoilt};
use crate::base::{ByteStream, Error, ErrorKind, Result};
use crate::store::Store;

/// Bytes that are read at once, where chunks lie beside each other, and how many such reads are under way for one reader.
const RUN: u64 = 1 << 20;
const AHEAD: usize = 4;
/// Manifests whose beginnings are remembered.
const OPENED: usize = 64;

/// Which blobs are kept as chunks.
pub(super) struct Chunked {
    pub(super) store: Store,
    opened: Mutex<VecDeque<Arc<Opened>>>,
}

/// A manifest of which the beginning is read, and the block that was read last.
pub(super) struct Opened {
    /// The manifest's own digest.
    digest: String,
    pub(super) manifest: Manifest,
    last: Mutex<Option<(usize, Arc<Vec<Chunk>>)>>,
}

/// Bytes that lie beside each other.
struct Run {
    pack: u32,
    place: Range<u64>,
    /// Which bytes of the blob they are.
    of: Range<u64>,
}

impl Chunked {
    fn find(&self, digest: &str) -> Option<Arc<Opened>> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.iter().find(|one| one.digest == digest).cloned()
    }

    fn remember(&self, one: Arc<Opened>) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.truncate(OPENED - 1);
        opened.push_front(one);
    }
}

impl Blobs {
    /// The same blobs, with those that are kept as chunks, which the database knows.
    pub fn with_chunks(self, store: &Store) -> Self {
        Self { chunked: Some(Arc::new(Chunked { store: store.clone(), opened: Mutex::default() })), ..self }
    }

    /// The manifest of this digest.
    pub(super) async fn open_manifest(&self, digest: &str) -> Result<Arc<Opened>> {
        if let Some(known) = self.chunked.as_ref().and_then(|chunked| chunked.find(digest)) {
            return Ok(known);
        }
        let fixed = self.whole_bytes(digest, 0..HEAD as u64).await?;
        let head = Manifest::head_bytes(&fixed)?;
        if self.size(digest).await?.is_none_or(|size| size < head) {
            return Err(spoilt());
        }
        let manifest = Manifest::read_head(&self.whole_bytes(digest, 0..head).await?)?;
        let opened = Arc::new(Opened { digest: digest.to_owned(), manifest, last: Mutex::default() });
        if let Some(chunked) = &self.chunked {
            chunked.remember(opened.clone());
        }
        Ok(opened)
    }

    /// One block of a manifest's chunks.
    pub(super) async fn block(&self, of: &Opened, block: usize) -> Result<Arc<Vec<Chunk>>> {
        let last = of.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((number, chunks)) = last
            && number == block
        {
            return Ok(chunks);
        }
        let chunks = Arc::new(read_chunks(&self.whole_bytes(&of.digest, of.manifest.block_range(block)).await?)?);
        *of.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((block, chunks.clone()));
        Ok(chunks)
    }

    /// The bytes of this range, from wherever they lie. Where chunks moved meanwhile, the blob of this name is looked for
    /// again; none has an empty name.
    pub(super) fn assembled(&self, name: &str, of: Arc<Opened>, range: Option<Range<u64>>) -> ByteStream {
        let whole = 0..of.manifest.bytes;
        let range = range.map_or(whole.clone(), |asked| asked.start..asked.end.min(whole.end));
        let (blobs, name) = (self.clone(), name.to_owned());
        let fetch = {
            let of = of.clone();
            move |run: Run| {
                let (blobs, of, name) = (blobs.clone(), of.clone(), name.clone());
                async move { blobs.run(&name, &of, run).await }
            }
        };
        self.clone().runs(of, range).map_ok(fetch).try_buffered(AHEAD).boxed()
    }

    async fn run(&self, name: &str, of: &Opened, run: Run) -> Result<Bytes> {
        let pack = of.manifest.packs.get(run.pack as usize).ok_or_else(spoilt)?;
        match self.whole_bytes(pack, run.place).await {
            Err(error) if error.kind() == ErrorKind::NotFound && !name.is_empty() => {}
            read => return read,
        }
        match self.chunks_of(name).await? {
            Some(row) if row.manifest == of.digest => {
                Err(Error::new(ErrorKind::NotFound, "the bytes are not in the object store"))
            }
            _ => self.read_range(name, run.of).await,
        }
    }

    /// A range of any blob, as it lies now.
    fn read_range<'a>(&'a self, name: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Bytes>> {
        Box::pin(async move {
            let mut body = self.get(name, Some(range)).await?;
            let mut read = BytesMut::new();
            while let Some(more) = body.try_next().await? {
                read.extend_from_slice(&more);
            }
            Ok(read.freeze())
        })
    }

    /// Where the bytes of this range lie, in order; what lies beside each other comes at once.
    fn runs(self, of: Arc<Opened>, range: Range<u64>) -> impl Stream<Item = Result<Run>> + Send {
        async_stream::try_stream! {
            let (mut at, mut block) = (range.start, of.manifest.block_of(range.start));
            let mut open: Option<Run> = None;
            while at < range.end {
                let mut start = *of.manifest.starts.get(block).ok_or_else(spoilt)?;
                for chunk in self.block(&of, block).await?.iter() {
                    let end = start + u64::from(chunk.bytes);
                    if end > at && at < range.end {
                        let until = end.min(range.end);
                        let place = chunk.at + at - start..chunk.at + until - start;
                        let run = Run { pack: chunk.pack, place, of: at..until };
                        at = until;
                        match &mut open {
                            Some(before) if before.goes_on_in(&run) => {
                                (before.place.end, before.of.end) = (run.place.end, run.of.end);
                            }
                            _ => if let Some(done) = open.replace(run) { yield done },
                        }
                    }
                    start = end;
                }
                block += 1;
            }
            if let Some(done) = open {
                yield done;
            }
        }
    }

    /// A range of a blob that lies in an object of its own.
    pub(super) async fn whole_bytes(&self, digest: &str, range: Range<u64>) -> Result<Bytes> {
        let wanted = range.end - range.start;
        let mut stream = self.get_whole(digest, range).await?;
        let Some(first) = stream.try_next().await? else { return Err(short()) };
        if first.len() as u64 == wanted {
            return Ok(first);
        }
        let mut read = BytesMut::from(first);
        while let Some(more) = stream.try_next().await? {
            read.extend_from_slice(&more);
        }
        if read.len() as u64 == wanted { Ok(read.freeze()) } else { Err(short()) }
    }
}

impl Run {
    fn goes_on_in(&self, next: &Self) -> bool {
        self.pack == next.pack && self.place.end == next.place.start && next.place.end - self.place.start <= RUN
    }
}

fn short() -> Error {
    Error::new(ErrorKind::Upstream, "the object store sent fewer bytes than it has").hint("the call may be repeated")
}
