//! How an endpoint is, in words and with the evidence.

use super::settle::CRASH_LOOP;
use super::{Health, Replica, Sights, Situation, Stage, Wanted};
use crate::compute::{Exit, Phase};
use crate::serving::EndpointStatus;

/// How an endpoint is and why. `trouble` is what could not be done for it last.
pub(in super::super) fn judge(now_is: &Situation, seen: &Sights, trouble: Option<&str>) -> (EndpointStatus, String) {
    let (status, mut reason) = match now_is.wanted {
        Wanted::Running => running(now_is, seen),
        Wanted::Stopped => (EndpointStatus::Stopped, ending(now_is, "stopped as asked", "stopping")),
        Wanted::Deleted => (EndpointStatus::Stopped, ending(now_is, "being deleted", "being deleted")),
    };
    if let Some(trouble) = trouble {
        reason = format!("{reason}; {trouble}");
    }
    (status, reason)
}

fn ending(now_is: &Situation, done: &str, doing: &str) -> String {
    match now_is.replicas.len() {
        0 => done.to_owned(),
        1 => format!("{doing}: 1 replica ends what it took"),
        many => format!("{doing}: {many} replicas end what they took"),
    }
}

fn running(now_is: &Situation, seen: &Sights) -> (EndpointStatus, String) {
    let (ready, count) = (now_is.ready(now_is.active), now_is.count);
    let (looping, worst) = worst(now_is, now_is.target, seen);
    if now_is.active != now_is.target {
        let arrived = now_is.ready(now_is.target) >= count;
        let doing = worst.unwrap_or_else(|| if arrived { "is ready" } else { "is about to start" }.to_owned());
        let next = format!("revision {} {doing}", now_is.target);
        let (_, own) = self::worst(now_is, now_is.active, seen);
        let own = own.map_or_else(|| "is ready".to_owned(), |own| format!("({ready} of {count} ready) {own}"));
        let now = match ready {
            0 => next,
            _ => format!("revision {} answers and {own}; {next}", now_is.active),
        };
        let status = match ready {
            0 if looping => EndpointStatus::Failed,
            0 => EndpointStatus::Deploying,
            ready if ready < count || looping => EndpointStatus::Degraded,
            _ => EndpointStatus::Healthy,
        };
        return (status, now);
    }
    let worst = worst.unwrap_or_else(|| "is about to start".into());
    match ready {
        ready if ready >= count && count == 1 => (EndpointStatus::Healthy, "the replica is ready".into()),
        ready if ready >= count => (EndpointStatus::Healthy, format!("all {count} replicas are ready")),
        0 if looping => (EndpointStatus::Failed, format!("no replica is ready: one {worst}")),
        0 => (EndpointStatus::Deploying, format!("no replica is ready: one {worst}")),
        ready => (EndpointStatus::Degraded, format!("{ready} of {count} replicas are ready: one {worst}")),
    }
}

/// Whether all replicas of a revision that are not ready keep failing, and what the worst of them does.
fn worst(now_is: &Situation, revision: u32, seen: &Sights) -> (bool, Option<String>) {
    let of = |replica: &&Replica| replica.revision == revision && !replica.is_ending() && !replica.is_ready();
    let missing: Vec<&Replica> = now_is.replicas.iter().filter(of).collect();
    let looping = !missing.is_empty() && missing.iter().all(|replica| replica.failures >= CRASH_LOOP);
    let worst = missing.into_iter().max_by_key(|replica| (replica.failures, replica.fault.is_some()));
    (looping, worst.map(|replica| doing(now_is, replica, seen)))
}

/// What a replica that is not ready does; reads on from its name.
fn doing(now_is: &Situation, replica: &Replica, seen: &Sights) -> String {
    let fault = replica.fault.as_deref().unwrap_or("for no known reason");
    if replica.failures >= CRASH_LOOP && replica.stage != Stage::Unready {
        return format!("keeps failing: it {fault}");
    }
    match replica.stage {
        Stage::Waiting => format!("is about to start again: it {fault}"),
        Stage::Unready if replica.fault.is_none() => "is being taken back".to_owned(),
        Stage::Unready => fault.to_owned(),
        Stage::Starting if replica.fault.is_some() => format!("starts again: it {fault}"),
        Stage::Starting => starting(now_is, replica, seen),
        Stage::Ready | Stage::Leaving | Stage::Stopping => "ends".to_owned(),
    }
}

/// How far a replica is that starts for the first time.
fn starting(now_is: &Situation, replica: &Replica, seen: &Sights) -> String {
    let work = replica.work(now_is.id).ok().and_then(|work| seen.get(&work)).map(|sight| &sight.work);
    match work {
        Some(work) if work.phase == Phase::Waiting && !work.reason.is_empty() => format!("waits: {}", work.reason),
        Some(work) if work.phase == Phase::Running && work.address.is_some() => "loads the model".to_owned(),
        Some(work) if work.phase == Phase::Running => "starts".to_owned(),
        _ => "is queued".to_owned(),
    }
}

/// How a replica ended; reads on from `it`.
pub(super) fn exit(exit: Exit, last_lines: &str) -> String {
    let how = match (exit.code, exit.signal) {
        _ if exit.out_of_memory || exit.code == Some(69) => "ran out of memory".to_owned(),
        (Some(0), _) => "ended by itself".to_owned(),
        (Some(code), _) => format!("ended with exit code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "ended".to_owned(),
    };
    match last_lines.trim() {
        "" => how,
        lines => format!("{how} after saying: {lines}"),
    }
}

/// What a replica that does not pass its health check does; reads on from its name.
pub(super) fn unanswered(health: &Health) -> String {
    match health {
        Health::Failing(why) => format!("does not pass its health check ({why})"),
        Health::Late => "answers its health check too late".to_owned(),
        Health::Unasked | Health::Passing => "no longer says where it listens".to_owned(),
    }
}
