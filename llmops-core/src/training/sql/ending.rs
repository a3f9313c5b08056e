//! How a job ends: its row, its run, its cores, together.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::super::JobStatus;
use super::super::rows::job;
use super::super::status::Stage;
use super::jobs::{owner, with_moment};
use super::{JobId, SqlTraining};
use crate::base::{Ctx, Result};
use crate::cost::{Charge, CostResource, CostUsage};
use crate::experiments::{RunId, RunStatus};

impl SqlTraining {
    /// Ends a job in the caller's unit of work.
    pub(super) async fn end(
        &self,
        ctx: &Ctx,
        row: &job::Model,
        (status, reason): (JobStatus, String),
        change: job::ActiveModel,
    ) -> Result<()> {
        let left_something = row.attempt > 0;
        let stage = if left_something { Stage::Archiving } else { Stage::Resting };
        let change = job::ActiveModel {
            status: Set(status.name().to_owned()),
            status_reason: Set(reason.clone()),
            stage: Set(stage.name().to_owned()),
            completed_at: Set(Some(ctx.now().micros())),
            timeline: Set(with_moment(row, ctx.now(), status, reason.clone())),
            ..change
        };
        self.change(ctx, row, change).await?;
        self.charge(ctx, row).await?;
        self.scheduler.release(ctx, &owner(JobId(row.id))).await?;
        if let Some(run) = row.run_id {
            let outcome = match status {
                JobStatus::Succeeded => RunStatus::Finished,
                JobStatus::Cancelled => RunStatus::Killed,
                _ => RunStatus::Failed,
            };
            self.experiments.finish(ctx, RunId(run), outcome).await?;
        }
        ctx.touch("job", row.id, json!({ "from": row.status, "to": status.name(), "reason": reason }));
        Ok(())
    }

    /// Charges the attempt's CPU time; an attempt is charged once.
    pub(super) async fn charge(&self, ctx: &Ctx, row: &job::Model) -> Result<()> {
        if row.attempt == 0 {
            return Ok(());
        }
        let charge = Charge {
            key: format!("training/{}/{}", row.id, row.attempt),
            resource: CostResource::TrainingJob,
            resource_id: row.id.to_string(),
            model_id: row.output_model_id.or(row.model_id),
            model: Some(row.output_name.clone()),
            project: row.project.clone(),
            actor: row.submitted_by.clone(),
            usage: cpu(row.cpu_now),
            at: ctx.now(),
        };
        self.cost.record(ctx, vec![charge]).await
    }
}

/// CPU time in thousandths of a second, as it is charged.
pub(super) fn cpu(millis: i64) -> BTreeMap<CostUsage, u64> {
    BTreeMap::from([(CostUsage::CpuMillis, u64::try_from(millis).unwrap_or_default())])
}
