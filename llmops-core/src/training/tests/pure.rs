//! What is decided without looking at anything: estimates, events, verdicts.

use super::super::estimate::{Amount, estimate};
use super::super::events::{Seen, Taken, take};
use super::super::shape::Shape;
use super::super::verdict::{End, Verdict, again, judge};
use super::*;
use crate::base::Timestamp;
use crate::compute::Exit;

fn exit(code: Option<i32>, signal: Option<i32>) -> Exit {
    Exit { code, signal, out_of_memory: false, stopped: false }
}

/// What is made of an end: `ok`, `cancelled`, or the class with `!` when it is tried again.
fn verdict(exit: Option<Exit>, done: Option<&str>, stopping: Option<&str>) -> String {
    let seen = Seen { done: done.map(str::to_owned), ..Seen::default() };
    match judge(End { exit: exit.as_ref(), seen: &seen, stopping, words: "" }) {
        Verdict::Succeeded => "ok".into(),
        Verdict::Cancelled => "cancelled".into(),
        Verdict::Failed(failure) => format!("{}{}", failure.class.name(), if failure.retryable { "!" } else { "" }),
    }
}

#[test]
fn every_end_has_its_meaning() {
    let code = |code| Some(exit(Some(code), None));
    let signal = |signal| Some(exit(None, Some(signal)));
    let memory = Some(Exit { out_of_memory: true, ..exit(None, Some(9)) });
    for (given, done, stopping, wanted) in [
        (code(0), Some("completed"), None, "ok"),
        (code(0), Some("max_seconds"), None, "ok"),
        (code(0), Some("cancelled"), None, "preempted!"),
        (code(0), Some("cancelled"), Some("cancelled"), "cancelled"),
        (code(0), Some("cancelled"), Some("timeout"), "timeout"),
        (code(0), Some("completed"), Some("timeout"), "ok"),
        (code(0), None, None, "code!"),
        (code(2), None, None, "configuration"),
        (code(65), None, None, "data"),
        (code(66), None, None, "model"),
        (code(69), None, None, "out_of_memory"),
        (code(70), None, None, "code!"),
        (code(1), None, None, "code!"),
        (signal(9), None, None, "preempted!"),
        (signal(15), None, None, "preempted!"),
        (signal(11), None, None, "code!"),
        (memory, None, None, "out_of_memory"),
        (None, None, None, "node_lost!"),
        (None, None, Some("cancelled"), "cancelled"),
    ] {
        assert_eq!(verdict(given, done, stopping), wanted, "{given:?} {done:?} {stopping:?}");
    }
}

#[test]
fn pauses_double_until_no_attempt_is_left() {
    let failure = |retryable| JobFailure {
        class: JobFailureClass::Code,
        message: String::new(),
        evidence: String::new(),
        next_step: String::new(),
        retryable,
    };
    let policy = JobRetryPolicy { max_retries: Some(3), backoff_seconds: Some(10) };
    let pauses: Vec<Option<u64>> = (1..=4).map(|attempt| again(&failure(true), attempt, &policy)).collect();
    assert_eq!(pauses, [Some(10), Some(20), Some(40), None]);
    assert_eq!(again(&failure(false), 1, &policy), None);
}

#[test]
fn events_keep_their_own_time() {
    let begun = Timestamp::from_micros(1_000_000);
    let text = format!(
        "{}\nno event\n{}\n",
        step(3, 2.5),
        json!({"event": "eval", "step": 3, "loss": "NaN", "perplexity": null})
    );
    let taken = take(text.as_bytes(), begun, <_>::default());
    assert!(taken.points.iter().all(|point| point.time == Some(Timestamp::from_micros(1_300_000)) && point.step == 3));
    let names: Vec<&str> = taken.points.iter().map(|point| point.name.as_str()).collect();
    assert_eq!(names, ["loss", "loss_ema", "lr", "grad_norm", "tokens", "rss_bytes", "cpu_seconds", "eval_loss"]);
    assert_eq!((taken.progress.step, taken.progress.loss, taken.progress.tokens), (3, Some(2.5), 30));
}

