//! The server is killed at every kind of instant of a short story; whatever the instant, the story ends as it should.
//! `LLMOPS_TEST_CRASH=import` tries only the points whose names begin so.

mod exported;
mod imported;
mod outage;
mod packed;
mod parted;
mod server;
mod story;
mod takeover;
mod validated;

use std::collections::BTreeMap;
use std::sync::Arc;

use server::{Bucket, Orders};
use story::Story;
use tokio::sync::Semaphore;

/// The fewest points that must have been died at.
const FEWEST: usize = 60;
/// The most that are tried; each takes seconds.
const MOST: usize = 80;

/// What has to do with bytes: every other of these is died at with a bucket.
const BYTES: [&str; 7] = ["blob", "derive", "export", "import", "pack", "release", "upload"];

/// The points of one story without a crash, in their order, as `NAME#N`.
async fn points() -> Vec<String> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut story = Story::new(Orders { crash_log: Some(log.path().to_owned()), ..Orders::default() });
    story.tell().await;
    let text = std::fs::read_to_string(log.path()).unwrap();
    let found: Vec<String> = text.lines().map(str::to_owned).collect();
    assert!(!found.is_empty(), "the server has no crash points; build it together with the tests");
    found
}

/// Chooses so that each kind of point is died at once, then at its last time, then between.
fn choose(points: &[String]) -> Vec<String> {
    let mut kinds: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for point in points {
        let name = point.rsplit_once('#').map_or(point.as_str(), |(name, _)| name);
        kinds.entry(name).or_default().push(point);
    }
    let mut chosen: Vec<String> = Vec::new();
    for round in 0..MOST {
        for times in kinds.values() {
            let at = match round {
                0 => Some(0),
                // How often something is looked at depends on the machine, so the very last may not come again.
                1 => times.len().checked_sub(2),
                n => Some(n - 1),
            };
            if let Some(point) = at.and_then(|at| times.get(at)).filter(|point| !chosen.contains(point)) {
                chosen.push((*point).clone());
            }
        }
        if chosen.len() >= MOST {
            break;
        }
    }
    chosen.truncate(MOST.max(kinds.len()));
    chosen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_story_ends_well_wherever_the_server_dies() {
    let begun = std::time::Instant::now();
    let points = points().await;
    let clean = begun.elapsed();
    let only = std::env::var("LLMOPS_TEST_CRASH").unwrap_or_default();
    let mut chosen = choose(&points);
    chosen.retain(|point| point.starts_with(&only));
    let fewest = if only.is_empty() { FEWEST } else { 1 };
    let width = std::thread::available_parallelism().map_or(2, |cores| cores.get()) + 1;
    let (slots, mut runs) = (Arc::new(Semaphore::new(width)), tokio::task::JoinSet::new());
    for (at, point) in chosen.clone().into_iter().enumerate() {
        let slots = slots.clone();
        let about_bytes = BYTES.iter().any(|kind| point.starts_with(kind));
        let bucket = if about_bytes && at % 2 == 1 { Bucket::fresh() } else { None };
        runs.spawn(async move {
            let _slot = slots.acquire().await.unwrap();
            let mut story = Story::new(Orders { crash_at: Some(point.clone()), bucket, ..Orders::default() });
            let told = tokio::spawn(async move {
                story.tell().await;
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
        "{} points passed, {} chosen, died at {died}, not reached {missed:?}; {} s, a story without a crash {} s",
        points.len(),
        chosen.len(),
        begun.elapsed().as_secs(),
        clean.as_secs()
    );
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), chosen.len(), failed.join("\n"));
    assert!(died >= fewest && died * 10 >= chosen.len() * 9, "died at {died} of {}", chosen.len());
}
