//! Times what is done with texts, without a server. `metrics.py` and `pii.py` beside this file run it and say how.
//!
//! ```text
//! texts_bench metrics FILE    the metrics over pairs, as `POST /evaluation/score` takes them: for each its value, the CPU
//!                             seconds of the value alone, and those of the whole answer (scores of all samples, parts, interval)
//! texts_bench pii FILE        the search for personal data in a list of texts, and a bare set of the same patterns
//! ```
//!
//! CPU time is that of this one thread as Linux counts it.

#![expect(clippy::print_stdout, reason = "the result of a bench is what it prints")]

use std::hint::black_box;

use llmops_core::datasets::{PiiDetector, PiiMatch, PiiType, RuleDetector};
use llmops_core::evaluation::metric::Samples;
use llmops_core::evaluation::{ScoreRequest, score};
use regex::RegexSet;
use serde_json::{Value, json};

/// Rounds go on until they took this long, to be well above the grain of the clock.
const ENOUGH: f64 = 0.5;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let measured = match words.as_slice() {
        ["metrics", path] => metrics(&std::fs::read(path)?)?,
        ["pii", path] => pii(&std::fs::read(path)?)?,
        _ => return Err("name what is measured, metrics or pii, and the file".into()),
    };
    println!("{measured}");
    Ok(())
}

fn metrics(question: &[u8]) -> Result<Value, Failure> {
    let request: ScoreRequest = serde_json::from_slice(question)?;
    let samples = Samples::Pairs(&request.pairs);
    let mut results = Vec::new();
    for spec in &request.metrics {
        let metric = spec.build()?;
        let value = || -> Result<f64, Failure> { Ok(metric.value(&metric.statistics(black_box(samples))?.sums())) };
        let whole = || -> Result<f64, Failure> {
            let report = score(std::slice::from_ref(black_box(spec)), black_box(&request.pairs))?;
            Ok(report.metrics[0].value)
        };
        results.push(json!({
            "label": spec.label(), "value": value()?, "valueSeconds": time(value)?, "wholeSeconds": time(whole)?,
        }));
    }
    Ok(results.into())
}

/// The set only says which patterns are somewhere in a text; the search says where, and judges each finding.
fn pii(texts: &[u8]) -> Result<Value, Failure> {
    let texts: Vec<String> = serde_json::from_slice(texts)?;
    let detector = RuleDetector::new(PiiType::ALL)?;
    let kinds: Vec<PiiType> = PiiType::ALL.iter().copied().filter(|kind| *kind != PiiType::PersonName).collect();
    let nameless = RuleDetector::new(&kinds)?;
    let set = RegexSet::new(nameless.patterns())?;
    let search = |detector: &RuleDetector| {
        let mut found: Vec<PiiMatch> = Vec::new();
        let mut all = 0;
        for text in black_box(&texts) {
            found.clear();
            detector.find(text, &mut found);
            all += found.len();
        }
        all as f64
    };
    let matches = || Ok(texts.iter().map(|text| black_box(&set).matches(text).iter().count()).sum::<usize>() as f64);
    Ok(json!({
        "searchSeconds": time(|| Ok(search(&nameless)))?, "withNamesSeconds": time(|| Ok(search(&detector)))?,
        "setSeconds": time(matches)?, "patterns": set.len(),
    }))
}

/// The CPU seconds of one call.
fn time(call: impl Fn() -> Result<f64, Failure>) -> Result<f64, Failure> {
    let start = cpu_seconds()?;
    for rounds in 1.. {
        black_box(call()?);
        let taken = cpu_seconds()? - start;
        if taken > ENOUGH {
            return Ok(taken / f64::from(rounds));
        }
    }
    Ok(0.0)
}

fn cpu_seconds() -> Result<f64, Failure> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: u64 = stat.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds as f64 / 1e9)
}
