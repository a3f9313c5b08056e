//! From an approved model to an endpoint, and to its next revision.

use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::super::rows::{endpoint, revision};
use super::super::supervise::{Sights, Wanted, roll_to};
use super::super::{
    DeployEndpoint, Endpoint, EndpointId, EndpointLimits, EndpointPlan, EndpointStatus, Environment, RedeployEndpoint,
    gates, route_of,
};
use super::SqlServing;
use super::endpoints::{Kept, to_endpoint, to_situation};
use super::port::stored;
use super::revisions::Made;
use crate::base::{Ctx, Error, Id, Limits, Result};
use crate::catalog::{GetModel, ListModelFiles, ListModelReviews, ModelFile, ModelId};
use crate::store::{Named, is_unique_violation};

impl SqlServing {
    pub(super) async fn deploy(&self, ctx: &Ctx, req: DeployEndpoint) -> Result<Endpoint> {
        let route = route_of(&req.route)?;
        gates::check_request(&req)?;
        gates::check_place(&self.compute.capability())?;
        let made = self.made(ctx, req.model_id, req.limits.unwrap_or_default()).await?;
        self.check_free(ctx, req.environment, &route).await?;
        let now = ctx.now().micros();
        let row = endpoint::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            environment: req.environment.name().to_owned(),
            route,
            model_id: made.model_id,
            status: EndpointStatus::Deploying.name().to_owned(),
            status_reason: "what would run is shown; nothing does".to_owned(),
            min_replicas: req.min_replicas.unwrap_or(1).into(),
            rollback_plan: req.rollback_plan,
            wanted: Wanted::Running.name().to_owned(),
            place: self.compute.capability().place,
            at_rest: false,
            active_revision: 1,
            target_revision: 1,
            last_revision: 1,
            previous_revision: None,
            incarnations: 0,
            replicas: json!([]),
            history: json!([]),
            created_by: ctx.caller.actor.clone(),
            created_at: now,
            updated_at: now,
            edition: 1,
        };
        if req.dry_run.unwrap_or(false) {
            ctx.touch("", "", json!({ "dryRun": true }));
            return would_run(row, made);
        }
        let insert = endpoint::Entity::insert(row.clone().into_active_model());
        let inserted = insert.exec_without_returning(&self.store.conn(ctx)).await;
        inserted.map_err(|e| if is_unique_violation(&e) { taken(req.environment, &row.route) } else { e.into() })?;
        Named::Endpoints.add(&self.store, ctx, (&row.project, &row.route, row.id)).await?;
        let digest = made.plan.model_digest.clone();
        self.make(ctx, row.id, 1, made).await?;
        let touched = json!({
            "route": row.route, "environment": row.environment, "model": row.model_id, "digest": digest, "revision": 1,
        });
        ctx.touch("endpoint", row.id, touched);
        let (situation, seen) = (to_situation(&row)?, Sights::new());
        self.keep(ctx, &row, Kept { situation: &situation, seen: &seen, trouble: None, by_people: false }).await?;
        self.get(ctx, EndpointId(row.id)).await
    }

    pub(super) async fn redeploy(&self, ctx: &Ctx, req: RedeployEndpoint) -> Result<Endpoint> {
        gates::check_limits(req.limits.as_ref())?;
        gates::check_place(&self.compute.capability())?;
        let row = self.load_to_change(ctx, req.endpoint_id).await?;
        let newest = self.revision(ctx, row.id, row.target_revision).await?;
        let limits = match req.limits {
            Some(limits) => limits,
            None => stored(newest.limits)?,
        };
        let made = self.made(ctx, req.model_id.unwrap_or(ModelId(newest.model_id)), limits).await?;
        self.advance(ctx, &row, made, Wanted::Running).await
    }

    /// The same model within other limits, as a new revision.
    pub(super) async fn limit(&self, ctx: &Ctx, row: &endpoint::Model, limits: EndpointLimits) -> Result<Made> {
        let newest = self.revision(ctx, row.id, row.target_revision).await?;
        let plan: EndpointPlan = stored(newest.plan)?;
        let (model_name, model_version) = (newest.model_name, newest.model_version);
        Ok(Made { model_id: newest.model_id, model_name, model_version, limits, plan: plan.within(&limits) })
    }

    /// Makes the next revision and lets it take over.
    pub(super) async fn advance(
        &self,
        ctx: &Ctx,
        row: &endpoint::Model,
        made: Made,
        wanted: Wanted,
    ) -> Result<Endpoint> {
        let number = row.last_revision + 1;
        let touched = json!({
            "revision": { "before": row.target_revision, "after": number }, "model": made.model_id,
            "digest": made.plan.model_digest, "limits": made.limits,
        });
        self.make(ctx, row.id, number, made).await?;
        ctx.touch("endpoint", row.id, touched);
        let mut situation = to_situation(row)?;
        situation.wanted = wanted;
        roll_to(&mut situation, super::port::number(number), ctx.now());
        let seen = Sights::new();
        self.keep(ctx, row, Kept { situation: &situation, seen: &seen, trouble: None, by_people: true }).await?;
        self.get(ctx, EndpointId(row.id)).await
    }

    /// What a model runs within these limits, if it may be deployed.
    async fn made(&self, ctx: &Ctx, model_id: ModelId, limits: EndpointLimits) -> Result<Made> {
        let model = self.catalog.get_model(ctx, GetModel { model_id }).await.map_err(|e| e.field("modelId"))?;
        let reviews = ListModelReviews { model_id, limit: Some(Limits::PAGE), cursor: None };
        gates::check_model(&model, &self.catalog.list_model_reviews(ctx, reviews).await?.items)?;
        let files = self.files(ctx, model_id).await?;
        model.check_same_files(&files)?;
        let plan = EndpointPlan::new(&model, &files, &limits)?;
        Ok(Made { model_id: model_id.0, model_name: model.name, model_version: model.version, limits, plan })
    }

    async fn files(&self, ctx: &Ctx, model_id: ModelId) -> Result<Vec<ModelFile>> {
        let (mut files, mut cursor) = (Vec::new(), None);
        loop {
            let request = ListModelFiles { model_id, limit: Some(Limits::PAGE), cursor };
            let page = self.catalog.list_model_files(ctx, request).await?;
            files.extend(page.items);
            cursor = page.page.next_cursor;
            if cursor.is_none() {
                return Ok(files);
            }
        }
    }

    async fn check_free(&self, ctx: &Ctx, environment: Environment, route: &str) -> Result<()> {
        let same = endpoint::Entity::find()
            .filter(endpoint::Column::Project.eq(ctx.project()))
            .filter(endpoint::Column::Environment.eq(environment.name()))
            .filter(endpoint::Column::Route.eq(route));
        match same.count(&self.store.conn(ctx)).await? {
            0 => Ok(()),
            _ => Err(taken(environment, route)),
        }
    }
}

/// The endpoint that a deployment would make, with what would run.
fn would_run(row: endpoint::Model, made: Made) -> Result<Endpoint> {
    let revision = revision::Model {
        id: Id::nil(),
        endpoint_id: row.id,
        number: 1,
        model_id: made.model_id,
        model_name: made.model_name,
        model_version: made.model_version,
        limits: crate::op::encode(&made.limits)?,
        plan: json!(null),
        created_by: row.created_by.clone(),
        created_at: row.created_at,
    };
    Ok(Endpoint { plan: Some(made.plan), ..to_endpoint(row, &revision)? })
}

fn taken(environment: Environment, route: &str) -> Error {
    Error::conflict(format!("another endpoint answers {route} in {}", environment.name()))
        .code("route_taken")
        .field("route")
        .hint("choose another route, or redeploy that endpoint")
}
