//! The loop that carries contamination checks out. A pass that a crash cut short leaves nothing behind, and is begun again by
//! the next server.

use std::time::Duration;

use async_trait::async_trait;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::super::contamination::{self as looking, Columns, Other, Side, Task};
use super::super::rows::{contamination, contamination_sample, dataset, overlap};
use super::super::searching::Rules;
use super::super::{
    ContaminationMethod, ContaminationReport, ContaminationSource, ContaminationSourceReport, Dataset, DatasetId,
    DatasetWorkState, source,
};
use super::SqlDatasets;
use super::comparing::storable;
use super::contaminations::topic;
use super::datasets::{stored, to_dataset};
use super::passes::{Passes, Turn, passing};
use crate::base::{Ctx, Error, Id, Result, crash_point};
use crate::store::count::signed;
use crate::store::{Next, Reconcile, Step};

/// How often the progress is written.
const LOOK: Duration = Duration::from_millis(500);
/// Checks that are looked at.
const DUE: u64 = 100;
/// Checks at a time on one server: each holds up to 200 MiB.
const WIDTH: usize = 1;

/// Carries contamination checks out.
pub struct Contaminations {
    room: SqlDatasets,
    passes: Passes<ContaminationReport>,
}

impl Contaminations {
    /// The loop over this room.
    pub fn new(room: &SqlDatasets) -> Self {
        Self { room: room.clone(), passes: Passes::new(WIDTH) }
    }

    /// Begins the pass, if all datasets are what was asked about.
    async fn begin(&self, ctx: &Ctx, key: &str, row: &contamination::Model) -> Result<()> {
        let task = self.task(ctx, row).await?;
        let wake = (self.room.store.signals().clone(), topic(row.id));
        let handle = tokio::runtime::Handle::current();
        self.passes.start(key, wake, |progress| async move {
            let report = source::off_thread(move || looking::run(&task, (&handle, progress))).await?;
            crash_point("contamination.read", "");
            Ok(report)
        });
        Ok(())
    }

    async fn task(&self, ctx: &Ctx, row: &contamination::Model) -> Result<Task> {
        let method: ContaminationMethod = stored(row.method.clone())?;
        let of = self.dataset(ctx, DatasetId(row.dataset_id), &row.digest).await?;
        let columns = Columns::named(&of, method.columns.clone());
        let mut others = Vec::new();
        for source in stored::<Vec<ContaminationSource>>(row.sources.clone())? {
            let side = match source.digest == row.digest {
                true => None,
                false => {
                    let other = self.dataset(ctx, source.dataset_id, &source.digest).await?;
                    Some(Side { walk: self.room.walk(ctx, &other).await?, columns: Columns::of(&other) })
                }
            };
            others.push(Other { source, side });
        }
        let rules: Vec<Rules> = stored(row.rules.clone())?;
        Ok(Task {
            benchmark: Side { walk: self.room.walk(ctx, &of).await?, columns },
            rows: of.rows,
            others,
            model: row.model.clone().map(stored).transpose()?,
            method,
            searches: rules.iter().map(|rules| rules.search(&self.room.detectors)).collect::<Result<_>>()?,
        })
    }

    async fn dataset(&self, ctx: &Ctx, id: DatasetId, digest: &str) -> Result<Dataset> {
        let found = dataset::Entity::find_by_id(id.0).one(&self.room.store.conn(ctx)).await?;
        let dataset = found.map(to_dataset).transpose()?.ok_or_else(|| Error::not_found("dataset", id))?;
        if dataset.digest.as_deref() != Some(digest) {
            let (name, version) = (dataset.name, dataset.version);
            let changed = format!("the files of {name} {version} changed since the check was asked for; check again");
            return Err(Error::conflict(changed));
        }
        Ok(dataset)
    }

    async fn write_progress(&self, ctx: &Ctx, step: Step<'_>, id: Id, (rows, bytes): (u64, u64)) -> Result<()> {
        let room = self.room.clone();
        let work = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let change = contamination::ActiveModel {
                    state: Set(DatasetWorkState::Running.name().to_owned()),
                    rows_read: Set(signed(rows)),
                    bytes_read: Set(signed(bytes)),
                    ..Default::default()
                };
                let open = [DatasetWorkState::Queued.name(), DatasetWorkState::Running.name()];
                let same = contamination::Entity::update_many()
                    .set(change)
                    .filter(contamination::Column::Id.eq(id))
                    .filter(contamination::Column::State.is_in(open));
                same.exec(&room.store.conn(&ctx)).await?;
                ctx.signal(topic(id));
                Ok(())
            })
        };
        self.room.store.write_fenced(ctx, step.lease, "datasets.look_for_rows", work).await
    }

    /// Writes the outcome; of a check that was cancelled there is none.
    async fn end(
        &self,
        ctx: &Ctx,
        step: Step<'_>,
        id: Id,
        outcome: Option<Result<ContaminationReport>>,
    ) -> Result<Next> {
        let outcome = match outcome {
            Some(Err(error)) if passing(&error) => return Err(error),
            other => other,
        };
        let room = self.room.clone();
        let work = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<()>> {
            Box::pin(async move { room.finish_check(&ctx, id, outcome).await })
        };
        self.room.store.write_fenced(ctx, step.lease, "datasets.finish_contamination_check", work).await?;
        Ok(Next::Rest)
    }
}

