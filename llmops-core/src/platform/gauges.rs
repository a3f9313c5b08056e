//! What goes on, as numbers for whoever watches the platform.

use std::sync::Arc;

use crate::base::{Ctx, Result};
use crate::evaluation::SqlEvaluation;
use crate::serving::SqlServing;
use crate::training::SqlTraining;

/// A number that goes up and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gauge {
    /// As `llmops_training_jobs`.
    pub name: &'static str,
    /// What it counts.
    pub docs: &'static str,
    /// The status it counts; of each name they are the same few at every look.
    pub status: &'static str,
    /// How many.
    pub value: u64,
}

/// The rooms whose work is counted.
pub(super) struct Counted {
    pub(super) training: SqlTraining,
    pub(super) serving: Arc<SqlServing>,
    pub(super) evaluation: SqlEvaluation,
}

impl Counted {
    pub(super) async fn gauges(&self) -> Result<Vec<Gauge>> {
        let ctx = Ctx::system();
        let (jobs, endpoints, evaluations) = tokio::try_join!(
            self.training.open_by_status(&ctx),
            self.serving.endpoints_by_status(&ctx),
            self.evaluation.open_by_status(&ctx),
        )?;
        let named = [
            ("llmops_training_jobs", "Training jobs that wait (queued) or run.", jobs),
            ("llmops_endpoints", "Endpoints by how they are.", endpoints),
            ("llmops_evaluations", "Evaluations that wait (queued) or run.", evaluations),
        ];
        let gauges = named.into_iter().flat_map(|(name, docs, counts)| {
            counts.into_iter().map(move |(status, value)| Gauge { name, docs, status, value })
        });
        Ok(gauges.collect())
    }
}
