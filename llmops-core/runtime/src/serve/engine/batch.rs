//! The engine's loop: who joins, what is due, who has to give way, one step, who leaves.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::prefix::{BLOCK, Prefixes};
use super::queue::{Order, Queue};
use super::sequence::Sequence;
use super::{Event, Job, Limits};
use crate::files::Loaded;
use crate::model::Kv;
use crate::process::compute;
use crate::serve::api::ApiError;
use crate::serve::metrics::{Finish, Metrics};

/// All sequences that are worked on.
pub(super) struct Batch {
    model: Arc<Loaded>,
    /// Prompt tokens that go through the model together.
    block: usize,
    limits: Limits,
    metrics: Arc<Metrics>,
    queue: Arc<Queue>,
    /// Oldest first.
    running: Vec<Sequence>,
    /// Sequences that gave their keys and values up, in the order they go on.
    parked: VecDeque<Sequence>,
    prefixes: Prefixes,
}

impl Batch {
    pub(super) fn new(model: Arc<Loaded>, limits: Limits, metrics: Arc<Metrics>, queue: Arc<Queue>) -> Self {
        let block = BLOCK.min(limits.chunk);
        let prefixes = Prefixes::new(limits.prefix_bytes.min(limits.kv_bytes), block);
        Self { model, block, limits, metrics, queue, running: Vec::new(), parked: VecDeque::new(), prefixes }
    }

    /// Works until the queue is closed and everything is done, or until it is abandoned.
    pub(super) fn run(&mut self) {
        loop {
            compute(|| self.work());
            match self.queue.order(true) {
                Order::Abandon => return self.abandon(),
                Order::Finish => return,
                Order::Work => {}
            }
        }
    }

    /// Works until nothing is left to do, or all of it is given up.
    fn work(&mut self) {
        loop {
            self.drop_gone();
            self.admit();
            self.report();
            let idle = self.running.is_empty() && self.parked.is_empty();
            if idle || self.queue.order(false) == Order::Abandon {
                return;
            }
            self.step();
        }
    }

    /// Clients that went away leave; what was computed for them may still serve as a prefix.
    fn drop_gone(&mut self) {
        let (gone, waiting) = self.queue.drop_gone();
        self.metrics.waiting.store((waiting + self.parked.len()) as u64, Relaxed);
        let parked = self.parked.len();
        self.parked.retain(|sequence| !sequence.is_gone());
        let mut left = gone + parked - self.parked.len();
        for at in (0..self.running.len()).rev() {
            if self.running[at].is_gone() {
                let sequence = self.running.remove(at);
                self.prefixes.keep(sequence.prompt().to_vec(), &sequence.kv);
                left += 1;
            }
        }
        (0..left).for_each(|_| self.metrics.finish(Finish::Abort));
    }

    /// Lets sequences join while there is a place and room for their tokens. Nobody overtakes.
    fn admit(&mut self) {
        while self.running.len() < self.limits.batch {
            if let Some(parked) = self.parked.front() {
                if !self.make_room_for(parked.tokens.len()) {
                    return;
                }
                let Some(mut sequence) = self.parked.pop_front() else { return };
                if let Some((kv, _)) = self.prefixes.find(&sequence.tokens) {
                    sequence.kv = kv;
                }
                self.running.push(sequence);
                continue;
            }
            let mut free = self.free_bytes();
            let (config, alone) = (self.model.model.config(), self.running.is_empty());
            let prefixes = &mut self.prefixes;
            let job = self.queue.take(|job| {
                let wanted = Kv::bytes_for(config, job.prompt.len() + 1);
                while free < wanted && prefixes.bytes() > 0 {
                    let before = prefixes.bytes();
                    prefixes.drop_oldest();
                    free += before - prefixes.bytes();
                }
                alone || free >= wanted
            });
            let Some(job) = job else { return };
            self.join(job);
        }
    }

    fn join(&mut self, job: Job) {
        self.metrics.queued.observe(job.accepted.elapsed());
        self.metrics.prefix_queries.fetch_add(job.prompt.len() as u64, Relaxed);
        let (kv, cached) = self.prefixes.find(&job.prompt).unwrap_or_else(|| (Kv::new(self.model.model.config()), 0));
        self.metrics.prefix_hits.fetch_add(cached as u64, Relaxed);
        self.running.push(Sequence::new(job, kv, cached));
    }

    /// Room for a sequence of this length, if need be at the cost of kept prefixes.
    fn make_room_for(&mut self, tokens: usize) -> bool {
        let wanted = Kv::bytes_for(self.model.model.config(), tokens + 1);
        while self.free_bytes() < wanted {
            if !self.prefixes.drop_oldest() {
                return self.running.is_empty();
            }
        }
        true
    }

