//! Counts of tokens, by dataset and tokenizer.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, maybe_big, maybe_text, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0032_token_counts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let counts = "token_counts";
        let mut columns = vec![key("id"), uuid("dataset_id"), maybe_text("error"), maybe_big("finished_at")];
        columns.extend(["project", "digest", "state", "created_by"].map(text));
        columns.extend(["tokenizer", "columns"].map(json));
        columns.push(ColumnDef::new("report").json_binary().to_owned());
        columns.extend(["rows_read", "bytes_read", "bytes_total", "created_at"].map(big));
        create(m, counts, columns).await?;
        index(m, "ix_token_counts_dataset", counts, &["dataset_id", "created_at", "id"]).await?;
        index(m, "ix_token_counts_open", counts, &["finished_at", "created_at"]).await?;
        index(m, "ix_token_counts_project", counts, &["project", "finished_at"]).await
    }
}
