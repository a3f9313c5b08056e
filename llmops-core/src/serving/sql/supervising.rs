//! The loop that keeps endpoints as they are asked to be. Every step looks, decides purely, writes, and only then acts:
//! whatever is cut short is seen by the next step, of this server or another, and done again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::super::plan;
use super::super::rows::endpoint;
use super::super::supervise::{Action, Replica, Sights, Situation, Stage, Wanted, refuse, step};
use super::super::{EndpointId, EndpointPlan};
use super::endpoints::{Kept, to_situation};
use super::port::{SECRET, api_key, stored};
use super::{SqlServing, topic};
use crate::base::{Ctx, Error, ErrorKind, Id, Result, Timestamp, crash_point};
use crate::compute::{Compute, WorkId};
use crate::cost::{Charge, SqlCost};
use crate::store::{Next, Reconcile, Signals, Step};

/// How often an endpoint is looked at while something goes on, and while nothing does.
const SOON: Duration = Duration::from_millis(300);
const LATER: Duration = Duration::from_secs(2);
/// Endpoints that are followed without a pause; of more, those looked at longest ago come first.
const FOLLOWED: usize = 24;

/// How often the place is searched for what was left there.
const SWEEP: Duration = Duration::from_secs(60);

/// Keeps endpoints as they are asked to be.
pub struct Endpoints {
    room: SqlServing,
    cost: Arc<SqlCost>,
    known: Mutex<HashMap<String, Known>>,
    swept: Mutex<Option<Instant>>,
    wakes: tokio::task::JoinHandle<()>,
}

/// What this server remembers of an endpoint; it can be forgotten.
#[derive(Default)]
struct Known {
    /// When it was last looked at.
    looked: Option<Instant>,
    /// What could not be done for it last.
    trouble: Option<String>,
}

impl Endpoints {
    /// The loop over this room, charging to this ledger. Call it within a runtime: it listens to the place where the
    /// replicas run.
    pub fn new(room: &SqlServing, cost: Arc<SqlCost>) -> Self {
        let wakes = tokio::spawn(wake(room.compute.clone(), room.store.signals().clone()));
        Self { room: room.clone(), cost, known: Mutex::default(), swept: Mutex::default(), wakes }
    }

    fn known<T>(&self, of: impl FnOnce(&mut HashMap<String, Known>) -> T) -> T {
        of(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes what a step decided and charged, unless people have asked for something else meanwhile.
    async fn keep(
        &self,
        ctx: &Ctx,
        at: At<'_>,
        situation: &Situation,
        (trouble, charges): (Option<&str>, Vec<Charge>),
    ) -> Result<bool> {
        let (room, cost) = (self.room.clone(), self.cost.clone());
        let (edition, seen) = (at.row.edition, at.seen.clone());
        let (situation, trouble) = (situation.clone(), trouble.map(str::to_owned));
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<bool>> {
            Box::pin(async move {
                let locked = endpoint::Entity::find_by_id(situation.id.0).lock_exclusive();
                let row = locked.one(&room.store.conn(&ctx)).await?;
                let Some(row) = row.filter(|row| row.edition == edition) else { return Ok(false) };
                let kept = Kept { situation: &situation, seen: &seen, trouble: trouble.as_deref(), by_people: false };
                room.keep(&ctx, &row, kept).await?;
                cost.record(&ctx, charges).await?;
                Ok(true)
            })
        };
        self.room.store.write_fenced(ctx, at.step.lease, "serving.observe_endpoint", work).await
    }

    /// Nothing runs any more: the record goes.
    async fn erase(&self, ctx: &Ctx, at: At<'_>, situation: Situation) -> Result<()> {
        let room = self.room.clone();
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move { room.erase(&ctx, &situation).await })
        };
        self.room.store.write_fenced(ctx, at.step.lease, "serving.erase_endpoint", work).await
    }

