//! Datasets, their files, row indexes, validations and reviews.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, maybe_big, maybe_double, maybe_text, maybe_uuid, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0004_datasets"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), maybe_uuid("parent_id"), maybe_double("quality_score")];
        columns.extend(
            ["project", "name", "version", "dataset_type", "status", "pii_scan_status", "created_by"].map(text),
        );
        columns.extend(
            ["owner_team", "change_log", "digest", "format", "validation_state", "approved_by"].map(maybe_text),
        );
        columns.extend(["schema", "columns"].map(json));
        columns.extend(["rows", "bytes", "created_at", "updated_at", "revision"].map(big));
        columns.push(maybe_big("approved_at"));
        create(m, "datasets", columns).await?;
        index(m, "ux_datasets_name", "datasets", &["project", "name", "version"]).await?;
        for (name, column) in [
            ("ix_datasets_type", "dataset_type"),
            ("ix_datasets_status", "status"),
            ("ix_datasets_team", "owner_team"),
            ("ix_datasets_pii", "pii_scan_status"),
            ("ix_datasets_version", "version"),
        ] {
            index(m, name, "datasets", &["project", column, "created_at", "id"]).await?;
        }
        for (name, column) in [
            ("ix_datasets_created", "created_at"),
            ("ix_datasets_updated", "updated_at"),
            ("ix_datasets_by_name", "name"),
            ("ix_datasets_quality", "quality_score"),
        ] {
            index(m, name, "datasets", &["project", column, "id"]).await?;
        }
        index(m, "ix_datasets_parent", "datasets", &["parent_id"]).await?;
        files(m).await?;
        judgements(m).await
    }
}

async fn files(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let header = ColumnDef::new("header").boolean().not_null().to_owned();
    let mut columns = vec![key("id"), uuid("dataset_id"), maybe_text("delimiter"), header, json("schema")];
    columns.extend(["path", "path_key", "sha256", "format"].map(text));
    columns.extend(["bytes", "rows", "bad_rows", "created_at"].map(big));
    create(m, "dataset_files", columns).await?;
    index(m, "ux_dataset_files_path", "dataset_files", &["dataset_id", "path_key"]).await?;
    index(m, "ix_dataset_files_order", "dataset_files", &["dataset_id", "path", "id"]).await?;
    create(m, "dataset_indexes", vec![key("file_id"), json("row_index")]).await
}

async fn judgements(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let report = ColumnDef::new("report").json_binary().to_owned();
    let mut columns = vec![key("id"), uuid("dataset_id"), json("rules"), report, maybe_text("error")];
    columns.extend(["state", "digest", "created_by"].map(text));
    columns.extend(["rows_read", "bytes_read", "bytes_total", "created_at"].map(big));
    columns.push(maybe_big("finished_at"));
    create(m, "dataset_validations", columns).await?;
    index(m, "ix_dataset_validations_dataset", "dataset_validations", &["dataset_id", "created_at", "id"]).await?;
    index(m, "ix_dataset_validations_state", "dataset_validations", &["state", "created_at"]).await?;
    let mut columns = vec![key("id"), uuid("dataset_id"), maybe_text("notes"), maybe_text("digest"), big("created_at")];
    columns.extend(["decision", "reviewer"].map(text));
    create(m, "dataset_reviews", columns).await?;
    index(m, "ix_dataset_reviews_dataset", "dataset_reviews", &["dataset_id", "created_at", "id"]).await
}
