//! The loop that carries validations out. The pass runs on threads of its own; each step looks at how far it is, and keeps
//! what it counted as a blob that its row names. From there the next server goes on when a crash cut the pass short.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::super::progress::Kept;
use super::super::rows::{dataset, validation};
use super::super::searching::Rules;
use super::super::validator::{self, CHECKPOINT_BYTES, Doing, Helpers, Rhythm, Told};
use super::super::{Dataset, DatasetId, DatasetStatistics, PiiScanStatus, ValidationReport, ValidationState, source};
use super::SqlDatasets;
use super::datasets::{stored, to_dataset};
use super::passes::{Passes, Seen, passing};
use crate::base::{Ctx, Error, Id, Result, crash_point};
use crate::blob::pass_holder;
use crate::store::count::{signed, unsigned};
use crate::store::{Next, Reconcile, Step};

/// How often the progress is written.
const LOOK: Duration = Duration::from_millis(500);
/// Validations that are looked at.
const DUE: u64 = 100;

/// Carries validations out.
pub struct Validations {
    room: SqlDatasets,
    passes: Passes<ValidationReport>,
    helpers: Helpers,
}

impl Validations {
    /// The loop over this room.
    pub fn new(room: &SqlDatasets) -> Self {
        Self { room: room.clone(), passes: Passes::new(usize::MAX), helpers: Helpers::of_machine() }
    }

    /// Begins the pass over the bytes as they are now.
    async fn begin(&self, ctx: &Ctx, key: &str, row: &validation::Model, of: dataset::Model) -> Result<()> {
        let dataset = to_dataset(of)?;
        let walk = self.room.walk(ctx, &dataset).await?;
        let parent = self.room.parent(ctx, &dataset).await?;
        let (rules, detectors): (Rules, _) = (stored(row.rules.clone())?, self.room.detectors.clone());
        let kept = self.written_down(row).await?;
        let wake = (self.room.store.signals().clone(), format!("datasets/{key}"));
        let (handle, helping) = (tokio::runtime::Handle::current(), self.helpers.take());
        self.passes.start(key, wake, |progress| {
            source::off_thread(move || {
                let search = rules.search(&detectors)?;
                let kept = kept.filter(|(digest, state)| hex::encode(Sha256::digest(state)) == *digest);
                let kept = kept.map(|(_, state)| state);
                let doing = Doing { handle: &handle, helping, progress, rhythm: Rhythm::USUAL };
                validator::run(&walk, &dataset, Told { rules, search, parent, kept }, &doing)
            })
        });
        Ok(())
    }

    /// What an earlier try wrote down, by its digest. What is not there any more is not gone on from.
    async fn written_down(&self, row: &validation::Model) -> Result<Option<(String, Bytes)>> {
        let Some(digest) = row.checkpoint.clone() else { return Ok(None) };
        match self.room.blobs.read(&digest, CHECKPOINT_BYTES).await {
            Ok(state) => Ok(Some((digest, state))),
            Err(error) if passing(&error) => Err(error),
            Err(error) => {
                tracing::warn!(%error, validation = %row.id, "what a validation wrote down cannot be read; it begins anew");
                Ok(None)
            }
        }
    }

