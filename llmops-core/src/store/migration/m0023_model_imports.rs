//! Models that come from other people's registries.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, maybe_text, maybe_uuid, table, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0023_model_imports"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let error = ColumnDef::new("error").json_binary().to_owned();
        let mut columns = vec![key("id"), json("choice"), json("skipped"), error];
        columns.extend(
            ["project", "state", "registry", "base_url", "repo", "revision", "name", "version", "created_by"].map(text),
        );
        columns.extend(["commit_id", "model_family", "owner_team"].map(maybe_text));
        columns.extend(["credential_id", "model_id"].map(maybe_uuid));
        columns.extend(["files", "received_files", "bytes", "received_bytes"].map(big));
        columns.extend(["failures", "created_at", "updated_at"].map(big));
        create(m, "model_imports", columns).await?;
        index(m, "ix_model_imports_project", "model_imports", &["project", "created_at", "id"]).await?;
        index(m, "ix_model_imports_state", "model_imports", &["project", "state", "created_at", "id"]).await?;
        index(m, "ix_model_imports_open", "model_imports", &["state", "created_at"]).await?;
        index(m, "ix_model_imports_model", "model_imports", &["model_id", "created_at", "id"]).await?;
        let mut files = table("model_import_files");
        let done = ColumnDef::new("done").boolean().not_null().to_owned();
        let columns = [uuid("import_id"), big("position"), text("path"), big("bytes"), maybe_uuid("upload_id"), done];
        for column in columns.into_iter().chain(["sha256", "blob_id"].map(maybe_text)) {
            files.col(column);
        }
        files.primary_key(Index::create().col("import_id").col("position"));
        m.create_table(files).await
    }
}
