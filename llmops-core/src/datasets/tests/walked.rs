//! A dataset for passes over its rows, and somebody who watches them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Runtime;

use super::super::progress::{Kept, Progress};
use super::super::searching::{Rules, Wanted};
use super::super::validator::{self, Doing, Helpers, Rhythm, Told};
use super::super::walk::Walk;
use super::*;

/// A checkpoint after each batch.
const OFTEN: Rhythm = Rhythm { apart: 0, times: 0, share: u64::MAX };

/// A dataset that passes go over.
pub(in super::super) struct Data {
    runtime: Runtime,
    walk: Walk,
    dataset: Dataset,
    _dir: tempfile::TempDir,
}

/// Sees each value that is searched, and takes what the pass offers before.
#[derive(Default)]
pub(in super::super) struct Watching {
    pub values: AtomicUsize,
    pub progress: Arc<Progress>,
    pub kept: Mutex<Vec<(usize, Kept)>>,
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
    pub(in super::super) fn of(files: &[(&str, String)]) -> Self {
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

    pub(in super::super) fn run(
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

    pub(in super::super) fn report(&self, threads: usize) -> serde_json::Value {
        self.run(rules(), threads, &Arc::default(), None)
    }
}

pub(in super::super) fn rules() -> Rules {
    Rules::of(&Wanted { of: "", types: None, min_confidence: None }, None).unwrap()
}

/// A table with everything that a report speaks of, more than is kept of most.
pub(in super::super) fn table(rows: usize) -> String {
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
