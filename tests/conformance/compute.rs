//! What every place where work runs promises. A case takes the place and asserts one promise; the work in it is one of a
//! few small scripts, which [`play`] acts out on the fake.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use llmops_core::base::ErrorKind;
use llmops_core::compute::{Channel, Compute, Exit, Fake, Observed, Phase, Program, Work, WorkId};
use serde_json::json;

/// How long a place may take for anything here.
const PATIENCE: Duration = Duration::from_secs(30);

const SAYS: &str = r#"echo '{"event":"begun"}'; echo '{"event":"done"}'; echo hello >&2"#;
const FAILS: &str = "exit 3";
const WAITS: &str = r#"echo '{"event":"begun"}'; exec sleep 600"#;
const LEAVES: &str = "mkdir -p out/deep; printf abc > out/deep/b.txt; printf {} > out/a.json";
const READS: &str = r#"cat spec.json; echo "$TOKEN""#;
const LISTENS: &str = "echo 127.0.0.1:4711 > address; exec sleep 600";

/// Acts the scripts out on a fake: `fake.on_start(play)`.
pub fn play(fake: &Fake, work: &Work) {
    let Program::Command(words) = &work.program else { return };
    let id = &work.id;
    match words[2].as_str() {
        SAYS => {
            fake.event(id, json!({ "event": "begun" }));
            fake.event(id, json!({ "event": "done" }));
            fake.text(id, "hello");
            fake.end(id, 0);
        }
        FAILS => fake.end(id, 3),
        WAITS => fake.event(id, json!({ "event": "begun" })),
        LEAVES => {
            fake.output(id, "deep/b.txt", "abc");
            fake.output(id, "a.json", "{}");
            fake.end(id, 0);
        }
        READS => {
            let said = format!("{}{}\n", work.files["spec.json"], work.environment["TOKEN"].expose());
            fake.raw_events(id, said.as_bytes());
            fake.end(id, 0);
        }
        LISTENS => fake.listen(id, "127.0.0.1:4711"),
        other => unreachable!("no part for {other}"),
    }
}

fn named(prefix: &str) -> WorkId {
    WorkId::parse(format!("{prefix}-{}", uuid::Uuid::now_v7().simple())).unwrap()
}

fn script(script: &str) -> Work {
    Work::batch(named("suite"), Program::Command(["sh", "-c", script].map(str::to_owned).to_vec()))
}

