//! What projects search their datasets for.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0022_pii_policies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let written = || vec![json("body"), big("version"), text("created_by"), big("created_at")];
        let mut columns = vec![key("id"), text("project"), text("name")];
        columns.extend(written());
        create(m, "pii_policies", columns).await?;
        index(m, "ux_pii_policies_name", "pii_policies", &["project", "name"]).await?;
        let mut columns = vec![key("id"), uuid("policy_id")];
        columns.extend(written());
        create(m, "pii_policy_versions", columns).await?;
        index(m, "ux_pii_policy_versions", "pii_policy_versions", &["policy_id", "version"]).await
    }
}
