//! How datasets came from one another.

use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;

use super::super::rows::dataset;
use super::SqlDatasets;
use crate::base::{Ctx, Id, Result};
use crate::lineage::{LineageKind, LineageRelation, LineageRoom, Link, THINGS, Things, Way};

#[async_trait]
impl LineageRoom for SqlDatasets {
    async fn links(&self, ctx: &Ctx, way: Way, of: &Things) -> Result<Vec<Link>> {
        let Some(ids) = of.of(LineageKind::Dataset) else { return Ok(Vec::new()) };
        let column = if way == Way::Before { dataset::Column::Id } else { dataset::Column::ParentId };
        let select = dataset::Entity::find()
            .select_only()
            .columns([dataset::Column::Id, dataset::Column::ParentId, dataset::Column::DerivedFrom])
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(column.is_in(ids))
            .limit(u64::from(THINGS));
        let rows: Vec<(Id, Option<Id>, Option<Value>)> = select.into_tuple().all(&self.store.conn(ctx)).await?;
        let link = |(id, parent, derived): (Id, Option<Id>, Option<Value>)| {
            let relation = if derived.is_some() { LineageRelation::Derived } else { LineageRelation::Became };
            Some(Link::new((LineageKind::Dataset, parent?), relation, (LineageKind::Dataset, id)))
        };
        Ok(rows.into_iter().filter_map(link).collect())
    }

    async fn names(&self, ctx: &Ctx, of: &Things) -> Result<Vec<(Id, String)>> {
        let Some(ids) = of.of(LineageKind::Dataset) else { return Ok(Vec::new()) };
        let select = dataset::Entity::find()
            .select_only()
            .columns([dataset::Column::Id, dataset::Column::Name, dataset::Column::Version])
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(dataset::Column::Id.is_in(ids));
        let rows: Vec<(Id, String, String)> = select.into_tuple().all(&self.store.conn(ctx)).await?;
        Ok(rows.into_iter().map(|(id, name, version)| (id, format!("{name} {version}"))).collect())
    }
}
