//! What was deleted and can be brought back for a while.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0028_trash"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id")];
        columns.extend(["project", "kind", "name", "version", "deleted_by"].map(text));
        columns.extend(["files", "deleted_at", "purged_at"].map(big));
        create(m, "trash", columns).await?;
        index(m, "ix_trash_kind", "trash", &["project", "kind", "deleted_at", "id"]).await?;
        index(m, "ix_trash_due", "trash", &["purged_at"]).await?;
        create(m, "trash_contents", vec![key("id"), json("rows"), json("holds")]).await
    }
}
