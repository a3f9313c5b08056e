//! Two servers on one PostgreSQL: when one is killed, the other goes on with its work.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use super::server::Orders;
use super::story::{Story, text};
use super::validated::rows;

/// Within this time the work of a killed server has another hand on it.
const TAKEOVER: Duration = Duration::from_secs(15);

/// A database of its own; nothing when there is no PostgreSQL to make it in.
fn fresh_database() -> Option<String> {
    let Ok(server) = std::env::var("LLMOPS_TEST_POSTGRES") else {
        eprintln!(
            "skipped: PostgreSQL is missing; run `tests/services with cargo test ..`, which sets LLMOPS_TEST_POSTGRES"
        );
        return None;
    };
    let name = format!("takeover_{}", uuid::Uuid::now_v7().simple());
    let made = Command::new("psql").arg(&server).args(["-q", "-c", &format!("create database {name}")]).status();
    assert!(made.expect("psql is installed with PostgreSQL").success());
    let (base, _) = server.rsplit_once('/').expect("the address names a database");
    Some(format!("{base}/{name}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_takes_running_work_over() {
    let Some(database) = fresh_database() else { return };
    let mut story = Story::new(Orders { database: Some(database), ..Orders::default() });
    let dataset = story.begin().await;
    let job = story.submit(&dataset, 500_000).await;
    let at = json!({ "jobId": job });
    let step = |job: &serde_json::Value| job["progress"]["step"].as_u64().unwrap_or(0);
    story.until("training.get_job", at.clone(), |job| step(job) > 0).await;
    story.hand_over();
    let killed = Instant::now();
    let before = step(&story.ask("training.get_job", at.clone()).await);
    let after = story.until("training.get_job", at.clone(), |job| step(job) > before).await;
    assert!(killed.elapsed() < TAKEOVER, "it took {:?}", killed.elapsed());
    assert_eq!((&after["attempt"], &after["status"]), (&json!(1), &json!("running")));
    story.ask("training.cancel_job", at.clone()).await;
    story.until("training.get_job", at, |job| job["status"] == "cancelled").await;
    story.leave_nothing_running();
}

/// What is under way beside a training: a long validation, an evaluation, and an endpoint that is deployed again while it answers.
#[tokio::test(flavor = "multi_thread")]
async fn another_server_takes_over_what_is_judged_and_served() {
    let Some(database) = fresh_database() else { return };
    let slow = Some("validation.batch=500".into());
    let mut story = Story::new(Orders { database: Some(database), slow, ..Orders::default() });
    let dataset = story.begin().await;
    let job = story.submit(&dataset, 4).await;
    let model = story.trained(&job).await;
    story.approval(&model).await;
    let endpoint = story.deployment(&model).await;
    let served = json!({ "endpointId": endpoint });
    let questions = story.questions().await;

    let made = json!({ "name": "long", "version": "1.0.0", "type": "pretrain_corpus" });
    let long = text(&story.ask_once("long", "datasets.create_dataset", made).await["id"]);
    story.upload(&long, &rows()).await;
    let long = json!({ "datasetId": long });
    story.ask_once("validate-long", "datasets.validate_dataset", long.clone()).await;
    let far = |seen: &serde_json::Value| seen["progress"]["rows"].as_u64().unwrap_or(0);
    story.until("datasets.get_dataset_validation", long.clone(), |seen| far(seen) > 0).await;
    let parameters = json!({ "maxTokens": 4 });
    let request =
        json!({ "modelId": model, "datasetId": questions, "metrics": ["exact_match"], "parameters": parameters });
    let run = json!({ "runId": story.ask("evaluation.start_run", request).await["id"] });
    story.ask_once("again", "serving.redeploy_endpoint", served.clone()).await;

    story.hand_over();
    let killed = Instant::now();
    story.chat().await;
    let before = far(&story.ask("datasets.get_dataset_validation", long.clone()).await);
    story.until("datasets.get_dataset_validation", long.clone(), |seen| far(seen) > before).await;
    let is_new = |seen: &serde_json::Value| seen["status"] == "healthy" && seen["revision"] == 3;
    story.until("serving.get_endpoint", served, is_new).await;
    assert!(killed.elapsed() < TAKEOVER, "it took {:?}", killed.elapsed());
    let ended = story.until("evaluation.get_run", run, |seen| seen["status"] == "succeeded").await;
    assert_eq!(ended["samples"], 20, "{ended:#}");
    story.until("datasets.get_dataset_validation", long, |seen| seen["state"] == "succeeded").await;
    story.undeploy(&endpoint).await;
    story.leave_nothing_running();
}
