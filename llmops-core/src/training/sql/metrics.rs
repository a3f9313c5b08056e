//! Metrics that a job reports itself.

use super::super::status::Stage;
use super::super::{JobStatus, LogJobMetrics};
use super::SqlTraining;
use crate::base::{Ctx, Error, Result};
use crate::experiments::{LoggedMetrics, RunId};

impl SqlTraining {
    pub(super) async fn log_metrics(&self, ctx: &Ctx, req: LogJobMetrics) -> Result<LoggedMetrics> {
        let row = self.load(ctx, req.job_id).await?;
        let running = row.status == JobStatus::Running.name() && row.stage == Stage::Following.name();
        let Some(run) = row.run_id.filter(|_| running) else {
            return Err(Error::conflict(format!("job `{}` is {} and takes no metrics", row.name, row.status))
                .code("job_not_running")
                .hint("report while it runs"));
        };
        if i64::from(req.attempt) != row.attempt {
            let (given, now) = (req.attempt, row.attempt);
            return Err(Error::conflict(format!("attempt {given} of job `{}` is over: attempt {now} runs", row.name))
                .code("attempt_fenced")
                .field("attempt")
                .hint("end this attempt: nothing it says counts any more"));
        }
        self.experiments.add_points(ctx, RunId(run), &req.metrics).await
    }
}
