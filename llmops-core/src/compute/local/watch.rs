//! Telling who listens that work has changed, whoever started it.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use llmops_supervisor::Records;

use super::{Inner, look, off_thread};
use crate::base::Result;
use crate::compute::{Phase, WorkId};

/// How often work that has not ended is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// What is compared from look to look.
#[derive(Debug, PartialEq, Eq)]
struct Face {
    phase: Option<Phase>,
    address: Option<String>,
    written: u64,
}

/// Looks again and again, until the place is closed.
pub(super) async fn run(place: Weak<Inner>) {
    let mut known: BTreeMap<WorkId, Face> = BTreeMap::new();
    loop {
        tokio::time::sleep(LOOK).await;
        let Some(inner) = place.upgrade() else { return };
        let live: Vec<WorkId> = inner.live().iter().cloned().collect();
        known.retain(|id, _| live.contains(id));
        for id in live {
            match face(&inner, &id).await {
                Ok(face) => {
                    if face.phase.is_none_or(|phase| phase == Phase::Ended) {
                        inner.live().remove(&id);
                    }
                    if known.get(&id) != Some(&face) {
                        known.insert(id.clone(), face);
                        inner.tell(&id);
                    }
                }
                Err(error) => tracing::warn!(%error, %id, "cannot look at a piece of work; looking again"),
            }
        }
    }
}

async fn face(inner: &Arc<Inner>, id: &WorkId) -> Result<Face> {
    let folder = inner.folder_of(id);
    off_thread(move || {
        let records = Records::of(&folder);
        let size = |path: std::path::PathBuf| std::fs::metadata(path).map_or(0, |meta| meta.len());
        let written = size(records.events()) + size(records.text());
        let seen = look::look(&folder)?;
        Ok(Face { phase: seen.as_ref().map(|seen| seen.phase), address: seen.and_then(|seen| seen.address), written })
    })
    .await
}
