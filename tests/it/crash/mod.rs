//! The server is killed at every kind of instant of a short story; whatever the instant, the story ends as it should.
//! `LLMOPS_TEST_CRASH=import` tries the points whose names begin so, and more of them.

mod committed;
mod exported;
mod imported;
mod outage;
mod packed;
mod parted;
mod server;
mod story;
mod takeover;
mod trashed;
mod validated;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use server::{Bucket, Orders};
use sha2::{Digest, Sha256};
use story::{Chapter, Story};
use tokio::sync::Semaphore;

/// The fewest points that must have been died at.
const FEWEST: usize = 60;
/// The most of the long chapters that are tried; each takes seconds.
const MOST: usize = 70;

/// What has to do with bytes: every other of these is died at with a bucket.
const BYTES: [&str; 8] = ["blob", "derive", "export", "import", "pack", "release", "staged", "upload"];

/// A point of a chapter, as `NAME#N`.
type Point = (Chapter, String);

/// What a chapter needs.
fn orders(chapter: Chapter) -> Orders {
    Orders { trash_days: (chapter == Chapter::Trash).then_some(7), ..Orders::default() }
}

/// The points of one chapter without a crash, in their order.
async fn points(chapter: Chapter) -> Vec<Point> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut story = Story::new(Orders { crash_log: Some(log.path().to_owned()), ..orders(chapter) });
    story.tell(chapter).await;
    let text = std::fs::read_to_string(log.path()).unwrap();
    let found: Vec<Point> = text.lines().map(|line| (chapter, line.to_owned())).collect();
    assert!(!found.is_empty(), "the server has no crash points; build it together with the tests");
    found
}

/// The name of a point.
fn kind((_, point): &Point) -> &str {
    point.rsplit_once('#').map_or(point, |(name, _)| name)
}

/// Chooses so that each kind of point is died at once, then at its last time, then between. Of the commits, which all go the
/// same way, only as many as there is room for: those with the least digests, which are anywhere.
fn choose(points: &[Point]) -> Vec<&Point> {
    let mut kinds: BTreeMap<&str, Vec<&Point>> = BTreeMap::new();
    for point in points {
        kinds.entry(kind(point)).or_default().push(point);
    }
    let (mut commits, own): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|(name, _)| name.starts_with("commit"));
    commits.sort_by_key(|(name, _)| Sha256::digest(name));
    let kinds: Vec<Vec<&Point>> = own.into_iter().chain(commits).map(|(_, times)| times).collect();
    let mut chosen: Vec<&Point> = Vec::new();
    for round in 0..MOST {
        for times in &kinds {
            let at = match round {
                0 => Some(0),
                // How often something is looked at depends on the machine, so the very last may not come again.
                1 => times.len().checked_sub(2),
                n => Some(n - 1),
            };
            if let Some(point) = at.and_then(|at| times.get(at)).filter(|point| !chosen.contains(point)) {
                chosen.push(point);
            }
        }
    }
    chosen.truncate(MOST);
    chosen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_story_ends_well_wherever_the_server_dies() {
    let begun = std::time::Instant::now();
    let mut long = [points(Chapter::Bytes).await, points(Chapter::Job).await].concat();
    let kinds: BTreeSet<String> = long.iter().map(|point| kind(point).to_owned()).collect();
    // Of the short chapter all that the long ones do not have.
    let mut short = points(Chapter::Trash).await;
    short.retain(|point| !kinds.contains(kind(point)));
    let clean = begun.elapsed();
    let only = std::env::var("LLMOPS_TEST_CRASH").unwrap_or_default();
    long.retain(|(_, point)| point.starts_with(&only));
    short.retain(|(_, point)| point.starts_with(&only));
    let chosen = [choose(&long), short.iter().collect()].concat();
    let fewest = if only.is_empty() { FEWEST } else { 1 };
    // They wait for leases of the dead most of the time.
    let width = 2 * std::thread::available_parallelism().map_or(2, |cores| cores.get());
    let (slots, mut runs) = (Arc::new(Semaphore::new(width)), tokio::task::JoinSet::new());
    for (at, (chapter, point)) in chosen.iter().copied().cloned().enumerate() {
        let slots = slots.clone();
        let about_bytes = BYTES.iter().any(|kind| point.starts_with(kind));
        let bucket = if about_bytes && at % 2 == 1 { Bucket::fresh() } else { None };
        runs.spawn(async move {
            let _slot = slots.acquire().await.unwrap();
            let mut story = Story::new(Orders { crash_at: Some(point.clone()), bucket, ..orders(chapter) });
            let told = tokio::spawn(async move {
                story.tell(chapter).await;
                story.deaths
            });
            (point, told.await)
        });
    }
    let (mut died, mut missed, mut failed) = (0, Vec::new(), Vec::new());
    while let Some(run) = runs.join_next().await {
        match run.unwrap() {
            (_, Ok(1)) => died += 1,
            (point, Ok(_)) => missed.push(point),
            (point, Err(error)) => failed.push(format!("{point}: {error}")),
        }
    }
    eprintln!(
        "{} points of {} kinds passed, {} chosen, died at {died}, not reached {missed:?}; {} s, the story without a crash {} s",
        long.len() + short.len(),
        long.iter().chain(&short).map(kind).collect::<BTreeSet<_>>().len(),
        chosen.len(),
        begun.elapsed().as_secs(),
        clean.as_secs()
    );
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), chosen.len(), failed.join("\n"));
    assert!(died >= fewest && died * 10 >= chosen.len() * 9, "died at {died} of {}", chosen.len());
}
