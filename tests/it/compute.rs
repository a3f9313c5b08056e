//! The places where work runs, each through the suite; and what only processes on this machine have.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use llmops_core::base::{Error, ErrorKind, Result};
use llmops_core::compute::{
    Channel, Compute, Fake, Input, InputSource, Local, LocalOptions, Phase, Program, Work, WorkId,
};

use crate::process::{server_executable, with_working_folder};
use suite::{ended, until, written};

#[path = "../conformance/compute.rs"]
mod suite;

macro_rules! cases {
    ($($case:ident)*) => {
        mod fake {
            $(#[tokio::test]
            async fn $case() {
                let fake = llmops_core::compute::Fake::new();
                fake.on_start(super::suite::play);
                super::suite::$case(&*fake).await;
            })*
        }
        mod local {
            $(#[tokio::test]
            async fn $case() {
                let place = super::Place::new();
                super::suite::$case(&*place.open()).await;
            })*
        }
    };
}

cases! {
    start_is_idempotent
    an_end_is_told
    channels_are_apart
    logs_are_read_in_whole_lines
    outputs_are_kept
    outputs_stay_below
    files_and_environment_arrive
    bad_paths_are_refused
    labels_find_work
    stop_ends_work
    stop_after_the_end_is_nothing
    unknown_work_is_nothing
    removed_work_is_forgotten
    services_tell_their_address
    listeners_hear_of_the_end
}

/// Inputs whose digest is their text; one of them cannot be had.
struct Texts;

#[async_trait::async_trait]
impl InputSource for Texts {
    async fn fetch(&self, digest: &str, to: &Path) -> Result<()> {
        match digest {
            "missing" => Err(Error::not_found("blob", digest)),
            text => std::fs::write(to, text).map_err(|e| Error::unexpected("no file").caused_by(e)),
        }
    }
}

