//! Runs themselves: begun, read, changed, compared.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::super::rows::{label, metric, run};
use super::super::{CompareRuns, CreateRun, MetricSummary, Number, Run, RunComparison, RunId, RunStatus, UpdateRun};
use super::{SqlExperiments, topic};
use crate::base::{Ctx, Error, Id, Result, Timestamp, check_text};
use crate::store::is_unique_violation;

/// The longest name of a run, in characters.
const NAME_CHARS: usize = 128;
/// The most parameters or tags of a run, and the longest name and values, in characters.
const LABELS: usize = 1000;
const LABEL_CHARS: usize = 250;
const PARAM_CHARS: usize = 6000;
const TAG_CHARS: usize = 5000;
/// Rows of one insert: four values each stay below what one statement may bind.
const CHUNK: usize = 1000;
/// The most runs compared at once.
const COMPARED: usize = 20;

const PARAM: &str = "param";
const TAG: &str = "tag";

impl SqlExperiments {
    pub(super) async fn load(&self, ctx: &Ctx, id: RunId) -> Result<run::Model> {
        let select = run::Entity::find_by_id(id.0).filter(run::Column::Project.eq(ctx.project()));
        select.one(&self.store.conn(ctx)).await?.ok_or_else(|| Error::not_found("run", id))
    }

    /// The run that records a job.
    ///
    /// # Errors
    /// `not_found` when the job has none.
    pub async fn run_of_job(&self, ctx: &Ctx, job: Id) -> Result<RunId> {
        let select =
            run::Entity::find().filter(run::Column::JobId.eq(job)).filter(run::Column::Project.eq(ctx.project()));
        let row = select.one(&self.store.conn(ctx)).await?;
        row.map(|row| RunId(row.id)).ok_or_else(|| Error::not_found("run of job", job))
    }

