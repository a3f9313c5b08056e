//! The decision, read as a specification: what is asked and kept, what is seen, then what is kept and done.
//!
//! `run 2 1>2` asks for two replicas; revision 1 answers and 2 is to. `1.0#7 ready -9 f2` is the first replica of revision 1
//! in its seventh incarnation, ready for nine seconds, failed twice before. `1.0#7 up` is its work with a passing check.

use std::collections::BTreeMap;

use super::*;
use crate::base::{Id, Timestamp};
use crate::compute::{Exit, Observed, Phase};
use crate::serving::{EndpointId, EndpointStatus};

const NOW: i64 = 1_000_000;

fn now() -> Timestamp {
    Timestamp::from_micros(0).plus_seconds(NOW)
}

fn numbers(name: &str) -> (u32, u32, u64) {
    let (revision, rest) = name.split_once('.').unwrap();
    let (ordinal, incarnation) = rest.split_once('#').unwrap();
    (revision.parse().unwrap(), ordinal.parse().unwrap(), incarnation.parse().unwrap())
}

fn replica(text: &str) -> Replica {
    let mut words = text.split(' ');
    let (revision, ordinal, incarnation) = numbers(words.next().unwrap());
    let mut replica = Replica::new(revision, ordinal, incarnation, now());
    replica.stage = match words.next().unwrap() {
        "waiting" => Stage::Waiting,
        "starting" => Stage::Starting,
        "ready" => Stage::Ready,
        "unready" => Stage::Unready,
        "leaving" => Stage::Leaving,
        "stopping" => Stage::Stopping,
        other => panic!("no stage is called {other}"),
    };
    if !matches!(replica.stage, Stage::Waiting | Stage::Starting) {
        replica.address = Some("127.0.0.1:1".into());
    }
    for word in words {
        match word.split_at(1) {
            ("-", age) => replica.since = now().plus_seconds(-age.parse::<i64>().unwrap()),
            ("+", pause) => replica.not_before = Some(now().plus_seconds(pause.parse().unwrap())),
            ("f", failures) => replica.failures = failures.parse().unwrap(),
            ("l", late) => replica.late = late.parse().unwrap(),
            ("x", failed) => replica.failed = Some(failed.parse().unwrap()),
            _ => panic!("{word} says nothing of a replica"),
        }
    }
    replica
}

fn situation(asked: &str, replicas: &str) -> Situation {
    let words: Vec<&str> = asked.split(' ').collect();
    let (active, target) = words[2].split_once('>').unwrap_or((words[2], words[2]));
    let replicas: Vec<Replica> = replicas.split("; ").filter(|text| !text.is_empty()).map(replica).collect();
    Situation {
        id: EndpointId(Id::nil()),
        wanted: match words[0] {
            "run" => Wanted::Running,
            "stop" => Wanted::Stopped,
            _ => Wanted::Deleted,
        },
        count: words[1].parse().unwrap(),
        active: active.parse().unwrap(),
        target: target.parse().unwrap(),
        previous: None,
        incarnations: replicas.iter().map(|replica| replica.incarnation).max().unwrap_or(0),
        replicas,
    }
}

