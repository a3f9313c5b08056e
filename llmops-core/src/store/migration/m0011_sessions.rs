//! Sessions and sign-in links.

use sea_orm_migration::prelude::*;

use super::{big, create, index, key, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0011_sessions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), uuid("key_id")];
        columns.extend(["created_at", "expires_at", "ends_at"].map(big));
        columns.extend(["kind", "project", "name", "roles", "hash"].map(text));
        create(m, "sessions", columns).await?;
        index(m, "ux_sessions_hash", "sessions", &["hash"]).await?;
        index(m, "ix_sessions_key", "sessions", &["key_id"]).await?;
        index(m, "ix_sessions_expiry", "sessions", &["expires_at"]).await
    }
}
