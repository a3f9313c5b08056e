//! A pass that is cut short.

use std::sync::atomic::Ordering;

use super::walked::{Watching, table};
use super::*;

#[tokio::test]
async fn a_validation_cut_short_goes_on_after_a_restart() {
    // Files that are cut into chunks after a minute would be counted among the bytes.
    let whole = || Packing { least_bytes: None, ..Packing::default() };
    let dir = tempfile::tempdir().unwrap();
    let ops = on_trial(dir.path()).await.packing(whole()).open().await.unwrap();
    let fresh = Fresh { dir, ops };
    let dataset = fresh.dataset("long", DatasetType::SftPair).await;
    fresh.upload(&dataset, "long.csv", table(40_000)).await.unwrap();
    fresh.ask_to_validate(&dataset, None).await.unwrap();
    let request = || GetDatasetValidation { dataset_id: dataset.id };
    let mut events = fresh.ops.datasets().watch_dataset_validation(&fresh.ops.ctx(), request()).await.unwrap();
    let (mut written, mut goes_on) = (None, false);
    while !goes_on {
        let seen = events.try_next().await.unwrap().expect("it should not end so soon");
        // The bytes are there before the row names them, and how far it is is written after both.
        goes_on = written.is_some_and(|rows| seen.progress.rows > rows);
        if written.is_none() && fresh.blobs() > 1 {
            written = Some(seen.progress.rows);
        }
    }
    drop(events);
    fresh.ops.shutdown().await;
    let watching = Arc::<Watching>::default();
    let ops = on_trial(fresh.dir.path()).await.packing(whole()).pii_detector(watching.clone()).open().await.unwrap();
    let fresh = Fresh { ops, dir: fresh.dir };
    let report = fresh.ended(&dataset).await;
    let gone_on = watching.values.swap(0, Ordering::Relaxed);
    while fresh.blobs() > 1 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // Undisturbed it says the same, and looks at more.
    assert_eq!(fresh.validate(&dataset).await, report);
    let all = watching.values.load(Ordering::Relaxed);
    assert!(gone_on > 0 && gone_on < all, "{gone_on} of {all}");
}
