//! What evaluations need of models and datasets, and how many there are.

use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::super::EvaluationStatus;
use super::super::rows::run;
use super::SqlEvaluation;
use crate::base::{Ctx, Result};
use crate::catalog::{Blocker, InUse, ModelId};
use crate::datasets::{DatasetId, DatasetUse, DatasetUsers};
use crate::store::count;

/// The most evaluations that are named.
const NAMED: u64 = 100;

impl SqlEvaluation {
    /// How many evaluations wait and run, in all projects.
    pub async fn open_by_status(&self, ctx: &Ctx) -> Result<Vec<(&'static str, u64)>> {
        let open = [EvaluationStatus::Queued, EvaluationStatus::Running].map(EvaluationStatus::name);
        let rows = run::Entity::find().filter(run::Column::Status.is_in(open));
        let counted = count::by(&self.store, ctx, rows, run::Column::Status).await?;
        let of = |status: &str| counted.iter().find(|(name, _)| name == status).map_or(0, |(_, rows)| *rows);
        Ok(open.into_iter().map(|status| (status, of(status))).collect())
    }
}

/// Tells the catalog and the datasets what evaluations need: their model and dataset as long as they are not over.
pub struct EvaluationUses(pub SqlEvaluation);

#[async_trait]
impl InUse for EvaluationUses {
    async fn uses_of(&self, ctx: &Ctx, model: ModelId) -> Result<Vec<Blocker>> {
        let open = [EvaluationStatus::Queued, EvaluationStatus::Running].map(EvaluationStatus::name);
        let select = run::Entity::find()
            .filter(run::Column::Project.eq(ctx.project()))
            .filter(run::Column::ModelId.eq(model.0))
            .filter(run::Column::EndpointId.is_null())
            .filter(run::Column::Status.is_in(open))
            .limit(NAMED);
        let rows = select.all(&self.0.store.conn(ctx)).await?;
        let blocker = |row: run::Model| Blocker { kind: "evaluation".into(), id: row.id.to_string(), name: row.name };
        Ok(rows.into_iter().map(blocker).collect())
    }
}

#[async_trait]
impl DatasetUsers for EvaluationUses {
    async fn uses_of(&self, ctx: &Ctx, dataset: DatasetId) -> Result<Vec<DatasetUse>> {
        let select = run::Entity::find()
            .filter(run::Column::Project.eq(ctx.project()))
            .filter(run::Column::DatasetId.eq(dataset.0))
            .order_by_desc(run::Column::CreatedAt)
            .limit(NAMED);
        let mut uses = Vec::new();
        for row in select.all(&self.0.store.conn(ctx)).await? {
            let blocks = !EvaluationStatus::from_name(&row.status)?.is_over();
            uses.push(DatasetUse { kind: "evaluation".into(), id: row.id, name: row.name, blocks });
        }
        Ok(uses)
    }
}
