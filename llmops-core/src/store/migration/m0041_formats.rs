//! Tokenizers and lists of shards have formats of their own, so that a commit takes the bytes of those that are there. They are
//! not read again: which shards a list names is not known of one that came before.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0041_formats"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (format, pattern) in
            [("tokenizer_json", "%/tokenizer.json"), ("safetensors_index", "%.safetensors.index.json")]
        {
            // A path begins where a folder could stand before it.
            let named = format!(
                "UPDATE model_files SET format = '{format}' WHERE format = 'json' AND '/' || path LIKE '{pattern}'"
            );
            m.get_connection().execute_unprepared(&named).await?;
        }
        Ok(())
    }
}
