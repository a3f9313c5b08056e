//! What the training program says while it works: JSON lines, read into metric points, progress and last words.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::JobProgress;
use crate::base::Timestamp;
use crate::experiments::{MetricPoint, Number};

/// What an attempt said last, kept between two looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Why it ended, by its own account: `completed`, `cancelled`, `max_seconds`.
    #[serde(default)]
    pub done: Option<String>,
    /// The class and the message of its error.
    #[serde(default)]
    pub error: Option<(String, String)>,
    /// Microseconds from its beginning to its last step: measurements between steps say no time.
    #[serde(default)]
    pub micros: i64,
}

/// Events taken in.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Taken {
    pub points: Vec<MetricPoint>,
    pub progress: JobProgress,
    pub seen: Seen,
}

/// The metrics of a step: the event's field and the metric's name.
const STEP: [(&str, &str); 7] = [
    ("loss", "loss"),
    ("ema", "loss_ema"),
    ("lr", "lr"),
    ("grad_norm", "grad_norm"),
    ("tokens", "tokens"),
    ("rss", "rss_bytes"),
    ("cpu_secs", "cpu_seconds"),
];
/// The metrics of a measurement on data kept aside.
const EVAL: [(&str, &str); 2] = [("loss", "eval_loss"), ("perplexity", "eval_perplexity")];

/// Reads whole lines after those read before. Points get the time their step happened, counted from `begun`, so that reading
/// the same lines again makes the same points. Lines that are no events are passed over.
pub(super) fn take(lines: &[u8], begun: Timestamp, before: (Seen, JobProgress)) -> Taken {
    let (seen, progress) = before;
    let mut taken = Taken { points: Vec::new(), progress, seen };
    for line in lines.split(|byte| *byte == b'\n') {
        if let Ok(event) = serde_json::from_slice::<Value>(line) {
            one(&mut taken, &event, begun);
        }
    }
    taken
}

fn one(taken: &mut Taken, event: &Value, begun: Timestamp) {
    let text = |field: &str| event.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    match event.get("event").and_then(Value::as_str) {
        Some("step") => {
            if let Some(secs) = event.get("secs").and_then(Value::as_f64) {
                taken.seen.micros = (secs * 1e6) as i64;
            }
            measure(taken, event, &STEP, begun);
            taken.progress.step = number(event, "step").unwrap_or(taken.progress.step);
            taken.progress.tokens = number(event, "tokens").unwrap_or(taken.progress.tokens);
            let loss = event.get("ema").or_else(|| event.get("loss")).and_then(Value::as_f64);
            taken.progress.loss = loss.or(taken.progress.loss);
        }
        Some("eval") => {
            measure(taken, event, &EVAL, begun);
            taken.progress.eval_loss = event.get("loss").and_then(Value::as_f64).or(taken.progress.eval_loss);
        }
        Some("done") => taken.seen.done = Some(text("reason")),
        Some("error") => taken.seen.error = Some((text("class"), text("message"))),
        _ => {}
    }
}

fn measure(taken: &mut Taken, event: &Value, metrics: &[(&str, &str)], begun: Timestamp) {
    let step = event.get("step").and_then(Value::as_i64).unwrap_or_default();
    let time = Some(Timestamp::from_micros(begun.micros().saturating_add(taken.seen.micros)));
    for (field, name) in metrics {
        let value = event.get(field).filter(|value| !value.is_null());
        if let Some(value) = value.and_then(|value| Number::deserialize(value).ok()) {
            taken.points.push(MetricPoint { name: (*name).to_owned(), value, step, time });
        }
    }
}

fn number(event: &Value, field: &str) -> Option<u64> {
    event.get(field).and_then(Value::as_u64)
}
