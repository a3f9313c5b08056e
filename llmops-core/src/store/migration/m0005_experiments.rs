//! Runs, their labels, metrics and points.

use sea_orm_migration::prelude::*;

use super::{big, create, index, key, maybe_big, maybe_uuid, table, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0005_experiments"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), maybe_uuid("job_id"), big("started_at"), maybe_big("ended_at"), big("seq")];
        columns.extend(["project", "name", "status", "created_by"].map(text));
        create(m, "runs", columns).await?;
        index(m, "ux_runs_job", "runs", &["job_id"]).await?;
        index(m, "ix_runs_started", "runs", &["project", "started_at", "id"]).await?;
        index(m, "ix_runs_name", "runs", &["project", "name", "id"]).await?;
        let mut labels = table("run_labels");
        labels.col(uuid("run_id")).col(text("kind")).col(text("name")).col(text("value"));
        labels.primary_key(Index::create().col("run_id").col("kind").col("name"));
        m.create_table(labels).await?;
        // Values may be longer than an index entry may be on PostgreSQL, so only the names are indexed.
        index(m, "ix_run_labels_name", "run_labels", &["kind", "name", "run_id"]).await?;
        metrics(m).await
    }
}

async fn metrics(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut metrics = table("run_metrics");
    metrics.col(uuid("run_id")).col(text("name"));
    for column in ["points", "step", "at", "last_bits"].map(big) {
        metrics.col(column);
    }
    for column in ["last", "min", "max"].map(|name| ColumnDef::new(name).double().to_owned()) {
        metrics.col(column);
    }
    metrics.primary_key(Index::create().col("run_id").col("name"));
    m.create_table(metrics).await?;
    index(m, "ix_run_metrics_last", "run_metrics", &["name", "last", "run_id"]).await?;
    let mut points = table("run_points");
    points.col(uuid("run_id")).col(text("name"));
    for column in ["step", "at", "seq", "bits"].map(big) {
        points.col(column);
    }
    points.col(ColumnDef::new("level").integer().not_null());
    points.primary_key(Index::create().col("run_id").col("name").col("step").col("at").col("bits"));
    m.create_table(points).await?;
    index(m, "ix_run_points_level", "run_points", &["run_id", "name", "level", "step"]).await?;
    index(m, "ix_run_points_seq", "run_points", &["run_id", "seq"]).await
}
