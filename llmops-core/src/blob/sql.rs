//! References to blobs, and the collection of blobs that nobody refers to.

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::packing::Lies;
use super::rows::{blob_ref, chunked, damaged};
use super::{Blobs, Packer, Stored};
use crate::base::{Ctx, Error, Result, crash_point};
use crate::store::{Delivery, Next, Reconcile, Step, Store};

const TOPIC: &str = "blob.release";
/// How the owners are called that hold bytes while they are looked at, and what comes after the last of them in order.
/// Letters and digits alone: whatever the collation, they lie together in the index.
pub(super) const INCOMING: &str = "incoming";
const AFTER_INCOMING: &str = "incominh";
/// Those among them that hold what a file is being taken apart into.
pub(super) const PACKING: &str = "incomingpack";
const AFTER_PACKING: &str = "incomingpacl";
/// How long one is believed to be at work, in microseconds. Looking at the largest file takes minutes.
const AT_WORK: i64 = 24 * 3600 * 1_000_000;
/// How many are looked for at a time.
const DUE: u64 = 100;
/// How many rows are written in one statement.
const MANY: usize = 500;

impl Blobs {
    /// Says, in the open unit of work, that `owner` (as `model/0199../weights.safetensors`) needs these bytes.
    pub async fn hold(&self, store: &Store, ctx: &Ctx, owner: &str, stored: &Stored) -> Result<()> {
        let row = blob_ref::ActiveModel {
            owner: Set(owner.to_owned()),
            digest: Set(stored.digest.clone()),
            bytes: Set(i64::try_from(stored.bytes).unwrap_or(i64::MAX)),
            created_at: Set(ctx.now().micros()),
        };
        let once = OnConflict::columns([blob_ref::Column::Owner, blob_ref::Column::Digest]).do_nothing().to_owned();
        blob_ref::Entity::insert(row).on_conflict(once).exec_without_returning(&store.conn(ctx)).await?;
        Ok(())
    }

    /// The same for many owners at once.
    pub async fn hold_all(&self, store: &Store, ctx: &Ctx, held: Vec<(String, Stored)>) -> Result<()> {
        for some in held.chunks(MANY) {
            let rows = some.iter().map(|(owner, stored)| blob_ref::ActiveModel {
                owner: Set(owner.clone()),
                digest: Set(stored.digest.clone()),
                bytes: Set(i64::try_from(stored.bytes).unwrap_or(i64::MAX)),
                created_at: Set(ctx.now().micros()),
            });
            let once = OnConflict::columns([blob_ref::Column::Owner, blob_ref::Column::Digest]).do_nothing().to_owned();
            let insert = blob_ref::Entity::insert_many(rows).on_conflict(once);
            insert.exec_without_returning(&store.conn(ctx)).await?;
        }
        Ok(())
    }

    /// Says that `owner` no longer needs these bytes; they go once nobody does.
    pub async fn release(&self, store: &Store, ctx: &Ctx, owner: &str, digest: &str) -> Result<()> {
        blob_ref::Entity::delete_by_id((owner.to_owned(), digest.to_owned())).exec(&store.conn(ctx)).await?;
        store.owe(ctx, TOPIC, json!({ "digest": digest })).await
    }

    /// The same for everything that `owner` needs.
    pub async fn release_all(&self, store: &Store, ctx: &Ctx, owner: &str) -> Result<()> {
        let held = blob_ref::Entity::find().filter(blob_ref::Column::Owner.eq(owner)).all(&store.conn(ctx)).await?;
        for row in held {
            self.release(store, ctx, owner, &row.digest).await?;
        }
        Ok(())
    }

    /// Says that `owner` no longer needs these bytes, and how many they are. That they go is owed by whoever calls this: see
    /// [`Release::look_at`].
    pub async fn unhold(&self, store: &Store, ctx: &Ctx, owner: &str, digest: &str) -> Result<u64> {
        let (conn, mine) = (store.conn(ctx), (owner.to_owned(), digest.to_owned()));
        let held = blob_ref::Entity::find_by_id(mine.clone()).one(&conn).await?;
        blob_ref::Entity::delete_by_id(mine).exec(&conn).await?;
        Ok(held.map_or(0, |row| row.bytes.unsigned_abs()))
    }
}

