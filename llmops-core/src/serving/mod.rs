//! Models that answer: endpoints, their replicas and revisions. Rank 4.

mod gates;
mod plan;
mod route;
mod rows;
mod sql;
mod status;
mod supervise;
#[cfg(test)]
mod tests;
mod types;

pub use route::route_of;
pub use sql::{Endpoints, SqlServing};
pub use types::*;

use crate::base::{Ctx, Page, Result};
use crate::op::service;

service! {
    /// Models that answer: endpoints, their replicas and revisions.
    pub trait Serving as serving {
        /// Deploys an approved model under a route. What would run is shown by a dry run.
        #[op(unary POST "/serving/endpoints", Write("serving:deploy"))]
        async fn deploy_endpoint(&self, ctx: &Ctx, req: DeployEndpoint) -> Result<Endpoint>;

        /// Lists endpoints, newest first.
        #[op(unary GET "/serving/endpoints", Read("serving:read"))]
        async fn list_endpoints(&self, ctx: &Ctx, req: ListEndpoints) -> Result<Page<Endpoint>>;

        /// Reads one endpoint with its history.
        #[op(unary GET "/serving/endpoints/{endpointId}", Read("serving:read"))]
        async fn get_endpoint(&self, ctx: &Ctx, req: GetEndpoint) -> Result<Endpoint>;

        /// Scales an endpoint, changes its limits, stops it or starts it again. Honours `If-Match`.
        #[op(unary PATCH "/serving/endpoints/{endpointId}", Write("serving:operate"))]
        async fn update_endpoint(&self, ctx: &Ctx, req: UpdateEndpoint) -> Result<Endpoint>;

        /// Makes a new revision, with the same or another model. The one before answers until the new one is ready.
        #[op(unary POST "/serving/endpoints/{endpointId}/redeploy", Write("serving:deploy"))]
        async fn redeploy_endpoint(&self, ctx: &Ctx, req: RedeployEndpoint) -> Result<Endpoint>;

        /// Returns to an earlier revision. No request under way is lost; a revision that still runs answers at once.
        #[op(unary POST "/serving/endpoints/{endpointId}/rollback", Write("serving:operate"))]
        async fn rollback_endpoint(&self, ctx: &Ctx, req: RollbackEndpoint) -> Result<Endpoint>;

        /// Lists the revisions of an endpoint, newest first.
        #[op(unary GET "/serving/endpoints/{endpointId}/revisions", Read("serving:read"))]
        async fn list_endpoint_revisions(&self, ctx: &Ctx, req: ListEndpointRevisions) -> Result<Page<EndpointRevision>>;

        /// Reads what the replicas write, and follows it when asked to.
        #[op(stream GET "/serving/endpoints/{endpointId}/logs", Read("serving:read"))]
        async fn stream_endpoint_logs(&self, ctx: &Ctx, req: StreamEndpointLogs) -> Result<EndpointLogLine>;

        /// Follows an endpoint: its present state, then each change. The stream ends when the endpoint is deleted and nothing
        /// of it runs any more.
        #[op(stream GET "/serving/endpoints/{endpointId}/events", Read("serving:read"))]
        async fn watch_endpoint(&self, ctx: &Ctx, req: GetEndpoint) -> Result<Endpoint>;

        /// Deletes an endpoint: what runs ends first, then the record goes, which ends the streams of those who follow it.
        #[op(unary DELETE "/serving/endpoints/{endpointId}", Write("serving:operate"))]
        async fn delete_endpoint(&self, ctx: &Ctx, req: DeleteEndpoint) -> Result<Endpoint>;
    }
}
