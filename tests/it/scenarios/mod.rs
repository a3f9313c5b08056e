//! The product's behaviour as data: every scenario of `tests/scenarios`, embedded and over HTTP, on SQLite with
//! a folder and on PostgreSQL with a bucket.
//! Python and Node.js play the same files (`test_scenarios.py`, `scenarios.test.mjs`).

mod compare;
mod doors;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::plans;
use crate::tree::root;
use compare::{Kept, at, differs, fill};
use doors::{Call, Database, Door};

/// A story.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows.
    pub what: String,
    /// Who takes part beside the administrator, with their roles, or `{"roles": [..], "allProjects": true}`.
    #[serde(default)]
    pub people: Map<String, Value>,
    pub steps: Vec<Step>,
}

/// One call and what comes of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    op: String,
    #[serde(default, rename = "as")]
    by: Option<String>,
    /// The project to work in, if it is not the caller's own.
    #[serde(default, rename = "in")]
    within_project: Option<Value>,
    #[serde(default)]
    request: Map<String, Value>,
    /// Files to send, by path: text, or `{"base64": ..}` for other bytes.
    #[serde(default)]
    files: Map<String, Value>,
    /// `idempotencyKey` and `ifMatch`.
    #[serde(default)]
    options: Map<String, Value>,
    /// What the answer is; of a stream, its first items; of a download, its text.
    #[serde(default)]
    expect: Option<Value>,
    /// What the answer becomes: the call is repeated, or the stream followed, for `within` seconds (60).
    #[serde(default)]
    until: Option<Value>,
    #[serde(default)]
    within: Option<u64>,
    /// What is refused, and how.
    #[serde(default)]
    error: Option<Value>,
    /// What to keep of the answer: names with paths as `items.0.id`.
    #[serde(default)]
    keep: Map<String, Value>,
}

/// Every scenario, by file name.
fn scenarios() -> Vec<(String, Scenario)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("tests/scenarios"))
        .expect("there are scenarios")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    files.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("a scenario can be read");
        let scenario = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), scenario)
    };
    files.iter().map(read).collect()
}

async fn play(door: &Door, scenario: &Scenario) -> Result<(), String> {
    let unique = uuid::Uuid::now_v7().simple().to_string();
    let mut kept = Kept::from([("unique".to_owned(), unique[20..].into())]);
    for (person, roles) in &scenario.people {
        let actor = format!("{person}-{}", &unique[20..]);
        door.invite(person, &actor, roles).await.map_err(|e| format!("{person}: {e}"))?;
        kept.insert(person.clone(), actor.into());
    }
    for (number, step) in scenario.steps.iter().enumerate() {
        take(door, step, &mut kept).await.map_err(|said| format!("step {}, {}: {said}", number + 1, step.op))?;
    }
    Ok(())
}

async fn take(door: &Door, step: &Step, kept: &mut Kept) -> Result<(), String> {
    let filled = |map: &Map<String, Value>| fill(&Value::Object(map.clone()), kept);
    let call = Call {
        by: step.by.clone(),
        project: step.within_project.as_ref().and_then(|name| fill(name, kept).as_str().map(str::to_owned)),
        name: step.op.clone(),
        request: filled(&step.request),
        files: step.files.iter().map(|(path, file)| (path.clone(), bytes_of(file))).collect(),
        options: filled(&step.options),
        items: step.expect.as_ref().and_then(Value::as_array).map(Vec::len),
    };
    if let Some(until) = &step.until {
        let patience = Duration::from_secs(step.within.unwrap_or(60));
        let answer = wait(door, &call, &fill(until, kept), patience).await?;
        return keep(step, &answer, kept);
    }
    match (door.call(&call).await, &step.error) {
        (Ok(answer), None) => {
            if let Some(said) = step.expect.as_ref().and_then(|expect| differs(&fill(expect, kept), &answer, "answer"))
            {
                return Err(said);
            }
            keep(step, &answer, kept)
        }
        (Err(error), Some(expected)) => match differs(&fill(expected, kept), &error.to_json(), "error") {
            Some(said) => Err(said),
            None => Ok(()),
        },
        (Ok(answer), Some(error)) => Err(format!("expected the error {error}, got {answer}")),
        (Err(error), None) => Err(format!("refused: {}", error.to_json())),
    }
}

/// The bytes of a file.
fn bytes_of(file: &Value) -> Vec<u8> {
    match file["base64"].as_str() {
        Some(packed) => STANDARD.decode(packed).expect("the file is base64"),
        None => file.as_str().unwrap_or_default().into(),
    }
}

