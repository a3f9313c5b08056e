//! The loop that brings the journal's records to the ledger. A file is deleted once all its records are there; a crash in
//! between brings some of them twice, and the ledger takes each once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::journal::{Journal, UsageRecord};
use crate::base::{Ctx, Result, crash_point};
use crate::cost::{Charge, CostResource, CostUsage, SqlCost};
use crate::store::{Next, Reconcile, Step, Store};

/// Records of one transaction.
const CHUNK: usize = 1000;
/// The least time between two files, so that a busy server does not write a transaction for each request.
const PAUSE: Duration = Duration::from_secs(1);

/// Brings usage to the ledger.
pub struct Settling {
    store: Store,
    journal: Arc<Journal>,
    cost: Arc<SqlCost>,
    last_cut: Mutex<Option<Instant>>,
}

impl Settling {
    /// The loop from this journal to this ledger.
    pub fn new(store: Store, journal: Arc<Journal>, cost: Arc<SqlCost>) -> Self {
        Self { store, journal, cost, last_cut: Mutex::default() }
    }
}

#[async_trait]
impl Reconcile for Settling {
    fn name(&self) -> &'static str {
        "gateway"
    }

    async fn due(&self, _: &Ctx) -> Result<Vec<String>> {
        let due = {
            let mut last = self.last_cut.lock().unwrap_or_else(PoisonError::into_inner);
            let due = last.is_none_or(|last| last.elapsed() >= PAUSE);
            if due {
                *last = Some(Instant::now());
            }
            due
        };
        Ok(if due { self.journal.cut().await } else { self.journal.closed() })
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        if !self.journal.is_closed(step.key) {
            return Ok(Next::Rest);
        }
        let (journal, name) = (self.journal.clone(), step.key.to_owned());
        let read = tokio::task::spawn_blocking(move || journal.read(&name));
        let records =
            read.await.map_err(|e| crate::base::Error::unexpected("a journal's reader broke").caused_by(e))??;
        for some in records.chunks(CHUNK) {
            let (cost, charges) = (self.cost.clone(), some.iter().map(charge).collect());
            self.store
                .write_fenced(ctx, step.lease, "gateway.settle", move |ctx| {
                    Box::pin(async move { cost.record(&ctx, charges).await })
                })
                .await?;
        }
        crash_point("journal.settled", "usage");
        self.journal.remove(step.key)?;
        Ok(Next::Rest)
    }
}

/// A record as the ledger takes it; its kinds of tokens are disjoint.
fn charge(record: &UsageRecord) -> Charge {
    let usage = &record.usage;
    let used = [
        (CostUsage::InputTokens, usage.prompt_tokens.saturating_sub(usage.cached_tokens)),
        (CostUsage::CachedInputTokens, usage.cached_tokens),
        (CostUsage::OutputTokens, usage.completion_tokens),
    ];
    Charge {
        key: record.id.clone(),
        resource: CostResource::Request,
        resource_id: record.id.clone(),
        model_id: Some(record.model_id),
        model: Some(record.model.clone()),
        project: record.project.clone(),
        actor: record.actor.clone(),
        usage: BTreeMap::from(used),
        at: record.at,
    }
}
