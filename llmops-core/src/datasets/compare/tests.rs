//! The comparison against one that holds everything in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::sorted::{Scratch, Sorter};
use super::super::tests::place::Place;
use super::super::{ColumnChange, ComparisonReport, DataFormat};
use super::{Pair, run};

impl Place {
    fn compare(&self, a: (&str, DataFormat), b: (&str, DataFormat), keys: &[&str]) -> ComparisonReport {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        let pair = Pair { a: self.walk(a.0, a.1), b: self.walk(b.0, b.1), keys };
        let handle = self.runtime.handle().clone();
        run(&pair, &self.dir.path().join("scratch"), (&handle, Arc::default())).unwrap()
    }
}

fn table(rows: &[(u8, u8)]) -> String {
    rows.iter().fold("id,value\n".to_owned(), |text, (id, value)| format!("{text}k{id},v{value}\n"))
}

fn counts(report: &ComparisonReport) -> [u64; 4] {
    [report.added, report.removed, report.modified, report.unchanged]
}

/// Added, removed, modified, unchanged: by counting.
fn naive(a: &[(u8, u8)], b: &[(u8, u8)], keyed: bool) -> [u64; 4] {
    let mut rows: BTreeMap<(u8, u8), (u64, u64)> = BTreeMap::new();
    a.iter().for_each(|row| rows.entry(*row).or_default().0 += 1);
    b.iter().for_each(|row| rows.entry(*row).or_default().1 += 1);
    let unchanged = rows.values().map(|(a, b)| a.min(b)).sum();
    let mut keys: BTreeMap<u8, (u64, u64)> = BTreeMap::new();
    for ((key, _), (a, b)) in &rows {
        let left = keys.entry(*key).or_default();
        left.0 += a - a.min(b);
        left.1 += b - a.min(b);
    }
    let modified = |(a, b): &(u64, u64)| if keyed { *a.min(b) } else { 0 };
    let [added, removed] = [|left: &(u64, u64)| left.1, |left: &(u64, u64)| left.0];
    let sum = |of: &dyn Fn(&(u64, u64)) -> u64| keys.values().map(of).sum::<u64>();
    let all = sum(&modified);
    [sum(&added) - all, sum(&removed) - all, all, unchanged]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_difference_is_that_of_a_naive_comparison(
        a in proptest::collection::vec((0u8..12, 0u8..3), 1..60),
        b in proptest::collection::vec((0u8..12, 0u8..3), 1..60),
    ) {
        let place = Place::new();
        let (of_a, of_b) = (table(&a), table(&b));
        for keys in [&["id"][..], &[]] {
            let report = place.compare((&of_a, DataFormat::Csv), (&of_b, DataFormat::Csv), keys);
            prop_assert_eq!(counts(&report), naive(&a, &b, !keys.is_empty()));
            let shown = [report.samples.added.len(), report.samples.removed.len(), report.samples.modified.len()];
            prop_assert_eq!(shown, [report.added, report.removed, report.modified].map(|count| count.min(20) as usize));
        }
    }

    #[test]
    fn records_that_were_spilled_come_back_in_order(numbers in proptest::collection::vec(any::<u32>(), 0..200)) {
        let dir = tempfile::tempdir().unwrap();
        let scratch = Scratch::create(dir.path()).unwrap();
        let mut sorter = Sorter::<4>::with_room(&scratch, "numbers", 7);
        numbers.iter().for_each(|number| sorter.add(number.to_be_bytes()).unwrap());
        let mut sorted = sorter.finish().unwrap();
        let mut found = Vec::new();
        while let Some(record) = sorted.next().unwrap() {
            found.push(u32::from_be_bytes(record));
        }
        let mut wanted = numbers.clone();
        wanted.sort_unstable();
        prop_assert_eq!(found, wanted);
        drop(scratch);
        prop_assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_changed_value_is_shown_before_and_after() {
    let (a, b) = ("id,value,note\n1,x,same\n2,y,same\n", "id,value,note\n2,z,same\n1,x,same\n3,,new\n");
    let report = Place::new().compare((a, DataFormat::Csv), (b, DataFormat::Csv), &["id"]);
    assert_eq!(counts(&report), [1, 0, 1, 1]);
    let [modified] = &report.samples.modified[..] else { panic!("one row changed") };
    assert_eq!((modified.row_before, modified.row_after, &modified.key["id"]), (1, 0, &"2".into()));
    let [change] = &modified.changes[..] else { panic!("one value changed") };
    let (before, after) = (change.before.clone(), change.after.clone());
    assert_eq!((change.column.as_str(), before, after), ("value", Some("y".into()), Some("z".into())));
    let [added] = &report.samples.added[..] else { panic!("one row was added") };
    assert_eq!((added.row, added.values.len(), added.cut), (2, 2, false));
}

#[test]
fn columns_are_compared_by_what_they_hold() {
    let (a, b) = ("id,old,size\n1,x,5\n2,y,7\n", "id,new,size\n1,,large\n2,,7\n");
    let report = Place::new().compare((a, DataFormat::Csv), (b, DataFormat::Csv), &["id"]);
    let changes: Vec<_> = report.columns.iter().map(|column| (column.name.as_str(), column.change)).collect();
    let wanted = [
        ("id", ColumnChange::None),
        ("new", ColumnChange::Added),
        ("size", ColumnChange::TypeChanged),
        ("old", ColumnChange::Removed),
    ];
    assert_eq!(changes, wanted);
    let size = &report.columns[2];
    assert_eq!(size.before.as_ref().unwrap().mean, Some(6.0));
    assert_eq!(report.columns[1].after.as_ref().unwrap().missing_share, 1.0);
    assert!(size.drifted && !report.columns[0].drifted);
}

#[test]
fn the_same_rows_in_another_format_are_the_same_rows() {
    let csv = "id,text\n1,a\n2,\n";
    let jsonl = "{\"text\":\"a\",\"id\":1}\n{\"id\":2,\"text\":null}\n";
    let place = Place::new();
    let report = place.compare((csv, DataFormat::Csv), (jsonl, DataFormat::Jsonl), &[]);
    assert_eq!(counts(&report), [0, 0, 0, 2]);
    let other = "{\"id\":\"1\",\"text\":\"a\"}\n{\"id\":2}\n";
    let report = place.compare((jsonl, DataFormat::Jsonl), (other, DataFormat::Jsonl), &[]);
    assert_eq!(counts(&report), [1, 1, 0, 1], "JSON tells 1 from the text 1");
    let (a, b) = ("{\"o\":{\"a\":1,\"b\":[2]}}\n", "{\"o\":{\"b\":[2],\"a\":1}}\n");
    assert_eq!(counts(&place.compare((a, DataFormat::Jsonl), (b, DataFormat::Jsonl), &[])), [0, 0, 0, 1]);
}

#[test]
fn what_is_shown_of_large_rows_is_cut() {
    let wide = |n: usize| -> String {
        let cells: Vec<String> = (0..60).map(|column| format!("\"c{column}\":\"{n}{}\"", "x".repeat(3000))).collect();
        format!("{{\"id\":1,{}}}\n", cells.join(","))
    };
    let report = Place::new().compare((&wide(1), DataFormat::Jsonl), (&wide(2), DataFormat::Jsonl), &["id"]);
    let modified = &report.samples.modified[0];
    assert!(modified.cut && serde_json::to_string(modified).unwrap().len() < 8 << 10);
}
