//! The loop that carries comparisons out. A pass that a crash cut short leaves nothing that counts, and is begun again.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use super::super::compare::{self, Pair};
use super::super::rows::comparison;
use super::super::sorted::sweep;
use super::super::{ComparisonReport, DatasetId, DatasetWorkState, source};
use super::SqlDatasets;
use super::datasets::{stored, to_dataset};
use super::passes::{Passes, Turn, passing};
use crate::base::{Ctx, Error, Id, Result};
use crate::store::count::signed;
use crate::store::{Next, Reconcile, Step};

/// How often the progress is written.
const LOOK: Duration = Duration::from_millis(500);
/// Comparisons that are looked at.
const DUE: u64 = 100;
/// Comparisons at a time on one server: each sorts in 32 MiB.
const WIDTH: usize = 2;

/// Carries comparisons out.
pub struct Comparisons {
    room: SqlDatasets,
    passes: Passes<ComparisonReport>,
    scratch: PathBuf,
}

impl Comparisons {
    /// The loop over this room, with a folder for what does not fit into memory.
    pub fn new(room: &SqlDatasets, scratch: PathBuf) -> Self {
        let scratch = scratch.join("comparisons");
        sweep(&scratch);
        Self { room: room.clone(), passes: Passes::new(WIDTH), scratch }
    }

    /// Begins the pass over both versions, if they are what was asked about.
    async fn begin(&self, ctx: &Ctx, key: &str, row: &comparison::Model) -> Result<()> {
        let pair = Pair {
            a: self.walk(ctx, row.a_id, &row.a_digest).await?,
            b: self.walk(ctx, row.b_id, &row.b_digest).await?,
            keys: stored(row.keys.clone())?,
        };
        let wake = (self.room.store.signals().clone(), format!("dataset_comparisons/{key}"));
        let (handle, scratch) = (tokio::runtime::Handle::current(), self.scratch.clone());
        self.passes.start(key, wake, |progress| {
            source::off_thread(move || compare::run(&pair, &scratch, (&handle, progress)))
        });
        Ok(())
    }

    async fn walk(&self, ctx: &Ctx, id: Id, digest: &str) -> Result<super::super::walk::Walk> {
        let found = super::super::rows::dataset::Entity::find_by_id(id).one(&self.room.store.conn(ctx)).await?;
        let dataset = found.map(to_dataset).transpose()?.ok_or_else(|| Error::not_found("dataset", DatasetId(id)))?;
        if dataset.digest.as_deref() != Some(digest) {
            return Err(Error::conflict("the files changed since the comparison was asked for; ask again"));
        }
        self.room.walk(ctx, &dataset).await
    }

    async fn write(&self, ctx: &Ctx, step: Step<'_>, (id, change): (Id, comparison::ActiveModel)) -> Result<()> {
        let room = self.room.clone();
        let work = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let same = comparison::Entity::update_many().set(change).filter(comparison::Column::Id.eq(id));
                same.exec(&room.store.conn(&ctx)).await?;
                ctx.signal(format!("dataset_comparisons/{id}"));
                Ok(())
            })
        };
        self.room.store.write_fenced(ctx, step.lease, "datasets.compare", work).await
    }

    async fn end(
        &self,
        ctx: &Ctx,
        step: Step<'_>,
        row: comparison::Model,
        outcome: Result<ComparisonReport>,
    ) -> Result<Next> {
        let mut change = comparison::ActiveModel { finished_at: Set(Some(ctx.now().micros())), ..Default::default() };
        let state = match outcome {
            Err(error) if passing(&error) => return Err(error),
            Err(error) => {
                change.error = Set(Some(error.message().to_owned()));
                DatasetWorkState::Failed
            }
            Ok(report) => {
                change.bytes_read = Set(row.bytes_total);
                change.rows_read = Set(signed(rows_of(&report)));
                change.added = Set(Some(signed(report.added)));
                change.removed = Set(Some(signed(report.removed)));
                change.modified = Set(Some(signed(report.modified)));
                change.report = Set(Some(storable(crate::op::encode(&report)?)));
                DatasetWorkState::Succeeded
            }
        };
        change.state = Set(state.name().to_owned());
        self.write(ctx, step, (row.id, change)).await?;
        Ok(Next::Rest)
    }
}

/// Rows may hold the one character that PostgreSQL keeps in no text.
pub(super) fn storable(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('\0', "\u{fffd}")),
        Value::Array(items) => items.into_iter().map(storable).collect(),
        Value::Object(object) => object.into_iter().map(|(key, value)| (key, storable(value))).collect(),
        other => other,
    }
}

/// Rows of both versions.
fn rows_of(report: &ComparisonReport) -> u64 {
    2 * (report.unchanged + report.modified) + report.added + report.removed
}

#[async_trait]
impl Reconcile for Comparisons {
    fn name(&self) -> &'static str {
        "dataset_comparisons"
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let open = [DatasetWorkState::Queued.name(), DatasetWorkState::Running.name()];
        let select = comparison::Entity::find()
            .select_only()
            .column(comparison::Column::Id)
            .filter(comparison::Column::State.is_in(open))
            .order_by_asc(comparison::Column::CreatedAt)
            .limit(DUE);
        let ids: Vec<Id> = select.into_tuple().all(&self.room.store.conn(ctx)).await?;
        Ok(self.passes.due(&ids))
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Id = step.key.parse().map_err(|_| Error::unexpected("a comparison's key is no id"))?;
        let found = comparison::Entity::find_by_id(id).one(&self.room.store.conn(ctx)).await?;
        let is_open =
            |row: &comparison::Model| DatasetWorkState::from_name(&row.state).is_ok_and(DatasetWorkState::is_open);
        let Some(row) = found.filter(is_open) else {
            self.passes.stop(step.key);
            return Ok(Next::Rest); // deleted with a dataset, or ended by another server
        };
        let ctx = &ctx.within(&row.project);
        match self.passes.turn(step.key, false) {
            Turn::Wait | Turn::End(None) => {}
            Turn::Begin => {
                if let Err(error) = self.begin(ctx, step.key, &row).await {
                    return self.end(ctx, step, row, Err(error)).await;
                }
            }
            Turn::Tell(rows, bytes) => {
                let change = comparison::ActiveModel {
                    state: Set(DatasetWorkState::Running.name().to_owned()),
                    rows_read: Set(signed(rows)),
                    bytes_read: Set(signed(bytes)),
                    ..Default::default()
                };
                self.write(ctx, step, (id, change)).await?;
            }
            Turn::End(Some(outcome)) => return self.end(ctx, step, row, outcome).await,
        }
        Ok(Next::After(LOOK))
    }
}
