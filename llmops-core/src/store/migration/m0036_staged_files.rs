//! Bytes that wait for a commit are of datasets as well as of models: they say what they are for and, where their sender knows it,
//! the path that they were read as.

use sea_orm_migration::prelude::*;

use super::{index, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0036_staged_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        const TABLE: &str = "staged_files";
        m.rename_table(Table::rename().table("staged_model_files", TABLE).to_owned()).await?;
        for old in ["ux_staged_model_files", "ix_staged_model_files_created"] {
            m.drop_index(Index::drop().name(old).table(TABLE).to_owned()).await?;
        }
        let kind = text("kind").default("model").to_owned();
        let path = text("path").default("").to_owned();
        let kept = text("kept").default("").to_owned();
        let told = ColumnDef::new("told").json_binary().not_null().default("{}").to_owned();
        for column in [kind, path, kept, told] {
            m.alter_table(Table::alter().table(TABLE).add_column(column).to_owned()).await?;
        }
        for gone in ["refusals", "scans"] {
            m.alter_table(Table::alter().table(TABLE).drop_column(gone).to_owned()).await?;
        }
        // What waits has a day at most: it is forgotten at once, and whoever wants it sends it again.
        m.get_connection().execute_unprepared("UPDATE staged_files SET created_at = 0, kept = sha256").await?;
        let whose = ["kind", "project", "name", "created_by", "sha256", "path"];
        index(m, "ux_staged_files", TABLE, &whose).await?;
        index(m, "ix_staged_files_created", TABLE, &["created_at"]).await
    }
}
