//! Passes over datasets under way on this server: begun once a row, looked at by the loop's steps.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::progress::{Kept, Progress};
use crate::base::{Error, ErrorKind, Result};
use crate::store::Signals;

/// The passes of one kind, by the key of their row.
pub(super) struct Passes<T> {
    running: Mutex<HashMap<String, Running<T>>>,
    most: usize,
}

/// A pass under way. Let go, it stops at its next row.
struct Running<T> {
    progress: Arc<Progress>,
    outcome: Arc<Mutex<Option<Result<T>>>>,
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        self.progress.stop();
    }
}

/// What a look at a pass shows.
pub(super) enum Seen<T> {
    /// It goes on; rows and bytes.
    Reading(u64, u64),
    /// It ended.
    Ended(Box<Result<T>>),
    /// There is none.
    Nothing,
}

impl<T: Send + 'static> Passes<T> {
    /// At most so many at a time.
    pub(super) fn new(most: usize) -> Self {
        Self { running: Mutex::default(), most }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Running<T>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether another one has to wait.
    pub(super) fn full(&self) -> bool {
        self.all().len() >= self.most
    }

    /// Looks at a pass; one that ended is forgotten.
    pub(super) fn look(&self, key: &str) -> Seen<T> {
        let mut running = self.all();
        let Some(pass) = running.get(key) else { return Seen::Nothing };
        let ended = pass.outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (rows, bytes) = pass.progress.read();
        match ended {
            None => Seen::Reading(rows, bytes),
            Some(outcome) => {
                running.remove(key);
                Seen::Ended(Box::new(outcome))
            }
        }
    }

    /// What a pass offers to be written down, once.
    pub(super) fn kept(&self, key: &str) -> Option<Kept> {
        self.all().get(key).and_then(|pass| pass.progress.take())
    }

    /// Lets go of a pass whose row is gone or ended by somebody else.
    pub(super) fn stop(&self, key: &str) {
        self.all().remove(key);
    }

    /// Asks a pass to end; what it ended with is still looked at.
    pub(super) fn halt(&self, key: &str) {
        if let Some(pass) = self.all().get(key) {
            pass.progress.stop();
        }
    }

    /// Begins a pass; its end wakes the topic.
    pub(super) fn start<F>(&self, key: &str, (signals, topic): (Signals, String), work: impl FnOnce(Arc<Progress>) -> F)
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let pass = Running { progress: Arc::default(), outcome: Arc::default() };
        let (outcome, work) = (pass.outcome.clone(), tokio::spawn(work(pass.progress.clone())));
        tokio::spawn(async move {
            let ended = work.await.unwrap_or_else(|_| Err(Error::unexpected("the pass over the rows broke off")));
            *outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(ended);
            signals.wake(&[topic]);
        });
        self.all().insert(key.to_owned(), pass);
    }
}

/// Whether trying again may help: the store or the server was away.
pub(super) fn passing(error: &Error) -> bool {
    error.kind().retryable() || error.kind() == ErrorKind::Upstream
}