    /// Begins a run in the caller's unit of work.
    ///
    /// # Errors
    /// `invalid` naming the field; `conflict` when the job has a run already.
    pub async fn create(&self, ctx: &Ctx, req: CreateRun) -> Result<Run> {
        check_text("name", &req.name, NAME_CHARS)?;
        check_labels("params", &req.params, PARAM_CHARS)?;
        check_labels("tags", &req.tags, TAG_CHARS)?;
        let row = run::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            name: req.name,
            job_id: req.job_id,
            status: status_name(RunStatus::Running).to_owned(),
            created_by: ctx.caller.actor.clone(),
            started_at: ctx.now().micros(),
            ended_at: None,
            seq: 0,
        };
        let id = RunId(row.id);
        let conn = self.store.conn(ctx);
        let inserted = run::Entity::insert(row.clone().into_active_model()).exec_without_returning(&conn).await;
        inserted.map_err(|e| if is_unique_violation(&e) { has_run(&row) } else { e.into() })?;
        self.set_labels(ctx, id, PARAM, &req.params).await?;
        self.set_labels(ctx, id, TAG, &req.tags).await?;
        ctx.touch("run", row.id, json!({ "name": row.name }));
        ctx.signal(topic(id));
        to_run(row, req.params, req.tags, BTreeMap::new())
    }

    pub(super) async fn get(&self, ctx: &Ctx, id: RunId) -> Result<Run> {
        let row = self.load(ctx, id).await?;
        let mut runs = self.dress(ctx, vec![row]).await?;
        runs.pop().ok_or_else(|| Error::not_found("run", id))
    }

    /// The runs of these rows, what belongs to them read in two statements.
    pub(super) async fn dress(&self, ctx: &Ctx, rows: Vec<run::Model>) -> Result<Vec<Run>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let conn = self.store.conn(ctx);
        let labels = label::Entity::find().filter(label::Column::RunId.is_in(ids.clone())).all(&conn).await?;
        let metrics = metric::Entity::find().filter(metric::Column::RunId.is_in(ids)).all(&conn).await?;
        let mut labelled: BTreeMap<(Uuid, bool), BTreeMap<String, String>> = BTreeMap::new();
        for row in labels {
            labelled.entry((row.run_id, row.kind == PARAM)).or_default().insert(row.name, row.value);
        }
        let mut measured: BTreeMap<Uuid, BTreeMap<String, MetricSummary>> = BTreeMap::new();
        for row in metrics {
            measured.entry(row.run_id).or_default().insert(row.name.clone(), summary(&row));
        }
        let mut take = |id: Uuid, params: bool| labelled.remove(&(id, params)).unwrap_or_default();
        rows.into_iter()
            .map(|row| {
                let (params, tags) = (take(row.id, true), take(row.id, false));
                let metrics = measured.remove(&row.id).unwrap_or_default();
                to_run(row, params, tags, metrics)
            })
            .collect()
    }

    pub(super) async fn update(&self, ctx: &Ctx, req: UpdateRun) -> Result<Run> {
        // One after the other: of two who record a parameter at once the second finds it.
        run::Entity::find_by_id(req.run_id.0).lock_exclusive().one(&self.store.conn(ctx)).await?;
        let row = self.load(ctx, req.run_id).await?;
        if let Some(params) = &req.params {
            check_labels("params", params, PARAM_CHARS)?;
            self.add_params(ctx, req.run_id, params).await?;
        }
        if let Some(tags) = &req.tags {
            check_labels("tags", tags, TAG_CHARS)?;
            self.set_labels(ctx, req.run_id, TAG, tags).await?;
        }
        if let Some(name) = &req.name {
            check_text("name", name, NAME_CHARS)?;
        }
        let mut change = row.into_active_model();
        if let Some(name) = req.name {
            change.name = Set(name);
        }
        self.save(ctx, change, req.status).await?;
        self.get(ctx, req.run_id).await
    }

    /// Ends a run in the caller's unit of work.
    ///
    /// # Errors
    /// `not_found` when there is no such run.
    pub async fn finish(&self, ctx: &Ctx, id: RunId, status: RunStatus) -> Result<()> {
        let row = self.load(ctx, id).await?;
        self.save(ctx, row.into_active_model(), Some(status)).await
    }

    async fn save(&self, ctx: &Ctx, mut change: run::ActiveModel, status: Option<RunStatus>) -> Result<()> {
        let id = RunId(change.id.clone().take().unwrap_or_default());
        if let Some(status) = status {
            change.status = Set(status_name(status).to_owned());
            change.ended_at = Set((status != RunStatus::Running).then(|| ctx.now().micros()));
        }
        if change.name.is_set() || change.status.is_set() {
            run::Entity::update(change).exec(&self.store.conn(ctx)).await?;
        }
        ctx.touch("run", id, json!({}));
        ctx.signal(topic(id));
        Ok(())
    }

    async fn add_params(&self, ctx: &Ctx, id: RunId, params: &BTreeMap<String, String>) -> Result<()> {
        let known = label::Entity::find()
            .filter(label::Column::RunId.eq(id.0))
            .filter(label::Column::Kind.eq(PARAM))
            .all(&self.store.conn(ctx))
            .await?;
        let new = params.keys().filter(|name| !known.iter().any(|row| row.name == **name)).count();
        if known.len() + new > LABELS {
            return Err(Error::invalid("params", format!("a run has at most {LABELS}"))
                .hint("put the rest into a file, or join some"));
        }
        if let Some(other) = known.iter().find(|row| params.get(&row.name).is_some_and(|value| *value != row.value)) {
            let message = format!("parameter `{}` of run {id} is `{}` already", other.name, other.value);
            return Err(Error::conflict(message)
                .code("param_exists")
                .field("params")
                .hint("a parameter never changes; record another name, or a tag"));
        }
        self.set_labels(ctx, id, PARAM, params).await
    }

    async fn set_labels(&self, ctx: &Ctx, id: RunId, kind: &str, labels: &BTreeMap<String, String>) -> Result<()> {
        let rows = labels.iter().map(|(name, value)| {
            let (run_id, kind) = (id.0, kind.to_owned());
            label::Model { run_id, kind, name: name.clone(), value: value.clone() }.into_active_model()
        });
        let rows: Vec<_> = rows.collect();
        for chunk in rows.chunks(CHUNK) {
            let mut there = OnConflict::columns([label::Column::RunId, label::Column::Kind, label::Column::Name]);
            there.update_column(label::Column::Value);
            let insert = label::Entity::insert_many(chunk.to_vec()).on_conflict(there);
            insert.exec_without_returning(&self.store.conn(ctx)).await?;
        }
        Ok(())
    }

    pub(super) async fn compare(&self, ctx: &Ctx, req: CompareRuns) -> Result<RunComparison> {
        let distinct: BTreeSet<RunId> = req.run_ids.iter().copied().collect();
        if distinct.len() != req.run_ids.len() || !(2..=COMPARED).contains(&distinct.len()) {
            return Err(
                Error::invalid("runIds", format!("must be 2 to {COMPARED} different runs")).hint("name each once")
            );
        }
        let select = run::Entity::find()
            .filter(run::Column::Project.eq(ctx.project()))
            .filter(run::Column::Id.is_in(req.run_ids.iter().map(|id| id.0)));
        let rows = select.all(&self.store.conn(ctx)).await?;
        let mut found: BTreeMap<RunId, Run> =
            self.dress(ctx, rows).await?.into_iter().map(|run| (run.id, run)).collect();
        let runs: Result<Vec<Run>> = req
            .run_ids
            .iter()
            .map(|id| found.remove(id).ok_or_else(|| Error::not_found("run", id).field("runIds")))
            .collect();
        Ok(beside(runs?))
    }
}

