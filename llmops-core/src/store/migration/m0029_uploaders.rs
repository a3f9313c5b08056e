//! Who brought a file: nobody reviews what he brought.

use sea_orm_migration::prelude::*;

use super::maybe_text;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0029_uploaders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in ["model_files", "dataset_files"] {
            let column = maybe_text("uploaded_by");
            m.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
