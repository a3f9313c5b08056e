//! What was deleted for good, and what became of its bytes; and what comparisons counted, apart from their long reports.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use super::{big, create, index, key, maybe_big, maybe_text, table, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0037_deletions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id")];
        columns.extend(["project", "kind", "name", "version", "deleted_by"].map(text));
        columns.extend(["deleted_at", "files", "waiting", "freed_bytes", "kept_bytes", "failures"].map(big));
        columns.extend([maybe_text("error"), maybe_big("cleaned_at")]);
        create(m, "deletions", columns).await?;
        index(m, "ix_deletions_kind", "deletions", &["project", "kind", "deleted_at", "id"]).await?;
        let mut waiting = table("deletion_blobs");
        waiting.col(uuid("deletion_id")).col(text("digest")).col(big("bytes"));
        waiting.primary_key(Index::create().col("deletion_id").col("digest"));
        m.create_table(waiting).await?;
        counts(m).await
    }
}

async fn counts(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in ["added", "removed", "modified"].map(maybe_big) {
        m.alter_table(Table::alter().table("dataset_comparisons").add_column(column).to_owned()).await?;
    }
    let fill = match m.get_database_backend() {
        DbBackend::Postgres => {
            "UPDATE dataset_comparisons SET added = (report ->> 'added')::bigint, removed = (report ->> 'removed')::bigint, \
             modified = (report ->> 'modified')::bigint WHERE report IS NOT NULL"
        }
        _ => {
            "UPDATE dataset_comparisons SET added = json_extract(report, '$.added'), \
             removed = json_extract(report, '$.removed'), modified = json_extract(report, '$.modified') \
             WHERE report IS NOT NULL"
        }
    };
    m.get_connection().execute_unprepared(fill).await.map(drop)
}
