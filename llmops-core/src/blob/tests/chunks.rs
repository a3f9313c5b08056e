//! Files of which only new chunks are kept: read as before, deleted in any order, put together by nobody's mistake.

use std::ops::Range;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use proptest::prelude::*;

use super::super::cutting::{Cut, Cutter};
use super::super::{Known, Packer};
use super::*;
use crate::base::{Clock, SystemClock};
use crate::store::Loops;

/// A store whose outbox is emptied.
struct Packed {
    fresh: Fresh,
    _loops: Loops,
}

impl Packed {
    async fn open() -> Self {
        Self::of(Fresh::open().await)
    }

    fn of(mut fresh: Fresh) -> Self {
        fresh.blobs = fresh.blobs.clone().with_chunks(&fresh.store);
        let release = Release::new(fresh.store.clone(), fresh.blobs.clone());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let loops = Loops::start(&fresh.store, &clock, Vec::new(), vec![Arc::new(release)]);
        Self { fresh, _loops: loops }
    }

    /// Each store that there is.
    async fn all() -> Vec<Self> {
        let mut all = vec![Self::open().await];
        if let Ok(bucket) = std::env::var("LLMOPS_TEST_S3_BUCKET") {
            let url = format!("s3://{bucket}/chunks-{}", uuid::Uuid::now_v7().simple());
            let blobs = Blobs::open_store(&StoreUrl::parse("store", &url).unwrap()).unwrap();
            all.push(Self::of(Fresh { blobs, ..Fresh::open().await }));
        }
        all
    }

    async fn put(&self, owner: &str, bytes: &[u8]) -> Stored {
        let stored = self.fresh.blobs.put_bytes(bytes.to_vec()).await.unwrap();
        self.fresh.blobs.hold(&self.fresh.store, &Ctx::system(), owner, &stored).await.unwrap();
        stored
    }

    /// Keeps of a blob what these do not have; answers how much it adds.
    async fn pack(&self, blob: &Stored, earlier: &[&Stored]) -> u64 {
        let (blobs, store, ctx) = (&self.fresh.blobs, &self.fresh.store, Ctx::system());
        let mut known = Known::default();
        for one in earlier {
            blobs.learn(&mut known, &one.digest).await.unwrap();
        }
        let lease = store.acquire(&ctx, &format!("packing/{}", blob.digest)).await.unwrap().unwrap();
        let packer = Packer { store, ctx: &ctx, lease: &lease, holder: "x" };
        let adds = blobs.pack(&packer, &known, blob).await.unwrap();
        store.release(&ctx, &lease).await.unwrap();
        adds
    }

    async fn let_go(&self, owner: &str) {
        self.fresh.blobs.release_all(&self.fresh.store, &Ctx::system(), owner).await.unwrap();
    }

    async fn has_object(&self, blob: &Stored) -> bool {
        self.fresh.blobs.whole_size(&blob.digest).await.unwrap().is_some()
    }

    async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let since = Instant::now();
        while !holds().await {
            assert!(since.elapsed() < Duration::from_secs(20), "{what}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn until_taken_apart(&self, blob: &Stored) {
        self.until("its own object goes", async || !self.has_object(blob).await).await;
    }

    async fn bytes(&self, blob: &Stored, range: Option<Range<u64>>) -> Vec<u8> {
        let body = self.fresh.blobs.get(&blob.digest, range).await.unwrap();
        body.try_fold(Vec::new(), |mut all, more| async move {
            all.extend_from_slice(&more);
            Ok(all)
        })
        .await
        .unwrap()
    }

    /// How many objects there are.
    async fn objects(&self) -> usize {
        self.fresh.blobs.store.list(Some(&self.fresh.blobs.prefix.clone().join("blobs"))).count().await
    }
}

/// Bytes in which nothing repeats.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..length.div_ceil(8)).flat_map(|_| next()).take(length).collect()
}

/// The same bytes but for a few in the middle.
fn changed(bytes: &[u8], at: usize) -> Vec<u8> {
    [&bytes[..at], b"a changed row", &bytes[at + 5..]].concat()
}

