//! The loop that makes derived datasets. The pass writes files into the scratch folder; they are taken into the blob store
//! and held; one unit of work makes the datasets with their files. Cut short anywhere, it is done again under the same ids
//! and holds, and makes the same once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::TryStreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::super::contamination::Columns;
use super::super::derive::{self, Made, Operation, Task};
use super::super::format::Wanted;
use super::super::progress::Progress;
use super::super::rows::{dataset, derivation};
use super::super::sorted::{Scratch, disk, sweep};
use super::super::{
    DataFormat, Dataset, DatasetId, DatasetOrigin, DatasetStatus, DatasetWorkState, DerivedBy, DerivedOutput,
    PiiScanStatus, source,
};
use super::SqlDatasets;
use super::cards::{Card, Prose};
use super::datasets::{stored, to_dataset};
use super::derivations::taken;
use super::passes::{Passes, Turn, passing};
use super::receiving::Received;
use crate::base::{Ctx, Error, FilePath, Id, Limits, Result, crash_point};
use crate::blob::Stored;
use crate::store::count::signed;
use crate::store::{Next, Reconcile, Step};

/// How often the progress is written.
const LOOK: Duration = Duration::from_millis(500);
/// Derivations that are looked at.
const DUE: u64 = 100;
/// Derivations at a time on one server.
const WIDTH: usize = 2;
/// Bytes of a file that are taken at a time.
const PIECE: usize = 256 << 10;

/// Makes derived datasets.
pub struct Derivations {
    room: SqlDatasets,
    passes: Passes<Vec<Received>>,
    scratch: PathBuf,
}

/// Who holds the bytes of a part until its dataset is there.
pub(super) fn holder(derivation: Id, part: usize) -> String {
    format!("derivation/{derivation}/{part}")
}

impl Derivations {
    /// The loop over this room, with a folder for files in the making.
    pub fn new(room: &SqlDatasets, scratch: PathBuf) -> Self {
        let scratch = scratch.join("derivations");
        sweep(&scratch);
        Self { room: room.clone(), passes: Passes::new(WIDTH), scratch }
    }

    async fn begin(&self, ctx: &Ctx, key: &str, row: &derivation::Model) -> Result<()> {
        let found = dataset::Entity::find_by_id(row.source_id).one(&self.room.store.conn(ctx)).await?;
        let dataset = found.map(to_dataset).transpose()?;
        let dataset = dataset.ok_or_else(|| Error::not_found("dataset", DatasetId(row.source_id)))?;
        if dataset.digest.as_ref() != Some(&row.source_digest) {
            return Err(Error::conflict("the files changed since the derivation was asked for; derive again"));
        }
        let operation = Operation::of(&stored::<DerivedBy>(row.operation.clone())?)?;
        let search = match &operation {
            Operation::Redact(redact) => Some(Arc::new(self.room.redaction(ctx, redact).await?)),
            _ => None,
        };
        let tokens = match &operation {
            Operation::Tokens(keep) => Some(Columns::named(&dataset, keep.columns.clone().unwrap_or_default())),
            _ => None,
        };
        let task = Task {
            search,
            tokens,
            walk: self.room.walk(ctx, &dataset).await?,
            format: dataset.format.unwrap_or(DataFormat::Text),
            parts: operation.parts(),
            operation,
        };
        let wake = (self.room.store.signals().clone(), format!("dataset_derivations/{key}"));
        let making = Making { room: self.room.clone(), ctx: ctx.clone(), id: row.id, scratch: self.scratch.clone() };
        self.passes.start(key, wake, |progress| making.run(task, progress));
        Ok(())
    }