impl Blobs {
    /// Writes down, in the open unit of work, that these bytes are gone or others than they were: who brings them again puts
    /// them in place of what is there.
    pub async fn mark_damaged(&self, store: &Store, ctx: &Ctx, digest: &str) -> Result<()> {
        let row = damaged::ActiveModel { digest: Set(digest.to_owned()), found_at: Set(ctx.now().micros()) };
        let once = OnConflict::column(damaged::Column::Digest).do_nothing().to_owned();
        damaged::Entity::insert(row).on_conflict(once).exec_without_returning(&store.conn(ctx)).await?;
        Ok(())
    }

    /// Writes down, in the open unit of work, that they are what they were. Of a blob that is kept as chunks too it is its own
    /// object that is whole: the mark stays, so that this one is not taken for one too many.
    pub async fn mark_whole(&self, store: &Store, ctx: &Ctx, digest: &str) -> Result<()> {
        let conn = store.conn(ctx);
        if chunked::Entity::find_by_id(digest).one(&conn).await?.is_none_or(|row| row.whole) {
            damaged::Entity::delete_by_id(digest).exec(&conn).await?;
        }
        Ok(())
    }

    /// Whether these bytes were found damaged.
    pub(super) async fn is_damaged(&self, digest: &str) -> Result<bool> {
        let Some(chunked) = &self.chunked else { return Ok(false) };
        Ok(damaged::Entity::find_by_id(digest).one(&chunked.store.conn(&Ctx::system())).await?.is_some())
    }
}

/// Who holds the blobs that the chunks of this one lie in, and the list of them.
fn chunks_owner(digest: &str) -> String {
    format!("chunks/{digest}")
}

/// Whether chunks of other blobs lie in this one, or are about to. It stays in an object of its own then.
async fn has_chunks_of_others(store: &Store, ctx: &Ctx, digest: &str) -> Result<bool> {
    let by = |owner: &str| blob_ref::Column::Owner.starts_with(owner);
    let refs = blob_ref::Entity::find().filter(blob_ref::Column::Digest.eq(digest));
    let refs = refs.filter(Condition::any().add(by(&chunks_owner(""))).add(by(PACKING)));
    Ok(refs.count(&store.conn(ctx)).await? > 0)
}

impl Blobs {
    /// What is known of a blob's chunks.
    pub(super) async fn chunks_of(&self, digest: &str) -> Result<Option<chunked::Model>> {
        Ok(self.chunks_or_aside(digest).await?.filter(|row| !row.aside))
    }

    /// The same, also of one that is about to go.
    pub(super) async fn chunks_or_aside(&self, digest: &str) -> Result<Option<chunked::Model>> {
        let Some(chunked) = &self.chunked else { return Ok(None) };
        Ok(chunked::Entity::find_by_id(digest).one(&chunked.store.conn(&Ctx::system())).await?)
    }

