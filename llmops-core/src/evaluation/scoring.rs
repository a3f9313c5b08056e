//! Scores of samples that have been answered: pure, and work for a processor core.

use std::collections::BTreeMap;

use super::metric::{Likelihood, Metric, Needs, Pair, Samples, Statistics};
use super::score::build;
use super::{MetricScore, MetricSpec};
use crate::base::{Error, Result};

/// An answered sample, as far as metrics look at it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Answered {
    pub reference: Option<String>,
    pub prediction: Option<String>,
    pub ms: Option<f64>,
    /// The sum of log-probabilities, how many they were, and the bytes they stand for.
    pub likelihood: Option<(f64, u64, u64)>,
}

/// What the metrics make of all samples.
#[derive(Debug, Default)]
pub(super) struct Scored {
    /// Over all of them.
    pub metrics: Vec<MetricScore>,
    /// One by one.
    pub samples: Vec<Marks>,
}

/// What the metrics make of one sample, by their names.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Marks {
    /// Its scores; a metric that could not look at it has none.
    pub scores: BTreeMap<String, f64>,
    /// The rows of sums behind them.
    pub sums: BTreeMap<String, Vec<f64>>,
}

/// Scores samples in their order. A sample without an answer has the empty one.
pub(super) fn score_all(specs: &[MetricSpec], samples: &[Answered]) -> Result<Scored> {
    let mut scored = Scored { metrics: Vec::new(), samples: vec![Marks::default(); samples.len()] };
    for (spec, metric) in specs.iter().zip(build(specs)?) {
        let looked = look(metric.as_ref(), samples)?;
        let label = spec.label();
        scored.metrics.push(MetricScore::of(label, metric.as_ref(), looked.subject.samples(), &looked.statistics));
        let mut rows = looked.statistics.rows();
        for (marks, present) in scored.samples.iter_mut().zip(looked.present) {
            if let Some(row) = present.then(|| rows.next()).flatten() {
                marks.scores.insert(label.to_owned(), metric.sample_score(row));
                marks.sums.insert(label.to_owned(), row.to_vec());
            }
        }
    }
    Ok(scored)
}

/// Rows of sums that were kept, as statistics; those of samples that a metric could not look at are empty.
pub(super) fn statistics(rows: &[Vec<f64>]) -> Statistics {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut statistics = Statistics::with_width(width, rows.len());
    rows.iter().for_each(|row| statistics.push(row.iter().copied()));
    statistics
}

struct Looked {
    subject: Subject,
    statistics: Statistics,
    /// Which samples the metric looked at.
    present: Vec<bool>,
}

enum Subject {
    Pairs(Vec<Pair>),
    Likelihoods(Vec<Likelihood>),
    Latencies(Vec<f64>),
}

impl Subject {
    fn samples(&self) -> Samples<'_> {
        match self {
            Self::Pairs(pairs) => Samples::Pairs(pairs),
            Self::Likelihoods(likelihoods) => Samples::Likelihoods(likelihoods),
            Self::Latencies(latencies) => Samples::Latencies(latencies),
        }
    }
}

fn look(metric: &dyn Metric, samples: &[Answered]) -> Result<Looked> {
    let needs = metric.capability().needs;
    let present: Vec<bool> = samples.iter().map(|sample| has(sample, needs)).collect();
    let of = samples.iter().zip(&present).filter(|(_, present)| **present).map(|(sample, _)| sample);
    let subject = match needs {
        Needs::Pairs => Subject::Pairs(of.map(pair).collect()),
        Needs::Likelihoods => Subject::Likelihoods(of.filter_map(likelihood).collect()),
        Needs::Latencies => Subject::Latencies(of.filter_map(|sample| sample.ms).collect()),
    };
    let statistics = metric.statistics(subject.samples()).map_err(|error| {
        Error::conflict(format!("`{}` cannot be computed: {}", metric.name(), error.message())).code("metric_failed")
    })?;
    Ok(Looked { subject, statistics, present })
}

fn has(sample: &Answered, needs: Needs) -> bool {
    match needs {
        Needs::Pairs => sample.reference.is_some(),
        Needs::Likelihoods => sample.likelihood.is_some_and(|(_, tokens, bytes)| tokens > 0 && bytes > 0),
        Needs::Latencies => sample.ms.is_some(),
    }
}

fn pair(sample: &Answered) -> Pair {
    Pair {
        prediction: sample.prediction.clone().unwrap_or_default(),
        references: sample.reference.iter().cloned().collect(),
    }
}

/// Only the sum of the log-probabilities was kept, so each token gets its mean.
fn likelihood(sample: &Answered) -> Option<Likelihood> {
    let (sum, tokens, bytes) = sample.likelihood?;
    let mean = sum / tokens.max(1) as f64;
    Some(Likelihood { log_probs: vec![mean; usize::try_from(tokens).unwrap_or_default()], bytes })
}
