//! The listener, its pages, and its end.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::chat::{chat, says};
use super::{impatient, json_of, read_all, served};

#[tokio::test]
async fn health_is_open_to_all() {
    let here = served().await;
    assert_eq!(here.http.get(here.url("/healthz")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn readiness_names_what_it_checked() {
    let here = served().await;
    let said = json_of(here.http.get(here.url("/readyz")).send().await.unwrap(), 200).await;
    assert_eq!((&said["checks"]["database"], &said["checks"]["objectStore"]), (&"ok".into(), &"ok".into()));
}

#[tokio::test]
async fn metrics_count_by_operation_and_status() {
    let here = served().await;
    here.model("1.0.0").await;
    let text = here.http.get(here.url("/metrics")).send().await.unwrap().text().await.unwrap();
    let line = "llmops_http_requests_total{operation=\"catalog.create_model\",status=\"200\"}";
    assert!(text.contains(line) && text.contains("llmops_build_info{"), "{text}");
}

#[tokio::test]
async fn metrics_say_what_goes_on() {
    let here = served().await;
    let text = here.http.get(here.url("/metrics")).send().await.unwrap().text().await.unwrap();
    let statuses = ["llmops_training_jobs{status=\"queued\"}", "llmops_evaluations{status=\"running\"}"];
    let endpoints = ["deploying", "healthy", "degraded", "failed", "stopped"];
    let endpoints = endpoints.map(|status| format!("llmops_endpoints{{status=\"{status}\"}}"));
    for line in statuses.into_iter().chain(endpoints.iter().map(String::as_str)) {
        assert!(text.contains(&format!("{line} 0")), "{line} is not in {text}");
    }
}

#[tokio::test]
async fn metrics_pass_the_checker() {
    let here = chat(vec![says(&["a"]), says(&["b"])]).await;
    here.served.model("1.0.0").await;
    for stream in [false, true] {
        let answer = here.ask(json!({ "stream": stream })).await;
        assert!(answer.error_for_status().unwrap().text().await.is_ok_and(|text| !text.is_empty()));
    }
    let here = here.served;
    let text = here.http.get(here.url("/metrics")).send().await.unwrap().text().await.unwrap();
    for family in ["requests_total", "tokens_total", "first_token_seconds", "request_seconds"] {
        assert!(text.contains(&format!("\n# TYPE llmops_gateway_{family} ")), "{family} is not in {text}");
    }
    let started = std::process::Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn();
    let mut checker = started.expect("promtool is missing: `tests/services get` installs it");
    std::io::Write::write_all(&mut checker.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let outcome = checker.wait_with_output().unwrap();
    assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
}

#[tokio::test]
async fn the_description_covers_every_operation() {
    let here = served().await;
    let said = json_of(here.http.get(here.url("/llm-ops/v1/openapi.json")).send().await.unwrap(), 200).await;
    let paths = said["paths"].as_object().unwrap().values().flat_map(|verbs| verbs.as_object().unwrap().values());
    let mut described: Vec<&str> = paths.filter_map(|item| item["operationId"].as_str()).collect();
    described.sort_unstable();
    let mut all: Vec<&str> = here.server.door().ops().operations().iter().map(|op| op.name).collect();
    all.sort_unstable();
    assert_eq!(described, all);
}

#[tokio::test]
async fn the_reference_page_loads_nothing_from_elsewhere() {
    let here = served().await;
    let text = here.http.get(here.url("/docs")).send().await.unwrap().text().await.unwrap();
    assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("src="), "{text}");
}

#[tokio::test]
async fn a_request_under_way_may_finish() {
    let here = served().await;
    let mut socket = here.socket().await;
    let start =
        format!("POST /llm-ops/v1/catalog/models HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}", here.key);
    let body = "{\"name\":\"tiny\",\"version\":\"1.0.0\"}";
    let head = format!("{start}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    socket.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let stopping = tokio::spawn(here.server.stop());
    tokio::time::sleep(Duration::from_millis(100)).await;
    socket.write_all(body.as_bytes()).await.unwrap();
    assert!(read_all(&mut socket).await.starts_with("HTTP/1.1 200"));
    stopping.await.unwrap();
}

#[tokio::test]
async fn followers_and_idle_connections_do_not_hold_up_the_end() {
    let here = served().await;
    let id = here.model_id().await;
    let mut follower = here.request("GET", &format!("/catalog/models/{id}/events")).send().await.unwrap();
    let (mut idle, _fresh) = (here.socket().await, here.socket().await);
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut some = [0; 100];
    idle.read_exact(&mut some).await.unwrap();
    let began = Instant::now();
    here.server.stop().await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let mut heard = String::new();
    while let Ok(Some(chunk)) = follower.chunk().await {
        heard.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(heard.contains("event: error") && heard.contains("draining"), "{heard}");
}

#[tokio::test]
async fn what_does_not_finish_is_cut_off() {
    let here = impatient().await;
    let mut socket = here.socket().await;
    let head = "POST /llm-ops/v1/catalog/models HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    let began = Instant::now();
    here.server.stop().await;
    assert!(began.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn an_address_in_use_is_said_so() {
    let here = served().await;
    let ops = here.server.door().ops().clone();
    let taken = crate::Server::start(ops, here.server.address(), crate::DoorOptions::default()).await;
    let error = taken.err().unwrap();
    assert!(error.message().contains("cannot be listened on") && error.hint_text().is_some(), "{error:?}");
}

#[tokio::test]
async fn an_open_address_without_keys_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut layers = crate::config::Layers::default();
    let data = dir.path().join("data").display().to_string();
    layers.flags([("data", Some(data)), ("listen", Some("0.0.0.0:0".into()))]);
    let config = crate::config::Config::read(&layers).unwrap();
    let error = crate::start(&config).await.err().unwrap();
    assert_eq!((error.stable_code(), error.field_name()), ("auth_required", Some("listen")));
    assert!(!dir.path().join("data").exists());
}

#[tokio::test]
async fn a_restart_keeps_key_and_data() {
    let here = served().await;
    here.model("1.0.0").await;
    let (dir, key) = (here.dir, here.key);
    here.server.stop().await;
    let ops = llmops_core::LlmOps::builder().data_dir(dir.path()).open().await.unwrap();
    let server = crate::Server::start(ops, "127.0.0.1:0".parse().unwrap(), crate::DoorOptions::default());
    let server = server.await.unwrap();
    let request = here.http.get(format!("{}/llm-ops/v1/catalog/models", server.url())).bearer_auth(key);
    let said: Value = json_of(request.send().await.unwrap(), 200).await;
    assert_eq!(said["data"].as_array().unwrap().len(), 1);
    let kept = std::fs::metadata(dir.path().join("admin.key")).unwrap().permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&kept) & 0o777, 0o600, "its owner alone reads the key");
}
