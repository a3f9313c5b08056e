//! Training: jobs that make a model from data, queued, run, followed and finished whatever happens meanwhile. Rank 4.
//!
//! An operation writes rows; the loop acts. Each step of the loop looks at the row and at the work, decides purely
//! ([`verdict`], [`recipe`], the scheduler's queue) and does one thing that may be done twice.

mod estimate;
mod events;
mod recipe;
mod rows;
mod rules;
mod shape;
mod sql;
mod status;
#[cfg(test)]
mod tests;
mod types;
mod verdict;

pub use sql::{JobUses, SqlTraining, TrainingParts, Trainings};
pub use types::*;

use crate::base::{Ctx, Page, Result};
use crate::experiments::LoggedMetrics;
use crate::op::service;

service! {
    /// Jobs that make a model from data.
    pub trait Training as training {
        /// Submits a job: fine-tuning a model, or training one from nothing. Everything that can be checked is checked now.
        #[op(unary POST "/training/jobs", Write("training:submit"))]
        async fn submit_job(&self, ctx: &Ctx, req: SubmitJob) -> Result<TrainingJob>;

        /// Says what a job would need, without submitting it. Refuses what `submit_job` would.
        #[op(unary POST "/training/estimate", Read("training:read"))]
        async fn estimate_job(&self, ctx: &Ctx, req: SubmitJob) -> Result<JobEstimate>;

        /// Lists jobs, newest first.
        #[op(unary GET "/training/jobs", Read("training:read"))]
        async fn list_jobs(&self, ctx: &Ctx, req: ListJobs) -> Result<Page<TrainingJob>>;

        /// Reads one job: its timeline, how far it is, and what it waits for.
        #[op(unary GET "/training/jobs/{jobId}", Read("training:read"))]
        async fn get_job(&self, ctx: &Ctx, req: GetJob) -> Result<TrainingJob>;

        /// Cancels a job that has not ended. Cancelling it again changes nothing.
        #[op(unary DELETE "/training/jobs/{jobId}", Write("training:cancel"))]
        async fn cancel_job(&self, ctx: &Ctx, req: CancelJob) -> Result<TrainingJob>;

        /// Sends what a job wrote, line by line, live or after its end.
        #[op(stream GET "/training/jobs/{jobId}/logs", Read("training:read"))]
        async fn stream_job_logs(&self, ctx: &Ctx, req: StreamJobLogs) -> Result<JobLogLine>;

        /// Follows a job: its present state, then each change, until it has ended.
        #[op(stream GET "/training/jobs/{jobId}/events", Read("training:read"))]
        async fn watch_job(&self, ctx: &Ctx, req: GetJob) -> Result<TrainingJob>;

        /// Records metric points measured by a running job, all or none. A batch may be sent again when its points carry their times.
        #[op(unary POST "/training/jobs/{jobId}/metrics", Write("training:submit"))]
        async fn log_job_metrics(&self, ctx: &Ctx, req: LogJobMetrics) -> Result<LoggedMetrics>;
    }
}
