//! The loop that keeps of a dataset's files only what no earlier version has, and counts what that is.

use std::collections::BTreeSet;

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use tokio::sync::Semaphore;

use super::super::rows::{dataset, file};
use super::super::{DatasetId, Packing};
use super::SqlDatasets;
use crate::base::{Ctx, Error, Id, Result, crash_point};
use crate::blob::{Known, Packer, Stored};
use crate::store::count::{signed, unsigned};
use crate::store::{Next, Reconcile, Step};

/// Versions that are looked at.
const DUE: u64 = 100;
/// Earlier versions whose chunks are looked for, newest first, and the most files of them.
const EARLIER: u64 = 16;
const FILES: usize = 2000;

/// Keeps versions as what they add to earlier ones.
pub struct Packings {
    room: SqlDatasets,
    rule: Packing,
    /// A pass takes memory and a core: one at a time on a server.
    turn: Semaphore,
}

/// The older versions of a version's name.
fn older(row: &dataset::Model) -> Condition {
    let tie = Condition::all().add(dataset::Column::CreatedAt.eq(row.created_at)).add(dataset::Column::Id.lt(row.id));
    Condition::all()
        .add(dataset::Column::Project.eq(row.project.as_str()))
        .add(dataset::Column::Name.eq(row.name.as_str()))
        .add(Condition::any().add(dataset::Column::CreatedAt.lt(row.created_at)).add(tie))
}

/// Whether an older version is still to be looked at, which is to be first.
fn waits() -> SimpleExpr {
    let other = Alias::new("older");
    let of = |column| Expr::col((other.clone(), column));
    let this = |column| Expr::col((dataset::Entity, column));
    let same = |column| of(column).eq(this(column));
    let tie = same(dataset::Column::CreatedAt).and(of(dataset::Column::Id).lt(this(dataset::Column::Id)));
    let older = of(dataset::Column::CreatedAt).lt(this(dataset::Column::CreatedAt)).or(tie);
    let of_name = same(dataset::Column::Project).and(same(dataset::Column::Name));
    let mut found = Query::select();
    found
        .expr(Expr::value(1))
        .from_as(dataset::Entity, other.clone())
        .and_where(of(dataset::Column::StoredBytes).is_null())
        .and_where(of(dataset::Column::Digest).is_not_null())
        .and_where(of_name.and(older));
    Expr::exists(found)
}

impl Packings {
    /// The loop over this room.
    pub fn new(room: &SqlDatasets, rule: Packing) -> Self {
        Self { room: room.clone(), rule, turn: Semaphore::new(1) }
    }

    /// The versions of which it is not known what they add, that nobody changed just now, and no older version of whose name waits.
    fn pending(&self, ctx: &Ctx) -> Select<dataset::Entity> {
        let quiet = i64::try_from(self.rule.after.as_micros()).unwrap_or(i64::MAX);
        dataset::Entity::find()
            .filter(dataset::Column::StoredBytes.is_null())
            .filter(dataset::Column::UpdatedAt.lte(ctx.now().micros().saturating_sub(quiet)))
            .filter(dataset::Column::Digest.is_not_null())
            .filter(waits().not())
    }

    /// The digests of the files of earlier versions, those of the newest first.
    async fn earlier(&self, ctx: &Ctx, row: &dataset::Model) -> Result<Vec<String>> {
        let conn = self.room.store.conn(ctx);
        let versions = dataset::Entity::find()
            .select_only()
            .column(dataset::Column::Id)
            .filter(older(row))
            .order_by_desc(dataset::Column::CreatedAt)
            .limit(EARLIER);
        let versions: Vec<Id> = versions.into_tuple().all(&conn).await?;
        let (mut known, mut digests) = (BTreeSet::new(), Vec::new());
        for version in versions {
            let files = file::Entity::find()
                .select_only()
                .column(file::Column::Sha256)
                .filter(file::Column::DatasetId.eq(version))
                .order_by_asc(file::Column::Path);
            let files: Vec<String> = files.into_tuple().all(&conn).await?;
            digests.extend(files.into_iter().filter(|digest| known.insert(digest.clone())));
            if digests.len() >= FILES {
                break;
            }
        }
        digests.truncate(FILES);
        Ok(digests)
    }

