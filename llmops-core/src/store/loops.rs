//! Loops act: each looks at rows that are not at rest, and takes one step at a time until they are.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::{Delivery, Lease, Store, outbox::Outbox};
use crate::base::{Clock, Ctx, Error, Result};

/// The pause between two looks when no signal comes.
const PAUSE: Duration = Duration::from_secs(2);
/// The heartbeat of the leases.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// How long steps under way may take to end once the loops are to stop. Those that take longer are cut, as by a crash.
const DRAIN: Duration = Duration::from_secs(20);
/// Rows one loop works on at a time.
const WIDTH: usize = 32;

/// What a step ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The row is at rest; the lease is given back.
    Rest,
    /// Look again after this long, or when the row is signalled.
    After(Duration),
}

/// One step's subject.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    /// The row.
    pub key: &'a str,
    /// The right to work on it; write with [`Store::write_fenced`].
    pub lease: &'a Lease,
}

/// A loop over the rows of one kind. Level-triggered: a step looks at what is, decides purely, and acts so that acting
/// twice is acting once.
#[async_trait]
pub trait Reconcile: Send + Sync + 'static {
    /// The loop's name, which is also the topic that wakes it: `training`, with `training/ID` for one row.
    fn name(&self) -> &'static str;
    /// The keys of rows that are not at rest.
    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>>;
    /// Takes one step on a row.
    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next>;
}

/// The loops at work. Dropped, they stop at their next await; [`Loops::stop`] ends them in order.
pub struct Loops {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    /// The leases live until the last step has ended.
    beating: JoinSet<()>,
    store: Store,
}

impl Loops {
    /// Starts these loops, and the outbox's with its deliveries.
    pub fn start(
        store: &Store,
        clock: &Arc<dyn Clock>,
        mut loops: Vec<Arc<dyn Reconcile>>,
        deliveries: Vec<Arc<dyn Delivery>>,
    ) -> Self {
        loops.push(Arc::new(Outbox { store: store.clone(), deliveries }));
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for reconcile in loops {
            let runner = Runner {
                store: store.clone(),
                clock: clock.clone(),
                reconcile,
                stopped: stopped.clone(),
                width: Arc::new(Semaphore::new(WIDTH)),
            };
            tasks.spawn(runner.run());
        }
        let mut beating = JoinSet::new();
        beating.spawn(heartbeat(store.clone(), clock.clone()));
        Self { stop, tasks, beating, store: store.clone() }
    }

    /// Lets each step under way end, then gives the leases back so that another server goes on at once.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
        self.beating.shutdown().await;
        if let Err(error) = self.store.release_all(&Ctx::system()).await {
            tracing::warn!(%error, "leases were not given back; they expire by themselves");
        }
    }
}

async fn heartbeat(store: Store, clock: Arc<dyn Clock>) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        let ctx = Ctx::system().with_clock(clock.clone());
        if let Err(error) = store.renew_leases(&ctx).await {
            tracing::warn!(%error, "the heartbeat of the leases failed");
        }
    }
}

struct Runner {
    store: Store,
    clock: Arc<dyn Clock>,
    reconcile: Arc<dyn Reconcile>,
    stopped: watch::Receiver<bool>,
    width: Arc<Semaphore>,
}

impl Runner {
    fn ctx(&self) -> Ctx {
        Ctx::system().with_clock(self.clock.clone())
    }

    async fn run(mut self) {
        let mut signals = self.store.signals().listen(self.reconcile.name());
        let mut working: HashMap<String, tokio::task::AbortHandle> = HashMap::new();
        let mut tasks: JoinSet<String> = JoinSet::new();
        loop {
            self.look(&mut working, &mut tasks).await;
            tokio::select! {
                _ = self.stopped.wait_for(|stop| *stop) => break,
                () = signals.changed() => {}
                Some(done) = tasks.join_next() => forget(&mut working, done),
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
        let ended = tokio::time::timeout(DRAIN, async { while tasks.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!(name = self.reconcile.name(), "steps took too long to end; they are cut, and taken again");
            tasks.shutdown().await;
        }
    }

    /// Starts a worker for each due row that nobody works on.
    async fn look(&self, working: &mut HashMap<String, tokio::task::AbortHandle>, tasks: &mut JoinSet<String>) {
        let due = match self.reconcile.due(&self.ctx()).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(name = self.reconcile.name(), error = %error.with_causes(), "cannot see what is due; looking again");
                return;
            }
        };
        working.retain(|_, task| !task.is_finished());
        for key in due {
            if working.contains_key(&key) || working.len() >= WIDTH {
                continue;
            }
            let worker = Worker {
                store: self.store.clone(),
                clock: self.clock.clone(),
                reconcile: self.reconcile.clone(),
                stopped: self.stopped.clone(),
                width: self.width.clone(),
                key: key.clone(),
            };
            working.insert(key, tasks.spawn(worker.run()));
        }
    }
}

fn forget(working: &mut HashMap<String, tokio::task::AbortHandle>, done: Result<String, tokio::task::JoinError>) {
    match done {
        // Another may work on it already, if this one ended between two looks.
        Ok(key) => {
            if working.get(&key).is_some_and(tokio::task::AbortHandle::is_finished) {
                working.remove(&key);
            }
        }
        Err(error) => {
            tracing::error!(%error, "a step panicked; its row is looked at again");
            working.retain(|_, task| !task.is_finished());
        }
    }
}

/// Works on one row until it rests.
struct Worker {
    store: Store,
    clock: Arc<dyn Clock>,
    reconcile: Arc<dyn Reconcile>,
    stopped: watch::Receiver<bool>,
    width: Arc<Semaphore>,
    key: String,
}

impl Worker {
    async fn run(mut self) -> String {
        if let Err(error) = self.work().await {
            tracing::warn!(name = self.reconcile.name(), key = self.key, error = %error.with_causes(), "left a row to be looked at again");
        }
        self.key
    }

    async fn work(&mut self) -> Result<()> {
        let name = format!("{}/{}", self.reconcile.name(), self.key);
        let ctx = || Ctx::system().with_clock(self.clock.clone());
        let Some(lease) = self.store.acquire(&ctx(), &name).await? else {
            // Another server works on it: that is looked at again, but not all the time.
            tokio::select! {
                _ = self.stopped.wait_for(|stop| *stop) => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
            return Ok(());
        };
        let mut signals = self.store.signals().listen(name);
        let mut failures = 0u32;
        loop {
            let outcome = {
                let _slot = self.width.acquire().await.map_err(|_| Error::unavailable("stopping"))?;
                self.reconcile.step(&ctx(), Step { key: &self.key, lease: &lease }).await
            };
            let pause = match outcome {
                Ok(Next::Rest) => return self.store.release(&ctx(), &lease).await,
                Ok(Next::After(pause)) => {
                    failures = 0;
                    pause
                }
                Err(error) if error.stable_code() == "lease_lost" => return Err(error),
                Err(error) => {
                    failures = (failures + 1).min(6);
                    tracing::warn!(name = lease.name, error = %error.with_causes(), failures, "a step failed; it is tried again");
                    Duration::from_millis(100u64 << failures)
                }
            };
            tokio::select! {
                _ = self.stopped.wait_for(|stop| *stop) => return Ok(()),
                () = signals.changed() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
