//! What was found in files of models that may run code.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0019_file_scans"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let scan = ColumnDef::new("scan").json_binary().to_owned();
        m.alter_table(Table::alter().table("model_files").add_column(scan).to_owned()).await
    }
}
