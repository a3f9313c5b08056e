//! How far a value may be off: intervals of confidence.

use serde::{Deserialize, Serialize};

use super::beta::quantile;
use super::{Metric, Statistics};

/// How many times the bootstrap draws the samples anew.
pub const RESAMPLES: usize = 1000;
/// The seed of the bootstrap unless another is given.
pub const SEED: u64 = 12345;

/// The level of all intervals.
const LEVEL: f64 = 0.95;

/// Where the true value lies with a probability of `level`, as far as the samples can tell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Confidence {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The probability, 0.95.
    pub level: f64,
    /// How it was computed.
    pub method: IntervalMethod,
}

/// How an interval was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IntervalMethod {
    /// The middle 95 % of the values of 1000 draws of the samples with replacement; seeded, so equal at each call.
    Bootstrap,
    /// The exact interval of a proportion.
    ClopperPearson,
}

/// The interval of the value that these statistics have.
pub fn confidence(metric: &dyn Metric, statistics: &Statistics, seed: u64) -> Confidence {
    if metric.capability().proportion {
        let sums = statistics.sums();
        let (low, high) = clopper_pearson(sums[0] as u64, sums[1] as u64);
        return Confidence { low, high, level: LEVEL, method: IntervalMethod::ClopperPearson };
    }
    let mut values = Vec::with_capacity(RESAMPLES);
    resample(statistics, None, seed, |sums, _| values.push(metric.value(sums)));
    let (low, high) = middle(&mut values);
    Confidence { low, high, level: LEVEL, method: IntervalMethod::Bootstrap }
}

/// The exact 95 % interval of a proportion: `successes` among `trials`. C. Clopper and E. S. Pearson, Biometrika 26 (1934).
pub fn clopper_pearson(successes: u64, trials: u64) -> (f64, f64) {
    let successes = successes.min(trials);
    let tail = (1.0 - LEVEL) / 2.0;
    let (k, n) = (successes as f64, trials as f64);
    let low = if successes == 0 { 0.0 } else { quantile(tail, k, n - k + 1.0) };
    let high = if successes == trials { 1.0 } else { quantile(1.0 - tail, k + 1.0, n - k) };
    (low, high)
}

/// The ends of the middle 95 % of `values`: one fortieth is cut off on each side.
pub(super) fn middle(values: &mut [f64]) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let cut = values.len() / 40;
    match (values.get(cut), values.get((values.len() - 1).saturating_sub(cut))) {
        (Some(low), Some(high)) => (*low, *high),
        _ => (0.0, 0.0),
    }
}

/// Draws the samples [`RESAMPLES`] times with replacement and gives the summed rows to `each`; those of `other`, which
/// has the same samples in the same order, are drawn alike.
pub(super) fn resample(
    statistics: &Statistics,
    other: Option<&Statistics>,
    seed: u64,
    mut each: impl FnMut(&[f64], &[f64]),
) {
    let mut random = Random(seed);
    let none = Statistics::default();
    let other = other.unwrap_or(&none);
    let (width, count) = (statistics.width, statistics.rows().len());
    let mut sums = (vec![0.0; width], vec![0.0; other.width]);
    for _ in 0..RESAMPLES {
        sums.0.fill(0.0);
        sums.1.fill(0.0);
        for _ in 0..count {
            let row = random.below(count);
            add(&mut sums.0, &statistics.cells[row * width..]);
            add(&mut sums.1, other.cells.get(row * other.width..).unwrap_or_default());
        }
        each(&sums.0, &sums.1);
    }
}

fn add(sums: &mut [f64], row: &[f64]) {
    for (sum, cell) in sums.iter_mut().zip(row) {
        *sum += cell;
    }
}

/// SplitMix64. Written out because a seed must give the same draws for ever, whatever version a library has.
struct Random(u64);

impl Random {
    /// A number below `bound`, which is far below 2^32; the bias of the product is then beyond notice.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ (z >> 31)) * bound as u128) >> 64) as usize
    }
}
