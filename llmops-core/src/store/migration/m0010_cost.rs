//! The ledger of costs.

use sea_orm_migration::prelude::*;

use super::{big, create, index, key, maybe_big, maybe_text, maybe_uuid, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0010_cost"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), maybe_uuid("model_id"), maybe_text("model"), maybe_big("amount_nanos")];
        columns.extend(
            ["charge_key", "project", "resource", "resource_id", "actor", "price_version", "currency", "day"].map(text),
        );
        columns.extend(["input_tokens", "cached_input_tokens", "output_tokens", "cpu_millis", "at"].map(big));
        create(m, "cost_entries", columns).await?;
        index(m, "ux_cost_entries_key", "cost_entries", &["charge_key"]).await?;
        index(m, "ix_cost_entries_at", "cost_entries", &["project", "at", "id"]).await?;
        for (name, column) in [
            ("ix_cost_entries_resource", "resource"),
            ("ix_cost_entries_resource_id", "resource_id"),
            ("ix_cost_entries_model_id", "model_id"),
            ("ix_cost_entries_model", "model"),
            ("ix_cost_entries_actor", "actor"),
        ] {
            index(m, name, "cost_entries", &["project", column, "at", "id"]).await?;
        }
        Ok(())
    }
}
