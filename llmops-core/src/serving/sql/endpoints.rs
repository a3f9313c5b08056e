//! Endpoints themselves: read, listed, followed, and changed by people and by the loop alike.

use futures::StreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::super::rows::{endpoint, revision};
use super::super::supervise::{Replica, Sights, Situation, Wanted, judge};
use super::super::{
    Endpoint, EndpointChange, EndpointId, EndpointStatus, Environment, ListEndpoints, ReplicaCount, ServingFramework,
};
use super::port::{number, stored};
use super::{SqlServing, topic};
use crate::base::{Ctx, Error, ErrorKind, Events, Page, PageRequest, Result, Timestamp, etag_of};
use crate::catalog::ModelId;
use crate::store::{Named, keyset};

/// Changes that are remembered.
const HISTORY: usize = 100;
/// What is one change in the history, in seconds.
const MOMENT: f64 = 5.0;

/// What is to be kept of an endpoint.
pub(super) struct Kept<'a> {
    /// What is asked and what runs.
    pub situation: &'a Situation,
    /// What was seen, for the words.
    pub seen: &'a Sights,
    /// What could not be done last.
    pub trouble: Option<&'a str>,
    /// Whether people asked for it, whose tags are then stale.
    pub by_people: bool,
}

impl SqlServing {
    /// The row, locked against others until the unit ends.
    pub(super) async fn load(&self, ctx: &Ctx, id: EndpointId) -> Result<endpoint::Model> {
        let select = endpoint::Entity::find_by_id(id.0).filter(endpoint::Column::Project.eq(ctx.project()));
        let select = if ctx.unit().is_some() { select.lock_exclusive() } else { select };
        select.one(&self.store.conn(ctx)).await?.ok_or_else(|| Error::not_found("endpoint", id))
    }

    /// The row for a change by its caller: as he read it, and not on its way out.
    pub(super) async fn load_to_change(&self, ctx: &Ctx, id: EndpointId) -> Result<endpoint::Model> {
        let row = self.load(ctx, id).await?;
        ctx.check_etag(&etag_of(row.edition))?;
        if Wanted::from_name(&row.wanted)? == Wanted::Deleted {
            return Err(Error::conflict(format!("the endpoint of {} is being deleted", row.route))
                .code("being_deleted")
                .hint("wait until it is gone and deploy again"));
        }
        Ok(row)
    }

    pub(super) async fn get(&self, ctx: &Ctx, id: EndpointId) -> Result<Endpoint> {
        let row = self.load(ctx, id).await?;
        let revision = self.revision(ctx, row.id, row.active_revision).await?;
        let history = stored(row.history.clone())?;
        Ok(Endpoint { history, ..to_endpoint(row, &revision)? })
    }

