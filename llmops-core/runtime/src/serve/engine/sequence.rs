//! One request while it is worked on.

use std::collections::VecDeque;
use std::time::Instant;

use tokenizers::Tokenizer;

use super::{Event, Job};
use crate::model::Kv;
use crate::serve::api::{ApiError, Usage};
use crate::serve::logprobs::{Position, describe};
use crate::serve::metrics::{Finish, Metrics};
use crate::serve::sampling::Sampler;
use crate::serve::text::{Detokenizer, StopFilter, Verdict};

/// A request's tokens, its keys and values, and the text on its way out.
///
/// There is no difference between a prompt and an answer here: `tokens[kv.len()..]` are due, and when none is left
/// behind, the next one is chosen. That is also why a sequence can lose its keys and values and go on later.
pub(super) struct Sequence {
    job: Job,
    pub(super) tokens: Vec<u32>,
    pub(super) kv: Kv,
    sampler: Sampler,
    detokenizer: Detokenizer,
    stop: StopFilter,
    /// Characters decoded, and of these the characters sent.
    decoded: usize,
    sent: usize,
    /// Log-probabilities of text that is still held back, with the place where the text ends.
    held: VecDeque<(usize, Position)>,
    cached: usize,
    last_token: Option<Instant>,
}

impl Sequence {
    /// Begins a job on empty or on inherited keys and values.
    pub(super) fn new(mut job: Job, kv: Kv, cached: usize) -> Self {
        Self {
            sampler: Sampler::new(std::mem::take(&mut job.sampling), &job.prompt),
            stop: StopFilter::new(std::mem::take(&mut job.stop)),
            tokens: job.prompt.clone(),
            job,
            kv,
            detokenizer: Detokenizer::default(),
            decoded: 0,
            sent: 0,
            held: VecDeque::new(),
            cached,
            last_token: None,
        }
    }

    /// Whether the client has gone away.
    pub(super) fn is_gone(&self) -> bool {
        self.job.events.is_closed()
    }

    /// Tokens that have to go through the model.
    pub(super) fn due(&self) -> usize {
        self.tokens.len() - self.kv.len()
    }

    /// The prompt.
    pub(super) fn prompt(&self) -> &[u32] {
        &self.job.prompt
    }

    /// Whether the tokens due are prompt (or a repetition of what was computed before).
    pub(super) fn is_prefilling(&self) -> bool {
        self.due() > 1 || self.tokens.len() == self.job.prompt.len()
    }

    /// Chooses the next token from the logits after the last one. `Some` when the answer has ended.
    pub(super) fn advance(
        &mut self,
        logits: &mut [f32],
        tokenizer: &Tokenizer,
        ends: &[u32],
        metrics: &Metrics,
    ) -> Option<Finish> {
        if !logits.iter().all(|x| x.is_finite()) {
            return Some(self.fail(ApiError::damaged(crate::error::NO_NUMBER), metrics));
        }
        let raw = self.job.logprobs.map(|top| (logits.to_vec(), top));
        let Some(id) = self.sampler.pick(logits) else {
            return Some(self.fail(ApiError::internal("no token can be chosen with these sampling settings"), metrics));
        };
        self.clock(metrics);
        if ends.contains(&id) && !self.job.ignore_eos {
            return Some(self.finish(Finish::Stop, tokenizer, metrics));
        }
        self.tokens.push(id);
        let piece = self.detokenizer.push(tokenizer, id);
        let begin = self.decoded;
        self.decoded += piece.chars().count();
        if let Some((raw, top)) = raw {
            self.held.push_back((self.decoded, Position { offset: begin, ..describe(tokenizer, &raw, id, top) }));
        }
        match self.stop.push(&piece) {
            Verdict::Stop(last) => {
                self.send_last(last);
                Some(self.done(Finish::Stop, metrics))
            }
            Verdict::Send(text) => {
                self.send(text);
                let full = self.tokens.len() - self.job.prompt.len() >= self.job.max_new;
                full.then(|| self.finish(Finish::Length, tokenizer, metrics))
            }
        }
    }

    /// Ends with an error.
    pub(super) fn fail(&mut self, error: ApiError, metrics: &Metrics) -> Finish {
        let _ = self.job.events.send(Event::Failed(error));
        metrics.finish(Finish::Error);
        Finish::Error
    }

    /// What was held back is text after all, unless its end completes a stop string.
    fn finish(&mut self, why: Finish, tokenizer: &Tokenizer, metrics: &Metrics) -> Finish {
        let rest = self.detokenizer.finish(tokenizer);
        let (last, why) = match self.stop.push(&rest) {
            Verdict::Stop(last) => (last, Finish::Stop),
            Verdict::Send(text) => (text + &self.stop.finish(), why),
        };
        self.send_last(last);
        self.done(why, metrics)
    }

    fn done(&self, finish: Finish, metrics: &Metrics) -> Finish {
        let usage = Usage {
            prompt: self.job.prompt.len(),
            completion: self.tokens.len() - self.job.prompt.len(),
            cached: self.cached,
        };
        metrics.end_to_end.observe(self.job.accepted.elapsed());
        metrics.finish(finish);
        let _ = self.job.events.send(Event::Done { finish, usage });
        finish
    }

    fn send(&mut self, text: String) {
        if text.is_empty() {
            return;
        }
        self.sent += text.chars().count();
        let ready = self.held.iter().take_while(|held| held.0 <= self.sent).count();
        let positions = self.held.drain(..ready).map(|held| held.1).collect();
        let _ = self.job.events.send(Event::Piece { text, positions });
    }

    /// The last text takes along every token that has a part in it, and none that was cut off whole.
    fn send_last(&mut self, text: String) {
        self.sent += text.chars().count();
        let positions: Vec<Position> =
            self.held.drain(..).map(|held| held.1).take_while(|position| position.offset < self.sent).collect();
        if !text.is_empty() || !positions.is_empty() {
            let _ = self.job.events.send(Event::Piece { text, positions });
        }
    }

    fn clock(&mut self, metrics: &Metrics) {
        metrics.generation_tokens.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        match self.last_token {
            None => metrics.first_token.observe(self.job.accepted.elapsed()),
            Some(last) => metrics.inter_token.observe(last.elapsed()),
        }
        self.last_token = Some(Instant::now());
    }
}
