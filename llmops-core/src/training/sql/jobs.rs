//! Jobs themselves: listed, read, followed, cancelled, changed.

use futures::StreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use serde_json::{Value, json};

use super::super::rows::job;
use super::super::status::Stage;
use super::super::{CancelJob, JobId, JobMoment, JobStatus, ListJobs, TrainingJob, TrainingJobType};
use super::ending::cpu;
use super::{SqlTraining, topic, wakes};
use crate::base::{Ctx, Error, Events, Money, Page, PageRequest, Result, Timestamp, check_text};
use crate::catalog::ModelId;
use crate::cost::CostResource;
use crate::datasets::DatasetId;
use crate::experiments::RunId;
use crate::scheduling::{Owner, Standing};
use crate::store::{Named, keyset};

/// The moments of a timeline that are kept.
const MOMENTS: usize = 200;
const REASON_CHARS: usize = 1000;
/// How often a cancellation is tried while the loops write the same row.
const CANCEL_TRIES: u32 = 5;

impl SqlTraining {
    pub(in crate::training) async fn load(&self, ctx: &Ctx, id: JobId) -> Result<job::Model> {
        let select = job::Entity::find_by_id(id.0).filter(job::Column::Project.eq(ctx.project()));
        select.one(&self.store.conn(ctx)).await?.ok_or_else(|| Error::not_found("training job", id))
    }

    pub(super) async fn get(&self, ctx: &Ctx, id: JobId) -> Result<TrainingJob> {
        let row = self.load(ctx, id).await?;
        let mut jobs = self.dress(ctx, vec![row]).await?;
        jobs.pop().ok_or_else(|| Error::not_found("training job", id))
    }

    /// The jobs of these rows; those that wait for their turn say where they are in the queue.
    async fn dress(&self, ctx: &Ctx, rows: Vec<job::Model>) -> Result<Vec<TrainingJob>> {
        let waits = |row: &job::Model| row.stage == Stage::Waiting.name() && row.not_before <= ctx.now().micros();
        let waiting: Vec<Owner> = rows.iter().filter(|row| waits(row)).map(|row| owner(JobId(row.id))).collect();
        let standings = match waiting.is_empty() {
            true => Vec::new(),
            false => self.scheduler.standings(ctx, &waiting).await?,
        };
        let mut jobs: Vec<TrainingJob> = rows.into_iter().map(to_job).collect::<Result<_>>()?;
        for job in jobs.iter_mut().filter(|job| job.attempt > 0) {
            job.cost = self.cost_so_far(ctx, job).await?;
        }
        for (owner, standing) in waiting.iter().zip(standings) {
            let Standing::Waiting { position, reason } = standing else { continue };
            if let Some(job) = jobs.iter_mut().find(|job| job.id.0 == owner.id) {
                (job.queue_position, job.status_reason) = (Some(position), reason);
            }
        }
        Ok(jobs)
    }

    /// What was charged; while an attempt runs, what its CPU time would be charged now.
    async fn cost_so_far(&self, ctx: &Ctx, job: &TrainingJob) -> Result<Option<Money>> {
        if !job.status.is_over() {
            return Ok(self.cost.price(&cpu((job.cpu_seconds * 1000.0) as i64), None));
        }
        self.cost.total_of(ctx, CostResource::TrainingJob, &job.id.to_string()).await
    }

