//! Contamination checks, and what they found of some bytes in others.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, maybe_big, maybe_text, maybe_uuid, table, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0025_contamination"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let checks = "contamination_checks";
        let mut columns = vec![key("id"), uuid("dataset_id"), maybe_text("error"), maybe_big("finished_at")];
        columns.extend(["project", "digest", "state", "created_by"].map(text));
        columns.extend(["sources", "method", "rules"].map(json));
        columns.extend(["model", "report"].map(|name| ColumnDef::new(name).json_binary().to_owned()));
        columns.extend(["rows_read", "bytes_read", "bytes_total", "created_at"].map(big));
        create(m, checks, columns).await?;
        index(m, "ix_contamination_checks_dataset", checks, &["dataset_id", "created_at", "id"]).await?;
        index(m, "ix_contamination_checks_open", checks, &["finished_at", "created_at"]).await?;
        index(m, "ix_contamination_checks_project", checks, &["project", "finished_at"]).await?;

        let mut sources = table("contamination_sources");
        sources.col(uuid("check_id")).col(uuid("dataset_id"));
        sources.primary_key(Index::create().col("check_id").col("dataset_id"));
        m.create_table(sources).await?;
        index(m, "ix_contamination_sources_dataset", "contamination_sources", &["dataset_id"]).await?;
        create(m, "contamination_samples", vec![key("check_id"), json("samples")]).await?;

        let overlaps = "dataset_overlaps";
        let mut columns = vec![key("id"), uuid("dataset_id"), maybe_uuid("check_id")];
        columns.extend(["project", "digest", "source_digest", "source"].map(text));
        columns.extend(["rows", "affected", "found_at"].map(big));
        create(m, overlaps, columns).await?;
        index(m, "ux_dataset_overlaps_bytes", overlaps, &["project", "digest", "source_digest"]).await?;
        index(m, "ix_dataset_overlaps_check", overlaps, &["check_id"]).await
    }
}
