//! Removing what an evaluation that is over no longer needs.

use sea_orm::ActiveValue::Set;

use super::super::super::recipe;
use super::super::super::rows::run;
use super::super::super::status::Stage;
use super::super::SqlEvaluation;
use super::Hand;
use super::prepare::samples_owner;
use crate::base::{Result, crash_point};
use crate::store::Next;

impl SqlEvaluation {
    /// Its processes go with their files, then its samples' blob; the answers stay.
    pub(super) async fn archive(&self, hand: Hand<'_>) -> Result<Next> {
        // One more than was counted: a process may have been started and its count not written.
        for attempt in 1..=hand.row.attempt + 1 {
            crash_point("evaluation.remove.before", &hand.row.name);
            self.compute.remove(&recipe::work_id(hand.id(), attempt)?).await?;
            crash_point("evaluation.remove.after", &hand.row.name);
        }
        self.write(hand, "evaluation.archive_run", |room, ctx, row| {
            Box::pin(async move {
                if let Some(digest) = &row.data_digest {
                    room.blobs.release(&room.store, &ctx, &samples_owner(&row), digest).await?;
                }
                let change = run::ActiveModel { stage: Set(Stage::Resting.name().to_owned()), ..Default::default() };
                room.change(&ctx, &row, change).await
            })
        })
        .await?;
        Ok(Next::Rest)
    }
}