async fn wait(door: &Door, call: &Call, until: &Value, patience: Duration) -> Result<Value, String> {
    let deadline = Instant::now() + patience;
    let mut last = "no answer".to_owned();
    while Instant::now() < deadline {
        let left = deadline - Instant::now();
        let next = tokio::time::timeout(left, door.until(call, until)).await;
        match next {
            Ok(Ok(Ok(answer))) => return Ok(answer),
            Ok(Ok(Err(said))) => last = said,
            Ok(Err(error)) => return Err(format!("refused: {}", error.to_json())),
            Err(_) => break,
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(format!("not within {} s: {last}", patience.as_secs()))
}

fn keep(step: &Step, answer: &Value, kept: &mut Kept) -> Result<(), String> {
    for (name, path) in &step.keep {
        let path = path.as_str().unwrap_or_default();
        let found = at(answer, path).ok_or_else(|| format!("the answer has no `{path}`: {answer}"))?;
        kept.insert(name.clone(), found.clone());
    }
    Ok(())
}

async fn play_all(door: &Door) {
    let mut failed = Vec::new();
    for (file, scenario) in scenarios() {
        if let Err(said) = play(door, &scenario).await {
            failed.push(format!("{file} ({}): {said}", scenario.what));
        }
    }
    assert!(failed.is_empty(), "{} scenarios went another way:\n{}", failed.len(), failed.join("\n"));
}

/// The scenarios in this process, and how each of its statements would be carried out on an empty database.
async fn embedded(database: Database, empty: Database) {
    let door = Door::embedded(database).await;
    play_all(&door).await;
    let folder = tempfile::tempdir().expect("a folder");
    plans::every_query_has_its_index(door.platform(), &empty.url(folder.path())).await;
    door.close().await;
}

async fn over_http(database: Database) {
    let door = Door::served(database).await;
    play_all(&door).await;
    door.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn embedded_on_sqlite() {
    embedded(Database::sqlite(), Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_on_sqlite() {
    over_http(Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn embedded_on_postgres() {
    if let (Some(database), Some(empty)) = (Database::postgres(), Database::postgres()) {
        embedded(database, empty).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_on_postgres() {
    if let Some(database) = Database::postgres() {
        over_http(database).await;
    }
}

/// What succeeds in no scenario, and where it is tested with what it needs.
const ELSEWHERE: [(&[&str], &str); 4] = [
    (
        &[
            "catalog.search_catalog",
            "catalog.import_model",
            "catalog.get_model_import",
            "catalog.watch_model_import",
            "catalog.resume_model_import",
            "catalog.cancel_model_import",
            "catalog.export_model",
            "catalog.get_model_export",
            "catalog.watch_model_export",
            "catalog.resume_model_export",
            "catalog.cancel_model_export",
            "catalog.check_model_updates",
        ],
        "a registry: catalog/tests/{imports,exports}.rs, the crash story, tests/ui/{imports,exports}.mjs",
    ),
    (&["catalog.test_model"], "a provider: catalog/tests/external.rs"),
    (
        &["catalog.restore_model", "catalog.purge_model", "datasets.restore_dataset", "datasets.purge_dataset"],
        "a platform with a trash: the rooms' tests, the crash story, tests/ui/trash.mjs",
    ),
    (
        &["governance.create_sign_in_link", "governance.get_session", "governance.close_session"],
        "a browser: the server's tests, tests/ui",
    ),
];

#[test]
fn every_operation_succeeds_in_a_scenario() {
    let played: BTreeSet<String> = scenarios()
        .into_iter()
        .flat_map(|(_, scenario)| scenario.steps)
        .filter(|step| step.error.is_none())
        .map(|step| step.op)
        .collect();
    let all: Vec<&str> =
        llmops_core::platform::domains().into_iter().flatten().map(|operation| operation.name).collect();
    let elsewhere: BTreeSet<&str> = ELSEWHERE.iter().flat_map(|(names, _)| names.iter().copied()).collect();
    let missing: Vec<&&str> =
        all.iter().filter(|name| !played.contains(**name) && !elsewhere.contains(*name)).collect();
    assert!(missing.is_empty(), "in no scenario: {missing:?}");
    let needless: Vec<&&str> = elsewhere.iter().filter(|name| played.contains(**name) || !all.contains(name)).collect();
    assert!(needless.is_empty(), "played here, or gone: {needless:?}");
}