impl SqlDatasets {
    /// The short unit at the end: the report, or why there is none; of a check that was cancelled neither.
    async fn finish_check(&self, ctx: &Ctx, id: Id, outcome: Option<Result<ContaminationReport>>) -> Result<()> {
        let conn = self.store.conn(ctx);
        let found = contamination::Entity::find_by_id(id).lock_exclusive().one(&conn).await?;
        let Some(row) = found else { return Ok(()) };
        let mut change =
            contamination::ActiveModel { finished_at: Set(Some(ctx.now().micros())), ..Default::default() };
        let cancelled = row.state == DatasetWorkState::Cancelled.name();
        match outcome.filter(|_| !cancelled) {
            None => {}
            Some(Ok(mut report)) => {
                self.keep_samples(ctx, id, &mut report).await?;
                self.keep_overlaps(ctx, &row, &report).await?;
                let said = json!({
                    "contaminationCheck": id, "affected": report.affected.rows, "rows": report.rows_checked,
                    "complete": report.complete,
                });
                ctx.touch("dataset", row.dataset_id, said);
                change.bytes_read = Set(row.bytes_total);
                change.rows_read = Set(signed(rows_of(&report)));
                change.report = Set(Some(storable(crate::op::encode(&report)?)));
                change.state = Set(DatasetWorkState::Succeeded.name().to_owned());
            }
            Some(Err(error)) => {
                ctx.touch("dataset", row.dataset_id, json!({ "contaminationCheck": id, "error": error.message() }));
                change.error = Set(Some(error.message().replace('\0', "\u{fffd}")));
                change.state = Set(DatasetWorkState::Failed.name().to_owned());
            }
        }
        contamination::Entity::update_many().set(change).filter(contamination::Column::Id.eq(id)).exec(&conn).await?;
        ctx.signal(topic(id));
        Ok(())
    }

    /// Keeps the pairs of rows apart from the report.
    async fn keep_samples(&self, ctx: &Ctx, id: Id, report: &mut ContaminationReport) -> Result<()> {
        let samples = storable(crate::op::encode(&report.samples.take().unwrap_or_default())?);
        let row = contamination_sample::Model { check_id: id, samples };
        let insert = contamination_sample::Entity::insert(row.into_active_model());
        insert.exec_without_returning(&self.store.conn(ctx)).await?;
        Ok(())
    }

    /// Remembers by the bytes what was found in what, in the place of what an older check found.
    async fn keep_overlaps(&self, ctx: &Ctx, row: &contamination::Model, report: &ContaminationReport) -> Result<()> {
        let overlap = |source: &ContaminationSourceReport| overlap::Model {
            id: ctx.new_id(),
            project: row.project.clone(),
            digest: row.digest.clone(),
            source_digest: source.digest.clone(),
            source: format!("{}:{}", source.name, source.version),
            rows: signed(report.rows_checked),
            affected: signed(source.affected.rows),
            dataset_id: row.dataset_id,
            check_id: Some(row.id),
            found_at: ctx.now().micros(),
        };
        // Two datasets of the same bytes are one finding.
        let mut found: Vec<overlap::Model> = Vec::new();
        for source in report.sources.iter().filter(|source| source.affected.rows > 0) {
            if !found.iter().any(|other| other.source_digest == source.digest) {
                found.push(overlap(source));
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        use overlap::Column::{Affected, CheckId, DatasetId, Digest, FoundAt, Project, Rows, Source, SourceDigest};
        let newest = OnConflict::columns([Project, Digest, SourceDigest])
            .update_columns([Source, Rows, Affected, DatasetId, CheckId, FoundAt])
            .to_owned();
        let insert = overlap::Entity::insert_many(found.into_iter().map(IntoActiveModel::into_active_model));
        insert.on_conflict(newest).exec_without_returning(&self.store.conn(ctx)).await?;
        Ok(())
    }
}

/// Rows that were read.
fn rows_of(report: &ContaminationReport) -> u64 {
    let read: u64 = report.sources.iter().map(|source| source.rows).sum();
    if report.sources.iter().all(|source| source.identical) { 0 } else { report.rows + read }
}

#[async_trait]
impl Reconcile for Contaminations {
    fn name(&self) -> &'static str {
        "contamination_checks"
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let select = contamination::Entity::find()
            .select_only()
            .column(contamination::Column::Id)
            .filter(contamination::Column::FinishedAt.is_null())
            .order_by_asc(contamination::Column::CreatedAt)
            .limit(DUE);
        let ids: Vec<Id> = select.into_tuple().all(&self.room.store.conn(ctx)).await?;
        Ok(self.passes.due(&ids))
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Id = step.key.parse().map_err(|_| Error::unexpected("a contamination check's key is no id"))?;
        let found = contamination::Entity::find_by_id(id).one(&self.room.store.conn(ctx)).await?;
        let Some(row) = found.filter(|row| row.finished_at.is_none()) else {
            self.passes.stop(step.key);
            return Ok(Next::Rest); // ended by another server
        };
        let ctx = &ctx.within(&row.project);
        let cancelled = row.state == DatasetWorkState::Cancelled.name();
        match self.passes.turn(step.key, cancelled) {
            Turn::Wait => {}
            Turn::Begin => {
                if let Err(error) = self.begin(ctx, step.key, &row).await {
                    return self.end(ctx, step, id, Some(Err(error))).await;
                }
            }
            Turn::Tell(rows, bytes) => self.write_progress(ctx, step, id, (rows, bytes)).await?,
            Turn::End(outcome) => return self.end(ctx, step, id, outcome).await,
        }
        Ok(Next::After(LOOK))
    }
}
