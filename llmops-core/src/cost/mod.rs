//! What work used and what that costs: a ledger of charges, priced when they are written. Rank 3.
//!
//! Nothing is counted twice. A request is charged its tokens; a training job, an evaluation and an endpoint are charged
//! the CPU time of their processes. By the default prices CPU time costs and the tokens of local models cost nothing,
//! because the CPU time of the endpoint that made them is charged already. An evaluation over an endpoint is charged
//! nothing of its own: its requests are.

mod charge;
mod prices;
mod rows;
mod sql;
#[cfg(test)]
mod tests;
mod types;

pub use charge::{Charge, CostResource, CostUsage};
pub use prices::{PriceTable, PriceVersion, Priced};
pub use sql::SqlCost;
pub use types::*;

use crate::base::{Ctx, Page, Result};
use crate::op::service;

service! {
    /// What work used and what that costs.
    pub trait Cost as cost {
        /// Adds up the project's charges by model, project, day or user.
        #[op(unary GET "/governance/observability/cost-aggregate", Read("cost:read"))]
        async fn get_cost_aggregate(&self, ctx: &Ctx, req: GetCostAggregate) -> Result<CostAggregate>;

        /// Lists the project's charges, newest first. Every filter given must hold.
        #[op(unary GET "/cost/entries", Read("cost:read"))]
        async fn list_cost_entries(&self, ctx: &Ctx, req: ListCostEntries) -> Result<Page<CostEntry>>;

        /// Shows the prices, those in force and those of other times.
        #[op(unary GET "/cost/prices", Read("cost:read"))]
        async fn list_cost_prices(&self, ctx: &Ctx, req: ListCostPrices) -> Result<CostPriceList>;
    }
}
