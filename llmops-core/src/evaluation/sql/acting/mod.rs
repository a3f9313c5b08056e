//! The loop that carries evaluations out. A step looks at the row and does one thing that may be done twice; what it learns
//! is written before the next, so it does not matter where a server dies, or which one goes on.

mod archive;
mod ask;
mod collect;
mod finish;
mod follow;
mod prepare;

use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::super::examples::{self, Example};
use super::super::rows::{run, sample};
use super::super::status::Stage;
use super::super::{EvaluationRunId, EvaluationStatus, recipe};
use super::start::owner;
use super::{SqlEvaluation, off_thread, topic, wakes};
use crate::base::{Caller, Ctx, Error, Id, Result, Timestamp};
use crate::scheduling::Standing;
use crate::store::{Next, Reconcile, Step};

/// The most evaluations that are looked at.
const DUE: u64 = 200;
/// At once.
const NOW: Next = Next::After(Duration::ZERO);
/// Samples of one statement.
const CHUNK: usize = 200;
/// What is said of an evaluation whose turn has come.
pub(super) const PREPARING: &str = "its samples are being brought together";
/// The most bytes of all samples of an evaluation.
const SAMPLE_BYTES: u64 = 256 << 20;

/// Carries evaluations out.
pub struct Evaluations {
    room: SqlEvaluation,
    listening: tokio::task::JoinHandle<()>,
}

