//! Models that go to other people's registries.

use sea_orm_migration::prelude::*;

use super::{big, create, index, key, maybe_text, maybe_uuid, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0027_model_exports"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let error = ColumnDef::new("error").json_binary().to_owned();
        let mut columns =
            vec![key("id"), uuid("model_id"), error, maybe_uuid("credential_id"), maybe_text("commit_id")];
        columns.extend(["private", "prune"].map(|name| ColumnDef::new(name).boolean().not_null().to_owned()));
        let texts =
            ["project", "state", "registry", "base_url", "repo", "revision", "message", "name", "version", "digest"];
        columns.extend(texts.map(text));
        columns.push(text("created_by"));
        columns.extend(["files", "sent_files", "bytes", "sent_bytes", "commits"].map(big));
        columns.extend(["failures", "created_at", "updated_at"].map(big));
        create(m, "model_exports", columns).await?;
        index(m, "ix_model_exports_project", "model_exports", &["project", "created_at", "id"]).await?;
        index(m, "ix_model_exports_state", "model_exports", &["project", "state", "created_at", "id"]).await?;
        index(m, "ix_model_exports_open", "model_exports", &["state", "created_at"]).await?;
        index(m, "ix_model_exports_model", "model_exports", &["model_id", "created_at", "id"]).await
    }
}
