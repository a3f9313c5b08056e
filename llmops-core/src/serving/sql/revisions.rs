//! Revisions: made once, kept as long as their endpoint, read to run it again.

use std::collections::HashMap;

use async_trait::async_trait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::super::rows::{endpoint, revision};
use super::super::{
    EndpointId, EndpointLimits, EndpointPlan, EndpointRevision, ListEndpointRevisions, supervise::Situation,
};
use super::SqlServing;
use super::port::{number, stored};
use crate::base::{Ctx, Error, Id, Page, PageRequest, Result, Timestamp};
use crate::blob::Stored;
use crate::catalog::{Blocker, InUse, ModelId};
use crate::store::{Named, keyset};

/// Revisions read by one statement: each takes two of the variables that a database allows it.
const AT_ONCE: usize = 500;

/// What a new revision runs.
pub(super) struct Made {
    pub model_id: Id,
    pub model_name: String,
    pub model_version: String,
    pub limits: EndpointLimits,
    pub plan: EndpointPlan,
}

impl SqlServing {
    /// A revision of an endpoint.
    pub(super) async fn revision(&self, ctx: &Ctx, endpoint: Id, number: i64) -> Result<revision::Model> {
        let found = revision::Entity::find()
            .filter(revision::Column::EndpointId.eq(endpoint))
            .filter(revision::Column::Number.eq(number))
            .one(&self.store.conn(ctx))
            .await?;
        found.ok_or_else(|| Error::not_found("revision", number))
    }

    /// The revisions that answer by these rows. They are read by number: a row read a moment ago, beside the revision
    /// that answers now, would show the replicas of the one under the name of the other.
    pub(super) async fn active_of(&self, ctx: &Ctx, rows: &[endpoint::Model]) -> Result<HashMap<Id, revision::Model>> {
        let conn = self.store.conn(ctx);
        let mut found = HashMap::with_capacity(rows.len());
        for rows in rows.chunks(AT_ONCE) {
            let named = Expr::tuple([Expr::col(revision::Column::EndpointId), Expr::col(revision::Column::Number)])
                .in_tuples(rows.iter().map(|row| (row.id, row.active_revision)));
            let revisions = revision::Entity::find().filter(named).all(&conn).await?;
            found.extend(revisions.into_iter().map(|row| (row.endpoint_id, row)));
        }
        Ok(found)
    }

    /// Keeps a new revision and holds its bytes, whatever becomes of the model's.
    pub(super) async fn make(&self, ctx: &Ctx, endpoint: Id, number: i64, made: Made) -> Result<revision::Model> {
        for file in &made.plan.files {
            let bytes = Stored { digest: file.sha256.clone(), bytes: file.bytes };
            self.blobs.hold(&self.store, ctx, &owner(endpoint, number, &file.path), &bytes).await?;
        }
        let row = revision::Model {
            id: ctx.new_id(),
            endpoint_id: endpoint,
            number,
            model_id: made.model_id,
            model_name: made.model_name,
            model_version: made.model_version,
            limits: crate::op::encode(&made.limits)?,
            plan: crate::op::encode(&made.plan)?,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
        };
        let insert = revision::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(&self.store.conn(ctx)).await?;
        Ok(row)
    }

    pub(super) async fn revisions(&self, ctx: &Ctx, req: ListEndpointRevisions) -> Result<Page<EndpointRevision>> {
        let row = self.load(ctx, req.endpoint_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: format!("endpoint_revisions|{}", row.id),
            column: revision::Column::Number,
            id: revision::Column::Id,
            ascending: false,
            total: false,
        };
        let select = revision::Entity::find().filter(revision::Column::EndpointId.eq(row.id));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        let active = row.active_revision;
        let items = rows.into_iter().map(|row| to_revision(row, active)).collect::<Result<_>>()?;
        Ok(Page { items, page })
    }

    /// Removes an endpoint for which nothing runs any more, with its revisions, and lets their bytes go.
    pub(super) async fn erase(&self, ctx: &Ctx, situation: &Situation) -> Result<()> {
        let id = situation.id.0;
        let conn = self.store.conn(ctx);
        let rows = revision::Entity::find().filter(revision::Column::EndpointId.eq(id)).all(&conn).await?;
        for row in rows {
            let plan: EndpointPlan = stored(row.plan)?;
            for file in plan.files {
                let owner = owner(id, row.number, &file.path);
                self.blobs.release(&self.store, ctx, &owner, &file.sha256).await?;
            }
        }
        revision::Entity::delete_many().filter(revision::Column::EndpointId.eq(id)).exec(&conn).await?;
        if let Some(row) = endpoint::Entity::find_by_id(id).one(&conn).await? {
            Named::Endpoints.remove(&self.store, ctx, (&row.project, &row.route, id)).await?;
        }
        endpoint::Entity::delete_by_id(id).exec(&conn).await?;
        ctx.touch("endpoint", id, serde_json::json!({ "deleted": true }));
        ctx.signal(super::topic(situation.id));
        Ok(())
    }
}

/// Who holds the bytes of a file of a revision.
fn owner(endpoint: Id, number: i64, path: &str) -> String {
    format!("endpoint/{endpoint}/{number}/{path}")
}

fn to_revision(row: revision::Model, active: i64) -> Result<EndpointRevision> {
    Ok(EndpointRevision {
        endpoint_id: EndpointId(row.endpoint_id),
        revision: number(row.number),
        active: row.number == active,
        model_id: ModelId(row.model_id),
        model_name: row.model_name,
        model_version: row.model_version,
        limits: stored(row.limits)?,
        plan: stored(row.plan)?,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

#[async_trait]
impl InUse for SqlServing {
    async fn uses_of(&self, ctx: &Ctx, model: ModelId) -> Result<Vec<Blocker>> {
        let of = Query::select()
            .column(revision::Column::EndpointId)
            .from(revision::Entity)
            .and_where(Expr::col((revision::Entity, revision::Column::ModelId)).eq(model.0))
            .to_owned();
        let select = endpoint::Entity::find().filter(endpoint::Column::Id.in_subquery(of));
        let rows = select.all(&self.store.conn(ctx)).await?;
        let blocker = |row: endpoint::Model| Blocker {
            kind: "endpoint".into(),
            id: row.id.to_string(),
            name: format!("{} in {}", row.route, row.environment),
        };
        Ok(rows.into_iter().map(blocker).collect())
    }
}
