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
    resample(metric, statistics, None, seed, |sums, _| values.push(metric.value(sums)));
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

/// Draws the samples [`RESAMPLES`] times with replacement and gives the sums of what `metric` reads to `each`; the rows of
/// `other`, which has the same samples in the same order, are drawn alike.
pub(super) fn resample(
    metric: &dyn Metric,
    statistics: &Statistics,
    other: Option<&Statistics>,
    seed: u64,
    mut each: impl FnMut(&[f64], &[f64]),
) {
    let none = Statistics::default();
    let mut drawers = [statistics, other.unwrap_or(&none)].map(|rows| Drawer::new(rows, metric.columns(rows.width)));
    let mut random = Random(seed);
    let mut drawn = Drawn::new(statistics.rows().len());
    let counted = drawers.iter().flat_map(|drawer| &drawer.columns).any(|column| matches!(column, Column::Whole(_)));
    for _ in 0..RESAMPLES {
        random.fill(&mut drawn.samples);
        if counted {
            drawn.count();
        }
        let [first, second] = &mut drawers;
        each(first.sums(&drawn), second.sums(&drawn));
    }
}

/// One draw: the samples as they came, and how often each did.
struct Drawn {
    samples: Vec<u32>,
    times: Vec<i16>,
}

impl Drawn {
    fn new(count: usize) -> Self {
        Self { samples: vec![0; count], times: vec![0; count] }
    }

    fn count(&mut self) {
        self.times.fill(0);
        for sample in &self.samples {
            let times = &mut self.times[*sample as usize];
            *times = times.saturating_add(1); // on average each comes once
        }
    }
}

/// Sums the rows that were drawn.
struct Drawer {
    columns: Vec<Column>,
    sums: Vec<f64>,
}

impl Drawer {
    fn new(statistics: &Statistics, columns: usize) -> Self {
        let columns: Vec<_> = (0..columns).map(|at| Column::new(statistics, at)).collect();
        Self { sums: vec![0.0; columns.len()], columns }
    }

    fn sums(&mut self, drawn: &Drawn) -> &[f64] {
        for (sum, column) in self.sums.iter_mut().zip(&self.columns) {
            *sum = column.sum(drawn);
        }
        &self.sums
    }
}

/// One column of all rows, as its cells are summed fastest.
enum Column {
    /// The same in each row, and so in each draw.
    Constant(f64),
    /// Counts so small that 31 bits hold the sum of any draw.
    Whole(Vec<i16>),
    Real(Vec<f64>),
}

impl Column {
    fn new(statistics: &Statistics, at: usize) -> Self {
        let cells = || statistics.rows().map(|row| row[at]);
        let first = cells().next().unwrap_or_default();
        let most = f64::from(i16::MAX).min(f64::from(i32::MAX) / cells().len().max(1) as f64);
        if cells().all(|cell| cell == first) {
            Self::Constant(first)
        } else if cells().all(|cell| (0.0..=most).contains(&cell) && cell.fract() == 0.0) {
            Self::Whole(cells().map(|cell| cell as i16).collect())
        } else {
            Self::Real(cells().collect())
        }
    }

    fn sum(&self, drawn: &Drawn) -> f64 {
        match self {
            Self::Constant(cell) => cell * drawn.samples.len() as f64,
            Self::Whole(cells) => {
                let product = |(times, cell): (&i16, &i16)| i32::from(*times) * i32::from(*cell);
                f64::from(drawn.times.iter().zip(cells).map(product).sum::<i32>())
            }
            Self::Real(cells) => total(cells, &drawn.samples),
        }
    }
}

/// Four sums at once, so that no addition waits for the one before it.
fn total(cells: &[f64], samples: &[u32]) -> f64 {
    let cell = |sample: u32| cells[sample as usize];
    let [mut a, mut b, mut c, mut d] = [0.0; 4];
    let (fours, rest) = samples.as_chunks();
    for [first, second, third, fourth] in fours {
        a += cell(*first);
        b += cell(*second);
        c += cell(*third);
        d += cell(*fourth);
    }
    rest.iter().for_each(|sample| a += cell(*sample));
    a + b + c + d
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
