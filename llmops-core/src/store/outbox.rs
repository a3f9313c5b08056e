//! The outbox: what a committed write still owes the world outside.

use async_trait::async_trait;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use super::{Next, Reconcile, Step, Store, rows::outbox};
use crate::base::{Ctx, Error, Result, crash_point};

/// The topic that wakes the outbox's loop.
const TOPIC: &str = "outbox";
/// The longest pause between two tries.
const MAX_PAUSE_SECONDS: i64 = 300;

/// Carries out what one topic of the outbox asks for. Doing it twice must be doing it once.
#[async_trait]
pub trait Delivery: Send + Sync + 'static {
    /// The topic, as `blob.release`.
    fn topic(&self) -> &'static str;
    /// Does it.
    async fn deliver(&self, ctx: &Ctx, payload: &Value) -> Result<()>;
}

impl Store {
    /// Owes `topic` a delivery once this unit of work commits.
    pub async fn owe(&self, ctx: &Ctx, topic: &str, payload: Value) -> Result<()> {
        let row = outbox::ActiveModel {
            id: Set(ctx.new_id()),
            topic: Set(topic.to_owned()),
            payload: Set(payload),
            attempts: Set(0),
            due_at: Set(ctx.now().micros()),
            error: Set(String::new()),
        };
        outbox::Entity::insert(row).exec_without_returning(&self.conn(ctx)).await?;
        ctx.signal(TOPIC);
        Ok(())
    }
}

/// The loop that carries out what the outbox holds.
pub(super) struct Outbox {
    pub(super) store: Store,
    pub(super) deliveries: Vec<std::sync::Arc<dyn Delivery>>,
}

#[async_trait]
impl Reconcile for Outbox {
    fn name(&self) -> &'static str {
        TOPIC
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let due = outbox::Entity::find()
            .filter(outbox::Column::DueAt.lte(ctx.now().micros()))
            .order_by_asc(outbox::Column::DueAt)
            .limit(100)
            .all(&self.store.conn(ctx))
            .await?;
        Ok(due.into_iter().map(|row| row.id.to_string()).collect())
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id = step.key.parse().map_err(|_| Error::unexpected("an outbox key is not an id"))?;
        let Some(row) = outbox::Entity::find_by_id(id).one(&self.store.conn(ctx)).await? else {
            return Ok(Next::Rest);
        };
        let delivery = self.deliveries.iter().find(|d| d.topic() == row.topic);
        let outcome = match delivery {
            Some(delivery) => {
                crash_point("deliver.before", &row.topic);
                let done = delivery.deliver(ctx, &row.payload).await;
                crash_point("deliver.after", &row.topic);
                done
            }
            None => Err(Error::unexpected(format!("nobody delivers `{}`", row.topic))),
        };
        match outcome {
            Ok(()) => {
                outbox::Entity::delete_by_id(id).exec(&self.store.conn(ctx)).await?;
            }
            Err(error) => {
                tracing::warn!(topic = row.topic, attempts = row.attempts, error = %error.with_causes(), "a delivery failed; it is tried again");
                let pause = (1i64 << row.attempts.clamp(0, 9)).min(MAX_PAUSE_SECONDS);
                let again = outbox::ActiveModel {
                    id: Set(id),
                    attempts: Set(row.attempts.saturating_add(1)),
                    due_at: Set(ctx.now().plus_seconds(pause).micros()),
                    error: Set(error.message().to_owned()),
                    ..Default::default()
                };
                outbox::Entity::update(again).exec(&self.store.conn(ctx)).await?;
            }
        }
        Ok(Next::Rest)
    }
}