fn cuts(bytes: &[u8], piece: usize) -> Vec<Cut> {
    let (mut cutter, mut cuts) = (Cutter::default(), Vec::new());
    for piece in bytes.chunks(piece) {
        cutter.feed(piece);
        cuts.extend(cutter.cut(false));
    }
    cuts.extend(cutter.cut(true));
    cuts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn where_it_is_cut_follows_from_the_bytes_alone(seed in any::<u64>(), length in 0..400_000usize, piece in 1_000..200_000usize) {
        let bytes = noise(seed, length);
        let whole = cuts(&bytes, usize::MAX >> 1);
        prop_assert_eq!(&cuts(&bytes, piece), &whole);
        prop_assert_eq!(whole.iter().map(|cut| cut.bytes as usize).sum::<usize>(), length);
    }

    #[test]
    fn any_range_of_what_is_kept_as_chunks_is_what_it_was(
        seed in any::<u64>(),
        length in 150_000..1_500_000usize,
        places in prop::collection::vec(0.0..1.0f64, 1..4),
        ranges in prop::collection::vec((0.0..1.0f64, 0.0..1.0f64), 8),
    ) {
        let first = noise(seed, length);
        let mut second = first.clone();
        for place in &places {
            second = changed(&second, ((length - 5) as f64 * place) as usize);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let packed = Packed::open().await;
            let (a, b) = (packed.put("one", &first).await, packed.put("two", &second).await);
            assert_eq!(packed.pack(&a, &[]).await, a.bytes);
            let adds = packed.pack(&b, &[&a]).await;
            if adds < b.bytes {
                packed.until_taken_apart(&b).await;
            }
            assert_eq!(packed.bytes(&b, None).await, second);
            assert_eq!(packed.fresh.blobs.size(&b.digest).await.unwrap(), Some(b.bytes));
            for (from, share) in ranges {
                let from = ((second.len() - 1) as f64 * from) as usize;
                let to = from + 1 + ((second.len() - from - 1) as f64 * share) as usize;
                assert_eq!(packed.bytes(&b, Some(from as u64..to as u64)).await, &second[from..to]);
            }
        });
    }
}

#[tokio::test]
async fn a_changed_row_does_not_store_the_file_again() {
    for packed in Packed::all().await {
        let first = noise(1, 3 << 20);
        let second = changed(&first, 1 << 20);
        let (a, b) = (packed.put("one", &first).await, packed.put("two", &second).await);
        assert_eq!(packed.pack(&a, &[]).await, a.bytes, "nothing is known");
        let adds = packed.pack(&b, &[&a]).await;
        assert!(adds < 200_000, "{adds} bytes for one row");
        packed.until_taken_apart(&b).await;
        assert!(packed.has_object(&a).await, "what is whole stays where it can be linked");
        assert_eq!(packed.bytes(&b, None).await, second);
        assert!(packed.fresh.blobs.verify(&b.digest).await.unwrap());
        assert_eq!(packed.fresh.blobs.read(&b.digest, 4 << 20).await.unwrap(), second);
        assert_eq!(packed.pack(&b, &[&a]).await, adds, "counting again finds the same");
        assert_eq!(packed.pack(&b, &[]).await, b.bytes, "whoever has nothing of it sees nothing of those who do");
        let again = packed.fresh.blobs.put_bytes(second.clone()).await.unwrap();
        assert!(again == b && !packed.has_object(&b).await, "the same bytes need no object");
    }
}

#[tokio::test]
async fn in_whatever_order_they_go_the_others_stay() {
    let orders: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for packed in Packed::all().await {
        for (round, order) in orders.into_iter().enumerate() {
            let first = noise(round as u64 + 9, 600_000);
            let texts = [first.clone(), changed(&first, 100_000), changed(&changed(&first, 100_000), 300_000)];
            let mut blobs: Vec<Stored> = Vec::new();
            for (number, text) in texts.iter().enumerate() {
                let blob = packed.put(&format!("owner{number}"), text).await;
                packed.pack(&blob, &blobs.iter().rev().collect::<Vec<_>>()).await;
                if number > 0 {
                    packed.until_taken_apart(&blob).await;
                }
                blobs.push(blob);
            }
            for (nth, gone) in order.into_iter().enumerate() {
                packed.let_go(&format!("owner{gone}")).await;
                if gone > 0 {
                    let digest = &blobs[gone].digest;
                    let is_gone = async || packed.fresh.blobs.size(digest).await.unwrap().is_none();
                    packed.until("what nobody needs goes", is_gone).await;
                }
                for left in &order[nth + 1..] {
                    assert_eq!(packed.bytes(&blobs[*left], None).await, texts[*left], "{order:?}");
                }
            }
            packed.until("nothing stays behind", async || packed.objects().await == 0).await;
        }
    }
}

#[tokio::test]
async fn a_hold_that_comes_while_chunks_are_forgotten_finds_them_or_brings_the_bytes() {
    let packed = Packed::open().await;
    let first = noise(3, 600_000);
    let second = changed(&first, 1000);
    let (a, b) = (packed.put("one", &first).await, packed.put("two", &second).await);
    packed.pack(&a, &[]).await;
    packed.pack(&b, &[&a]).await;
    packed.until_taken_apart(&b).await;
    for round in 0..20 {
        let (store, ctx) = (&packed.fresh.store, Ctx::system());
        let body = second.clone();
        let come = async {
            tokio::time::sleep(Duration::from_millis(round * 2)).await;
            let body: ByteStream = Box::pin(futures::stream::once(async move { Ok(Bytes::from(body)) }));
            packed.fresh.blobs.take_in(store, &ctx, body, 1 << 20).await.unwrap()
        };
        let ((), incoming) = tokio::join!(packed.let_go("two"), come);
        assert_eq!(packed.bytes(&b, None).await, second);
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!(packed.bytes(&b, None).await, second);
        packed.fresh.blobs.hold(store, &ctx, "two", &b).await.unwrap();
        packed.fresh.blobs.let_go(store, &ctx, incoming).await.unwrap();
        packed.pack(&b, &[&a]).await;
        assert_eq!(packed.bytes(&b, None).await, second);
    }
}

