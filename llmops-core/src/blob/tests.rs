//! The life of blobs on a folder: held, let go, collected, and never collected under somebody who needs them.

mod chunks;

use serde_json::json;

use super::*;
use crate::base::{Ctx, FixedClock, Timestamp};
use crate::store::{Delivery, Reconcile, Step, Store, trial};

struct Fresh {
    _dir: tempfile::TempDir,
    store: Store,
    blobs: Blobs,
    release: Release,
}

impl Fresh {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
        let blobs = Blobs::open_store(&StoreUrl::folder(&dir.path().join("blobs")).unwrap()).unwrap();
        let release = Release::new(store.clone(), blobs.clone());
        Self { _dir: dir, store, blobs, release }
    }

    async fn take_in(&self, text: &'static str) -> Result<Incoming> {
        let body = Box::pin(futures::stream::once(async move { Ok(Bytes::from(text)) }));
        self.blobs.take_in(&self.store, &Ctx::system(), body, 1000).await
    }

    /// Does what the outbox owes for this blob.
    async fn collect(&self, digest: &str) {
        self.release.deliver(&Ctx::system(), &json!({ "digest": digest })).await.unwrap();
    }

    async fn is_there(&self, digest: &str) -> bool {
        self.blobs.size(digest).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn bytes_on_their_way_to_a_row_are_not_collected() {
    let fresh = Fresh::open().await;
    let incoming = fresh.take_in("a").await.unwrap();
    fresh.collect(&incoming.stored.digest).await;
    assert!(fresh.is_there(&incoming.stored.digest).await);
}

#[tokio::test]
async fn bytes_that_no_row_needs_go() {
    let fresh = Fresh::open().await;
    let incoming = fresh.take_in("a").await.unwrap();
    let digest = incoming.stored.digest.clone();
    fresh.blobs.let_go(&fresh.store, &Ctx::system(), incoming).await.unwrap();
    fresh.collect(&digest).await;
    assert!(!fresh.is_there(&digest).await);
}

#[tokio::test]
async fn a_hold_that_comes_while_bytes_are_set_aside_brings_them_back() {
    let fresh = Fresh::open().await;
    let stored = fresh.blobs.put_bytes("a").await.unwrap();
    fresh.blobs.set_aside(&stored.digest).await.unwrap();
    fresh.blobs.hold(&fresh.store, &Ctx::system(), "model/x", &stored).await.unwrap();
    fresh.collect(&stored.digest).await;
    assert_eq!(fresh.blobs.read(&stored.digest, 10).await.unwrap(), "a");
}

#[tokio::test]
async fn bytes_set_aside_are_none_until_they_are_sent_again() {
    let fresh = Fresh::open().await;
    let stored = fresh.blobs.put_bytes("a").await.unwrap();
    fresh.blobs.set_aside(&stored.digest).await.unwrap();
    assert!(!fresh.is_there(&stored.digest).await);
    let again = fresh.take_in("a").await.unwrap();
    fresh.collect(&again.stored.digest).await;
    assert!(fresh.is_there(&again.stored.digest).await);
}

#[tokio::test]
async fn a_part_that_is_still_on_its_way_does_not_reach_what_was_checked() {
    let fresh = Fresh::open().await;
    let (whole, place) = (Whole { name: "w", session: "", tags: &[] }, Place { index: 0, start: 0, bytes: 4 });
    let (mut send, late) = futures::channel::mpsc::unbounded();
    let (say, begun) = futures::channel::oneshot::channel();
    let first = futures::stream::once(async move {
        say.send(()).unwrap();
        Ok(Bytes::from("ba"))
    });
    let (blobs, late) = (fresh.blobs.clone(), first.chain(late));
    let slow = tokio::spawn(async move { blobs.put_part(&whole, &place, Box::pin(late)).await.map(drop) });
    begun.await.unwrap();
    let (whole, place) = (Whole { name: "w", session: "", tags: &[] }, Place { index: 0, start: 0, bytes: 4 });
    let quick = Box::pin(futures::stream::once(async { Ok(Bytes::from("good")) }));
    fresh.blobs.put_part(&whole, &place, quick).await.unwrap();
    let said = Stored { digest: hex::encode(Sha256::digest("good")), bytes: 4 };
    let (store, ctx) = (&fresh.store, Ctx::system());
    let error = fresh.blobs.take_whole(store, &ctx, &whole, &said).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "it waits until nobody writes");
    send.unbounded_send(Ok(Bytes::from("d!"))).unwrap();
    send.disconnect();
    slow.await.unwrap().unwrap();
    let error = fresh.blobs.take_whole(store, &ctx, &whole, &said).await.unwrap_err();
    assert_eq!(error.stable_code(), "checksum_mismatch", "what came late is seen");
    fresh
        .blobs
        .put_part(&whole, &place, Box::pin(futures::stream::once(async { Ok(Bytes::from("good")) })))
        .await
        .unwrap();
    let incoming = fresh.blobs.take_whole(store, &ctx, &whole, &said).await.unwrap();
    assert_eq!(fresh.blobs.read(&incoming.stored.digest, 10).await.unwrap(), "good");
}

#[tokio::test]
async fn collecting_twice_is_collecting_once() {
    let fresh = Fresh::open().await;
    let stored = fresh.blobs.put_bytes("a").await.unwrap();
    fresh.collect(&stored.digest).await;
    fresh.collect(&stored.digest).await;
    assert!(!fresh.is_there(&stored.digest).await);
}

