//! Work on several threads whose results are taken in the order in which it was given.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use tokio::runtime::Handle;

use crate::base::{Error, Result};

/// The most threads of one process that look at rows.
const MOST: usize = 16;

/// The threads beside those that read, shared by all passes of a process.
#[derive(Clone)]
pub(in super::super) struct Helpers(Arc<AtomicUsize>);

/// Some of them, given back when let go.
pub(in super::super) struct Helping {
    all: Arc<AtomicUsize>,
    /// How many.
    pub(super) threads: usize,
}

impl Helpers {
    /// As many as there are cores; none where there is one.
    pub(in super::super) fn of_machine() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::of(if cores > 1 { cores.min(MOST) } else { 0 })
    }

    /// So many.
    pub(in super::super) fn of(threads: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(threads)))
    }

    /// All that are free now. A pass without any looks at its rows itself.
    pub(in super::super) fn take(&self) -> Helping {
        Helping { threads: self.0.swap(0, Ordering::Relaxed), all: self.0.clone() }
    }
}

impl Drop for Helping {
    fn drop(&mut self) {
        self.all.fetch_add(self.threads, Ordering::Relaxed);
    }
}

/// Gives all work that comes to these threads, each with a worker of its own, and takes the results in order. So much waits
/// at most that each thread has one piece at hand and one to come.
pub(super) fn in_order<T: Send, R: Send, W: FnMut(T) -> R>(
    (threads, handle): (usize, &Handle),
    mut next: impl FnMut() -> Result<Option<T>>,
    worker: impl Fn() -> W + Sync,
    mut take: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    if threads == 0 {
        let mut work = worker();
        while let Some(given) = next()? {
            take(work(given))?;
        }
        return Ok(());
    }
    let (give, given) = mpsc::channel();
    let (given, worker) = (Mutex::new(given), &worker);
    std::thread::scope(|scope| {
        let (done, results) = mpsc::channel();
        for _ in 0..threads {
            let (done, given) = (done.clone(), &given);
            scope.spawn(move || {
                let _runtime = handle.enter();
                help(given, &done, worker);
            });
        }
        drop(done);
        // Let go at the end, whatever it is, or the threads would wait for more.
        let give = give;
        let (mut sent, mut taken, mut ended, mut early) = (0, 0, false, BTreeMap::new());
        loop {
            while !ended && sent - taken < 2 * threads {
                match next()? {
                    Some(one) => {
                        give.send((sent, one)).map_err(|_| broken())?;
                        sent += 1;
                    }
                    None => ended = true,
                }
            }
            if taken == sent {
                return Ok(());
            }
            let (number, result) = results.recv().map_err(|_| broken())?;
            early.insert(number, result);
            while let Some(result) = early.remove(&taken) {
                take(result.ok_or_else(broken)?)?;
                taken += 1;
            }
        }
    })
}

/// Works until nothing is given any more. What panicked has no result.
fn help<T, R, W: FnMut(T) -> R>(
    given: &Mutex<mpsc::Receiver<(usize, T)>>,
    done: &mpsc::Sender<(usize, Option<R>)>,
    worker: &impl Fn() -> W,
) {
    let mut work = worker();
    loop {
        let one = given.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, one)) = one else { return };
        let result = catch_unwind(AssertUnwindSafe(|| work(one))).ok();
        let failed = result.is_none();
        if done.send((number, result)).is_err() || failed {
            return;
        }
    }
}

fn broken() -> Error {
    Error::unexpected("looking at the rows of a dataset ended abruptly")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes of the numbers up to one, and how it ended.
    fn numbers(threads: usize, count: usize, work: impl Fn(usize) -> usize + Sync) -> (Vec<usize>, Result<()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (mut given, mut taken) = (0..count, Vec::new());
        let worker = || &work;
        let ended = in_order(
            (threads, runtime.handle()),
            || Ok(given.next()),
            worker,
            |one| {
                taken.push(one);
                Ok(())
            },
        );
        (taken, ended)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]

        #[test]
        fn results_come_in_order(threads in 0usize..5, count in 0usize..200) {
            // The later, the quicker.
            let slow = |n: usize| {
                std::thread::sleep(std::time::Duration::from_micros((n * 7919 % 50) as u64));
                n * 2
            };
            let (taken, ended) = numbers(threads, count, slow);
            prop_assert!(ended.is_ok());
            prop_assert_eq!(taken, (0..count).map(|n| n * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_panic_ends_it_and_nothing_hangs() {
        let (taken, ended) = numbers(3, 100, |n| if n == 50 { panic!("as a detector may") } else { n });
        assert_eq!(taken, (0..50).collect::<Vec<_>>());
        assert_eq!(ended.unwrap_err().kind(), crate::base::ErrorKind::Unexpected);
    }

    #[test]
    fn a_refusal_ends_it_and_nothing_hangs() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let refuse = |n: usize| if n == 30 { Err(Error::unavailable("enough")) } else { Ok(()) };
        let ended = in_order((3, runtime.handle()), || Ok(Some(30)), || |n| n, refuse);
        assert_eq!(ended.unwrap_err().message(), "enough");
    }

    #[test]
    fn helpers_are_given_back() {
        let helpers = Helpers::of(4);
        let (first, second) = (helpers.take(), helpers.take());
        assert_eq!((first.threads, second.threads), (4, 0));
        drop((second, first));
        assert_eq!(helpers.take().threads, 4);
    }
}
