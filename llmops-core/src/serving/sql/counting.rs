//! How many endpoints there are.

use sea_orm::EntityTrait;

use super::super::EndpointStatus;
use super::super::rows::endpoint;
use super::SqlServing;
use crate::base::{Ctx, Result};
use crate::store::count;

impl SqlServing {
    /// How many endpoints there are of each status, in all projects.
    pub async fn endpoints_by_status(&self, ctx: &Ctx) -> Result<Vec<(&'static str, u64)>> {
        let counted = count::by(&self.store, ctx, endpoint::Entity::find(), endpoint::Column::Status).await?;
        let of = |status: &str| counted.iter().find(|(name, _)| name == status).map_or(0, |(_, rows)| *rows);
        Ok(EndpointStatus::ALL.iter().map(|status| (status.name(), of(status.name()))).collect())
    }
}
