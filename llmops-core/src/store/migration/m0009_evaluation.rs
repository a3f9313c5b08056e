//! Evaluations and their samples.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, maybe_big, maybe_double, maybe_text, maybe_uuid, table, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0009_evaluation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let stopping = ColumnDef::new("stopping").boolean().not_null().to_owned();
        let cost = ColumnDef::new("cost").json_binary().to_owned();
        let mut columns =
            vec![key("id"), uuid("model_id"), maybe_uuid("endpoint_id"), uuid("dataset_id"), stopping, cost];
        columns.extend(["project", "name", "dataset", "dataset_digest", "form", "status", "status_reason"].map(text));
        columns.extend(["stage", "fault", "run_by"].map(text));
        columns.extend(["data_digest", "place"].map(maybe_text));
        columns.extend(["target", "spec", "scores"].map(json));
        columns.extend(["attempt", "events_read", "setbacks", "total", "done", "failed"].map(big));
        columns.extend(["cpu_millis", "created_at", "revision"].map(big));
        columns.extend(["started_at", "completed_at"].map(maybe_big));
        create(m, "evaluation_runs", columns).await?;
        index(m, "ix_evaluation_runs_created", "evaluation_runs", &["project", "created_at", "id"]).await?;
        for (name, column) in [
            ("ix_evaluation_runs_model", "model_id"),
            ("ix_evaluation_runs_endpoint", "endpoint_id"),
            ("ix_evaluation_runs_dataset", "dataset_id"),
            ("ix_evaluation_runs_status", "status"),
            ("ix_evaluation_runs_user", "run_by"),
        ] {
            index(m, name, "evaluation_runs", &["project", column, "created_at", "id"]).await?;
        }
        index(m, "ix_evaluation_runs_stage", "evaluation_runs", &["stage", "created_at"]).await?;
        samples(m).await
    }
}

async fn samples(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut samples = table("evaluation_samples");
    samples.col(uuid("run_id")).col(text("prompt"));
    for column in ["number", "prompt_tokens", "completion_tokens", "log_tokens", "log_bytes"].map(big) {
        samples.col(column);
    }
    for column in ["reference", "prediction", "finish_reason", "error"].map(maybe_text) {
        samples.col(column);
    }
    for column in ["ms", "log_prob"].map(maybe_double) {
        samples.col(column);
    }
    for column in ["scores", "sums"].map(json) {
        samples.col(column);
    }
    samples.primary_key(Index::create().col("run_id").col("number"));
    m.create_table(samples).await
}
