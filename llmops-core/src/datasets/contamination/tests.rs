//! Planted overlaps are found, and none are invented.

use proptest::prelude::*;
use serde_json::json;

use super::super::searching::{Rules, Wanted};
use super::super::tests::place::Place;
use super::super::{DataFormat, DatasetId};
use super::postings::{Pairs, Postings};
use super::words::{Cut, each_word};
use super::*;
use crate::base::Id;

/// The words of a text, as the hash sees them.
fn words(text: &str) -> Vec<String> {
    let text = words::composed(text);
    let mut found = Vec::new();
    each_word(&text, |_, bytes| found.push(text[bytes].to_owned()));
    found
}

fn hashes(text: &str) -> Vec<u64> {
    let mut cut = Cut::default();
    cut.add(text);
    cut.words().to_vec()
}

#[test]
fn words_are_cut_in_every_script() {
    for (text, expect) in [
        ("It's 3 o'clock, Bob.", "It s 3 o clock Bob"),
        ("한국의 수도", "한 국 의 수 도"),
        ("東京は日本の首都", "東 京 は 日 本 の 首 都"),
        ("GPT4는 좋다", "GPT4 는 좋 다"),
        ("ภาษาไทย", "ภ า ษ า ไ ท ย"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
        ("café naïve", "café naïve"),
        (" \t..!", ""),
    ] {
        assert_eq!(words(text).join(" "), expect, "{text}");
    }
}

#[test]
fn the_same_words_are_the_same_however_they_are_written() {
    for (a, b) in [
        ("The Capital, of OHIO!", "the capital of ohio"),
        ("한국의 수도는 서울", "한국의수도는서울"),
        ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", "한국"),
        ("ＡＢＣ １２３", "abc 123"),
        ("cafe\u{301}", "CAFÉ"),
    ] {
        assert_eq!(hashes(a), hashes(b), "{a} and {b}");
    }
    assert_ne!(hashes("a b"), hashes("b a"));
    assert_ne!(hashes("ab"), hashes("a b"));
}

#[test]
fn of_a_message_it_is_compared_what_it_says_and_calls() {
    let of = |value: serde_json::Value| {
        let mut found = Vec::new();
        texts::leaves(&value, &mut |text| found.push(text.to_owned()));
        found
    };
    let parts = json!([{ "type": "text", "text": "a" }, { "type": "image_url", "image_url": { "url": "b" } }]);
    let call = json!({ "id": "c", "function": { "name": "d", "arguments": "e" } });
    let talk = json!([
        { "role": "user", "content": parts, "name": "f" },
        { "role": "assistant", "content": null, "tool_calls": [call] },
        { "role": "tool", "tool_call_id": "c", "content": "g" },
    ]);
    assert_eq!(of(talk), ["a", "d", "e", "g"]);
    // What only looks like one is read whole.
    assert_eq!(of(json!({ "role": "chief", "since": 1 })), ["chief", "1"]);
    assert_eq!(of(json!({ "role": "chief", "content": ["h", { "i": "j" }] })), ["h", "j"]);
}

/// A place for datasets of prompts and responses as JSON lines.
struct World {
    place: Place,
}

/// What is looked for, by what.
#[derive(Clone, Copy)]
struct By {
    ngram: u32,
    min_overlap: f64,
}

const USUAL: By = By { ngram: 13, min_overlap: MIN_OVERLAP };

impl World {
    fn new() -> Self {
        Self { place: Place::new() }
    }

    fn side(&self, rows: &[String]) -> Side {
        let lines: String = rows.iter().map(|text| format!("{}\n", json!({ "text": text }))).collect();
        let walk = self.place.walk(&lines, DataFormat::Jsonl);
        let columns = Columns { named: vec![("text".into(), 0)], chat: None };
        Side { walk, columns }
    }

    fn task(&self, of: &[String], others: &[&[String]], by: By) -> Task {
        let source = |number: usize| ContaminationSource {
            dataset_id: DatasetId(Id::from_u128(number as u128)),
            name: "train".into(),
            version: "1.0.0".into(),
            digest: number.to_string(),
        };
        let others = others.iter().enumerate();
        let wanted = Wanted { of: "", types: None, min_confidence: None };
        Task {
            benchmark: self.side(of),
            rows: of.len() as u64,
            others: others.map(|(at, rows)| Other { source: source(at), side: Some(self.side(rows)) }).collect(),
            model: None,
            method: ContaminationMethod {
                columns: vec!["text".into()],
                ngram: by.ngram,
                min_overlap: by.min_overlap,
                similarity: super::super::similar::SIMILARITY,
            },
            searches: vec![Rules::of(&wanted, None).unwrap().search(&[]).unwrap()],
        }
    }

    fn look(&self, of: &[String], others: &[&[String]], by: By) -> ContaminationReport {
        self.look_in(of, others, by, Most { rows: ROWS, runs: RUNS })
    }

    fn look_in(&self, of: &[String], others: &[&[String]], by: By, most: Most) -> ContaminationReport {
        let task = self.task(of, others, by);
        let progress = Progress::default();
        within(&task, (self.place.runtime.handle(), &progress), most).unwrap()
    }
}

/// A text of so many words that no other has.
fn text(number: usize, words: usize) -> String {
    (0..words).map(|at| format!("w{number}x{at} ")).collect()
}

#[test]
fn a_planted_row_is_found_by_what_it_shares() {
    let world = World::new();
    let of: Vec<String> = (0..40).map(|n| text(n, 30)).collect();
    let others: Vec<String> = [
        text(1000, 50),
        of[3].to_uppercase().replace(' ', ", "),
        // 22 of the 30 words in a row: 10 of its 18 runs, which is too few.
        format!("{} {}", text(1001, 5), of[5].split_inclusive(' ').take(22).collect::<String>()),
        // 28 of them: 16 of 18.
        format!("{} {} {}", text(1002, 9), of[7].split_inclusive(' ').take(28).collect::<String>(), text(1003, 200)),
    ]
    .into();
    let report = world.look(&of, &[&others], USUAL);
    let found = report.affected;
    assert_eq!((found.rows, found.exact, found.ngram, found.near), (2, 1, 1, 0), "{report:#?}");
    assert_eq!((report.complete, report.rows_checked, report.ngrams), (true, 40, 40 * 18));
    let samples = report.samples.unwrap();
    let seen: Vec<_> = samples.iter().map(|one| (one.kind, one.row, one.source_row)).collect();
    assert_eq!(seen, [(ContaminationKind::Exact, 3, 1), (ContaminationKind::Ngram, 7, 3)]);
    assert!((samples[1].measure - 16.0 / 18.0).abs() < 1e-9, "{}", samples[1].measure);
    assert!(samples[1].source_excerpt.contains("w7x0 w7x1 "), "{}", samples[1].source_excerpt);
    assert!(samples[1].source_excerpt.ends_with(".."), "it is cut");
}

#[test]
fn runs_are_counted_over_the_whole_dataset() {
    let world = World::new();
    let of = vec![text(1, 40)];
    let words: Vec<&str> = of[0].split_inclusive(' ').collect();
    // Two rows of it hold 15 runs each, of 28: together more than the share that is asked for.
    let halves = vec![words[..27].concat(), words[13..].concat()];
    let report = world.look(&of, &[&halves], USUAL);
    assert_eq!(report.affected.ngram, 1, "{report:#?}");
    let sample = &report.samples.unwrap()[0];
    assert_eq!((sample.measure, sample.pair_measure), (1.0, 15.0 / 28.0));
    let apart = world.look(&of, &[&halves[..1], &halves[1..]], USUAL);
    assert_eq!(apart.affected.rows, 0, "each dataset is judged by itself");
}

#[test]
fn any_run_is_enough_where_that_is_asked_for() {
    let world = World::new();
    let of = vec![text(1, 100), text(2, 100)];
    let other = vec![format!("{} {}", text(9, 40), of[0].split_inclusive(' ').take(13).collect::<String>())];
    assert_eq!(world.look(&of, &[&other], By { min_overlap: 0.0, ..USUAL }).affected.ngram, 1);
    assert_eq!(world.look(&of, &[&other], USUAL).affected.rows, 0);
}

#[test]
fn a_short_row_is_found_as_a_whole() {
    let world = World::new();
    let of = vec!["What is 2 plus 2? 4".to_owned(), "Who wrote Emma?".to_owned(), String::new()];
    let other = vec!["what is 2 plus 2: 4.".to_owned(), "Tell me: who wrote Emma?".to_owned()];
    let report = world.look(&of, &[&other], USUAL);
    assert_eq!((report.affected.exact, report.affected.rows), (1, 1), "{report:#?}");
    assert_eq!((report.rows, report.rows_checked, report.rows_without_text), (3, 2, 1));
}

#[test]
fn korean_is_found_whatever_its_blanks() {
    let world = World::new();
    let of = vec!["대한민국의 수도는 어디이며 그 도시의 인구는 얼마나 됩니까?".to_owned()];
    let other = vec!["문제: 대한민국의수도는 어디이며, 그도시의 인구는 얼마나 됩니까? 답: 서울".to_owned()];
    let report = world.look(&of, &[&other], USUAL);
    assert_eq!((report.affected.ngram, report.affected.rows), (1, 1), "{report:#?}");
}

#[test]
fn what_most_rows_begin_with_is_no_contamination() {
    let world = World::new();
    let form = "Answer the following question by choosing one of the four letters that stand before the answers below";
    let of: Vec<String> = (0..30).map(|n| format!("{form} {}", text(n, 6))).collect();
    let other: Vec<String> = (100..130).map(|n| format!("{form} {}", text(n, 6))).collect();
    let report = world.look(&of, &[&other], By { min_overlap: 0.0, ..USUAL });
    assert_eq!((report.affected.rows, report.common_ngrams), (0, 5), "{report:#?}");
}

#[test]
fn a_row_with_a_word_changed_is_nearly_the_same() {
    let world = World::new();
    let of = vec![text(1, 60), text(2, 60)];
    let other = vec![of[0].replace("w1x30 ", "another ")];
    // 35 of its 48 runs are there: fewer than are asked for here.
    let report = world.look(&of, &[&other], By { min_overlap: 0.9, ..USUAL });
    assert_eq!((report.affected.near, report.affected.rows), (1, 1), "{report:#?}");
    let sample = &report.samples.unwrap()[0];
    assert!(sample.measure >= 0.8 && sample.kind == ContaminationKind::Near, "{sample:?}");
}

#[test]
fn what_finds_no_room_is_said() {
    let world = World::new();
    let of: Vec<String> = (0..10).map(|n| text(n, 30)).collect();
    for most in [Most { rows: 4, runs: RUNS }, Most { rows: ROWS, runs: 4 * 18 }] {
        let report = world.look_in(&of, &[&of], USUAL, most);
        assert_eq!((report.rows, report.rows_checked, report.affected.exact), (10, 4, 4));
        assert!(!report.complete && report.left_out[0].starts_with("6 rows"), "{:?}", report.left_out);
    }
}

#[test]
fn personal_data_in_excerpts_is_masked() {
    let world = World::new();
    let of = vec![format!("{} write to jane.roe@acme-mail.com now", "x".repeat(10))];
    let report = world.look(&of, &[&of], USUAL);
    let sample = &report.samples.unwrap()[0];
    for excerpt in [&sample.excerpt, &sample.source_excerpt] {
        assert!(!excerpt.contains("jane") && excerpt.contains("write to j***"), "{excerpt}");
    }
    // Also where the excerpt ends within it.
    let of = vec![format!("{} jane.roe@acme-mail.com", "x ".repeat(243))];
    let report = world.look(&of, &[&of], USUAL);
    assert!(!report.samples.as_ref().unwrap()[0].excerpt.contains("jane"), "{report:#?}");
}

#[test]
fn every_kind_is_shown() {
    let row = |kind: ContaminationKind, row: usize| Found {
        row,
        kind,
        measure: 1.0,
        pair_measure: 1.0,
        spot: super::super::compare::Spot { row: 0, file: 0, place: super::super::format::Place::START },
    };
    let mut found: Vec<Found> = (0..50).map(|n| row(ContaminationKind::Exact, n)).collect();
    found.extend((50..52).map(|n| row(ContaminationKind::Near, n)));
    let chosen: Vec<usize> = samples::choose(&found, 6).iter().map(|one| one.row).collect();
    assert_eq!(chosen, [0, 1, 2, 3, 50, 51]);
}

proptest! {
    #[test]
    fn a_hash_is_found_with_its_rows(pairs in prop::collection::vec((prop_oneof![any::<u64>(), 0u64..20], 0u32..9), 0..300)) {
        let mut given = Pairs::default();
        pairs.iter().for_each(|(hash, row)| given.push(*hash, *row));
        let (postings, common) = Postings::of(given, 3);
        let mut seen = 0;
        for (hash, _) in &pairs {
            let mut rows: Vec<u32> = pairs.iter().filter(|(other, _)| other == hash).map(|(_, row)| *row).collect();
            rows.sort_unstable();
            rows.dedup();
            match postings.find(*hash) {
                Some(number) => prop_assert_eq!(postings.rows(number), &rows),
                None => { prop_assert!(rows.len() > 3); seen += 1; }
            }
            let next = hash.wrapping_add(1);
            prop_assert!(postings.find(next).is_none() || pairs.iter().any(|(other, _)| *other == next));
        }
        prop_assert!(common <= seen);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// By a slow search that keeps all texts: the same rows are found, and no other.
    #[test]
    fn runs_are_found_as_a_slow_search_finds_them(
        of in prop::collection::vec(prop::collection::vec(0u8..6, 0..14), 1..9),
        other in prop::collection::vec(prop::collection::vec(0u8..6, 0..30), 1..9),
        ngram in 3u32..6,
        min_overlap in 0.0f64..1.0,
    ) {
        let texts = |rows: &[Vec<u8>]| -> Vec<String> {
            rows.iter().map(|row| row.iter().map(|word| format!("w{word} ")).collect()).collect()
        };
        let (n, world) = (ngram as usize, World::new());
        let runs = |row: &[u8]| -> std::collections::BTreeSet<Vec<u8>> { row.windows(n).map(<[u8]>::to_vec).collect() };
        let there: std::collections::BTreeSet<Vec<u8>> = other.iter().flat_map(|row| runs(row)).collect();
        let expected = of.iter().filter(|row| !row.is_empty()).filter(|row| {
            let own = runs(row);
            let found = own.iter().filter(|run| there.contains(*run)).count();
            let share = found as f64 / own.len().max(1) as f64;
            other.contains(row) || (found > 0 && share >= min_overlap)
        });
        let report = world.look(&texts(&of), &[&texts(&other)], By { ngram, min_overlap });
        prop_assert_eq!(report.affected.rows, expected.count() as u64);
        prop_assert_eq!(report.affected.near, 0, "rows of fewer than 20 words have no MinHash");
    }
}