fn sights(text: &str) -> Sights {
    let mut all = BTreeMap::new();
    for sight in text.split("; ").filter(|text| !text.is_empty()) {
        let (name, how) = sight.split_once(' ').unwrap();
        let (revision, ordinal, incarnation) = numbers(name);
        let id = Replica::new(revision, ordinal, incarnation, now()).work(EndpointId(Id::nil())).unwrap();
        let mut work = Observed {
            id: id.clone(),
            phase: Phase::Running,
            reason: String::new(),
            exit: None,
            started_at: Some(now().plus_seconds(-5)),
            ended_at: None,
            cpu_seconds: 0.0,
            memory_peak_bytes: 0,
            address: Some("127.0.0.1:1".into()),
            labels: BTreeMap::new(),
        };
        let (mut health, mut last_lines) = (Health::Unasked, String::new());
        match how {
            "queued" => (work.phase, work.address, work.reason) = (Phase::Waiting, None, "no core is free".into()),
            "begun" => work.address = None,
            "up" => health = Health::Passing,
            "down" => health = Health::Failing("it answers 503".into()),
            "late" => health = Health::Late,
            "ages" => {
                health = Health::Failing("it answers 503".into());
                work.started_at = Some(now().plus_seconds(-4000));
            }
            exit => {
                let (code, out_of_memory) = match exit {
                    "oom" => (None, true),
                    code => (code.parse().ok(), false),
                };
                work.phase = Phase::Ended;
                work.exit = Some(Exit { code, signal: code.is_none().then_some(9), out_of_memory, stopped: false });
                last_lines = "the last line".into();
            }
        }
        all.insert(id, Seen { work, health, last_lines });
    }
    all
}

fn shown(situation: &Situation) -> String {
    let stage = |replica: &Replica| format!("{:?}", replica.stage).to_lowercase();
    let mut parts = vec![match situation.active == situation.target {
        true => situation.active.to_string(),
        false => format!("{}>{}", situation.active, situation.target),
    }];
    for r in &situation.replicas {
        parts.push(format!("{}.{}#{} {}", r.revision, r.ordinal, r.incarnation, stage(r)));
    }
    parts.join("; ")
}

