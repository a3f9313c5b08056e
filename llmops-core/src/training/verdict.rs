//! What an end means: whether the attempt succeeded, and if not, what failed and whether trying again can help.

use super::events::Seen;
use super::{JobFailure, JobFailureClass, JobRetryPolicy};
use crate::compute::Exit;

/// The most evidence that is kept, in characters.
const EVIDENCE_CHARS: usize = 1000;
/// The longest pause before another attempt.
const MOST_PAUSE_SECONDS: u64 = 3600;
/// The status with which a program ends that was killed for its memory.
const KILL: i32 = 9;

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It left a model.
    Succeeded,
    /// Somebody cancelled it.
    Cancelled,
    /// It failed.
    Failed(JobFailure),
}

/// What is known of an end.
#[derive(Debug, Clone, Copy)]
pub(super) struct End<'a> {
    /// How it ended; nothing when its place lost it.
    pub exit: Option<&'a Exit>,
    /// What it said.
    pub seen: &'a Seen,
    /// Why we stopped it, if we did: `cancelled` or `timeout`.
    pub stopping: Option<&'a str>,
    /// The last lines it wrote to people.
    pub words: &'a str,
}

/// Judges an end.
pub(super) fn judge(end: End<'_>) -> Verdict {
    match (end.stopping, end.exit) {
        (Some("cancelled"), _) => return Verdict::Cancelled,
        // One that had just finished when it was told to stop has its model.
        (Some(_), exit) if !exit.is_some_and(|exit| completed(exit, end.seen)) => {
            return failed(JobFailureClass::Timeout, "it took longer than `maxDurationSeconds`".into(), end);
        }
        _ => {}
    }
    let Some(exit) = end.exit else {
        return failed(JobFailureClass::NodeLost, "the place where it ran does not know it any more".into(), end);
    };
    if completed(exit, end.seen) {
        return Verdict::Succeeded;
    }
    let (class, message) = classify(exit, end.seen);
    failed(class, message, end)
}

fn completed(exit: &Exit, seen: &Seen) -> bool {
    exit.code == Some(0) && matches!(seen.done.as_deref(), Some("completed" | "max_seconds"))
}

fn classify(exit: &Exit, seen: &Seen) -> (JobFailureClass, String) {
    use JobFailureClass::{Code, Configuration, Data, Model, OutOfMemory, Preempted};
    if exit.out_of_memory {
        return (OutOfMemory, "it was ended for using too much memory".into());
    }
    match (exit.code, exit.signal) {
        (Some(0), _) if seen.done.is_some() => (Preempted, "somebody else told it to stop".into()),
        (Some(0), _) => (Code, "it ended without a word and without a model".into()),
        (Some(2), _) => (Configuration, "it refused its settings".into()),
        (Some(65), _) => (Data, "it cannot train on this data".into()),
        (Some(66), _) => (Model, "it cannot read the base model".into()),
        (Some(69), _) => (OutOfMemory, "it needs more memory than there is".into()),
        (Some(code), _) => (Code, format!("it ended with status {code}")),
        (None, Some(KILL)) => (Preempted, "somebody killed it, or the machine ran out of memory".into()),
        (None, Some(signal @ (1 | 2 | 15))) => (Preempted, format!("somebody ended it with signal {signal}")),
        (None, Some(signal)) => (Code, format!("it broke off with signal {signal}")),
        (None, None) => (JobFailureClass::NodeLost, "its end was not seen".into()),
    }
}

fn failed(class: JobFailureClass, message: String, end: End<'_>) -> Verdict {
    let evidence = match &end.seen.error {
        Some((_, said)) if !said.is_empty() => said.clone(),
        _ if !end.words.trim().is_empty() => end.words.trim().to_owned(),
        _ => status(end.exit),
    };
    let evidence = evidence.chars().take(EVIDENCE_CHARS).collect();
    let (next_step, retryable) = remedy(class);
    Verdict::Failed(JobFailure { class, message, evidence, next_step: next_step.to_owned(), retryable })
}

fn status(exit: Option<&Exit>) -> String {
    match exit {
        Some(Exit { code: Some(code), .. }) => format!("exit status {code}"),
        Some(Exit { signal: Some(signal), .. }) => format!("signal {signal}"),
        _ => "no exit status".to_owned(),
    }
}

/// What to do about a failure, and whether doing the same again can help.
fn remedy(class: JobFailureClass) -> (&'static str, bool) {
    match class {
        JobFailureClass::OutOfMemory => ("halve `batchSize` or `maxSeqLen`, or train with `lora`", false),
        JobFailureClass::Configuration => ("change the settings that the evidence names and submit again", false),
        JobFailureClass::Data => ("look at the dataset's preview and validation; mend it in a new version", false),
        JobFailureClass::Model => ("verify the base model's files, or take another", false),
        JobFailureClass::Timeout => ("raise `maxDurationSeconds`, or train fewer steps", false),
        JobFailureClass::Preempted => ("it is tried again; submit it again if no attempt is left", true),
        JobFailureClass::NodeLost => ("it is tried again; submit it again if no attempt is left", true),
        JobFailureClass::Code => ("read its logs; if it fails again, report it with them", true),
    }
}

/// Seconds until the next attempt, if there is to be one.
pub(super) fn again(failure: &JobFailure, attempt: i64, policy: &JobRetryPolicy) -> Option<u64> {
    let retries = i64::from(policy.max_retries.unwrap_or_default());
    if !failure.retryable || attempt > retries {
        return None;
    }
    let first = u64::from(policy.backoff_seconds.unwrap_or_default());
    let doubled = u32::try_from(attempt.max(1) - 1).unwrap_or(u32::MAX).min(12);
    Some((first << doubled).min(MOST_PAUSE_SECONDS))
}
