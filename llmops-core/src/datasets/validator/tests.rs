//! The report is the same on however many threads, and wherever a pass was broken off.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::super::PiiType;
use super::super::searching::{Rules, Wanted};
use super::super::tests::CORPUS;
use super::super::tests::walked::{Data, Watching, rules, table};

fn lines(rows: usize) -> String {
    let row = |n: usize| match n % 11 {
        3 => "{\"prompt\": }\n".to_owned(),
        5 => format!("{}\n", json!({ "prompt": n, "response": [n, null], "more": { "a": "b@mail.kr" } })),
        _ => {
            let key = format!("key{}", n / 300);
            format!("{}\n\n", json!({ "response": format!("r{n}"), "prompt": "p", key: true }))
        }
    };
    (0..rows).map(row).collect()
}

#[test]
fn the_report_is_the_same_on_however_many_threads() {
    let tables = Data::of(&[("a.csv", table(1500)), ("b.csv", table(900))]);
    let lines = Data::of(&[("a.jsonl", lines(2000))]);
    let corpus = Data::of(&[("a.txt", CORPUS.repeat(3))]);
    for data in [tables, lines, corpus] {
        let alone = data.report(0);
        assert!(alone["structure"]["rows"].as_u64() > Some(1000), "{alone:#}");
        for threads in [1, 2, 5] {
            assert_eq!(data.report(threads), alone, "{threads} threads");
        }
    }
}

#[test]
fn whatever_the_rows_are_the_report_is_the_same_on_several_threads() {
    let value = prop_oneof![
        "[a-c]{0,3}",
        "[0-9]{1,4}(\\.[0-9])?",
        "\\PC{0,30}",
        "(one |two |three |four ){20,30}",
        Just("me@mail.kr".to_owned()),
        Just("true".to_owned()),
    ];
    let row = prop::collection::vec(value, 1..4);
    let rows = prop::collection::vec((row, 1usize..400), 1..12);
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let check = |rows: Vec<(Vec<String>, usize)>| {
        let quoted = |value: &String| format!("\"{}\"", value.replace('"', "\"\""));
        let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
        let text: String = rows.iter().map(|(row, times)| line(row).repeat(*times)).collect();
        let data = Data::of(&[("a.csv", format!("prompt,response\na,b\n{text}"))]);
        prop_assert_eq!(data.report(3), data.report(0));
        Ok(())
    };
    runner.run(&rows, check).unwrap();
}

#[test]
fn a_pass_goes_on_from_each_checkpoint_to_the_same_report() {
    for data in [Data::of(&[("a.csv", table(1400)), ("b.csv", table(1100))]), Data::of(&[("a.jsonl", lines(2500))])] {
        let watching = Arc::<Watching>::default();
        let undisturbed = data.run(rules(), 0, &watching, None);
        let (all, kept) =
            (watching.values.load(Ordering::Relaxed), std::mem::take(&mut *watching.kept.lock().unwrap()));
        assert!(kept.len() > 3, "{}", kept.len());
        for (number, (before, kept)) in kept.into_iter().enumerate() {
            let watching = Arc::<Watching>::default();
            let report = data.run(rules(), number % 3, &watching, Some(kept.state));
            assert_eq!(report, undisturbed, "from row {}", kept.rows);
            assert_eq!(watching.values.load(Ordering::Relaxed), all - before, "from row {}", kept.rows);
            assert!(watching.progress.read().0 >= kept.rows);
        }
    }
}

#[test]
fn what_was_written_down_about_something_else_or_is_spoilt_is_not_gone_on_from() {
    let data = Data::of(&[("a.csv", table(2000))]);
    let watching = Arc::<Watching>::default();
    let undisturbed = data.run(rules(), 0, &watching, None);
    let (all, kept) = (watching.values.load(Ordering::Relaxed), std::mem::take(&mut *watching.kept.lock().unwrap()));
    let (_, kept) = kept.into_iter().next_back().unwrap();
    let fewer = || Rules::of(&Wanted { of: "", types: Some(&[PiiType::Email]), min_confidence: None }, None).unwrap();
    let by_fewer = data.run(fewer(), 0, &Arc::default(), None);
    assert_eq!(data.run(fewer(), 0, &Arc::default(), Some(kept.state.clone())), by_fewer);
    for cut in [0, 7, 100, kept.state.len() / 2, kept.state.len() - 1] {
        let watching = Arc::<Watching>::default();
        assert_eq!(data.run(rules(), 0, &watching, Some(kept.state.slice(..cut))), undisturbed);
        assert_eq!(watching.values.load(Ordering::Relaxed), all);
    }
}
