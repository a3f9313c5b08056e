//! What becomes of the bytes of things that are deleted for good: each file is let go of in the background, as often as it
//! takes, and counted once.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Select};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::Deletion;
use super::super::rows::{deletion, deletion_blob};
use super::Trash;
use crate::base::{Ctx, Error, ErrorKind, Id, Page, PageRequest, Result, Timestamp};
use crate::blob::Release;
use crate::store::count::{signed, unsigned};
use crate::store::{Delivery, Store, keyset};

const TOPIC: &str = "trash.clean";
/// How many rows are written in one statement.
const MANY: usize = 500;

/// What is owed: that these bytes of a deleted thing go, unless somebody else needs them.
#[derive(Serialize, Deserialize)]
struct Owed {
    of: Id,
    digest: String,
}

/// A thing that goes for good.
pub(super) struct Gone<'g> {
    pub(super) kind: &'g str,
    pub(super) id: Id,
    pub(super) name: &'g str,
    pub(super) version: &'g str,
    pub(super) holds: Vec<(String, String)>,
}

impl Trash {
    /// Lets go of the bytes of a thing, in the open unit of work, and writes down that they are to go.
    pub(super) async fn let_go(&self, ctx: &Ctx, gone: Gone<'_>) -> Result<()> {
        let mut digests = BTreeMap::new();
        for (owner, digest) in &gone.holds {
            let bytes = self.blobs.unhold(&self.store, ctx, owner, digest).await?;
            digests.insert(digest.clone(), bytes);
        }
        let now = ctx.now().micros();
        let row = deletion::Model {
            id: gone.id,
            project: ctx.project().to_owned(),
            kind: gone.kind.to_owned(),
            name: gone.name.to_owned(),
            version: gone.version.to_owned(),
            deleted_by: ctx.caller.actor.clone(),
            deleted_at: now,
            files: i64::try_from(gone.holds.len()).unwrap_or(i64::MAX),
            waiting: i64::try_from(digests.len()).unwrap_or(i64::MAX),
            freed_bytes: 0,
            kept_bytes: 0,
            failures: 0,
            error: None,
            cleaned_at: digests.is_empty().then_some(now),
        };
        let conn = self.store.conn(ctx);
        deletion::Entity::insert(row.into_active_model()).exec_without_returning(&conn).await?;
        let digests: Vec<(String, u64)> = digests.into_iter().collect();
        for some in digests.chunks(MANY) {
            let rows = some.iter().map(|(digest, bytes)| deletion_blob::ActiveModel {
                deletion_id: Set(gone.id),
                digest: Set(digest.clone()),
                bytes: Set(signed(*bytes)),
            });
            deletion_blob::Entity::insert_many(rows).exec_without_returning(&conn).await?;
        }
        for (digest, _) in digests {
            self.store.owe(ctx, TOPIC, crate::op::encode(&Owed { of: gone.id, digest })?).await?;
        }
        Ok(())
    }

    /// What of a kind was deleted for good, the last first.
    pub async fn deletions(&self, ctx: &Ctx, kind: &str, request: &PageRequest) -> Result<Page<Deletion>> {
        let (column, id) = (deletion::Column::DeletedAt, deletion::Column::Id);
        let order = keyset::Keyset { list: format!("deletions|{kind}"), column, id, ascending: false, total: false };
        let (rows, page) = keyset::page(&self.store, ctx, of_kind(ctx, kind), order, request).await?;
        Ok(Page { items: rows.into_iter().map(to_deletion).collect(), page })
    }

    /// What became of a thing that was deleted for good.
    ///
    /// # Errors
    /// `not_found`, also for one that can still be brought back.
    pub async fn deletion(&self, ctx: &Ctx, kind: &str, id: Id) -> Result<Deletion> {
        let found = of_kind(ctx, kind).filter(deletion::Column::Id.eq(id)).one(&self.store.conn(ctx)).await?;
        found.map(to_deletion).ok_or_else(|| {
            Error::not_found(&format!("{kind} that was deleted for good"), id)
                .hint("what is in the trash is not gone for good: it can be restored, or purged")
        })
    }
}

fn of_kind(ctx: &Ctx, kind: &str) -> Select<deletion::Entity> {
    let mine = deletion::Entity::find().filter(deletion::Column::Project.eq(ctx.project()));
    mine.filter(deletion::Column::Kind.eq(kind))
}