/// Runs side by side: the parameters that differ, every metric's last value.
fn beside(runs: Vec<Run>) -> RunComparison {
    let names: BTreeSet<&String> = runs.iter().flat_map(|run| run.params.keys()).collect();
    let params = names.into_iter().map(|name| {
        let values: Vec<Option<String>> = runs.iter().map(|run| run.params.get(name).cloned()).collect();
        (name.clone(), values)
    });
    let params = params.filter(|(_, values)| values.windows(2).any(|pair| pair[0] != pair[1])).collect();
    let names: BTreeSet<&String> = runs.iter().flat_map(|run| run.metrics.keys()).collect();
    let metrics = names.into_iter().map(|name| {
        let values: Vec<Option<Number>> = runs.iter().map(|run| run.metrics.get(name).map(|m| m.last)).collect();
        (name.clone(), values)
    });
    let metrics = metrics.collect();
    RunComparison { params, metrics, runs }
}

fn check_labels(field: &str, labels: &BTreeMap<String, String>, chars: usize) -> Result<()> {
    if labels.len() > LABELS {
        return Err(
            Error::invalid(field, format!("a run has at most {LABELS}")).hint("put the rest into a file, or join some")
        );
    }
    for (name, value) in labels {
        if name.is_empty() {
            return Err(Error::invalid(field, "must not have an empty name").hint("name it"));
        }
        check_text(field, name, LABEL_CHARS)?;
        if value.chars().count() > chars {
            let place = format!("{field}.{name}");
            return Err(Error::invalid(&place, format!("must be at most {chars} characters")).hint("shorten it"));
        }
    }
    Ok(())
}

fn has_run(row: &run::Model) -> Error {
    let job = row.job_id.unwrap_or_default();
    Error::conflict(format!("job {job} has a run already"))
        .code("run_exists")
        .field("jobId")
        .hint("record into the run that `experiments.get_job_run` shows")
}

fn status_name(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Running => "running",
        RunStatus::Finished => "finished",
        RunStatus::Failed => "failed",
        RunStatus::Killed => "killed",
    }
}

pub(super) fn status(row: &run::Model) -> Result<RunStatus> {
    let all = [RunStatus::Running, RunStatus::Finished, RunStatus::Failed, RunStatus::Killed];
    let found = all.into_iter().find(|status| status_name(*status) == row.status);
    found.ok_or_else(|| Error::unexpected(format!("run {} has the unknown status {}", row.id, row.status)))
}

fn summary(row: &metric::Model) -> MetricSummary {
    MetricSummary {
        last: Number(f64::from_bits(row.last_bits.cast_unsigned())),
        step: row.step,
        min: row.min,
        max: row.max,
        points: row.points.unsigned_abs(),
    }
}

fn to_run(
    row: run::Model,
    params: BTreeMap<String, String>,
    tags: BTreeMap<String, String>,
    metrics: BTreeMap<String, MetricSummary>,
) -> Result<Run> {
    let status = status(&row)?;
    Ok(Run {
        id: RunId(row.id),
        name: row.name,
        project: row.project,
        job_id: row.job_id,
        status,
        params,
        tags,
        metrics,
        created_by: row.created_by,
        started_at: Timestamp::from_micros(row.started_at),
        ended_at: row.ended_at.map(Timestamp::from_micros),
    })
}
