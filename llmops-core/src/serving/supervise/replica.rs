//! Replicas as the endpoint's row keeps them, and as they are seen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::EndpointId;
use crate::base::{Error, Result, Timestamp};
use crate::compute::{Observed, WorkId};

/// How far a replica is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Stage {
    /// To be started after a pause.
    Waiting,
    /// Started; its health check has not passed yet.
    Starting,
    /// Its health check passes.
    Ready,
    /// Its health check passed before and no longer does.
    Unready,
    /// No longer asked, and soon told to end; it may still answer what it took.
    Leaving,
    /// Told to end.
    Stopping,
}

/// One replica. A restart is another incarnation of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Replica {
    /// The revision it runs.
    pub revision: u32,
    /// Which of the revision's replicas it is, from 0.
    pub ordinal: u32,
    /// Which start of a replica of this endpoint this is, from 1; never used twice.
    pub incarnation: u64,
    /// How far it is.
    pub stage: Stage,
    /// Since when.
    pub since: Timestamp,
    /// Where it listens.
    pub address: Option<String>,
    /// How often in a row it failed.
    pub failures: u32,
    /// How often in a row its health check took too long.
    pub late: u32,
    /// Not to be started before.
    pub not_before: Option<Timestamp>,
    /// Why it failed last, or does not answer, with the evidence.
    pub fault: Option<String>,
    /// The incarnation that failed last, kept for what it wrote.
    pub failed: Option<u64>,
    /// CPU milliseconds of this incarnation that were charged.
    pub charged_millis: u64,
    /// When they were.
    pub charged_at: Timestamp,
}

impl Replica {
    /// A replica that is to start now.
    pub fn new(revision: u32, ordinal: u32, incarnation: u64, now: Timestamp) -> Self {
        Self {
            revision,
            ordinal,
            incarnation,
            stage: Stage::Starting,
            since: now,
            address: None,
            failures: 0,
            late: 0,
            not_before: None,
            fault: None,
            failed: None,
            charged_millis: 0,
            charged_at: now,
        }
    }

    /// The name of its work.
    pub fn work(&self, endpoint: EndpointId) -> Result<WorkId> {
        self.work_of(endpoint, self.incarnation)
    }

    /// The name of the work that failed last.
    pub fn failed_work(&self, endpoint: EndpointId) -> Result<Option<WorkId>> {
        self.failed.map(|incarnation| self.work_of(endpoint, incarnation)).transpose()
    }

    fn work_of(&self, endpoint: EndpointId, incarnation: u64) -> Result<WorkId> {
        let (revision, ordinal) = (self.revision, self.ordinal);
        WorkId::parse(format!("ep-{}-r{revision}-{ordinal}-{incarnation}", endpoint.0.simple()))
    }

    /// Whether it may be asked.
    pub fn is_ready(&self) -> bool {
        self.stage == Stage::Ready && self.address.is_some()
    }

    /// Whether it is on its way out.
    pub fn is_ending(&self) -> bool {
        matches!(self.stage, Stage::Leaving | Stage::Stopping)
    }

    pub(super) fn enter(&mut self, stage: Stage, now: Timestamp) {
        (self.stage, self.since) = (stage, now);
    }
}

/// What is asked of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Wanted {
    /// That it answers.
    Running,
    /// That nothing runs.
    Stopped,
    /// That nothing is left.
    Deleted,
}

impl Wanted {
    /// The name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Deleted => "deleted",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Result<Self> {
        let found = [Self::Running, Self::Stopped, Self::Deleted].into_iter().find(|one| one.name() == name);
        found.ok_or_else(|| Error::unexpected(format!("an endpoint is to be `{name}`, which is unknown")))
    }
}

/// An endpoint as its row says: what is asked, and what runs for it.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Situation {
    /// The endpoint.
    pub id: EndpointId,
    /// What is asked of it.
    pub wanted: Wanted,
    /// How many replicas there are to be.
    pub count: u32,
    /// The revision that answers.
    pub active: u32,
    /// The revision that is to.
    pub target: u32,
    /// The revision that answered before.
    pub previous: Option<u32>,
    /// Replicas started so far.
    pub incarnations: u64,
    /// The replicas.
    pub replicas: Vec<Replica>,
}

impl Situation {
    /// The replicas of a revision that may be asked.
    pub fn ready(&self, revision: u32) -> u32 {
        self.replicas.iter().filter(|replica| replica.revision == revision && replica.is_ready()).count() as u32
    }

    /// Takes the next number of a start.
    pub(super) fn incarnate(&mut self) -> u64 {
        self.incarnations += 1;
        self.incarnations
    }
}

/// What a health check said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Health {
    /// There was nobody to ask.
    Unasked,
    /// It passes.
    Passing,
    /// It does not, and why.
    Failing(String),
    /// It took too long.
    Late,
}

/// A piece of work as it was seen.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Seen {
    /// What the place says.
    pub work: Observed,
    /// What its health check says.
    pub health: Health,
    /// The last lines it wrote to people, once it ended.
    pub last_lines: String,
}

/// Everything of an endpoint that was seen.
pub(in super::super) type Sights = BTreeMap<WorkId, Seen>;
