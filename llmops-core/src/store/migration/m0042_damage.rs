//! Which files were found to be gone or others than they were, and which bytes.

use sea_orm_migration::prelude::*;

use super::{big, create, maybe_big};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0042_damage"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let found = maybe_big("damaged_at");
        m.alter_table(Table::alter().table("model_files").add_column(found).to_owned()).await?;
        let digest = ColumnDef::new("digest").text().not_null().primary_key().to_owned();
        create(m, "damaged_blobs", vec![digest, big("found_at")]).await
    }
}
