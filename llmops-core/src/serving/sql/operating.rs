//! What operators do: scale, limit, stop, start, roll back, delete.

use serde_json::json;

use super::super::supervise::{Sights, Wanted, roll_to};
use super::super::{DeleteEndpoint, Endpoint, EndpointSwitch, RollbackEndpoint, UpdateEndpoint, gates};
use super::SqlServing;
use super::endpoints::{Kept, to_situation};
use super::port::stored;
use crate::base::{Ctx, Error, Result};

impl SqlServing {
    pub(super) async fn update(&self, ctx: &Ctx, req: UpdateEndpoint) -> Result<Endpoint> {
        gates::check_replicas(req.min_replicas)?;
        gates::check_limits(req.limits.as_ref())?;
        let mut row = self.load_to_change(ctx, req.endpoint_id).await?;
        let before = to_situation(&row)?;
        let mut situation = before.clone();
        situation.count = req.min_replicas.unwrap_or(situation.count);
        situation.wanted = match req.status {
            Some(EndpointSwitch::Running) => Wanted::Running,
            Some(EndpointSwitch::Stopped) => Wanted::Stopped,
            None => situation.wanted,
        };
        let touched = json!({
            "replicas": { "before": before.count, "after": situation.count },
            "wanted": { "before": before.wanted.name(), "after": situation.wanted.name() },
        });
        if let Some(limits) = req.limits {
            let of = self.revision(ctx, row.id, row.target_revision).await?;
            if stored::<super::EndpointLimits>(of.limits)? != limits {
                ctx.touch("endpoint", row.id, touched);
                row.min_replicas = situation.count.into();
                let made = self.limit(ctx, &row, limits).await?;
                return self.advance(ctx, &row, made, situation.wanted).await;
            }
        }
        if situation != before {
            ctx.touch("endpoint", row.id, touched);
            let seen = Sights::new();
            self.keep(ctx, &row, Kept { situation: &situation, seen: &seen, trouble: None, by_people: true }).await?;
        }
        self.get(ctx, req.endpoint_id).await
    }

    pub(super) async fn rollback(&self, ctx: &Ctx, req: RollbackEndpoint) -> Result<Endpoint> {
        let row = self.load_to_change(ctx, req.endpoint_id).await?;
        let mut situation = to_situation(&row)?;
        let before = (situation.active != situation.target).then_some(situation.active).or(situation.previous);
        let Some(to) = req.revision.or(before) else {
            return Err(Error::conflict(format!("the endpoint of {} has one revision only", row.route))
                .code("no_earlier_revision")
                .hint("redeploy it with another model"));
        };
        let of = self.revision(ctx, row.id, to.into()).await.map_err(|e| e.field("revision"))?;
        if to == situation.active && to == situation.target {
            return Err(Error::conflict(format!("revision {to} answers already"))
                .code("revision_active")
                .field("revision")
                .hint("name another revision; `list_endpoint_revisions` shows them"));
        }
        let touched = json!({
            "revision": { "before": situation.target, "after": to }, "model": of.model_id, "rollback": true,
        });
        ctx.touch("endpoint", row.id, touched);
        roll_to(&mut situation, to, ctx.now());
        let seen = Sights::new();
        self.keep(ctx, &row, Kept { situation: &situation, seen: &seen, trouble: None, by_people: true }).await?;
        self.get(ctx, req.endpoint_id).await
    }

    pub(super) async fn delete(&self, ctx: &Ctx, req: DeleteEndpoint) -> Result<Endpoint> {
        let row = self.load(ctx, req.endpoint_id).await?;
        let mut situation = to_situation(&row)?;
        if situation.wanted != Wanted::Deleted {
            ctx.check_etag(&crate::base::etag_of(row.edition))?;
            situation.wanted = Wanted::Deleted;
            ctx.touch("endpoint", row.id, json!({ "route": row.route, "environment": row.environment }));
            let seen = Sights::new();
            self.keep(ctx, &row, Kept { situation: &situation, seen: &seen, trouble: None, by_people: true }).await?;
        }
        self.get(ctx, req.endpoint_id).await
    }
}
