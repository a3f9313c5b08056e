//! API keys.

use sea_orm_migration::prelude::*;

use super::{big, create, index, key, maybe_big, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0002_governance"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), maybe_big("expires_at"), maybe_big("revoked_at"), big("created_at")];
        columns.extend(["project", "name", "prefix", "hash", "roles", "created_by"].map(text));
        create(m, "api_keys", columns).await?;
        index(m, "ux_api_keys_hash", "api_keys", &["hash"]).await?;
        index(m, "ix_api_keys_project", "api_keys", &["project", "created_at", "id"]).await
    }
}
