//! What jobs need: asked before a model or a dataset is deleted, and for the lineage of data.

use async_trait::async_trait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use super::super::rows::job;
use super::super::{JobStatus, TrainingSpec};
use super::jobs::stored;
use crate::base::{Ctx, Id, Result};
use crate::catalog::{Blocker, InUse, ModelId};
use crate::datasets::{DatasetId, DatasetUse, DatasetUsers};
use crate::store::Store;

/// The most jobs that are named.
const NAMED: u64 = 1000;

/// Tells the other rooms what jobs need.
pub struct JobUses {
    pub(super) store: Store,
}

impl JobUses {
    /// The jobs of this database.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Each of these jobs of the caller's project with the dataset it learned from and the digest of what it read.
    pub async fn read_by(&self, ctx: &Ctx, jobs: &[Id]) -> Result<Vec<(Id, DatasetId, String)>> {
        let mut read = Vec::new();
        for ids in jobs.chunks(NAMED as usize) {
            let select = job::Entity::find()
                .select_only()
                .columns([job::Column::Id, job::Column::DatasetId, job::Column::Spec])
                .filter(job::Column::Project.eq(ctx.project()))
                .filter(job::Column::Id.is_in(ids.iter().copied()));
            let rows: Vec<(Id, Id, Value)> = select.into_tuple().all(&self.store.conn(ctx)).await?;
            for (id, dataset, spec) in rows {
                let spec: TrainingSpec = stored(spec)?;
                read.push((id, DatasetId(dataset), spec.dataset_digest));
            }
        }
        Ok(read)
    }
}

fn open() -> [&'static str; 2] {
    [JobStatus::Queued.name(), JobStatus::Running.name()]
}

#[async_trait]
impl InUse for JobUses {
    async fn uses_of(&self, ctx: &Ctx, model: ModelId) -> Result<Vec<Blocker>> {
        let either = Condition::any().add(job::Column::ModelId.eq(model.0)).add(job::Column::OutputModelId.eq(model.0));
        let select = job::Entity::find().filter(job::Column::Status.is_in(open())).filter(either).limit(NAMED);
        let rows = select.all(&self.store.conn(ctx)).await?;
        let blocker = |row: job::Model| Blocker { kind: "job".into(), id: row.id.to_string(), name: row.name };
        Ok(rows.into_iter().map(blocker).collect())
    }
}

#[async_trait]
impl DatasetUsers for JobUses {
    async fn uses_of(&self, ctx: &Ctx, dataset: DatasetId) -> Result<Vec<DatasetUse>> {
        let select = job::Entity::find()
            .filter(job::Column::DatasetId.eq(dataset.0))
            .order_by_desc(job::Column::SubmittedAt)
            .limit(NAMED);
        let rows = select.all(&self.store.conn(ctx)).await?;
        let made = |row: job::Model| {
            let blocks = open().contains(&row.status.as_str());
            DatasetUse { kind: "job".into(), id: row.id, name: row.name, blocks }
        };
        Ok(rows.into_iter().map(made).collect())
    }
}