/// Waits until a piece of work is as it should be.
pub async fn until(c: &dyn Compute, id: &WorkId, is: impl Fn(&Observed) -> bool) -> Observed {
    let begun = Instant::now();
    loop {
        let seen = c.observe(id).await.unwrap();
        match seen {
            Some(seen) if is(&seen) => return seen,
            seen => assert!(begun.elapsed() < PATIENCE, "it stays so: {seen:?}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until it has ended.
pub async fn ended(c: &dyn Compute, id: &WorkId) -> Observed {
    until(c, id, |seen| seen.phase == Phase::Ended).await
}

/// All that it wrote to a channel by now.
pub async fn written(c: &dyn Compute, id: &WorkId, channel: Channel) -> String {
    String::from_utf8(c.read_log(id, channel, 0, 1 << 20).await.unwrap().bytes).unwrap()
}

async fn says(c: &dyn Compute, id: &WorkId, word: &str) {
    let begun = Instant::now();
    while !written(c, id, Channel::Events).await.contains(word) {
        assert!(begun.elapsed() < PATIENCE, "`{word}` is not said");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Starting again, while it runs and after, starts nothing.
pub async fn start_is_idempotent(c: &dyn Compute) {
    let work = script(SAYS);
    futures::future::try_join_all((0..8).map(|_| c.start(&work))).await.unwrap();
    ended(c, &work.id).await;
    c.start(&work).await.unwrap();
    assert_eq!(written(c, &work.id, Channel::Events).await.matches("begun").count(), 1);
}

/// Of work that runs one learns since when, of work that ended how.
pub async fn an_end_is_told(c: &dyn Compute) {
    let work = script(FAILS);
    c.start(&work).await.unwrap();
    let seen = ended(c, &work.id).await;
    assert_eq!(seen.exit, Some(Exit { code: Some(3), signal: None, out_of_memory: false, stopped: false }));
    assert!(seen.started_at.is_some() && seen.started_at <= seen.ended_at, "{seen:?}");
}

/// Events and words to people are kept apart.
pub async fn channels_are_apart(c: &dyn Compute) {
    let work = script(SAYS);
    c.start(&work).await.unwrap();
    ended(c, &work.id).await;
    assert_eq!(written(c, &work.id, Channel::Events).await, "{\"event\":\"begun\"}\n{\"event\":\"done\"}\n");
    assert_eq!(written(c, &work.id, Channel::Text).await, "hello\n");
}

/// A log is read on from where the last piece ended, in whole lines.
pub async fn logs_are_read_in_whole_lines(c: &dyn Compute) {
    let work = script(SAYS);
    c.start(&work).await.unwrap();
    ended(c, &work.id).await;
    let first = c.read_log(&work.id, Channel::Events, 0, 25).await.unwrap();
    let second = c.read_log(&work.id, Channel::Events, first.next, 25).await.unwrap();
    let third = c.read_log(&work.id, Channel::Events, second.next, 25).await.unwrap();
    let all = [&first, &second, &third].map(|chunk| String::from_utf8_lossy(&chunk.bytes).into_owned());
    assert_eq!(all, ["{\"event\":\"begun\"}\n", "{\"event\":\"done\"}\n", ""]);
    assert_eq!(third.next, second.next);
}

/// What work leaves below `out/` can be listed and read.
pub async fn outputs_are_kept(c: &dyn Compute) {
    let work = script(LEAVES);
    c.start(&work).await.unwrap();
    ended(c, &work.id).await;
    let files: BTreeMap<String, u64> =
        c.outputs(&work.id).await.unwrap().into_iter().map(|file| (file.path, file.size)).collect();
    assert_eq!(files, BTreeMap::from([("a.json".to_owned(), 2), ("deep/b.txt".to_owned(), 3)]));
    let body: Vec<_> = c.open_output(&work.id, "deep/b.txt").await.unwrap().try_collect().await.unwrap();
    assert_eq!(body.concat(), b"abc");
}

/// No path leads out of `out/`.
pub async fn outputs_stay_below(c: &dyn Compute) {
    let work = script(LEAVES);
    c.start(&work).await.unwrap();
    ended(c, &work.id).await;
    let kind = async |path: &str| c.open_output(&work.id, path).await.err().map(|error| error.kind());
    for path in ["../.work/order.json", "/etc/passwd", "deep/../../x", "", "deep//b.txt"] {
        assert_eq!(kind(path).await, Some(ErrorKind::Invalid), "{path}");
    }
    for path in ["nothing", "deep", "deep/b.txt/c"] {
        assert_eq!(kind(path).await, Some(ErrorKind::NotFound), "{path}");
    }
}

/// Work finds its files and its environment.
pub async fn files_and_environment_arrive(c: &dyn Compute) {
    let mut work = script(READS);
    work.files.insert("spec.json".into(), "{}\n".into());
    work.environment.insert("TOKEN".into(), llmops_core::base::Secret::new("a b$c"));
    c.start(&work).await.unwrap();
    ended(c, &work.id).await;
    assert_eq!(written(c, &work.id, Channel::Events).await, "{}\na b$c\n");
}

/// Files may not be written outside the folder; then nothing starts.
pub async fn bad_paths_are_refused(c: &dyn Compute) {
    for path in ["../x", "/x", "out/x", ".work/order.json", ""] {
        let mut work = script(SAYS);
        work.files.insert(path.into(), String::new());
        assert_eq!(c.start(&work).await.unwrap_err().kind(), ErrorKind::Invalid, "{path}");
        assert_eq!(c.observe(&work.id).await.unwrap(), None);
    }
}

/// Work is found by a label, and by no other.
pub async fn labels_find_work(c: &dyn Compute) {
    let mut work = script(SAYS);
    let job = named("job");
    work.labels.insert("job".into(), job.to_string());
    c.start(&work).await.unwrap();
    c.start(&script(SAYS)).await.unwrap();
    let found: Vec<WorkId> = c.list("job", job.as_str()).await.unwrap().into_iter().map(|seen| seen.id).collect();
    assert_eq!(found, [work.id]);
    assert_eq!(c.list("job", "another").await.unwrap(), []);
}

/// What is stopped ends, and says that it was stopped.
pub async fn stop_ends_work(c: &dyn Compute) {
    let work = script(WAITS);
    c.start(&work).await.unwrap();
    says(c, &work.id, "begun").await;
    c.stop(&work.id, Duration::from_secs(10)).await.unwrap();
    let seen = ended(c, &work.id).await;
    assert!(seen.exit.is_some_and(|exit| exit.stopped && exit.code != Some(0)), "{seen:?}");
}

/// Stopping what has ended changes nothing.
pub async fn stop_after_the_end_is_nothing(c: &dyn Compute) {
    let work = script(FAILS);
    c.start(&work).await.unwrap();
    let before = ended(c, &work.id).await;
    c.stop(&work.id, Duration::ZERO).await.unwrap();
    assert_eq!(c.observe(&work.id).await.unwrap(), Some(before));
}

/// Of unknown work there is nothing, and nothing is to be done.
pub async fn unknown_work_is_nothing(c: &dyn Compute) {
    let id = named("unknown");
    assert_eq!(c.observe(&id).await.unwrap(), None);
    c.stop(&id, Duration::ZERO).await.unwrap();
    c.remove(&id).await.unwrap();
    assert_eq!(c.outputs(&id).await.unwrap(), []);
    assert_eq!(written(c, &id, Channel::Events).await, "");
}

/// Removed work is ended and forgotten, and its name is free.
pub async fn removed_work_is_forgotten(c: &dyn Compute) {
    let work = script(WAITS);
    c.start(&work).await.unwrap();
    says(c, &work.id, "begun").await;
    c.remove(&work.id).await.unwrap();
    assert_eq!(c.observe(&work.id).await.unwrap(), None);
    assert_eq!(written(c, &work.id, Channel::Events).await, "");
    c.start(&work).await.unwrap();
    says(c, &work.id, "begun").await;
    c.remove(&work.id).await.unwrap();
}

/// A service says where it listens, as long as it does.
pub async fn services_tell_their_address(c: &dyn Compute) {
    if !c.capability().services {
        return;
    }
    let program = Program::Command(["sh", "-c", LISTENS].map(str::to_owned).to_vec());
    let work = Work::service(named("service"), program, "address");
    c.start(&work).await.unwrap();
    until(c, &work.id, |seen| seen.address.as_deref() == Some("127.0.0.1:4711")).await;
    c.stop(&work.id, Duration::from_secs(5)).await.unwrap();
    assert_eq!(ended(c, &work.id).await.address, None);
}

/// Who listens hears of the end.
pub async fn listeners_hear_of_the_end(c: &dyn Compute) {
    let mut changes = c.subscribe();
    let work = script(SAYS);
    c.start(&work).await.unwrap();
    let heard = async {
        loop {
            let _ = changes.recv().await;
            if c.observe(&work.id).await.unwrap().is_some_and(|seen| seen.phase == Phase::Ended) {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.expect("the end is told");
}
