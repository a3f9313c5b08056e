//! What the sketch says of many numbers against where they are.

use proptest::prelude::*;

use super::super::super::ValueQuantile;
use super::super::Spread;
use super::*;

/// A number without rhyme or reason, the same each time.
fn any_number(at: u64, seed: u64) -> u64 {
    super::super::hash_of(&[at.to_le_bytes(), seed.to_le_bytes()].concat())
}

/// Numbers of a kind, as many as asked.
fn numbers(kind: &str, count: u64, seed: u64) -> Vec<f64> {
    let unit = |at: u64| (any_number(at, seed) >> 11) as f64 / (1u64 << 53) as f64;
    let of = |at: u64| match kind {
        "sorted" => at as f64,
        "reversed" => (count - at) as f64,
        "random" => unit(at) - 0.5,
        "repeated" => (any_number(at, seed) % 7) as f64,
        "heavy-tailed" => (1.0 - unit(at)).powf(-2.0),
        "in waves" => ((at as f64) / 1000.0).sin(),
        other => unreachable!("{other}"),
    };
    (0..count).map(of).collect()
}

const KINDS: [&str; 6] = ["sorted", "reversed", "random", "repeated", "heavy-tailed", "in waves"];
const ASKED: [f64; 9] = [0.01, 0.05, 0.25, 0.4, 0.5, 0.6, 0.75, 0.95, 0.99];

/// How far the worst of some quantiles is from its place, and how far it may be.
fn worst(numbers: &[f64], room: usize) -> (f64, f64) {
    let mut spread = Spread::new(room);
    numbers.iter().for_each(|x| spread.add(*x));
    let found = spread.finish_at(|x| x, &ASKED).unwrap();
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let share = |at: usize| at as f64 / sorted.len() as f64;
    let off = |ValueQuantile { q, value }: &ValueQuantile| {
        let (first, last) = (sorted.partition_point(|x| x < value), sorted.partition_point(|x| x <= value));
        (share(first) - q).max(q - share(last)).max(0.0)
    };
    assert_eq!(found.histogram.iter().map(|bar| bar.count).sum::<u64>(), numbers.len() as u64);
    (found.quantiles.iter().map(off).fold(0.0, f64::max), found.rank_error.unwrap())
}

#[test]
fn quantiles_are_as_near_as_is_said() {
    for kind in KINDS {
        let (off, error) = worst(&numbers(kind, 300_000, 1), 10_000);
        assert!(off <= error && error < 0.001, "{kind}: {off} {error}");
        let (off, error) = worst(&numbers(kind, 200_000, 2), 1000);
        assert!(off <= error && error < 0.01, "{kind}: {off} {error}");
    }
}

#[test]
fn of_a_million_numbers_the_error_is_the_one_that_the_documents_say() {
    let (off, error) = worst(&numbers("random", 1_000_000, 3), 10_000);
    assert!(off <= error && (error * 1e4).round() == 8.0, "{off} {error}");
}

#[test]
fn all_is_exact_until_there_is_no_room() {
    let mut spread = Spread::new(10_000);
    (0..10_000u32).rev().for_each(|x| spread.add(f64::from(x)));
    let found = spread.finish(|x| x).unwrap();
    assert_eq!((found.sampled, found.rank_error), (false, None));
    assert_eq!(found.quantiles[2].value, 4999.5);
    let mut more = Spread::new(10_000);
    (0..10_001u32).for_each(|x| more.add(f64::from(x)));
    assert!(more.finish(|x| x).unwrap().sampled);
}

#[test]
fn what_lies_far_out_is_counted_for_all() {
    let mut spread = Spread::new(1000);
    (0..100_000u32).for_each(|x| spread.add(if x % 100 == 0 { 1e9 } else { f64::from(x) }));
    let out = spread.finish(|x| x).unwrap().outliers as f64;
    assert!((out - 1000.0).abs() < 100_000.0 * 0.02, "{out}");
}

#[test]
fn numbers_of_any_sign_keep_their_order() {
    let all = [f64::NEG_INFINITY, f64::MIN, -1.5, -0.0, 0.0, f64::MIN_POSITIVE, 2.5, f64::MAX, f64::INFINITY];
    assert!(all.map(key).is_sorted());
    assert_eq!(all.map(|x| number(key(x)).to_bits()), all.map(f64::to_bits));
}

#[test]
fn what_stands_for_another_count_is_not_taken_up() {
    let mut sketch = Sketch::new(1000);
    (0..5000u32).for_each(|x| sketch.add(f64::from(x)));
    let mut out = Out::default();
    sketch.put(&mut out);
    let bytes = out.end();
    assert!(Sketch::new(1000).read(&mut In::of(&bytes), 5000).is_some());
    assert!(Sketch::new(1000).read(&mut In::of(&bytes), 5001).is_none());
    assert!(Sketch::new(400).read(&mut In::of(&bytes), 5000).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn memory_is_bounded_and_nothing_is_lost_wherever_it_is_interrupted(
        kind in 0..KINDS.len(),
        seed in any::<u64>(),
        room in 320usize..3000,
        cuts in proptest::collection::vec(0usize..100_000, 0..8),
    ) {
        let all = numbers(KINDS[kind], 100_000, seed);
        let (mut whole, mut cut) = (Sketch::new(room), Sketch::new(room));
        for (at, x) in all.iter().enumerate() {
            whole.add(*x);
            if cuts.contains(&at) {
                let mut out = Out::default();
                cut.put(&mut out);
                cut = Sketch::new(room).read(&mut In::of(&out.end()), at as u64).unwrap();
            }
            cut.add(*x);
            prop_assert!(cut.held <= room);
        }
        let weighed = whole.weighed();
        prop_assert_eq!(weighed.iter().map(|(_, weight)| weight).sum::<u64>(), 100_000);
        prop_assert_eq!(weighed.len(), whole.held);
        prop_assert_eq!(weighed, cut.weighed());
        let (off, error) = worst(&all, room);
        prop_assert!(off <= error, "{} {}", off, error);
    }
}
