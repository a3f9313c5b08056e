use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::base::SystemClock;
use crate::store::trial;

/// A row that is always due and quickly done, and wakes its loop at any time.
struct Restless {
    store: Store,
    at_once: AtomicUsize,
    most: AtomicUsize,
    steps: AtomicUsize,
}

#[async_trait]
impl Reconcile for Restless {
    fn name(&self) -> &'static str {
        "restless"
    }

    async fn due(&self, _ctx: &Ctx) -> Result<Vec<String>> {
        Ok(vec!["1".into()])
    }

    async fn step(&self, _ctx: &Ctx, _step: Step<'_>) -> Result<Next> {
        let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        for _ in 0..3 {
            self.store.signals().wake(&["restless".to_owned()]);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        self.steps.fetch_add(1, Ordering::SeqCst);
        Ok(Next::Rest)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_row_has_one_worker_however_often_it_wakes() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let count = AtomicUsize::default;
    let row = Arc::new(Restless { store: store.clone(), at_once: count(), most: count(), steps: count() });
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let loops = Loops::start(&store, &clock, vec![row.clone()], Vec::new());
    let waking = tokio::spawn({
        let store = store.clone();
        async move {
            loop {
                store.signals().wake(&["restless".to_owned()]);
                tokio::time::sleep(Duration::from_micros(300)).await;
            }
        }
    });
    while row.steps.load(Ordering::SeqCst) < 200 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    waking.abort();
    loops.stop().await;
    assert_eq!(row.most.load(Ordering::SeqCst), 1);
}
