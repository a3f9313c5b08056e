//! What the end of a process, or the refusal of an endpoint, means for an evaluation: pure.

use super::EvaluationStatus;
use crate::base::{Error, ErrorKind};
use crate::compute::Exit;

/// Processes that are started for one evaluation, at most.
const ATTEMPTS: i64 = 3;
/// How often in a row an endpoint may not answer before the evaluation ends.
const SETBACKS: i64 = 12;

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Its answers are there.
    Collect,
    /// It is begun anew.
    Again(String),
    /// It is over.
    End(EvaluationStatus, String),
}

/// What is known of a process that ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct End<'a> {
    /// How it ended; nothing when nobody knows of it any more.
    pub exit: Option<&'a Exit>,
    /// What it said went wrong.
    pub fault: &'a str,
    /// Whether somebody asked for the end of the evaluation.
    pub stopping: bool,
    /// How many processes were started so far.
    pub attempt: i64,
}

/// What the end of a process means.
pub(super) fn judge(end: End<'_>) -> Verdict {
    if end.stopping {
        return Verdict::End(EvaluationStatus::Cancelled, "cancelled".into());
    }
    let failed = |what: &str| {
        let words = if end.fault.is_empty() { what.to_owned() } else { format!("{what}: {}", end.fault) };
        Verdict::End(EvaluationStatus::Failed, words)
    };
    match end.exit {
        Some(Exit { code: Some(0), .. }) => Verdict::Collect,
        Some(Exit { out_of_memory: true, .. }) => failed("its process used too much memory"),
        Some(Exit { code: Some(65), .. }) => failed("its samples cannot be read"),
        Some(Exit { code: Some(66), .. }) => failed("its model cannot be read"),
        Some(Exit { code: Some(69), .. }) => failed("there is not enough memory"),
        Some(Exit { code: Some(code), .. }) => failed(&format!("its process ended with code {code}")),
        _ if end.attempt < ATTEMPTS => Verdict::Again("its process was ended from outside; it is begun anew".into()),
        _ => failed("its process was ended from outside, again and again"),
    }
}

/// What a refusal to answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// This sample gets no answer.
    Sample(String),
    /// The endpoint cannot be asked now.
    Later(String),
    /// It cannot be asked at all.
    Never(String),
}

/// What an error of an endpoint means after this many setbacks in a row.
pub(super) fn refusal(error: &Error, setbacks: i64) -> Refusal {
    let words = error.message().to_owned();
    match error.kind() {
        ErrorKind::Invalid | ErrorKind::TooLarge | ErrorKind::Malformed => Refusal::Sample(words),
        kind if kind.retryable() && setbacks < SETBACKS => Refusal::Later(words),
        _ => Refusal::Never(words),
    }
}