/// A folder for work; whatever still runs there ends with the test.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn open(&self) -> Arc<Local> {
        self.open_with(Some(vec![server_executable().into(), "runtime".into()])).unwrap()
    }

    fn open_with(&self, runtime: Option<Vec<std::ffi::OsString>>) -> Result<Arc<Local>> {
        Local::open(LocalOptions { folder: self.folder(), runtime, inputs: Arc::new(Texts) })
    }

    fn folder(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    fn of(&self, id: &WorkId) -> PathBuf {
        self.folder().join(id.as_str())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for entry in std::fs::read_dir(self.folder()).into_iter().flatten().flatten() {
            let stop = entry.path().join(".work/stop.json");
            let _ = std::fs::write(stop, r#"{"grace_ms":0}"#);
        }
        // Until the supervisors have obeyed, the folder is theirs.
        for _ in 0..200 {
            if with_working_folder(&self.folder()).is_empty() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn shell(name: &str, script: &str) -> Work {
    let program = Program::Command(["sh", "-c", script].map(str::to_owned).to_vec());
    Work::batch(WorkId::parse(name).unwrap(), program)
}

#[tokio::test]
async fn work_goes_on_without_its_server_and_is_adopted() {
    let place = Place::new();
    let first = place.open();
    let work = shell("adopted", "echo begun; until [ -e go ]; do sleep 0.05; done; exit 7");
    first.start(&work).await.unwrap();
    until(&*first, &work.id, |seen| seen.phase == Phase::Running).await;
    drop(first);
    let second = place.open();
    second.start(&work).await.unwrap();
    assert_eq!(second.observe(&work.id).await.unwrap().map(|seen| seen.phase), Some(Phase::Running));
    std::fs::write(place.of(&work.id).join("go"), "").unwrap();
    let seen = ended(&*second, &work.id).await;
    assert_eq!(seen.exit.and_then(|exit| exit.code), Some(7));
    assert_eq!(written(&*second, &work.id, Channel::Events).await, "begun\n");
}

#[tokio::test]
async fn an_end_while_no_server_runs_is_kept() {
    let place = Place::new();
    let work = shell("kept", "sleep 0.3; exit 4");
    let first = place.open();
    first.start(&work).await.unwrap();
    drop(first);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let seen = place.open().observe(&work.id).await.unwrap().unwrap();
    assert_eq!((seen.phase, seen.exit.and_then(|exit| exit.code)), (Phase::Ended, Some(4)));
}

#[tokio::test]
async fn nothing_that_hides_outlives_a_stop() {
    let place = Place::new();
    let local = place.open();
    let hides = r#"trap '' TERM; setsid sh -c "trap '' TERM; sleep 600" & echo begun; sleep 600"#;
    let work = shell("hides", hides);
    local.start(&work).await.unwrap();
    until(&*local, &work.id, |seen| seen.phase == Phase::Running).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(with_working_folder(&place.of(&work.id)).len() >= 3);
    local.stop(&work.id, Duration::from_millis(200)).await.unwrap();
    assert_eq!(ended(&*local, &work.id).await.exit.and_then(|exit| exit.signal), Some(9));
    assert_eq!(with_working_folder(&place.of(&work.id)), Vec::<u32>::new());
}

#[tokio::test]
async fn a_killed_supervisor_takes_its_work_along_and_nobody_begins_it_again() {
    let place = Place::new();
    let local = place.open();
    let work = shell("cut-off", "echo begun; exec sleep 600");
    local.start(&work).await.unwrap();
    until(&*local, &work.id, |seen| seen.phase == Phase::Running).await;
    let supervisor = crate::process::parent(with_working_folder(&place.of(&work.id))[0]);
    crate::process::kill(supervisor);
    let seen = ended(&*local, &work.id).await;
    assert!(seen.reason.contains("cut off") && seen.exit.is_some_and(|exit| exit.code.is_none()), "{seen:?}");
    local.start(&work).await.unwrap();
    assert_eq!(ended(&*local, &work.id).await, seen);
    assert_eq!(with_working_folder(&place.of(&work.id)), Vec::<u32>::new());
}

#[tokio::test]
async fn work_whose_data_is_deleted_ends() {
    let place = Place::new();
    let local = place.open();
    let work = shell("orphan", "exec sleep 600");
    local.start(&work).await.unwrap();
    until(&*local, &work.id, |seen| seen.phase == Phase::Running).await;
    let pids = with_working_folder(&place.of(&work.id));
    let supervisor = crate::process::parent(pids[0]);
    std::fs::remove_dir_all(place.folder()).unwrap();
    let there = || pids.iter().chain([&supervisor]).any(|pid| Path::new(&format!("/proc/{pid}")).exists());
    for _ in 0..500 {
        if !there() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it outlives its data");
}

#[tokio::test]
async fn links_are_not_followed() {
    let place = Place::new();
    let local = place.open();
    let work = shell("links", "mkdir out; echo kept > out/file");
    local.start(&work).await.unwrap();
    ended(&*local, &work.id).await;
    let out = place.of(&work.id).join("out");
    symlink("/etc/passwd", out.join("passwd")).unwrap();
    symlink("/etc", out.join("etc")).unwrap();
    let paths: Vec<String> = local.outputs(&work.id).await.unwrap().into_iter().map(|file| file.path).collect();
    assert_eq!(paths, ["file"]);
    for path in ["passwd", "etc/passwd"] {
        assert_eq!(local.open_output(&work.id, path).await.err().map(|e| e.kind()), Some(ErrorKind::NotFound));
    }
}

#[tokio::test]
async fn the_environment_is_clean() {
    let place = Place::new();
    let local = place.open();
    let work = shell("clean", "env | cut -d= -f1 | sort | tr '\\n' ' '");
    local.start(&work).await.unwrap();
    ended(&*local, &work.id).await;
    let names = written(&*local, &work.id, Channel::Events).await;
    let given = ["HOME", "LANG", "LLMOPS_RUNTIME_CHILD", "PATH", "TMPDIR"];
    let of_interpreters = ["PYTHONPATH", "NODE_PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];
    let of_the_shell = ["PWD", "OLDPWD", "SHLVL", "_"];
    let known = [&given[..], &of_interpreters, &of_the_shell].concat();
    let strange: Vec<&str> = names.split_whitespace().filter(|name| !known.contains(name)).collect();
    assert_eq!(strange, Vec::<&str>::new());
}

#[tokio::test]
async fn inputs_lie_at_their_place() {
    let place = Place::new();
    let local = place.open();
    let mut work = shell("inputs", "cat base/model.txt");
    work.inputs.push(Input { path: "base/model.txt".into(), digest: "weights".into() });
    local.start(&work).await.unwrap();
    ended(&*local, &work.id).await;
    assert_eq!(written(&*local, &work.id, Channel::Events).await, "weights");
}

#[tokio::test]
async fn without_an_input_nothing_starts_and_nothing_stays() {
    let place = Place::new();
    let local = place.open();
    let mut work = shell("lacking", "echo begun");
    work.inputs.push(Input { path: "data".into(), digest: "missing".into() });
    assert_eq!(local.start(&work).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(local.observe(&work.id).await.unwrap(), None);
    assert_eq!(std::fs::read_dir(place.folder()).unwrap().count(), 0);
    work.inputs.clear();
    local.start(&work).await.unwrap();
    ended(&*local, &work.id).await;
}

#[tokio::test]
async fn a_missing_runtime_is_named() {
    let place = Place::new();
    let none = place.open_with(None).unwrap();
    let error = none.start(&shell("none", "true")).await.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Invalid, "runtime_missing"));
    assert!(!none.capability().runtime);
    let absent = place.open_with(Some(vec!["/nowhere/llmops-server".into(), "runtime".into()])).unwrap();
    let error = absent.start(&shell("absent", "true")).await.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Unavailable, "runtime_missing"));
}

#[tokio::test]
async fn a_missing_program_ends_with_the_reason() {
    let place = Place::new();
    let local = place.open();
    let work = Work::batch(WorkId::parse("gone").unwrap(), Program::Command(vec!["/nowhere/x; rm".into()]));
    local.start(&work).await.unwrap();
    let seen = ended(&*local, &work.id).await;
    assert_eq!(seen.exit.and_then(|exit| exit.code), Some(127));
    assert!(seen.reason.contains("`/nowhere/x; rm` cannot be run"), "{}", seen.reason);
}

#[tokio::test]
async fn limits_hold_and_use_is_measured() {
    let place = Place::new();
    let local = place.open();
    let mut work =
        shell("limits", "head -c 3000000 /dev/zero > big; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done");
    work.resources.file_bytes = Some(1_000_000);
    local.start(&work).await.unwrap();
    let seen = ended(&*local, &work.id).await;
    assert_eq!(std::fs::metadata(place.of(&work.id).join("big")).unwrap().len(), 1_000_000);
    assert!(seen.cpu_seconds > 0.05 && seen.memory_peak_bytes > 100_000, "{seen:?}");
}

#[test]
fn the_fake_refuses_what_it_was_told_to() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (fake, work) = (Fake::new(), shell("told", "true"));
        fake.fail_next_start(Error::unavailable("full"));
        assert_eq!(fake.start(&work).await.unwrap_err().kind(), ErrorKind::Unavailable);
        assert_eq!(fake.observe(&work.id).await.unwrap(), None);
        fake.start(&work).await.unwrap();
        assert_eq!(fake.start_calls(&work.id), 2);
    });
}
