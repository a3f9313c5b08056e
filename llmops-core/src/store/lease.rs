//! Leases: several servers share the work, one does each piece, and one that was away too long can no longer write.

#[cfg(test)]
mod tests;

use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{Store, rows::lease};
use crate::base::{Ctx, Error, Result};

/// How long a lease lasts without a heartbeat. With the loops' pause of two seconds, work whose server died is taken
/// over within twelve.
pub(super) const LEASE_SECONDS: i64 = 10;

/// The right to work on one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What is worked on, as `training/0199..`.
    pub name: String,
    /// The server.
    pub holder: Uuid,
    /// Grows each time the lease changes hands.
    pub epoch: i64,
}

impl Store {
    /// Takes a lease that is free, expired, or this server's own: within a server there is one worker for each, and one that broke
    /// off without giving its lease back is fenced by the next epoch. `None` when another server holds it.
    pub async fn acquire(&self, ctx: &Ctx, name: &str) -> Result<Option<Lease>> {
        let now = ctx.now();
        let fresh = lease::ActiveModel {
            name: Set(name.to_owned()),
            holder: Set(self.server()),
            epoch: Set(1),
            expires_at: Set(now.plus_seconds(LEASE_SECONDS).micros()),
        };
        let take_expired = OnConflict::column(lease::Column::Name)
            .update_columns([lease::Column::Holder, lease::Column::ExpiresAt])
            .value(lease::Column::Epoch, Expr::col((lease::Entity, lease::Column::Epoch)).add(1))
            .action_and_where(
                Expr::col((lease::Entity, lease::Column::ExpiresAt)).lt(now.micros()).or(Expr::col((
                    lease::Entity,
                    lease::Column::Holder,
                ))
                .eq(self.server())),
            )
            .to_owned();
        let conn = self.conn(ctx);
        let taken = lease::Entity::insert(fresh).on_conflict(take_expired).exec_without_returning(&conn).await?;
        if taken == 0 {
            return Ok(None);
        }
        let row = lease::Entity::find_by_id(name).one(&conn).await?;
        Ok(row.filter(|row| row.holder == self.server()).map(|row| Lease {
            name: row.name,
            holder: row.holder,
            epoch: row.epoch,
        }))
    }

    /// The heartbeat: all leases of this server last on. One whose holder is just writing is passed over, so that a long unit of
    /// work costs no other its lease.
    pub async fn renew_leases(&self, ctx: &Ctx) -> Result<()> {
        let until = ctx.now().plus_seconds(LEASE_SECONDS).micros();
        let free = lease::Entity::find()
            .select_only()
            .column(lease::Column::Name)
            .filter(lease::Column::Holder.eq(self.server()))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        lease::Entity::update_many()
            .col_expr(lease::Column::ExpiresAt, Expr::value(until))
            .filter(lease::Column::Holder.eq(self.server()))
            .filter(lease::Column::Name.in_subquery(free.into_query()))
            .exec(&self.conn(ctx))
            .await?;
        Ok(())
    }

    /// Gives a lease back.
    pub async fn release(&self, ctx: &Ctx, lease: &Lease) -> Result<()> {
        lease::Entity::delete_many()
            .filter(lease::Column::Name.eq(&lease.name))
            .filter(lease::Column::Holder.eq(lease.holder))
            .filter(lease::Column::Epoch.eq(lease.epoch))
            .exec(&self.conn(ctx))
            .await?;
        Ok(())
    }

    /// Gives back all leases of this server, at its orderly end.
    pub async fn release_all(&self, ctx: &Ctx) -> Result<()> {
        lease::Entity::delete_many().filter(lease::Column::Holder.eq(self.server())).exec(&self.conn(ctx)).await?;
        Ok(())
    }

    /// Fences a unit of work: it locks the lease's row and fails when the lease changed hands.
    pub(super) async fn check_lease(&self, ctx: &Ctx, lease: &Lease) -> Result<()> {
        let held = lease::Entity::update_many()
            .col_expr(lease::Column::Holder, Expr::value(lease.holder))
            .filter(lease::Column::Name.eq(&lease.name))
            .filter(lease::Column::Holder.eq(lease.holder))
            .filter(lease::Column::Epoch.eq(lease.epoch))
            .exec(&self.conn(ctx))
            .await?;
        if held.rows_affected == 1 {
            return Ok(());
        }
        Err(Error::conflict(format!("the lease on {} is held by another server now", lease.name)).code("lease_lost"))
    }
}
