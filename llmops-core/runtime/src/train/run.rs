//! The loop over the steps.

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use super::checkpoint::{self, Mark};
use super::learner::Learner;
use super::lessons::Lessons;
use super::optimizer::AdamW;
use super::spec::Spec;
use crate::error::{Error, Result};
use crate::events::Events;
use crate::process::{Ending, compute, cpu_seconds, resident_bytes};

/// Rounds over the data where nobody says.
const ROUNDS: f64 = 3.0;
/// Steps between checkpoints where nobody says.
const CHECKPOINT_EVERY: u64 = 100;
/// The most step events of a run; a longer run tells of some of its steps.
const MOST_EVENTS: u64 = 2000;
/// Share of the rate that is left at the end.
const LEAST_RATE: f64 = 0.1;
/// Share of the old smoothed loss that is kept.
const SMOOTH: f64 = 0.95;

/// How long and how fast to learn.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Steps to make.
    pub(super) steps: u64,
    /// Examples per step.
    pub(super) batch: usize,
    /// The highest rate.
    pub(super) rate: f64,
    warmup: u64,
    max_seconds: Option<f64>,
    measure_every: u64,
    checkpoint_every: u64,
}

impl Plan {
    /// What the specification says, and for the rest what fits the model's size and the examples there are.
    pub(super) fn new(spec: &Spec, weights: u64, examples: usize) -> Self {
        let hyper = &spec.hyper;
        let of_rounds = |rounds: f64| ((rounds * examples as f64 / hyper.batch() as f64).ceil() as u64).max(1);
        let steps = match (hyper.steps, hyper.epochs, hyper.max_seconds) {
            (Some(steps), ..) => steps,
            (None, Some(epochs), _) => of_rounds(epochs),
            (None, None, None) => of_rounds(ROUNDS),
            (None, None, Some(_)) => 1_000_000_000,
        };
        Self {
            steps,
            batch: hyper.batch(),
            rate: hyper.rate(weights, spec.method),
            warmup: hyper.warmup.unwrap_or(steps.div_ceil(20).min(30)),
            max_seconds: hyper.max_seconds,
            measure_every: spec.eval.as_ref().and_then(|eval| eval.every).unwrap_or(0),
            checkpoint_every: spec.checkpoint_every.unwrap_or(CHECKPOINT_EVERY),
        }
    }

    /// The rate of a step: it rises in a line and falls in half a cosine, by steps or by time, whichever is further.
    fn rate(&self, step: u64, seconds: f64) -> f64 {
        if step < self.warmup {
            return self.rate * (step + 1) as f64 / self.warmup as f64;
        }
        let steps = (step - self.warmup) as f64 / self.steps.saturating_sub(self.warmup).max(1) as f64;
        let done = steps.max(self.max_seconds.map_or(0.0, |most| seconds / most)).min(1.0);
        let fall = 0.5 * (1.0 + (std::f64::consts::PI * done).cos());
        self.rate * (LEAST_RATE + (1.0 - LEAST_RATE) * fall)
    }

    fn is_over(&self, seconds: f64) -> bool {
        self.max_seconds.is_some_and(|most| seconds >= most)
    }
}

/// A run under way.
pub(super) struct Run<'a> {
    /// What learns.
    pub(super) learner: Learner,
    /// What moves its weights.
    pub(super) optimizer: AdamW,
    /// What it learns.
    pub(super) lessons: Lessons,
    /// How long and how fast.
    pub(super) plan: Plan,
    /// Who is told.
    pub(super) events: Events,
    /// Whether to end early.
    pub(super) ending: &'a Ending,
    /// Where checkpoints lie.
    pub(super) checkpoints: &'a Path,
    /// The tokenizer to keep with them.
    pub(super) tokenizer: Option<&'a [u8]>,
    /// What is worked on.
    pub(super) digest: String,
}

