//! Scores given pairs of prediction and references; no model is asked.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use serde::de::{MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::metric::{Confidence, Metric, Pair, Parts, SEED, Samples, Statistics, confidence, metric};
use crate::base::{Error, Result};

/// The most metrics that one request may ask for.
pub const MAX_METRICS: usize = 32;
/// The most pairs that one request may hold.
pub const MAX_PAIRS: usize = 100_000;

/// Asks for scores of answers that exist already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScoreRequest {
    /// What to compute, 1 to 32: names, or names with options.
    #[schemars(length(min = 1, max = 32))]
    pub metrics: Vec<MetricSpec>,
    /// The answers with their references, 1 to 100,000.
    #[schemars(length(min = 1, max = 100_000))]
    pub pairs: Vec<Pair>,
}

/// A metric to compute: its name alone, or `{name, label, options}`.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum MetricSpec {
    /// The metric of this name with its default options.
    Name(#[schemars(length(max = 64))] String),
    /// A metric with options.
    Full(FullMetricSpec),
}

/// A metric with options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FullMetricSpec {
    /// The metric, as `bleu`.
    #[schemars(length(max = 64))]
    pub name: String,
    /// What the answer calls it; its name unless given. Needed to ask for one metric twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub label: Option<String>,
    /// The metric's own options, as `{"tokenizer": "intl"}`.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 32))]
    pub options: Map<String, Value>,
}

impl MetricSpec {
    /// What the answer calls it.
    pub fn label(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Full(full) => full.label.as_ref().unwrap_or(&full.name),
        }
    }

    /// The metric itself.
    pub fn build(&self) -> Result<Box<dyn Metric>> {
        match self {
            Self::Name(name) => metric(name, &Map::new()),
            Self::Full(full) => metric(&full.name, &full.options),
        }
    }
}

/// By hand, so that a wrong field is named; an untagged enumeration would only say that nothing fits.
impl<'de> Deserialize<'de> for MetricSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Spec;
        impl<'de> Visitor<'de> for Spec {
            type Value = MetricSpec;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a metric or an object with `name` and `options`")
            }

            fn visit_str<E>(self, name: &str) -> std::result::Result<MetricSpec, E> {
                Ok(MetricSpec::Name(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<MetricSpec, A::Error> {
                FullMetricSpec::deserialize(MapAccessDeserializer::new(map)).map(MetricSpec::Full)
            }
        }
        deserializer.deserialize_any(Spec)
    }
}

/// What the metrics say, over all pairs and one by one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreReport {
    /// Over all pairs, in the order of the request.
    pub metrics: Vec<MetricScore>,
    /// For each pair, in the order of the request.
    pub samples: Vec<SampleScores>,
}

/// One metric over all samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricScore {
    /// The metric as the request calls it.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// The numbers behind the value, as the precisions of BLEU.
    pub parts: Parts,
    /// Where the true value lies.
    pub confidence: Confidence,
    /// What another must know to compute the same, as sacrebleu writes it; BLEU and chrF have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// The scores of one sample.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SampleScores {
    /// By the names of the request.
    pub scores: BTreeMap<String, f64>,
}

impl MetricScore {
    /// What `metric`, called `name`, says for these samples.
    pub fn of(name: &str, metric: &dyn Metric, samples: Samples<'_>, statistics: &Statistics) -> Self {
        Self {
            name: name.to_owned(),
            value: metric.value(&statistics.sums()),
            parts: metric.parts(statistics),
            confidence: confidence(metric, statistics, SEED),
            signature: metric.signature(samples),
        }
    }
}

/// Scores `pairs` by each of `metrics`. Work for a processor core: an asynchronous caller runs it on a blocking thread.
///
/// ```
/// use llmops_core::evaluation::{MetricSpec, metric::Pair, score};
/// let pairs = [Pair { prediction: "Juneau.".into(), references: vec!["Juneau".into()] }];
/// let report = score(&[MetricSpec::Name("exact_match".into())], &pairs)?;
/// assert_eq!(report.metrics[0].value, 1.0);
/// assert_eq!(report.samples[0].scores["exact_match"], 1.0);
/// # Ok::<(), llmops_core::base::Error>(())
/// ```
pub fn score(metrics: &[MetricSpec], pairs: &[Pair]) -> Result<ScoreReport> {
    let built = build(metrics)?;
    check_count("pairs", pairs.len(), MAX_PAIRS)?;
    let samples = Samples::Pairs(pairs);
    let mut report =
        ScoreReport { metrics: Vec::with_capacity(metrics.len()), samples: vec![SampleScores::default(); pairs.len()] };
    for (spec, metric) in metrics.iter().zip(built) {
        let statistics = metric.statistics(samples)?;
        report.metrics.push(MetricScore::of(spec.label(), metric.as_ref(), samples, &statistics));
        for (sample, row) in report.samples.iter_mut().zip(statistics.rows()) {
            sample.scores.insert(spec.label().to_owned(), metric.sample_score(row));
        }
    }
    Ok(report)
}

/// The metrics that these name, each under a name of its own.
pub(super) fn build(metrics: &[MetricSpec]) -> Result<Vec<Box<dyn Metric>>> {
    check_count("metrics", metrics.len(), MAX_METRICS)?;
    let mut seen = HashSet::new();
    for (at, spec) in metrics.iter().enumerate() {
        let label = spec.label();
        if label.is_empty() || label.chars().count() > 64 {
            return Err(Error::invalid(format!("metrics[{at}].label"), "must have 1 to 64 characters")
                .hint("leave it out for the metric's name"));
        }
        if !seen.insert(label) {
            return Err(Error::invalid(format!("metrics[{at}]"), format!("repeats `{label}`"))
                .hint("give one of them another `label`"));
        }
    }
    metrics.iter().enumerate().map(|(at, spec)| spec.build().map_err(|error| at_metric(at, error))).collect()
}

fn check_count(field: &str, count: usize, most: usize) -> Result<()> {
    if (1..=most).contains(&count) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("must hold 1 to {most} items, not {count}"))
        .hint("send them in several requests, or add one"))
}

fn at_metric(at: usize, error: Error) -> Error {
    placed(&format!("metrics[{at}]"), "name", error)
}

/// Puts the place of the metric before the field that an error names; the metric's own name is said in `name`.
pub(super) fn placed(place: &str, name: &str, error: Error) -> Error {
    let own = error.field_name().unwrap_or("name");
    let field = format!("{place}.{}", if own == "name" { name } else { own });
    let rule = match error.field_name() {
        Some(own) => error.message().trim_start_matches(&format!("`{own}` ")).to_owned(),
        None => error.message().to_owned(),
    };
    match error.hint_text() {
        Some(hint) => Error::invalid(field, rule).hint(hint),
        None => Error::invalid(field, rule),
    }
}
