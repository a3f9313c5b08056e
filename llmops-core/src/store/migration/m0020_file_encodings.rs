//! What files of datasets were written in when they came.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0020_file_encodings"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let encoding = ColumnDef::new("encoding").json_binary().to_owned();
        m.alter_table(Table::alter().table("dataset_files").add_column(encoding).to_owned()).await
    }
}
