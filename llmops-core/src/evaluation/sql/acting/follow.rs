//! The process that answers for a model: started once, looked at until it ends.

use std::time::Duration;

use sea_orm::ActiveValue::Set;
use serde_json::Value;

use super::super::super::plan::Spec;
use super::super::super::rows::run;
use super::super::super::status::Stage;
use super::super::super::verdict::{self, End, Verdict};
use super::super::super::{EvaluationStatus, EvaluationTarget, recipe};
use super::super::SqlEvaluation;
use super::super::runs::stored;
use super::{Hand, NOW};
use crate::base::{Error, ErrorKind, Result, crash_point};
use crate::catalog::{Catalog, GetModel};
use crate::compute::{Channel, Observed, Phase, Work};
use crate::datasets::ExampleForm;
use crate::store::Next;

/// How often a running process is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long it may take to end when it is stopped.
const GRACE: Duration = Duration::from_secs(5);
/// Bytes of its events read at once.
const READ: usize = 256 << 10;

impl SqlEvaluation {
    /// Starts the process; it starts once, however often it is asked for.
    pub(super) async fn start_process(&self, hand: Hand<'_>) -> Result<Next> {
        let row = hand.row;
        if row.stopping {
            return self.give_up(hand, EvaluationStatus::Cancelled, row.status_reason.clone()).await;
        }
        let work = match self.work(hand).await {
            Ok(work) => work,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Conflict) => {
                return self.give_up(hand, EvaluationStatus::Failed, error.message().to_owned()).await;
            }
            Err(error) => return Err(error),
        };
        crash_point("evaluation.start.before", &row.name);
        let started = self.compute.start(&work).await;
        crash_point("evaluation.start.after", &row.name);
        match started {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Unsupported | ErrorKind::NotFound) => {
                let reason = format!("its place refused to start it: {}", error.message());
                return self.give_up(hand, EvaluationStatus::Failed, reason).await;
            }
            Err(error) => return Err(error),
        }
        let change = run::ActiveModel {
            attempt: Set(row.attempt + 1),
            events_read: Set(0),
            status: Set(EvaluationStatus::Running.name().to_owned()),
            status_reason: Set("the model is answering".to_owned()),
            started_at: Set(Some(row.started_at.unwrap_or_else(|| hand.ctx.now().micros()))),
            ..Default::default()
        };
        self.go(hand, Stage::Following, change).await
    }

    async fn work(&self, hand: Hand<'_>) -> Result<Work> {
        let row = hand.row;
        let target: EvaluationTarget = stored(row.target.clone())?;
        let spec: Spec = stored(row.spec.clone())?;
        let model = self.catalog.get_model(hand.ctx, GetModel { model_id: target.model_id }).await?;
        if model.digest != target.digest {
            return Err(Error::conflict(format!("the files of model `{}` changed", target.label())));
        }
        let files = self.model_files(hand.ctx, target.model_id).await?;
        model.check_same_files(&files)?;
        let missing = || Error::unexpected("an evaluation has no samples to start with");
        let data = row.data_digest.as_deref().ok_or_else(missing)?;
        let form = if row.form == ExampleForm::Text.name() { ExampleForm::Text } else { ExampleForm::Prompt };
        recipe::work(recipe::work_id(hand.id(), row.attempt + 1)?, (&target, &files), &spec, (form, data))
    }

    /// Takes in what the process said, and judges it when it has ended.
    pub(super) async fn follow(&self, hand: Hand<'_>) -> Result<Next> {
        let row = hand.row;
        let work = recipe::work_id(hand.id(), row.attempt)?;
        let observed = self.compute.observe(&work).await?;
        let from = u64::try_from(row.events_read).unwrap_or_default();
        let chunk = self.compute.read_log(&work, Channel::Events, from, READ).await?;
        if chunk.next > from {
            let heard = hear(&chunk.bytes);
            let change = run::ActiveModel {
                events_read: Set(i64::try_from(chunk.next).unwrap_or(i64::MAX)),
                done: Set(heard.done.unwrap_or(row.done)),
                fault: Set(heard.fault.unwrap_or_else(|| row.fault.clone())),
                ..Default::default()
            };
            self.write_change(hand, "evaluation.read_events", change).await?;
            return Ok(NOW); // there may be more, and nothing is judged before all of it is read
        }
        match &observed {
            Some(Observed { phase: Phase::Ended, .. }) | None => self.judge(hand, observed.as_ref()).await,
            Some(_) => {
                if row.stopping {
                    crash_point("evaluation.stop.before", &row.name);
                    self.compute.stop(&work, GRACE).await?;
                    crash_point("evaluation.stop.after", &row.name);
                }
                Ok(Next::After(LOOK))
            }
        }
    }

    async fn judge(&self, hand: Hand<'_>, observed: Option<&Observed>) -> Result<Next> {
        let row = hand.row;
        let exit = observed.and_then(|seen| seen.exit.as_ref());
        let end = End { exit, fault: &row.fault, stopping: row.stopping, attempt: row.attempt };
        let used = observed.map_or(0.0, |seen| seen.cpu_seconds);
        // Each attempt adds its own time, written together with what follows from its end.
        let cpu = row.cpu_millis + (used * 1000.0) as i64;
        match verdict::judge(end) {
            Verdict::Collect => {
                self.go(hand, Stage::Collecting, run::ActiveModel { cpu_millis: Set(cpu), ..Default::default() }).await
            }
            Verdict::Again(reason) => {
                let status_reason = Set(reason);
                let change = run::ActiveModel { cpu_millis: Set(cpu), status_reason, ..Default::default() };
                self.go(hand, Stage::Starting, change).await
            }
            Verdict::End(status, reason) => {
                let reason = if row.stopping { row.status_reason.clone() } else { reason };
                let row = run::Model { cpu_millis: cpu, ..row.clone() };
                self.give_up(Hand { row: &row, ..hand }, status, reason).await
            }
        }
    }
}

/// What a process said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Heard {
    done: Option<i64>,
    fault: Option<String>,
}

fn hear(lines: &[u8]) -> Heard {
    let mut heard = Heard::default();
    for line in lines.split(|byte| *byte == b'\n') {
        let Ok(event) = serde_json::from_slice::<Value>(line) else { continue };
        match event.get("event").and_then(Value::as_str) {
            Some("sample") => heard.done = event.get("done").and_then(Value::as_i64).or(heard.done),
            Some("error") => heard.fault = event.get("message").and_then(Value::as_str).map(str::to_owned),
            _ => {}
        }
    }
    heard
}
