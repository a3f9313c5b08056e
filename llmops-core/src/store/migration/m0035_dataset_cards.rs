//! Datasets have cards, as models do: fields and tags on the record, and the text apart, since lists do not read it.

use sea_orm_migration::prelude::*;

use super::{create, key, maybe_text, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0035_dataset_cards"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let metadata = ColumnDef::new("metadata").json_binary().not_null().default("{}").to_owned();
        let tags = ColumnDef::new("tags").json_binary().not_null().default("[]").to_owned();
        for column in [metadata, tags, maybe_text("card_digest")] {
            m.alter_table(Table::alter().table("datasets").add_column(column).to_owned()).await?;
        }
        create(m, "dataset_cards", vec![key("dataset_id"), text("text")]).await
    }
}
