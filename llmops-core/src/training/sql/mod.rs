//! The room over the database, with the rooms and the place it works with.

mod acting;
mod counting;
mod ending;
mod jobs;
mod lineage;
mod logs;
mod metrics;
mod plan;
mod submit;
mod uses;

pub use acting::Trainings;
pub use uses::JobUses;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use super::*;
use crate::base::{Ctx, Events, Page, Result};
use crate::blob::Blobs;
use crate::catalog::SqlCatalog;
use crate::compute::Compute;
use crate::cost::SqlCost;
use crate::datasets::SqlDatasets;
use crate::experiments::{LoggedMetrics, SqlExperiments};
use crate::scheduling::Scheduler;
use crate::store::Store;

/// What training works with.
#[derive(Clone)]
pub struct TrainingParts {
    /// The database.
    pub store: Store,
    /// Where bytes are kept.
    pub blobs: Blobs,
    /// Where models come from and go to.
    pub catalog: Arc<SqlCatalog>,
    /// Where data comes from.
    pub datasets: Arc<SqlDatasets>,
    /// Where runs are recorded.
    pub experiments: Arc<SqlExperiments>,
    /// What things cost.
    pub cost: Arc<SqlCost>,
    /// Who may run when.
    pub scheduler: Scheduler,
    /// Where work runs.
    pub compute: Arc<dyn Compute>,
    /// A folder of this machine for files on their way.
    pub scratch: PathBuf,
}

/// Training over SQLite or PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct SqlTraining(Arc<TrainingParts>);

impl SqlTraining {
    /// The room with these parts.
    pub fn new(parts: TrainingParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for SqlTraining {
    type Target = TrainingParts;

    fn deref(&self) -> &TrainingParts {
        &self.0
    }
}

/// What wakes the loop for a job, and what its watchers follow.
fn wakes(id: JobId) -> String {
    format!("training/{id}")
}

fn topic(id: JobId) -> String {
    format!("jobs/{id}")
}

#[async_trait]
impl Training for SqlTraining {
    async fn submit_job(&self, ctx: &Ctx, req: SubmitJob) -> Result<TrainingJob> {
        self.submit(ctx, req).await
    }

    async fn estimate_job(&self, ctx: &Ctx, req: SubmitJob) -> Result<JobEstimate> {
        Ok(self.plan(ctx, &req).await?.estimate)
    }

    async fn list_jobs(&self, ctx: &Ctx, req: ListJobs) -> Result<Page<TrainingJob>> {
        self.list(ctx, req).await
    }

    async fn get_job(&self, ctx: &Ctx, req: GetJob) -> Result<TrainingJob> {
        self.get(ctx, req.job_id).await
    }

    async fn cancel_job(&self, ctx: &Ctx, req: CancelJob) -> Result<TrainingJob> {
        self.cancel(ctx, req).await
    }

    async fn stream_job_logs(&self, ctx: &Ctx, req: StreamJobLogs) -> Result<Events<JobLogLine>> {
        self.stream_logs(ctx, req).await
    }

    async fn watch_job(&self, ctx: &Ctx, req: GetJob) -> Result<Events<TrainingJob>> {
        self.watch(ctx, req.job_id).await
    }

    async fn log_job_metrics(&self, ctx: &Ctx, req: LogJobMetrics) -> Result<LoggedMetrics> {
        self.log_metrics(ctx, req).await
    }
}
