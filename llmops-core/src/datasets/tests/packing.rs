//! Versions that share what they have in common.

use std::time::{Duration, Instant};

use super::*;

/// Lines of about 200 bytes; of each thousand one says something else in each version.
fn table(rows: usize, version: usize) -> String {
    let mut text = String::from("id,prompt,response\n");
    for row in 0..rows {
        let of = if row % 1000 == 7 * version { version } else { 0 };
        let noise = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ ((of as u64) << 7));
        let words = "what is asked of a model and what it says to that in words that people use every day";
        text.push_str(&format!("{row},{noise:016x} {words} {:x},{words} {}\n", noise >> 9, noise % 97));
    }
    text
}

fn at_once() -> Packing {
    Packing { least_bytes: Some(4096), after: Duration::ZERO }
}

impl Fresh {
    async fn packing(rule: Packing) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = on_trial(dir.path()).await.packing(rule).open().await.unwrap();
        Self { dir, ops }
    }

    async fn each_store() -> Vec<Self> {
        let mut all = vec![Self::packing(at_once()).await];
        if let Ok(bucket) = std::env::var("LLMOPS_TEST_S3_BUCKET") {
            let url = format!("s3://{bucket}/packing-{}", uuid::Uuid::now_v7().simple());
            let dir = tempfile::tempdir().unwrap();
            let builder = on_trial(dir.path()).await.store(StoreUrl::parse("store", &url).unwrap());
            all.push(Self { ops: builder.packing(at_once()).open().await.unwrap(), dir });
        }
        all
    }

    async fn of_version(&self, version: &str, text: &str) -> Dataset {
        let request = json!({ "name": "rows", "version": version, "type": "other" });
        let made = self.ops.call(self.ops.ctx(), "datasets.create_dataset", request).await.unwrap();
        let made: Dataset = serde_json::from_value(made).unwrap();
        self.upload(&made, "rows.csv", text.to_owned()).await.unwrap();
        self.counted(&made).await
    }

    /// The version once what it adds is known.
    async fn counted(&self, of: &Dataset) -> Dataset {
        let since = Instant::now();
        loop {
            let now = self.get(of).await;
            if now.stored_bytes.is_some() {
                return now;
            }
            assert!(since.elapsed() < Duration::from_secs(60), "it is not counted");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn content(&self, of: &Dataset) -> String {
        let request = DownloadDatasetFile { dataset_id: of.id, path: "rows.csv".into(), range: None };
        let sent = self.ops.datasets().download_dataset_file(&self.ops.ctx(), request).await.unwrap();
        let add = |mut all: Vec<u8>, more: bytes::Bytes| async move {
            all.extend_from_slice(&more);
            Ok(all)
        };
        String::from_utf8(sent.body.try_fold(Vec::new(), add).await.unwrap()).unwrap()
    }

    async fn storage(&self, of: &Dataset) -> DatasetStorage {
        let request = GetDatasetStorage { dataset_id: of.id };
        self.ops.datasets().get_dataset_storage(&self.ops.ctx(), request).await.unwrap()
    }

    async fn delete(&self, of: &Dataset) {
        self.ops.datasets().delete_dataset(&self.ops.ctx(), DeleteDataset { dataset_id: of.id }).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_row_in_a_thousand_saves_more_than_a_third_of_full_copies() {
    for fresh in Fresh::each_store().await {
        let (before, after) = (table(30_000, 0), table(30_000, 1));
        assert!(before.len() > 6_000_000 && before != after);
        let first = fresh.of_version("1.0.0", &before).await;
        assert_eq!(first.stored_bytes, Some(first.bytes));
        let second = fresh.of_version("1.1.0", &after).await;
        let taken = fresh.storage(&second).await;
        assert_eq!((taken.versions, taken.pending, taken.bytes), (2, 0, first.bytes + second.bytes));
        assert_eq!(taken.stored_bytes, first.bytes + second.stored_bytes.unwrap());
        assert!(taken.saved >= 0.3, "{taken:?}");
        assert!(fresh.content(&second).await == after && fresh.content(&first).await == before);
        let page = fresh.preview(&second, rows_from(&second, 29_999, 1)).await.unwrap();
        assert_eq!(page.items[0].values["id"], "29999");
        let report = fresh.validate(&second).await;
        assert_eq!(report.structure.rows, 30_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_earlier_versions_hold_is_not_held_again() {
    let fresh = Fresh::packing(at_once()).await;
    let first = fresh.of_version("1.0.0", &table(3000, 0)).await;
    let second = fresh.of_version("1.1.0", &table(3000, 1)).await;
    let third = fresh.of_version("1.2.0", &table(3000, 2)).await;
    assert!(third.stored_bytes.unwrap() < third.bytes / 2, "{third:?}");
    let request = RestoreDatasetVersion { dataset_id: third.id, version: "1.1.0".into(), change_log: None };
    let restored = fresh.ops.datasets().restore_dataset_version(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!(fresh.counted(&restored).await.stored_bytes, Some(0), "nothing is copied");
    assert_eq!(fresh.content(&restored).await, table(3000, 1));
    fresh.delete(&restored).await;
    fresh.delete(&first).await;
    let second = fresh.counted(&fresh.get(&second).await).await;
    assert_eq!(second.stored_bytes, Some(second.bytes), "it is the first one now");
    assert_eq!((fresh.content(&second).await, fresh.content(&third).await), (table(3000, 1), table(3000, 2)));
    fresh.delete(&third).await;
    assert_eq!(fresh.content(&second).await, table(3000, 1));
    fresh.delete(&second).await;
    fresh.bytes_are_gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_goes_while_it_is_packed_leaves_nothing() {
    let fresh = Fresh::packing(at_once()).await;
    let first = fresh.of_version("1.0.0", &table(3000, 0)).await;
    for pause in [0, 5, 20, 60, 150] {
        let request = json!({ "name": "rows", "version": "1.1.0", "type": "other" });
        let made = fresh.ops.call(fresh.ops.ctx(), "datasets.create_dataset", request).await.unwrap();
        let made: Dataset = serde_json::from_value(made).unwrap();
        fresh.upload(&made, "rows.csv", table(3000, 1)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(pause)).await;
        fresh.delete(&made).await;
    }
    assert_eq!(fresh.content(&first).await, table(3000, 0));
    fresh.delete(&first).await;
    fresh.bytes_are_gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn small_files_stay_whole_and_all_do_where_it_is_off() {
    let fresh = Fresh::packing(Packing { least_bytes: Some(1 << 30), ..at_once() }).await;
    fresh.of_version("1.0.0", &table(1000, 0)).await;
    let second = fresh.of_version("1.1.0", &table(1000, 1)).await;
    assert_eq!((second.stored_bytes, fresh.blobs()), (Some(second.bytes), 2));

    let fresh = Fresh::packing(Packing { least_bytes: None, ..at_once() }).await;
    let dataset = fresh.dataset("rows", DatasetType::Other).await;
    fresh.upload(&dataset, "rows.csv", table(1000, 0)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let taken = fresh.storage(&dataset).await;
    assert_eq!((fresh.get(&dataset).await.stored_bytes, taken.pending, taken.saved), (None, 1, 0.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_trash_holds_is_held_once_until_it_goes() {
    let dir = tempfile::tempdir().unwrap();
    let builder = on_trial(dir.path()).await.packing(at_once()).keep_deleted(Duration::from_secs(3600));
    let fresh = Fresh { ops: builder.open().await.unwrap(), dir };
    let (before, after) = (table(3000, 0), table(3000, 1));
    let first = fresh.of_version("1.0.0", &before).await;
    let second = fresh.of_version("1.1.0", &after).await;
    let adds = second.stored_bytes;
    assert!(adds.unwrap() < second.bytes / 2, "{second:?}");

    fresh.delete(&first).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(fresh.get(&second).await.stored_bytes, adds, "what waits in the trash is still shared");
    let back = TrashedDataset { dataset_id: first.id };
    let back = fresh.ops.datasets().restore_dataset(&fresh.ops.ctx(), back).await.unwrap();
    assert_eq!((back.stored_bytes, fresh.content(&back).await), (first.stored_bytes, before));

    fresh.delete(&first).await;
    let gone = TrashedDataset { dataset_id: first.id };
    fresh.ops.datasets().purge_dataset(&fresh.ops.ctx(), gone).await.unwrap();
    let second = fresh.counted(&fresh.get(&second).await).await;
    assert_eq!((second.stored_bytes, fresh.content(&second).await), (Some(second.bytes), after));
    fresh.delete(&second).await;
    let gone = TrashedDataset { dataset_id: second.id };
    fresh.ops.datasets().purge_dataset(&fresh.ops.ctx(), gone).await.unwrap();
    fresh.bytes_are_gone().await;
}

impl Fresh {
    /// Holds something as a server leaves it that dies while it packs a version, until it is gone.
    async fn left_behind(&self, version: uuid::Uuid) {
        let store = Store::open(&trial::database(self.dir.path()).await).await.unwrap();
        let (blobs, ctx) = (Blobs::open_store(&crate::blob::trial::store(self.dir.path())).unwrap(), Ctx::system());
        let stored = blobs.put_bytes(b"cut short".to_vec()).await.unwrap();
        blobs.hold(&store, &ctx, &format!("incomingpack{}", version.simple()), &stored).await.unwrap();
        let since = Instant::now();
        while blobs.size(&stored.digest).await.unwrap().is_some() {
            assert!(since.elapsed() < Duration::from_secs(30), "it stays");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test]
async fn nobody_holds_anything_for_a_version_that_went_while_it_was_packed() {
    Fresh::packing(at_once()).await.left_behind(uuid::Uuid::now_v7()).await;
}

#[tokio::test]
async fn what_a_try_left_does_not_make_its_version_due() {
    let fresh = Fresh::packing(Packing { after: Duration::from_secs(3600), ..at_once() }).await;
    let dataset = fresh.dataset("rows", DatasetType::Other).await;
    fresh.upload(&dataset, "rows.csv", table(1000, 0)).await.unwrap();
    fresh.left_behind(dataset.id.0).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(fresh.get(&dataset).await.stored_bytes, None);
}
