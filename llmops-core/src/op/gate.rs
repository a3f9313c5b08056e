//! The gate: every call through the facade passes it, typed or not.

use std::sync::Arc;

use async_trait::async_trait;
use futures::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Download, Operation, Parts, encode};
use crate::base::{Ctx, Error, Events, Result};

/// A call that was let in.
pub struct Entered {
    /// The context to work with; it carries the open unit of work when the operation writes.
    pub ctx: Ctx,
    /// The stored answer of the first call with this idempotency key.
    pub replay: Option<Value>,
}

/// How a call went.
pub enum Outcome<'a> {
    /// Well; the answer is rendered only if somebody keeps it.
    Done(&'a (dyn Fn() -> Result<Value> + Send + Sync)),
    /// Not.
    Failed(&'a Error),
}

/// Stands at every door: authorises and opens on the way in, commits and records on the way out.
#[async_trait]
pub trait Gate: Send + Sync + 'static {
    /// Lets a call in, or refuses it.
    async fn enter(
        &self,
        op: &'static Operation,
        ctx: &Ctx,
        request: &(dyn Fn() -> Result<Value> + Send + Sync),
    ) -> Result<Entered>;

    /// Closes what [`Gate::enter`] opened. An error here is the call's outcome: nothing was committed.
    async fn leave(&self, op: &'static Operation, entered: Ctx, outcome: Outcome<'_>) -> Result<()>;
}

/// A room with the gate in front of it. It implements the room's own trait.
pub struct Gated<T: ?Sized> {
    gate: Arc<dyn Gate>,
    inner: Arc<T>,
}

impl<T: ?Sized + Send + Sync + 'static> Gated<T> {
    /// Puts `gate` in front of `inner`.
    pub fn new(gate: Arc<dyn Gate>, inner: Arc<T>) -> Self {
        Self { gate, inner }
    }

    /// One request, one answer; a stored answer is given again.
    pub async fn unary<Q, R>(
        &self,
        op: &'static Operation,
        ctx: &Ctx,
        req: Q,
        work: impl FnOnce(Arc<T>, Ctx, Q) -> BoxFuture<'static, Result<R>> + Send,
    ) -> Result<R>
    where
        Q: Serialize + Send + Sync,
        R: Serialize + DeserializeOwned + Send + Sync,
    {
        let entered = self.gate.enter(op, ctx, &|| encode(&req)).await.map_err(of(ctx))?;
        if let Some(stored) = entered.replay {
            ctx.reply.set_replayed();
            return serde_json::from_value(stored)
                .map_err(|e| Error::unexpected("a stored answer cannot be read").caused_by(e));
        }
        let outcome = work(self.inner.clone(), entered.ctx.clone(), req).await;
        self.close(op, entered.ctx, outcome, encode).await.map_err(of(ctx))
    }

    /// A request with files; the room opens its own short unit once the bytes are in.
    pub async fn upload<Q, R>(
        &self,
        op: &'static Operation,
        ctx: &Ctx,
        (req, body): (Q, Parts),
        work: impl FnOnce(Arc<T>, Ctx, Q, Parts) -> BoxFuture<'static, Result<R>> + Send,
    ) -> Result<R>
    where
        Q: Serialize + Send + Sync,
        R: Serialize + Send + Sync,
    {
        let entered = self.gate.enter(op, ctx, &|| encode(&req)).await.map_err(of(ctx))?;
        let outcome = work(self.inner.clone(), entered.ctx.clone(), req, body).await;
        self.close(op, entered.ctx, outcome, encode).await.map_err(of(ctx))
    }

    /// One request, many items.
    pub async fn stream<Q: Serialize + Send + Sync, R: 'static>(
        &self,
        op: &'static Operation,
        ctx: &Ctx,
        req: Q,
        work: impl FnOnce(Arc<T>, Ctx, Q) -> BoxFuture<'static, Result<Events<R>>> + Send,
    ) -> Result<Events<R>> {
        let entered = self.gate.enter(op, ctx, &|| encode(&req)).await.map_err(of(ctx))?;
        let outcome = work(self.inner.clone(), entered.ctx.clone(), req).await;
        self.close_unrendered(op, entered.ctx, outcome).await.map_err(of(ctx))
    }

    /// A request answered with bytes.
    pub async fn download<Q: Serialize + Send + Sync>(
        &self,
        op: &'static Operation,
        ctx: &Ctx,
        req: Q,
        work: impl FnOnce(Arc<T>, Ctx, Q) -> BoxFuture<'static, Result<Download>> + Send,
    ) -> Result<Download> {
        let entered = self.gate.enter(op, ctx, &|| encode(&req)).await.map_err(of(ctx))?;
        let outcome = work(self.inner.clone(), entered.ctx.clone(), req).await;
        self.close_unrendered(op, entered.ctx, outcome).await.map_err(of(ctx))
    }

    async fn close<R: Send + Sync>(
        &self,
        op: &'static Operation,
        ctx: Ctx,
        outcome: Result<R>,
        render: fn(&R) -> Result<Value>,
    ) -> Result<R> {
        match outcome {
            Ok(answer) => {
                self.gate.leave(op, ctx, Outcome::Done(&|| render(&answer))).await?;
                Ok(answer)
            }
            Err(error) => {
                self.gate.leave(op, ctx, Outcome::Failed(&error)).await?;
                Err(error)
            }
        }
    }

    async fn close_unrendered<R>(&self, op: &'static Operation, ctx: Ctx, outcome: Result<R>) -> Result<R> {
        match outcome {
            Ok(answer) => {
                self.gate.leave(op, ctx, Outcome::Done(&|| Ok(Value::Null))).await?;
                Ok(answer)
            }
            Err(error) => {
                self.gate.leave(op, ctx, Outcome::Failed(&error)).await?;
                Err(error)
            }
        }
    }
}

/// Gives an error the id of the request it ended.
fn of(ctx: &Ctx) -> impl Fn(Error) -> Error {
    |error| error.request_id(&ctx.request_id)
}
