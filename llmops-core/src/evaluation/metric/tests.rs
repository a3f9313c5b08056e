//! Golden files made by the reference implementations (`tests/golden/evaluation/make.py`), and properties.

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::interval::{middle, resample};
use super::words::Words;
use super::*;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/evaluation/");

fn golden<T: for<'de> Deserialize<'de>>(file: &str) -> T {
    serde_json::from_slice(&std::fs::read(format!("{FOLDER}{file}")).unwrap()).unwrap()
}

#[derive(Deserialize)]
struct Corpus {
    name: String,
    pairs: Vec<Pair>,
}

/// The cases of a golden file beside the pairs that they are about.
fn cases(file: &str) -> Vec<(String, Vec<Pair>, Vec<Value>)> {
    #[derive(Deserialize)]
    struct Group {
        corpus: String,
        cases: Vec<Value>,
    }
    let groups: Vec<Group> = golden(file);
    let corpora: Vec<Corpus> = golden("corpora.json");
    assert_eq!(groups.len(), corpora.len());
    corpora
        .into_iter()
        .zip(groups)
        .map(|(corpus, group)| {
            assert_eq!(corpus.name, group.corpus);
            (corpus.name, corpus.pairs, group.cases)
        })
        .collect()
}

fn build(name: &str, options: &Value) -> Box<dyn Metric> {
    metric(name, options.as_object().unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[track_caller]
fn close(ours: f64, theirs: f64, what: &str) {
    assert!((ours - theirs).abs() <= 1e-9, "{what}: ours is {ours}, the reference has {theirs}");
}

/// Compares the value of the corpus, the signature and the scores of all samples.
fn check_corpus(name: &str, corpus: &str, pairs: &[Pair], case: &Value) -> (Box<dyn Metric>, Statistics) {
    let metric = build(name, &case["options"]);
    let samples = Samples::Pairs(pairs);
    let statistics = metric.statistics(samples).unwrap();
    let what = format!("{name} {} on {corpus}", case["options"]);
    for (at, (row, theirs)) in statistics.rows().zip(numbers(&case["samples"])).enumerate() {
        close(metric.sample_score(row), theirs, &format!("{what}, sample {at} {:?}", pairs[at]));
    }
    close(metric.value(&statistics.sums()), case["value"].as_f64().unwrap(), &what);
    assert_eq!(metric.signature(samples).unwrap(), case["signature"], "{what}");
    (metric, statistics)
}

#[test]
fn stemmer_equals_nltk() {
    let words: Vec<(String, String)> = golden("stemmer.json");
    assert!(words.len() > 5000, "only {} words", words.len());
    for (word, stem) in words {
        let mut text = word.clone().into_bytes();
        porter::stem(&mut text, 0);
        assert_eq!(text, stem.as_bytes(), "the stem of {word}");
    }
}

#[test]
fn tokenizers_equal_sacrebleu() {
    let cases: Vec<Value> = golden("tokenizers.json");
    let mut tokenizing = tokenize::Tokenizing::default();
    let mut words = Words::default();
    for case in cases {
        let text = case["text"].as_str().unwrap();
        for tokenizer in [Tokenizer::V13a, Tokenizer::Intl, Tokenizer::Char, Tokenizer::Zh, Tokenizer::None] {
            tokenizing.tokenize(tokenizer, false, text, &mut words);
            let ours: Vec<&str> = (0..words.len()).map(|at| std::str::from_utf8(words.bytes(at)).unwrap()).collect();
            assert_eq!(json!(ours), case[tokenizer.name()], "{} of {text:?}", tokenizer.name());
        }
    }
}

#[test]
fn bleu_equals_sacrebleu() {
    for (corpus, pairs, cases) in cases("bleu.json") {
        for case in cases {
            let (bleu, statistics) = check_corpus("bleu", &corpus, &pairs, &case);
            let parts = bleu.parts(&statistics);
            for (at, theirs) in numbers(&case["precisions"]).into_iter().enumerate() {
                close(parts[&format!("precision{}", at + 1)], theirs, &format!("precision {at} on {corpus}"));
            }
            for part in ["brevityPenalty", "predictionLength", "referenceLength"] {
                close(parts[part], case[part].as_f64().unwrap(), part);
            }
        }
    }
}

#[test]
fn chrf_equals_sacrebleu() {
    for (corpus, pairs, cases) in cases("chrf.json") {
        for case in cases {
            check_corpus("chrf", &corpus, &pairs, &case);
        }
    }
}

#[test]
fn rouge_equals_rouge_score() {
    for (corpus, pairs, cases) in cases("rouge.json") {
        for case in cases {
            for name in ["rouge1", "rouge2", "rougeL", "rougeLsum"] {
                let rouge = build(name, &json!({"useStemmer": case["useStemmer"]}));
                let statistics = rouge.statistics(Samples::Pairs(&pairs)).unwrap();
                for (at, (row, theirs)) in statistics.rows().zip(case[name].as_array().unwrap()).enumerate() {
                    let what = format!("{name} {} on {corpus}, sample {at}", case["useStemmer"]);
                    let theirs = numbers(theirs);
                    close(row[2], theirs[0], &format!("{what}: precision"));
                    close(row[3], theirs[1], &format!("{what}: recall"));
                    close(row[0], theirs[2], &format!("{what}: F-measure"));
                }
            }
        }
    }
}

#[test]
fn exact_match_and_f1_equal_the_squad_script() {
    for (corpus, pairs, cases) in cases("squad.json") {
        for (name, key) in [("exact_match", "exactMatch"), ("token_f1", "tokenF1")] {
            let metric = build(name, &json!({}));
            let statistics = metric.statistics(Samples::Pairs(&pairs)).unwrap();
            for (at, (row, theirs)) in statistics.rows().zip(numbers(&cases[0][key])).enumerate() {
                close(metric.sample_score(row), theirs, &format!("{name} on {corpus}, sample {at} {:?}", pairs[at]));
            }
        }
    }
}

#[test]
fn exact_intervals_equal_scipy() {
    let golden: Value = golden("intervals.json");
    for case in golden["clopperPearson"].as_array().unwrap() {
        let case = numbers(case);
        let (low, high) = clopper_pearson(case[0] as u64, case[1] as u64);
        close(low, case[2], &format!("low of {case:?}"));
        close(high, case[3], &format!("high of {case:?}"));
    }
}

#[test]
fn latency_equals_numpy() {
    let golden: Value = golden("intervals.json");
    for case in golden["latencies"].as_array().unwrap() {
        let samples = numbers(&case["samples"]);
        let statistics = Latency.statistics(Samples::Latencies(&samples)).unwrap();
        let parts = Latency.parts(&statistics);
        for part in ["mean", "p50", "p95", "p99"] {
            close(parts[part], case[part].as_f64().unwrap(), part);
        }
    }
}

#[test]
fn likelihoods_equal_numpy() {
    for case in golden::<Vec<Value>>("likelihoods.json") {
        let samples: Vec<Likelihood> = serde_json::from_value(case["samples"].clone()).unwrap();
        for (metric, key) in [(&Perplexity as &dyn Metric, "perplexity"), (&BitsPerByte, "bitsPerByte")] {
            let statistics = metric.statistics(Samples::Likelihoods(&samples)).unwrap();
            close(metric.value(&statistics.sums()), case[key].as_f64().unwrap(), key);
        }
    }
}

/// sacrebleu draws other samples, so this compares within what drawing leaves open.
#[test]
fn paired_test_is_near_sacrebleu() {
    for case in golden::<Vec<Value>>("paired.json") {
        let pairs = |run: &str| -> Vec<Pair> {
            let samples = case["pairs"].as_array().unwrap().iter();
            samples
                .map(|sample| Pair {
                    prediction: sample[run].as_str().unwrap().to_owned(),
                    references: serde_json::from_value(sample["references"].clone()).unwrap(),
                })
                .collect()
        };
        let bleu = build("bleu", &json!({}));
        let (first, second) = (pairs("first"), pairs("second"));
        let first = bleu.statistics(Samples::Pairs(&first)).unwrap();
        let second = bleu.statistics(Samples::Pairs(&second)).unwrap();
        let test = paired_bootstrap(bleu.as_ref(), &first, &second, SEED).unwrap();
        let theirs = |key: &str| case[key].as_f64().unwrap();
        close(test.difference, theirs("secondValue") - theirs("firstValue"), "difference");
        let p = theirs("pValue");
        assert!((test.p_value - p).abs() < 0.03, "p is {}, sacrebleu has {p}", test.p_value);
        let interval = confidence(bleu.as_ref(), &first, SEED);
        let half = (interval.high - interval.low) / 2.0;
        let theirs = theirs("halfWidth");
        assert!((half / theirs - 1.0).abs() < 0.15, "half of the interval is {half}, sacrebleu has {theirs}");
        assert_eq!(test.wins + test.ties + test.losses, first.rows().len() as u64);
    }
}

#[test]
fn the_same_answers_differ_by_chance_alone() {
    let corpora: Vec<Corpus> = golden("corpora.json");
    let exact = build("exact_match", &json!({}));
    let statistics = exact.statistics(Samples::Pairs(&corpora[0].pairs)).unwrap();
    let test = paired_bootstrap(exact.as_ref(), &statistics, &statistics, SEED).unwrap();
    assert_eq!((test.difference, test.p_value), (0.0, 1.0));
}

#[test]
fn intervals_are_seeded() {
    let corpora: Vec<Corpus> = golden("corpora.json");
    let bleu = build("bleu", &json!({}));
    let statistics = bleu.statistics(Samples::Pairs(&corpora[0].pairs)).unwrap();
    let first = confidence(bleu.as_ref(), &statistics, 7);
    assert_eq!(first, confidence(bleu.as_ref(), &statistics, 7));
    assert_ne!(first, confidence(bleu.as_ref(), &statistics, 8));
}

#[test]
fn the_middle_cuts_a_fortieth_on_each_side() {
    let mut values: Vec<f64> = (0..1000).rev().map(f64::from).collect();
    assert_eq!(middle(&mut values), (25.0, 974.0));
}

#[test]
fn every_metric_builds_by_its_name_and_keeps_it() {
    for name in METRICS {
        assert_eq!(metric(name, &Map::new()).unwrap().name(), *name);
    }
}

#[test]
fn names_are_read_leniently() {
    for (name, expected) in [("ROUGE-L", "rougeL"), ("exactMatch", "exact_match"), ("f1", "token_f1"), ("BLEU", "bleu")]
    {
        assert_eq!(metric(name, &Map::new()).unwrap().name(), expected);
    }
}

fn refused(name: &str, options: Value) -> Error {
    metric(name, options.as_object().unwrap()).err().unwrap()
}

#[test]
fn an_unknown_metric_is_refused_with_the_list() {
    let error = refused("bleurt", json!({}));
    assert_eq!(error.field_name(), Some("name"));
    assert!(error.hint_text().unwrap().contains("rougeLsum"), "{error}");
}

#[test]
fn options_outside_their_bounds_are_refused_by_name() {
    let rows = [
        ("bleu", json!({"tokenizer": "14a"}), "options.tokenizer"),
        ("bleu", json!({"smooth_value": 0}), "options.smoothValue"),
        ("bleu", json!({"maxNgramOrder": 9}), "options.maxNgramOrder"),
        ("chrf", json!({"charOrder": 0}), "options.charOrder"),
        ("chrf", json!({"beta": 11}), "options.beta"),
        ("rouge1", json!({"useStemmer": 1}), "options.useStemmer"),
        ("exact_match", json!({"case": true}), "options.case"),
    ];
    for (name, options, field) in rows {
        let error = refused(name, options);
        assert_eq!(error.field_name(), Some(field), "{error}");
    }
}

#[test]
fn bad_samples_are_refused_by_place() {
    let pair = |prediction: &str, references: usize| Pair {
        prediction: prediction.to_owned(),
        references: vec!["x".to_owned(); references],
    };
    let long = "x".repeat(MAX_TEXT_BYTES + 1);
    let rows = [
        (vec![], "pairs"),
        (vec![pair("x", 1), pair("x", 0)], "pairs[1].references"),
        (vec![pair("x", MAX_REFERENCES + 1)], "pairs[0].references"),
        (vec![pair(&long, 1)], "pairs[0].prediction"),
        (
            vec![Pair { prediction: String::new(), references: vec![String::new(), long.clone()] }],
            "pairs[0].references[1]",
        ),
    ];
    for (pairs, field) in rows {
        let error = build("bleu", &json!({})).statistics(Samples::Pairs(&pairs)).unwrap_err();
        assert_eq!(error.field_name(), Some(field), "{error}");
    }
}

#[test]
fn bad_likelihoods_and_latencies_are_refused_by_place() {
    let likelihood = |log_probs: Vec<f64>, bytes| [Likelihood { log_probs, bytes }];
    let rows = [
        (likelihood(vec![], 1), "likelihoods[0].logProbs"),
        (likelihood(vec![f64::NEG_INFINITY], 1), "likelihoods[0].logProbs"),
        (likelihood(vec![0.5], 1), "likelihoods[0].logProbs"),
        (likelihood(vec![-1.0], 0), "likelihoods[0].bytes"),
    ];
    for (samples, field) in rows {
        assert_eq!(Perplexity.statistics(Samples::Likelihoods(&samples)).unwrap_err().field_name(), Some(field));
    }
    let error = Latency.statistics(Samples::Latencies(&[1.0, f64::NAN])).unwrap_err();
    assert_eq!(error.field_name(), Some("latencies[1]"));
}

#[test]
fn samples_of_another_kind_are_refused() {
    for name in METRICS {
        let metric = metric(name, &Map::new()).unwrap();
        let pairs = [Pair { prediction: String::new(), references: vec![String::new()] }];
        let likelihoods = [Likelihood { log_probs: vec![-1.0], bytes: 1 }];
        for (needs, samples) in [
            (Needs::Pairs, Samples::Pairs(&pairs)),
            (Needs::Likelihoods, Samples::Likelihoods(&likelihoods)),
            (Needs::Latencies, Samples::Latencies(&[1.0])),
        ] {
            assert_eq!(metric.statistics(samples).is_ok(), metric.capability().needs == needs, "{name} on {needs:?}");
        }
    }
}

/// A text whose lines would need a table of many gigabytes is refused, not computed.
#[test]
fn hopeless_alignments_are_refused() {
    let text = "a ".repeat(MAX_TEXT_BYTES / 2);
    let pairs = [Pair { prediction: text.clone(), references: vec![text] }];
    for name in ["rougeL", "rougeLsum"] {
        let error = build(name, &json!({})).statistics(Samples::Pairs(&pairs)).unwrap_err();
        assert_eq!(error.field_name(), Some("pairs[0]"));
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c1-3., ]{0,40}", "\\PC{0,30}", "(the |cat |sat |running |. |1,0 ){0,12}"]
}

fn pair() -> impl Strategy<Value = Pair> {
    (text(), prop::collection::vec(text(), 1..4)).prop_map(|(prediction, references)| Pair { prediction, references })
}

const TEXT_METRICS: [&str; 8] = ["exact_match", "token_f1", "bleu", "chrf", "rouge1", "rouge2", "rougeL", "rougeLsum"];

fn word_list() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-d]", 0..120)
}