    /// Does what was decided. Starts that were refused are noted in the situation; other trouble is told.
    async fn act(&self, ctx: &Ctx, situation: &mut Situation, actions: Vec<Action>) -> Result<Option<String>> {
        let mut trouble = None;
        for action in actions {
            let done = match &action {
                Action::Start(incarnation) => {
                    let replica = situation.replicas.iter().find(|replica| replica.incarnation == *incarnation);
                    let Some(replica) = replica.cloned() else { continue };
                    match self.start(ctx, situation.id, &replica).await {
                        Err(error) if error.kind() != ErrorKind::Unexpected => {
                            let for_good = matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Unsupported);
                            refuse(situation, *incarnation, error.message(), for_good, ctx.now());
                            Ok(())
                        }
                        other => other,
                    }
                }
                Action::Stop(work, grace) => self.stop(work, *grace).await,
                Action::Remove(work) => self.remove(work).await,
            };
            if let Err(error) = done {
                tracing::warn!(endpoint = %situation.id, ?action, %error, "an endpoint's work was not changed");
                trouble = Some(format!("its work cannot be changed now: {}", error.message()));
            }
        }
        Ok(trouble)
    }

    async fn start(&self, ctx: &Ctx, id: EndpointId, replica: &Replica) -> Result<()> {
        let revision = self.room.revision(ctx, id.0, replica.revision.into()).await?;
        let plan: EndpointPlan = stored(revision.plan)?;
        let key = api_key(&self.room.store.secret(SECRET).await?, id)?;
        let work = plan.work(id, replica, key)?;
        crash_point("start.before", "serving");
        self.room.compute.start(&work).await?;
        crash_point("start.after", "serving");
        Ok(())
    }

    async fn stop(&self, work: &WorkId, grace: Duration) -> Result<()> {
        crash_point("stop.before", "serving");
        self.room.compute.stop(work, grace).await?;
        crash_point("stop.after", "serving");
        Ok(())
    }

    async fn remove(&self, work: &WorkId) -> Result<()> {
        crash_point("remove.before", "serving");
        self.room.compute.remove(work).await?;
        crash_point("remove.after", "serving");
        Ok(())
    }

    /// Removes work that lies here for endpoints that are gone, at rest or in another place now: a server that had lost
    /// its lease may have started it at the last moment.
    async fn sweep(&self, ctx: &Ctx) -> Result<()> {
        {
            let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
            if swept.is_some_and(|at| at.elapsed() < SWEEP) {
                return Ok(());
            }
            *swept = Some(Instant::now());
        }
        let here = self.room.compute.capability().place;
        for work in self.room.compute.list("room", "serving").await? {
            let Some(id) = work.labels.get(plan::LABEL).and_then(|id| id.parse::<Id>().ok()) else { continue };
            let row = endpoint::Entity::find_by_id(id).one(&self.room.store.conn(ctx)).await?;
            if row.is_none_or(|row| row.at_rest || row.place != here) {
                tracing::info!(work = %work.id, "removing work that no endpoint needs");
                self.remove(&work.id).await?;
            }
        }
        Ok(())
    }

    /// When to look again. Of many endpoints a settled one makes room for the next.
    fn next(&self, situation: &Situation, acted: bool, now: Timestamp) -> Next {
        let paused = |replica: &Replica| replica.not_before.filter(|_| replica.stage == Stage::Waiting);
        let moving = |replica: &Replica| replica.stage != Stage::Ready && paused(replica).is_none();
        let rolling = situation.active != situation.target && situation.ready(situation.target) > 0;
        if acted || rolling || situation.replicas.iter().any(moving) {
            return Next::After(SOON);
        }
        if self.known(|known| known.len()) > FOLLOWED {
            return Next::Rest;
        }
        let wait = situation.replicas.iter().filter_map(paused).map(|at| at.seconds_since(now)).reduce(f64::min);
        Next::After(wait.map_or(LATER, |wait| Duration::from_secs_f64(wait.max(0.0)).clamp(SOON, LATER)))
    }
}

impl Drop for Endpoints {
    fn drop(&mut self) {
        self.wakes.abort();
    }
}

/// Where a step is: its lease, the row it read and what it saw.
#[derive(Clone, Copy)]
struct At<'a> {
    step: Step<'a>,
    row: &'a endpoint::Model,
    seen: &'a Sights,
}

