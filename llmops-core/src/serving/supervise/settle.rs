//! What becomes of one replica by what is seen of it.

use std::time::Duration;

use super::{Health, Replica, Seen, Stage, words};
use crate::base::Timestamp;
use crate::compute::{Exit, Phase};

/// Failures in a row that make a crash loop.
pub(super) const CRASH_LOOP: u32 = 3;
/// The longest pause before a restart, in seconds.
const LONGEST_PAUSE: i64 = 300;
/// How long a replica must have been ready for its earlier failures not to count, in seconds.
const PROVEN: f64 = 60.0;
/// How long a model may take to load, in seconds.
const STARTUP: f64 = 1800.0;
/// How long a replica may not answer before it is restarted, in seconds.
const UNANSWERED: f64 = 60.0;
/// Late health checks in a row that count as one that fails.
const LATE: u32 = 5;
/// How long the replicas that are left go on answering what was sent to them before they are told to end, in seconds.
pub(super) const LINGER: f64 = 5.0;
/// How long a replica has to end after it was told to.
pub(super) const GRACE: Duration = Duration::from_secs(15);

/// The end of work whose place does not say how it ended.
const UNKNOWN: Exit = Exit { code: None, signal: None, out_of_memory: false, stopped: false };

/// What is left to do for a replica.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing.
    Nothing,
    /// Its work is to be started, again if it was.
    Start,
    /// Its work is to be told to end.
    Stop,
    /// It is over.
    Over,
    /// It failed; the next incarnation follows.
    Restart,
}

/// Looks at one replica.
pub(super) fn settle(replica: &mut Replica, seen: Option<&Seen>, now: Timestamp) -> Need {
    let ended = seen.filter(|seen| seen.work.phase == Phase::Ended).map(|seen| seen.work.exit.unwrap_or(UNKNOWN));
    match replica.stage {
        Stage::Waiting => {
            if replica.not_before.is_some_and(|at| at > now) {
                return Need::Nothing;
            }
            replica.not_before = None;
            replica.enter(Stage::Starting, now);
            Need::Start
        }
        Stage::Starting | Stage::Ready | Stage::Unready => match (seen, ended) {
            (None, _) if replica.stage == Stage::Starting => Need::Start,
            (None, _) => fail(replica, "its process is gone".into(), false, now),
            (Some(seen), Some(exit)) => {
                let hopeless = replica.stage == Stage::Starting && is_hopeless(exit);
                fail(replica, words::exit(exit, &seen.last_lines), hopeless, now)
            }
            (Some(seen), None) => alive(replica, seen, now),
        },
        Stage::Leaving => {
            if seen.is_none() || ended.is_some() {
                return Need::Over;
            }
            if now.seconds_since(replica.since) < LINGER {
                return Need::Nothing;
            }
            replica.enter(Stage::Stopping, now);
            Need::Stop
        }
        Stage::Stopping if seen.is_none() || ended.is_some() => Need::Over,
        Stage::Stopping => Need::Stop,
    }
}

/// A replica whose work is not over.
fn alive(replica: &mut Replica, seen: &Seen, now: Timestamp) -> Need {
    let for_seconds = now.seconds_since(replica.since);
    let running = seen.work.started_at.map_or(0.0, |at| now.seconds_since(at));
    match &seen.health {
        Health::Passing => {
            replica.address.clone_from(&seen.work.address);
            replica.late = 0;
            if replica.stage != Stage::Ready {
                replica.enter(Stage::Ready, now);
            }
            replica.fault = None;
            Need::Nothing
        }
        Health::Late if replica.stage == Stage::Ready && replica.late + 1 < LATE => {
            replica.late += 1;
            Need::Nothing
        }
        health if replica.stage == Stage::Ready => {
            replica.fault = Some(words::unanswered(health));
            replica.enter(Stage::Unready, now);
            Need::Nothing
        }
        health if replica.stage == Stage::Unready && for_seconds > UNANSWERED => {
            fail(replica, format!("{} for a minute", words::unanswered(health)), false, now)
        }
        _ if replica.stage == Stage::Starting && running > STARTUP => {
            fail(replica, "was not ready within half an hour".into(), false, now)
        }
        _ => Need::Nothing,
    }
}

/// A replica that failed waits, longer each time. What failed is kept until the next one fails, for what it wrote.
pub(super) fn fail(replica: &mut Replica, why: String, hopeless: bool, now: Timestamp) -> Need {
    if replica.stage == Stage::Ready && now.seconds_since(replica.since) >= PROVEN {
        replica.failures = 0;
    }
    replica.failures = replica.failures.saturating_add(1);
    if hopeless {
        replica.failures = replica.failures.max(CRASH_LOOP);
    }
    replica.not_before = Some(now.plus_seconds(pause(replica.failures)));
    replica.fault = Some(why);
    replica.address = None;
    replica.late = 0;
    replica.enter(Stage::Waiting, now);
    Need::Restart
}

/// 1, 2, 4 .. 300 seconds.
fn pause(failures: u32) -> i64 {
    (1i64 << failures.saturating_sub(1).min(16)).min(LONGEST_PAUSE)
}

/// Whether the same files and arguments will fail the same way: the runtime refused them before it served.
fn is_hopeless(exit: Exit) -> bool {
    matches!(exit.code, Some(2 | 65 | 66))
}