fn to_deletion(row: deletion::Model) -> Deletion {
    Deletion {
        id: row.id,
        name: row.name,
        version: row.version,
        deleted_by: row.deleted_by,
        deleted_at: Timestamp::from_micros(row.deleted_at),
        files: unsigned(row.files),
        storage_cleaned: row.cleaned_at.is_some(),
        cleaned_at: row.cleaned_at.map(Timestamp::from_micros),
        waiting_files: unsigned(row.waiting),
        freed_bytes: unsigned(row.freed_bytes),
        kept_bytes: unsigned(row.kept_bytes),
        failures: unsigned(row.failures),
        error: row.error,
    }
}

/// Deletes the bytes of deleted things, and tells what became of them.
pub struct Cleaning {
    store: Store,
    release: Arc<Release>,
}

impl Cleaning {
    /// By this way of letting bytes go.
    pub fn new(store: Store, release: Arc<Release>) -> Self {
        Self { store, release }
    }

    async fn failed(&self, ctx: &Ctx, of: Id, error: &Error) -> Result<()> {
        let Some(row) = deletion::Entity::find_by_id(of).one(&self.store.conn(ctx)).await? else { return Ok(()) };
        let once_more = Expr::col(deletion::Column::Failures).add(1);
        let told = deletion::Entity::update_many()
            .col_expr(deletion::Column::Failures, once_more)
            .col_expr(deletion::Column::Error, Expr::value(error.message().replace('\0', "\u{fffd}")))
            .filter(deletion::Column::Id.eq(of));
        let (ctx, store) = (ctx.within(&row.project), self.store.clone());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                told.exec(&store.conn(&ctx)).await?;
                ctx.signal(topic(&row));
                Ok(())
            })
        };
        self.store.write(&ctx, "trash.storage_failed", work).await
    }

    async fn done(&self, ctx: &Ctx, Owed { of, digest }: Owed, freed: bool) -> Result<()> {
        let Some(row) = deletion::Entity::find_by_id(of).one(&self.store.conn(ctx)).await? else { return Ok(()) };
        let (ctx, store) = (ctx.within(&row.project), self.store.clone());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move { count(&store, &ctx, (of, digest), freed).await })
        };
        self.store.write(&ctx, "trash.storage_cleaned", work).await
    }
}

/// Whom it concerns what becomes of the bytes.
fn topic(row: &deletion::Model) -> String {
    let room = if row.kind == "model" { "catalog" } else { "datasets" };
    format!("{room}/{}", row.id)
}

/// Counts a file that is dealt with; one that a delivery before this one counted is not counted again.
async fn count(store: &Store, ctx: &Ctx, (of, digest): (Id, String), freed: bool) -> Result<()> {
    let conn = store.conn(ctx);
    let Some(blob) = deletion_blob::Entity::find_by_id((of, digest.clone())).one(&conn).await? else { return Ok(()) };
    if deletion_blob::Entity::delete_by_id((of, digest)).exec(&conn).await?.rows_affected == 0 {
        return Ok(());
    }
    let bytes = if freed { deletion::Column::FreedBytes } else { deletion::Column::KeptBytes };
    let counted = deletion::Entity::update_many()
        .col_expr(deletion::Column::Waiting, Expr::col(deletion::Column::Waiting).sub(1))
        .col_expr(bytes, Expr::col(bytes).add(blob.bytes))
        .filter(deletion::Column::Id.eq(of));
    counted.exec(&conn).await?;
    let Some(now) = deletion::Entity::find_by_id(of).one(&conn).await? else { return Ok(()) };
    ctx.signal(topic(&now));
    if now.waiting > 0 {
        return Ok(());
    }
    let last = deletion::ActiveModel { cleaned_at: Set(Some(ctx.now().micros())), ..Default::default() };
    deletion::Entity::update_many().set(last).filter(deletion::Column::Id.eq(of)).exec(&conn).await?;
    let told = json!({
        "storageCleaned": now.name, "version": now.version, "files": now.files, "freedBytes": now.freed_bytes,
        "keptBytes": now.kept_bytes, "failures": now.failures,
    });
    ctx.touch(if now.kind == "model" { "model" } else { "dataset" }, of, told);
    Ok(())
}

#[async_trait]
impl Delivery for Cleaning {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    async fn deliver(&self, ctx: &Ctx, payload: &Value) -> Result<()> {
        let owed: Owed = serde_json::from_value(payload.clone())
            .map_err(|cause| Error::unexpected("what is owed of a deletion cannot be read").caused_by(cause))?;
        match self.release.look_at(ctx, &owed.digest).await {
            Ok(freed) => self.done(ctx, owed, freed).await,
            // Another server was at it: that is no failure.
            Err(error) if error.kind() == ErrorKind::Unavailable => Err(error),
            Err(error) => {
                self.failed(ctx, owed.of, &error).await?;
                Err(error)
            }
        }
    }
}
