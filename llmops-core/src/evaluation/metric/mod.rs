//! Metrics: how good answers are. Pure functions of samples; no database, no clock, no thread.
//!
//! Text metrics equal their reference implementations (sacrebleu 2.6, rouge-score 0.1.2, the SQuAD v1.1 script) to
//! 1e-9, which golden files hold. Every metric first makes one row of sums per sample ([`Statistics`]); its value is a
//! function of the summed rows. That one shape gives the value of a corpus, the score of each sample, bootstrap
//! intervals and paired tests without a second look at the texts.
//!
//! Scoring is work for a processor core: an asynchronous caller runs it on a blocking thread.

mod beta;
mod bleu;
mod chrf;
mod interval;
mod latency;
mod lcs;
mod likelihood;
mod ngram;
mod options;
mod paired;
mod porter;
mod rouge;
mod squad;
mod tokenize;
mod unicode;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::{Error, Result};

pub use bleu::{Bleu, BleuOptions, Smoothing};
pub use chrf::{Chrf, ChrfOptions};
pub use interval::{Confidence, IntervalMethod, RESAMPLES, SEED, clopper_pearson, confidence};
pub use latency::Latency;
pub use likelihood::{BitsPerByte, Perplexity};
pub(in crate::evaluation) use options::parse;
pub use paired::{PairedTest, paired_bootstrap};
pub use rouge::{Rouge, RougeKind, RougeOptions};
pub use squad::{ExactMatch, TokenF1};
pub use tokenize::Tokenizer;

/// The most bytes that one prediction or reference may have.
pub const MAX_TEXT_BYTES: usize = 1 << 20;
/// The most references that one prediction may have.
pub const MAX_REFERENCES: usize = 64;

/// What a model said and what it should have said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "ScoredPair")]
pub struct Pair {
    /// The answer to be judged, at most 1 MiB.
    #[schemars(length(max = 1_048_576))]
    pub prediction: String,
    /// Answers that are right, 1 to 64, each at most 1 MiB.
    #[schemars(length(min = 1, max = 64), inner(length(max = 1_048_576)))]
    pub references: Vec<String>,
}

/// How likely a model found one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Likelihood {
    /// The natural logarithm of each token's probability.
    pub log_probs: Vec<f64>,
    /// How many bytes of UTF-8 those tokens stand for.
    pub bytes: u64,
}

/// What a metric works on, one item per sample.
#[derive(Debug, Clone, Copy)]
pub enum Samples<'a> {
    /// Predictions with references.
    Pairs(&'a [Pair]),
    /// Token log-probabilities.
    Likelihoods(&'a [Likelihood]),
    /// Durations in milliseconds.
    Latencies(&'a [f64]),
}

/// What a metric needs of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "MetricNeeds")]
pub enum Needs {
    /// A prediction and its references.
    Pairs,
    /// Log-probabilities of the tokens of a text.
    Likelihoods,
    /// How long the answer took.
    Latencies,
}

/// What a metric is, as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "MetricCapability")]
pub struct Capability {
    /// What it computes on.
    pub needs: Needs,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// The best value there is, if there is one: 1 for shares, 100 for BLEU and chrF.
    pub highest: Option<f64>,
    /// Whether each sample is either right (1) or wrong (0); its interval is then exact.
    pub proportion: bool,
}

/// Named numbers behind a value, as the precisions of BLEU.
pub type Parts = BTreeMap<String, f64>;

/// One row of sums per sample; all rows have the same width.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statistics {
    width: usize,
    cells: Vec<f64>,
}

impl Statistics {
    /// No rows yet, each to be `width` wide, with room for `rows`.
    pub fn with_width(width: usize, rows: usize) -> Self {
        Self { width: width.max(1), cells: Vec::with_capacity(width * rows) }
    }

    /// Appends the row of the next sample.
    pub fn push(&mut self, row: impl IntoIterator<Item = f64>) {
        let end = self.cells.len() + self.width;
        self.cells.extend(row.into_iter().take(self.width));
        self.cells.resize(end, 0.0);
    }

    /// The rows in the order of the samples.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> + '_ {
        self.cells.chunks_exact(self.width.max(1))
    }

    /// All rows added up.
    pub fn sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.width];
        for row in self.rows() {
            for (sum, cell) in sums.iter_mut().zip(row) {
                *sum += cell;
            }
        }
        sums
    }
}

/// One way to measure answers.
///
/// A new one needs [`Metric::statistics`] and [`Metric::value`]; intervals, tests and reports follow from them.
pub trait Metric: Send + Sync {
    /// The name that requests use.
    fn name(&self) -> &str;

    /// What it needs and what its values mean.
    fn capability(&self) -> Capability;

