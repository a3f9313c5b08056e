//! Choosing the next token of one request: its parameters, its penalties and its own random numbers.
//!
//! The order is the one clients of vLLM know: bias, penalties, temperature, `top_k`, `top_p`, draw. Ties are broken by
//! token id and sums are kept in `f64`, so that one seed gives one text whatever else runs in the batch.

use std::collections::{BTreeMap, HashMap};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// How one request wants its tokens chosen. All fields are in range: the door checked them.
#[derive(Clone, Debug)]
pub(crate) struct Sampling {
    /// 0 takes the most probable token (greedy).
    pub(crate) temperature: f32,
    /// Keep the smallest set of tokens with this much probability; 1 keeps all.
    pub(crate) top_p: f32,
    /// Keep this many tokens; 0 keeps all.
    pub(crate) top_k: usize,
    /// Seed of the request's own generator.
    pub(crate) seed: u64,
    /// Divides (or multiplies, when negative) the logit of every token in the prompt or the answer; 1 does nothing.
    pub(crate) repetition: f32,
    /// Subtracted once from every token of the answer.
    pub(crate) presence: f32,
    /// Subtracted as often as the token is in the answer.
    pub(crate) frequency: f32,
    /// Added to the logits of single tokens.
    pub(crate) bias: BTreeMap<u32, f32>,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            top_p: 1.0,
            top_k: 0,
            seed: 0,
            repetition: 1.0,
            presence: 0.0,
            frequency: 0.0,
            bias: BTreeMap::new(),
        }
    }
}

/// What a request remembers between its tokens.
pub(crate) struct Sampler {
    rules: Sampling,
    rng: StdRng,
    in_prompt: Vec<u32>,
    in_answer: HashMap<u32, u32>,
}

impl Sampler {
    /// Starts at the request's seed. The prompt is needed for the repetition penalty only.
    pub(crate) fn new(rules: Sampling, prompt: &[u32]) -> Self {
        let mut in_prompt = if rules.repetition == 1.0 { Vec::new() } else { prompt.to_vec() };
        in_prompt.sort_unstable();
        in_prompt.dedup();
        Self { rng: StdRng::seed_from_u64(rules.seed), rules, in_prompt, in_answer: HashMap::new() }
    }

    /// The next token for these logits, which are changed on the way. `None` when no logit is a number to go by.
    pub(crate) fn pick(&mut self, logits: &mut [f32]) -> Option<u32> {
        self.adjust(logits);
        let id = if self.rules.temperature <= 0.0 { greedy(logits)? } else { self.draw(logits)? };
        *self.in_answer.entry(id).or_insert(0) += 1;
        Some(id)
    }

    fn adjust(&self, logits: &mut [f32]) {
        for (&id, bias) in &self.rules.bias {
            if let Some(logit) = logits.get_mut(id as usize) {
                *logit += bias;
            }
        }
        if self.rules.repetition != 1.0 {
            let fresh = self.in_answer.keys().filter(|id| self.in_prompt.binary_search(id).is_err());
            for &id in self.in_prompt.iter().chain(fresh) {
                if let Some(logit) = logits.get_mut(id as usize) {
                    *logit = if *logit > 0.0 { *logit / self.rules.repetition } else { *logit * self.rules.repetition };
                }
            }
        }
        if self.rules.presence != 0.0 || self.rules.frequency != 0.0 {
            for (&id, &count) in &self.in_answer {
                if let Some(logit) = logits.get_mut(id as usize) {
                    *logit -= self.rules.presence + self.rules.frequency * count as f32;
                }
            }
        }
    }

    fn draw(&mut self, logits: &[f32]) -> Option<u32> {
        let best = logits.iter().copied().filter(|x| !x.is_nan()).fold(f32::NEG_INFINITY, f32::max);
        if !best.is_finite() {
            return None;
        }
        let temperature = self.rules.temperature;
        let mut weights: Vec<(u32, f64)> = logits
            .iter()
            .enumerate()
            .map(|(id, &x)| (id as u32, if x.is_nan() { 0.0 } else { f64::from(((x - best) / temperature).exp()) }))
            .collect();
        if self.rules.top_k > 0 && self.rules.top_k < weights.len() {
            order_front(&mut weights, self.rules.top_k);
            weights.truncate(self.rules.top_k);
        }
        if self.rules.top_p < 1.0 {
            keep_top_p(&mut weights, f64::from(self.rules.top_p));
        }
        let total: f64 = weights.iter().map(|w| w.1).sum();
        let mut left = self.rng.random::<f64>() * total;
        for &(id, weight) in &weights {
            left -= weight;
            if left < 0.0 {
                return Some(id);
            }
        }
        // Rounding may leave a crumb after the last weight: the last token that can be drawn gets it.
        weights.iter().rev().find(|w| w.1 > 0.0).map(|w| w.0)
    }
}

/// The most probable token; of equals the one with the lowest id.
fn greedy(logits: &[f32]) -> Option<u32> {
    let mut best: Option<(usize, f32)> = None;
    for (id, &x) in logits.iter().enumerate() {
        if x > best.map_or(f32::NEG_INFINITY, |b| b.1) {
            best = Some((id, x));
        }
    }
    best.filter(|b| b.1.is_finite()).map(|b| b.0 as u32)
}

/// Brings the `n` heaviest to the front, heaviest first, without sorting the rest.
fn order_front(weights: &mut [(u32, f64)], n: usize) {
    let heavier = |a: &(u32, f64), b: &(u32, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if n < weights.len() {
        weights.select_nth_unstable_by(n, heavier);
    }
    let n = n.min(weights.len());
    weights[..n].sort_unstable_by(heavier);
}

/// Exact, yet sorts only as much of the vocabulary as the probability needs: usually the first 64.
fn keep_top_p(weights: &mut Vec<(u32, f64)>, top_p: f64) {
    let wanted = weights.iter().map(|w| w.1).sum::<f64>() * top_p;
    let mut sorted = 64;
    loop {
        order_front(weights, sorted);
        let mut mass = 0.0;
        let enough = weights.iter().take(sorted).position(|w| {
            mass += w.1;
            mass >= wanted
        });
        if let Some(last) = enough {
            return weights.truncate(last + 1);
        }
        if sorted >= weights.len() {
            return;
        }
        sorted *= 8;
    }
}
