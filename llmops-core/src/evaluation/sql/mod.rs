//! The room over the database, with the rooms and the place it works with.

mod acting;
mod compare;
mod lineage;
mod measured;
mod runs;
mod samples;
mod start;
mod uses;
mod warnings;

pub use acting::Evaluations;
pub use uses::EvaluationUses;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use super::describe::describe;
use super::*;
use crate::base::{Ctx, Error, Events, Page, Result};
use crate::blob::Blobs;
use crate::catalog::SqlCatalog;
use crate::compute::Compute;
use crate::cost::SqlCost;
use crate::datasets::SqlDatasets;
use crate::op::Download;
use crate::scheduling::Scheduler;
use crate::store::Store;

/// What evaluation works with.
#[derive(Clone)]
pub struct EvaluationParts {
    /// The database.
    pub store: Store,
    /// Where bytes are kept.
    pub blobs: Blobs,
    /// Where models come from, and get their scores.
    pub catalog: Arc<SqlCatalog>,
    /// Where samples come from.
    pub datasets: Arc<SqlDatasets>,
    /// Where use is charged.
    pub cost: Arc<SqlCost>,
    /// Who may run when.
    pub scheduler: Scheduler,
    /// Where models that are not deployed answer.
    pub compute: Arc<dyn Compute>,
    /// Where endpoints answer.
    pub answering: Arc<dyn Answering>,
    /// A folder of this machine for files on their way.
    pub scratch: PathBuf,
}

/// Evaluation over SQLite or PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct SqlEvaluation(Arc<EvaluationParts>);

impl SqlEvaluation {
    /// The room with these parts.
    pub fn new(parts: EvaluationParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for SqlEvaluation {
    type Target = EvaluationParts;

    fn deref(&self) -> &EvaluationParts {
        &self.0
    }
}

/// What wakes the loop for an evaluation.
fn wakes(id: EvaluationRunId) -> String {
    format!("evaluation/{id}")
}

/// What its watchers follow.
fn topic(id: EvaluationRunId) -> String {
    format!("eval-runs/{id}")
}

/// Work for a processor core, on a thread that may block.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.map_err(|cause| Error::unexpected("scoring ended abruptly").caused_by(cause))?
}

#[async_trait]
impl Evaluation for SqlEvaluation {
    async fn start_run(&self, ctx: &Ctx, req: StartEvaluation) -> Result<EvaluationRun> {
        self.start(ctx, req).await
    }

    async fn list_runs(&self, ctx: &Ctx, req: ListEvaluations) -> Result<Page<EvaluationRun>> {
        self.list(ctx, req).await
    }

    async fn compare_runs(&self, ctx: &Ctx, req: CompareEvaluations) -> Result<EvaluationComparison> {
        self.compare(ctx, req).await
    }

    async fn get_run(&self, ctx: &Ctx, req: GetEvaluation) -> Result<EvaluationRun> {
        self.get(ctx, req.run_id).await
    }

    async fn cancel_run(&self, ctx: &Ctx, req: CancelEvaluation) -> Result<EvaluationRun> {
        self.cancel(ctx, req.run_id).await
    }

    async fn watch_run(&self, ctx: &Ctx, req: GetEvaluation) -> Result<Events<EvaluationRun>> {
        self.watch(ctx, req.run_id).await
    }

    async fn list_samples(&self, ctx: &Ctx, req: ListEvaluationSamples) -> Result<Page<EvaluationSample>> {
        self.samples(ctx, req).await
    }

    async fn export_run(&self, ctx: &Ctx, req: ExportEvaluation) -> Result<Download> {
        self.export(ctx, req).await
    }

    async fn list_metrics(&self, _: &Ctx, _: ListEvaluationMetrics) -> Result<EvaluationMetrics> {
        describe()
    }

    async fn score(&self, _: &Ctx, req: ScoreRequest) -> Result<ScoreReport> {
        off_thread(move || score(&req.metrics, &req.pairs)).await
    }
}
