//! `?wait=30s`: a read that is answered when what it asks for changes.

use std::time::Duration;

use futures::StreamExt;
use llmops_core::base::{Ctx, Error, Result};
use llmops_core::op::Operation;
use serde_json::Value;

use crate::Door;
use crate::request::Fields;

const FIELD: &str = "wait";
/// The longest a call waits, in seconds.
const MOST: u64 = 60;

/// A wait that was asked for.
pub(crate) struct Wait {
    events: &'static Operation,
    at_most: Duration,
}

/// The wait that a query asks for, taken out of the fields.
///
/// # Errors
/// `invalid` when it is no such time. An operation whose changes nobody tells knows no such field.
pub(crate) fn wanted(door: &Door, op: &Operation, fields: &mut Fields<'_>) -> Result<Option<Wait>> {
    let Some(events) = door.ops().operations().events_of(op) else { return Ok(None) };
    let Some(text) = fields.take_stranger(FIELD) else { return Ok(None) };
    let seconds = text.strip_suffix('s').unwrap_or(&text).parse().ok().filter(|seconds| (1..=MOST).contains(seconds));
    let seconds = seconds
        .ok_or_else(|| Error::invalid(FIELD, format!("must be 1 to {MOST} seconds")).hint("for example `wait=30s`"))?;
    Ok(Some(Wait { events, at_most: Duration::from_secs(seconds) }))
}

impl Wait {
    /// The stream tells the present state and then each change; it ends when nothing more will change.
    pub(crate) async fn for_a_change(self, door: &Door, ctx: &Ctx, request: Value) -> Result<()> {
        let mut events = door.ops().stream(ctx.clone(), self.events.name, request).await?;
        if events.next().await.is_some_and(|present| present.is_ok()) {
            // Over, the present state is the answer.
            let _ = tokio::time::timeout(self.at_most, events.next()).await;
        }
        Ok(())
    }
}
