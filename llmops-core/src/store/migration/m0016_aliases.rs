//! Names for versions of models, and where they pointed before.

use sea_orm_migration::prelude::*;

use super::{big, create, index, key, maybe_text, maybe_uuid, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0016_aliases"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), uuid("model_id"), uuid("move_id"), big("updated_at"), big("revision")];
        columns.extend(["project", "name", "alias"].map(text));
        create(m, "model_aliases", columns).await?;
        index(m, "ux_model_aliases_name", "model_aliases", &["project", "name", "alias"]).await?;
        index(m, "ix_model_aliases_model", "model_aliases", &["model_id"]).await?;
        let mut columns =
            vec![key("id"), uuid("alias_id"), uuid("model_id"), maybe_uuid("replaced"), big("created_at")];
        columns.extend([text("version"), text("moved_by"), maybe_text("notes")]);
        create(m, "model_alias_moves", columns).await?;
        index(m, "ix_model_alias_moves_alias", "model_alias_moves", &["alias_id", "created_at", "id"]).await
    }
}
