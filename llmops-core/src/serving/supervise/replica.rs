//! Replicas as the endpoint's row keeps them.

use serde::{Deserialize, Serialize};

use super::super::EndpointId;
use crate::base::{Result, Timestamp};
use crate::compute::WorkId;

/// How far a replica is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Stage {
    /// To be started, at once or after a pause.
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
    /// Not to be started before.
    pub not_before: Option<Timestamp>,
    /// Why it failed last, or does not start, with the evidence.
    pub fault: Option<String>,
    /// The incarnation that failed last, kept for what it wrote.
    pub failed: Option<u64>,
    /// CPU milliseconds of this incarnation that were charged, and when.
    pub charged_millis: u64,
    /// When they were.
    pub charged_at: Timestamp,
}

impl Replica {
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
}
