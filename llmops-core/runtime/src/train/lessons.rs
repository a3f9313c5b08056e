//! Which examples are learnt from, in which order, and how a step lays them side by side.

use candle_core::Tensor;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::spec::Spec;
use crate::data::{self, Encoder, Example, Form, Line};
use crate::error::{Error, Result};
use crate::model::ids;

/// The most examples that are measured on.
const MOST_MEASURED: usize = 512;

/// What is learnt, and what is kept apart.
pub(super) struct Lessons {
    /// Learnt.
    pub(super) train: Vec<Example>,
    /// Measured on.
    pub(super) held: Vec<Example>,
    /// Records without a token to learn in the context.
    pub(super) skipped: usize,
    seed: u64,
    order: (u64, Vec<u32>),
}

/// Examples side by side.
pub(super) struct Batch {
    /// `(examples, longest)`.
    pub(super) ids: Tensor,
    /// Rows of the hidden states after which a token is to be foretold.
    pub(super) rows: Vec<u32>,
    /// These tokens.
    pub(super) targets: Vec<u32>,
    /// Tokens of the examples.
    pub(super) tokens: usize,
}

/// Reads all data of a job.
pub(super) fn read(spec: &Spec) -> Result<Vec<(Form, Vec<Line>)>> {
    let files = spec.data.iter().map(|data| Ok((data.format, data::read(&data.path, Some(data.format))?)));
    let files: Vec<_> = files.collect::<Result<_>>()?;
    match files.iter().any(|(_, lines)| !lines.is_empty()) {
        true => Ok(files),
        false => Err(Error::bad_data("the data hold no examples")),
    }
}

impl Lessons {
    /// Splits the records, turns them into tokens, and cuts these to `context`.
    pub(super) fn new(spec: &Spec, files: &[(Form, Vec<Line>)], encoder: &Encoder<'_>, context: usize) -> Result<Self> {
        let seed = spec.hyper.seed();
        let split = spec.eval.as_ref().and_then(|eval| eval.split).unwrap_or(0.0);
        let mut lessons = Self { train: vec![], held: vec![], skipped: 0, seed, order: (u64::MAX, vec![]) };
        for (at, (form, lines)) in files.iter().enumerate() {
            let mut held: Vec<bool> = vec![false; lines.len()];
            let many = (split * lines.len() as f64).round() as usize;
            for &index in shuffled(lines.len(), seed, u64::MAX - at as u64).iter().take(many) {
                held[index as usize] = true;
            }
            for part in [false, true] {
                let chosen = lines.iter().zip(&held).filter(|(_, held)| **held == part).map(|(line, _)| line);
                let example = |line: &Line| encoder.example(&line.record).map_err(|error| error.of_line(line.number));
                let examples: Vec<Example> = chosen.map(example).collect::<Result<_>>()?;
                let examples = match form {
                    Form::Text => data::pack(&examples, encoder.separator(), context),
                    Form::Prompt | Form::Chat => examples,
                };
                lessons.add(part, examples, context);
            }
        }
        lessons.held.truncate(MOST_MEASURED);
        if lessons.train.is_empty() {
            let within = "hold no token to learn within the context; allow a longer `hyper.context`";
            let why = if lessons.skipped > 0 { within } else { "hold no token to learn" };
            return Err(Error::bad_data(format!("the data {why}")));
        }
        Ok(lessons)
    }

    fn add(&mut self, held: bool, examples: Vec<Example>, context: usize) {
        for mut example in examples {
            example.cut(context + 1);
            match (example.teaches(), held) {
                (false, _) => self.skipped += 1,
                (true, false) => self.train.push(example),
                (true, true) => self.held.push(example),
            }
        }
    }

    /// Tokens of the longest example, but its last.
    pub(super) fn longest(&self) -> usize {
        self.train.iter().chain(&self.held).map(|example| example.tokens.len() - 1).max().unwrap_or(1)
    }

    /// Tokens to learn in one round.
    pub(super) fn tokens(&self) -> usize {
        self.train.iter().map(|example| example.tokens.len()).sum()
    }

    /// The examples of a step: each round takes all of them, in an order of its own that the seed decides alone, so that
    /// a run can go on anywhere.
    pub(super) fn batch(&mut self, step: u64, size: usize) -> Result<Batch> {
        let many = self.train.len() as u64;
        let first = step * size as u64;
        let mut chosen = Vec::with_capacity(size);
        for place in first..first + size as u64 {
            let round = place / many;
            if self.order.0 != round {
                self.order = (round, shuffled(self.train.len(), self.seed, round));
            }
            chosen.push(self.order.1[(place % many) as usize] as usize);
        }
        lay(&chosen.iter().map(|&index| &self.train[index]).collect::<Vec<_>>())
    }
}

/// Lays examples side by side, the shorter ones filled up behind their end, where nothing sees it.
pub(super) fn lay(examples: &[&Example]) -> Result<Batch> {
    let length = examples.iter().map(|example| example.tokens.len() - 1).max().unwrap_or(1);
    let (mut all, mut rows, mut targets) = (vec![0u32; examples.len() * length], vec![], vec![]);
    for (row, example) in examples.iter().enumerate() {
        let seen = example.tokens.len() - 1;
        all[row * length..][..seen].copy_from_slice(&example.tokens[..seen]);
        for at in (0..seen).filter(|at| example.learnt[at + 1]) {
            rows.push((row * length + at) as u32);
            targets.push(example.tokens[at + 1]);
        }
    }
    let tokens = examples.iter().map(|example| example.tokens.len() - 1).sum();
    Ok(Batch { ids: ids(all, examples.len())?, rows, targets, tokens })
}

/// The numbers below `many` in an order that `seed` and `round` decide.
fn shuffled(many: usize, seed: u64, round: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..many as u32).collect();
    let mixed = seed ^ round.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    order.shuffle(&mut StdRng::seed_from_u64(mixed));
    order
}
