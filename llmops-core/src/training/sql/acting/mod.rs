//! The loop that carries jobs out. A step looks at the row and at the work, and does one thing that may be done twice; what
//! it learns is written before the next. So it does not matter where a server dies, or which one goes on.

mod archive;
mod conclude;
mod follow;
mod prepare;
mod register;
mod start;

use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::super::events::Seen;
use super::super::rows::job;
use super::super::status::Stage;
use super::super::{JobId, TrainingSpec, recipe};
use super::jobs::{owner, stored};
use super::{SqlTraining, wakes};
use crate::base::{Caller, Ctx, Error, Id, Result};
use crate::op::encode;
use crate::scheduling::{Reserve, Standing};
use crate::store::{Next, Reconcile, Step};

/// The most jobs that are looked at.
const DUE: u64 = 200;
/// At once.
const NOW: Next = Next::After(Duration::ZERO);

/// Carries training jobs out.
pub struct Trainings {
    room: SqlTraining,
    listening: tokio::task::JoinHandle<()>,
}

impl Trainings {
    /// The loop over this room. It hears of work that changed from the place itself.
    pub fn new(room: SqlTraining) -> Self {
        let (mut changes, signals) = (room.compute.subscribe(), room.store.signals().clone());
        let listening = tokio::spawn(async move {
            use tokio::sync::broadcast::error::RecvError;
            loop {
                match changes.recv().await {
                    Ok(work) => {
                        if let Some(job) = recipe::job_of(&work) {
                            signals.wake(&[wakes(job)]);
                        }
                    }
                    // Some were missed: the loop looks at running work every second anyway.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        });
        Self { room, listening }
    }
}

impl Drop for Trainings {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// A job under the loop's hand: the row as it was read, and the right to write it.
#[derive(Clone, Copy)]
struct Hand<'a> {
    ctx: &'a Ctx,
    step: Step<'a>,
    row: &'a job::Model,
}

impl SqlTraining {
    /// Writes in one unit, unless another server took the job over.
    async fn write(
        &self,
        hand: Hand<'_>,
        action: &'static str,
        work: impl FnOnce(Self, Ctx, job::Model) -> BoxFuture<'static, Result<()>> + Send + 'static,
    ) -> Result<()> {
        let (room, row) = (self.clone(), hand.row.clone());
        self.store.write_fenced(hand.ctx, hand.step.lease, action, move |ctx| work(room, ctx, row)).await
    }

    /// Writes a change of the row alone.
    async fn write_change(&self, hand: Hand<'_>, action: &'static str, change: job::ActiveModel) -> Result<()> {
        self.write(hand, action, |room, ctx, row| Box::pin(async move { room.change(&ctx, &row, change).await })).await
    }

    /// Waits for its turn, and takes it.
    async fn admit(&self, hand: Hand<'_>) -> Result<Next> {
        if hand.row.not_before > hand.ctx.now().micros() {
            return Ok(Next::Rest);
        }
        self.write(hand, "training.admit_job", |room, ctx, row| {
            Box::pin(async move {
                room.hold_still(&ctx, &row).await?;
                let spec: TrainingSpec = stored(row.spec.clone())?;
                let owner = owner(JobId(row.id));
                let since = crate::base::Timestamp::from_micros(row.submitted_at);
                let again =
                    Reserve { owner: owner.clone(), cpu_millis: spec.cpu_millis, priority: spec.priority, since };
                room.scheduler.reserve(&ctx, again).await?;
                match room.scheduler.admit(&ctx, &owner).await? {
                    Standing::Held => room.change(&ctx, &row, placed(&room, &row)?).await,
                    // Its pause is over: from now on the queue says when it is looked at.
                    _ if row.not_before > 0 => {
                        let change = job::ActiveModel { not_before: Set(0), ..Default::default() };
                        room.change(&ctx, &row, change).await
                    }
                    _ => Ok(()),
                }
            })
        })
        .await?;
        let row = self.load(hand.ctx, JobId(hand.row.id)).await?;
        Ok(if row.stage == Stage::Waiting.name() { Next::Rest } else { NOW })
    }

    /// Says in the job's row what keeps it from the next stage. It is tried again.
    async fn tell(&self, hand: Hand<'_>, error: &Error) -> Result<()> {
        let passing = matches!(error.stable_code(), "lease_lost" | "job_changed");
        let reason = format!("{}; it is tried again", error.message());
        let held = [Stage::Preparing, Stage::Starting, Stage::Registering].map(Stage::name);
        if passing || !held.contains(&hand.row.stage.as_str()) || reason == hand.row.status_reason {
            return Ok(());
        }
        let change = job::ActiveModel { status_reason: Set(reason), ..Default::default() };
        self.write_change(hand, "training.hold_job", change).await
    }

    async fn act(&self, hand: Hand<'_>) -> Result<Next> {
        match Stage::from_name(&hand.row.stage)? {
            Stage::Waiting => self.admit(hand).await,
            Stage::Preparing => self.prepare(hand).await,
            Stage::Starting => self.start(hand).await,
            Stage::Following => self.follow(hand).await,
            Stage::Registering => self.register(hand).await,
            Stage::Archiving => self.archive(hand).await,
            Stage::Resting => Ok(Next::Rest),
        }
    }
}

/// The next attempt begins here.
fn placed(room: &SqlTraining, row: &job::Model) -> Result<job::ActiveModel> {
    Ok(job::ActiveModel {
        stage: Set(Stage::Preparing.name().to_owned()),
        status_reason: Set("its data is being brought together".to_owned()),
        place: Set(Some(room.scheduler.site().name.clone())),
        attempt: Set(row.attempt + 1),
        attempt_at: Set(None),
        not_before: Set(0),
        events_read: Set(0),
        seen: Set(encode(&Seen::default())?),
        cpu_before: Set(row.cpu_before + row.cpu_now),
        cpu_now: Set(0),
        ..Default::default()
    })
}

/// Acts for who submitted the job: what is made is his.
fn on_behalf(ctx: &Ctx, row: &job::Model) -> Ctx {
    let mut ctx = ctx.clone();
    ctx.caller = Caller { actor: row.submitted_by.clone(), project: row.project.clone(), ..Caller::system() };
    ctx
}

#[async_trait]
impl Reconcile for Trainings {
    fn name(&self) -> &'static str {
        "training"
    }

    /// Jobs whose work is here, then those whose turn it is, then those whose pause is over.
    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let room = &self.room;
        let conn = room.store.conn(ctx);
        let ids = job::Entity::find().select_only().column(job::Column::Id);
        let busy = ids
            .clone()
            .filter(job::Column::Stage.is_in(Stage::BUSY.map(Stage::name)))
            .filter(job::Column::Place.eq(room.scheduler.site().name.as_str()))
            .order_by_asc(job::Column::SubmittedAt)
            .limit(DUE);
        let mut due: Vec<Id> = busy.into_tuple().all(&conn).await?;
        due.extend(room.scheduler.startable(ctx, "training").await?.into_iter().map(|owner| owner.id));
        let rested = ids
            .filter(job::Column::Stage.eq(Stage::Waiting.name()))
            .filter(job::Column::NotBefore.between(1, ctx.now().micros()))
            .limit(DUE);
        due.extend(rested.into_tuple::<Id>().all(&conn).await?);
        Ok(due.iter().map(ToString::to_string).collect())
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let room = &self.room;
        let id: Id = step.key.parse().map_err(|_| Error::unexpected("a job's key is no id"))?;
        let Some(row) = job::Entity::find_by_id(id).one(&room.store.conn(ctx)).await? else { return Ok(Next::Rest) };
        if row.place.as_ref().is_some_and(|place| *place != room.scheduler.site().name) {
            return Ok(Next::Rest); // its work is elsewhere
        }
        let ctx = ctx.within(&row.project);
        let hand = Hand { ctx: &ctx, step, row: &row };
        let outcome = room.act(hand).await;
        if let Err(error) = &outcome {
            room.tell(hand, error).await?;
        }
        outcome
    }
}
