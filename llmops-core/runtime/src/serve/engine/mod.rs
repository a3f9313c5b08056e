//! Continuous batching: one thread owns the model, and requests join and leave between its steps.
//!
//! A step runs all tokens that are due, of all sequences, through the model at once: one token of every sequence that
//! is generating, and prompts in blocks. Each sequence has its own keys and values; together they keep to a budget of
//! bytes. When it gets tight, kept prefixes go first, then the youngest sequence gives its keys and values up, waits,
//! and is computed again from its tokens, so an accepted request always ends.

mod batch;
mod prefix;
mod queue;
mod sequence;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::api::{ApiError, Usage};
use super::logprobs::Position;
use super::metrics::{Finish, Metrics};
use super::sampling::Sampling;
use crate::error::Result;
use crate::files::Loaded;
use crate::model::Kv;
use batch::Batch;
use queue::Queue;

/// What the engine may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Most sequences in one step.
    pub(crate) batch: usize,
    /// Most prompt tokens in one step, of all sequences.
    pub(crate) chunk: usize,
    /// Most requests that wait.
    pub(crate) queue: usize,
    /// Most bytes of keys and values.
    pub(crate) kv_bytes: usize,
    /// How many of these bytes may keep the prefixes of ended requests.
    pub(crate) prefix_bytes: usize,
    /// Most tokens of prompt and answer together.
    pub(crate) context: usize,
}

/// One generation to do.
pub(crate) struct Job {
    /// The prompt.
    pub(crate) prompt: Vec<u32>,
    /// Most tokens of the answer. Prompt and answer fit the context: the door checked it.
    pub(crate) max_new: usize,
    /// How to choose tokens.
    pub(crate) sampling: Sampling,
    /// Where to stop.
    pub(crate) stop: Vec<String>,
    /// Alternatives per position, if log-probabilities are wanted.
    pub(crate) logprobs: Option<usize>,
    /// Go on after the end marker.
    pub(crate) ignore_eos: bool,
    /// Where the answer goes: at most `max_new` pieces and an end. When the other side is dropped, the job ends with
    /// the next token.
    pub(crate) events: UnboundedSender<Event>,
    /// When it was accepted.
    pub(crate) accepted: Instant,
}

/// What a job sends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// More text, with its log-probabilities if they were asked for.
    Piece {
        /// Whole characters.
        text: String,
        /// One per token, in order.
        positions: Vec<Position>,
    },
    /// The end.
    Done {
        /// Why.
        finish: Finish,
        /// How much.
        usage: Usage,
    },
    /// The end, by a fault.
    Failed(ApiError),
}

/// The handle on the engine's thread.
pub(crate) struct Engine {
    queue: Arc<Queue>,
    limits: Limits,
}

impl Engine {
    /// Starts the thread. The receiver hears when it has ended, for whatever reason.
    pub(crate) fn start(
        model: Arc<Loaded>,
        mut limits: Limits,
        metrics: Arc<Metrics>,
    ) -> Result<(Self, oneshot::Receiver<()>)> {
        // One sequence alone must always fit, so the context shrinks to the budget.
        let affordable =
            (1..=limits.context).rev().find(|&n| Kv::bytes_for(model.model.config(), n) <= limits.kv_bytes);
        limits.context = affordable.unwrap_or(0);
        metrics.kv_budget.store(limits.kv_bytes as u64, std::sync::atomic::Ordering::Relaxed);
        let queue = Arc::new(Queue::new(limits.queue));
        let (ended, end) = oneshot::channel();
        let mut batch = Batch::new(model, limits, metrics, queue.clone());
        std::thread::Builder::new().name("engine".to_string()).spawn(move || {
            // Dropped when the thread ends, also by a panic: the other side hears of it either way.
            let _ended = ended;
            batch.run();
        })?;
        Ok((Self { queue, limits }, end))
    }

    /// Most tokens of prompt and answer together.
    pub(crate) fn context(&self) -> usize {
        self.limits.context
    }

    /// Queues a job; refuses when the queue is full or closed.
    pub(crate) fn submit(&self, job: Job) -> std::result::Result<(), ApiError> {
        self.queue.push(job)
    }

    /// Whether there is room in the queue now; asked before a prompt is prepared in vain.
    pub(crate) fn has_room(&self) -> std::result::Result<(), ApiError> {
        self.queue.has_room()
    }

    /// Takes no more jobs; those accepted go on.
    pub(crate) fn close(&self) {
        self.queue.close();
    }

    /// Ends every job left with an error, and the thread with them.
    pub(crate) fn abandon(&self) {
        self.queue.abandon();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.abandon();
    }
}
