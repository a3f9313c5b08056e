//! What jobs need: asked before a model or a dataset is deleted, and for the lineage of data.

use async_trait::async_trait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::super::JobStatus;
use super::super::rows::job;
use crate::base::{Ctx, Result};
use crate::catalog::{Blocker, InUse, ModelId};
use crate::datasets::{DatasetId, DatasetUse, DatasetUsers};
use crate::store::Store;

/// The most jobs that are named.
const NAMED: u64 = 1000;

/// Tells the other rooms what jobs need.
pub struct JobUses {
    store: Store,
}

impl JobUses {
    /// The jobs of this database.
    pub fn new(store: Store) -> Self {
        Self { store }
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