#[test]
fn last_words_survive_from_look_to_look() {
    let said = json!({ "event": "error", "class": "data", "message": "no text" }).to_string();
    let first = take(said.as_bytes(), Timestamp::from_micros(0), <_>::default());
    let second = take(b"", Timestamp::from_micros(0), (first.seen, first.progress));
    assert_eq!(second.seen.error, Some(("data".into(), "no text".into())));
}

/// Read line by line, as looks come between them, lines say what they say at once.
#[test]
fn spoilt_events() {
    let begun = Timestamp::from_micros(1_000_000);
    let eval = json!({ "event": "eval", "step": 3, "loss": "NaN", "perplexity": 2.5 });
    let ends = [
        json!({ "event": "done", "reason": "completed" }),
        json!({ "event": "error", "class": "data", "message": "no text" }),
    ];
    let seeds = ends.map(|end| format!("{}\nno event\n{eval}\n{}\n{end}\n", step(3, 2.5), step(4, 0.5)));
    crate::fuzz::spoil("events", &[seeds[0].as_bytes(), seeds[1].as_bytes()], |bytes| {
        let whole = take(bytes, begun, <_>::default());
        let (mut before, mut points) = (<_>::default(), Vec::new());
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let taken = take(line, begun, before);
            points.extend(taken.points);
            before = (taken.seen, taken.progress);
        }
        let parts = Taken { points, seen: before.0, progress: before.1 };
        // Numbers that are none equal nothing, but look alike.
        assert_eq!(format!("{whole:?}"), format!("{parts:?}"));
        let names: Vec<&str> = whole.points.iter().map(|point| point.name.as_str()).collect();
        format!("{:?} {:?} {names:?}", whole.seen.done, whole.seen.error)
    });
}

/// The base model of the example: 0.87 million weights, measured at 32 CPU seconds for 120 steps of 16 windows of 96.
#[test]
fn the_estimate_meets_a_measured_job() {
    let architecture = TrainingArchitecture {
        hidden_size: 128,
        layers: 4,
        heads: 4,
        kv_heads: Some(2),
        intermediate_size: Some(344),
        vocabulary: 1024,
        context: 256,
    };
    let hyperparams = TrainingHyperparams {
        max_steps: Some(120),
        batch_size: Some(16),
        max_seq_len: Some(96),
        ..TrainingHyperparams::default()
    };
    let spec = TrainingSpec {
        model_family: "llama".into(),
        method: TrainingMethod::Full,
        model_digest: None,
        dataset_digest: String::new(),
        lora: None,
        architecture: Some(architecture.clone()),
        hyperparams,
        output: TrainingOutput::default(),
        evaluation: None,
        checkpoint_every: 50,
        cpu_millis: 1000,
        retry_policy: JobRetryPolicy::default(),
        max_duration_seconds: 60,
        use_gpu: false,
        priority: 0,
    };
    let amount = Amount { rows: 433, bytes: 300_000, running_text: true };
    let needs = estimate(&spec, &Shape::asked(&architecture), amount);
    assert!((800_000..950_000).contains(&needs.parameters), "{}", needs.parameters);
    assert!((25.0..45.0).contains(&needs.cpu_seconds), "{}", needs.cpu_seconds);
    assert!((300 << 20..1500 << 20).contains(&needs.memory_bytes), "{}", needs.memory_bytes);
}

#[test]
fn epochs_are_counted_in_examples_or_in_windows() {
    let pairs = Amount { rows: 600, bytes: 43_322, running_text: false };
    let text = Amount { rows: 433, bytes: 299_943, running_text: true };
    assert_eq!((pairs.steps(1.0, 16, 96), text.steps(2.0, 16, 96)), (38.0, 98.0));
}

#[test]
fn the_work_of_a_job_names_it() {
    let id = JobId(uuid::Uuid::now_v7());
    let work = recipe::work_id(id, 2).unwrap();
    assert_eq!(recipe::job_of(&work), Some(id));
    assert_eq!(recipe::job_of(&WorkId::parse("serve-x").unwrap()), None);
}
