//! Passes over rows: the same report on however many threads, and wherever one was broken off.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

use super::super::progress::{Kept, Progress};
use super::super::searching::{Rules, Wanted};
use super::super::validator::{self, Doing, Helpers, Rhythm, Told};
use super::super::walk::Walk;
use super::*;

/// A checkpoint after each batch.
const OFTEN: Rhythm = Rhythm { apart: 0, times: 0, share: u64::MAX };

/// A dataset that passes go over.
struct Data {
    runtime: Runtime,
    walk: Walk,
    dataset: Dataset,
    _dir: tempfile::TempDir,
}

/// Sees each value that is searched, and takes what the pass offers before.
#[derive(Default)]
struct Watching {
    values: AtomicUsize,
    progress: Arc<Progress>,
    kept: Mutex<Vec<(usize, Kept)>>,
}

impl PiiDetector for Watching {
    fn find(&self, _: &str, _: &mut Vec<PiiMatch>) {
        let before = self.values.fetch_add(1, Ordering::Relaxed);
        if let Some(kept) = self.progress.take() {
            self.kept.lock().unwrap().push((before, kept));
        }
    }
}

impl Data {
    /// A dataset of these files.
    fn of(files: &[(&str, String)]) -> Self {
        let runtime = Runtime::new().unwrap();
        let (walk, dataset, dir) = runtime.block_on(async {
            let fresh = Fresh::without_loops().await;
            let dataset = fresh.dataset("rows", DatasetType::SftPair).await;
            for (path, text) in files {
                fresh.upload(&dataset, path, text.clone()).await.unwrap();
            }
            let (ops, dataset) = (&fresh.ops, fresh.get(&dataset).await);
            let request = ListDatasetFiles { dataset_id: dataset.id, limit: None, cursor: None };
            let files = ops.datasets().list_dataset_files(&ops.ctx(), request).await.unwrap().items;
            let blobs = Blobs::open_store(&crate::blob::trial::store(fresh.dir.path())).unwrap();
            (Walk { blobs, files, columns: dataset.schema.clone() }, dataset, fresh.dir)
        });
        Self { runtime, walk, dataset, _dir: dir }
    }

    fn run(
        &self,
        rules: Rules,
        threads: usize,
        watching: &Arc<Watching>,
        kept: Option<bytes::Bytes>,
    ) -> serde_json::Value {
        let brought: Arc<dyn PiiDetector> = watching.clone();
        let search = rules.search(&[brought]).unwrap();
        let (handle, helping) = (self.runtime.handle(), Helpers::of(threads).take());
        let doing = Doing { handle, helping, progress: watching.progress.clone(), rhythm: OFTEN };
        let told = Told { rules, search, parent: None, kept };
        json!(validator::run(&self.walk, &self.dataset, told, &doing).unwrap())
    }

    fn report(&self, threads: usize) -> serde_json::Value {
        self.run(rules(), threads, &Arc::default(), None)
    }
}

fn rules() -> Rules {
    Rules::of(&Wanted { of: "", types: None, min_confidence: None }, None).unwrap()
}

/// A table with everything that a report speaks of, more than is kept of most.
fn table(rows: usize) -> String {
    let row = |n: usize| {
        let prompt: String = (0..n % 40).map(|word| format!("w{} ", (n / 3 * 7 + word) % 900)).collect();
        let response = match n % 7 {
            0 => format!("write to user{n}@mail.kr or +82 10-1234-{:04}", n % 10_000),
            1 => "the\nsame \u{fffd}".to_owned(),
            2 => String::new(),
            3 => "서울시 이길동 님".to_owned(),
            _ => format!("\"\"{}", n % 2000),
        };
        if n % 97 == 5 { format!("{n},broken\n") } else { format!("{n},{prompt},\"{response}\",{}.5\n", n % 600) }
    };
    format!("id,prompt,response,amount\n{}", (0..rows).map(row).collect::<String>())
}

