//! How evaluations came from models, endpoints and data.

use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::super::rows::run;
use super::uses::EvaluationUses;
use crate::base::{Ctx, Id, Result};
use crate::lineage::{LineageKind, LineageRelation, LineageRoom, Link, THINGS, Things, Way};

/// An evaluation with its model, its endpoint and its data.
type Row = (Id, Id, Option<Id>, Id);

impl EvaluationUses {
    async fn runs(&self, ctx: &Ctx, column: run::Column, ids: Option<Vec<Id>>) -> Result<Vec<Row>> {
        let Some(ids) = ids else { return Ok(Vec::new()) };
        let select = run::Entity::find()
            .select_only()
            .columns([run::Column::Id, run::Column::ModelId, run::Column::EndpointId, run::Column::DatasetId])
            .filter(run::Column::Project.eq(ctx.project()))
            .filter(column.is_in(ids))
            .limit(u64::from(THINGS));
        Ok(select.into_tuple().all(&self.0.store.conn(ctx)).await?)
    }
}

fn measured(id: Id, kind: LineageKind, what: Id) -> Link {
    Link::new((kind, what), LineageRelation::EvaluatedBy, (LineageKind::Evaluation, id))
}

fn used(id: Id, dataset: Id) -> Link {
    Link::new((LineageKind::Dataset, dataset), LineageRelation::UsedBy, (LineageKind::Evaluation, id))
}

#[async_trait]
impl LineageRoom for EvaluationUses {
    async fn links(&self, ctx: &Ctx, way: Way, of: &Things) -> Result<Vec<Link>> {
        let mut links = Vec::new();
        if way == Way::Before {
            let own = self.runs(ctx, run::Column::Id, of.of(LineageKind::Evaluation)).await?;
            for (id, model, endpoint, dataset) in own {
                links.extend([measured(id, LineageKind::Model, model), used(id, dataset)]);
                links.extend(endpoint.map(|endpoint| measured(id, LineageKind::Endpoint, endpoint)));
            }
            return Ok(links);
        }
        let of_models = self.runs(ctx, run::Column::ModelId, of.of(LineageKind::Model)).await?;
        links.extend(of_models.into_iter().map(|(id, model, _, _)| measured(id, LineageKind::Model, model)));
        let of_endpoints = self.runs(ctx, run::Column::EndpointId, of.of(LineageKind::Endpoint)).await?;
        let by_endpoint = |(id, _, endpoint, _): Row| Some(measured(id, LineageKind::Endpoint, endpoint?));
        links.extend(of_endpoints.into_iter().filter_map(by_endpoint));
        let on_data = self.runs(ctx, run::Column::DatasetId, of.of(LineageKind::Dataset)).await?;
        links.extend(on_data.into_iter().map(|(id, _, _, dataset)| used(id, dataset)));
        Ok(links)
    }

    async fn names(&self, ctx: &Ctx, of: &Things) -> Result<Vec<(Id, String)>> {
        let Some(ids) = of.of(LineageKind::Evaluation) else { return Ok(Vec::new()) };
        let select = run::Entity::find()
            .select_only()
            .columns([run::Column::Id, run::Column::Name])
            .filter(run::Column::Project.eq(ctx.project()))
            .filter(run::Column::Id.is_in(ids));
        Ok(select.into_tuple().all(&self.0.store.conn(ctx)).await?)
    }
}