    async fn write_progress(&self, ctx: &Ctx, step: Step<'_>, id: Id, (rows, bytes): (u64, u64)) -> Result<()> {
        let room = self.room.clone();
        let work = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let change = derivation::ActiveModel {
                    state: Set(DatasetWorkState::Running.name().to_owned()),
                    rows_read: Set(signed(rows)),
                    bytes_read: Set(signed(bytes)),
                    ..Default::default()
                };
                let open = [DatasetWorkState::Queued.name(), DatasetWorkState::Running.name()];
                let same = derivation::Entity::update_many()
                    .set(change)
                    .filter(derivation::Column::Id.eq(id))
                    .filter(derivation::Column::State.is_in(open));
                same.exec(&room.store.conn(&ctx)).await?;
                ctx.signal(format!("dataset_derivations/{id}"));
                Ok(())
            })
        };
        self.room.store.write_fenced(ctx, step.lease, "datasets.read_source", work).await
    }

    /// Writes the outcome; a refusal while it is written is the outcome too.
    async fn end(&self, ctx: &Ctx, step: Step<'_>, id: Id, outcome: Result<Vec<Received>>) -> Result<Next> {
        let write = async |outcome: Result<Vec<Received>>| {
            let room = self.room.clone();
            let work = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<()>> {
                Box::pin(async move { room.finish_derivation(&ctx, id, outcome).await })
            };
            self.room.store.write_fenced(ctx, step.lease, "datasets.finish_derivation", work).await
        };
        match outcome {
            Err(error) if passing(&error) => return Err(error),
            outcome => match write(outcome).await {
                Err(error) if error.stable_code() == "dataset_exists" => write(Err(error)).await?,
                written => written?,
            },
        }
        Ok(Next::Rest)
    }
}

/// One derivation being made.
struct Making {
    room: SqlDatasets,
    ctx: Ctx,
    id: Id,
    scratch: PathBuf,
}

impl Making {
    async fn run(self, task: Task, progress: Arc<Progress>) -> Result<Vec<Received>> {
        let (handle, below) = (tokio::runtime::Handle::current(), self.scratch.clone());
        // The folder lives until its files are in the store.
        let (scratch, made) = source::off_thread(move || {
            let scratch = Scratch::create(&below)?;
            let made = derive::run(&task, &scratch, (&handle, progress))?;
            Ok((scratch, made))
        })
        .await?;
        crash_point("derive.written", "");
        let mut received = Vec::new();
        for (part, made) in made.into_iter().enumerate() {
            received.push(self.take(part, made).await?);
        }
        source::off_thread(move || {
            drop(scratch);
            Ok(())
        })
        .await?;
        crash_point("derive.kept", "");
        Ok(received)
    }

    /// Takes a file into the store, where it is held, and learns what is in it.
    async fn take(&self, part: usize, made: Made) -> Result<Received> {
        let file = tokio::fs::File::open(&made.path).await.map_err(disk)?;
        let body = tokio_util::io::ReaderStream::with_capacity(file, PIECE).map_err(disk);
        let blobs = &self.room.blobs;
        let holder = holder(self.id, part);
        let stored: Stored =
            blobs.take_in_as(&self.room.store, &self.ctx, holder, (Box::pin(body), Limits::FILE_BYTES)).await?;
        let wanted = Wanted { format: Some(made.format), delimiter: Some(made.delimiter), header: Some(true) };
        self.room.receive(FilePath::parse(&made.name)?, wanted, &stored).await
    }
}

impl SqlDatasets {
    /// The short unit at the end: the datasets with their files, or why there are none; the holds end in any case.
    async fn finish_derivation(&self, ctx: &Ctx, id: Id, outcome: Result<Vec<Received>>) -> Result<()> {
        let conn = self.store.conn(ctx);
        let Some(row) = derivation::Entity::find_by_id(id).lock_exclusive().one(&conn).await? else { return Ok(()) };
        let mut outputs: Vec<DerivedOutput> = stored(row.outputs.clone())?;
        let mut change = derivation::ActiveModel { finished_at: Set(Some(ctx.now().micros())), ..Default::default() };
        if row.state != DatasetWorkState::Cancelled.name() {
            let state = match outcome {
                Ok(files) => {
                    let of = dataset::Entity::find_by_id(row.source_id).one(&conn).await?;
                    let of = of.ok_or_else(|| Error::not_found("dataset", DatasetId(row.source_id)))?;
                    for (output, file) in outputs.iter_mut().zip(files) {
                        output.rows = Some(self.make_derived(ctx, &row, (&of, output), file).await?);
                    }
                    change.bytes_read = Set(row.bytes_total);
                    change.outputs = Set(crate::op::encode(&outputs)?);
                    DatasetWorkState::Succeeded
                }
                Err(error) => {
                    ctx.touch("dataset", row.source_id, json!({ "derivation": id, "error": error.message() }));
                    change.error = Set(Some(error.message().replace('\0', "\u{fffd}")));
                    DatasetWorkState::Failed
                }
            };
            change.state = Set(state.name().to_owned());
        }
        for part in 0..outputs.len() {
            self.blobs.release_all(&self.store, ctx, &holder(id, part)).await?;
        }
        derivation::Entity::update_many().set(change).filter(derivation::Column::Id.eq(id)).exec(&conn).await?;
        ctx.signal(format!("dataset_derivations/{id}"));
        Ok(())
    }

