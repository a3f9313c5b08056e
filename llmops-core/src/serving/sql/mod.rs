//! The room over the database, the catalog and the place where replicas run.

mod charging;
mod counting;
mod deploying;
mod endpoints;
mod lineage;
mod logs;
mod looking;
mod operating;
mod port;
mod revisions;
mod supervising;

pub use supervising::Endpoints;

use std::sync::Arc;

use async_trait::async_trait;

use super::*;
use crate::base::{Ctx, Events, Page, Result};
use crate::blob::Blobs;
use crate::catalog::Catalog;
use crate::compute::Compute;
use crate::store::Store;

/// Serving over SQLite or PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct SqlServing {
    store: Store,
    blobs: Blobs,
    catalog: Arc<dyn Catalog>,
    compute: Arc<dyn Compute>,
}

impl SqlServing {
    /// The room on this database and these blobs, with models from this catalog and replicas in this place.
    pub fn new(store: Store, blobs: Blobs, catalog: Arc<dyn Catalog>, compute: Arc<dyn Compute>) -> Self {
        Self { store, blobs, catalog, compute }
    }
}

/// What changes of an endpoint are called.
fn topic(endpoint: EndpointId) -> String {
    format!("serving/{endpoint}")
}

#[async_trait]
impl Serving for SqlServing {
    async fn deploy_endpoint(&self, ctx: &Ctx, req: DeployEndpoint) -> Result<Endpoint> {
        self.deploy(ctx, req).await
    }

    async fn list_endpoints(&self, ctx: &Ctx, req: ListEndpoints) -> Result<Page<Endpoint>> {
        self.list(ctx, req).await
    }

    async fn get_endpoint(&self, ctx: &Ctx, req: GetEndpoint) -> Result<Endpoint> {
        self.get(ctx, req.endpoint_id).await
    }

    async fn update_endpoint(&self, ctx: &Ctx, req: UpdateEndpoint) -> Result<Endpoint> {
        self.update(ctx, req).await
    }

    async fn redeploy_endpoint(&self, ctx: &Ctx, req: RedeployEndpoint) -> Result<Endpoint> {
        self.redeploy(ctx, req).await
    }

    async fn rollback_endpoint(&self, ctx: &Ctx, req: RollbackEndpoint) -> Result<Endpoint> {
        self.rollback(ctx, req).await
    }

    async fn list_endpoint_revisions(&self, ctx: &Ctx, req: ListEndpointRevisions) -> Result<Page<EndpointRevision>> {
        self.revisions(ctx, req).await
    }

    async fn stream_endpoint_logs(&self, ctx: &Ctx, req: StreamEndpointLogs) -> Result<Events<EndpointLogLine>> {
        self.logs(ctx, req).await
    }

    async fn watch_endpoint(&self, ctx: &Ctx, req: GetEndpoint) -> Result<Events<Endpoint>> {
        self.watch(ctx, req.endpoint_id).await
    }

    async fn delete_endpoint(&self, ctx: &Ctx, req: DeleteEndpoint) -> Result<Endpoint> {
        self.delete(ctx, req).await
    }
}
