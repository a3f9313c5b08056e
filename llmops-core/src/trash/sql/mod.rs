//! The trash over the database.

mod cleaning;

pub use cleaning::Cleaning;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use cleaning::Gone;

use super::rows::{content, trashed};
use super::{Discarded, TrashedItem, TrashedKind};
use crate::base::{Ctx, Error, ErrorKind, Id, Page, PageRequest, Result, Timestamp};
use crate::blob::Blobs;
use crate::store::{Next, Reconcile, Step, Store, keyset};

/// What wakes the loop.
const TOPIC: &str = "trash";
/// How many are looked for at a time.
const DUE: u64 = 100;

/// The trash of a platform. Cheap to clone.
#[derive(Clone)]
pub struct Trash {
    store: Store,
    blobs: Blobs,
    keep: Duration,
}

impl Trash {
    /// One that keeps what is deleted for so long; with no time nothing is kept at all.
    pub fn new(store: Store, blobs: Blobs, keep: Duration) -> Self {
        Self { store, blobs, keep }
    }

    /// Takes what its room has just deleted, in the open unit of work. Answers until when it can be brought back.
    pub async fn take(&self, ctx: &Ctx, thing: Discarded) -> Result<Option<Timestamp>> {
        if self.keep.is_zero() {
            let Discarded { kind, id, name, version, holds, .. } = thing;
            self.let_go(ctx, Gone { kind, id, name: &name, version: &version, holds }).await?;
            return Ok(None);
        }
        let now = ctx.now().micros();
        let purged_at = now.saturating_add(i64::try_from(self.keep.as_micros()).unwrap_or(i64::MAX));
        let row = trashed::Model {
            id: thing.id,
            project: ctx.project().to_owned(),
            kind: thing.kind.to_owned(),
            name: thing.name,
            version: thing.version,
            files: i64::try_from(thing.holds.len()).unwrap_or(i64::MAX),
            deleted_by: ctx.caller.actor.clone(),
            deleted_at: now,
            purged_at,
        };
        let kept = content::Model { id: row.id, rows: thing.rows, holds: crate::op::encode(&thing.holds)? };
        let conn = self.store.conn(ctx);
        trashed::Entity::insert(row.into_active_model()).exec_without_returning(&conn).await?;
        content::Entity::insert(kept.into_active_model()).exec_without_returning(&conn).await?;
        ctx.signal(TOPIC);
        Ok(Some(Timestamp::from_micros(purged_at)))
    }

    /// What of a kind is there, what was deleted last first.
    pub async fn list(&self, ctx: &Ctx, kind: &str, request: &PageRequest) -> Result<Page<TrashedItem>> {
        let select = of_kind(ctx, kind);
        let (column, id) = (trashed::Column::DeletedAt, trashed::Column::Id);
        let order = keyset::Keyset { list: format!("trash|{kind}"), column, id, ascending: false, total: false };
        let (rows, page) = keyset::page(&self.store, ctx, select, order, request).await?;
        Ok(Page { items: rows.into_iter().map(to_item).collect(), page })
    }

    /// Gives its room back what a thing was, in the open unit of work: it holds its bytes as before.
    ///
    /// # Errors
    /// `not_found`; `conflict` when it was written by a version that knew other fields.
    pub async fn give_back<T: DeserializeOwned>(&self, ctx: &Ctx, kind: &str, id: Id) -> Result<T> {
        let (_, kept) = self.remove(ctx, kind, id).await?;
        serde_json::from_value(kept.rows).map_err(|cause| {
            Error::conflict("it was deleted by another version of this platform, which kept other fields")
                .code("not_restorable")
                .hint("restore it with that version")
                .caused_by(cause)
        })
    }

    /// Lets a thing go for good, in the open unit of work: what it was, and its rows.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn purge(&self, ctx: &Ctx, kind: &str, id: Id) -> Result<(TrashedItem, Value)> {
        let (row, kept) = self.remove(ctx, kind, id).await?;
        let holds: Vec<(String, String)> = serde_json::from_value(kept.holds)
            .map_err(|cause| Error::unexpected("what is in the trash cannot be read").caused_by(cause))?;
        self.let_go(ctx, Gone { kind, id, name: &row.name, version: &row.version, holds }).await?;
        Ok((to_item(row), kept.rows))
    }

    /// Only one of those who want it gets it.
    async fn remove(&self, ctx: &Ctx, kind: &str, id: Id) -> Result<(trashed::Model, content::Model)> {
        let conn = self.store.conn(ctx);
        let gone = || Error::not_found(&format!("deleted {kind}"), id);
        let row = of_kind(ctx, kind).filter(trashed::Column::Id.eq(id)).one(&conn).await?.ok_or_else(gone)?;
        let kept = content::Entity::find_by_id(id).one(&conn).await?.ok_or_else(gone)?;
        if trashed::Entity::delete_by_id(id).exec(&conn).await?.rows_affected == 0 {
            return Err(gone());
        }
        content::Entity::delete_by_id(id).exec(&conn).await?;
        Ok((row, kept))
    }
}

fn of_kind(ctx: &Ctx, kind: &str) -> Select<trashed::Entity> {
    trashed::Entity::find().filter(trashed::Column::Project.eq(ctx.project())).filter(trashed::Column::Kind.eq(kind))
}

fn to_item(row: trashed::Model) -> TrashedItem {
    TrashedItem {
        id: row.id,
        name: row.name,
        version: row.version,
        files: u64::try_from(row.files).unwrap_or_default(),
        deleted_by: row.deleted_by,
        deleted_at: Timestamp::from_micros(row.deleted_at),
        purged_at: Timestamp::from_micros(row.purged_at),
    }
}

/// Empties the trash of what was kept long enough.
pub struct Emptying {
    store: Store,
    rooms: Vec<Arc<dyn TrashedKind>>,
}

impl Emptying {
    /// The loop over the trash of these rooms.
    pub fn new(store: Store, rooms: Vec<Arc<dyn TrashedKind>>) -> Self {
        Self { store, rooms }
    }
}

#[async_trait]
impl Reconcile for Emptying {
    fn name(&self) -> &'static str {
        TOPIC
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let old = trashed::Entity::find().select_only().column(trashed::Column::Id);
        let old = old.filter(trashed::Column::PurgedAt.lte(ctx.now().micros())).order_by_asc(trashed::Column::PurgedAt);
        let ids: Vec<Uuid> = old.limit(DUE).into_tuple().all(&self.store.conn(ctx)).await?;
        Ok(ids.into_iter().map(|id| id.to_string()).collect())
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Uuid = step.key.parse().map_err(|_| Error::unexpected("what is in the trash has no id"))?;
        let Some(row) = trashed::Entity::find_by_id(id).one(&self.store.conn(ctx)).await? else {
            return Ok(Next::Rest);
        };
        let Some(room) = self.rooms.iter().find(|room| room.kind() == row.kind).cloned() else {
            return Err(Error::unexpected(format!("no room has things of the kind `{}`", row.kind)));
        };
        let ctx = ctx.within(&row.project);
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                match room.purge(&ctx, row.id).await {
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok(()), // somebody was faster
                    outcome => outcome,
                }
            })
        };
        self.store.write_fenced(&ctx, step.lease, "trash.purge", work).await?;
        Ok(Next::Rest)
    }
}