#[tokio::test]
async fn two_deliveries_for_one_blob_take_nothing_away_that_somebody_brings_in_between() {
    let fresh = Fresh::open().await;
    for _ in 0..30 {
        let before = fresh.take_in("a").await.unwrap();
        let digest = before.stored.digest.clone();
        fresh.blobs.let_go(&fresh.store, &Ctx::system(), before).await.unwrap();
        let bring = async {
            let again = fresh.take_in("a").await.unwrap();
            fresh.blobs.hold(&fresh.store, &Ctx::system(), "model/x", &again.stored).await.unwrap();
            fresh.blobs.let_go(&fresh.store, &Ctx::system(), again).await.unwrap();
        };
        tokio::join!(fresh.collect(&digest), bring, fresh.collect(&digest));
        fresh.collect(&digest).await;
        assert!(fresh.is_there(&digest).await);
        fresh.blobs.release_all(&fresh.store, &Ctx::system(), "model/x").await.unwrap();
        fresh.collect(&digest).await;
        assert!(!fresh.is_there(&digest).await);
    }
}

#[tokio::test]
async fn bytes_whose_receiver_was_cut_short_go_after_a_day() {
    let fresh = Fresh::open().await;
    let digest = fresh.take_in("a").await.unwrap().stored.digest;
    let kept = fresh.blobs.put_bytes("b").await.unwrap();
    fresh.blobs.hold(&fresh.store, &Ctx::system(), "model/x", &kept).await.unwrap();
    let abandoned = Abandoned { store: fresh.store.clone(), blobs: fresh.blobs.clone() };
    assert_eq!(abandoned.due(&Ctx::system()).await.unwrap(), Vec::<String>::new(), "it may be at work");

    let in_two_days = Timestamp::from_micros(Ctx::system().now().micros() + 2 * 24 * 3600 * 1_000_000);
    let later = Ctx::system().with_clock(Arc::new(FixedClock::at(in_two_days)));
    let due = abandoned.due(&later).await.unwrap();
    assert_eq!(due.len(), 1, "{due:?}");
    let lease = fresh.store.acquire(&later, "abandoned_bytes/x").await.unwrap().unwrap();
    abandoned.step(&later, Step { key: &due[0], lease: &lease }).await.unwrap();
    fresh.collect(&digest).await;
    assert!(!fresh.is_there(&digest).await);
    assert!(fresh.is_there(&kept.digest).await);
}

#[tokio::test]
async fn a_bucket_gets_back_what_it_does_not_move_by_itself() {
    let Ok(bucket) = std::env::var("LLMOPS_TEST_S3_BUCKET") else {
        eprintln!("without a bucket in LLMOPS_TEST_S3_BUCKET nothing is moved in parts");
        return;
    };
    let url = format!("s3://{bucket}/moved-{}", uuid::Uuid::now_v7().simple());
    let blobs = Blobs::open_store(&StoreUrl::parse("store", &url).unwrap()).unwrap();
    let blobs = Blobs { copied_at_once: 1 << 20, ..blobs };
    let bytes: Vec<u8> = (0..20_000_000u32).map(|at| (at ^ at >> 9) as u8).collect();
    let stored = blobs.put_bytes(bytes).await.unwrap();
    assert_eq!(stored.bytes, 20_000_000);
    assert!(blobs.verify(&stored.digest).await.unwrap());
    blobs.set_aside(&stored.digest).await.unwrap();
    assert_eq!(blobs.whole_size(&stored.digest).await.unwrap(), None);
    blobs.bring_back(&stored.digest).await.unwrap();
    assert!(blobs.verify(&stored.digest).await.unwrap());
    blobs.set_aside(&stored.digest).await.unwrap();
    blobs.delete_aside(&stored.digest).await.unwrap();
    assert!(!blobs.verify(&stored.digest).await.unwrap());
}

impl Fresh {
    /// Says what was found when a blob was read again.
    async fn mark(&self, blobs: &Blobs, digest: &str, is_damaged: bool) {
        let unit = self.store.begin(&Ctx::system()).await.unwrap();
        match is_damaged {
            true => blobs.mark_damaged(&self.store, &unit, digest).await.unwrap(),
            false => blobs.mark_whole(&self.store, &unit, digest).await.unwrap(),
        }
        self.store.commit(unit).await.unwrap();
    }
}

#[tokio::test]
async fn bytes_that_were_found_damaged_are_replaced_by_those_that_come_again() {
    let fresh = Fresh::open().await;
    let blobs = fresh.blobs.clone().with_chunks(&fresh.store);
    let stored = blobs.put_bytes("ab").await.unwrap();
    std::fs::write(blobs.local_file(&stored.digest).unwrap(), "ba").unwrap();
    blobs.put_bytes("ab").await.unwrap();
    assert_eq!(blobs.read(&stored.digest, 10).await.unwrap(), "ba", "nobody knows of it");
    for _ in 0..2 {
        fresh.mark(&blobs, &stored.digest, true).await;
    }
    blobs.put_bytes("ab").await.unwrap();
    assert_eq!(blobs.read(&stored.digest, 10).await.unwrap(), "ab");
    fresh.mark(&blobs, &stored.digest, false).await;
    assert!(!blobs.is_damaged(&stored.digest).await.unwrap());
    fresh.mark(&blobs, &stored.digest, true).await;
    fresh.collect(&stored.digest).await;
    assert!(!blobs.is_damaged(&stored.digest).await.unwrap(), "what is gone is not remembered");
}