    /// Makes one dataset with its file; answers with its rows.
    async fn make_derived(
        &self,
        ctx: &Ctx,
        row: &derivation::Model,
        (of, output): (&dataset::Model, &DerivedOutput),
        file: Received,
    ) -> Result<u64> {
        let by: DerivedBy = stored(row.operation.clone())?;
        let operation = Operation::of(&by)?.name();
        let source: Dataset = to_dataset(of.clone())?;
        let part = output.part.as_ref().map(|part| format!(" (part `{part}`)")).unwrap_or_default();
        let said = format!("Derived from {} {} by {operation}{part}.", source.name, source.version);
        let origin = DatasetOrigin {
            derivation_id: row.id,
            dataset_id: source.id,
            digest: row.source_digest.clone(),
            operation: by,
            part: output.part.clone(),
        };
        // What the text says is said of the source.
        let card = Card::of(of).of_other_rows();
        let made = dataset::Model {
            id: output.dataset_id.0,
            name: output.name.clone(),
            version: output.version.clone(),
            status: DatasetStatus::Draft.name().to_owned(),
            pii_scan_status: PiiScanStatus::Pending.name().to_owned(),
            quality_score: None,
            change_log: Some(row.change_log.clone().unwrap_or(said)),
            parent_id: Some(source.id.0),
            digest: None,
            rows: 0,
            bytes: 0,
            stored_bytes: None,
            format: None,
            schema: json!([]),
            card_digest: card.digest(&output.name, &Prose::default())?,
            metadata: Value::Object(card.fields),
            tags: card.tags.into(),
            validation_state: None,
            derived_from: Some(crate::op::encode(&origin)?),
            pii_waiver: None,
            approved_at: None,
            approved_by: None,
            created_by: row.created_by.clone(),
            created_at: ctx.now().micros(),
            updated_at: ctx.now().micros(),
            revision: 1,
            ..of.clone()
        };
        self.insert_row(ctx, &made, || taken(&output.name, &output.version)).await?;
        let rows = file.rows();
        self.add_file(ctx, output.dataset_id, &file).await?;
        self.seal(ctx, &made).await?;
        ctx.touch(
            "dataset",
            made.id,
            json!({ "name": made.name, "version": made.version, "origin": made.derived_from }),
        );
        Ok(rows)
    }
}

#[async_trait]
impl Reconcile for Derivations {
    fn name(&self) -> &'static str {
        "dataset_derivations"
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let select = derivation::Entity::find()
            .select_only()
            .column(derivation::Column::Id)
            .filter(derivation::Column::FinishedAt.is_null())
            .order_by_asc(derivation::Column::CreatedAt)
            .limit(DUE);
        let ids: Vec<Id> = select.into_tuple().all(&self.room.store.conn(ctx)).await?;
        Ok(self.passes.due(&ids))
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Id = step.key.parse().map_err(|_| Error::unexpected("a derivation's key is no id"))?;
        let found = derivation::Entity::find_by_id(id).one(&self.room.store.conn(ctx)).await?;
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
                    return self.end(ctx, step, id, Err(error)).await;
                }
            }
            Turn::Tell(rows, bytes) => self.write_progress(ctx, step, id, (rows, bytes)).await?,
            Turn::End(outcome) => return self.end(ctx, step, id, outcome.unwrap_or(Ok(Vec::new()))).await,
        }
        Ok(Next::After(LOOK))
    }
}