impl Evaluations {
    /// The loop over this room. It hears of processes that changed from the place itself.
    pub fn new(room: SqlEvaluation) -> Self {
        let (mut changes, signals) = (room.compute.subscribe(), room.store.signals().clone());
        let listening = tokio::spawn(async move {
            use tokio::sync::broadcast::error::RecvError;
            loop {
                match changes.recv().await {
                    Ok(work) => {
                        if let Some(run) = recipe::run_of(&work) {
                            signals.wake(&[wakes(run)]);
                        }
                    }
                    // Some were missed: the loop looks at running processes every second anyway.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        });
        Self { room, listening }
    }
}

impl Drop for Evaluations {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// An evaluation under the loop's hand: the row as it was read, and the right to write it.
#[derive(Clone, Copy)]
struct Hand<'a> {
    ctx: &'a Ctx,
    step: Step<'a>,
    row: &'a run::Model,
}

impl Hand<'_> {
    fn id(&self) -> EvaluationRunId {
        EvaluationRunId(self.row.id)
    }
}

impl SqlEvaluation {
    /// Writes in one unit, unless another server took the evaluation over.
    async fn write(
        &self,
        hand: Hand<'_>,
        action: &'static str,
        work: impl FnOnce(Self, Ctx, run::Model) -> BoxFuture<'static, Result<()>> + Send + 'static,
    ) -> Result<()> {
        let (room, row) = (self.clone(), hand.row.clone());
        self.store.write_fenced(hand.ctx, hand.step.lease, action, move |ctx| work(room, ctx, row)).await
    }

    /// Writes a change of the row alone.
    async fn write_change(&self, hand: Hand<'_>, action: &'static str, change: run::ActiveModel) -> Result<()> {
        self.write(hand, action, |room, ctx, row| Box::pin(async move { room.change(&ctx, &row, change).await })).await
    }

    /// Goes on with another stage.
    async fn go(&self, hand: Hand<'_>, stage: Stage, change: run::ActiveModel) -> Result<Next> {
        let change = run::ActiveModel { stage: Set(stage.name().to_owned()), ..change };
        self.write_change(hand, "evaluation.go_on", change).await?;
        Ok(NOW)
    }

    /// Ends an evaluation that did not succeed, with the CPU time and the counts of the row under the hand.
    async fn give_up(&self, hand: Hand<'_>, status: EvaluationStatus, reason: String) -> Result<Next> {
        self.write(hand, "evaluation.end_run", move |room, ctx, row| {
            Box::pin(async move {
                let change = run::ActiveModel {
                    cost: Set(room.charge(&ctx, &row).await?),
                    cpu_millis: Set(row.cpu_millis),
                    done: Set(row.done),
                    failed: Set(row.failed),
                    ..Default::default()
                };
                room.end(&ctx, &row, (status, reason), change).await
            })
        })
        .await?;
        Ok(NOW)
    }

    /// Waits for its turn, and takes it.
    async fn admit(&self, hand: Hand<'_>) -> Result<Next> {
        self.write(hand, "evaluation.admit_run", |room, ctx, row| {
            Box::pin(async move {
                room.hold_still(&ctx, &row).await?;
                let owner = owner(EvaluationRunId(row.id));
                let since = Timestamp::from_micros(row.created_at);
                room.scheduler.reserve(&ctx, room.cores(EvaluationRunId(row.id), since)).await?;
                if room.scheduler.admit(&ctx, &owner).await? != Standing::Held {
                    return Ok(());
                }
                let change = run::ActiveModel {
                    stage: Set(Stage::Preparing.name().to_owned()),
                    status_reason: Set(PREPARING.to_owned()),
                    place: Set(Some(room.scheduler.site().name.clone())),
                    ..Default::default()
                };
                room.change(&ctx, &row, change).await
            })
        })
        .await?;
        let row = self.load(hand.ctx, hand.id()).await?;
        Ok(if row.stage == Stage::Waiting.name() { Next::Rest } else { NOW })
    }

    /// Its samples, read from their blob.
    async fn examples(&self, row: &run::Model) -> Result<Vec<Example>> {
        let missing = || Error::unexpected("an evaluation has no samples to go on with");
        let bytes = self.blobs.read(row.data_digest.as_deref().ok_or_else(missing)?, SAMPLE_BYTES).await?;
        off_thread(move || examples::read(&bytes)).await
    }

    /// Records answers. Those that are recorded already stay as they are.
    async fn record(&self, hand: Hand<'_>, answers: Vec<sample::Model>) -> Result<()> {
        self.write(hand, "evaluation.record_samples", move |room, ctx, row| {
            Box::pin(async move {
                for chunk in answers.chunks(CHUNK) {
                    let known =
                        OnConflict::columns([sample::Column::RunId, sample::Column::Number]).do_nothing().to_owned();
                    let rows = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
                    let insert = sample::Entity::insert_many(rows).on_conflict(known);
                    insert.exec_without_returning(&room.store.conn(&ctx)).await?;
                }
                ctx.signal(topic(EvaluationRunId(row.id)));
                Ok(())
            })
        })
        .await
    }

    /// How many samples are recorded, and how many of them without an answer.
    async fn counts(&self, ctx: &Ctx, id: EvaluationRunId) -> Result<(i64, i64)> {
        let all = sample::Entity::find().filter(sample::Column::RunId.eq(id.0));
        let failed = all.clone().filter(sample::Column::Error.is_not_null()).count(&self.store.conn(ctx)).await?;
        let all = all.count(&self.store.conn(ctx)).await?;
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Ok((signed(all), signed(failed)))
    }

    /// Says in the row what keeps an evaluation from going on. It is tried again.
    async fn tell(&self, hand: Hand<'_>, error: &Error) -> Result<()> {
        let passing = matches!(error.stable_code(), "lease_lost" | "evaluation_changed");
        let reason = format!("{}; it is tried again", error.message());
        let held = [Stage::Preparing, Stage::Starting, Stage::Collecting, Stage::Scoring].map(Stage::name);
        let known = hand.row.stopping || reason == hand.row.status_reason;
        if passing || known || !held.contains(&hand.row.stage.as_str()) {
            return Ok(());
        }
        let change = run::ActiveModel { status_reason: Set(reason), ..Default::default() };
        self.write_change(hand, "evaluation.hold_run", change).await
    }

    async fn act(&self, hand: Hand<'_>) -> Result<Next> {
        match Stage::from_name(&hand.row.stage)? {
            Stage::Waiting => self.admit(hand).await,
            Stage::Preparing => self.prepare(hand).await,
            Stage::Starting => self.start_process(hand).await,
            Stage::Following => self.follow(hand).await,
            Stage::Collecting => self.collect(hand).await,
            Stage::Asking => self.ask(hand).await,
            Stage::Scoring => self.finish(hand).await,
            Stage::Archiving => self.archive(hand).await,
            Stage::Resting => Ok(Next::Rest),
        }
    }
}

/// Acts for who started the evaluation: what is asked is asked by him.
fn on_behalf(ctx: &Ctx, row: &run::Model) -> Ctx {
    let mut ctx = ctx.clone();
    ctx.caller = Caller { actor: row.run_by.clone(), project: row.project.clone(), ..Caller::system() };
    ctx
}

/// A text that every database takes.
fn clean(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

#[async_trait]
impl Reconcile for Evaluations {
    fn name(&self) -> &'static str {
        "evaluation"
    }

    /// Those that are under way here or anywhere, then those whose turn it is.
    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let room = &self.room;
        let here = run::Column::Place.eq(room.scheduler.site().name.as_str());
        let busy = run::Entity::find()
            .select_only()
            .column(run::Column::Id)
            .filter(run::Column::Stage.is_in(Stage::BUSY.map(Stage::name)))
            .filter(Condition::any().add(run::Column::Place.is_null()).add(here))
            .order_by_asc(run::Column::CreatedAt)
            .limit(DUE);
        let mut due: Vec<Id> = busy.into_tuple().all(&room.store.conn(ctx)).await?;
        due.extend(room.scheduler.startable(ctx, "evaluation").await?.into_iter().map(|owner| owner.id));
        Ok(due.iter().map(ToString::to_string).collect())
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let room = &self.room;
        let id: Id = step.key.parse().map_err(|_| Error::unexpected("an evaluation's key is no id"))?;
        let Some(row) = run::Entity::find_by_id(id).one(&room.store.conn(ctx)).await? else { return Ok(Next::Rest) };
        if row.place.as_ref().is_some_and(|place| *place != room.scheduler.site().name) {
            return Ok(Next::Rest); // its process is elsewhere
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
