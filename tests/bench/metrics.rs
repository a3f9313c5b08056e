//! Times the metrics over the pairs of a file. `metrics.py` beside this file runs it and says how.
//!
//! Reads `{"metrics": [..], "pairs": [..]}` from the file named by the first argument, as `POST /evaluation/score` does, and
//! prints for each metric: its value, the CPU seconds of the value alone, and those of the whole answer (scores of all
//! samples, parts and interval). CPU time is that of this one thread as Linux counts it.

#![expect(clippy::print_stdout, reason = "the result of a bench is what it prints")]

use std::hint::black_box;

use llmops_core::evaluation::metric::Samples;
use llmops_core::evaluation::{ScoreRequest, score};

/// Rounds go on until they took this long, to be well above the grain of the clock.
const ENOUGH: f64 = 0.5;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let path = std::env::args().nth(1).ok_or("name the file of metrics and pairs")?;
    let request: ScoreRequest = serde_json::from_slice(&std::fs::read(path)?)?;
    let samples = Samples::Pairs(&request.pairs);
    let mut results = Vec::new();
    for spec in &request.metrics {
        let metric = spec.build()?;
        let value = || -> Result<f64, Failure> { Ok(metric.value(&metric.statistics(black_box(samples))?.sums())) };
        let whole = || -> Result<f64, Failure> {
            let report = score(std::slice::from_ref(black_box(spec)), black_box(&request.pairs))?;
            Ok(report.metrics[0].value)
        };
        results.push(serde_json::json!({
            "label": spec.label(), "value": value()?, "valueSeconds": time(value)?, "wholeSeconds": time(whole)?,
        }));
    }
    println!("{}", serde_json::Value::from(results));
    Ok(())
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
