//! Putting away what a job that ended has left: its logs are kept, its work and its examples go.

use async_stream::try_stream;
use futures::StreamExt;
use sea_orm::ActiveValue::Set;

use super::super::super::rows::job;
use super::super::super::status::Stage;
use super::super::super::{JobId, JobLogChannel, recipe};
use super::super::SqlTraining;
use super::super::jobs::stored;
use super::super::logs::{CHUNK, Kept, place_channel};
use super::prepare::examples_owner;
use super::{Hand, NOW};
use crate::base::{ByteStream, Result, crash_point};
use crate::blob::Incoming;
use crate::compute::WorkId;
use crate::store::Next;

/// The most of an output that is kept, in bytes.
const KEPT: u64 = 64 << 20;

impl SqlTraining {
    /// Puts away one attempt at a time, then removes all of them.
    pub(super) async fn archive(&self, hand: Hand<'_>) -> Result<Next> {
        let row = hand.row;
        let kept: Vec<Kept> = stored(row.logs.clone())?;
        let attempts = 1..=u32::try_from(row.attempt).unwrap_or_default();
        for attempt in attempts.clone() {
            if !kept.iter().any(|kept| kept.attempt == attempt) {
                self.keep_logs(hand, attempt, kept).await?;
                return Ok(NOW);
            }
        }
        for attempt in attempts {
            crash_point("training.remove.before", &row.name);
            self.compute.remove(&recipe::work_id(JobId(row.id), attempt)?).await?;
            crash_point("training.remove.after", &row.name);
        }
        self.write(hand, "training.archive_job", |room, ctx, row| {
            Box::pin(async move {
                if let Some(digest) = &row.data_digest {
                    room.blobs.release(&room.store, &ctx, &examples_owner(JobId(row.id)), digest).await?;
                }
                let change = job::ActiveModel { stage: Set(Stage::Resting.name().to_owned()), ..Default::default() };
                room.change(&ctx, &row, change).await
            })
        })
        .await?;
        Ok(Next::Rest)
    }

    async fn keep_logs(&self, hand: Hand<'_>, attempt: u32, mut kept: Vec<Kept>) -> Result<()> {
        let work = recipe::work_id(JobId(hand.row.id), attempt)?;
        let text = self.take_log(hand, &work, JobLogChannel::Text).await?;
        let events = self.take_log(hand, &work, JobLogChannel::Events).await?;
        let stored = |log: &Option<Incoming>| log.as_ref().map(|log| log.stored.clone());
        let (words, said) = (stored(&text), stored(&events));
        let written = self
            .write(hand, "training.archive_logs", move |room, ctx, row| {
                Box::pin(async move {
                    let owner = format!("job/{}/logs/{attempt}", row.id);
                    for log in [&words, &said].into_iter().flatten() {
                        room.blobs.hold(&room.store, &ctx, &owner, log).await?;
                    }
                    let [text, events] = [words, said].map(|log| log.map(|log| (log.digest, log.bytes)));
                    kept.push(Kept { attempt, text, events });
                    let logs = Set(crate::op::encode(&kept)?);
                    room.change(&ctx, &row, job::ActiveModel { logs, ..Default::default() }).await
                })
            })
            .await;
        for log in [text, events].into_iter().flatten() {
            self.blobs.let_go(&self.store, hand.ctx, log).await?;
        }
        written
    }

    /// Brings an output into the blobs; nothing when it is empty.
    async fn take_log(&self, hand: Hand<'_>, work: &WorkId, channel: JobLogChannel) -> Result<Option<Incoming>> {
        let (compute, work, channel) = (self.compute.clone(), work.clone(), place_channel(channel));
        if compute.read_log(&work, channel, 0, 1).await?.bytes.is_empty() {
            return Ok(None);
        }
        let body: ByteStream = try_stream! {
            let mut from = 0;
            while from < KEPT {
                let chunk = compute.read_log(&work, channel, from, CHUNK).await?;
                if chunk.next == from {
                    break;
                }
                from = chunk.next;
                yield bytes::Bytes::from(chunk.bytes);
            }
        }
        .boxed();
        crash_point("training.logs.before", &hand.row.name);
        let taken = self.blobs.take_in(&self.store, hand.ctx, body, u64::MAX).await?;
        crash_point("training.logs.after", &hand.row.name);
        Ok(Some(taken))
    }
}
