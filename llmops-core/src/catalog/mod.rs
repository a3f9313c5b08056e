//! What exists: models, their versions and where they came from. Rank 3.

mod rows;
mod sql;
mod status;
#[cfg(test)]
mod tests;
mod types;

pub use sql::SqlCatalog;
pub use types::*;

use crate::base::{Ctx, Page, Result};
use crate::op::service;

service! {
    /// What exists: models, their versions and where they came from.
    pub trait Catalog as catalog {
        /// Registers a model version as a draft.
        #[op(unary POST "/catalog/models", Write("catalog:create"))]
        async fn create_model(&self, ctx: &Ctx, req: CreateModel) -> Result<Model>;

        /// Lists models, newest first unless asked otherwise.
        #[op(unary GET "/catalog/models", Read("catalog:read"))]
        async fn list_models(&self, ctx: &Ctx, req: ListModels) -> Result<Page<Model>>;

        /// Reads one model.
        #[op(unary GET "/catalog/models/{modelId}", Read("catalog:read"))]
        async fn get_model(&self, ctx: &Ctx, req: GetModel) -> Result<Model>;
    }
}
