//! Perplexity and bits per byte from the log-probabilities of tokens.

use super::{Capability, Likelihood, Metric, Needs, Parts, Samples, Statistics, no_samples, ratio, wrong_kind};
use crate::base::{Error, Result};

/// How many tokens a model hesitates between on average: the exponential of the mean negative log-probability.
#[derive(Debug, Clone, Copy, Default)]
pub struct Perplexity;

/// How many bits a model needs for a byte of text. Unlike perplexity it does not depend on the tokenizer.
#[derive(Debug, Clone, Copy, Default)]
pub struct BitsPerByte;

impl Metric for Perplexity {
    fn name(&self) -> &str {
        "perplexity"
    }

    fn capability(&self) -> Capability {
        lower_is_better()
    }

    fn statistics(&self, samples: Samples<'_>) -> Result<Statistics> {
        rows(self.name(), samples)
    }

    fn value(&self, sums: &[f64]) -> f64 {
        // Beyond the range of numbers it stays the greatest number, which JSON can carry.
        ratio(sums[0], sums[1]).exp().min(f64::MAX)
    }

    fn parts(&self, statistics: &Statistics) -> Parts {
        let sums = statistics.sums();
        Parts::from([
            ("tokens".to_owned(), sums[1]),
            ("bytes".to_owned(), sums[2]),
            ("negativeLogLikelihood".to_owned(), sums[0]),
        ])
    }
}

impl Metric for BitsPerByte {
    fn name(&self) -> &str {
        "bits_per_byte"
    }

    fn capability(&self) -> Capability {
        lower_is_better()
    }

    fn statistics(&self, samples: Samples<'_>) -> Result<Statistics> {
        rows(self.name(), samples)
    }

    fn value(&self, sums: &[f64]) -> f64 {
        ratio(sums[0], sums[2] * std::f64::consts::LN_2)
    }

    fn parts(&self, statistics: &Statistics) -> Parts {
        Perplexity.parts(statistics)
    }
}

fn lower_is_better() -> Capability {
    Capability { needs: Needs::Likelihoods, higher_is_better: false, highest: None, proportion: false }
}

/// Rows of (negative log-likelihood, tokens, bytes).
fn rows(metric: &str, samples: Samples<'_>) -> Result<Statistics> {
    let Samples::Likelihoods(samples) = samples else { return Err(wrong_kind(metric, "token log-probabilities")) };
    if samples.is_empty() {
        return Err(no_samples("likelihoods"));
    }
    let mut statistics = Statistics::with_width(3, samples.len());
    for (at, Likelihood { log_probs, bytes }) in samples.iter().enumerate() {
        let field = |name: &str| format!("likelihoods[{at}].{name}");
        if log_probs.is_empty() {
            return Err(Error::invalid(field("logProbs"), "must hold at least one token")
                .hint("leave out texts without tokens"));
        }
        if *bytes == 0 {
            return Err(Error::invalid(field("bytes"), "must be at least 1").hint("leave out empty texts"));
        }
        // Rounding in a softmax can leave a certain token a hair above 0.
        if let Some(bad) = log_probs.iter().find(|value| !(value.is_finite() && **value <= 1e-3)) {
            return Err(Error::invalid(field("logProbs"), format!("must be finite and at most 0, not {bad}"))
                .hint("give natural logarithms of probabilities"));
        }
        statistics.push([-log_probs.iter().sum::<f64>(), log_probs.len() as f64, *bytes as f64]);
    }
    Ok(statistics)
}
