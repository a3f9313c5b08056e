//! Asking an endpoint: a few samples at a time, each recorded as soon as it is answered.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::super::super::examples::Example;
use super::super::super::plan::Spec;
use super::super::super::rows::{run, sample};
use super::super::super::status::Stage;
use super::super::super::verdict::{Refusal, refusal};
use super::super::super::{Answer, EvaluationStatus, EvaluationTarget};
use super::super::SqlEvaluation;
use super::super::runs::stored;
use super::{Hand, clean, on_behalf};
use crate::base::{Id, Result, crash_point};
use crate::store::Next;

/// How long a step goes on asking; an end that somebody asked for waits no longer.
const TURN: Duration = Duration::from_secs(3);
/// The longest pause before an endpoint that cannot be asked is asked again, in seconds.
const PAUSE: i64 = 15;

/// An evaluation as it is put to an endpoint.
struct Asked {
    target: EvaluationTarget,
    spec: Spec,
}

impl SqlEvaluation {
    /// Asks for a while. What is recorded is never asked again.
    pub(super) async fn ask(&self, hand: Hand<'_>) -> Result<Next> {
        let row = hand.row;
        if row.stopping {
            return self.give_up(hand, EvaluationStatus::Cancelled, row.status_reason.clone()).await;
        }
        if row.started_at.is_none() {
            let change = run::ActiveModel {
                status: Set(EvaluationStatus::Running.name().to_owned()),
                status_reason: Set("the endpoint is being asked".to_owned()),
                started_at: Set(Some(hand.ctx.now().micros())),
                ..Default::default()
            };
            return self.go(hand, Stage::Asking, change).await;
        }
        let left = self.unanswered(hand).await?;
        let refused = self.turn(hand, left).await?;
        let (done, failed) = self.counts(hand.ctx, hand.id()).await?;
        let progressed = done > row.done;
        let change = run::ActiveModel { done: Set(done), failed: Set(failed), ..Default::default() };
        match refused {
            Some(Refusal::Never(reason)) => {
                let row = run::Model { done, failed, ..row.clone() };
                self.give_up(Hand { row: &row, ..hand }, EvaluationStatus::Failed, reason).await
            }
            Some(Refusal::Later(reason)) => {
                let setbacks = if progressed { 1 } else { row.setbacks + 1 };
                let status_reason = Set(format!("the endpoint cannot be asked now: {reason}"));
                let change = run::ActiveModel { setbacks: Set(setbacks), status_reason, ..change };
                self.go(hand, Stage::Asking, change).await?;
                Ok(Next::After(Duration::from_secs(u64::try_from(setbacks.min(PAUSE)).unwrap_or(1))))
            }
            _ if done >= row.total => {
                let status_reason = Set("the answers are being scored".to_owned());
                self.go(hand, Stage::Scoring, run::ActiveModel { status_reason, ..change }).await
            }
            _ => {
                let status_reason = Set("the endpoint is being asked".to_owned());
                self.go(hand, Stage::Asking, run::ActiveModel { setbacks: Set(0), status_reason, ..change }).await
            }
        }
    }

    async fn unanswered(&self, hand: Hand<'_>) -> Result<Vec<Example>> {
        let recorded = sample::Entity::find()
            .select_only()
            .column(sample::Column::Number)
            .filter(sample::Column::RunId.eq(hand.row.id));
        let recorded: Vec<i64> = recorded.into_tuple().all(&self.store.conn(hand.ctx)).await?;
        let recorded: HashSet<u64> = recorded.into_iter().map(i64::unsigned_abs).collect();
        let mut left = self.examples(hand.row).await?;
        left.retain(|example| !recorded.contains(&example.number));
        Ok(left)
    }

    /// Asks until the turn is over; says why it stopped before.
    async fn turn(&self, hand: Hand<'_>, left: Vec<Example>) -> Result<Option<Refusal>> {
        let row = hand.row;
        let asking = Asked { target: stored(row.target.clone())?, spec: stored(row.spec.clone())? };
        let concurrency = usize::try_from(asking.spec.concurrency).unwrap_or(1);
        let (until, asking, over) = (Instant::now() + TURN, &asking, AtomicBool::new(false));
        let goes_on = || Instant::now() < until && !over.load(Ordering::Relaxed);
        let begun = futures::stream::iter(left).take_while(|_| std::future::ready(goes_on()));
        let mut answers = begun.map(|example| self.put(hand, asking, example)).buffer_unordered(concurrency).boxed();
        let mut refused = None;
        while let Some((example, answered, ms)) = answers.next().await {
            let record = match answered {
                Ok(answer) if answer.model != asking.target.label() => {
                    let (was, is) = (asking.target.label(), answer.model);
                    return Ok(Some(Refusal::Never(format!("the endpoint answers with {is} now, and was {was}"))));
                }
                Ok(answer) => to_row(row.id, example, Ok((answer, ms))),
                Err(error) => match refusal(&error, row.setbacks) {
                    Refusal::Sample(reason) => to_row(row.id, example, Err(reason)),
                    other => {
                        // No more are begun. Those under way are waited for, because their answers count.
                        over.store(true, Ordering::Relaxed);
                        refused = Some(other);
                        continue;
                    }
                },
            };
            self.record(hand, vec![record]).await?;
            crash_point("evaluation.record.after", &row.name);
        }
        Ok(refused)
    }

    async fn put(&self, hand: Hand<'_>, asking: &Asked, example: Example) -> (Example, Result<Answer>, f64) {
        let ctx = on_behalf(hand.ctx, hand.row);
        let begun = Instant::now();
        crash_point("evaluation.ask.before", &hand.row.name);
        let answer = self.answering.ask(&ctx, &asking.target, &example.question, &asking.spec.parameters).await;
        crash_point("evaluation.ask.after", &hand.row.name);
        (example, answer, begun.elapsed().as_secs_f64() * 1000.0)
    }
}

fn to_row(run: Id, example: Example, answered: Result<(Answer, f64), String>) -> sample::Model {
    let (answer, ms, error) = match answered {
        Ok((answer, ms)) => (Some(answer), Some(ms), None),
        Err(reason) => (None, None, Some(clean(reason))),
    };
    let tokens = |count: Option<u64>| i64::try_from(count.unwrap_or_default()).unwrap_or(i64::MAX);
    sample::Model {
        run_id: run,
        number: i64::try_from(example.number).unwrap_or(i64::MAX),
        prompt: clean(example.prompt),
        reference: example.reference.map(clean),
        prompt_tokens: tokens(answer.as_ref().map(|answer| answer.prompt_tokens)),
        completion_tokens: tokens(answer.as_ref().map(|answer| answer.completion_tokens)),
        finish_reason: answer.as_ref().and_then(|answer| answer.finish_reason.clone()),
        prediction: answer.map(|answer| clean(answer.text)),
        ms,
        log_prob: None,
        log_tokens: 0,
        log_bytes: 0,
        error,
        scores: json!({}),
        sums: json!({}),
    }
}
