//! Training jobs, and the queue for CPU time.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, maybe_big, maybe_text, maybe_uuid, table, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0006_training"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        jobs(m).await?;
        let mut reservations = table("reservations");
        reservations.col(text("owner_kind")).col(uuid("owner_id"));
        for column in ["cpu_millis", "priority", "since"].map(big) {
            reservations.col(column);
        }
        reservations.col(maybe_text("site")).col(maybe_big("held_at"));
        reservations.primary_key(Index::create().col("owner_kind").col("owner_id"));
        m.create_table(reservations).await?;
        index(m, "ix_reservations_site", "reservations", &["site"]).await?;
        let mut sites = table("scheduling_sites");
        sites.col(text("name").primary_key()).col(big("cpu_millis"));
        m.create_table(sites).await
    }
}

async fn jobs(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut columns = vec![key("id"), uuid("dataset_id")];
    columns.extend(["model_id", "run_id", "output_model_id"].map(maybe_uuid));
    columns.extend(
        [
            "project",
            "name",
            "job_type",
            "status",
            "status_reason",
            "output_name",
            "output_version",
            "submitted_by",
            "stage",
        ]
        .map(text),
    );
    columns.extend(["place", "stopping", "data_digest", "data_format"].map(maybe_text));
    columns.extend(["spec", "estimate", "timeline", "seen", "logs"].map(json));
    columns.extend(["progress", "failure"].map(|name| ColumnDef::new(name).json_binary().to_owned()));
    columns
        .extend(["submitted_at", "attempt", "not_before", "events_read", "cpu_before", "cpu_now", "revision"].map(big));
    columns.extend(["started_at", "completed_at", "attempt_at"].map(maybe_big));
    create(m, "training_jobs", columns).await?;
    for (name, column) in [
        ("ix_training_jobs_status", "status"),
        ("ix_training_jobs_type", "job_type"),
        ("ix_training_jobs_model", "model_id"),
        ("ix_training_jobs_dataset", "dataset_id"),
        ("ix_training_jobs_submitter", "submitted_by"),
    ] {
        index(m, name, "training_jobs", &["project", column, "submitted_at", "id"]).await?;
    }
    index(m, "ix_training_jobs_submitted", "training_jobs", &["project", "submitted_at", "id"]).await?;
    index(m, "ix_training_jobs_output", "training_jobs", &["project", "output_name", "output_version"]).await?;
    // What rests leaves these two; `uses_of` looks for the model and the dataset in any project.
    index(m, "ix_training_jobs_stage", "training_jobs", &["stage", "submitted_at"]).await?;
    index(m, "ix_training_jobs_used_model", "training_jobs", &["model_id", "stage"]).await?;
    index(m, "ix_training_jobs_used_data", "training_jobs", &["dataset_id", "submitted_at"]).await
}
