//! Where the gateway learns who answers.

use async_trait::async_trait;

use crate::base::{Ctx, Result};
use crate::serving::{ServedRoute, SqlServing};

/// Knows the routes of all projects and the replicas behind them.
#[async_trait]
pub trait RouteSource: Send + Sync + 'static {
    /// All of them, as they are now.
    async fn routes(&self, ctx: &Ctx) -> Result<Vec<ServedRoute>>;
}

/// Routes that never change.
#[async_trait]
impl RouteSource for Vec<ServedRoute> {
    async fn routes(&self, _: &Ctx) -> Result<Vec<ServedRoute>> {
        Ok(self.clone())
    }
}

#[async_trait]
impl RouteSource for SqlServing {
    async fn routes(&self, ctx: &Ctx) -> Result<Vec<ServedRoute>> {
        self.served_routes(ctx).await
    }
}
