//! The bounded queue between the door and the engine's thread.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::Job;
use crate::serve::api::ApiError;

/// What the engine should do with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Go on.
    Work,
    /// The queue is closed and empty: end when nothing is left.
    Finish,
    /// End now.
    Abandon,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    closed: bool,
    abandoned: bool,
}

impl State {
    fn order(&self) -> Order {
        match (self.abandoned, self.closed && self.waiting.is_empty()) {
            (true, _) => Order::Abandon,
            (false, true) => Order::Finish,
            (false, false) => Order::Work,
        }
    }
}

/// Jobs in order of arrival.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    limit: usize,
}

impl Queue {
    pub(super) fn new(limit: usize) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), limit }
    }

    /// Adds a job at the end.
    pub(super) fn push(&self, job: Job) -> Result<(), ApiError> {
        let mut state = self.lock();
        room(&mut state, self.limit)?;
        state.waiting.push_back(job);
        self.changed.notify_one();
        Ok(())
    }

    /// Whether `push` would take a job now.
    pub(super) fn has_room(&self) -> Result<(), ApiError> {
        room(&mut self.lock(), self.limit)
    }

    /// Takes the first job if it `fits`; nobody overtakes it.
    pub(super) fn take(&self, fits: impl FnOnce(&Job) -> bool) -> Option<Job> {
        let mut state = self.lock();
        if state.waiting.front().is_some_and(fits) { state.waiting.pop_front() } else { None }
    }

    /// Drops jobs whose client has gone; how many, and how many still wait.
    pub(super) fn drop_gone(&self) -> (usize, usize) {
        let mut state = self.lock();
        let before = state.waiting.len();
        state.waiting.retain(|job| !job.events.is_closed());
        (before - state.waiting.len(), state.waiting.len())
    }

    /// The standing order; waits for a job or another order while `idle`.
    pub(super) fn order(&self, idle: bool) -> Order {
        let mut state = self.lock();
        while idle && state.waiting.is_empty() && state.order() == Order::Work {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.order()
    }

    /// Takes no more.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    /// Takes no more and gives up what waits.
    pub(super) fn abandon(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.abandoned = true;
        self.changed.notify_one();
    }

    /// Everything that still waits.
    pub(super) fn clear(&self) -> Vec<Job> {
        self.lock().waiting.drain(..).collect()
    }

    // No code panics while it holds the lock, so a poisoned state is a whole one.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn room(state: &mut State, limit: usize) -> Result<(), ApiError> {
    if state.closed {
        return Err(ApiError::unavailable("draining", "this server is shutting down; send the request to another"));
    }
    if state.waiting.len() >= limit {
        state.waiting.retain(|job| !job.events.is_closed());
    }
    if state.waiting.len() >= limit { Err(ApiError::busy(limit)) } else { Ok(()) }
}
