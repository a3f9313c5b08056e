//! Following the work: its events become points of the run, its end is judged, its time is limited.

use std::time::Duration;

use sea_orm::ActiveValue::Set;

use super::super::super::events::{self, Taken};
use super::super::super::rows::job;
use super::super::super::verdict::{self, End};
use super::super::super::{JobId, JobStatus, TrainingSpec, recipe};
use super::super::SqlTraining;
use super::super::jobs::{stored, with_moment};
use super::super::logs::CHUNK;
use super::{Hand, NOW};
use crate::base::{Ctx, Result, Timestamp, crash_point};
use crate::compute::{Channel, Observed, Phase, WorkId};
use crate::experiments::RunId;
use crate::op::encode;
use crate::store::Next;

/// How often running work is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long work may take to save its state when it is stopped.
const GRACE: Duration = Duration::from_secs(20);
/// The most points of one batch.
const BATCH: usize = 5000;
/// The last words that are kept, in bytes.
const WORDS: usize = 2000;

impl SqlTraining {
    /// Takes in what the work said, and judges it when it has ended.
    pub(super) async fn follow(&self, hand: Hand<'_>) -> Result<Next> {
        let row = hand.row;
        let work = recipe::work_id(JobId(row.id), u32::try_from(row.attempt).unwrap_or_default())?;
        let observed = self.compute.observe(&work).await?;
        let from = u64::try_from(row.events_read).unwrap_or_default();
        let chunk = self.compute.read_log(&work, Channel::Events, from, CHUNK).await?;
        let cpu = observed.as_ref().map_or(row.cpu_now, |seen| (seen.cpu_seconds * 1000.0) as i64).max(row.cpu_now);
        if chunk.next > from || cpu / 1000 > row.cpu_now / 1000 {
            let taken = take(row, &chunk.bytes)?;
            self.take_in(hand, taken, (i64::try_from(chunk.next).unwrap_or(i64::MAX), cpu)).await?;
        }
        if chunk.next > from {
            return Ok(NOW); // there may be more, and nothing is judged before all of it is read
        }
        match &observed {
            Some(Observed { phase: Phase::Ended, .. }) | None => self.judge(hand, &work, observed.as_ref()).await,
            Some(_) => self.limit(hand, &work).await,
        }
    }

    /// Stops what was cancelled or takes too long.
    async fn limit(&self, hand: Hand<'_>, work: &WorkId) -> Result<Next> {
        let row = hand.row;
        if row.stopping.is_some() {
            crash_point("training.stop.before", &row.name);
            self.compute.stop(work, GRACE).await?;
            crash_point("training.stop.after", &row.name);
            return Ok(Next::After(LOOK));
        }
        let spec: TrainingSpec = stored(row.spec.clone())?;
        let since = Timestamp::from_micros(row.attempt_at.unwrap_or_else(|| hand.ctx.now().micros()));
        if hand.ctx.now().seconds_since(since) <= f64::from(spec.max_duration_seconds) {
            return Ok(Next::After(LOOK));
        }
        let reason = format!("stopping: it ran longer than {} seconds", spec.max_duration_seconds);
        let change = job::ActiveModel {
            stopping: Set(Some("timeout".to_owned())),
            status_reason: Set(reason.clone()),
            timeline: Set(with_moment(row, hand.ctx.now(), JobStatus::Running, reason)),
            ..Default::default()
        };
        self.write_change(hand, "training.limit_job", change).await?;
        Ok(NOW)
    }

    /// Writes points, progress and how far the events are read, together.
    async fn take_in(&self, hand: Hand<'_>, taken: Taken, (next, cpu): (i64, i64)) -> Result<()> {
        self.write(hand, "training.read_events", move |room, ctx, row| {
            Box::pin(async move {
                if let Some(run) = row.run_id {
                    room.add_points(&ctx, RunId(run), &taken).await?;
                }
                let change = job::ActiveModel {
                    events_read: Set(next),
                    cpu_now: Set(cpu),
                    seen: Set(encode(&taken.seen)?),
                    progress: Set(Some(encode(&taken.progress)?)),
                    ..Default::default()
                };
                room.change(&ctx, &row, change).await
            })
        })
        .await
    }

    /// Adds points in the open unit without a word in the audit, which tells what people did.
    async fn add_points(&self, ctx: &Ctx, run: RunId, taken: &Taken) -> Result<()> {
        let Some(unit) = ctx.unit().cloned() else { return Ok(()) };
        let quiet = ctx.with_unit(unit);
        for points in taken.points.chunks(BATCH) {
            self.experiments.add_points(&quiet, run, points).await?;
        }
        quiet.signals().into_iter().for_each(|topic| ctx.signal(topic));
        Ok(())
    }

    async fn judge(&self, hand: Hand<'_>, work: &WorkId, observed: Option<&Observed>) -> Result<Next> {
        let mut words = self.last_words(work).await?;
        if let Some(Observed { exit: None, reason, .. }) = observed {
            words = format!("{reason}\n{words}"); // how it ended is not known, but perhaps why
        }
        let seen = stored(hand.row.seen.clone())?;
        let exit = observed.and_then(|seen| seen.exit.as_ref());
        let end = End { exit, seen: &seen, stopping: hand.row.stopping.as_deref(), words: &words };
        self.conclude(hand, work, verdict::judge(end)).await
    }

    /// The end of what it said to people.
    async fn last_words(&self, work: &WorkId) -> Result<String> {
        let (mut last, mut from) = (Vec::new(), 0);
        loop {
            let chunk = self.compute.read_log(work, Channel::Text, from, CHUNK).await?;
            if chunk.next == from {
                return Ok(String::from_utf8_lossy(&last).into_owned());
            }
            from = chunk.next;
            last.extend_from_slice(&chunk.bytes);
            let extra = last.len().saturating_sub(WORDS);
            last.drain(..extra);
        }
    }
}

fn take(row: &job::Model, lines: &[u8]) -> Result<Taken> {
    let begun = Timestamp::from_micros(row.attempt_at.unwrap_or_default());
    let progress = row.progress.clone().map(stored).transpose()?.unwrap_or_default();
    Ok(events::take(lines, begun, (stored(row.seen.clone())?, progress)))
}
