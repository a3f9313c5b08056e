//! References to blobs, and the collection of blobs that nobody refers to.

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde_json::{Value, json};

use super::{Blobs, Stored, rows::blob_ref};
use crate::base::{Ctx, Error, Result};
use crate::store::{Delivery, Next, Reconcile, Step, Store};

const TOPIC: &str = "blob.release";
/// How the owners are called that hold bytes while they are looked at, and what comes after the last of them in order.
/// Letters and digits alone: whatever the collation, they lie together in the index.
pub(super) const INCOMING: &str = "incoming";
const AFTER_INCOMING: &str = "incominh";
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
}

/// Deletes a blob when its last reference is gone.
pub struct Release {
    /// Where references are kept.
    pub store: Store,
    /// Where bytes are kept.
    pub blobs: Blobs,
}

#[async_trait]
impl Delivery for Release {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    async fn deliver(&self, ctx: &Ctx, payload: &Value) -> Result<()> {
        let digest = payload.get("digest").and_then(Value::as_str);
        let digest = digest.ok_or_else(|| Error::unexpected("a release names no digest"))?;
        if self.held(ctx, digest).await? {
            return self.blobs.bring_back(digest).await; // a delivery before this one may have been cut short
        }
        self.blobs.set_aside(digest).await?;
        // Somebody may have come to need it just now. He looks for the bytes after he wrote so: either he is seen here,
        // or he does not find them.
        if self.held(ctx, digest).await? {
            return self.blobs.bring_back(digest).await;
        }
        self.blobs.delete_aside(digest).await
    }
}

impl Release {
    async fn held(&self, ctx: &Ctx, digest: &str) -> Result<bool> {
        let refs = blob_ref::Entity::find().filter(blob_ref::Column::Digest.eq(digest));
        Ok(refs.count(&self.store.conn(ctx)).await? > 0)
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
