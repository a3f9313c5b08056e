//! Which endpoints serve which models, or did.

use std::collections::BTreeSet;

use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::super::rows::{endpoint, revision};
use super::SqlServing;
use crate::base::{Ctx, Id, Result};
use crate::lineage::{LineageKind, LineageRelation, LineageRoom, Link, THINGS, Things, Way};

impl SqlServing {
    /// The endpoints of the caller's project among these, with their routes.
    async fn routes(&self, ctx: &Ctx, ids: Vec<Id>) -> Result<Vec<(Id, String)>> {
        let select = endpoint::Entity::find()
            .select_only()
            .columns([endpoint::Column::Id, endpoint::Column::Route])
            .filter(endpoint::Column::Project.eq(ctx.project()))
            .filter(endpoint::Column::Id.is_in(ids));
        Ok(select.into_tuple().all(&self.store.conn(ctx)).await?)
    }
}

#[async_trait]
impl LineageRoom for SqlServing {
    async fn links(&self, ctx: &Ctx, way: Way, of: &Things) -> Result<Vec<Link>> {
        let (column, kind) = match way {
            Way::Before => (revision::Column::EndpointId, LineageKind::Endpoint),
            Way::After => (revision::Column::ModelId, LineageKind::Model),
        };
        let Some(ids) = of.of(kind) else { return Ok(Vec::new()) };
        let select = revision::Entity::find()
            .select_only()
            .columns([revision::Column::EndpointId, revision::Column::ModelId])
            .filter(column.is_in(ids))
            .limit(u64::from(THINGS));
        let rows: Vec<(Id, Id)> = select.into_tuple().all(&self.store.conn(ctx)).await?;
        let endpoints: BTreeSet<Id> = rows.iter().map(|(endpoint, _)| *endpoint).collect();
        if endpoints.is_empty() {
            return Ok(Vec::new());
        }
        let mine = self.routes(ctx, endpoints.into_iter().collect()).await?;
        let mine: BTreeSet<Id> = mine.into_iter().map(|(id, _)| id).collect();
        let served = |(endpoint, model): (Id, Id)| {
            Link::new((LineageKind::Model, model), LineageRelation::ServedBy, (LineageKind::Endpoint, endpoint))
        };
        Ok(rows.into_iter().filter(|(endpoint, _)| mine.contains(endpoint)).map(served).collect())
    }

    async fn names(&self, ctx: &Ctx, of: &Things) -> Result<Vec<(Id, String)>> {
        match of.of(LineageKind::Endpoint) {
            Some(ids) => self.routes(ctx, ids).await,
            None => Ok(Vec::new()),
        }
    }
}
