//! What jobs wrote: read from the work while it is there, and from the blobs once it is put away.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use super::super::rows::job;
use super::super::{JobId, JobLogChannel, JobLogLine, JobStatus, StreamJobLogs, recipe};
use super::jobs::stored;
use super::{SqlTraining, topic};
use crate::base::{Ctx, Events, Result};
use crate::compute::{Channel, LogChunk};

/// Bytes read at once.
pub(super) const CHUNK: usize = 256 << 10;
/// How long to wait for more when nothing says that there is.
const PAUSE: Duration = Duration::from_millis(500);

/// What was put away of an attempt: the digests of its outputs; of one that is empty, none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub attempt: u32,
    pub text: Option<(String, u64)>,
    pub events: Option<(String, u64)>,
}

/// How far an attempt's outputs are read.
struct Reading {
    attempt: u32,
    channels: Vec<(JobLogChannel, u64)>,
}

impl SqlTraining {
    pub(super) async fn stream_logs(&self, ctx: &Ctx, req: StreamJobLogs) -> Result<Events<JobLogLine>> {
        let id = req.job_id;
        let mut changes = self.store.signals().listen(topic(id));
        let mut row = self.load(ctx, id).await?;
        let follow = req.follow.unwrap_or(false);
        let channels = req.channel.map_or(vec![JobLogChannel::Text, JobLogChannel::Events], |one| vec![one]);
        let begin = move |attempt| Reading { attempt, channels: channels.iter().map(|one| (*one, 0)).collect() };
        let (ctx, room) = (ctx.clone(), self.clone());
        let events = async_stream::try_stream! {
            let mut reading = begin(1);
            loop {
                let lines = room.more(&row, &mut reading).await?;
                let quiet = lines.is_empty();
                for line in lines {
                    yield line;
                }
                if !quiet {
                    continue;
                }
                let before = std::mem::replace(&mut row, room.load(&ctx, id).await?);
                if before.logs != row.logs {
                    continue; // they were put away while they were read
                }
                if i64::from(reading.attempt) < row.attempt {
                    reading = begin(reading.attempt + 1);
                } else if !follow || JobStatus::from_name(&before.status)?.is_over() {
                    break;
                } else {
                    tokio::select! {
                        () = changes.changed() => {}
                        () = tokio::time::sleep(PAUSE) => {}
                    }
                }
            }
        };
        Ok(events.boxed())
    }

    /// The next lines of each output.
    async fn more(&self, row: &job::Model, reading: &mut Reading) -> Result<Vec<JobLogLine>> {
        let attempt = reading.attempt;
        let mut lines = Vec::new();
        for (channel, from) in &mut reading.channels {
            let chunk = self.piece(row, (attempt, *channel), *from).await?;
            *from = chunk.next;
            let text = String::from_utf8_lossy(&chunk.bytes);
            lines.extend(text.lines().map(|line| JobLogLine { attempt, channel: *channel, line: line.to_owned() }));
        }
        Ok(lines)
    }

    /// Part of an output, from wherever it is.
    async fn piece(&self, row: &job::Model, (attempt, channel): (u32, JobLogChannel), from: u64) -> Result<LogChunk> {
        if i64::from(attempt) > row.attempt {
            return Ok(LogChunk { bytes: Vec::new(), next: from });
        }
        let kept: Vec<Kept> = stored(row.logs.clone())?;
        let Some(kept) = kept.into_iter().find(|kept| kept.attempt == attempt) else {
            let work = recipe::work_id(JobId(row.id), attempt)?;
            return self.compute.read_log(&work, place_channel(channel), from, CHUNK).await;
        };
        let blob = match channel {
            JobLogChannel::Text => kept.text,
            JobLogChannel::Events => kept.events,
        };
        match blob {
            Some((digest, bytes)) if from < bytes => {
                let until = bytes.min(from + CHUNK as u64);
                let read = self.blobs.get(&digest, Some(from..until)).await?;
                let chunks: Vec<bytes::Bytes> = read.try_collect().await?;
                Ok(whole_lines(chunks.concat(), from, until == bytes))
            }
            _ => Ok(LogChunk { bytes: Vec::new(), next: from }),
        }
    }
}

/// Ends at a whole line, unless one line alone is longer or nothing comes after.
fn whole_lines(mut bytes: Vec<u8>, from: u64, last: bool) -> LogChunk {
    if !last && let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
        bytes.truncate(end + 1);
    }
    LogChunk { next: from + bytes.len() as u64, bytes }
}

/// The same output, as the place calls it.
pub(super) fn place_channel(channel: JobLogChannel) -> Channel {
    match channel {
        JobLogChannel::Text => Channel::Text,
        JobLogChannel::Events => Channel::Events,
    }
}
