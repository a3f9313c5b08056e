//! Passes over datasets under way on this server: begun once a row, looked at by the loop's steps.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::progress::{Kept, Progress};
use crate::base::{Error, ErrorKind, Id, Result};
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

/// What to do about a pass.
pub(super) enum Turn<T> {
    /// Begin it.
    Begin,
    /// Look again later.
    Wait,
    /// Write down how far it is; rows and bytes.
    Tell(u64, u64),
    /// Write down how it ended; of one that was cancelled there is nothing to write.
    End(Option<Result<T>>),
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
    fn full(&self) -> bool {
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

    /// The keys of rows that are due. Passes of others are let go of: another server took them over and ended them while this one
    /// was away.
    pub(super) fn due(&self, ids: &[Id]) -> Vec<String> {
        let due: Vec<String> = ids.iter().map(ToString::to_string).collect();
        self.all().retain(|key, _| due.contains(key));
        due
    }

    /// What comes next for a row that is open, or was cancelled and not ended yet.
    pub(super) fn turn(&self, key: &str, cancelled: bool) -> Turn<T> {
        match self.look(key) {
            Seen::Nothing if cancelled => Turn::End(None),
            Seen::Nothing if self.full() => Turn::Wait,
            Seen::Nothing => Turn::Begin,
            // Its memory is free, and what it holds is known, once it has stopped.
            Seen::Reading(..) if cancelled => {
                self.halt(key);
                Turn::Wait
            }
            Seen::Reading(rows, bytes) => Turn::Tell(rows, bytes),
            Seen::Ended(_) if cancelled => Turn::End(None),
            Seen::Ended(outcome) => Turn::End(Some(*outcome)),
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
    fn halt(&self, key: &str) {
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
