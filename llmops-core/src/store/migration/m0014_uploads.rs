//! Files of models that come in parts.

use sea_orm_migration::prelude::*;

use super::{big, create, index, key, maybe_text, table, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0014_uploads"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let replace = ColumnDef::new("replace").boolean().not_null().to_owned();
        let mut columns = vec![key("id"), uuid("model_id"), replace];
        columns.extend(["project", "path", "state", "created_by"].map(text));
        columns.extend(["sha256", "session", "error", "completed_by"].map(maybe_text));
        columns.extend(["bytes", "part_bytes", "created_at", "updated_at"].map(big));
        create(m, "model_uploads", columns).await?;
        index(m, "ix_model_uploads_model", "model_uploads", &["model_id", "created_at", "id"]).await?;
        index(m, "ix_model_uploads_updated", "model_uploads", &["state", "updated_at"]).await?;
        let mut parts = table("model_upload_parts");
        let checked = ColumnDef::new("checked").boolean().not_null().to_owned();
        for column in [uuid("upload_id"), big("number"), big("bytes"), text("sha256"), text("tag"), checked] {
            parts.col(column);
        }
        parts.primary_key(Index::create().col("upload_id").col("number"));
        m.create_table(parts).await
    }
}
