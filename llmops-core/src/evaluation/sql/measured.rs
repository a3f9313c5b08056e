//! What the catalog asks of evaluations before a model is approved.

use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Map;

use super::super::describe::settled;
use super::super::rows::run;
use super::super::score::placed;
use super::super::{EvaluationRun, EvaluationStatus, EvaluationTarget, MetricSpec};
use super::runs::{stored, to_run};
use super::uses::EvaluationUses;
use crate::base::{Ctx, ErrorKind, Id, Result};
use crate::catalog::{MeasuredValue, Measurement, MeasurementState, Measurements, ModelId, RequiredEvaluation};
use crate::datasets::{DatasetId, Datasets, GetDataset};

/// How many evaluations of a model are looked at, the newest.
const LOOKED_AT: u64 = 500;

#[async_trait]
impl Measurements for EvaluationUses {
    async fn settle(&self, ctx: &Ctx, place: &str, required: RequiredEvaluation) -> Result<RequiredEvaluation> {
        let settled = settled(&required.metric, &required.options);
        let (metric, options) = settled.map_err(|error| placed(place, "metric", error))?;
        if let Some(id) = required.dataset_id {
            let found = self.0.datasets.get_dataset(ctx, GetDataset { dataset_id: DatasetId(id) }).await;
            found.map_err(|error| error.field(format!("{place}.datasetId")).hint("take a dataset of the catalog"))?;
        }
        Ok(RequiredEvaluation { metric, options, ..required })
    }

    async fn of_model(&self, ctx: &Ctx, model: ModelId) -> Result<Vec<Measurement>> {
        let select = run::Entity::find()
            .filter(run::Column::Project.eq(ctx.project()))
            .filter(run::Column::ModelId.eq(model.0))
            .order_by_desc(run::Column::CreatedAt)
            .order_by_desc(run::Column::Id)
            .limit(LOOKED_AT);
        let (mut digests, mut runs) = (Vec::new(), Vec::new());
        for row in select.all(&self.0.store.conn(ctx)).await? {
            if row.endpoint_id.is_none() && row.status != EvaluationStatus::Cancelled.name() {
                digests.push(stored::<EvaluationTarget>(row.target.clone())?.digest);
                runs.push(to_run(row)?);
            }
        }
        self.0.warn(ctx, &mut runs).await?;
        Ok(runs.into_iter().zip(digests).map(|(run, digest)| measurement(run, digest)).collect())
    }

    async fn dataset(&self, ctx: &Ctx, id: Id) -> Result<Option<String>> {
        match self.0.datasets.get_dataset(ctx, GetDataset { dataset_id: DatasetId(id) }).await {
            Ok(dataset) => Ok(Some(format!("{}:{}", dataset.name, dataset.version))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn measurement(run: EvaluationRun, digest: Option<String>) -> Measurement {
    let none = Map::new();
    let value = |spec: &MetricSpec| {
        let (name, options) = match spec {
            MetricSpec::Name(name) => (name, &none),
            MetricSpec::Full(full) => (&full.name, &full.options),
        };
        // What a later version does not know any more meets no requirement.
        let (metric, options) = settled(name, options).ok()?;
        let score = run.metrics.iter().find(|score| score.name == spec.label());
        Some(MeasuredValue { metric, options, value: score.map(|score| score.value) })
    };
    Measurement {
        run_id: run.id.0,
        digest,
        dataset_id: run.dataset_id.0,
        state: match run.status {
            EvaluationStatus::Queued | EvaluationStatus::Running => MeasurementState::Open,
            EvaluationStatus::Succeeded => MeasurementState::Succeeded,
            EvaluationStatus::Failed | EvaluationStatus::Cancelled => MeasurementState::Failed,
        },
        answered: run.samples.saturating_sub(run.failed_samples),
        warnings: run.warnings.iter().map(|warning| warning.text.clone()).collect(),
        values: run.requested_metrics.iter().filter_map(value).collect(),
        dataset: run.dataset,
    }
}
