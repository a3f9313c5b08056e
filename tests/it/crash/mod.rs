//! The server is killed at every kind of instant of a short story; whatever the instant, the story ends as it should.
//! `LLMOPS_TEST_CRASH=import` tries the points whose names begin so, and more of them.

mod committed;
mod exported;
mod imported;
mod judged;
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
/// How many points are tried that a kind of its own has already been died at, and how many commits; each takes seconds.
const AGAIN: usize = 8;
const COMMITS: usize = 24;

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

/// Chooses each kind of point at its first time, and a few at their last. The commits all go the same way, so of them some:
/// those whose names have the least digests with `salt`, which are anywhere.
fn choose<'p>(points: &'p [Point], salt: &str, most: usize) -> Vec<&'p Point> {
    let mut kinds: BTreeMap<&str, Vec<&Point>> = BTreeMap::new();
    for point in points {
        kinds.entry(kind(point)).or_default().push(point);
    }
    let by_digest = |kinds: &mut Vec<(&str, Vec<&'p Point>)>| {
        kinds.sort_by_key(|(name, _)| Sha256::digest(format!("{salt} {name}")));
    };
    let (mut commits, mut own): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|(name, _)| name.starts_with("commit"));
    by_digest(&mut commits);
    by_digest(&mut own);
    // How often something is looked at depends on the machine, so the very last may not come again.
    let late = own.iter().filter_map(|(_, times)| times.get(times.len().checked_sub(2).filter(|at| *at > 0)?));
    let late: Vec<&Point> = late.take(AGAIN).copied().collect();
    let first = own.iter().chain(commits.iter().take(most)).map(|(_, times)| times[0]);
    first.chain(late).collect()
}

/// Other commits each day, so that in time all are died at; `LLMOPS_TEST_CRASH_DAY` chooses those of another.
fn day() -> String {
    std::env::var("LLMOPS_TEST_CRASH_DAY").unwrap_or_else(|_| {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        (since.as_secs() / 86_400).to_string()
    })
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
    let (day, most) = (day(), if only.is_empty() { COMMITS } else { usize::MAX });
    let chosen = [choose(&long, &day, most), short.iter().collect()].concat();
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
        "{} points of {} kinds passed, {} chosen for day {day}, died at {died}, not reached {missed:?}; {} s, the story \
         without a crash {} s",
        long.len() + short.len(),
        long.iter().chain(&short).map(kind).collect::<BTreeSet<_>>().len(),
        chosen.len(),
        begun.elapsed().as_secs(),
        clean.as_secs()
    );
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), chosen.len(), failed.join("\n"));
    assert!(died >= fewest && died * 10 >= chosen.len() * 9, "died at {died} of {}", chosen.len());
}