    /// Keeps what the pass counted, in the place of what it counted before.
    async fn write_down(&self, ctx: &Ctx, step: Step<'_>, row: &validation::Model, kept: Kept) -> Result<()> {
        let (store, room, id) = (&self.room.store, self.room.clone(), row.id);
        tracing::debug!(validation = %id, rows = kept.rows, bytes = kept.state.len(), "writing down what was counted");
        crash_point("validation.write", "");
        let body = Box::pin(futures::stream::once(async move { Ok(kept.state) }));
        let stored = self.room.blobs.take_in_as(store, ctx, pass_holder(id), (body, CHECKPOINT_BYTES)).await?;
        crash_point("validation.note", "");
        let work = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let (blobs, store) = (&room.blobs, &room.store);
                blobs.release_all(store, &ctx, &pass_holder(id)).await?;
                let digest = stored.digest.clone();
                let change = validation::ActiveModel { checkpoint: Set(Some(digest)), ..Default::default() };
                let same = validation::Entity::update_many().set(change).filter(validation::Column::Id.eq(id));
                if same.exec(&store.conn(&ctx)).await?.rows_affected == 0 {
                    return Ok(()); // deleted meanwhile
                }
                blobs.hold(store, &ctx, &pass_holder(id), &stored).await
            })
        };
        store.write_fenced(ctx, step.lease, "datasets.write_down", work).await?;
        crash_point("validation.noted", "");
        Ok(())
    }

    /// Writes how far the pass is. One that began anew is behind what was written before, until it is past that.
    async fn write_progress(
        &self,
        ctx: &Ctx,
        step: Step<'_>,
        row: &validation::Model,
        (rows, bytes): (u64, u64),
    ) -> Result<()> {
        let (id, dataset) = (row.id, row.dataset_id);
        let (rows, bytes) = (rows.max(unsigned(row.rows_read)), bytes.max(unsigned(row.bytes_read)));
        let room = self.room.clone();
        let work = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let change = validation::ActiveModel {
                    state: Set(ValidationState::Running.name().to_owned()),
                    rows_read: Set(signed(rows)),
                    bytes_read: Set(signed(bytes)),
                    ..Default::default()
                };
                let same = validation::Entity::update_many().set(change).filter(validation::Column::Id.eq(id));
                same.exec(&room.store.conn(&ctx)).await?;
                ctx.signal(format!("datasets/{dataset}"));
                Ok(())
            })
        };
        self.room.store.write_fenced(ctx, step.lease, "datasets.read_rows", work).await
    }

    /// Writes the outcome: the report, and what the dataset is by it. Bytes that changed meanwhile are not judged.
    async fn end(&self, ctx: &Ctx, step: Step<'_>, id: Id, outcome: Result<ValidationReport>) -> Result<()> {
        let room = self.room.clone();
        let work = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<()>> {
            Box::pin(async move { room.conclude(&ctx, id, outcome).await })
        };
        self.room.store.write_fenced(ctx, step.lease, "datasets.finish_validation", work).await
    }
}

impl SqlDatasets {
    /// The parent of a version with what its report counted, if it has one.
    async fn parent(&self, ctx: &Ctx, of: &Dataset) -> Result<Option<(DatasetId, String, DatasetStatistics)>> {
        let Some(id) = of.parent_version_id else { return Ok(None) };
        let Some(row) = dataset::Entity::find_by_id(id.0).one(&self.store.conn(ctx)).await? else { return Ok(None) };
        // A report that cannot be read any more is none to compare with.
        let report = self.report(ctx, id).await.unwrap_or_else(|error| {
            tracing::warn!(%error, dataset = %id, "the report of the version before cannot be read");
            None
        });
        let counted =
            report.map(|report| report.statistics).filter(|counted| Some(&counted.digest) == row.digest.as_ref());
        Ok(counted.map(|counted| (id, row.version, counted)))
    }

