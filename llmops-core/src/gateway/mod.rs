//! One way to every model that answers: routes, limits, failover, metering. Rank 5.
//!
//! The path of a request is memory. Who answers which route is one snapshot, swapped whole when serving says that
//! something changed; keys are the identity's snapshot; limits are counters. What was used goes to a journal on the disk
//! and from there, later, to the ledger. Nothing waits for a database before the model's first byte.

mod attempt;
mod check;
mod journal;
mod limit;
mod live;
mod meter;
mod route;
mod settling;
mod several;
mod source;
#[cfg(test)]
mod tests;
mod types;

pub use journal::Journal;
pub use limit::KeyLimits;
pub use live::{GatewayOptions, LiveGateway};
pub use meter::describe_metrics;
pub use settling::Settling;
pub use source::RouteSource;
pub use types::*;

use crate::base::{Ctx, Page, Result};
use crate::op::service;

service! {
    /// One way to every model that answers.
    pub trait Gateway as gateway {
        /// Asks the model behind a route and waits for its whole answer. Over HTTP `stream: true` gives the pieces instead.
        #[op(unary POST "/serve/{route}/chat", Read("gateway:use"))]
        async fn chat(&self, ctx: &Ctx, req: ChatRequest) -> Result<ChatCompletion>;

        /// Asks the model behind a route and gives its answer in pieces. The last piece carries the usage. A stream that
        /// ends without an error is the whole answer.
        #[op(stream POST "/serve/{route}/chat/stream", Read("gateway:use"))]
        async fn chat_stream(&self, ctx: &Ctx, req: ChatRequest) -> Result<ChatChunk>;

        /// Says whether a route would be answered now.
        #[op(unary GET "/serve/{route}/health", Read("gateway:read"))]
        async fn get_route_health(&self, ctx: &Ctx, req: GetRouteHealth) -> Result<RouteHealth>;

        /// Lists the routes of the project and who answers them, by name.
        #[op(unary GET "/gateway/routes", Read("gateway:read"))]
        async fn list_routes(&self, ctx: &Ctx, req: ListRoutes) -> Result<Page<GatewayRoute>>;
    }
}
