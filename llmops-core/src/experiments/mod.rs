//! Every run on record: parameters, metrics over steps, tags; found again, followed live and compared. Rank 3.

mod curve;
mod filter;
mod number;
mod rows;
mod sql;
#[cfg(test)]
mod tests;
mod types;

pub use number::Number;
pub use sql::SqlExperiments;
pub use types::*;

use crate::base::{Ctx, Page, Result};
use crate::op::service;

service! {
    /// Every run on record: parameters, metrics over steps, tags.
    pub trait Experiments as experiments {
        /// Begins a run.
        #[op(unary POST "/experiments/runs", Write("experiments:write"))]
        async fn create_run(&self, ctx: &Ctx, req: CreateRun) -> Result<Run>;

        /// Reads a run with its parameters, tags and the last value of each metric.
        #[op(unary GET "/experiments/runs/{runId}", Read("experiments:read"))]
        async fn get_run(&self, ctx: &Ctx, req: GetRun) -> Result<Run>;

        /// Reads the run of a training job.
        #[op(unary GET "/training/jobs/{jobId}/experiment-run", Read("experiments:read"))]
        async fn get_job_run(&self, ctx: &Ctx, req: GetJobRun) -> Result<Run>;

        /// Changes a run's status, name or tags, or adds parameters.
        #[op(unary PATCH "/experiments/runs/{runId}", Write("experiments:write"))]
        async fn update_run(&self, ctx: &Ctx, req: UpdateRun) -> Result<Run>;

        /// Records metric points, all or none. Points that are there already are not doubled, so a batch may be sent again.
        #[op(unary POST "/experiments/runs/{runId}/metrics", Write("experiments:write"))]
        async fn log_metrics(&self, ctx: &Ctx, req: LogMetrics) -> Result<LoggedMetrics>;

        /// Reads metrics over steps, thinned evenly when there are more points than asked for.
        #[op(unary GET "/experiments/runs/{runId}/series", Read("experiments:read"))]
        async fn get_series(&self, ctx: &Ctx, req: GetSeries) -> Result<RunSeries>;

        /// Follows a run: the points recorded from now on, and its status.
        #[op(stream GET "/experiments/runs/{runId}/events", Read("experiments:read"))]
        async fn watch_run(&self, ctx: &Ctx, req: WatchRun) -> Result<RunEvent>;

        /// Finds runs by a filter over parameters, metrics, tags and attributes.
        #[op(unary POST "/experiments/search", Read("experiments:read"))]
        async fn search_runs(&self, ctx: &Ctx, req: SearchRuns) -> Result<Page<Run>>;

        /// Puts runs side by side: the parameters that differ and every metric's last value.
        #[op(unary GET "/experiments/compare", Read("experiments:read"))]
        async fn compare_runs(&self, ctx: &Ctx, req: CompareRuns) -> Result<RunComparison>;
    }
}
