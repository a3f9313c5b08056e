//! The loop that counts tokens. A pass that a crash cut short leaves nothing behind, and is begun again by the next server.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::super::contamination::Columns;
use super::super::rows::token_count;
use super::super::tokens::{self, CONFIG_BYTES, FILE_BYTES, Task};
use super::super::{DatasetWorkState, ModelPart, TokenReport, source};
use super::SqlDatasets;
use super::comparing::storable;
use super::datasets::stored;
use super::passes::{Passes, Turn, passing};
use super::token_counts::{PinnedTokenizer, holder, topic};
use crate::base::{Ctx, Error, ErrorKind, Id, Result, crash_point};
use crate::blob::Blobs;
use crate::store::count::signed;
use crate::store::{Next, Reconcile, Step};

/// How often the progress is written.
const LOOK: Duration = Duration::from_millis(500);
/// Counts that are looked at.
const DUE: u64 = 100;
/// Counts at a time on one server: each holds a tokenizer, of a large vocabulary 300 MiB.
const WIDTH: usize = 1;

/// Counts tokens.
pub struct TokenCounts {
    room: SqlDatasets,
    passes: Passes<TokenReport>,
}

impl TokenCounts {
    /// The loop over this room.
    pub fn new(room: &SqlDatasets) -> Self {
        Self { room: room.clone(), passes: Passes::new(WIDTH) }
    }

    /// Begins the pass, if the dataset is what was asked about.
    async fn begin(&self, ctx: &Ctx, key: &str, row: &token_count::Model) -> Result<()> {
        let of = self.room.counted(ctx, row).await?;
        let pinned: PinnedTokenizer = stored(row.tokenizer.clone())?;
        let columns = Columns::named(&of, stored(row.columns.clone())?);
        let walk = self.room.walk(ctx, &of).await?;
        let wake = (self.room.store.signals().clone(), topic(row.id));
        let (handle, blobs) = (tokio::runtime::Handle::current(), self.room.blobs.clone());
        self.passes.start(key, wake, |progress| async move {
            let task = Task {
                walk,
                columns,
                model: pinned.name,
                tokenizer: blobs.read(&pinned.tokenizer.digest, FILE_BYTES).await?,
                config: said(&blobs, pinned.config.as_ref()).await?,
                settings: said(&blobs, pinned.settings.as_ref()).await?,
            };
            let report = source::off_thread(move || tokens::run(&task, (&handle, progress))).await?;
            crash_point("tokens.counted", "");
            Ok(report)
        });
        Ok(())
    }

    async fn write_progress(&self, ctx: &Ctx, step: Step<'_>, id: Id, (rows, bytes): (u64, u64)) -> Result<()> {
        let room = self.room.clone();
        let work = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let change = token_count::ActiveModel {
                    state: Set(DatasetWorkState::Running.name().to_owned()),
                    rows_read: Set(signed(rows)),
                    bytes_read: Set(signed(bytes)),
                    ..Default::default()
                };
                let open = [DatasetWorkState::Queued.name(), DatasetWorkState::Running.name()];
                let same = token_count::Entity::update_many()
                    .set(change)
                    .filter(token_count::Column::Id.eq(id))
                    .filter(token_count::Column::State.is_in(open));
                same.exec(&room.store.conn(&ctx)).await?;
                ctx.signal(topic(id));
                Ok(())
            })
        };
        self.room.store.write_fenced(ctx, step.lease, "datasets.read_texts", work).await
    }

    /// Writes the outcome; of a count that was cancelled there is none.
    async fn end(&self, ctx: &Ctx, step: Step<'_>, id: Id, outcome: Option<Result<TokenReport>>) -> Result<Next> {
        let outcome = match outcome {
            Some(Err(error)) if passing(&error) => return Err(error),
            other => other,
        };
        let room = self.room.clone();
        let work = move |ctx: Ctx| -> futures::future::BoxFuture<'static, Result<()>> {
            Box::pin(async move { room.finish_count(&ctx, id, outcome).await })
        };
        self.room.store.write_fenced(ctx, step.lease, "datasets.finish_token_count", work).await?;
        Ok(Next::Rest)
    }
}

/// A small file of a model. One that is too large to be what it is called says nothing.
async fn said(blobs: &Blobs, part: Option<&ModelPart>) -> Result<Option<Bytes>> {
    let Some(part) = part else { return Ok(None) };
    match blobs.read(&part.digest, CONFIG_BYTES).await {
        Err(error) if error.kind() == ErrorKind::TooLarge => Ok(None),
        read => read.map(Some),
    }
}

impl SqlDatasets {
    /// The short unit at the end: the report, or why there is none; of a count that was cancelled neither. The files of the
    /// model are let go of in any case.
    async fn finish_count(&self, ctx: &Ctx, id: Id, outcome: Option<Result<TokenReport>>) -> Result<()> {
        let conn = self.store.conn(ctx);
        self.blobs.release_all(&self.store, ctx, &holder(id)).await?;
        let Some(row) = token_count::Entity::find_by_id(id).lock_exclusive().one(&conn).await? else { return Ok(()) };
        let mut change = token_count::ActiveModel { finished_at: Set(Some(ctx.now().micros())), ..Default::default() };
        let cancelled = row.state == DatasetWorkState::Cancelled.name();
        match outcome.filter(|_| !cancelled) {
            None => {}
            Some(Ok(report)) => {
                let said = json!({
                    "tokenCount": id, "tokens": report.together.total, "rows": report.rows, "complete": report.complete,
                });
                ctx.touch("dataset", row.dataset_id, said);
                change.bytes_read = Set(row.bytes_total);
                change.rows_read = Set(signed(report.rows));
                change.report = Set(Some(storable(crate::op::encode(&report)?)));
                change.state = Set(DatasetWorkState::Succeeded.name().to_owned());
            }
            Some(Err(error)) => {
                ctx.touch("dataset", row.dataset_id, json!({ "tokenCount": id, "error": error.message() }));
                change.error = Set(Some(error.message().replace('\0', "\u{fffd}")));
                change.state = Set(DatasetWorkState::Failed.name().to_owned());
            }
        }
        token_count::Entity::update_many().set(change).filter(token_count::Column::Id.eq(id)).exec(&conn).await?;
        ctx.signal(topic(id));
        Ok(())
    }
}

#[async_trait]
impl Reconcile for TokenCounts {
    fn name(&self) -> &'static str {
        "token_counts"
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let select = token_count::Entity::find()
            .select_only()
            .column(token_count::Column::Id)
            .filter(token_count::Column::FinishedAt.is_null())
            .order_by_asc(token_count::Column::CreatedAt)
            .limit(DUE);
        let ids: Vec<Id> = select.into_tuple().all(&self.room.store.conn(ctx)).await?;
        Ok(self.passes.due(&ids))
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Id = step.key.parse().map_err(|_| Error::unexpected("the key of a count of tokens is no id"))?;
        let found = token_count::Entity::find_by_id(id).one(&self.room.store.conn(ctx)).await?;
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
