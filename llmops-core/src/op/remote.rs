//! The second implementation of every room: the same calls, sent to a server.

use std::marker::PhantomData;
use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Download, Operation, Parts, encode};
use crate::base::{Ctx, Error, Events, Result};

/// Carries calls to a server.
#[async_trait]
pub trait Wire: Send + Sync + 'static {
    /// One request, one answer.
    async fn unary(&self, op: &'static Operation, ctx: &Ctx, req: Value) -> Result<Value>;
    /// One request, many items.
    async fn stream(&self, op: &'static Operation, ctx: &Ctx, req: Value) -> Result<Events<Value>>;
    /// A request with files.
    async fn upload(&self, op: &'static Operation, ctx: &Ctx, req: Value, body: Parts) -> Result<Value>;
    /// A request answered with bytes.
    async fn download(&self, op: &'static Operation, ctx: &Ctx, req: Value) -> Result<Download>;
}

/// A room on a server. It implements the room's own trait.
pub struct Remote<T: ?Sized> {
    wire: Arc<dyn Wire>,
    room: PhantomData<fn() -> Box<T>>,
}

impl<T: ?Sized> Remote<T> {
    /// The room behind this wire.
    pub fn new(wire: Arc<dyn Wire>) -> Self {
        Self { wire, room: PhantomData }
    }

    /// One request, one answer.
    pub async fn unary<Q: Serialize, R: DeserializeOwned>(
        &self,
        op: &'static Operation,
        ctx: &Ctx,
        req: Q,
    ) -> Result<R> {
        read(self.wire.unary(op, ctx, encode(&req)?).await?)
    }

    /// One request, many items.
    pub async fn stream<Q: Serialize, R: DeserializeOwned + 'static>(
        &self,
        op: &'static Operation,
        ctx: &Ctx,
        req: Q,
    ) -> Result<Events<R>> {
        let items = self.wire.stream(op, ctx, encode(&req)?).await?;
        Ok(items.map(|item| item.and_then(read)).boxed())
    }

    /// A request with files.
    pub async fn upload<Q: Serialize, R: DeserializeOwned>(
        &self,
        op: &'static Operation,
        ctx: &Ctx,
        req: Q,
        body: Parts,
    ) -> Result<R> {
        read(self.wire.upload(op, ctx, encode(&req)?, body).await?)
    }

    /// A request answered with bytes.
    pub async fn download<Q: Serialize>(&self, op: &'static Operation, ctx: &Ctx, req: Q) -> Result<Download> {
        self.wire.download(op, ctx, encode(&req)?).await
    }
}

fn read<R: DeserializeOwned>(value: Value) -> Result<R> {
    serde_json::from_value(value).map_err(|e| {
        Error::new(crate::base::ErrorKind::Upstream, "the server's answer has a shape this client does not know")
            .hint("use a client and a server of the same version")
            .caused_by(e)
    })
}
