//! Bytes that wait for a commit: received, kept for a day, and forgotten when nobody comes for them.

use async_trait::async_trait;
use futures::TryStreamExt;
use futures::future::BoxFuture;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::Value;
use uuid::Uuid;

use super::super::rows::staged;
use crate::base::{Ctx, Error, Limits, Result, Timestamp, crash_point};
use crate::blob::{Blobs, Incoming, Stored};
use crate::op::Parts;
use crate::store::count::{signed, unsigned};
use crate::store::{Next, Reconcile, Step, Store};

/// How long bytes wait, in microseconds.
const KEPT: i64 = 24 * 3600 * 1_000_000;
/// The most files of one sender that wait for things of one name.
const WAITING: u64 = 2000;
/// Rows that are looked at.
const DUE: u64 = 100;

/// Where bytes wait until a commit says which files they are, for one kind of things. Cheap to clone.
#[derive(Clone)]
pub struct Staging {
    pub(super) store: Store,
    pub(super) blobs: Blobs,
    thing: &'static str,
}

/// What bytes are for: things of a name in a project.
#[derive(Debug, Clone, Copy)]
pub struct StagedFor<'a> {
    /// The project.
    pub project: &'a str,
    /// The name.
    pub name: &'a str,
}

/// Bytes that are to wait.
#[derive(Debug)]
pub struct NewStaged {
    /// The path that they were read as; empty where nobody said it.
    pub path: String,
    /// Their digest as they were sent.
    pub sha256: String,
    /// What is held of them.
    pub stored: Stored,
    /// What was found in them.
    pub told: Value,
}

/// Bytes that wait.
#[derive(Debug, Clone)]
pub struct Staged {
    id: Uuid,
    /// The path that they were read as; empty where nobody said it.
    pub path: String,
    /// Their digest as they were sent.
    pub sha256: String,
    /// What is held of them.
    pub stored: Stored,
    /// What was found in them.
    pub told: Value,
    /// When they are forgotten.
    pub expires_at: Timestamp,
}

impl Staged {
    /// When they came.
    pub fn came_at(&self) -> Timestamp {
        Timestamp::from_micros(self.expires_at.micros() - KEPT)
    }
}

impl Staging {
    /// That for things of this kind, as `model`.
    pub fn new(store: Store, blobs: Blobs, thing: &'static str) -> Self {
        Self { store, blobs, thing }
    }

    /// Refuses one more when too many wait already.
    ///
    /// # Errors
    /// `conflict`.
    pub async fn check_room(&self, ctx: &Ctx, of: StagedFor<'_>) -> Result<()> {
        self.check_room_of(ctx, of, self.thing).await
    }

    pub(super) async fn check_room_of(&self, ctx: &Ctx, of: StagedFor<'_>, kind: &str) -> Result<()> {
        if mine(ctx, of, kind).count(&self.store.conn(ctx)).await? < WAITING {
            return Ok(());
        }
        Err(Error::conflict(format!("{WAITING} files wait for a commit already"))
            .code("too_many_uploads")
            .hint("commit some; those that nobody commits are forgotten after a day"))
    }

    /// Receives the one file of a call, to be let go of at the end; none when the call has none.
    ///
    /// # Errors
    /// `invalid` when there are several.
    pub async fn receive(&self, ctx: &Ctx, body: Parts) -> Result<Option<Incoming>> {
        self.receive_at_most(ctx, body, Limits::FILE_BYTES).await
    }

    pub(super) async fn receive_at_most(&self, ctx: &Ctx, mut body: Parts, limit: u64) -> Result<Option<Incoming>> {
        let Some(sent) = body.try_next().await? else { return Ok(None) };
        let incoming = self.blobs.take_in(&self.store, ctx, sent.body, limit).await?;
        let wrong = match body.try_next().await {
            Ok(None) => return Ok(Some(incoming)),
            Ok(Some(_)) => Error::invalid("file", "must be one").hint("send each file by itself"),
            Err(error) => error,
        };
        self.blobs.let_go(&self.store, ctx, incoming).await?;
        Err(wrong)
    }

    /// Writes down that bytes wait, in a short unit of its own. The same again takes the place of what was there.
    pub async fn keep(&self, ctx: &Ctx, of: StagedFor<'_>, new: NewStaged) -> Result<Staged> {
        self.keep_as(ctx, of, (self.thing.to_owned(), new)).await
    }

