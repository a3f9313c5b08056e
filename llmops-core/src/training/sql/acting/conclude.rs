//! What follows from an end: the model is registered, another attempt is made, or the job ends.

use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::super::super::rows::job;
use super::super::super::status::Stage;
use super::super::super::verdict::{self, Verdict};
use super::super::super::{JobFailure, JobFailureClass, JobId, JobStatus, TrainingSpec};
use super::super::SqlTraining;
use super::super::jobs::{owner, stored, with_moment};
use super::{Hand, NOW};
use crate::base::{Ctx, Result, crash_point};
use crate::compute::{OutputFile, WorkId};
use crate::op::encode;
use crate::store::Next;

impl SqlTraining {
    /// Acts on a verdict.
    pub(super) async fn conclude(&self, hand: Hand<'_>, work: &WorkId, verdict: Verdict) -> Result<Next> {
        match verdict {
            Verdict::Succeeded => {
                let missing = missing(&self.compute.outputs(work).await?);
                if !missing.is_empty() {
                    let evidence = format!("missing: {}", missing.join(", "));
                    return self.refuse(hand, JobFailureClass::Code, "it left no whole model", &evidence).await;
                }
                let reason = "trained; its model is being brought into the catalog".to_owned();
                let change = job::ActiveModel {
                    stage: Set(Stage::Registering.name().to_owned()),
                    status_reason: Set(reason.clone()),
                    timeline: Set(with_moment(hand.row, hand.ctx.now(), JobStatus::Running, reason)),
                    stopping: Set(None),
                    ..Default::default()
                };
                self.write_change(hand, "training.accept_result", change).await?;
            }
            Verdict::Cancelled => {
                let words = hand.row.status_reason.clone();
                self.write(hand, "training.finish_job", |room, ctx, row| {
                    Box::pin(async move {
                        let ended = (JobStatus::Cancelled, words);
                        room.end(&ctx, &row, ended, job::ActiveModel::default()).await
                    })
                })
                .await?;
            }
            Verdict::Failed(failure) => self.fail(hand, failure).await?,
        }
        Ok(NOW)
    }

    /// A job that is stopped before its work was started.
    pub(super) async fn stopped_before_start(&self, hand: Hand<'_>) -> Result<Next> {
        let attempt = u32::try_from(hand.row.attempt).unwrap_or_default();
        let work = super::recipe::work_id(JobId(hand.row.id), attempt)?;
        // It may have been started a moment before a crash.
        crash_point("training.remove.before", &hand.row.name);
        self.compute.remove(&work).await?;
        crash_point("training.remove.after", &hand.row.name);
        self.conclude(hand, &work, Verdict::Cancelled).await
    }

    /// Fails a job for a reason that trying again does not mend.
    pub(super) async fn refuse(
        &self,
        hand: Hand<'_>,
        class: JobFailureClass,
        message: &str,
        evidence: &str,
    ) -> Result<Next> {
        let next_step = "mend what the evidence names and submit the job again".to_owned();
        let (message, evidence) = (message.to_owned(), evidence.to_owned());
        self.fail(hand, JobFailure { class, message, evidence, next_step, retryable: false }).await?;
        Ok(NOW)
    }

    async fn fail(&self, hand: Hand<'_>, failure: JobFailure) -> Result<()> {
        let spec: TrainingSpec = stored(hand.row.spec.clone())?;
        let pause = verdict::again(&failure, hand.row.attempt, &spec.retry_policy);
        self.write(hand, "training.fail_attempt", move |room, ctx, row| {
            Box::pin(async move {
                let kept = job::ActiveModel { failure: Set(Some(encode(&failure)?)), ..Default::default() };
                match pause {
                    Some(seconds) => room.retry(&ctx, &row, (&failure, seconds), kept).await,
                    None => {
                        let reason =
                            format!("{}: {}; {}", failure.message, brief(&failure.evidence), failure.next_step);
                        room.end(&ctx, &row, (JobStatus::Failed, reason), kept).await
                    }
                }
            })
        })
        .await
    }

    /// Puts the job back into the queue once the pause is over; its cores are free meanwhile. It stays with its place,
    /// where the logs of its attempts are.
    async fn retry(
        &self,
        ctx: &Ctx,
        row: &job::Model,
        (failure, seconds): (&JobFailure, u64),
        change: job::ActiveModel,
    ) -> Result<()> {
        let (attempt, next) = (row.attempt, row.attempt + 1);
        let reason = format!(
            "attempt {attempt} failed ({}): {}; attempt {next} begins in {seconds} seconds",
            failure.class.name(),
            failure.message
        );
        let change = job::ActiveModel {
            stage: Set(Stage::Waiting.name().to_owned()),
            status: Set(JobStatus::Queued.name().to_owned()),
            status_reason: Set(reason.clone()),
            not_before: Set(ctx.now().plus_seconds(seconds.cast_signed()).micros().max(1)),
            timeline: Set(with_moment(row, ctx.now(), JobStatus::Queued, reason)),
            ..change
        };
        self.change(ctx, row, change).await?;
        self.charge(ctx, row).await?;
        self.scheduler.release(ctx, &owner(JobId(row.id))).await?;
        ctx.touch("job", row.id, json!({ "attempt": attempt, "failure": failure.class, "evidence": failure.evidence }));
        Ok(())
    }
}

/// What a model needs to be served that is not among its files.
fn missing(files: &[OutputFile]) -> Vec<&'static str> {
    let has = |path: &str| files.iter().any(|file| file.path == path && file.size > 0);
    let weights = files.iter().any(|file| file.path.ends_with(".safetensors") && !file.path.contains('/'));
    let needed = [("config.json", has("config.json")), ("tokenizer.json", has("tokenizer.json")), ("weights", weights)];
    needed.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect()
}

/// The first line, which says most.
fn brief(evidence: &str) -> &str {
    evidence.lines().next().unwrap_or_default()
}
