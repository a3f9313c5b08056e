//! Where a validation wrote down how far it is.

use sea_orm_migration::prelude::*;

use super::maybe_text;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0033_checkpoints"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = maybe_text("checkpoint");
        m.alter_table(Table::alter().table("dataset_validations").add_column(column).to_owned()).await
    }
}
