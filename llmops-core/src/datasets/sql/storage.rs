//! What all versions of a name take together.

use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::super::rows::dataset;
use super::super::{DatasetStorage, GetDatasetStorage};
use super::SqlDatasets;
use crate::base::{Ctx, Result};
use crate::store::count::unsigned;

impl SqlDatasets {
    pub(super) async fn storage(&self, ctx: &Ctx, req: GetDatasetStorage) -> Result<DatasetStorage> {
        let of = self.load(ctx, req.dataset_id).await?;
        let column = |column| Expr::col((dataset::Entity, column));
        let sum = |of: Expr| of.sum().cast_as("bigint");
        let stored = Func::coalesce([column(dataset::Column::StoredBytes), column(dataset::Column::Bytes)]);
        let sums = dataset::Entity::find()
            .select_only()
            .column_as(column(dataset::Column::Id).count(), "versions")
            .column_as(column(dataset::Column::StoredBytes).count(), "counted")
            .column_as(sum(column(dataset::Column::Bytes)), "bytes")
            .column_as(sum(Expr::expr(stored)), "stored")
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(dataset::Column::Name.eq(of.name.as_str()));
        let sums: Option<(i64, i64, Option<i64>, Option<i64>)> = sums.into_tuple().one(&self.store.conn(ctx)).await?;
        let (versions, counted, bytes, stored) = sums.unwrap_or_default();
        let (bytes, stored) = (unsigned(bytes.unwrap_or_default()), unsigned(stored.unwrap_or_default()));
        let saved = if bytes == 0 { 0.0 } else { 1.0 - stored as f64 / bytes as f64 };
        Ok(DatasetStorage {
            name: of.name,
            versions: unsigned(versions),
            pending: unsigned(versions - counted),
            bytes,
            stored_bytes: stored,
            saved,
        })
    }
}
