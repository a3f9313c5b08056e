//! What `POST /evaluation/score` promises.

use serde_json::{Value, json};

use super::super::*;
use crate::base::{ErrorKind, Result};

fn ask(request: Value) -> Result<ScoreReport> {
    let request: ScoreRequest = serde_json::from_value(request).unwrap();
    score(&request.metrics, &request.pairs)
}

fn unreadable(request: Value) -> String {
    serde_json::from_value::<ScoreRequest>(request).unwrap_err().to_string()
}

#[track_caller]
fn refused(request: Value, field: &str) {
    let error = ask(request).unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some(field)), "{error}");
}

fn one_pair() -> Value {
    json!([{"prediction": "The cat.", "references": ["the cat"]}])
}

#[test]
fn a_report_has_values_over_all_and_one_by_one() {
    let report = ask(json!({
        "metrics": ["exact_match", {"name": "bleu", "label": "by character", "options": {"tokenizer": "char"}}],
        "pairs": [
            {"prediction": "The cat.", "references": ["the cat"]},
            {"prediction": "a dog", "references": ["a bird", "a horse"]},
        ],
    }));
    let report = serde_json::to_value(report.unwrap()).unwrap();
    assert_eq!(report["metrics"][0]["name"], "exact_match");
    assert_eq!(report["metrics"][0]["value"], 0.5);
    assert_eq!(report["metrics"][0]["confidence"]["method"], "clopper_pearson");
    assert_eq!(report["metrics"][0]["confidence"]["level"], 0.95);
    assert!(report["metrics"][0].get("signature").is_none());
    assert_eq!(report["metrics"][1]["signature"], "nrefs:var|case:mixed|eff:no|tok:char|smooth:exp|version:2.6.0");
    assert_eq!(report["metrics"][1]["parts"]["predictionLength"], 11.0);
    assert_eq!(report["metrics"][1]["confidence"]["method"], "bootstrap");
    assert_eq!(report["samples"][0]["scores"]["exact_match"], 1.0);
    assert_eq!(report["samples"][1]["scores"]["exact_match"], 0.0);
    assert!(report["samples"][1]["scores"]["by character"].as_f64().unwrap() > 0.0);
}

/// Up to the last bit of a number, which reading JSON may change.
#[test]
fn a_report_survives_json() {
    let report = ask(json!({"metrics": metric::METRICS[..8], "pairs": one_pair()})).unwrap();
    let read: ScoreReport = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
    assert_eq!(read.metrics.len(), 8);
    for (read, sent) in read.metrics.iter().zip(&report.metrics) {
        assert_eq!((&read.name, &read.signature, read.parts.len()), (&sent.name, &sent.signature, sent.parts.len()));
        assert!((read.value - sent.value).abs() < 1e-12);
    }
}

#[test]
fn a_name_is_echoed_as_it_was_asked_for() {
    let report = ask(json!({"metrics": ["ROUGE-L"], "pairs": one_pair()})).unwrap();
    assert_eq!(report.metrics[0].name, "ROUGE-L");
    assert!(report.samples[0].scores.contains_key("ROUGE-L"));
}

#[test]
fn bad_requests_are_refused_by_field() {
    refused(json!({"metrics": [], "pairs": one_pair()}), "metrics");
    refused(json!({"metrics": vec!["bleu"; MAX_METRICS + 1], "pairs": one_pair()}), "metrics");
    refused(json!({"metrics": ["bleu"], "pairs": []}), "pairs");
    refused(json!({"metrics": ["bleu", "bleu"], "pairs": one_pair()}), "metrics[1]");
    refused(json!({"metrics": ["bleu", "meteor"], "pairs": one_pair()}), "metrics[1].name");
    refused(json!({"metrics": [{"name": "bleu", "label": ""}], "pairs": one_pair()}), "metrics[0].label");
    refused(json!({"metrics": ["perplexity"], "pairs": one_pair()}), "metrics");
    refused(json!({"metrics": ["bleu"], "pairs": [{"prediction": "x", "references": []}]}), "pairs[0].references");
    let options = json!({"name": "bleu", "options": {"tokeniser": "13a"}});
    refused(json!({"metrics": [options], "pairs": one_pair()}), "metrics[0].options.tokeniser");
}

#[test]
fn unknown_fields_are_named() {
    let wrong = unreadable(json!({"metrics": [{"name": "bleu", "option": {}}], "pairs": one_pair()}));
    assert!(wrong.contains("`option`"), "{wrong}");
    let wrong = unreadable(json!({"metrics": ["bleu"], "pairs": one_pair(), "seed": 1}));
    assert!(wrong.contains("`seed`"), "{wrong}");
}

#[test]
fn a_metric_that_is_no_name_says_what_it_should_be() {
    let wrong = unreadable(json!({"metrics": [7], "pairs": one_pair()}));
    assert!(wrong.contains("the name of a metric or an object"), "{wrong}");
}