fn lines(rows: usize) -> String {
    let row = |n: usize| match n % 11 {
        3 => "{\"prompt\": }\n".to_owned(),
        5 => format!("{}\n", json!({ "prompt": n, "response": [n, null], "more": { "a": "b@mail.kr" } })),
        _ => {
            let key = format!("key{}", n / 300);
            format!("{}\n\n", json!({ "response": format!("r{n}"), "prompt": "p", key: true }))
        }
    };
    (0..rows).map(row).collect()
}

#[test]
fn the_report_is_the_same_on_however_many_threads() {
    let tables = Data::of(&[("a.csv", table(1500)), ("b.csv", table(900))]);
    let lines = Data::of(&[("a.jsonl", lines(2000))]);
    let corpus = Data::of(&[("a.txt", CORPUS.repeat(3))]);
    for data in [tables, lines, corpus] {
        let alone = data.report(0);
        assert!(alone["structure"]["rows"].as_u64() > Some(1000), "{alone:#}");
        for threads in [1, 2, 5] {
            assert_eq!(data.report(threads), alone, "{threads} threads");
        }
    }
}

#[test]
fn whatever_the_rows_are_the_report_is_the_same_on_several_threads() {
    let value = prop_oneof![
        "[a-c]{0,3}",
        "[0-9]{1,4}(\\.[0-9])?",
        "\\PC{0,30}",
        "(one |two |three |four ){20,30}",
        Just("me@mail.kr".to_owned()),
        Just("true".to_owned()),
    ];
    let row = prop::collection::vec(value, 1..4);
    let rows = prop::collection::vec((row, 1usize..400), 1..12);
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let check = |rows: Vec<(Vec<String>, usize)>| {
        let quoted = |value: &String| format!("\"{}\"", value.replace('"', "\"\""));
        let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
        let text: String = rows.iter().map(|(row, times)| line(row).repeat(*times)).collect();
        let data = Data::of(&[("a.csv", format!("prompt,response\na,b\n{text}"))]);
        prop_assert_eq!(data.report(3), data.report(0));
        Ok(())
    };
    runner.run(&rows, check).unwrap();
}

#[test]
fn a_pass_goes_on_from_each_checkpoint_to_the_same_report() {
    for data in [Data::of(&[("a.csv", table(1400)), ("b.csv", table(1100))]), Data::of(&[("a.jsonl", lines(2500))])] {
        let watching = Arc::<Watching>::default();
        let undisturbed = data.run(rules(), 0, &watching, None);
        let (all, kept) =
            (watching.values.load(Ordering::Relaxed), std::mem::take(&mut *watching.kept.lock().unwrap()));
        assert!(kept.len() > 3, "{}", kept.len());
        for (number, (before, kept)) in kept.into_iter().enumerate() {
            let watching = Arc::<Watching>::default();
            let report = data.run(rules(), number % 3, &watching, Some(kept.state));
            assert_eq!(report, undisturbed, "from row {}", kept.rows);
            assert_eq!(watching.values.load(Ordering::Relaxed), all - before, "from row {}", kept.rows);
            assert!(watching.progress.read().0 >= kept.rows);
        }
    }
}

#[test]
fn what_was_written_down_about_something_else_or_is_spoilt_is_not_gone_on_from() {
    let data = Data::of(&[("a.csv", table(2000))]);
    let watching = Arc::<Watching>::default();
    let undisturbed = data.run(rules(), 0, &watching, None);
    let (all, kept) = (watching.values.load(Ordering::Relaxed), std::mem::take(&mut *watching.kept.lock().unwrap()));
    let (_, kept) = kept.into_iter().next_back().unwrap();
    let fewer = || Rules::of(&Wanted { of: "", types: Some(&[PiiType::Email]), min_confidence: None }, None).unwrap();
    let by_fewer = data.run(fewer(), 0, &Arc::default(), None);
    assert_eq!(data.run(fewer(), 0, &Arc::default(), Some(kept.state.clone())), by_fewer);
    for cut in [0, 7, 100, kept.state.len() / 2, kept.state.len() - 1] {
        let watching = Arc::<Watching>::default();
        assert_eq!(data.run(rules(), 0, &watching, Some(kept.state.slice(..cut))), undisturbed);
        assert_eq!(watching.values.load(Ordering::Relaxed), all);
    }
}

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