    pub(super) async fn list(&self, ctx: &Ctx, req: ListJobs) -> Result<Page<TrainingJob>> {
        let request = PageRequest::new(req.limit, req.cursor.clone())?;
        let filters = ListJobs { cursor: None, limit: None, ..req.clone() };
        let order = keyset::Keyset {
            list: format!("jobs|{}", crate::op::encode(&filters)?),
            column: job::Column::SubmittedAt,
            id: job::Column::Id,
            ascending: false,
            total: req.include_total.unwrap_or(false),
        };
        let columns = [job::Column::Id, job::Column::Project, job::Column::Name];
        let found = Named::Jobs.search(&self.store, ctx, req.text.as_deref(), columns).await?;
        let select = job::Entity::find().filter(found).filter(wanted(&req));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: self.dress(ctx, rows).await?, page })
    }

    /// The loops write rows too: who cancels means the job as it is by then, not as he saw it.
    pub(super) async fn cancel(&self, ctx: &Ctx, req: CancelJob) -> Result<TrainingJob> {
        let reason = req.reason.unwrap_or_default();
        check_text("reason", &reason, REASON_CHARS)?;
        for _ in 1..CANCEL_TRIES {
            match self.try_cancel(ctx, req.job_id, &reason).await {
                Err(error) if error.stable_code() == "job_changed" => {}
                done => return done,
            }
        }
        self.try_cancel(ctx, req.job_id, &reason).await
    }

    async fn try_cancel(&self, ctx: &Ctx, id: JobId, reason: &str) -> Result<TrainingJob> {
        let row = self.load(ctx, id).await?;
        let (status, stage) = (JobStatus::from_name(&row.status)?, Stage::from_name(&row.stage)?);
        if status == JobStatus::Cancelled || row.stopping.as_deref() == Some("cancelled") {
            return self.get(ctx, id).await;
        }
        if status.is_over() || stage == Stage::Registering {
            let word = if status.is_over() { status.name() } else { "succeeding: its model is being registered" };
            return Err(Error::conflict(format!("job `{}` cannot be cancelled: it is {word}", row.name))
                .code("job_over")
                .hint("there is nothing left to stop"));
        }
        let by = &ctx.caller.actor;
        let words =
            if reason.is_empty() { format!("cancelled by {by}") } else { format!("cancelled by {by}: {reason}") };
        ctx.touch("job", row.id, json!({ "from": row.status, "reason": reason, "attempt": row.attempt }));
        if stage == Stage::Waiting {
            self.end(ctx, &row, (JobStatus::Cancelled, words), job::ActiveModel::default()).await?;
        } else {
            let change = job::ActiveModel {
                stopping: Set(Some("cancelled".to_owned())),
                status_reason: Set(words.clone()),
                timeline: Set(with_moment(&row, ctx.now(), status, words)),
                ..Default::default()
            };
            self.change(ctx, &row, change).await?;
        }
        ctx.signal(wakes(id));
        self.get(ctx, id).await
    }

    /// Writes a change over the row as it was read; another writer in between is a conflict.
    pub(super) async fn change(&self, ctx: &Ctx, row: &job::Model, change: job::ActiveModel) -> Result<()> {
        let change = job::ActiveModel { revision: Set(row.revision + 1), ..change };
        let same = job::Entity::update_many()
            .set(change)
            .filter(job::Column::Id.eq(row.id))
            .filter(job::Column::Revision.eq(row.revision));
        if same.exec(&self.store.conn(ctx)).await?.rows_affected == 1 {
            ctx.signal(topic(JobId(row.id)));
            return Ok(());
        }
        Err(changed_meanwhile())
    }

    /// Whoever cancels the job meanwhile waits, or was first and nothing is reserved for it any more.
    pub(super) async fn hold_still(&self, ctx: &Ctx, row: &job::Model) -> Result<()> {
        let same = job::Entity::find_by_id(row.id).filter(job::Column::Revision.eq(row.revision)).lock_exclusive();
        same.one(&self.store.conn(ctx)).await?.map(drop).ok_or_else(changed_meanwhile)
    }

    pub(super) async fn watch(&self, ctx: &Ctx, id: JobId) -> Result<Events<TrainingJob>> {
        let mut changes = self.store.signals().listen(topic(id));
        let mut seen = self.get(ctx, id).await?;
        let (ctx, room) = (ctx.clone(), self.clone());
        let events = async_stream::try_stream! {
            yield seen.clone();
            while !seen.status.is_over() {
                changes.changed().await;
                let now = room.get(&ctx, id).await?;
                if now != seen {
                    seen = now;
                    yield seen.clone();
                }
            }
        };
        Ok(events.boxed())
    }
}

/// Whose reservation it is.
pub(super) fn owner(id: JobId) -> Owner {
    Owner::new("training", id.0)
}

/// What a job must be, its project and a text aside.
fn wanted(req: &ListJobs) -> Condition {
    let mut all = Condition::all();
    all = all.add_option(req.status.map(|status| job::Column::Status.eq(status.name())));
    all = all.add_option(req.job_type.map(|kind| job::Column::JobType.eq(kind.name())));
    all = all.add_option(req.model_id.map(|id| job::Column::ModelId.eq(id.0)));
    all = all.add_option(req.dataset_id.map(|id| job::Column::DatasetId.eq(id.0)));
    all = all.add_option(req.submitted_by.as_deref().map(|who| job::Column::SubmittedBy.eq(who)));
    all = all.add_option(req.submitted_from.map(|at| job::Column::SubmittedAt.gte(at.micros())));
    all.add_option(req.submitted_before.map(|at| job::Column::SubmittedAt.lt(at.micros())))
}

/// The timeline with one moment more.
pub(super) fn with_moment(row: &job::Model, at: Timestamp, status: JobStatus, reason: String) -> Value {
    let mut moments = row.timeline.as_array().cloned().unwrap_or_default();
    moments.push(json!(JobMoment { at, status, reason }));
    let extra = moments.len().saturating_sub(MOMENTS);
    moments.drain(..extra);
    Value::Array(moments)
}

/// What is stored as JSON.
pub(super) fn stored<T: serde::de::DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|e| Error::unexpected("a stored job cannot be read").caused_by(e))
}

pub(super) fn to_job(row: job::Model) -> Result<TrainingJob> {
    Ok(TrainingJob {
        id: JobId(row.id),
        name: row.name,
        job_type: TrainingJobType::from_name(&row.job_type)?,
        status: JobStatus::from_name(&row.status)?,
        status_reason: row.status_reason,
        model_id: row.model_id.map(ModelId),
        dataset_id: DatasetId(row.dataset_id),
        spec: stored(row.spec)?,
        attempt: u32::try_from(row.attempt).unwrap_or_default(),
        timeline: stored(row.timeline)?,
        progress: row.progress.map(stored).transpose()?,
        failure: row.failure.map(stored).transpose()?,
        run_id: row.run_id.map(RunId),
        output_model_id: row.output_model_id.map(ModelId),
        estimate: stored(row.estimate)?,
        cpu_seconds: (row.cpu_before + row.cpu_now) as f64 / 1000.0,
        cost: None,
        queue_position: None,
        submitted_by: row.submitted_by,
        submitted_at: Timestamp::from_micros(row.submitted_at),
        started_at: row.started_at.map(Timestamp::from_micros),
        completed_at: row.completed_at.map(Timestamp::from_micros),
        project: row.project,
    })
}

fn changed_meanwhile() -> Error {
    Error::conflict("the job changed at the same time").code("job_changed").hint("look at it and try again")
}
