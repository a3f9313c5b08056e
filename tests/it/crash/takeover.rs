//! Two servers on one PostgreSQL: when one is killed, the other goes on with its work.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use super::server::Orders;
use super::story::Story;

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
