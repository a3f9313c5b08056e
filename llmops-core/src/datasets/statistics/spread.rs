//! How numbers are spread: moments over all, quantiles and bars over all or an even sample.

use super::super::binary::{In, Out};
use super::super::{HistogramBar, ValueDistribution, ValueQuantile};

/// Bars of a histogram.
const BARS: usize = 20;
const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// Of counts of tokens the long ones matter: they do not fit.
pub(in super::super) const TOKEN_QUANTILES: [f64; 4] = [0.5, 0.9, 0.95, 0.99];

/// Numbers in the making of their distribution.
pub(in super::super) struct Spread {
    count: u64,
    min: f64,
    max: f64,
    mean: f64,
    squares: f64,
    sample: Vec<f64>,
    room: usize,
    state: u64,
}

impl Spread {
    /// Keeps at most `room` numbers.
    pub(in super::super) fn new(room: usize) -> Self {
        let state = 0x9E37_79B9_7F4A_7C15;
        Self { count: 0, min: 0.0, max: 0.0, mean: 0.0, squares: 0.0, sample: Vec::new(), room: room.max(1), state }
    }

    /// Adds a number: Welford's mean and variance, and Vitter's algorithm R for the sample.
    pub(in super::super) fn add(&mut self, x: f64) {
        self.count += 1;
        (self.min, self.max) = if self.count == 1 { (x, x) } else { (self.min.min(x), self.max.max(x)) };
        let off = x - self.mean;
        self.mean += off / self.count as f64;
        self.squares += off * (x - self.mean);
        if self.sample.len() < self.room {
            self.sample.push(x);
        } else {
            let at = self.random() % self.count;
            if let Some(slot) = usize::try_from(at).ok().and_then(|at| self.sample.get_mut(at)) {
                *slot = x;
            }
        }
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        out.u64(self.count);
        [self.min, self.max, self.mean, self.squares].into_iter().for_each(|number| out.f64(number));
        out.u64(self.state);
        out.numbers(self.sample.iter().map(|x| x.to_bits()));
    }

    /// What was put there, with the room of this one.
    pub(super) fn read(&self, from: &mut In<'_>) -> Option<Self> {
        let count = from.u64()?;
        let [min, max, mean, squares] = [from.f64()?, from.f64()?, from.f64()?, from.f64()?];
        let state = from.u64()?;
        let sample: Vec<u64> = from.numbers()?;
        let sample: Vec<f64> = sample.into_iter().map(f64::from_bits).collect();
        let room = self.room;
        (sample.len() <= room).then_some(Self { count, min, max, mean, squares, sample, room, state })
    }

    /// The distribution, unless there is no number. What lies far out is told on this scale, which must keep the order.
    pub(in super::super) fn finish(self, scale: fn(f64) -> f64) -> Option<ValueDistribution> {
        self.finish_at(scale, &QUANTILES)
    }

    /// The same with these quantiles.
    pub(in super::super) fn finish_at(mut self, scale: fn(f64) -> f64, quantiles: &[f64]) -> Option<ValueDistribution> {
        if self.count == 0 {
            return None;
        }
        self.sample.sort_by(f64::total_cmp);
        Some(ValueDistribution {
            min: self.min,
            max: self.max,
            mean: finite(self.mean),
            std_dev: finite((self.squares / self.count as f64).max(0.0).sqrt()),
            quantiles: quantiles
                .iter()
                .map(|q| ValueQuantile { q: *q, value: finite(quantile(&self.sample, *q)) })
                .collect(),
            outliers: far_out(&self.sample, scale),
            histogram: bars(&self.sample, self.min, self.max),
            sampled: self.count > self.sample.len() as u64,
            rank_error: (self.count > self.sample.len() as u64).then(|| rank_error(self.sample.len())),
        })
    }

    /// splitmix64 with a fixed seed: the same data give the same report.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

/// What the empirical distribution of so many values drawn evenly is off by at most, in 99 of 100 cases.
fn rank_error(drawn: usize) -> f64 {
    ((2.0f64 / 0.01).ln() / (2.0 * drawn as f64)).sqrt()
}

/// Sums of the largest numbers are beyond all; JSON knows no such number.
fn finite(x: f64) -> f64 {
    if x.is_nan() { 0.0 } else { x.clamp(f64::MIN, f64::MAX) }
}

/// Linear between the neighbours, as numpy's default.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let place = q * (sorted.len() - 1) as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    sorted[low] + (sorted[high] - sorted[low]) * (place - low as f64)
}

/// How many lie far out by Tukey's fences (1977): more than three times the range of the middle half beyond it. Where that
/// range is nothing, or beyond all numbers, nothing is said.
fn far_out(sorted: &[f64], scale: fn(f64) -> f64) -> u64 {
    let quartiles = [0.25, 0.75].map(|q| scale(quantile(sorted, q)));
    let Some((low, high)) = fences(quartiles) else { return 0 };
    sorted.iter().filter(|x| scale(**x) < low || scale(**x) > high).count() as u64
}

fn fences([low, high]: [f64; 2]) -> Option<(f64, f64)> {
    let reach = 3.0 * (high - low);
    (reach > 0.0 && reach.is_finite()).then_some((low - reach, high + reach))
}

impl ValueDistribution {
    /// Beyond what values lie far out on this scale, on that scale; nothing where nothing is said of that.
    pub(in super::super) fn fences(&self, scale: fn(f64) -> f64) -> Option<(f64, f64)> {
        let quartile = |q: f64| self.quantiles.iter().find(|quantile| quantile.q == q).map(|found| scale(found.value));
        fences([quartile(0.25)?, quartile(0.75)?])
    }
}

fn bars(sorted: &[f64], min: f64, max: f64) -> Vec<HistogramBar> {
    if min == max || !(max - min).is_finite() {
        return vec![HistogramBar { from: min, to: max, count: sorted.len() as u64 }];
    }
    let width = (max - min) / BARS as f64;
    let edge = |at: usize| if at == BARS { max } else { min + width * at as f64 };
    let mut counts = [0u64; BARS];
    for x in sorted {
        counts[(((x - min) / width) as usize).min(BARS - 1)] += 1;
    }
    counts
        .iter()
        .enumerate()
        .map(|(at, count)| HistogramBar { from: edge(at), to: edge(at + 1), count: *count })
        .collect()
}
