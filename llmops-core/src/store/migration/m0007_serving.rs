//! Endpoints and their revisions.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, maybe_big, maybe_text, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0007_serving"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let at_rest = ColumnDef::new("at_rest").boolean().not_null().to_owned();
        let mut columns = vec![key("id"), uuid("model_id"), maybe_text("rollback_plan"), at_rest];
        columns.extend(
            ["project", "environment", "route", "status", "status_reason", "wanted", "place", "created_by"].map(text),
        );
        columns
            .extend(["min_replicas", "active_revision", "target_revision", "last_revision", "incarnations"].map(big));
        columns.extend(["created_at", "updated_at", "edition"].map(big));
        columns.extend(["replicas", "history"].map(json));
        columns.push(maybe_big("previous_revision"));
        create(m, "endpoints", columns).await?;
        index(m, "ux_endpoints_route", "endpoints", &["environment", "route"]).await?;
        for (name, column) in [
            ("ix_endpoints_environment", "environment"),
            ("ix_endpoints_status", "status"),
            ("ix_endpoints_model", "model_id"),
        ] {
            index(m, name, "endpoints", &["project", column, "created_at", "id"]).await?;
        }
        index(m, "ix_endpoints_created", "endpoints", &["project", "created_at", "id"]).await?;
        index(m, "ix_endpoints_due", "endpoints", &["at_rest", "created_at"]).await?;

        let mut columns = vec![key("id"), uuid("endpoint_id"), uuid("model_id"), json("limits"), json("plan")];
        columns.extend(["model_name", "model_version", "created_by"].map(text));
        columns.extend(["number", "created_at"].map(big));
        create(m, "endpoint_revisions", columns).await?;
        index(m, "ux_endpoint_revisions_number", "endpoint_revisions", &["endpoint_id", "number"]).await?;
        index(m, "ix_endpoint_revisions_model", "endpoint_revisions", &["model_id"]).await
    }
}
