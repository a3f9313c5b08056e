//! Counts against the plain way to count.

use proptest::prelude::*;

use super::super::format::Place;
use super::*;

fn count(values: &[&str]) -> ColumnStatistics {
    let mut statistics = Statistics::new(&["x".into()], true);
    for value in values {
        let row = Row { place: Place::START, cells: vec![Cell::Raw((*value).into())] };
        statistics.add(&row, &[0]);
    }
    statistics.finish(String::new()).columns.remove(0)
}

#[test]
fn numbers() {
    let column = count(&["1", "2", "3", "", "4"]);
    let numbers = column.numbers.unwrap();
    assert_eq!((column.column_type, column.count, column.nulls), (ColumnType::Integer, 4, 1));
    assert_eq!((numbers.min, numbers.max, numbers.mean, numbers.std_dev), (1.0, 4.0, 2.5, 1.25f64.sqrt()));
    // numpy.quantile([1, 2, 3, 4], [.05, .25, .5, .75, .95])
    let quantiles: Vec<f64> = numbers.quantiles.iter().map(|q| (q.value * 100.0).round() / 100.0).collect();
    assert_eq!(quantiles, [1.15, 1.75, 2.5, 3.25, 3.85]);
    assert_eq!(numbers.histogram.iter().map(|bar| bar.count).sum::<u64>(), 4);
}

#[test]
fn what_lies_far_out_is_counted() {
    let mut spread = Spread::new(1000);
    (0..100).for_each(|x| spread.add(f64::from(x)));
    spread.add(1e6);
    spread.add(-1e6);
    assert_eq!(spread.finish(|x| x).unwrap().outliers, 2);
    let mut lengths = Spread::new(1000);
    // Lengths are spread over orders of magnitude.
    (0..100).for_each(|x| lengths.add(1.1f64.powi(x).round()));
    assert_eq!(lengths.finish(f64::ln_1p).unwrap().outliers, 0);
    let mut same = Spread::new(1000);
    [5.0, 5.0, 5.0, 5.0, 900.0].iter().for_each(|x| same.add(*x));
    assert_eq!(same.finish(|x| x).unwrap().outliers, 0);
}

#[test]
fn texts() {
    let column = count(&["b", "a", "b", "한국어", ""]);
    let lengths = column.lengths.unwrap();
    assert_eq!((lengths.min, lengths.max, column.distinct, column.distinct_exact), (1.0, 3.0, 3, true));
    assert_eq!(column.distinct_error, None);
    let top: Vec<_> = column.top_values.iter().map(|top| (top.value.as_str(), top.count)).collect();
    assert_eq!(top, [("b", 2), ("a", 1), ("한국어", 1)]);
}

#[test]
fn a_number_among_texts_makes_a_column_of_text() {
    let column = count(&["1", "two"]);
    assert_eq!((column.column_type, column.numbers, column.lengths.is_some()), (ColumnType::Text, None, true));
}

#[test]
fn beyond_the_limit_counts_are_estimates_and_say_so() {
    let values: Vec<String> = (0..300_000).map(|n| format!("v{n}")).collect();
    let column = count(&values.iter().map(String::as_str).collect::<Vec<_>>());
    let off = (column.distinct as f64 - 300_000.0).abs() / 300_000.0;
    assert_eq!(column.distinct_error, Some(0.008_125));
    assert!(off < 3.0 * 0.008_125, "{}", column.distinct);
    assert_eq!((column.distinct_exact, column.top_values_exact), (false, false));
    let lengths = column.lengths.unwrap();
    assert!(lengths.sampled);
    assert_eq!(lengths.histogram.iter().map(|bar| bar.count).sum::<u64>(), 300_000);
}

#[test]
fn the_limits_are_shared_among_the_columns() {
    let names: Vec<String> = (0..1000).map(|n| format!("c{n}")).collect();
    let statistics = Statistics::new(&names, true);
    assert_eq!(statistics.columns[0].values.most, VALUES_ALL / 1000);
}

#[test]
fn moments_of_many_numbers_that_lie_far_from_nothing_are_as_near() {
    let mut spread = Spread::new(1000);
    spread.add(0.0);
    (1..100_000u32).for_each(|x| spread.add(1e9 + f64::from(x % 10)));
    let found = spread.finish(|x| x).unwrap();
    let mean = (1e9f64 + 4.5) * 99_999.0 / 100_000.0;
    assert!((found.mean / mean - 1.0).abs() < 1e-9, "{}", found.mean);
    let deviation = mean * (1.0 / 99_999.0f64).sqrt();
    assert!((found.std_dev / deviation - 1.0).abs() < 1e-6, "{}", found.std_dev);
    let mut near = Spread::new(1000);
    (0..100_000u32).for_each(|x| near.add(1e9 + f64::from(x % 2)));
    assert!((near.finish(|x| x).unwrap().std_dev - 0.5).abs() < 1e-6);
}

proptest! {
    #[test]
    fn moments_are_those_of_the_textbook(values in proptest::collection::vec(-1e6..1e6f64, 1..700)) {
        let mut spread = Spread::new(1000);
        values.iter().for_each(|x| spread.add(*x));
        let found = spread.finish(|x| x).unwrap();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64;
        prop_assert!((found.mean - mean).abs() < 1e-6);
        prop_assert!((found.std_dev - variance.sqrt()).abs() < 1e-5);
        prop_assert_eq!(found.histogram.iter().map(|bar| bar.count).sum::<u64>(), values.len() as u64);
        prop_assert!(found.quantiles.is_sorted_by(|a, b| a.value <= b.value));
    }
}
