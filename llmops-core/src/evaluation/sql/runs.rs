//! Evaluations themselves: listed, read, followed, cancelled, changed.

use futures::StreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use serde_json::{Value, json};

use super::super::plan::Spec;
use super::super::rows::run;
use super::super::status::Stage;
use super::super::{
    EvaluationProgress, EvaluationRun, EvaluationRunId, EvaluationStatus, EvaluationTarget, EvaluationType,
    ListEvaluations,
};
use super::start::owner;
use super::{SqlEvaluation, topic, wakes};
use crate::base::{Ctx, Error, Events, Page, PageRequest, Result, Timestamp};
use crate::catalog::ModelId;
use crate::datasets::DatasetId;
use crate::scheduling::Standing;
use crate::serving::EndpointId;
use crate::store::{Named, keyset};

impl SqlEvaluation {
    pub(super) async fn load(&self, ctx: &Ctx, id: EvaluationRunId) -> Result<run::Model> {
        let select = run::Entity::find_by_id(id.0).filter(run::Column::Project.eq(ctx.project()));
        select.one(&self.store.conn(ctx)).await?.ok_or_else(|| Error::not_found("evaluation", id))
    }

    pub(super) async fn get(&self, ctx: &Ctx, id: EvaluationRunId) -> Result<EvaluationRun> {
        let mut run = to_run(self.load(ctx, id).await?)?;
        if run.status == EvaluationStatus::Queued && run.endpoint_id.is_none() {
            let standing = self.scheduler.standings(ctx, &[owner(id)]).await?.pop();
            if let Some(Standing::Waiting { reason, .. }) = standing {
                run.status_reason = reason;
            }
        }
        self.warn(ctx, std::slice::from_mut(&mut run)).await?;
        Ok(run)
    }

    pub(super) async fn list(&self, ctx: &Ctx, req: ListEvaluations) -> Result<Page<EvaluationRun>> {
        let request = PageRequest::new(req.limit, req.cursor.clone())?;
        let filters = ListEvaluations { cursor: None, limit: None, ..req.clone() };
        let order = keyset::Keyset {
            list: format!("evaluations|{}", crate::op::encode(&filters)?),
            column: run::Column::CreatedAt,
            id: run::Column::Id,
            ascending: false,
            total: req.include_total.unwrap_or(false),
        };
        let columns = [run::Column::Id, run::Column::Project, run::Column::Name];
        let found = Named::Evaluations.search(&self.store, ctx, req.text.as_deref(), columns).await?;
        let select = run::Entity::find().filter(found).filter(wanted(&req));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        let mut items: Vec<EvaluationRun> = rows.into_iter().map(to_run).collect::<Result<_>>()?;
        self.warn(ctx, &mut items).await?;
        Ok(Page { items, page })
    }

    pub(super) async fn cancel(&self, ctx: &Ctx, id: EvaluationRunId) -> Result<EvaluationRun> {
        let row = self.load(ctx, id).await?;
        let (status, stage) = (EvaluationStatus::from_name(&row.status)?, Stage::from_name(&row.stage)?);
        if status.is_over() || row.stopping {
            return self.get(ctx, id).await;
        }
        let words = format!("cancelled by {}", ctx.caller.actor);
        ctx.touch(
            "evaluation",
            id,
            json!({ "from": row.status, "progress": { "done": row.done, "total": row.total } }),
        );
        if stage == Stage::Waiting {
            self.end(ctx, &row, (EvaluationStatus::Cancelled, words), run::ActiveModel::default()).await?;
        } else {
            let change = run::ActiveModel { stopping: Set(true), status_reason: Set(words), ..Default::default() };
            self.change(ctx, &row, change).await?;
        }
        ctx.signal(wakes(id));
        self.get(ctx, id).await
    }

    /// Writes a change over the row as it was read; another writer in between is a conflict.
    pub(super) async fn change(&self, ctx: &Ctx, row: &run::Model, change: run::ActiveModel) -> Result<()> {
        let change = run::ActiveModel { revision: Set(row.revision + 1), ..change };
        let same = run::Entity::update_many()
            .set(change)
            .filter(run::Column::Id.eq(row.id))
            .filter(run::Column::Revision.eq(row.revision));
        if same.exec(&self.store.conn(ctx)).await?.rows_affected == 1 {
            ctx.signal(topic(EvaluationRunId(row.id)));
            return Ok(());
        }
        Err(changed_meanwhile())
    }