/// Wakes the loop when the place says that something of an endpoint changed.
async fn wake(compute: Arc<dyn Compute>, signals: Signals) {
    let mut changes = compute.subscribe();
    loop {
        match changes.recv().await {
            Ok(work) => {
                let of = work.as_str().strip_prefix("ep-").and_then(|rest| rest.get(..32));
                if let Some(id) = of.and_then(|id| id.parse::<Id>().ok()) {
                    signals.wake(&[topic(EndpointId(id))]);
                }
            }
            Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {} // the loop looks by itself too
            Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
        }
    }
}

#[async_trait]
impl Reconcile for Endpoints {
    fn name(&self) -> &'static str {
        "serving"
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        if let Err(error) = self.sweep(ctx).await {
            tracing::warn!(%error, "what was left of endpoints is not removed yet");
        }
        let select = endpoint::Entity::find()
            .select_only()
            .column(endpoint::Column::Id)
            .filter(endpoint::Column::AtRest.eq(false))
            .order_by_asc(endpoint::Column::CreatedAt);
        let ids: Vec<Id> = select.into_tuple().all(&self.room.store.conn(ctx)).await?;
        let mut keys: Vec<String> = ids.iter().map(ToString::to_string).collect();
        self.known(|known| {
            known.retain(|key, _| keys.contains(key));
            keys.sort_by_key(|key| known.entry(key.clone()).or_default().looked);
        });
        Ok(keys)
    }

    async fn step(&self, ctx: &Ctx, step_of: Step<'_>) -> Result<Next> {
        let id: Id = step_of.key.parse().map_err(|_| Error::unexpected("an endpoint's key is no id"))?;
        let Some(row) = endpoint::Entity::find_by_id(id).one(&self.room.store.conn(ctx)).await? else {
            return Ok(Next::Rest);
        };
        let ctx = &ctx.within(&row.project);
        let before = to_situation(&row)?;
        let seen = self.room.look(&before).await?;
        let at = At { step: step_of, row: &row, seen: &seen };
        let trouble = self.known(|known| {
            let known = known.entry(step_of.key.to_owned()).or_default();
            known.looked = Some(Instant::now());
            known.trouble.clone()
        });
        let mut charged = before.clone();
        let charges = self.room.charges(ctx, &row, &mut charged, &seen).await?;
        let (mut after, actions) = step(charged, &seen, ctx.now())?;
        let over = after.replicas.is_empty() && seen.is_empty();
        if after.wanted == Wanted::Deleted && over {
            self.erase(ctx, at, after).await?;
            return Ok(Next::Rest);
        }
        if self.differs(&row, &before, &after, (&seen, trouble.as_deref()))
            && !self.keep(ctx, at, &after, (trouble.as_deref(), charges)).await?
        {
            return Ok(Next::After(Duration::ZERO)); // people asked for something else
        }
        if after.wanted == Wanted::Stopped && over {
            return Ok(Next::Rest);
        }
        let (acted, decided) = (!actions.is_empty(), after.clone());
        let said = self.act(ctx, &mut after, actions).await?;
        self.known(|known| known.entry(step_of.key.to_owned()).or_default().trouble.clone_from(&said));
        if after != decided || said != trouble {
            self.keep(ctx, at, &after, (said.as_deref(), Vec::new())).await?;
        }
        Ok(self.next(&after, acted, ctx.now()))
    }
}

impl Endpoints {
    /// Whether a step has something to write: what runs, how that is in words, or that nothing is left to do.
    fn differs(
        &self,
        row: &endpoint::Model,
        before: &Situation,
        after: &Situation,
        (seen, trouble): (&Sights, Option<&str>),
    ) -> bool {
        let (status, reason) = super::super::supervise::judge(after, seen, trouble);
        let over = after.wanted == Wanted::Stopped && after.replicas.is_empty() && seen.is_empty();
        let moved = row.place != self.room.compute.capability().place;
        before != after || moved || row.status != status.name() || row.status_reason != reason || over != row.at_rest
    }
}
