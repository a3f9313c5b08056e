//! Who runs when, as tables; and the queue on a real SQLite file.

use super::*;
use crate::base::Ctx;
use crate::store::{Store, trial};

fn who(name: &str) -> Owner {
    Owner { kind: "job".into(), id: uuid::Uuid::from_u128(name.bytes().fold(0, |id, b| id << 8 | u128::from(b))) }
}

/// `a:1000@5+3` asks for 1000, has priority 5 and came at second 3.
fn queue(text: &str) -> Vec<Waiting> {
    let one = |word: &str| {
        let (name, rest) = word.split_once(':').unwrap();
        let (rest, since) = rest.split_once('+').unwrap_or((rest, "0"));
        let (cpu, priority) = rest.split_once('@').unwrap_or((rest, "0"));
        let since = Timestamp::from_micros(since.parse::<i64>().unwrap() * 1_000_000);
        Waiting { owner: who(name), cpu_millis: cpu.parse().unwrap(), priority: priority.parse().unwrap(), since }
    };
    text.split_whitespace().map(one).collect()
}

/// Decides on a machine of two cores, of which `running` are taken, and says for each name in order what was decided.
#[track_caller]
fn check(waiting: &str, running: u32, now: i64, expect: &str) {
    let held = [Held { owner: who("r"), cpu_millis: running }];
    let decisions = place(queue(waiting), 2000, &held, Timestamp::from_micros(now * 1_000_000));
    let name = |id: &Owner| String::from_utf8(id.id.as_bytes().iter().copied().filter(|b| *b != 0).collect()).unwrap();
    let said: Vec<String> = decisions
        .iter()
        .map(|(owner, decision)| match decision {
            Decision::Start => format!("{}:start", name(owner)),
            Decision::Behind { position } => format!("{}:{position}", name(owner)),
            Decision::Full { position, free } => format!("{}:{position}/{free}", name(owner)),
            Decision::Never => format!("{}:never", name(owner)),
        })
        .collect();
    assert_eq!(said.join(" "), expect);
}

#[test]
fn a_free_machine_starts_at_once() {
    check("a:1000", 0, 0, "a:start");
}

#[test]
fn as_many_start_as_fit() {
    check("a:1000 b:1000+1 c:1000+2", 0, 2, "a:start b:start c:1/0");
}

#[test]
fn who_came_first_goes_first() {
    check("b:2000+1 a:2000", 0, 1, "a:start b:1/0");
}

#[test]
fn the_higher_priority_goes_first() {
    check("a:2000 b:2000@1+1", 0, 1, "b:start a:1/0");
}

#[test]
fn nobody_overtakes_the_next_in_line() {
    check("a:2000 b:1000+1", 1000, 1, "a:1/1000 b:2");
}

#[test]
fn waiting_counts_as_priority() {
    check("a:2000 b:2000@1+1199", 0, 1200, "a:start b:1/0");
}

#[test]
fn the_impossible_holds_up_nobody() {
    check("a:3000 b:1000+1", 0, 1, "a:never b:start");
}

#[test]
fn a_machine_that_shrank_starts_nothing() {
    check("a:1000", 9000, 0, "a:1/0");
}

async fn scheduler() -> (tempfile::TempDir, Store, Scheduler) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let site = Site { name: "here".into(), cpu_millis: 1000 };
    let scheduler = Scheduler::new(store.clone(), site);
    (dir, store, scheduler)
}

async fn reserve(scheduler: &Scheduler, ctx: &Ctx, name: &str, cpu_millis: u32) -> crate::base::Result<()> {
    let request = Reserve { owner: who(name), cpu_millis, priority: 0, since: ctx.now() };
    scheduler.reserve(ctx, request).await
}

#[tokio::test]
async fn one_slot_serves_one_after_the_other() {
    let (_dir, _store, scheduler) = scheduler().await;
    let ctx = Ctx::system();
    reserve(&scheduler, &ctx, "a", 1000).await.unwrap();
    reserve(&scheduler, &ctx, "b", 1000).await.unwrap();
    assert_eq!(scheduler.admit(&ctx, &who("a")).await.unwrap(), Standing::Held);
    assert!(matches!(scheduler.admit(&ctx, &who("b")).await.unwrap(), Standing::Waiting { position: 1, .. }));
    scheduler.release(&ctx, &who("a")).await.unwrap();
    assert_eq!(scheduler.admit(&ctx, &who("b")).await.unwrap(), Standing::Held);
}

#[tokio::test]
async fn asking_twice_is_asking_once() {
    let (_dir, _store, scheduler) = scheduler().await;
    let ctx = Ctx::system();
    reserve(&scheduler, &ctx, "a", 1000).await.unwrap();
    scheduler.admit(&ctx, &who("a")).await.unwrap();
    reserve(&scheduler, &ctx, "a", 1000).await.unwrap();
    assert_eq!(scheduler.admit(&ctx, &who("a")).await.unwrap(), Standing::Held);
}

#[tokio::test]
async fn a_release_wakes_who_waits() {
    let (_dir, store, scheduler) = scheduler().await;
    let ctx = Ctx::system();
    reserve(&scheduler, &ctx, "a", 1000).await.unwrap();
    reserve(&scheduler, &ctx, "b", 1000).await.unwrap();
    scheduler.admit(&ctx, &who("a")).await.unwrap();
    let unit = store.begin(&ctx).await.unwrap();
    scheduler.release(&unit, &who("a")).await.unwrap();
    let signals = unit.signals();
    store.commit(unit).await.unwrap();
    assert_eq!(signals, ["job"]);
}

#[tokio::test]
async fn what_can_never_be_given_is_refused() {
    let (_dir, _store, scheduler) = scheduler().await;
    let error = reserve(&scheduler, &Ctx::system(), "a", 1001).await.unwrap_err();
    assert_eq!(error.stable_code(), "too_much_cpu");
}
