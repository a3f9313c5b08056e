//! The decision: from what is asked and what is seen to what is kept and done. Nothing here waits or acts.

use std::collections::BTreeSet;
use std::time::Duration;

use super::settle::{self, GRACE, Need, settle};
use super::{Replica, Sights, Situation, Stage, Wanted};
use crate::base::{Result, Timestamp};
use crate::compute::{Phase, WorkId};

/// What is to be done outside. Doing it twice is doing it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Action {
    /// Start the work of the replica of this incarnation.
    Start(u64),
    /// Tell work to end within this long.
    Stop(WorkId, Duration),
    /// Forget work with all it left.
    Remove(WorkId),
}

/// One step: the situation as it is to be kept, then what is to be done.
pub(in super::super) fn step(mut now_is: Situation, seen: &Sights, now: Timestamp) -> Result<(Situation, Vec<Action>)> {
    let mut actions = Vec::new();
    settle_all(&mut now_is, seen, now, &mut actions)?;
    switch(&mut now_is);
    retire(&mut now_is, now);
    if now_is.wanted == Wanted::Running {
        fill(&mut now_is, now, &mut actions);
    }
    tidy(&now_is, seen, &mut actions)?;
    Ok((now_is, actions))
}

/// A start that the place refused: it is tried again later, and said.
pub(in super::super) fn refuse(now_is: &mut Situation, incarnation: u64, why: &str, for_good: bool, now: Timestamp) {
    if let Some(replica) = now_is.replicas.iter_mut().find(|replica| replica.incarnation == incarnation) {
        // Nothing was started, so the incarnation is still good.
        settle::fail(replica, format!("cannot be started: {why}"), for_good, now);
    }
}

/// Has another revision answer: at once if its replicas were only about to leave, else once it is ready.
pub(in super::super) fn roll_to(now_is: &mut Situation, revision: u32, now: Timestamp) {
    now_is.target = revision;
    let of = |replica: &Replica| replica.revision == revision && !replica.is_ending();
    let there: BTreeSet<u32> = now_is.replicas.iter().filter(|r| of(r)).map(|r| r.ordinal).collect();
    if now_is.wanted == Wanted::Running {
        for replica in now_is.replicas.iter_mut().filter(|r| r.revision == revision && r.stage == Stage::Leaving) {
            if replica.address.is_some() && !there.contains(&replica.ordinal) {
                replica.enter(Stage::Ready, now);
            }
        }
    }
    switch(now_is);
    retire(now_is, now);
}

fn settle_all(now_is: &mut Situation, seen: &Sights, now: Timestamp, actions: &mut Vec<Action>) -> Result<()> {
    let id = now_is.id;
    for mut replica in std::mem::take(&mut now_is.replicas) {
        let work = replica.work(id)?;
        match settle(&mut replica, seen.get(&work), now) {
            Need::Nothing => {}
            Need::Start => actions.push(Action::Start(replica.incarnation)),
            Need::Stop => actions.push(Action::Stop(work, GRACE)),
            Need::Over => continue,
            Need::Restart => {
                replica.failed = Some(replica.incarnation);
                replica.incarnation = now_is.incarnate();
                replica.charged_millis = 0;
            }
        }
        now_is.replicas.push(replica);
    }
    Ok(())
}

/// The revision that is to answer does so once all its replicas are ready, or one is and nobody else.
fn switch(now_is: &mut Situation) {
    if now_is.active == now_is.target {
        return;
    }
    let (ready, before) = (now_is.ready(now_is.target), now_is.ready(now_is.active));
    if ready >= now_is.count || (ready > 0 && before == 0) || now_is.wanted != Wanted::Running {
        now_is.previous = Some(now_is.active);
        now_is.active = now_is.target;
    }
}

/// Sends off the replicas that are no longer needed. Those that were asked linger, until every gateway has left them.
fn retire(now_is: &mut Situation, now: Timestamp) {
    let keep = |replica: &Replica| {
        now_is.wanted == Wanted::Running
            && replica.ordinal < now_is.count
            && (replica.revision == now_is.active || replica.revision == now_is.target)
    };
    let kept: Vec<bool> = now_is.replicas.iter().map(keep).collect();
    for (replica, kept) in now_is.replicas.iter_mut().zip(&kept) {
        match replica.stage {
            _ if *kept => {}
            Stage::Ready | Stage::Unready => replica.enter(Stage::Leaving, now),
            Stage::Starting => replica.enter(Stage::Stopping, now),
            Stage::Waiting | Stage::Leaving | Stage::Stopping => {}
        }
    }
    let mut kept = kept.into_iter();
    now_is.replicas.retain(|replica| kept.next() == Some(true) || replica.stage != Stage::Waiting);
}

/// Starts the replicas that are missing; one that was only about to leave stays instead.
fn fill(now_is: &mut Situation, now: Timestamp, actions: &mut Vec<Action>) {
    let (revisions, count) = (BTreeSet::from([now_is.active, now_is.target]), now_is.count);
    for (revision, ordinal) in revisions.into_iter().flat_map(|r| (0..count).map(move |o| (r, o))) {
        let mut same = now_is.replicas.iter_mut().filter(|r| (r.revision, r.ordinal) == (revision, ordinal));
        let (mut there, mut leaving) = (false, None);
        for replica in same.by_ref() {
            there |= !replica.is_ending();
            if replica.stage == Stage::Leaving {
                leaving = Some(replica);
            }
        }
        match leaving {
            _ if there => {}
            Some(replica) => replica.enter(Stage::Unready, now), // ready again at its next health check
            None => {
                let incarnation = now_is.incarnate();
                now_is.replicas.push(Replica::new(revision, ordinal, incarnation, now));
                actions.push(Action::Start(incarnation));
            }
        }
    }
}

/// Whatever runs or lies there that no replica needs goes, whoever left it.
fn tidy(now_is: &Situation, seen: &Sights, actions: &mut Vec<Action>) -> Result<()> {
    let (mut needed, mut failed) = (BTreeSet::new(), BTreeSet::new());
    for replica in &now_is.replicas {
        needed.insert(replica.work(now_is.id)?);
        failed.extend(replica.failed_work(now_is.id)?);
    }
    for (work, sight) in seen {
        if failed.contains(work) && sight.work.phase != Phase::Ended {
            actions.push(Action::Stop(work.clone(), Duration::ZERO));
        } else if !failed.contains(work) && !needed.contains(work) {
            actions.push(Action::Remove(work.clone()));
        }
    }
    // An action decided for a replica that went since is moot.
    let incarnations: BTreeSet<u64> =
        now_is.replicas.iter().filter(|r| r.stage == Stage::Starting).map(|r| r.incarnation).collect();
    actions.retain(|action| !matches!(action, Action::Start(number) if !incarnations.contains(number)));
    Ok(())
}
