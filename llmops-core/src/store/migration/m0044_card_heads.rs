//! A card is written as it came: in its order, with its fields without a value, its names and its remarks.

use sea_orm_migration::prelude::*;

use super::text;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0044_card_heads"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let head = text("head").default("").to_owned();
        m.alter_table(Table::alter().table("dataset_cards").add_column(head).to_owned()).await
    }
}
