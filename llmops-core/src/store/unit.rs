//! The unit of work: one transaction from the gate to the commit, with its audit entry and its signals.

use std::sync::Arc;

use futures::future::BoxFuture;
use sea_orm::sea_query::LockType;
use sea_orm::{
    DatabaseTransaction, EntityTrait, QuerySelect, Select, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::OwnedSemaphorePermit;

use super::{Changed, Lease, Store, audit, db_error, idempotency::InFlight};
use crate::base::{Ctx, Error, Result, crash_point};

/// An open transaction, carried by the context.
pub(super) struct Unit {
    tx: DatabaseTransaction,
    pub(super) claim: Option<InFlight>,
    _writer: Option<OwnedSemaphorePermit>,
}

impl Unit {
    pub(super) fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

/// The unit this context carries.
pub(super) fn of(ctx: &Ctx) -> Option<&Unit> {
    ctx.unit().and_then(|any| any.downcast_ref::<Unit>())
}

/// Reads in a unit so that what is found is there until the unit is over: PostgreSQL lets nobody delete it meanwhile, and SQLite
/// has one writer at a time. Other changes to it are not held up.
pub fn staying<E: EntityTrait>(ctx: &Ctx, select: Select<E>) -> Select<E> {
    match of(ctx) {
        Some(_) => select.lock(LockType::KeyShare),
        None => select,
    }
}

impl Store {
    /// Opens a unit of work; the context that comes back carries it.
    pub async fn begin(&self, ctx: &Ctx) -> Result<Ctx> {
        self.begin_claimed(ctx, None).await
    }

    pub(super) fn begin_claimed<'a>(&'a self, ctx: &'a Ctx, claim: Option<InFlight>) -> BoxFuture<'a, Result<Ctx>> {
        Box::pin(async move {
            let writer = match &self.0.writer {
                Some(writer) => Some(
                    writer.clone().acquire_owned().await.map_err(|_| Error::unavailable("the database is closing"))?,
                ),
                None => None,
            };
            let options = TransactionOptions {
                isolation_level: None,
                access_mode: None,
                sqlite_transaction_mode: self.0.writer.is_some().then_some(SqliteTransactionMode::Immediate),
            };
            let tx = self.0.db.pool().begin_with_options(options).await.map_err(db_error)?;
            Ok(ctx.with_unit(Arc::new(Unit { tx, claim, _writer: writer })))
        })
    }

    /// Commits the unit with its audit entry, then wakes who follows what it changed.
    pub fn commit(&self, ctx: Ctx) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            audit::append_allowed(self, &ctx).await?;
            let topics = ctx.signals();
            let changes = Changed::of(&ctx, &topics);
            self.0.signals.send_in(&self.conn(&ctx), &topics, &changes).await?;
            let action = ctx.operation().unwrap_or_default();
            crash_point("commit.before", action);
            self.take(ctx)?.tx.commit().await.map_err(db_error)?;
            crash_point("commit.after", action);
            self.0.signals.wake(&topics);
            self.0.signals.tell(changes);
            Ok(())
        })
    }

    /// Undoes the unit.
    pub fn rollback(&self, ctx: Ctx) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            match self.take(ctx) {
                Ok(unit) => {
                    if let Err(error) = unit.tx.rollback().await {
                        tracing::warn!(%error, "a transaction did not roll back cleanly");
                    }
                }
                Err(error) => tracing::error!(%error, "a unit of work outlived its call"),
            }
        })
    }

    /// Runs `work` in one unit of its own, or in the one that is open. `action` names it in the audit.
    pub async fn write<R: Send>(
        &self,
        ctx: &Ctx,
        action: &'static str,
        work: impl FnOnce(Ctx) -> BoxFuture<'static, Result<R>> + Send,
    ) -> Result<R> {
        if ctx.unit().is_some() {
            return work(ctx.clone()).await;
        }
        let unit = self.begin(&ctx.for_operation(action)).await?;
        match work(unit.clone()).await {
            Ok(done) => {
                self.commit(unit).await?;
                Ok(done)
            }
            Err(error) => {
                self.rollback(unit).await;
                Err(error)
            }
        }
    }

    /// The same for the holder of a lease: a holder that lost it writes nothing.
    pub async fn write_fenced<R: Send>(
        &self,
        ctx: &Ctx,
        lease: &Lease,
        action: &'static str,
        work: impl FnOnce(Ctx) -> BoxFuture<'static, Result<R>> + Send,
    ) -> Result<R> {
        let unit = self.begin(&ctx.for_operation(action)).await?;
        let done = match self.check_lease(&unit, lease).await {
            Ok(()) => work(unit.clone()).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(done) => {
                self.commit(unit).await?;
                Ok(done)
            }
            Err(error) => {
                self.rollback(unit).await;
                Err(error)
            }
        }
    }

    fn take(&self, ctx: Ctx) -> Result<Unit> {
        let escaped = || Error::unexpected("a unit of work outlived its call");
        let any = ctx.into_unit().ok_or_else(escaped)?;
        let unit = any.downcast::<Unit>().map_err(|_| escaped())?;
        Arc::into_inner(unit).ok_or_else(escaped)
    }
}
