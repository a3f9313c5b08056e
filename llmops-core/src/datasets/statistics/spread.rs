//! How numbers are spread: moments over all, quantiles, bars and what lies far out over all or a sketch that stands for them.

use super::super::binary::{In, Out};
use super::super::{HistogramBar, ValueDistribution, ValueQuantile};
use super::moments::Moments;
use super::sketch::{Sketch, Weighed};

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
    moments: Moments,
    sketch: Sketch,
}

impl Spread {
    /// Keeps at most `room` numbers.
    pub(in super::super) fn new(room: usize) -> Self {
        Self { count: 0, min: 0.0, max: 0.0, moments: Moments::default(), sketch: Sketch::new(room) }
    }

    /// Adds a number.
    pub(in super::super) fn add(&mut self, x: f64) {
        self.count += 1;
        (self.min, self.max) = if self.count == 1 { (x, x) } else { (self.min.min(x), self.max.max(x)) };
        self.moments.add(x);
        self.sketch.add(x);
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        out.u64(self.count);
        [self.min, self.max].into_iter().for_each(|number| out.f64(number));
        self.moments.put(out);
        self.sketch.put(out);
    }

    /// What was put there, with the room of this one.
    pub(super) fn read(&self, from: &mut In<'_>) -> Option<Self> {
        let count = from.u64()?;
        let (min, max) = (from.f64()?, from.f64()?);
        let moments = Moments::read(from, count)?;
        let sketch = self.sketch.read(from, count)?;
        Some(Self { count, min, max, moments, sketch })
    }

    /// The distribution, unless there is no number. What lies far out is told on this scale, which must keep the order.
    pub(in super::super) fn finish(self, scale: fn(f64) -> f64) -> Option<ValueDistribution> {
        self.finish_at(scale, &QUANTILES)
    }

    /// The same with these quantiles.
    pub(in super::super) fn finish_at(self, scale: fn(f64) -> f64, quantiles: &[f64]) -> Option<ValueDistribution> {
        if self.count == 0 {
            return None;
        }
        let all = self.sketch.weighed();
        let (mean, variance) = self.moments.end();
        Some(ValueDistribution {
            min: self.min,
            max: self.max,
            mean: finite(mean),
            std_dev: finite(variance.max(0.0).sqrt()),
            quantiles: quantiles
                .iter()
                .map(|q| ValueQuantile { q: *q, value: finite(quantile(&all, self.count, *q)) })
                .collect(),
            outliers: far_out(&all, self.count, scale),
            histogram: bars(&all, self.min, self.max),
            sampled: !self.sketch.exact(),
            rank_error: self.sketch.rank_error(self.count),
        })
    }
}

/// Sums of the largest numbers are beyond all; JSON knows no such number.
fn finite(x: f64) -> f64 {
    if x.is_nan() { 0.0 } else { x.clamp(f64::MIN, f64::MAX) }
}

/// Linear between the neighbours, as numpy's default. Each value has as many places as it stands for.
fn quantile(all: &[Weighed], count: u64, q: f64) -> f64 {
    let place = q * (count - 1) as f64;
    let (low, high) = (at(all, place.floor()), at(all, place.ceil()));
    low + (high - low) * (place - place.floor())
}

/// The value that has this place.
fn at(all: &[Weighed], place: f64) -> f64 {
    let mut before = 0;
    let found = all.iter().find(|(_, weight)| {
        before += weight;
        before as f64 > place
    });
    found.or(all.last()).map_or(0.0, |(value, _)| *value)
}

/// How many lie far out by Tukey's fences (1977): more than three times the range of the middle half beyond it. Where that
/// range is nothing, or beyond all numbers, nothing is said.
fn far_out(all: &[Weighed], count: u64, scale: fn(f64) -> f64) -> u64 {
    let quartiles = [0.25, 0.75].map(|q| scale(quantile(all, count, q)));
    let Some((low, high)) = fences(quartiles) else { return 0 };
    all.iter().filter(|(x, _)| scale(*x) < low || scale(*x) > high).map(|(_, weight)| weight).sum()
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

fn bars(all: &[Weighed], min: f64, max: f64) -> Vec<HistogramBar> {
    if min == max || !(max - min).is_finite() {
        return vec![HistogramBar { from: min, to: max, count: all.iter().map(|(_, weight)| weight).sum() }];
    }
    let width = (max - min) / BARS as f64;
    let edge = |at: usize| if at == BARS { max } else { min + width * at as f64 };
    let mut counts = [0u64; BARS];
    for (x, weight) in all {
        counts[(((x - min) / width) as usize).min(BARS - 1)] += weight;
    }
    counts
        .iter()
        .enumerate()
        .map(|(at, count)| HistogramBar { from: edge(at), to: edge(at + 1), count: *count })
        .collect()
}