#[tokio::test]
async fn whoever_sends_a_pack_as_a_file_breaks_nothing() {
    let packed = Packed::open().await;
    let first = noise(5, 900_000);
    let second = [&first[..400_000], &noise(6, 200_000)[..], &first[400_000..]].concat();
    let (a, b) = (packed.put("one", &first).await, packed.put("two", &second).await);
    packed.pack(&a, &[]).await;
    packed.pack(&b, &[&a]).await;
    packed.until_taken_apart(&b).await;
    let row = packed.fresh.blobs.chunks_of(&b.digest).await.unwrap().unwrap();
    let opened = packed.fresh.blobs.open_manifest(&row.manifest).await.unwrap();
    let pack = opened.manifest.packs.iter().find(|pack| **pack != a.digest).unwrap();
    let bytes = packed.fresh.blobs.read(pack, 1 << 20).await.unwrap().to_vec();
    let sent = packed.put("three", &bytes).await;
    assert_eq!(sent.digest, *pack);
    packed.pack(&sent, &[&b, &a]).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!((packed.bytes(&b, None).await, packed.bytes(&sent, None).await), (second, bytes));
    for owner in ["three", "one", "two"] {
        packed.let_go(owner).await;
    }
    packed.until("nothing holds itself", async || packed.objects().await == 0).await;
}

#[tokio::test]
async fn what_is_put_together_wrongly_is_not_believed() {
    let packed = Packed::open().await;
    let first = noise(7, 600_000);
    let second = changed(&first, 1000);
    let (a, b) = (packed.put("one", &first).await, packed.put("two", &second).await);
    packed.pack(&a, &[]).await;
    // A disk that forgets: the bytes of the first are others now.
    let mut spoilt = first.clone();
    spoilt[300_000] ^= 1;
    std::fs::write(packed.fresh.blobs.local_file(&a.digest).unwrap(), &spoilt).unwrap();
    packed.pack(&b, &[&a]).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(packed.has_object(&b).await);
    assert_eq!(packed.bytes(&b, None).await, second);
}

#[tokio::test]
async fn what_a_deleted_version_alone_had_goes_with_the_next_count() {
    for packed in Packed::all().await {
        let first = noise(11, 900_000);
        let second = changed(&first, 200_000);
        let third = changed(&second, 500_000);
        let (a, b, c) =
            (packed.put("one", &first).await, packed.put("two", &second).await, packed.put("three", &third).await);
        packed.pack(&a, &[]).await;
        packed.pack(&b, &[&a]).await;
        packed.pack(&c, &[&b, &a]).await;
        packed.until_taken_apart(&b).await;
        packed.until_taken_apart(&c).await;
        let mut reading = packed.fresh.blobs.get(&c.digest, None).await.unwrap();
        let begun = reading.try_next().await.unwrap().unwrap();
        packed.let_go("one").await;
        assert_eq!(packed.pack(&b, &[]).await, b.bytes, "it is the first now, and whole");
        assert!(packed.pack(&c, &[&b]).await < c.bytes / 2);
        packed.until("the deleted one goes", async || !packed.has_object(&a).await).await;
        packed.until_taken_apart(&c).await;
        assert!(packed.has_object(&b).await);
        let rest = reading.try_fold(begun.to_vec(), |mut all, more| async move {
            all.extend_from_slice(&more);
            Ok(all)
        });
        assert_eq!(rest.await.unwrap(), third, "who was reading reads on");
        assert_eq!((packed.bytes(&b, None).await, packed.bytes(&c, None).await), (second, third));
        packed.let_go("two").await;
        packed.let_go("three").await;
        packed.until("nothing stays behind", async || packed.objects().await == 0).await;
    }
}

#[tokio::test]
async fn a_blob_whose_chunks_are_damaged_keeps_the_object_that_mended_it() {
    for packed in Packed::all().await {
        let (fresh, bytes) = (&packed.fresh, noise(11, 600_000));
        let first = packed.put("first", &bytes).await;
        packed.pack(&first, &[]).await;
        let other = changed(&bytes, 300_000);
        let second = packed.put("second", &other).await;
        packed.pack(&second, &[&first]).await;
        packed.until_taken_apart(&second).await;
        fresh.mark(&fresh.blobs, &second.digest, true).await;
        packed.put("third", &other).await;
        assert!(packed.has_object(&second).await);
        fresh.mark(&fresh.blobs, &second.digest, false).await;
        packed.let_go("third").await;
        let (release, owed) =
            (Release::new(fresh.store.clone(), fresh.blobs.clone()), json!({ "digest": second.digest }));
        packed.until("it is looked at", async || release.deliver(&Ctx::system(), &owed).await.is_ok()).await;
        assert!(packed.has_object(&second).await, "its chunks are no better than they were");
        assert_eq!(packed.bytes(&second, None).await, other);
    }
}
