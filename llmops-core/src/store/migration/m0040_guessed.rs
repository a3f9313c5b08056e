//! What of a table's form was found out when its file came.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0040_guessed"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut guessed = ColumnDef::new("guessed");
        m.alter_table(Table::alter().table("dataset_files").add_column(guessed.json_binary()).to_owned()).await
    }
}