    async fn conclude(&self, ctx: &Ctx, id: Id, outcome: Result<ValidationReport>) -> Result<()> {
        let conn = self.store.conn(ctx);
        let Some(row) = validation::Entity::find_by_id(id).one(&conn).await? else { return Ok(()) };
        let Some(of) = dataset::Entity::find_by_id(row.dataset_id).one(&conn).await? else { return Ok(()) };
        let outcome = match outcome {
            Ok(_) if of.digest.as_ref() != Some(&row.digest) => {
                Err(Error::conflict("the files changed while they were read; validate again"))
            }
            other => other,
        };
        let mut ended = validation::ActiveModel { finished_at: Set(Some(ctx.now().micros())), ..Default::default() };
        let mut change = dataset::ActiveModel::default();
        let state = match outcome {
            Ok(report) => {
                change.pii_scan_status = Set(scan_status(&report).name().to_owned());
                change.quality_score = Set(Some(report.quality.score));
                ended.rows_read = Set(signed(report.structure.rows));
                ended.bytes_read = Set(row.bytes_total);
                let judged = json!({
                    "validation": id, "digest": row.digest, "quality": report.quality.score, "pii": report.pii.total,
                    "badRows": report.structure.bad_rows,
                });
                ctx.touch("dataset", of.id, judged);
                ended.report = Set(Some(crate::op::encode(&report)?));
                ValidationState::Succeeded
            }
            Err(error) => {
                ctx.touch("dataset", of.id, json!({ "validation": id, "error": error.message() }));
                ended.error = Set(Some(error.message().to_owned()));
                ValidationState::Failed
            }
        };
        ended.state = Set(state.name().to_owned());
        ended.checkpoint = Set(None);
        self.blobs.release_all(&self.store, ctx, &pass_holder(id)).await?;
        change.validation_state = Set(Some(state.name().to_owned()));
        // The dataset first, as whoever deletes it does.
        self.change(ctx, &of, change).await?;
        validation::Entity::update_many().set(ended).filter(validation::Column::Id.eq(id)).exec(&conn).await?;
        Ok(())
    }
}

/// Clean only after a search for everything; more found than is allowed is too much, however little was searched for. What
/// several detectors found of one kind may be too much together.
fn scan_status(report: &ValidationReport) -> PiiScanStatus {
    let too_much = report.pii.complete || report.pii.counts.iter().any(|found| found.count > found.allowed);
    match (report.pii.clean, too_much) {
        (true, _) => PiiScanStatus::Clean,
        (false, false) => PiiScanStatus::Pending,
        (false, true) => PiiScanStatus::Failed,
    }
}

#[async_trait]
impl Reconcile for Validations {
    fn name(&self) -> &'static str {
        "datasets"
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let open = [ValidationState::Queued.name(), ValidationState::Running.name()];
        let select = validation::Entity::find()
            .select_only()
            .column(validation::Column::Id)
            .filter(validation::Column::State.is_in(open))
            .order_by_asc(validation::Column::CreatedAt)
            .limit(DUE);
        let ids: Vec<Id> = select.into_tuple().all(&self.room.store.conn(ctx)).await?;
        Ok(self.passes.due(&ids))
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Id = step.key.parse().map_err(|_| Error::unexpected("a validation's key is no id"))?;
        let found = validation::Entity::find_by_id(id).one(&self.room.store.conn(ctx)).await?;
        let Some(row) = found.filter(|row| ValidationState::from_name(&row.state).is_ok_and(ValidationState::is_open))
        else {
            self.passes.stop(step.key);
            return Ok(Next::Rest); // deleted, or ended by another server
        };
        let of = dataset::Entity::find_by_id(row.dataset_id).one(&self.room.store.conn(ctx)).await?;
        let Some(of) = of else { return Ok(Next::Rest) };
        let ctx = &ctx.within(&of.project);
        match self.passes.look(step.key) {
            Seen::Nothing => match self.begin(ctx, step.key, &row, of).await {
                Ok(()) => Ok(Next::After(LOOK)),
                Err(error) if passing(&error) => Err(error),
                Err(error) => {
                    self.end(ctx, step, id, Err(error)).await?;
                    Ok(Next::Rest)
                }
            },
            Seen::Reading(rows, bytes) => {
                if let Some(kept) = self.passes.kept(step.key) {
                    self.write_down(ctx, step, &row, kept).await?;
                }
                self.write_progress(ctx, step, &row, (rows, bytes)).await?;
                Ok(Next::After(LOOK))
            }
            Seen::Ended(outcome) => match *outcome {
                Err(error) if passing(&error) => Err(error),
                outcome => {
                    self.end(ctx, step, id, outcome).await?;
                    Ok(Next::Rest)
                }
            },
        }
    }
}