    /// The same for what is of another kind than files of these things.
    pub(super) async fn keep_as(
        &self,
        ctx: &Ctx,
        of: StagedFor<'_>,
        (kind, new): (String, NewStaged),
    ) -> Result<Staged> {
        let row = staged::Model {
            id: ctx.new_id(),
            kind,
            project: of.project.to_owned(),
            name: of.name.to_owned(),
            created_by: ctx.caller.actor.clone(),
            path: new.path,
            sha256: new.sha256,
            kept: new.stored.digest,
            bytes: signed(new.stored.bytes),
            told: new.told,
            created_at: ctx.now().micros(),
        };
        let staged = to_staged(row.clone());
        let unit = self.store.begin(&ctx.clone().without_operation()).await?;
        crash_point("staged.held", self.thing);
        match self.keep_in(&unit, of, row).await {
            Ok(()) => self.store.commit(unit).await?,
            Err(error) => {
                self.store.rollback(unit).await;
                return Err(error);
            }
        }
        crash_point("staged.kept", self.thing);
        Ok(staged)
    }

    async fn keep_in(&self, ctx: &Ctx, of: StagedFor<'_>, row: staged::Model) -> Result<()> {
        let conn = self.store.conn(ctx);
        let before = mine(ctx, of, &row.kind).filter(staged::Column::Sha256.eq(row.sha256.as_str()));
        let before = before.filter(staged::Column::Path.eq(row.path.as_str())).one(&conn).await?;
        if let Some(before) = before {
            drop_row(&self.store, &self.blobs, ctx, before.id).await?;
        }
        let stored = Stored { digest: row.kept.clone(), bytes: unsigned(row.bytes) };
        self.blobs.hold(&self.store, ctx, &holder(row.id), &stored).await?;
        staged::Entity::insert(row.into_active_model()).exec_without_returning(&conn).await?;
        Ok(())
    }

    /// What the caller staged of these digests. Locked in the open unit of work, so that bytes whose day is over are not forgotten
    /// before somebody else holds them.
    pub async fn find(&self, ctx: &Ctx, of: StagedFor<'_>, digests: &[&str]) -> Result<Vec<Staged>> {
        let found = self.mine(ctx, of).filter(staged::Column::Sha256.is_in(digests.iter().copied()));
        let found = found.order_by_asc(staged::Column::Id).lock_exclusive().all(&self.store.conn(ctx)).await?;
        Ok(found.into_iter().map(to_staged).collect())
    }

    /// Takes bytes out that a commit took, in its unit of work.
    pub async fn forget(&self, ctx: &Ctx, staged: &Staged) -> Result<()> {
        drop_row(&self.store, &self.blobs, ctx, staged.id).await
    }

    fn mine(&self, ctx: &Ctx, of: StagedFor<'_>) -> Select<staged::Entity> {
        mine(ctx, of, self.thing)
    }

    /// What the kind of packs is called.
    pub(super) fn packs(&self) -> String {
        format!("{} pack", self.thing)
    }
}

/// What the caller staged of a kind.
pub(super) fn mine(ctx: &Ctx, of: StagedFor<'_>, kind: &str) -> Select<staged::Entity> {
    staged::Entity::find()
        .filter(staged::Column::Kind.eq(kind))
        .filter(staged::Column::Project.eq(of.project))
        .filter(staged::Column::Name.eq(of.name))
        .filter(staged::Column::CreatedBy.eq(ctx.caller.actor.as_str()))
}

fn to_staged(row: staged::Model) -> Staged {
    Staged {
        id: row.id,
        path: row.path,
        sha256: row.sha256,
        stored: Stored { digest: row.kept, bytes: unsigned(row.bytes) },
        told: row.told,
        expires_at: Timestamp::from_micros(row.created_at + KEPT),
    }
}

/// Takes a row away and lets go of its bytes.
async fn drop_row(store: &Store, blobs: &Blobs, ctx: &Ctx, id: Uuid) -> Result<()> {
    staged::Entity::delete_by_id(id).exec(&store.conn(ctx)).await?;
    blobs.release_all(store, ctx, &holder(id)).await
}

/// Who holds the bytes while they wait.
fn holder(id: Uuid) -> String {
    format!("staged/{id}")
}

/// Forgets bytes that no commit took, whatever they were for.
pub struct StagedFiles {
    /// Where they are written down.
    pub store: Store,
    /// Where they are kept.
    pub blobs: Blobs,
}

#[async_trait]
impl Reconcile for StagedFiles {
    fn name(&self) -> &'static str {
        "staged_files"
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let old = staged::Entity::find().select_only().column(staged::Column::Id);
        let old = old.filter(staged::Column::CreatedAt.lt(ctx.now().micros() - KEPT)).limit(DUE);
        let ids: Vec<Uuid> = old.into_tuple().all(&self.store.conn(ctx)).await?;
        Ok(ids.iter().map(ToString::to_string).collect())
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Uuid = step.key.parse().map_err(|_| Error::unexpected("a staged file's key is no id"))?;
        let (store, blobs) = (self.store.clone(), self.blobs.clone());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move { drop_row(&store, &blobs, &ctx, id).await })
        };
        self.store.write_fenced(&ctx.quietly(), step.lease, "uploads.forget_staged_file", work).await?;
        Ok(Next::Rest)
    }
}
