//! Indexes for each filter of each list, in the order of the list; what models learned from, to be asked the other way.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use super::{index, table, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0030_lists"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (name, column) in
            [("ix_models_version", "version"), ("ix_models_named", "name"), ("ix_models_digest", "digest")]
        {
            index(m, name, "models", &["project", column, "created_at", "id"]).await?;
        }
        for (name, column) in [("ix_datasets_named", "name"), ("ix_datasets_digest", "digest")] {
            index(m, name, "datasets", &["project", column, "created_at", "id"]).await?;
        }
        for (name, column) in
            [("ix_runs_status", "status"), ("ix_runs_named", "name"), ("ix_runs_author", "created_by")]
        {
            index(m, name, "runs", &["project", column, "started_at", "id"]).await?;
        }
        // What is under way, and what a model came out of.
        let derivations = "dataset_derivations";
        index(m, "ix_dataset_derivations_open", derivations, &["finished_at", "created_at"]).await?;
        index(m, "ix_dataset_derivations_project", derivations, &["project", "finished_at"]).await?;
        index(m, "ix_training_jobs_made", "training_jobs", &["output_model_id", "stage"]).await?;
        audit(m).await?;
        learned(m).await
    }
}

/// The log is one chain over all projects, and each sees its own part: without the project in front, that of a small one is
/// looked for among the entries of all others.
async fn audit(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    for old in ["actor", "action", "resource", "result", "at"] {
        m.drop_index(Index::drop().name(format!("ix_audit_{old}")).table("audit_log").to_owned()).await?;
    }
    index(m, "ix_audit_project", "audit_log", &["project", "seq"]).await?;
    for (name, column) in [
        ("ix_audit_project_actor", "actor"),
        ("ix_audit_project_action", "action"),
        ("ix_audit_project_type", "resource_type"),
        ("ix_audit_project_thing", "resource_id"),
        ("ix_audit_project_result", "result"),
        ("ix_audit_project_at", "at"),
    ] {
        index(m, name, "audit_log", &["project", column, "seq"]).await?;
    }
    Ok(())
}

/// Which models learned from a dataset. Models have had it in their lineage, as JSON.
async fn learned(m: &SchemaManager<'_>) -> Result<(), DbErr> {
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
