//! How many jobs there are.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::super::JobStatus;
use super::super::rows::job;
use super::SqlTraining;
use crate::base::{Ctx, Result};
use crate::store::count;

impl SqlTraining {
    /// How many jobs wait and run, in all projects.
    pub async fn open_by_status(&self, ctx: &Ctx) -> Result<Vec<(&'static str, u64)>> {
        let open = [JobStatus::Queued, JobStatus::Running].map(JobStatus::name);
        let rows = job::Entity::find().filter(job::Column::Status.is_in(open));
        let counted = count::by(&self.store, ctx, rows, job::Column::Status).await?;
        let of = |status: &str| counted.iter().find(|(name, _)| name == status).map_or(0, |(_, rows)| *rows);
        Ok(open.into_iter().map(|status| (status, of(status))).collect())
    }
}
