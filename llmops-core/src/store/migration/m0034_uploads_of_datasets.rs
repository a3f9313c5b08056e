//! Files of datasets come in parts as well as those of models: their uploads say whose they are.

use sea_orm_migration::prelude::*;

use super::{index, maybe_text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0034_uploads_of_datasets"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (old, new) in [("model_uploads", "uploads"), ("model_upload_parts", "upload_parts")] {
            m.rename_table(Table::rename().table(old, new).to_owned()).await?;
        }
        let kind = ColumnDef::new("kind").text().not_null().default("model").to_owned();
        let told = ColumnDef::new("told").json_binary().to_owned();
        for column in [kind, told, maybe_text("kept_as")] {
            m.alter_table(Table::alter().table("uploads").add_column(column).to_owned()).await?;
        }
        m.alter_table(Table::alter().table("uploads").rename_column("model_id", "owner_id").to_owned()).await?;
        for old in ["ix_model_uploads_model", "ix_model_uploads_updated"] {
            m.drop_index(Index::drop().name(old).table("uploads").to_owned()).await?;
        }
        index(m, "ix_uploads_owner", "uploads", &["owner_id", "created_at", "id"]).await?;
        index(m, "ix_uploads_updated", "uploads", &["kind", "state", "updated_at"]).await
    }
}
