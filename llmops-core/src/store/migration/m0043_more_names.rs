//! Jobs, evaluations and endpoints by any part of their names.

use sea_orm_migration::prelude::*;

use super::super::fragments::Named;
use super::m0039_fragments::fill;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0043_more_names"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        fill(m, Named::Jobs, ("training_jobs", "name")).await?;
        fill(m, Named::Evaluations, ("evaluation_runs", "name")).await?;
        fill(m, Named::Endpoints, ("endpoints", "route")).await
    }
}
