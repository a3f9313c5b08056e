//! Routes are taken within a project.

use sea_orm_migration::prelude::*;

use super::index;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0015_routes_by_project"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.drop_index(Index::drop().name("ux_endpoints_route").table("endpoints").to_owned()).await?;
        index(m, "ux_endpoints_route_by_project", "endpoints", &["project", "environment", "route"]).await
    }
}