    /// Writes down of which chunks a blob is and holds what they lie in, its own object aside. Whether anybody needs the
    /// blob, and its object, is looked at next.
    pub(super) async fn write_chunked(
        &self,
        packer: &Packer<'_>,
        blob: &Stored,
        (manifest, lies): (Stored, Option<Lies>),
    ) -> Result<()> {
        let (store, blobs, blob, owner) = (packer.store.clone(), self.clone(), blob.clone(), packer.owner());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let whole = lies.is_none();
                let Lies { own, packs } = lies.unwrap_or_default();
                if !whole && has_chunks_of_others(&store, &ctx, &blob.digest).await? {
                    return blobs.release_all(&store, &ctx, &owner).await;
                }
                let row = chunked::ActiveModel {
                    digest: Set(blob.digest.clone()),
                    manifest: Set(manifest.digest.clone()),
                    pack: Set(own),
                    bytes: Set(i64::try_from(blob.bytes).unwrap_or(i64::MAX)),
                    whole: Set(whole),
                    aside: Set(false),
                    created_at: Set(ctx.now().micros()),
                };
                let once = OnConflict::column(chunked::Column::Digest).do_nothing().to_owned();
                let insert = chunked::Entity::insert(row).on_conflict(once);
                if insert.exec_without_returning(&store.conn(&ctx)).await? > 0 {
                    let held = packs.into_iter().chain([manifest]).map(|one| (chunks_owner(&blob.digest), one));
                    blobs.hold_all(&store, &ctx, held.collect()).await?;
                }
                blobs.release_all(&store, &ctx, &owner).await?;
                store.owe(&ctx, TOPIC, json!({ "digest": blob.digest })).await
            })
        };
        packer.store.write_fenced(packer.ctx, packer.lease, "blob.pack", work).await
    }

    /// Whether chunks of a blob lie beside those of files that nobody needs any more, which stay for that reason alone.
    pub(super) async fn lies_among_dead(&self, ctx: &Ctx, packs: &[String]) -> Result<bool> {
        let Some(chunked) = &self.chunked else { return Ok(false) };
        let conn = chunked.store.conn(ctx);
        for pack in packs {
            let of_file = chunked::Entity::find().filter(chunked::Column::Pack.eq(pack)).count(&conn).await?;
            let others = blob_ref::Column::Owner.starts_with(chunks_owner("")).not();
            let refs = blob_ref::Entity::find().filter(blob_ref::Column::Digest.eq(pack)).filter(others);
            if of_file == 0 && refs.count(&conn).await? == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Forgets the chunks of a blob that has an object of its own again.
    pub(super) async fn forget_chunks(&self, packer: &Packer<'_>, blob: &Stored) -> Result<()> {
        let (store, blobs, blob, owner) = (packer.store.clone(), self.clone(), blob.clone(), packer.owner());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                chunked::Entity::delete_by_id(&blob.digest).exec(&store.conn(&ctx)).await?;
                blobs.release_all(&store, &ctx, &chunks_owner(&blob.digest)).await?;
                blobs.release(&store, &ctx, &owner, &blob.digest).await
            })
        };
        packer.store.write_fenced(packer.ctx, packer.lease, "blob.unpack", work).await
    }

    /// The names of things of which a try to pack them holds something: one under way, or one that was cut short.
    pub async fn tries(&self, store: &Store, ctx: &Ctx) -> Result<Vec<String>> {
        let held = blob_ref::Entity::find().select_only().column(blob_ref::Column::Owner).distinct();
        let held = held.filter(blob_ref::Column::Owner.gte(PACKING)).filter(blob_ref::Column::Owner.lt(AFTER_PACKING));
        let owners: Vec<String> = held.limit(DUE).into_tuple().all(&store.conn(ctx)).await?;
        Ok(owners.iter().filter_map(|owner| owner.strip_prefix(PACKING)).map(str::to_owned).collect())
    }

    /// Lets go of what a try that was cut short held.
    pub async fn let_go_of_tries(&self, packer: &Packer<'_>) -> Result<()> {
        let owner = packer.owner();
        let held = blob_ref::Entity::find().filter(blob_ref::Column::Owner.eq(owner.as_str()));
        if held.count(&packer.store.conn(packer.ctx)).await? == 0 {
            return Ok(());
        }
        let (store, blobs) = (packer.store.clone(), self.clone());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move { blobs.release_all(&store, &ctx, &owner).await })
        };
        packer.store.write_fenced(packer.ctx, packer.lease, "blob.let_go", work).await
    }
}

/// Deletes a blob when its last reference is gone.
pub struct Release {
    store: Store,
    blobs: Blobs,
    /// One for each first digit of a digest.
    turns: [Semaphore; 16],
}

#[async_trait]
impl Delivery for Release {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    async fn deliver(&self, ctx: &Ctx, payload: &Value) -> Result<()> {
        let digest = payload.get("digest").and_then(Value::as_str);
        let digest = digest.ok_or_else(|| Error::unexpected("a release names no digest"))?;
        self.look_at(ctx, digest).await.map(drop)
    }
}

impl Release {
    /// Over these references and these bytes.
    pub fn new(store: Store, blobs: Blobs) -> Self {
        Self { store, blobs, turns: std::array::from_fn(|_| Semaphore::new(1)) }
    }

    /// Deletes these bytes unless somebody needs them. Whether they are gone.
    pub async fn look_at(&self, ctx: &Ctx, digest: &str) -> Result<bool> {
        // Two at once for one digest would take away under each other what somebody brought in between.
        let turn = usize::from_str_radix(digest.get(..1).unwrap_or_default(), 16).unwrap_or_default();
        let _turn = self.turns[turn].acquire().await.map_err(|_| Error::unavailable("stopping"))?;
        let lease = self.store.acquire(ctx, &format!("blob/{digest}")).await?;
        let lease = lease.ok_or_else(|| Error::unavailable("another server looks at the same bytes"))?;
        let gone = self.release(ctx, digest).await;
        let freed = self.store.release(ctx, &lease).await;
        gone.and_then(|gone| freed.map(|()| gone))
    }

