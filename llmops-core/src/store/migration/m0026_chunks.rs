//! Files that are kept as chunks, some of which other files have too.

use sea_orm_migration::prelude::*;

use super::{big, create, index, maybe_text, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0026_chunks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let digest = ColumnDef::new("digest").text().not_null().primary_key().to_owned();
        let flag = |name: &'static str| ColumnDef::new(name).boolean().not_null().to_owned();
        let mut columns = vec![digest, text("manifest"), maybe_text("pack"), big("bytes"), big("created_at")];
        columns.extend(["whole", "aside"].map(flag));
        create(m, "blob_chunks", columns).await?;
        index(m, "ix_blob_chunks_pack", "blob_chunks", &["pack"]).await?;
        let stored = ColumnDef::new("stored_bytes").big_integer().to_owned();
        m.alter_table(Table::alter().table("datasets").add_column(stored).to_owned()).await?;
        index(m, "ix_datasets_stored", "datasets", &["stored_bytes", "updated_at", "id"]).await?;
        index(m, "ix_datasets_versions", "datasets", &["project", "name", "created_at", "id"]).await
    }
}
