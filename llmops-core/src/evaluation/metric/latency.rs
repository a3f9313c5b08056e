//! How long answers took.

use super::{Capability, Metric, Needs, Parts, Samples, Statistics, no_samples, ratio, wrong_kind};
use crate::base::{Error, Result};

/// The mean duration in milliseconds; the percentiles are among its parts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Latency;

impl Metric for Latency {
    fn name(&self) -> &str {
        "latency"
    }

    fn capability(&self) -> Capability {
        Capability { needs: Needs::Latencies, higher_is_better: false, highest: None, proportion: false }
    }

    fn statistics(&self, samples: Samples<'_>) -> Result<Statistics> {
        let Samples::Latencies(samples) = samples else { return Err(wrong_kind(self.name(), "durations")) };
        if samples.is_empty() {
            return Err(no_samples("latencies"));
        }
        if let Some(at) = samples.iter().position(|ms| !(ms.is_finite() && *ms >= 0.0)) {
            return Err(Error::invalid(format!("latencies[{at}]"), "must be a number of milliseconds, 0 or more")
                .hint("leave out what was not measured"));
        }
        let mut statistics = Statistics::with_width(2, samples.len());
        samples.iter().for_each(|ms| statistics.push([*ms, 1.0]));
        Ok(statistics)
    }

    fn value(&self, sums: &[f64]) -> f64 {
        ratio(sums[0], sums[1])
    }

    fn parts(&self, statistics: &Statistics) -> Parts {
        let mut sorted: Vec<f64> = statistics.rows().map(|row| row[0]).collect();
        sorted.sort_by(f64::total_cmp);
        let mut parts = Parts::from([("mean".to_owned(), self.value(&statistics.sums()))]);
        let points = [("min", 0.0), ("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)];
        parts.extend(points.map(|(name, share)| (name.to_owned(), percentile(&sorted, share))));
        parts
    }
}

/// The value below which `share` of the sorted values lie, between neighbours by proportion, as NumPy has it.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}
