//! How the columns of a version are spread beside those of its parent.

use super::{ColumnDrift, ColumnStatistics, DatasetStatistics, ValueDistribution};

/// What the share of missing values may change by.
const MISSING: f64 = 0.1;
/// The least distance of two spreads that is told.
const DISTANCE: f64 = 0.2;
/// Values of a column before its spread is compared: the distance of two samples of one spread is then under 0.13.
const ENOUGH: u64 = 200;
/// Bins that spreads are compared in.
const BINS: usize = 10;

/// The columns that drifted, and how many are in both.
pub(super) fn drift(before: &DatasetStatistics, after: &DatasetStatistics) -> (Vec<ColumnDrift>, u64) {
    let pairs: Vec<_> = after
        .columns
        .iter()
        .filter_map(|now| before.columns.iter().find(|old| old.name == now.name).map(|old| (old, now)))
        .collect();
    let found = pairs.iter().filter_map(|(old, now)| column((old, before.rows), (now, after.rows)));
    (found.collect(), pairs.len() as u64)
}

/// What changed about one column, if that is much.
fn column((old, old_rows): (&ColumnStatistics, u64), (now, rows): (&ColumnStatistics, u64)) -> Option<ColumnDrift> {
    let missing = |column: &ColumnStatistics, rows: u64| column.nulls as f64 / rows.max(1) as f64;
    let (missing_before, missing_after) = (missing(old, old_rows), missing(now, rows));
    let spreads = match (&old.numbers, &now.numbers) {
        (Some(old), Some(now)) => Some((old, now)),
        _ => old.lengths.as_ref().zip(now.lengths.as_ref()),
    };
    let enough = old.count.min(now.count) >= ENOUGH;
    let distance = spreads.filter(|_| enough).map(|(old, now)| distance(old, now));
    let drifted = old.column_type != now.column_type
        || (missing_before - missing_after).abs() > MISSING
        || distance.is_some_and(|distance| distance > DISTANCE);
    drifted.then(|| ColumnDrift {
        name: now.name.clone(),
        type_before: old.column_type,
        type_after: now.column_type,
        missing_before,
        missing_after,
        distance,
    })
}

/// The Jensen-Shannon distance of two spreads, 0 to 1: the square root of their divergence with logarithms to base 2 (Lin
/// 1991; Endres and Schindelin 2003), over ten bins of equal width over both.
fn distance(a: &ValueDistribution, b: &ValueDistribution) -> f64 {
    let (from, to) = (a.min.min(b.min), a.max.max(b.max));
    if !(to - from).is_finite() || to <= from {
        return 0.0;
    }
    let edge = |at: usize| from + (to - from) * at as f64 / BINS as f64;
    let bins = |spread: &ValueDistribution| -> Vec<f64> {
        let below: Vec<f64> =
            (0..=BINS).map(|at| if at == BINS { 1.0 } else { share_below(spread, edge(at)) }).collect();
        below.windows(2).map(|pair| (pair[1] - pair[0]).max(0.0)).collect()
    };
    let (p, q) = (bins(a), bins(b));
    let part = |p: f64, middle: f64| if p > 0.0 { p * (p / middle).log2() } else { 0.0 };
    let divergence: f64 = p
        .iter()
        .zip(&q)
        .map(|(p, q)| {
            let middle = f64::midpoint(*p, *q);
            f64::midpoint(part(*p, middle), part(*q, middle))
        })
        .sum();
    divergence.clamp(0.0, 1.0).sqrt()
}

/// The share of values below `x`, even within a bar. A bar without width lies below what is above it.
fn share_below(spread: &ValueDistribution, x: f64) -> f64 {
    let all: u64 = spread.histogram.iter().map(|bar| bar.count).sum();
    let below = |bar: &super::HistogramBar| {
        let width = bar.to - bar.from;
        let share =
            if width > 0.0 { ((x - bar.from) / width).clamp(0.0, 1.0) } else { f64::from(u8::from(x > bar.from)) };
        share * bar.count as f64
    };
    spread.histogram.iter().map(below).sum::<f64>() / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnType, HistogramBar};
    use super::*;

    fn spread(counts: &[u64], from: f64, to: f64) -> ValueDistribution {
        let width = (to - from) / counts.len() as f64;
        let bar = |(at, count): (usize, &u64)| HistogramBar {
            from: from + width * at as f64,
            to: from + width * (at + 1) as f64,
            count: *count,
        };
        ValueDistribution {
            min: from,
            max: to,
            mean: 0.0,
            std_dev: 0.0,
            quantiles: Vec::new(),
            histogram: counts.iter().enumerate().map(bar).collect(),
            outliers: 0,
            sampled: false,
            rank_error: None,
        }
    }

    #[test]
    fn the_same_is_at_no_distance_and_what_shares_nothing_at_one() {
        let a = spread(&[5; 20], 0.0, 10.0);
        assert!(distance(&a, &a) < 1e-9);
        assert!((distance(&a, &spread(&[5; 20], 30.0, 40.0)) - 1.0).abs() < 1e-9);
        assert_eq!(distance(&spread(&[7], 3.0, 3.0), &spread(&[9], 3.0, 3.0)), 0.0);
    }

    #[test]
    fn other_edges_of_the_same_spread_change_little() {
        let near = distance(&spread(&[5; 20], 0.0, 10.0), &spread(&[50; 20], 0.2, 10.1));
        assert!(near < 0.1, "{near}");
    }

    #[test]
    fn the_distance_is_that_of_the_formula() {
        // P = (1, 0) and Q = (1/2, 1/2): H(M) - (H(P) + H(Q)) / 2 with M = (3/4, 1/4).
        let found = distance(&spread(&[8, 0], 0.0, 10.0), &spread(&[4, 4], 0.0, 10.0));
        let entropy = -(0.75f64 * 0.75f64.log2() + 0.25 * 0.25f64.log2());
        assert!((found - (entropy - 0.5).sqrt()).abs() < 1e-9, "{found}");
    }

    fn statistics(nulls: u64, numbers: ValueDistribution) -> DatasetStatistics {
        let column = ColumnStatistics {
            name: "x".into(),
            column_type: ColumnType::Number,
            count: 1000 - nulls,
            nulls,
            distinct: 10,
            distinct_exact: true,
            distinct_error: None,
            top_values: Vec::new(),
            top_values_exact: true,
            numbers: Some(numbers),
            lengths: None,
        };
        DatasetStatistics { digest: String::new(), rows: 1000, columns: vec![column] }
    }

    #[test]
    fn a_column_drifts_by_gaps_or_by_spread() {
        let same = || statistics(0, spread(&[5; 20], 0.0, 10.0));
        assert_eq!(drift(&same(), &same()), (Vec::new(), 1));
        let (found, _) = drift(&same(), &statistics(200, spread(&[5; 20], 0.0, 10.0)));
        assert_eq!((found[0].missing_before, found[0].missing_after), (0.0, 0.2));
        let (found, _) = drift(&same(), &statistics(0, spread(&[5; 20], 5.0, 15.0)));
        assert!(found[0].distance.is_some_and(|distance| distance > 0.4));
    }
}