    fn free_bytes(&self) -> usize {
        self.limits.kv_bytes.saturating_sub(self.held_bytes())
    }

    fn held_bytes(&self) -> usize {
        self.prefixes.bytes() + self.running.iter().map(|sequence| sequence.kv.bytes()).sum::<usize>()
    }

    fn report(&self) {
        self.metrics.running.store(self.running.len() as u64, Relaxed);
        self.metrics.kv_bytes.store(self.held_bytes() as u64, Relaxed);
    }

    /// How many tokens of each sequence go into the next step: one while it generates, and for prompts the rest of a
    /// block, oldest first, as long as the chunk has room for all of it.
    fn plan(&self) -> Vec<usize> {
        let mut left = self.limits.chunk;
        let share = |sequence: &Sequence| {
            if !sequence.is_prefilling() {
                return 1;
            }
            let block = sequence.due().min(self.block - sequence.kv.len() % self.block);
            let share = if block <= left { block } else { 0 };
            left -= share;
            share
        };
        self.running.iter().map(share).collect()
    }

    /// A plan that fits the budget: prefixes go first, then the youngest sequences.
    fn affordable_plan(&mut self) -> Vec<usize> {
        loop {
            let plan = self.plan();
            let config = self.model.model.config();
            let after = |(sequence, n): (&Sequence, &usize)| Kv::bytes_for(config, sequence.kv.len() + n);
            let wanted: usize = self.running.iter().zip(&plan).map(after).sum();
            if wanted + self.prefixes.bytes() <= self.limits.kv_bytes {
                return plan;
            }
            if self.prefixes.drop_oldest() {
                continue;
            }
            match self.running.len() {
                0 | 1 => return plan,
                _ => self.park_youngest(),
            }
        }
    }

    fn park_youngest(&mut self) {
        let Some(mut sequence) = self.running.pop() else { return };
        sequence.kv = Kv::new(self.model.model.config());
        self.parked.push_front(sequence);
        self.metrics.preemptions.fetch_add(1, Relaxed);
    }

    fn step(&mut self) {
        let plan = self.affordable_plan();
        let mut parts: Vec<(&[u32], &mut Kv)> = Vec::with_capacity(plan.len());
        for (sequence, &n) in self.running.iter_mut().zip(&plan).filter(|(_, n)| **n > 0) {
            let from = sequence.kv.len();
            parts.push((&sequence.tokens[from..from + n], &mut sequence.kv));
        }
        let rows = self.model.model.step(&mut parts).and_then(|logits| Ok(logits.to_vec2::<f32>()?));
        self.metrics.steps.fetch_add(1, Relaxed);
        match rows {
            Ok(rows) => self.advance(&plan, rows),
            Err(error) => {
                let error = ApiError::internal(format!("the model failed in a step: {error}"));
                for mut sequence in self.running.drain(..) {
                    sequence.fail(error.clone(), &self.metrics);
                }
            }
        }
    }

    /// Chooses the next token of every sequence that has caught up, and lets go of those that have ended.
    fn advance(&mut self, plan: &[usize], rows: Vec<Vec<f32>>) {
        let mut rows = rows.into_iter();
        let mut ended = Vec::new();
        for (at, (sequence, &n)) in self.running.iter_mut().zip(plan).enumerate().filter(|(_, (_, n))| **n > 0) {
            let Some(mut row) = rows.next() else { break };
            if sequence.kv.len() <= sequence.prompt().len() {
                self.metrics.prompt_tokens.fetch_add(n as u64, Relaxed);
            }
            if sequence.due() > 0 {
                continue;
            }
            let finish = sequence.advance(&mut row, &self.model.tokenizer, &self.model.ends, &self.metrics);
            if let Some(finish) = finish {
                ended.push((at, finish));
            }
        }
        for (at, finish) in ended.into_iter().rev() {
            let sequence = self.running.remove(at);
            if finish != Finish::Error {
                self.prefixes.keep(sequence.prompt().to_vec(), &sequence.kv);
            }
        }
    }

    fn abandon(&mut self) {
        let error = ApiError::unavailable("draining", "this server shut down before the answer was complete");
        for mut sequence in self.running.drain(..).chain(self.parked.drain(..)) {
            sequence.fail(error.clone(), &self.metrics);
        }
        for job in self.queue.clear() {
            let _ = job.events.send(Event::Failed(error.clone()));
            self.metrics.finish(Finish::Error);
        }
        self.report();
    }
}