    /// Whoever cancels the evaluation meanwhile waits, or was first and nothing is reserved for it any more.
    pub(super) async fn hold_still(&self, ctx: &Ctx, row: &run::Model) -> Result<()> {
        let same = run::Entity::find_by_id(row.id).filter(run::Column::Revision.eq(row.revision)).lock_exclusive();
        same.one(&self.store.conn(ctx)).await?.map(drop).ok_or_else(changed_meanwhile)
    }

    /// Ends an evaluation in the caller's unit of work.
    pub(super) async fn end(
        &self,
        ctx: &Ctx,
        row: &run::Model,
        (status, reason): (EvaluationStatus, String),
        change: run::ActiveModel,
    ) -> Result<()> {
        let id = EvaluationRunId(row.id);
        let left_something = row.attempt > 0 || row.data_digest.is_some();
        let stage = if left_something { Stage::Archiving } else { Stage::Resting };
        let change = run::ActiveModel {
            status: Set(status.name().to_owned()),
            status_reason: Set(reason.clone()),
            stage: Set(stage.name().to_owned()),
            completed_at: Set(Some(ctx.now().micros())),
            ..change
        };
        self.change(ctx, row, change).await?;
        self.scheduler.release(ctx, &owner(id)).await?;
        ctx.touch("evaluation", id, json!({ "from": row.status, "to": status.name(), "reason": reason }));
        Ok(())
    }

    pub(super) async fn watch(&self, ctx: &Ctx, id: EvaluationRunId) -> Result<Events<EvaluationRun>> {
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

/// What an evaluation must be, its project and a text aside.
fn wanted(req: &ListEvaluations) -> Condition {
    let mut all = Condition::all();
    all = all.add_option(req.model_id.map(|id| run::Column::ModelId.eq(id.0)));
    all = all.add_option(req.endpoint_id.map(|id| run::Column::EndpointId.eq(id.0)));
    all = all.add_option(req.dataset_id.map(|id| run::Column::DatasetId.eq(id.0)));
    all = all.add_option(req.status.map(|status| run::Column::Status.eq(status.name())));
    all.add_option(req.run_by.as_deref().map(|who| run::Column::RunBy.eq(who)))
}

/// What is stored as JSON.
pub(super) fn stored<T: serde::de::DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|e| Error::unexpected("a stored evaluation cannot be read").caused_by(e))
}

pub(super) fn to_run(row: run::Model) -> Result<EvaluationRun> {
    let spec: Spec = stored(row.spec)?;
    let target: EvaluationTarget = stored(row.target)?;
    Ok(EvaluationRun {
        id: EvaluationRunId(row.id),
        name: row.name,
        model_id: Some(ModelId(row.model_id)),
        model: target.label(),
        endpoint_id: row.endpoint_id.map(EndpointId),
        dataset_id: DatasetId(row.dataset_id),
        dataset: row.dataset,
        dataset_digest: row.dataset_digest,
        evaluation_type: EvaluationType::Automated,
        status: EvaluationStatus::from_name(&row.status)?,
        status_reason: row.status_reason,
        requested_metrics: spec.metrics,
        parameters: spec.parameters,
        limit: spec.limit,
        concurrency: spec.concurrency,
        metrics: stored(row.scores)?,
        progress: EvaluationProgress { done: row.done.unsigned_abs(), total: row.total.unsigned_abs() },
        samples: row.done.unsigned_abs(),
        failed_samples: row.failed.unsigned_abs(),
        run_by: row.run_by,
        created_at: Timestamp::from_micros(row.created_at),
        started_at: row.started_at.map(Timestamp::from_micros),
        completed_at: row.completed_at.map(Timestamp::from_micros),
        cpu_seconds: row.cpu_millis as f64 / 1000.0,
        cost: row.cost.map(stored).transpose()?,
        warnings: Vec::new(),
        project: row.project,
    })
}

fn changed_meanwhile() -> Error {
    Error::conflict("the evaluation changed at the same time")
        .code("evaluation_changed")
        .hint("look at it and try again")
}