    async fn release(&self, ctx: &Ctx, digest: &str) -> Result<bool> {
        self.blobs.take_back(digest).await?; // a delivery before this one may have been cut short
        if self.held(ctx, digest).await? {
            return self.keep(ctx, digest).await.map(|()| false);
        }
        self.blobs.set_aside(digest).await?;
        self.mark(ctx, digest, true).await?;
        // Somebody may have come to need it just now. He looks for the bytes after he wrote so: either he is seen here,
        // or he does not find them.
        if self.held(ctx, digest).await? {
            return self.keep(ctx, digest).await.map(|()| false);
        }
        self.blobs.delete_aside(digest).await?;
        crash_point("release.deleted", "");
        damaged::Entity::delete_by_id(digest).exec(&self.store.conn(ctx)).await?;
        self.forget(ctx, digest).await.map(|()| true)
    }

    async fn held(&self, ctx: &Ctx, digest: &str) -> Result<bool> {
        let refs = blob_ref::Entity::find().filter(blob_ref::Column::Digest.eq(digest));
        Ok(refs.count(&self.store.conn(ctx)).await? > 0)
    }

    /// Somebody needs it: it is where it is looked for, and once.
    async fn keep(&self, ctx: &Ctx, digest: &str) -> Result<()> {
        self.blobs.bring_back(digest).await?;
        self.mark(ctx, digest, false).await?;
        if !self.is_spare(ctx, digest).await? || self.blobs.whole_size(digest).await?.is_none() {
            return Ok(());
        }
        self.blobs.drop_whole(digest).await?;
        crash_point("pack.dropped", "");
        // The chunks may have gone just now, and somebody have come who relies on the object that he found or brought.
        if self.is_spare(ctx, digest).await? {
            return self.blobs.delete_dropped(digest).await;
        }
        self.blobs.take_back(digest).await?;
        self.store.owe(ctx, TOPIC, json!({ "digest": digest })).await
    }

    /// Whether its own object is one too many: it is kept as chunks that are whole, and no others lie in it.
    async fn is_spare(&self, ctx: &Ctx, digest: &str) -> Result<bool> {
        let conn = self.store.conn(ctx);
        let row = chunked::Entity::find_by_id(digest).one(&conn).await?;
        if row.is_none_or(|row| row.whole || row.aside) || has_chunks_of_others(&self.store, ctx, digest).await? {
            return Ok(false);
        }
        Ok(damaged::Entity::find_by_id(digest).one(&conn).await?.is_none())
    }

    /// Takes what is known of its chunks out of the way of who looks for it, or puts it back.
    async fn mark(&self, ctx: &Ctx, digest: &str, aside: bool) -> Result<()> {
        let change = chunked::ActiveModel { aside: Set(aside), ..Default::default() };
        let same = chunked::Entity::update_many().set(change).filter(chunked::Column::Digest.eq(digest));
        same.filter(chunked::Column::Aside.ne(aside)).exec(&self.store.conn(ctx)).await?;
        Ok(())
    }

    /// Nobody needs it: nor does it need its chunks.
    async fn forget(&self, ctx: &Ctx, digest: &str) -> Result<()> {
        if chunked::Entity::find_by_id(digest).one(&self.store.conn(ctx)).await?.is_none() {
            return Ok(());
        }
        let (store, blobs, digest) = (self.store.clone(), self.blobs.clone(), digest.to_owned());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let gone = chunked::Entity::delete_many()
                    .filter(chunked::Column::Digest.eq(&digest))
                    .filter(chunked::Column::Aside.eq(true));
                match gone.exec(&store.conn(&ctx)).await?.rows_affected {
                    0 => Ok(()),
                    _ => blobs.release_all(&store, &ctx, &chunks_owner(&digest)).await,
                }
            })
        };
        self.store.write(ctx, "blob.forget_chunks", work).await
    }
}

/// Lets go of bytes whose receiver was cut short: the client hung up, or the server died.
pub struct Abandoned {
    /// Where references are kept.
    pub store: Store,
    /// Where bytes are kept.
    pub blobs: Blobs,
}

#[async_trait]
impl Reconcile for Abandoned {
    fn name(&self) -> &'static str {
        "abandoned_bytes"
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let held = blob_ref::Entity::find().select_only().column(blob_ref::Column::Owner);
        let old = held
            .filter(blob_ref::Column::Owner.gte(INCOMING))
            .filter(blob_ref::Column::Owner.lt(AFTER_INCOMING))
            .filter(blob_ref::Column::CreatedAt.lt(ctx.now().micros() - AT_WORK));
        Ok(old.limit(DUE).into_tuple().all(&self.store.conn(ctx)).await?)
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let (store, blobs, owner) = (self.store.clone(), self.blobs.clone(), step.key.to_owned());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move { blobs.release_all(&store, &ctx, &owner).await })
        };
        self.store.write_fenced(ctx, step.lease, "blob.let_go", work).await?;
        Ok(Next::Rest)
    }
}
