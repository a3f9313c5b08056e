//! The room over the database.

mod points;
mod runs;
mod search;

use async_trait::async_trait;

use super::*;
use crate::base::{Ctx, Events, Page, Result};
use crate::store::Store;

/// The experiments over SQLite or PostgreSQL.
#[derive(Clone)]
pub struct SqlExperiments {
    store: Store,
}

impl SqlExperiments {
    /// The room on this database.
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}

/// What changes of a run are called.
fn topic(run: RunId) -> String {
    format!("experiments/{run}")
}

#[async_trait]
impl Experiments for SqlExperiments {
    async fn create_run(&self, ctx: &Ctx, req: CreateRun) -> Result<Run> {
        self.create(ctx, req).await
    }

    async fn get_run(&self, ctx: &Ctx, req: GetRun) -> Result<Run> {
        self.get(ctx, req.run_id).await
    }

    async fn get_job_run(&self, ctx: &Ctx, req: GetJobRun) -> Result<Run> {
        let id = self.run_of_job(ctx, req.job_id).await?;
        self.get(ctx, id).await
    }

    async fn update_run(&self, ctx: &Ctx, req: UpdateRun) -> Result<Run> {
        self.update(ctx, req).await
    }

    async fn log_metrics(&self, ctx: &Ctx, req: LogMetrics) -> Result<LoggedMetrics> {
        self.add_points(ctx, req.run_id, &req.metrics).await
    }

    async fn get_series(&self, ctx: &Ctx, req: GetSeries) -> Result<RunSeries> {
        self.series(ctx, req).await
    }

    async fn watch_run(&self, ctx: &Ctx, req: WatchRun) -> Result<Events<RunEvent>> {
        self.watch(ctx, req).await
    }

    async fn search_runs(&self, ctx: &Ctx, req: SearchRuns) -> Result<Page<Run>> {
        self.search(ctx, req).await
    }

    async fn compare_runs(&self, ctx: &Ctx, req: CompareRuns) -> Result<RunComparison> {
        self.compare(ctx, req).await
    }
}
