//! A create or start that is sent twice happens once.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Store, rows::idempotency, unit};
use crate::base::{Ctx, Error, Result};

/// How long an answer is kept.
const KEEP_SECONDS: i64 = 24 * 3600;

/// What became of a key.
pub enum Claim {
    /// It is new: work with this context and keep the answer when you are done.
    Fresh(Box<Ctx>),
    /// The call was made before; this is its answer.
    Replay(Value),
}

/// A key that is being worked on; given free when dropped.
pub(super) struct InFlight {
    store: Store,
    key: String,
    request_hash: String,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut set = self.store.0.in_flight.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        set.remove(&self.key);
    }
}

impl Store {
    /// Opens a unit of work for a call with an idempotency key, or finds the answer it had.
    ///
    /// # Errors
    /// 422 when the key was used with another request, 409 while the first call is still under way.
    pub async fn begin_once(&self, ctx: &Ctx, op: &str, key: &str, request: &Value) -> Result<Claim> {
        check_key(key)?;
        let id = digest(&[ctx.project(), &ctx.caller.actor, op, key]);
        let request_hash = digest(&[&request.to_string()]);
        if let Some(answer) = self.stored(ctx, &id, &request_hash).await? {
            return Ok(Claim::Replay(answer));
        }
        let claim = self.claim(id.clone(), request_hash.clone())?;
        let unit = self.begin_claimed(ctx, Some(claim)).await?;
        let won = self.lock(&unit, &id).await;
        let stored = match won {
            Ok(true) => self.stored(&unit, &id, &request_hash).await,
            Ok(false) => Err(under_way()),
            Err(error) => Err(error),
        };
        match stored {
            Ok(None) => Ok(Claim::Fresh(Box::new(unit))),
            Ok(Some(answer)) => {
                self.rollback(unit).await;
                Ok(Claim::Replay(answer))
            }
            Err(error) => {
                self.rollback(unit).await;
                Err(error)
            }
        }
    }

    /// Keeps the answer of the call this unit belongs to, in the same transaction.
    pub async fn keep_answer(&self, ctx: &Ctx, answer: &Value) -> Result<()> {
        let Some(claim) = unit::of(ctx).and_then(|unit| unit.claim.as_ref()) else { return Ok(()) };
        let row = idempotency::ActiveModel {
            key: Set(claim.key.clone()),
            request_hash: Set(claim.request_hash.clone()),
            response: Set(answer.to_string()),
            created_at: Set(ctx.now().micros()),
        };
        idempotency::Entity::insert(row).exec_without_returning(&self.conn(ctx)).await?;
        Ok(())
    }

    /// Forgets answers older than a day.
    pub async fn forget_old_answers(&self, ctx: &Ctx) -> Result<u64> {
        let before = ctx.now().plus_seconds(-KEEP_SECONDS).micros();
        let gone = idempotency::Entity::delete_many().filter(idempotency::Column::CreatedAt.lt(before));
        Ok(gone.exec(&self.conn(ctx)).await?.rows_affected)
    }

    async fn stored(&self, ctx: &Ctx, id: &str, request_hash: &str) -> Result<Option<Value>> {
        let row = idempotency::Entity::find_by_id(id).one(&self.conn(ctx)).await?;
        let Some(row) = row else { return Ok(None) };
        if row.request_hash != request_hash {
            return Err(Error::invalid("Idempotency-Key", "was used before with another request")
                .code("idempotency_key_reused")
                .hint("send a new key with a new request"));
        }
        serde_json::from_str(&row.response)
            .map(Some)
            .map_err(|e| Error::unexpected("a stored answer cannot be read").caused_by(e))
    }

    fn claim(&self, key: String, request_hash: String) -> Result<InFlight> {
        let mut set = self.0.in_flight.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !set.insert(key.clone()) {
            return Err(under_way());
        }
        Ok(InFlight { store: self.clone(), key, request_hash })
    }

    /// On PostgreSQL another server may hold the key; on SQLite the process's own set is enough.
    async fn lock(&self, ctx: &Ctx, id: &str) -> Result<bool> {
        if self.kind() == "sqlite" {
            return Ok(true);
        }
        let number = i64::from_str_radix(&id[..15], 16).unwrap_or_default();
        let sql = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_try_advisory_xact_lock($1) AS won",
            [number.into()],
        );
        let row = self.conn(ctx).query_one_raw(sql).await?;
        row.map(|row| row.try_get::<bool>("", "won")).transpose().map_err(Error::from).map(|won| won.unwrap_or(false))
    }
}

fn check_key(key: &str) -> Result<()> {
    if key.is_empty() || key.len() > 255 || !key.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::invalid("Idempotency-Key", "must be 1 to 255 printable ASCII characters").hint("use a UUID"));
    }
    Ok(())
}

fn under_way() -> Error {
    Error::conflict("the first call with this Idempotency-Key is still under way")
        .code("idempotency_in_flight")
        .hint("wait for its answer, or send the same call again a little later")
        .retry_after_ms(1000)
}

fn digest(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part.as_bytes());
    }
    hex::encode(sha.finalize())
}