fn done(actions: &[Action]) -> String {
    let name = |work: &crate::compute::WorkId| {
        let text = work.as_str().rsplit("-r").next().unwrap().replacen('-', ".", 1);
        text.replacen('-', "#", 1)
    };
    let one = |action: &Action| match action {
        Action::Start(incarnation) => format!("start #{incarnation}"),
        Action::Stop(work, grace) if grace.is_zero() => format!("kill {}", name(work)),
        Action::Stop(work, _) => format!("stop {}", name(work)),
        Action::Remove(work) => format!("remove {}", name(work)),
    };
    actions.iter().map(one).collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check((asked, replicas, seen): (&str, &str, &str), kept: &str, actions: &str) {
    let (after, todo) = step(situation(asked, replicas), &sights(seen), now()).unwrap();
    assert_eq!((shown(&after).as_str(), done(&todo).as_str()), (kept, actions), "{asked} | {replicas} | {seen}");
}

#[track_caller]
fn judged((asked, replicas, seen): (&str, &str, &str), status: EndpointStatus, reason: &str) {
    let (after, _) = step(situation(asked, replicas), &sights(seen), now()).unwrap();
    assert_eq!(judge(&after, &sights(seen), None), (status, reason.to_owned()));
}

#[test]
fn what_is_missing_is_started() {
    check(("run 2 1", "", ""), "1; 1.0#1 starting; 1.1#2 starting", "start #1; start #2");
    check(("run 2 1", "1.0#1 ready", "1.0#1 up"), "1; 1.0#1 ready; 1.1#2 starting", "start #2");
}

#[test]
fn a_start_that_a_crash_cut_short_is_repeated_under_its_name() {
    check(("run 1 1", "1.0#1 starting", ""), "1; 1.0#1 starting", "start #1");
}

#[test]
fn a_replica_is_ready_when_its_check_passes() {
    check(("run 1 1", "1.0#1 starting", "1.0#1 queued"), "1; 1.0#1 starting", "");
    check(("run 1 1", "1.0#1 starting", "1.0#1 begun"), "1; 1.0#1 starting", "");
    check(("run 1 1", "1.0#1 starting", "1.0#1 down"), "1; 1.0#1 starting", "");
    check(("run 1 1", "1.0#1 starting", "1.0#1 up"), "1; 1.0#1 ready", "");
}

#[test]
fn a_replica_that_ended_comes_back_under_a_new_name_after_a_pause() {
    check(("run 1 1", "1.0#1 ready", "1.0#1 1"), "1; 1.0#2 waiting", "");
    check(("run 1 1", "1.0#2 waiting +1 x1", "1.0#1 1"), "1; 1.0#2 waiting", "");
    check(("run 1 1", "1.0#2 waiting +0 x1", "1.0#1 1"), "1; 1.0#2 starting", "start #2");
    check(("run 1 1", "1.0#1 ready", ""), "1; 1.0#2 waiting", "");
}

#[test]
fn what_failed_stays_for_its_log_until_the_next_failure() {
    check(("run 1 1", "1.0#2 ready x1", "1.0#1 1; 1.0#2 up"), "1; 1.0#2 ready", "");
    check(("run 1 1", "1.0#2 ready x1", "1.0#1 1; 1.0#2 1"), "1; 1.0#3 waiting", "remove 1.0#1");
}

#[test]
fn pauses_double_up_to_five_minutes() {
    for (failures, pause) in [(0, 1), (1, 2), (2, 4), (7, 128), (8, 256), (9, 300), (60, 300)] {
        let (after, _) =
            step(situation("run 1 1", &format!("1.0#1 ready f{failures}")), &sights("1.0#1 1"), now()).unwrap();
        assert_eq!(after.replicas[0].not_before, Some(now().plus_seconds(pause)), "{failures}");
    }
}

#[test]
fn failures_before_a_good_minute_do_not_count() {
    let after = |age: &str| {
        let (after, _) =
            step(situation("run 1 1", &format!("1.0#1 ready {age} f5")), &sights("1.0#1 1"), now()).unwrap();
        after.replicas[0].failures
    };
    assert_eq!((after("-59"), after("-60")), (6, 1));
}

#[test]
fn files_the_runtime_refuses_are_a_crash_loop_at_once() {
    let (after, _) = step(situation("run 1 1", "1.0#1 starting"), &sights("1.0#1 66"), now()).unwrap();
    assert_eq!(after.replicas[0].failures, 3);
}

#[test]
fn a_replica_that_does_not_pass_is_not_asked_and_then_restarted() {
    check(("run 1 1", "1.0#1 ready", "1.0#1 down"), "1; 1.0#1 unready", "");
    check(("run 1 1", "1.0#1 unready -60", "1.0#1 down"), "1; 1.0#1 unready", "");
    check(("run 1 1", "1.0#1 unready -60", "1.0#1 up"), "1; 1.0#1 ready", "");
    check(("run 1 1", "1.0#1 unready -61", "1.0#1 down"), "1; 1.0#2 waiting", "kill 1.0#1");
    check(("run 1 1", "1.0#1 starting", "1.0#1 ages"), "1; 1.0#2 waiting", "kill 1.0#1");
}

#[test]
fn a_late_answer_is_forgiven_four_times() {
    check(("run 1 1", "1.0#1 ready l3", "1.0#1 late"), "1; 1.0#1 ready", "");
    check(("run 1 1", "1.0#1 ready l4", "1.0#1 late"), "1; 1.0#1 unready", "");
}

#[test]
fn a_new_revision_answers_only_when_all_of_it_is_ready() {
    let (both, one) = ("1.0#1 ready; 1.1#2 ready; 2.0#3 starting; 2.1#4 starting", "1.0#1 up; 1.1#2 up; 2.0#3 up");
    check(("run 2 1>2", both, one), "1>2; 1.0#1 ready; 1.1#2 ready; 2.0#3 ready; 2.1#4 starting", "start #4");
    check(
        ("run 2 1>2", both, "1.0#1 up; 1.1#2 up; 2.0#3 up; 2.1#4 up"),
        "2; 1.0#1 leaving; 1.1#2 leaving; 2.0#3 ready; 2.1#4 ready",
        "",
    );
}

#[test]
fn or_when_one_of_it_is_and_nobody_else() {
    check(
        ("run 2 1>2", "1.0#1 waiting +9; 1.1#2 waiting +9; 2.0#3 starting; 2.1#4 starting", "2.0#3 up; 2.1#4 begun"),
        "2; 2.0#3 ready; 2.1#4 starting",
        "",
    );
}

#[test]
fn the_revision_before_is_told_to_end_once_every_gateway_left_it() {
    let seen = "1.0#1 up; 2.0#2 up";
    check(("run 1 2", "1.0#1 leaving -4; 2.0#2 ready", seen), "2; 1.0#1 leaving; 2.0#2 ready", "");
    check(("run 1 2", "1.0#1 leaving -5; 2.0#2 ready", seen), "2; 1.0#1 stopping; 2.0#2 ready", "stop 1.0#1");
    check(("run 1 2", "1.0#1 stopping; 2.0#2 ready", seen), "2; 1.0#1 stopping; 2.0#2 ready", "stop 1.0#1");
    check(("run 1 2", "1.0#1 stopping; 2.0#2 ready", "1.0#1 0; 2.0#2 up"), "2; 2.0#2 ready", "remove 1.0#1");
}

#[test]
fn a_revision_that_never_answered_ends_without_lingering() {
    check(
        ("run 1 1>3", "1.0#1 ready; 2.0#2 starting", "1.0#1 up; 2.0#2 begun"),
        "1>3; 1.0#1 ready; 2.0#2 stopping; 3.0#3 starting",
        "start #3",
    );
}

#[test]
fn the_revision_that_answers_is_kept_alive_while_the_next_one_starts() {
    check(
        ("run 1 1>2", "1.0#1 ready; 2.0#2 starting", "1.0#1 1; 2.0#2 begun"),
        "1>2; 1.0#3 waiting; 2.0#2 starting",
        "",
    );
}

#[test]
fn fewer_replicas_leave_before_they_end_and_may_come_back() {
    let seen = "1.0#1 up; 1.1#2 up";
    check(("run 1 1", "1.0#1 ready; 1.1#2 ready", seen), "1; 1.0#1 ready; 1.1#2 leaving", "");
    check(("run 2 1", "1.0#1 ready; 1.1#2 leaving", seen), "1; 1.0#1 ready; 1.1#2 unready", "");
    check(
        ("run 2 1", "1.0#1 ready; 1.1#2 stopping", seen),
        "1; 1.0#1 ready; 1.1#2 stopping; 1.1#3 starting",
        "stop 1.1#2; start #3",
    );
}

#[test]
fn a_stopped_endpoint_keeps_nothing() {
    check(("stop 1 1", "1.0#1 ready", "1.0#1 up"), "1; 1.0#1 leaving", "");
    check(("stop 1 1", "1.0#1 waiting +9 x2", "1.0#2 1"), "1", "remove 1.0#2");
    check(("stop 1 1", "1.0#1 starting", "1.0#1 begun"), "1; 1.0#1 stopping", "");
    check(("stop 1 1>2", "", ""), "2", "");
}

#[test]
fn what_nobody_needs_is_removed_whoever_left_it() {
    check(("run 1 1", "1.0#4 ready", "1.0#4 up; 1.0#3 up; 1.1#2 9"), "1; 1.0#4 ready", "remove 1.0#3; remove 1.1#2");
    check(("delete 1 1", "", "1.0#4 up"), "1", "remove 1.0#4");
}

#[test]
fn rolling_back_to_what_still_runs_is_at_once() {
    let mut now_is = situation("run 1 2", "1.0#1 leaving; 2.0#2 ready");
    roll_to(&mut now_is, 1, now());
    assert_eq!((shown(&now_is).as_str(), now_is.previous), ("1; 1.0#1 ready; 2.0#2 leaving", Some(2)));
}

#[test]
fn rolling_back_to_what_was_told_to_end_waits_for_new_replicas() {
    let mut now_is = situation("run 1 2", "1.0#1 stopping; 2.0#2 ready");
    roll_to(&mut now_is, 1, now());
    assert_eq!(shown(&now_is), "2>1; 1.0#1 stopping; 2.0#2 ready");
    let (after, todo) = step(now_is, &sights("1.0#1 up; 2.0#2 up"), now()).unwrap();
    assert_eq!(shown(&after), "2>1; 1.0#1 stopping; 2.0#2 ready; 1.0#3 starting");
    assert_eq!(done(&todo), "stop 1.0#1; start #3");
}

#[test]
fn giving_up_a_revision_that_does_not_start_is_at_once() {
    let mut now_is = situation("run 1 1>2", "1.0#1 ready; 2.0#2 waiting +99 f4");
    roll_to(&mut now_is, 1, now());
    assert_eq!(shown(&now_is), "1; 1.0#1 ready");
}

#[test]
fn a_refused_start_keeps_its_name() {
    let mut now_is = situation("run 1 1", "1.0#1 starting");
    refuse(&mut now_is, 1, "no core is free", false, now());
    assert_eq!(shown(&now_is), "1; 1.0#1 waiting");
    assert_eq!(now_is.replicas[0].fault.as_deref(), Some("cannot be started: no core is free"));
}

#[test]
fn the_status_says_what_is_and_why() {
    use EndpointStatus::*;
    judged(("run 1 1", "1.0#1 ready", "1.0#1 up"), Healthy, "the replica is ready");
    judged(("run 2 1", "1.0#1 ready; 1.1#2 ready", "1.0#1 up; 1.1#2 up"), Healthy, "all 2 replicas are ready");
    judged(("run 1 1", "1.0#1 starting", "1.0#1 down"), Deploying, "no replica is ready: one loads the model");
    judged(("run 1 1", "1.0#1 starting", "1.0#1 queued"), Deploying, "no replica is ready: one waits: no core is free");
    judged(
        ("run 1 1", "1.0#1 ready", "1.0#1 1"),
        Deploying,
        "no replica is ready: one is about to start again: it ended with exit code 1 after saying: the last line",
    );
    judged(
        ("run 2 1", "1.0#1 ready; 1.1#2 ready", "1.0#1 up; 1.1#2 down"),
        Degraded,
        "1 of 2 replicas are ready: one does not pass its health check (it answers 503)",
    );
    judged(
        ("run 1 1", "1.0#1 starting f2", "1.0#1 oom"),
        Failed,
        "no replica is ready: one keeps failing: it ran out of memory after saying: the last line",
    );
    judged(
        ("run 1 1", "1.0#1 starting", "1.0#1 66"),
        Failed,
        "no replica is ready: one keeps failing: it ended with exit code 66 after saying: the last line",
    );
    judged(("stop 1 1", "", ""), Stopped, "stopped as asked");
    judged(("stop 1 1", "1.0#1 ready", "1.0#1 up"), Stopped, "stopping: 1 replica ends what it took");
}

#[test]
fn a_new_revision_is_told_beside_the_one_that_answers() {
    use EndpointStatus::*;
    judged(
        ("run 1 1>2", "1.0#1 ready; 2.0#2 starting", "1.0#1 up; 2.0#2 down"),
        Healthy,
        "revision 1 answers and is ready; revision 2 loads the model",
    );
    let mut begun = situation("run 1 1", "1.0#1 ready");
    roll_to(&mut begun, 2, now());
    let said = judge(&begun, &Sights::new(), None).1;
    assert_eq!(said, "revision 1 answers and is ready; revision 2 is about to start");
    judged(
        ("run 1 1>2", "1.0#1 ready; 2.0#2 starting", "1.0#1 up; 2.0#2 66"),
        Degraded,
        "revision 1 answers and is ready; revision 2 keeps failing: it ended with exit code 66 after saying: the last line",
    );
}
