//! The decision, apart from everything else: who starts now, who waits and why.

use super::Owner;
use crate::base::Timestamp;

/// Waiting this long is worth one step of priority, so that nobody waits for ever behind more important work.
const AGEING_SECONDS: i64 = 600;

/// Somebody who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub owner: Owner,
    /// Thousandths of a core asked for.
    pub cpu_millis: u32,
    /// Higher goes first.
    pub priority: i32,
    /// Since when.
    pub since: Timestamp,
}

/// Somebody who runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Who.
    pub owner: Owner,
    /// Thousandths of a core held.
    pub cpu_millis: u32,
}

/// What is decided for one who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// He starts now.
    Start,
    /// Others come before him.
    Behind {
        /// His place in the queue, from 1.
        position: u32,
    },
    /// He is next, and too little is free.
    Full {
        /// His place in the queue, from 1.
        position: u32,
        /// Thousandths of a core that are free.
        free: u32,
    },
    /// He asks for more than there is at all.
    Never,
}

/// Decides for everybody who waits, in the order in which they are served: the higher priority first, each ten minutes of
/// waiting counting as one step; among equals, who came first. Nobody overtakes the next in line, so a large
/// request cannot be starved by small ones. Who can never be served is passed over.
pub fn place(mut queue: Vec<Waiting>, capacity: u32, running: &[Held], now: Timestamp) -> Vec<(Owner, Decision)> {
    queue.sort_by_key(|waiting| (std::cmp::Reverse(rank(waiting, now)), waiting.since, waiting.owner.clone()));
    let taken: u64 = running.iter().map(|held| u64::from(held.cpu_millis)).sum();
    let mut free = u64::from(capacity).saturating_sub(taken);
    let mut position = 0;
    queue
        .into_iter()
        .map(|waiting| {
            let asked = u64::from(waiting.cpu_millis);
            let decision = if waiting.cpu_millis > capacity {
                Decision::Never
            } else if position == 0 && asked <= free {
                free -= asked;
                Decision::Start
            } else {
                position += 1;
                match position {
                    1 => Decision::Full { position, free: u32::try_from(free).unwrap_or(u32::MAX) },
                    _ => Decision::Behind { position },
                }
            };
            (waiting.owner, decision)
        })
        .collect()
}

fn rank(waiting: &Waiting, now: Timestamp) -> i64 {
    let waited = (now.micros() - waiting.since.micros()).max(0) / 1_000_000;
    i64::from(waiting.priority) + waited / AGEING_SECONDS
}
