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
    let none = Statistics::default();
    let mut drawers = [Drawer::new(statistics), Drawer::new(other.unwrap_or(&none))];
    let mut random = Random(seed);
    let mut drawn = vec![0; statistics.rows().len()];
    for _ in 0..RESAMPLES {
        random.fill(&mut drawn);
        let [first, second] = &mut drawers;
        each(first.sums(&drawn), second.sums(&drawn));
    }
}

/// How many columns are summed at once.
const LANES: usize = 4;

/// Sums rows that were drawn. They lie group by group of columns, so that the sums of a group stay in registers.
struct Drawer {
    groups: Vec<Vec<[f64; LANES]>>,
    sums: Vec<f64>,
    width: usize,
}

impl Drawer {
    fn new(statistics: &Statistics) -> Self {
        let width = statistics.width;
        let group = |from: usize| {
            let lane = |row: &[f64], at: usize| row.get(from + at).copied().unwrap_or_default();
            statistics.rows().map(|row| std::array::from_fn(|at| lane(row, at))).collect()
        };
        let groups: Vec<_> = (0..width).step_by(LANES).map(group).collect();
        Self { sums: vec![0.0; groups.len() * LANES], groups, width }
    }

    fn sums(&mut self, drawn: &[u32]) -> &[f64] {
        for (sums, rows) in self.sums.chunks_exact_mut(LANES).zip(&self.groups) {
            sums.copy_from_slice(&total(rows, drawn));
        }
        &self.sums[..self.width]
    }
}

/// Two sums at once, so that no addition waits for the one before it.
fn total(rows: &[[f64; LANES]], drawn: &[u32]) -> [f64; LANES] {
    let mut sums = [[0.0; LANES]; 2];
    let (pairs, rest) = drawn.as_chunks::<2>();
    for pair in pairs {
        add(&mut sums[0], &rows[pair[0] as usize]);
        add(&mut sums[1], &rows[pair[1] as usize]);
    }
    let [mut total, odd] = sums;
    add(&mut total, &odd);
    rest.iter().for_each(|at| add(&mut total, &rows[*at as usize]));
    total
}

fn add(sums: &mut [f64; LANES], row: &[f64; LANES]) {
    for (sum, cell) in sums.iter_mut().zip(row) {
        *sum += cell;
    }
}

/// Wang Yi's wyrand. Written out because a seed must give the same draws for ever, whatever version a library has.
struct Random(u64);

impl Random {
    /// Numbers below how many there are, two from each draw of 64 bits. There are far fewer than 2^32, so the bias of the
    /// product is beyond notice.
    fn fill(&mut self, numbers: &mut [u32]) {
        let bound = numbers.len() as u64;
        let below = |bits: u64| ((bits * bound) >> 32) as u32;
        let (pairs, rest) = numbers.as_chunks_mut::<2>();
        for pair in pairs {
            let bits = self.draw();
            *pair = [below(bits >> 32), below(bits & u64::from(u32::MAX))];
        }
        rest.iter_mut().for_each(|number| *number = below(self.draw() >> 32));
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0xa076_1d64_78bd_642f);
        let product = u128::from(self.0) * u128::from(self.0 ^ 0xe703_7ed1_a0b4_28db);
        (product >> 64) as u64 ^ product as u64
    }
}
