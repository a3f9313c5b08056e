//! The fake as a place.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::broadcast;

use super::super::lines::{check_below, whole_lines};
use super::super::{
    Capability, Channel, Compute, LogChunk, Observed, OutputFile, Phase, Program, Work, WorkId, WorkKind,
};
use super::{Fake, Piece};
use crate::base::{ByteStream, Error, Result};

#[async_trait]
impl Compute for Fake {
    fn capability(&self) -> Capability {
        self.state().capability.clone()
    }

    async fn start(&self, work: &Work) -> Result<()> {
        work.check()?;
        let story = {
            let mut state = self.state();
            state.calls.push(work.id.clone());
            if state.pieces.contains_key(&work.id) {
                return Ok(());
            }
            if let Some(error) = state.refusals.pop_front() {
                return Err(error);
            }
            if matches!(work.program, Program::Runtime(_)) && !state.capability.runtime {
                return Err(Error::invalid("program", "needs the llmops runtime, which this place does not have"));
            }
            if matches!(work.kind, WorkKind::Service { .. }) && !state.capability.services {
                return Err(Error::invalid("kind", "must end by itself: this place runs no services"));
            }
            let (phase, started_at) = match state.hold {
                true => (Phase::Waiting, None),
                false => (Phase::Running, Some(self.clock.now())),
            };
            let seen = Observed {
                id: work.id.clone(),
                phase,
                reason: String::new(),
                exit: None,
                started_at,
                ended_at: None,
                cpu_seconds: 0.0,
                memory_peak_bytes: 0,
                address: None,
                labels: work.labels.clone(),
            };
            let (events, text) = (Vec::new(), Vec::new());
            let piece = Piece { work: work.clone(), seen, events, text, outputs: BTreeMap::new() };
            state.pieces.insert(work.id.clone(), piece);
            state.on_start.clone()
        };
        self.tell(&work.id);
        if let Some(story) = story {
            story(self, work);
        }
        Ok(())
    }

    async fn observe(&self, id: &WorkId) -> Result<Option<Observed>> {
        Ok(self.state().pieces.get(id).map(|piece| piece.seen.clone()))
    }

    async fn list(&self, label: &str, value: &str) -> Result<Vec<Observed>> {
        let state = self.state();
        let labelled = state.pieces.values().filter(|p| p.work.labels.get(label).is_some_and(|found| found == value));
        Ok(labelled.map(|piece| piece.seen.clone()).collect())
    }

    async fn stop(&self, id: &WorkId, grace: Duration) -> Result<()> {
        let ends = {
            let mut state = self.state();
            let runs = state.pieces.get(id).is_some_and(|piece| piece.seen.phase != Phase::Ended);
            if !runs {
                return Ok(());
            }
            state.stops.push((id.clone(), grace));
            !state.ignore_stops || grace.is_zero()
        };
        if ends {
            self.end_by_signal(id, 15);
        }
        Ok(())
    }

    async fn remove(&self, id: &WorkId) -> Result<()> {
        self.lose(id);
        Ok(())
    }

    async fn read_log(&self, id: &WorkId, channel: Channel, from: u64, limit: usize) -> Result<LogChunk> {
        let state = self.state();
        let Some(piece) = state.pieces.get(id) else { return Ok(LogChunk { bytes: Vec::new(), next: from }) };
        let all = match channel {
            Channel::Events => &piece.events,
            Channel::Text => &piece.text,
        };
        let start = usize::try_from(from).unwrap_or(usize::MAX).min(all.len());
        let end = start.saturating_add(limit).min(all.len());
        Ok(whole_lines(all[start..end].to_vec(), from, limit, piece.seen.phase != Phase::Ended))
    }

    async fn outputs(&self, id: &WorkId) -> Result<Vec<OutputFile>> {
        let state = self.state();
        let files = state.pieces.get(id).into_iter().flat_map(|piece| &piece.outputs);
        Ok(files.map(|(path, bytes)| OutputFile { path: path.clone(), size: bytes.len() as u64 }).collect())
    }

    async fn open_output(&self, id: &WorkId, path: &str) -> Result<ByteStream> {
        check_below("path", path)?;
        let found = self.state().pieces.get(id).and_then(|piece| piece.outputs.get(path).cloned());
        let bytes = found.ok_or_else(|| Error::not_found("output", path))?;
        Ok(Box::pin(futures::stream::once(async move { Ok(Bytes::from(bytes)) })))
    }

    fn subscribe(&self) -> broadcast::Receiver<WorkId> {
        self.changed.subscribe()
    }
}