    pub(super) async fn list(&self, ctx: &Ctx, req: ListEndpoints) -> Result<Page<Endpoint>> {
        let request = PageRequest::new(req.limit, req.cursor.clone())?;
        let filters = ListEndpoints { cursor: None, limit: None, ..req.clone() };
        let order = keyset::Keyset {
            list: format!("endpoints|{}", crate::op::encode(&filters)?),
            column: endpoint::Column::CreatedAt,
            id: endpoint::Column::Id,
            ascending: false,
            total: req.include_total.unwrap_or(false),
        };
        let columns = [endpoint::Column::Id, endpoint::Column::Project, endpoint::Column::Route];
        let found = Named::Endpoints.search(&self.store, ctx, req.text.as_deref(), columns).await?;
        let wanted = Condition::all()
            .add_option(req.environment.map(|one| endpoint::Column::Environment.eq(one.name())))
            .add_option(req.model_id.map(|one| endpoint::Column::ModelId.eq(one.0)))
            .add_option(req.status.map(|one| endpoint::Column::Status.eq(one.name())));
        let select = endpoint::Entity::find().filter(found).filter(wanted);
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        let mut revisions = self.active_of(ctx, &rows).await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(revision) = revisions.remove(&row.id) {
                items.push(to_endpoint(row, &revision)?);
            }
        }
        Ok(Page { items, page })
    }

    pub(super) async fn watch(&self, ctx: &Ctx, id: EndpointId) -> Result<Events<Endpoint>> {
        let mut changes = self.store.signals().listen(topic(id));
        let mut seen = self.get(ctx, id).await?;
        let (ctx, room) = (ctx.clone(), self.clone());
        let events = async_stream::try_stream! {
            yield seen.clone();
            loop {
                changes.changed().await;
                let now = match room.get(&ctx, id).await {
                    Err(error) if error.kind() == ErrorKind::NotFound => break,
                    now => now?,
                };
                if now != seen {
                    seen = now.clone();
                    yield now;
                }
            }
        };
        Ok(events.boxed())
    }

    /// Writes what is asked and what runs, with how that is in words, and wakes who follows it. The row is the one this
    /// unit has locked.
    pub(super) async fn keep(&self, ctx: &Ctx, row: &endpoint::Model, kept: Kept<'_>) -> Result<()> {
        let Kept { situation, seen, trouble, by_people } = kept;
        let (status, reason) = judge(situation, seen, trouble);
        let mut history: Vec<EndpointChange> = stored(row.history.clone())?;
        let revision = (situation.ready(situation.active) > 0).then_some(situation.active);
        remember(&mut history, EndpointChange { at: ctx.now(), status, revision, reason: reason.clone() });
        let at_rest = situation.wanted == Wanted::Stopped && situation.replicas.is_empty() && seen.is_empty();
        let model = match i64::from(situation.active) == row.active_revision {
            true => row.model_id,
            false => self.revision(ctx, row.id, situation.active.into()).await?.model_id,
        };
        let place = if by_people { row.place.clone() } else { self.compute.capability().place };
        let change = endpoint::ActiveModel {
            place: Set(place),
            model_id: Set(model),
            status: Set(status.name().to_owned()),
            status_reason: Set(reason),
            min_replicas: Set(situation.count.into()),
            wanted: Set(situation.wanted.name().to_owned()),
            at_rest: Set(at_rest && !by_people),
            active_revision: Set(situation.active.into()),
            target_revision: Set(situation.target.into()),
            previous_revision: Set(situation.previous.map(i64::from)),
            incarnations: Set(i64::try_from(situation.incarnations).unwrap_or(i64::MAX)),
            replicas: Set(crate::op::encode(&situation.replicas)?),
            history: Set(crate::op::encode(&history)?),
            updated_at: Set(ctx.now().micros()),
            edition: Set(row.edition + i64::from(by_people)),
            last_revision: Set(row.last_revision.max(situation.target.into())),
            ..Default::default()
        };
        endpoint::Entity::update_many()
            .set(change)
            .filter(endpoint::Column::Id.eq(row.id))
            .exec(&self.store.conn(ctx))
            .await?;
        if !by_people && row.active_revision != i64::from(situation.active) {
            let switched = json!({ "revision": { "before": row.active_revision, "after": situation.active } });
            ctx.touch("endpoint", row.id, switched);
        }
        ctx.signal(topic(EndpointId(row.id)));
        Ok(())
    }
}

/// Adds a change to the history. What comes within seconds, in the same status and from the same revision is one change.
fn remember(history: &mut Vec<EndpointChange>, change: EndpointChange) {
    match history.last_mut() {
        Some(last)
            if (last.status, last.revision, &last.reason) == (change.status, change.revision, &change.reason) => {}
        Some(last)
            if (last.status, last.revision) == (change.status, change.revision)
                && change.at.seconds_since(last.at) < MOMENT =>
        {
            last.reason = change.reason;
        }
        _ => history.push(change),
    }
    history.drain(..history.len().saturating_sub(HISTORY));
}

/// What the row says is asked and runs.
pub(super) fn to_situation(row: &endpoint::Model) -> Result<Situation> {
    Ok(Situation {
        id: EndpointId(row.id),
        wanted: Wanted::from_name(&row.wanted)?,
        count: number(row.min_replicas),
        active: number(row.active_revision),
        target: number(row.target_revision),
        previous: row.previous_revision.map(number),
        incarnations: u64::try_from(row.incarnations).unwrap_or_default(),
        replicas: stored(row.replicas.clone())?,
    })
}

/// The endpoint, without its history. The revision is the one that answers.
pub(super) fn to_endpoint(row: endpoint::Model, revision: &revision::Model) -> Result<Endpoint> {
    let replicas: Vec<Replica> = stored(row.replicas)?;
    let (active, target) = (number(row.active_revision), number(row.target_revision));
    let count = |keep: &dyn Fn(&Replica) -> bool| replicas.iter().filter(|replica| keep(replica)).count() as u32;
    Ok(Endpoint {
        id: EndpointId(row.id),
        model_id: ModelId(revision.model_id),
        model_name: revision.model_name.clone(),
        model_version: revision.model_version.clone(),
        environment: Environment::from_name(&row.environment)?,
        route: row.route,
        serving_framework: ServingFramework::Local,
        status: EndpointStatus::from_name(&row.status)?,
        status_reason: row.status_reason,
        min_replicas: number(row.min_replicas),
        replicas: ReplicaCount {
            total: replicas.len() as u32,
            ready: count(&Replica::is_ready),
            available: count(&|replica| replica.revision == active && replica.is_ready()),
        },
        revision: active,
        next_revision: (target != active).then_some(target),
        limits: stored(revision.limits.clone())?,
        rollback_plan: row.rollback_plan,
        history: Vec::new(),
        plan: None,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
        project: row.project,
        etag: etag_of(row.edition),
    })
}
