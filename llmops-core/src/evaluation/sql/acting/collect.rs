//! Taking in the answers that a process left.

use futures::StreamExt;
use sea_orm::ActiveValue::Set;
use serde::Deserialize;
use serde_json::json;

use super::super::super::examples::Example;
use super::super::super::rows::{run, sample};
use super::super::super::status::Stage;
use super::super::super::{EvaluationStatus, recipe};
use super::super::SqlEvaluation;
use super::{Hand, clean};
use crate::base::{Error, Id, Result, crash_point};
use crate::store::Next;

/// Answers that are written together.
const BATCH: usize = 1000;
/// The longest line a process may leave.
const LINE_BYTES: usize = 64 << 20;

/// An answer as the runtime writes it.
#[derive(Debug, Deserialize)]
struct Line {
    id: u64,
    prediction: Option<String>,
    finish_reason: Option<String>,
    prompt_tokens: Option<i64>,
    completion_tokens: Option<i64>,
    ms: Option<f64>,
    log_probs: Option<Vec<f64>>,
    bytes: Option<i64>,
}

impl SqlEvaluation {
    /// Records every answer; those that were recorded before stay.
    pub(super) async fn collect(&self, hand: Hand<'_>) -> Result<Next> {
        if hand.row.stopping {
            return self.give_up(hand, EvaluationStatus::Cancelled, hand.row.status_reason.clone()).await;
        }
        crash_point("evaluation.collect.before", &hand.row.name);
        match self.take_answers(hand).await {
            Ok(()) => {}
            Err(error) if error.stable_code() == "bad_samples" => {
                return self.give_up(hand, EvaluationStatus::Failed, error.message().to_owned()).await;
            }
            Err(error) => return Err(error),
        }
        crash_point("evaluation.collect.after", &hand.row.name);
        let (done, failed) = self.counts(hand.ctx, hand.id()).await?;
        if done < hand.row.total {
            let reason = format!("its process left {done} of {} answers", hand.row.total);
            return self.give_up(hand, EvaluationStatus::Failed, reason).await;
        }
        let change = run::ActiveModel {
            done: Set(done),
            failed: Set(failed),
            status_reason: Set("the answers are being scored".to_owned()),
            ..Default::default()
        };
        self.go(hand, Stage::Scoring, change).await
    }

    async fn take_answers(&self, hand: Hand<'_>) -> Result<()> {
        let examples = self.examples(hand.row).await?;
        let work = recipe::work_id(hand.id(), hand.row.attempt)?;
        let missing = |error: Error| bad("its process left no answers").caused_by(error);
        let mut body = self.compute.open_output(&work, recipe::SAMPLES).await.map_err(missing)?;
        let (mut rest, mut answers) = (Vec::new(), Vec::new());
        while let Some(chunk) = body.next().await {
            rest.extend_from_slice(&chunk?);
            if rest.len() > LINE_BYTES {
                return Err(bad("its process left an answer that is too long"));
            }
            let Some(end) = rest.iter().rposition(|byte| *byte == b'\n') else { continue };
            let lines: Vec<u8> = rest.drain(..=end).collect();
            answers.extend(read(hand.row.id, &lines, &examples)?);
            if answers.len() >= BATCH {
                self.record(hand, std::mem::take(&mut answers)).await?;
            }
        }
        answers.extend(read(hand.row.id, &rest, &examples)?);
        if answers.is_empty() { Ok(()) } else { self.record(hand, answers).await }
    }
}

/// Answers of whole lines, each to the example of its number.
fn read(run: Id, lines: &[u8], examples: &[Example]) -> Result<Vec<sample::Model>> {
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| answer(run, line, examples)).collect()
}

fn answer(run: Id, line: &[u8], examples: &[Example]) -> Result<sample::Model> {
    let unreadable = || bad("its process left an answer that cannot be read");
    let line: Line = serde_json::from_slice(line).map_err(|cause| unreadable().caused_by(cause))?;
    let example = usize::try_from(line.id).ok().and_then(|at| examples.get(at)).ok_or_else(unreadable)?;
    let log_probs = line.log_probs.filter(|log_probs| !log_probs.is_empty());
    Ok(sample::Model {
        run_id: run,
        number: i64::try_from(line.id).map_err(|_| unreadable())?,
        prompt: clean(example.prompt.clone()),
        reference: example.reference.clone().map(clean),
        prediction: line.prediction.map(clean),
        finish_reason: line.finish_reason,
        prompt_tokens: line.prompt_tokens.unwrap_or_default(),
        completion_tokens: line.completion_tokens.unwrap_or_default(),
        ms: line.ms,
        log_prob: log_probs.as_ref().map(|log_probs| log_probs.iter().sum()),
        log_tokens: log_probs.map_or(0, |log_probs| log_probs.len() as i64),
        log_bytes: line.bytes.unwrap_or_default(),
        error: None,
        scores: json!({}),
        sums: json!({}),
    })
}

fn bad(message: &str) -> Error {
    Error::conflict(message).code("bad_samples")
}
