//! What replicas use, charged once a minute and when they end.

use std::collections::BTreeMap;

use super::super::rows::endpoint;
use super::super::supervise::{Replica, Sights, Situation};
use super::SqlServing;
use crate::base::{Ctx, Result, Timestamp};
use crate::compute::{Observed, Phase};
use crate::cost::{Charge, CostResource, CostUsage};

/// How often a replica is charged, in seconds.
const OFTEN: f64 = 60.0;

impl SqlServing {
    /// What is to be charged now; the situation says that it was.
    pub(super) async fn charges(
        &self,
        ctx: &Ctx,
        row: &endpoint::Model,
        situation: &mut Situation,
        seen: &Sights,
    ) -> Result<Vec<Charge>> {
        let (id, now) = (situation.id, ctx.now());
        let mut charges = Vec::new();
        for replica in &mut situation.replicas {
            let work = replica.work(id)?;
            let Some(used) = seen.get(&work).and_then(|sight| due(replica, &sight.work, now)) else { continue };
            let of = self.revision(ctx, row.id, replica.revision.into()).await?;
            charges.push(Charge {
                key: format!("serving/{work}/{}", replica.charged_millis),
                resource: CostResource::Endpoint,
                resource_id: id.to_string(),
                model_id: Some(of.model_id),
                model: Some(of.model_name),
                project: row.project.clone(),
                actor: of.created_by,
                usage: BTreeMap::from([(CostUsage::CpuMillis, used)]),
                at: now,
            });
            replica.charged_millis += used;
            replica.charged_at = now;
        }
        Ok(charges)
    }
}

/// The CPU milliseconds that are to be charged, if it is time to.
fn due(replica: &Replica, work: &Observed, now: Timestamp) -> Option<u64> {
    let used = ((work.cpu_seconds * 1000.0) as u64).saturating_sub(replica.charged_millis);
    let time = work.phase == Phase::Ended || now.seconds_since(replica.charged_at) >= OFTEN;
    (time && used > 0).then_some(used)
}
