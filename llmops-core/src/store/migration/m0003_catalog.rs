//! Models, their tags, files and reviews.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, maybe_text, maybe_uuid, table, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0003_catalog"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), maybe_text("owner_team"), maybe_text("digest"), maybe_uuid("parent_id")];
        columns.extend(["project", "name", "version", "model_type", "model_family", "status", "created_by"].map(text));
        columns.extend(["metadata", "lineage", "evaluation_summary"].map(json));
        columns.extend(["created_at", "updated_at", "revision"].map(big));
        create(m, "models", columns).await?;
        index(m, "ux_models_name", "models", &["project", "name", "version", "model_type"]).await?;
        for (name, column) in [
            ("ix_models_type", "model_type"),
            ("ix_models_status", "status"),
            ("ix_models_team", "owner_team"),
            ("ix_models_family", "model_family"),
        ] {
            index(m, name, "models", &["project", column, "created_at", "id"]).await?;
        }
        for (name, column) in
            [("ix_models_created", "created_at"), ("ix_models_updated", "updated_at"), ("ix_models_by_name", "name")]
        {
            index(m, name, "models", &["project", column, "id"]).await?;
        }
        let mut tags = table("model_tags");
        tags.col(uuid("model_id")).col(text("tag")).primary_key(Index::create().col("tag").col("model_id"));
        m.create_table(tags).await?;
        index(m, "ix_model_tags_model", "model_tags", &["model_id"]).await?;
        index(m, "ix_models_parent", "models", &["parent_id"]).await?;
        files(m).await
    }
}

async fn files(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut columns = vec![key("id"), uuid("model_id"), big("bytes"), big("created_at")];
    columns.extend(["path", "path_key", "sha256", "format", "state"].map(text));
    create(m, "model_files", columns).await?;
    index(m, "ux_model_files_path", "model_files", &["model_id", "path_key"]).await?;
    index(m, "ix_model_files_order", "model_files", &["model_id", "path", "id"]).await?;
    let mut columns = vec![key("id"), uuid("model_id"), maybe_text("notes"), maybe_text("digest"), big("created_at")];
    columns.extend(["decision", "reviewer"].map(text));
    create(m, "model_reviews", columns).await?;
    index(m, "ix_model_reviews_model", "model_reviews", &["model_id", "created_at", "id"]).await
}
