//! The story in one command: with trainings of a few steps, the whole way, and the same way again.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;
use tokio::time::timeout;

use crate::process::{server_executable, with_working_folder};

/// The last line of a story that then serves on.
const TOLD: &str = "The server goes on until Ctrl-C.";
/// For a story to be told beside everything else that this machine does.
const TELLING: Duration = Duration::from_secs(300);
/// For the server to end what the story started, and itself.
const ENDING: Duration = Duration::from_secs(60);

/// Plays the story and gives its closing document.
fn play(data: &Path) -> Value {
    let arguments = ["quickstart", "--quick", "--exit", "--json", "--data"];
    let ended = Command::new(server_executable()).args(arguments).arg(data).output().unwrap();
    let (said, log) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{}\n{said}\n{log}", ended.status);
    serde_json::from_str(&said).unwrap_or_else(|e| panic!("{e}: {said}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_goes_from_a_text_to_a_chat_and_finds_itself_again() {
    let data = tempfile::tempdir().unwrap();
    let first = play(data.path());
    assert_eq!(first["models"]["tuned"]["status"], "approved");
    assert_eq!(first["scores"]["base"]["exact_match"], 0.0);
    assert_eq!(first["endpoint"]["status"], "healthy");
    assert_eq!(first["audit"]["verified"], true);
    assert_eq!(first["chat"].as_array().unwrap().len(), 3);
    assert!(first["cost"]["amounts"][0]["nanos"].as_u64() > Some(0), "{}", first["cost"]);
    times_and_addresses(&first);

    assert_eq!(with_working_folder(data.path()), Vec::<u32>::new(), "nothing runs on");

    let second = play(data.path());
    assert_eq!(second["models"], first["models"]);
    assert_eq!(second["scores"], first["scores"]);
    crate::projects::nothing_is_seen_from_another(data.path()).await;
}

/// A program reads how long each step took, and where to look further.
fn times_and_addresses(document: &Value) {
    let steps = document["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| step["seconds"].as_f64() >= Some(0.0)), "{steps:?}");
    assert!(steps.iter().any(|step| step["seconds"].as_f64() > Some(0.0)), "{steps:?}");
    let addresses = &document["addresses"];
    let server = addresses["server"].as_str().unwrap();
    assert!(server.starts_with("http://127.0.0.1:"), "{server}");
    for (name, path) in [("docs", "/docs"), ("chat", "/v1/chat/completions"), ("metrics", "/metrics")] {
        assert_eq!(addresses[name], format!("{server}{path}"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_a_person_it_shows_each_command_and_serves_on_until_ctrl_c() {
    let temporary = tempfile::tempdir().unwrap();
    let mut command = tokio::process::Command::new(server_executable());
    command.args(["quickstart", "--quick"]).env("TMPDIR", temporary.path());
    // What goes wrong stands on standard error, among the test's own words.
    let pipes = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut server = pipes.spawn().unwrap();
    let told = timeout(TELLING, told(&mut server)).await.expect("the story is told in time");

    closing_table(&told, &steps(&told));
    let (_, further) = told.rsplit_once("\n\nLook further:\n").unwrap();
    let address = |name: &str| {
        let line = further.lines().find_map(|line| line.strip_prefix(&format!("  {name} ")));
        line.unwrap_or_else(|| panic!("no address of {name}:\n{told}")).trim().to_owned()
    };
    let url = address("server");
    assert_eq!((address("docs"), address("chat")), (format!("{url}/docs"), format!("{url}/v1/chat/completions")));
    llmops_core::base::ensure_crypto_provider();
    let ready = reqwest::Client::new().get(format!("{url}/readyz")).timeout(ENDING).send().await.unwrap();
    assert_eq!(ready.status(), 200);

    let pid = Pid::from_raw(server.id().unwrap().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    let ended = timeout(ENDING, server.wait()).await.expect("Ctrl-C ends it").unwrap();
    assert_eq!(ended.code(), Some(0), "{ended}");
    assert_eq!(with_working_folder(temporary.path()), Vec::<u32>::new(), "nothing runs on");
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0, "a folder that nobody named stays");
}

/// What is printed until the story is told.
async fn told(server: &mut Child) -> String {
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut told = String::new();
    while !told.ends_with(&format!("{TOLD}\n")) {
        let line = lines.next_line().await.unwrap();
        let line = line.unwrap_or_else(|| panic!("it ended early:\n{told}"));
        told.extend([line.as_str(), "\n"]);
    }
    told
}

/// The steps by their titles, each of which shows a command that does the same.
fn steps(told: &str) -> Vec<&str> {
    let mut steps = Vec::new();
    for paragraph in told.split("\n\n") {
        let title = paragraph.lines().next().and_then(|line| line.strip_prefix(&format!("{}. ", steps.len() + 1)));
        if let Some(title) = title {
            assert!(paragraph.contains("\n  $ "), "a step without a command:\n{paragraph}");
            steps.push(title);
        }
    }
    assert!(!steps.is_empty(), "{told}");
    steps
}

/// At the end each step stands in a table with the seconds it took, and the scores in another.
fn closing_table(told: &str, steps: &[&str]) {
    let table = |title: &str| {
        let found = told.split("\n\n").find(|paragraph| paragraph.starts_with(title));
        found.unwrap_or_else(|| panic!("no table of {title}:\n{told}")).lines().skip(1).collect::<Vec<_>>()
    };
    let rows = table("STEP ");
    assert_eq!(rows.len(), steps.len(), "{rows:#?}");
    for (row, step) in rows.iter().zip(steps) {
        let seconds = row.strip_prefix(*step).and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        assert!(seconds >= Some(0.0), "`{row}` does not say how long `{step}` took");
    }
    assert!(table("SCORE ").iter().any(|row| row.starts_with("exact_match ")), "{told}");
}
