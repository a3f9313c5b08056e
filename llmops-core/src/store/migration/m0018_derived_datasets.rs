//! Comparisons of dataset versions, and datasets made from others.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, maybe_big, maybe_text, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0018_derived_datasets"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), uuid("a_id"), uuid("b_id"), json("keys"), maybe_text("error")];
        columns.extend(["project", "about", "a_digest", "b_digest", "state"].map(text));
        columns.extend(["rows_read", "bytes_read", "bytes_total", "created_at"].map(big));
        columns.push(ColumnDef::new("report").json_binary().to_owned());
        columns.push(maybe_big("finished_at"));
        create(m, "dataset_comparisons", columns).await?;
        index(m, "ux_dataset_comparisons_about", "dataset_comparisons", &["project", "about"]).await?;
        index(m, "ix_dataset_comparisons_age", "dataset_comparisons", &["project", "created_at"]).await?;
        index(m, "ix_dataset_comparisons_state", "dataset_comparisons", &["state", "created_at"]).await?;
        index(m, "ix_dataset_comparisons_a", "dataset_comparisons", &["a_id"]).await?;
        index(m, "ix_dataset_comparisons_b", "dataset_comparisons", &["b_id"]).await?;

        let mut columns = vec![key("id"), uuid("source_id"), json("operation"), json("outputs")];
        columns.extend(["project", "source_digest", "state", "created_by"].map(text));
        columns.extend(["change_log", "error"].map(maybe_text));
        columns.extend(["rows_read", "bytes_read", "bytes_total", "created_at"].map(big));
        columns.push(maybe_big("finished_at"));
        create(m, "dataset_derivations", columns).await?;
        index(m, "ix_dataset_derivations_source", "dataset_derivations", &["source_id", "created_at", "id"]).await?;
        index(m, "ix_dataset_derivations_state", "dataset_derivations", &["state", "created_at"]).await?;
        let origin = ColumnDef::new("derived_from").json_binary().to_owned();
        m.alter_table(Table::alter().table("datasets").add_column(origin).to_owned()).await
    }
}