    /// Makes the row of each sample. Samples of another kind than [`Capability::needs`] are an error, as are none.
    fn statistics(&self, samples: Samples<'_>) -> Result<Statistics>;

    /// How many columns of the `width`, from the first, [`Metric::value`] reads; the others are for [`Metric::parts`].
    fn columns(&self, width: usize) -> usize {
        width
    }

    /// The value for the sum of some rows, of which the first [`Metric::columns`] are enough.
    fn value(&self, sums: &[f64]) -> f64;

    /// The score of one sample from its row.
    fn sample_score(&self, row: &[f64]) -> f64 {
        self.value(row)
    }

    /// The numbers behind the value.
    fn parts(&self, _statistics: &Statistics) -> Parts {
        Parts::new()
    }

    /// What another must know to compute the same, as sacrebleu writes it.
    fn signature(&self, _samples: Samples<'_>) -> Option<String> {
        None
    }

    /// Whether more is better.
    fn higher_is_better(&self) -> bool {
        self.capability().higher_is_better
    }
}

/// The names that [`metric`] knows.
pub const METRICS: &[&str] = &[
    "exact_match",
    "token_f1",
    "bleu",
    "chrf",
    "rouge1",
    "rouge2",
    "rougeL",
    "rougeLsum",
    "perplexity",
    "bits_per_byte",
    "latency",
];

/// The metric of this name. Case, hyphens and underscores do not matter, so `ROUGE-L` is `rougeL`.
///
/// ```
/// # use llmops_core::evaluation::metric::{Pair, Samples, metric};
/// let bleu = metric("bleu", &serde_json::from_str(r#"{"tokenizer": "intl"}"#)?)?;
/// let pairs = [Pair { prediction: "The cat sat.".into(), references: vec!["The cat sat.".into()] }];
/// let statistics = bleu.statistics(Samples::Pairs(&pairs))?;
/// assert_eq!(bleu.sample_score(&statistics.sums()).round(), 100.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn metric(name: &str, options: &Map<String, Value>) -> Result<Box<dyn Metric>> {
    let key: String = name.chars().filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect();
    Ok(match key.as_str() {
        "exactmatch" | "em" => Box::new(options::parse::<options::Nothing>(options).map(|_| ExactMatch)?),
        "tokenf1" | "f1" => Box::new(options::parse::<options::Nothing>(options).map(|_| TokenF1)?),
        "bleu" => Box::new(Bleu::new(options::parse(options)?)?),
        "chrf" => Box::new(Chrf::new(options::parse(options)?)?),
        "rouge1" => Box::new(Rouge::new(RougeKind::One, options::parse(options)?)),
        "rouge2" => Box::new(Rouge::new(RougeKind::Two, options::parse(options)?)),
        "rougel" => Box::new(Rouge::new(RougeKind::L, options::parse(options)?)),
        "rougelsum" => Box::new(Rouge::new(RougeKind::LSum, options::parse(options)?)),
        "perplexity" => Box::new(options::parse::<options::Nothing>(options).map(|_| Perplexity)?),
        "bitsperbyte" => Box::new(options::parse::<options::Nothing>(options).map(|_| BitsPerByte)?),
        "latency" => Box::new(options::parse::<options::Nothing>(options).map(|_| Latency)?),
        _ => {
            let known = METRICS.join(", ");
            return Err(Error::invalid("name", format!("must be a metric that exists, not `{}`", brief(name)))
                .hint(format!("there are {known}")));
        }
    })
}

/// The start of a text that goes into a message.
fn brief(text: &str) -> String {
    text.chars().take(64).collect()
}

/// The pairs among samples of any kind, or what is wrong with them.
fn pairs_of<'a>(metric: &str, samples: Samples<'a>) -> Result<&'a [Pair]> {
    let Samples::Pairs(pairs) = samples else { return Err(wrong_kind(metric, "predictions with references")) };
    if pairs.is_empty() {
        return Err(no_samples("pairs"));
    }
    for (at, pair) in pairs.iter().enumerate() {
        check_pair(pair).map_err(|(field, rule)| {
            Error::invalid(format!("pairs[{at}].{field}"), rule).hint("mend the pair, or leave it out")
        })?;
    }
    Ok(pairs)
}

fn check_pair(pair: &Pair) -> Result<(), (String, String)> {
    let long = |text: &String| text.len() > MAX_TEXT_BYTES;
    let too_long = |text: &String| format!("must have at most {MAX_TEXT_BYTES} bytes, not {}", text.len());
    let count = pair.references.len();
    if count == 0 || count > MAX_REFERENCES {
        return Err(("references".into(), format!("must hold 1 to {MAX_REFERENCES} texts, not {count}")));
    }
    if long(&pair.prediction) {
        return Err(("prediction".into(), too_long(&pair.prediction)));
    }
    match pair.references.iter().enumerate().find(|(_, text)| long(text)) {
        Some((at, text)) => Err((format!("references[{at}]"), too_long(text))),
        None => Ok(()),
    }
}

fn wrong_kind(metric: &str, needs: &str) -> Error {
    Error::invalid("metrics", format!("must suit the samples; `{metric}` needs {needs}"))
        .hint("leave the metric out, or give samples of the kind it needs")
}

fn no_samples(field: &str) -> Error {
    Error::invalid(field, "must hold at least one sample").hint("send at least one")
}

/// A quotient that is 0 where nothing is divided by nothing.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests;