impl Run<'_> {
    /// Runs to one of its ends, from a checkpoint's mark where there is one; `save` writes the model.
    pub(super) fn go(mut self, mark: Option<Mark>, save: impl FnOnce(&Learner) -> Result<Vec<String>>) -> Result<()> {
        let work = self.digest.clone();
        let mut mark = mark.unwrap_or(Mark { work, step: 0, ema: None, tokens: 0, seconds: 0.0 });
        let (begun, before) = (Instant::now(), mark.seconds);
        let mut saved = (mark.step > 0).then_some(mark.step);
        if mark.step == 0 {
            self.measure(0)?;
        }
        let reason = loop {
            mark.seconds = before + begun.elapsed().as_secs_f64();
            if self.ending.asked() {
                self.checkpoint(&mark, &mut saved)?;
                self.events.emit(&json!({"event": "done", "reason": "cancelled", "artifacts": []}));
                return Ok(());
            }
            if mark.step >= self.plan.steps {
                break "completed";
            }
            if self.plan.is_over(mark.seconds) {
                break "max_seconds";
            }
            compute(|| self.step(&mut mark, begun))?;
            let Plan { steps, checkpoint_every, measure_every, .. } = self.plan;
            let due = |every: u64| every > 0 && mark.step.is_multiple_of(every) && mark.step < steps;
            if due(checkpoint_every) {
                self.checkpoint(&mark, &mut saved)?;
            }
            if due(measure_every) {
                self.measure(mark.step)?;
            }
        };
        self.checkpoint(&mark, &mut saved)?;
        self.measure(mark.step)?;
        let artifacts = save(&self.learner)?;
        self.events.emit(&json!({"event": "done", "reason": reason, "artifacts": artifacts}));
        Ok(())
    }

    fn step(&mut self, mark: &mut Mark, begun: Instant) -> Result<()> {
        let batch = self.lessons.batch(mark.step, self.plan.batch)?;
        let (tokens, rate) = (batch.tokens, self.plan.rate(mark.step, mark.seconds));
        let loss = self.learner.loss(batch)?;
        let grads = loss.backward()?;
        let loss = f64::from(loss.to_scalar::<f32>()?);
        let length = if loss.is_finite() { self.optimizer.step(&grads, rate)? } else { f64::NAN };
        if mark.step == 0 && !loss.is_finite() {
            // Nothing was learnt yet that could have led there.
            return Err(Error::bad_model(
                "the base model finds no probability for the first lesson; its weights may be damaged",
            ));
        }
        if !length.is_finite() {
            let why = format!("the loss is not a number after {} steps; lower `hyper.lr`", mark.step);
            return Err(Error::internal(why));
        }
        mark.step = self.optimizer.steps();
        mark.tokens += tokens as u64;
        mark.ema = Some(mark.ema.map_or(loss, |ema| SMOOTH * ema + (1.0 - SMOOTH) * loss));
        let every = self.plan.steps.min(1_000_000) / MOST_EVENTS + 1;
        if mark.step.is_multiple_of(every) || mark.step == self.plan.steps {
            self.events.emit(&json!({
                "event": "step", "step": mark.step, "loss": loss, "ema": mark.ema, "lr": rate, "grad_norm": length,
                "tokens": mark.tokens, "secs": begun.elapsed().as_secs_f64(), "cpu_secs": cpu_seconds(),
                "rss": resident_bytes(),
            }));
        }
        Ok(())
    }

    fn measure(&mut self, step: u64) -> Result<()> {
        if self.lessons.held.is_empty() {
            return Ok(());
        }
        let loss = compute(|| self.learner.measure(&self.lessons.held, self.plan.batch))?;
        self.events.emit(&json!({"event": "eval", "step": step, "loss": loss, "perplexity": loss.exp()}));
        Ok(())
    }

    /// Keeps where the run stands, unless that was just kept.
    fn checkpoint(&mut self, mark: &Mark, saved: &mut Option<u64>) -> Result<()> {
        if *saved == Some(mark.step) || mark.step == 0 {
            return Ok(());
        }
        let path = checkpoint::save(self.checkpoints, mark, &self.optimizer.state()?, self.tokenizer)?;
        *saved = Some(mark.step);
        let event: Value = json!({"event": "checkpoint", "step": mark.step, "path": path.display().to_string()});
        self.events.emit(&event);
        Ok(())
    }
}