    /// Keeps what is new in this version, and says how many bytes that is.
    async fn pack(&self, packer: &Packer<'_>, row: &dataset::Model) -> Result<u64> {
        let (blobs, least) = (&self.room.blobs, self.rule.least_bytes.unwrap_or(u64::MAX));
        let (mut known, mut there) = (Known::default(), BTreeSet::new());
        for digest in self.earlier(packer.ctx, row).await? {
            if !known.is_full() {
                blobs.learn(&mut known, &digest).await?;
            }
            there.insert(digest);
        }
        let mut stored = 0;
        for file in self.room.file_rows(packer.ctx, DatasetId(row.id)).await? {
            let bytes = unsigned(file.bytes);
            if !there.insert(file.sha256.clone()) {
                continue; // an earlier version has the very file
            }
            if bytes < least {
                stored += bytes;
                continue;
            }
            let blob = Stored { digest: file.sha256, bytes };
            stored += blobs.pack(packer, &known, &blob).await?;
            blobs.learn(&mut known, &blob.digest).await?;
        }
        Ok(stored)
    }

    /// Writes it down, unless the files are others by now.
    async fn count(&self, ctx: &Ctx, step: Step<'_>, row: dataset::Model, stored: u64) -> Result<()> {
        let room = self.room.clone();
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let change = dataset::ActiveModel { stored_bytes: Set(Some(signed(stored))), ..Default::default() };
                let same = dataset::Entity::update_many()
                    .set(change)
                    .filter(dataset::Column::Id.eq(row.id))
                    .filter(dataset::Column::Digest.eq(row.digest));
                same.exec(&room.store.conn(&ctx)).await?;
                ctx.signal(format!("datasets/{}", row.id));
                Ok(())
            })
        };
        self.room.store.write_fenced(ctx, step.lease, "datasets.count_stored", work).await
    }
}

impl SqlDatasets {
    /// What this version and newer ones of its name add is to be counted again: its files changed, or it goes.
    pub(super) async fn recount(&self, ctx: &Ctx, row: &dataset::Model) -> Result<()> {
        self.recount_from(ctx, (&row.name, row.created_at)).await
    }

    /// The same for the versions of a name from a time on.
    pub(super) async fn recount_from(&self, ctx: &Ctx, (name, since): (&str, i64)) -> Result<()> {
        dataset::Entity::update_many()
            .set(dataset::ActiveModel { stored_bytes: Set(None), ..Default::default() })
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(dataset::Column::Name.eq(name))
            .filter(dataset::Column::CreatedAt.gte(since))
            .filter(dataset::Column::StoredBytes.is_not_null())
            .exec(&self.store.conn(ctx))
            .await?;
        Ok(())
    }
}

#[async_trait]
impl Reconcile for Packings {
    fn name(&self) -> &'static str {
        "dataset_packings"
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        if self.rule.least_bytes.is_none() {
            return Ok(Vec::new());
        }
        let select = self.pending(ctx).select_only().column(dataset::Column::Id);
        let select = select.order_by_asc(dataset::Column::UpdatedAt).limit(DUE);
        let mut ids: Vec<Id> = select.into_tuple().all(&self.room.store.conn(ctx)).await?;
        // Of a version that went before it was tried again, nobody else lets go.
        let tried = self.room.blobs.tries(&self.room.store, ctx).await?;
        ids.extend(tried.iter().filter_map(|name| name.parse::<Id>().ok()));
        let keys: BTreeSet<String> = ids.iter().map(ToString::to_string).collect();
        Ok(keys.into_iter().collect())
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Id = step.key.parse().map_err(|_| Error::unexpected("a dataset's key is no id"))?;
        let holder = id.simple().to_string();
        let packer = Packer { store: &self.room.store, ctx, lease: step.lease, holder: &holder };
        let _turn = self.turn.acquire().await.map_err(|_| Error::unavailable("stopping"))?;
        self.room.blobs.let_go_of_tries(&packer).await?;
        let found = self.pending(ctx).filter(dataset::Column::Id.eq(id)).one(&self.room.store.conn(ctx)).await?;
        let Some(row) = found else { return Ok(Next::Rest) };
        let stored = self.pack(&packer, &row).await?;
        crash_point("pack.count", "");
        self.count(&ctx.within(&row.project), step, row, stored).await?;
        Ok(Next::Rest)
    }
}
