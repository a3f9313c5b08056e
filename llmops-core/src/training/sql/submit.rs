//! Accepting a job: its row and its place in the queue, written together.

use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;

use super::super::events::Seen;
use super::super::rows::job;
use super::super::status::Stage;
use super::super::{JobMoment, JobStatus, SubmitJob, TrainingJob};
use super::jobs::{owner, to_job};
use super::plan::Plan;
use super::{SqlTraining, wakes};
use crate::base::{Ctx, Result};
use crate::op::encode;
use crate::scheduling::Reserve;
use crate::store::Named;

impl SqlTraining {
    pub(super) async fn submit(&self, ctx: &Ctx, req: SubmitJob) -> Result<TrainingJob> {
        let plan = self.plan(ctx, &req).await?;
        let dry = req.dry_run.unwrap_or(false);
        let row = queued(ctx, &req, plan, if dry { "only checked: nothing was submitted" } else { "submitted" })?;
        if dry {
            ctx.touch("", "", json!({ "dryRun": true }));
            return to_job(row);
        }
        job::Entity::insert(row.clone().into_active_model()).exec_without_returning(&self.store.conn(ctx)).await?;
        Named::Jobs.add(&self.store, ctx, (&row.project, &row.name, row.id)).await?;
        let job = to_job(row)?;
        let request = Reserve {
            owner: owner(job.id),
            cpu_millis: job.spec.cpu_millis,
            priority: job.spec.priority,
            since: job.submitted_at,
        };
        self.scheduler.reserve(ctx, request).await?;
        ctx.touch(
            "job",
            job.id,
            json!({
                "name": job.name, "jobType": job.job_type, "modelId": job.model_id, "datasetId": job.dataset_id,
                "modelDigest": job.spec.model_digest, "datasetDigest": job.spec.dataset_digest,
            }),
        );
        ctx.signal(wakes(job.id));
        self.get(ctx, job.id).await
    }
}

/// The row of a job that waits.
fn queued(ctx: &Ctx, req: &SubmitJob, plan: Plan, reason: &str) -> Result<job::Model> {
    let Plan { name, spec, estimate } = plan;
    let first = JobMoment { at: ctx.now(), status: JobStatus::Queued, reason: reason.to_owned() };
    Ok(job::Model {
        id: ctx.new_id(),
        project: ctx.project().to_owned(),
        name,
        job_type: req.job_type.name().to_owned(),
        status: JobStatus::Queued.name().to_owned(),
        status_reason: reason.to_owned(),
        model_id: req.model_id.map(|id| id.0),
        dataset_id: req.dataset_id.0,
        output_name: spec.output.name.clone().unwrap_or_default(),
        output_version: spec.output.version.clone().unwrap_or_default(),
        spec: encode(&spec)?,
        estimate: encode(&estimate)?,
        timeline: encode(&[first])?,
        progress: None,
        failure: None,
        run_id: None,
        output_model_id: None,
        submitted_by: ctx.caller.actor.clone(),
        submitted_at: ctx.now().micros(),
        started_at: None,
        completed_at: None,
        stage: Stage::Waiting.name().to_owned(),
        place: None,
        attempt: 0,
        not_before: 0,
        attempt_at: None,
        events_read: 0,
        seen: encode(&Seen::default())?,
        stopping: None,
        cpu_before: 0,
        cpu_now: 0,
        data_digest: None,
        data_format: None,
        logs: json!([]),
        revision: 1,
    })
}
