//! Which models learned from a dataset. Models have had it in their lineage, as JSON, where it cannot be asked the other way.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use super::{index, table, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0031_learned"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut datasets = table("model_datasets");
        datasets.col(uuid("model_id")).col(uuid("dataset_id")).col(text("project"));
        datasets.primary_key(Index::create().col("model_id").col("dataset_id"));
        m.create_table(datasets).await?;
        index(m, "ix_model_datasets_dataset", "model_datasets", &["project", "dataset_id", "model_id"]).await?;
        let fill = match m.get_database_backend() {
            DbBackend::Postgres => {
                "INSERT INTO model_datasets (model_id, dataset_id, project) SELECT DISTINCT models.id, learned::uuid, project \
                 FROM models CROSS JOIN LATERAL jsonb_array_elements_text(lineage -> 'datasetIds') AS learned"
            }
            _ => {
                "INSERT INTO model_datasets (model_id, dataset_id, project) \
                 SELECT DISTINCT models.id, unhex(replace(learned.value, '-', '')), project \
                 FROM models CROSS JOIN json_each(models.lineage, '$.datasetIds') AS learned"
            }
        };
        m.get_connection().execute_unprepared(fill).await?;
        Ok(())
    }
}
