//! Exact match and token F1 as the evaluation script of SQuAD v1.1 defines them, on a scale of 0 to 1.
//!
//! Both normalise: lower case, no ASCII punctuation, no `a`, `an`, `the`, words parted by white space. Of several
//! references the best one counts. Two empty answers match exactly but share no token, so their F1 is 0.

use super::ngram::{Grams, Sequences};
use super::unicode::{is_word, lowercase};
use super::words::{Names, Words};
use super::{Capability, Metric, Needs, Pair, Samples, Statistics, pairs_of, ratio};
use crate::base::Result;

/// The share of predictions that equal a reference after normalisation.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExactMatch;

/// The mean overlap of words between prediction and reference, as harmonic mean of precision and recall.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokenF1;

impl Metric for ExactMatch {
    fn name(&self) -> &str {
        "exact_match"
    }

    fn capability(&self) -> Capability {
        Capability { needs: Needs::Pairs, higher_is_better: true, highest: Some(1.0), proportion: true }
    }

    fn statistics(&self, samples: Samples<'_>) -> Result<Statistics> {
        let mut scratch = Scratch::default();
        per_pair(pairs_of(self.name(), samples)?, |pair| scratch.exact(pair))
    }

    fn value(&self, sums: &[f64]) -> f64 {
        ratio(sums[0], sums[1])
    }
}

impl Metric for TokenF1 {
    fn name(&self) -> &str {
        "token_f1"
    }

    fn capability(&self) -> Capability {
        Capability { needs: Needs::Pairs, higher_is_better: true, highest: Some(1.0), proportion: false }
    }

    fn statistics(&self, samples: Samples<'_>) -> Result<Statistics> {
        let mut scratch = Scratch::default();
        per_pair(pairs_of(self.name(), samples)?, |pair| scratch.f1(pair))
    }

    fn value(&self, sums: &[f64]) -> f64 {
        ratio(sums[0], sums[1])
    }
}

/// Rows of (score, 1), so that the value is a mean.
fn per_pair(pairs: &[Pair], mut score: impl FnMut(&Pair) -> f64) -> Result<Statistics> {
    let mut statistics = Statistics::with_width(2, pairs.len());
    for pair in pairs {
        statistics.push([score(pair), 1.0]);
    }
    Ok(statistics)
}

#[derive(Default)]
struct Scratch {
    lower: String,
    prediction: Words,
    reference: Words,
    names: Names,
    predicted: Vec<u32>,
    referred: Sequences,
    grams: Grams,
}

impl Scratch {
    fn exact(&mut self, pair: &Pair) -> f64 {
        normalise(&pair.prediction, &mut self.lower, &mut self.prediction);
        let matches = pair.references.iter().any(|reference| {
            normalise(reference, &mut self.lower, &mut self.reference);
            let (left, right) = (&self.prediction, &self.reference);
            left.len() == right.len() && (0..left.len()).all(|word| left.bytes(word) == right.bytes(word))
        });
        if matches { 1.0 } else { 0.0 }
    }

    fn f1(&mut self, pair: &Pair) -> f64 {
        normalise(&pair.prediction, &mut self.lower, &mut self.prediction);
        self.predicted.clear();
        self.names.fill(&self.prediction, &mut self.predicted);
        pair.references.iter().map(|reference| self.f1_of(reference)).fold(0.0, f64::max)
    }

    fn f1_of(&mut self, reference: &str) -> f64 {
        normalise(reference, &mut self.lower, &mut self.reference);
        self.referred.clear();
        self.names.find(&self.prediction, &self.reference, &mut self.referred.names);
        self.referred.close();
        let mut shared = [0];
        self.grams.matches(&self.predicted, self.names.len(), &self.referred, &mut shared);
        if shared[0] == 0 {
            return 0.0;
        }
        let precision = shared[0] as f64 / self.prediction.len() as f64;
        let recall = shared[0] as f64 / self.reference.len() as f64;
        2.0 * precision * recall / (precision + recall)
    }
}

/// Writes the words of `text` that count to `words`.
fn normalise(text: &str, lower: &mut String, words: &mut Words) {
    lowercase(text, lower);
    lower.retain(|c| !c.is_ascii_punctuation());
    words.clear();
    let mut rest = lower.as_str();
    while let Some(start) = rest.find(is_word) {
        words.text.extend_from_slice(&rest.as_bytes()[..start]);
        rest = &rest[start..];
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        words.text.extend_from_slice(if matches!(word, "a" | "an" | "the") { b" " } else { word.as_bytes() });
        rest = after;
    }
    words.text.extend_from_slice(rest.as_bytes());
    words.split();
}
