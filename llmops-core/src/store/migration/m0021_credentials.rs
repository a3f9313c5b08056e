//! Keys to other people's services, sealed.

use sea_orm_migration::prelude::*;

use super::{big, create, index, key, maybe_text, maybe_uuid, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0021_credentials"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), maybe_text("ending"), maybe_uuid("model_id"), big("created_at")];
        columns.extend(["project", "name", "origin", "master_key", "sealed", "created_by"].map(text));
        create(m, "credentials", columns).await?;
        index(m, "ix_credentials_project", "credentials", &["project", "created_at", "id"]).await?;
        index(m, "ix_credentials_model", "credentials", &["model_id"]).await?;
        index(m, "ix_credentials_master_key", "credentials", &["master_key", "id"]).await
    }
}
