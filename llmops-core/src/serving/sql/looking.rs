//! What is seen of an endpoint: its work in its place, what health checks say, and how work ended.

use std::collections::HashSet;
use std::time::Duration;

use futures::StreamExt;

use super::super::plan;
use super::super::supervise::{Health, Seen, Sights, Situation};
use super::SqlServing;
use crate::base::Result;
use crate::compute::{Channel, Observed, Phase, WorkId};
use crate::egress::probe::{Probe, probe};

/// How long a health check may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// Health checks at a time.
const WIDTH: usize = 16;
/// The most that is read of what a replica said last, in bytes, and how many lines are told.
const LAST_BYTES: usize = 64 << 10;
const LAST_LINES: usize = 5;
/// The longest line that is told, in characters.
const LINE_CHARS: usize = 300;

impl SqlServing {
    /// Everything that runs or lies there for an endpoint.
    pub(super) async fn look(&self, situation: &Situation) -> Result<Sights> {
        let works = self.compute.list(plan::LABEL, &situation.id.to_string()).await?;
        let mut current: HashSet<WorkId> = HashSet::new();
        for replica in &situation.replicas {
            current.insert(replica.work(situation.id)?);
        }
        let looks = works.into_iter().map(|work| self.look_at(work, &current));
        let seen: Vec<Result<Seen>> = futures::stream::iter(looks).buffered(WIDTH).collect().await;
        seen.into_iter().map(|seen| seen.map(|seen| (seen.work.id.clone(), seen))).collect()
    }

    async fn look_at(&self, work: Observed, current: &HashSet<WorkId>) -> Result<Seen> {
        let (mut health, mut last_lines) = (Health::Unasked, String::new());
        if current.contains(&work.id) {
            match (&work.phase, &work.address) {
                (Phase::Running, Some(address)) => health = ask(address).await,
                (Phase::Ended, _) => last_lines = self.last_lines(&work.id).await?,
                _ => {}
            }
        }
        Ok(Seen { work, health, last_lines })
    }

    /// The last lines that work wrote to people.
    async fn last_lines(&self, work: &WorkId) -> Result<String> {
        let (mut text, mut from) = (Vec::new(), 0);
        loop {
            let chunk = self.compute.read_log(work, Channel::Text, from, LAST_BYTES).await?;
            if chunk.bytes.is_empty() {
                break;
            }
            from = chunk.next;
            text.extend(chunk.bytes);
            text.drain(..text.len().saturating_sub(LAST_BYTES));
        }
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        let last = lines.iter().skip(lines.len().saturating_sub(LAST_LINES));
        let told: Vec<String> = last.map(|line| line.chars().take(LINE_CHARS).collect()).collect();
        Ok(told.join("\n"))
    }
}

async fn ask(address: &str) -> Health {
    match probe(address, "/health", PATIENCE).await {
        Probe::Status(200) => Health::Passing,
        Probe::Status(status) => Health::Failing(format!("it answers {status}")),
        Probe::Unreachable(why) => Health::Failing(why),
        Probe::Late => Health::Late,
    }
}
