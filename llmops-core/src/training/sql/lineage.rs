//! How jobs came from data and models, and models from jobs.

use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::super::rows::job;
use super::uses::JobUses;
use crate::base::{Ctx, Id, Result};
use crate::lineage::{LineageKind, LineageRelation, LineageRoom, Link, THINGS, Things, Way};

/// A job with its data, what it began with and what it made.
type Row = (Id, Id, Option<Id>, Option<Id>);

impl JobUses {
    async fn jobs(&self, ctx: &Ctx, column: job::Column, ids: Option<Vec<Id>>) -> Result<Vec<Row>> {
        let Some(ids) = ids else { return Ok(Vec::new()) };
        let select = job::Entity::find()
            .select_only()
            .columns([job::Column::Id, job::Column::DatasetId, job::Column::ModelId, job::Column::OutputModelId])
            .filter(job::Column::Project.eq(ctx.project()))
            .filter(column.is_in(ids))
            .limit(u64::from(THINGS));
        Ok(select.into_tuple().all(&self.store.conn(ctx)).await?)
    }
}

#[async_trait]
impl LineageRoom for JobUses {
    async fn links(&self, ctx: &Ctx, way: Way, of: &Things) -> Result<Vec<Link>> {
        let learned = |id: Id, dataset: Id| {
            Link::new((LineageKind::Dataset, dataset), LineageRelation::UsedBy, (LineageKind::Job, id))
        };
        let began =
            |id: Id, model: Id| Link::new((LineageKind::Model, model), LineageRelation::UsedBy, (LineageKind::Job, id));
        let made =
            |id: Id, model: Id| Link::new((LineageKind::Job, id), LineageRelation::Made, (LineageKind::Model, model));
        let own = self.jobs(ctx, job::Column::Id, of.of(LineageKind::Job)).await?;
        if way == Way::Before {
            let before = own.into_iter().flat_map(|(id, dataset, model, _)| {
                [Some(learned(id, dataset)), model.map(|model| began(id, model))].into_iter().flatten()
            });
            return Ok(before.collect());
        }
        let mut links: Vec<Link> = own.into_iter().filter_map(|(id, _, _, output)| Some(made(id, output?))).collect();
        let on_data = self.jobs(ctx, job::Column::DatasetId, of.of(LineageKind::Dataset)).await?;
        links.extend(on_data.into_iter().map(|(id, dataset, _, _)| learned(id, dataset)));
        let on_models = self.jobs(ctx, job::Column::ModelId, of.of(LineageKind::Model)).await?;
        links.extend(on_models.into_iter().filter_map(|(id, _, model, _)| Some(began(id, model?))));
        Ok(links)
    }

    async fn names(&self, ctx: &Ctx, of: &Things) -> Result<Vec<(Id, String)>> {
        let Some(ids) = of.of(LineageKind::Job) else { return Ok(Vec::new()) };
        let select = job::Entity::find()
            .select_only()
            .columns([job::Column::Id, job::Column::Name])
            .filter(job::Column::Project.eq(ctx.project()))
            .filter(job::Column::Id.is_in(ids));
        Ok(select.into_tuple().all(&self.store.conn(ctx)).await?)
    }
}
