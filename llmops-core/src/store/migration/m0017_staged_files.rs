//! Bytes that were sent for a model's files before it is said which files they are.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0017_staged_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), json("refusals"), json("scans"), big("bytes"), big("created_at")];
        columns.extend(["project", "name", "created_by", "sha256"].map(text));
        create(m, "staged_model_files", columns).await?;
        let whose = ["project", "name", "created_by", "sha256"];
        index(m, "ux_staged_model_files", "staged_model_files", &whose).await?;
        index(m, "ix_staged_model_files_created", "staged_model_files", &["created_at"]).await
    }
}
