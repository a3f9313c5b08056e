//! Whether one run is better than another on the same samples.

use serde::{Deserialize, Serialize};

use super::interval::{RESAMPLES, middle, resample};
use super::{Metric, Statistics};
use crate::base::{Error, Result};

/// What comparing two runs sample by sample gives. Differences are the second run minus the first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairedTest {
    /// By how much the value of the second run is higher.
    pub difference: f64,
    /// The lower end of the 95 % interval of the difference.
    pub low: f64,
    /// The upper end of the 95 % interval of the difference.
    pub high: f64,
    /// How often chance alone would give a difference as large, between 0 and 1. Below 0.05 is usually called significant.
    pub p_value: f64,
    /// Samples on which the second run is better.
    pub wins: u64,
    /// Samples on which both are equal.
    pub ties: u64,
    /// Samples on which the second run is worse.
    pub losses: u64,
}

/// Compares two runs over the same samples in the same order by a paired bootstrap test, seeded.
///
/// The p-value is sacrebleu's: of the differences (without sign) between both runs in 1000 joint draws of the samples,
/// less their mean, the share above the real difference, with 1 added to both counts. P. Koehn, "Statistical
/// significance tests for machine translation evaluation", EMNLP 2004. A draw that is just as far counts too, so that two
/// runs with the same answers get 1 and not the least there is.
pub fn paired_bootstrap(metric: &dyn Metric, first: &Statistics, second: &Statistics, seed: u64) -> Result<PairedTest> {
    let (count, other) = (first.rows().len(), second.rows().len());
    if count != other || count == 0 {
        return Err(Error::invalid("runs", format!("must have the same samples, not {count} and {other}"))
            .hint("compare runs over the same version of a dataset"));
    }
    let difference = metric.value(&second.sums()) - metric.value(&first.sums());
    let mut differences = Vec::with_capacity(RESAMPLES);
    resample(metric, first, Some(second), seed, |first, second| {
        differences.push(metric.value(second) - metric.value(first))
    });
    let p_value = p_value(&differences, difference);
    let (low, high) = middle(&mut differences);
    let mut test = PairedTest { difference, low, high, p_value, wins: 0, ties: 0, losses: 0 };
    let sign = if metric.higher_is_better() { 1.0 } else { -1.0 };
    for (first, second) in first.rows().zip(second.rows()) {
        let gain = sign * (metric.sample_score(second) - metric.sample_score(first));
        // Less than rounding can make is no difference.
        let counter = match gain {
            gain if gain > 1e-12 => &mut test.wins,
            gain if gain < -1e-12 => &mut test.losses,
            _ => &mut test.ties,
        };
        *counter += 1;
    }
    Ok(test)
}

fn p_value(differences: &[f64], difference: f64) -> f64 {
    let mean = differences.iter().map(|d| d.abs()).sum::<f64>() / differences.len().max(1) as f64;
    let beyond = differences.iter().filter(|d| d.abs() - mean >= difference.abs()).count();
    (beyond + 1) as f64 / (differences.len() + 1) as f64
}