/// Counts are summed as whole numbers, all else as it is; one is half of the other here, and one too large to be counted.
#[test]
fn every_kind_of_column_is_drawn_alike() {
    let mut statistics = Statistics::with_width(4, 101);
    for row in 0..101 {
        let count = f64::from(row * row % 37);
        statistics.push([count, count / 2.0, count * 1e9, 3.0]);
    }
    let mut draws = 0;
    resample(build("bleu", &json!({})).as_ref(), &statistics, Some(&statistics), SEED, |first, second| {
        assert_eq!(first, [first[0], first[0] / 2.0, first[0] * 1e9, 303.0]);
        assert_eq!(first, second);
        draws += usize::from(first[0] != statistics.sums()[0]);
    });
    assert!(draws > RESAMPLES / 2, "only {draws} draws are other than all samples");
}

proptest! {
    #[test]
    fn scores_stay_in_range(pairs in prop::collection::vec(pair(), 1..8)) {
        for name in TEXT_METRICS {
            let metric = build(name, &json!({}));
            let range = -1e-9..=metric.capability().highest.unwrap() + 1e-9;
            let statistics = metric.statistics(Samples::Pairs(&pairs)).unwrap();
            prop_assert!(range.contains(&metric.value(&statistics.sums())), "{name}");
            for row in statistics.rows() {
                prop_assert!(range.contains(&metric.sample_score(row)), "{name}");
            }
            let interval = confidence(metric.as_ref(), &statistics, SEED);
            prop_assert!(interval.low <= interval.high && range.contains(&interval.low) && range.contains(&interval.high));
        }
    }

    #[test]
    fn a_reference_itself_is_perfect(words in prop::collection::vec("[b-z]{2,6}", 2..12), others in prop::collection::vec(text(), 0..3)) {
        let prediction = words.join(" ");
        let mut references = others;
        references.push(prediction.clone());
        let pairs = [Pair { prediction, references }];
        for name in TEXT_METRICS {
            let metric = build(name, &json!({}));
            let statistics = metric.statistics(Samples::Pairs(&pairs)).unwrap();
            let score = statistics.rows().map(|row| metric.sample_score(row)).sum::<f64>();
            prop_assert!((score - metric.capability().highest.unwrap()).abs() < 1e-9, "{name} gives {score}");
        }
    }

    #[test]
    fn the_order_of_pairs_does_not_change_bleu(pairs in prop::collection::vec(pair(), 1..8), turn in 0_usize..8) {
        let bleu = build("bleu", &json!({}));
        let value = |pairs: &[Pair]| bleu.value(&bleu.statistics(Samples::Pairs(pairs)).unwrap().sums());
        let mut turned = pairs.clone();
        turned.rotate_left(turn % pairs.len());
        turned.reverse();
        prop_assert_eq!(value(&pairs), value(&turned));
    }

    /// Each n-gram counted by itself, as often as the prediction has it and the one reference that has it most often. A text
    /// that repeats itself has many that are there twice.
    #[test]
    fn ngrams_are_those_counted_one_by_one(half in word_list(), references in prop::collection::vec(word_list(), 1..4), times in 1_usize..4) {
        let own: Vec<String> = (0..times).flat_map(|_| half.clone()).collect();
        let texts: Vec<String> = references.iter().map(|words| words.join(" ")).collect();
        let bleu = build("bleu", &json!({"tokenizer": "none", "maxNgramOrder": 8}));
        let pairs = [Pair { prediction: own.join(" "), references: texts }];
        let row = bleu.statistics(Samples::Pairs(&pairs)).unwrap().sums();
        for order in 1..=8 {
            let counts = |words: &[String]| {
                let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
                words.windows(order).for_each(|gram| *counts.entry(gram.to_vec()).or_default() += 1);
                counts
            };
            let others: Vec<_> = references.iter().map(|words| counts(words)).collect();
            let most = |gram: &Vec<String>| others.iter().filter_map(|counts| counts.get(gram)).max().copied().unwrap_or_default();
            let shared: usize = counts(&own).iter().map(|(gram, count)| most(gram).min(*count)).sum();
            prop_assert_eq!(row[1 + order], shared as f64, "order {}", order);
            if order <= 2 && references.len() == 1 {
                let rouge = build(["rouge1", "rouge2"][order - 1], &json!({}));
                let row = rouge.statistics(Samples::Pairs(&pairs)).unwrap().sums();
                let total = (own.len() + 1).saturating_sub(order);
                prop_assert_eq!(row[2], shared as f64 / total.max(1) as f64, "precision of order {}", order);
            }
        }
    }

    #[test]
    fn more_references_never_lower_a_score(pair in pair(), extra in text()) {
        let mut more = pair.clone();
        more.references.push(extra);
        for name in ["exact_match", "token_f1", "chrf", "rouge1", "rouge2", "rougeL", "rougeLsum"] {
            let metric = build(name, &json!({}));
            let value = |pair: &Pair| metric.value(&metric.statistics(Samples::Pairs(std::slice::from_ref(pair))).unwrap().sums());
            prop_assert!(value(&more) >= value(&pair) - 1e-9, "{}", name);
        }
    }
}
