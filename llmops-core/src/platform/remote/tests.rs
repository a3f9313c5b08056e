//! A client before a server that answers as it is told to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::patience::{ClientOptions, Failed, Patience, Reached};
use crate::LlmOps;
use crate::base::{Error, ErrorKind, Secret};
use crate::op::{Part, parts};

const OK: &str = "200 OK\n\n{\"status\": \"success\", \"data\": {\"items\": [], \"page\": {\"limit\": 50}}}";
const MADE: &str = "200 OK\n\n{\"status\": \"success\", \"data\": {\"id\": \"1\"}}";
const BUSY: &str = "429 Too Many Requests\nretry-after: 0\n\n";
const AWAY: &str = "503 Service Unavailable\n\n{\"error\": {\"kind\": \"unavailable\", \"message\": \"not now\", \"retryAfterMs\": 5}}";
const UNDER_WAY: &str = "409 Conflict\n\n{\"error\": {\"kind\": \"conflict\", \"code\": \"idempotency_in_flight\", \"message\": \"wait\", \"retryAfterMs\": 5}}";
const EXISTS: &str =
    "409 Conflict\n\n{\"error\": {\"kind\": \"conflict\", \"code\": \"model_exists\", \"message\": \"there\"}}";
/// Hangs up without a word.
const LOST: &str = "";
/// Says nothing for long.
const SILENT: &str = "silent";

/// A server that gives these answers, one a connection; what it was asked, and a client of it.
async fn server(script: &'static [&'static str]) -> (LlmOps, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (asked, heard) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let keep = asked.clone();
    tokio::spawn(async move {
        for answer in script {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.windows(4).any(|end| end == b"\r\n\r\n") && stream.read_buf(&mut head).await.unwrap_or(0) > 0 {}
            keep.lock().unwrap().push(String::from_utf8_lossy(&head).to_ascii_lowercase());
            if *answer == SILENT {
                heard.lock().unwrap().push(stream);
            } else if *answer != LOST {
                let (head, body) = answer.split_once("\n\n").unwrap();
                let (head, length) = (head.replace('\n', "\r\n"), body.len());
                let text = format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
                stream.write_all(text.as_bytes()).await.unwrap();
            }
        }
    });
    (LlmOps::connect(&url, Some(Secret::new("secret"))).unwrap(), asked)
}

/// Makes a call of each kind before these answers and says how it went and how often it was asked.
async fn ask(operation: &str, script: &'static [&'static str]) -> (Result<(), ErrorKind>, usize) {
    let (ops, asked) = server(script).await;
    let request = match operation {
        "catalog.list_models" => json!({}),
        "catalog.create_model" => json!({ "name": "a", "version": "1.0.0" }),
        _ => json!({ "modelId": "01980000-0000-7000-8000-000000000000" }),
    };
    let said = ops.call(ops.ctx(), operation, request).await;
    let asked = asked.lock().unwrap().len();
    // An answer of another shape is an answer.
    (
        said.map(drop)
            .map_err(|error| error.kind())
            .or_else(|kind| if kind == ErrorKind::Upstream { Ok(()) } else { Err(kind) }),
        asked,
    )
}

#[tokio::test]
async fn what_was_refused_for_now_is_asked_again() {
    assert_eq!(ask("catalog.list_models", &[BUSY, AWAY, OK]).await, (Ok(()), 3));
    assert_eq!(ask("catalog.delete_model", &[AWAY, MADE]).await, (Ok(()), 2));
}

#[tokio::test]
async fn nobody_asks_for_ever() {
    assert_eq!(ask("catalog.list_models", &[BUSY, BUSY, BUSY, OK]).await, (Err(ErrorKind::RateLimited), 3));
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_where_twice_is_once() {
    assert_eq!(ask("catalog.list_models", &[LOST, OK]).await, (Ok(()), 2));
    assert_eq!(ask("catalog.create_model", &[LOST, UNDER_WAY, MADE]).await, (Ok(()), 3));
    assert_eq!(ask("catalog.delete_model", &[LOST, MADE]).await, (Err(ErrorKind::Unavailable), 1));
}

#[tokio::test]
async fn a_refusal_is_an_answer() {
    assert_eq!(ask("catalog.create_model", &[EXISTS, MADE]).await, (Err(ErrorKind::Conflict), 1));
}

#[tokio::test]
async fn a_creation_that_is_sent_again_keeps_its_key() {
    let (ops, asked) = server(&[LOST, AWAY, MADE]).await;
    let request = json!({ "name": "a", "version": "1.0.0" });
    let _ = ops.call(ops.ctx(), "catalog.create_model", request).await;
    let asked = asked.lock().unwrap();
    let keys: Vec<_> = asked.iter().map(|head| head.lines().find(|line| line.starts_with("idempotency-key"))).collect();
    assert!(keys[0].is_some() && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert!(asked.iter().all(|head| head.contains("authorization: bearer secret")), "{asked:?}");
}

#[tokio::test]
async fn a_time_is_kept() {
    let (ops, asked) = server(&[SILENT, OK]).await;
    let hasty = ops.with_options(ClientOptions::new(Some(0.2), None).unwrap());
    let error = hasty.call(hasty.ctx(), "catalog.list_models", json!({})).await.unwrap_err();
    assert_eq!((error.kind(), asked.lock().unwrap().len()), (ErrorKind::Timeout, 1));
}

#[tokio::test]
async fn without_retries_a_call_is_made_once() {
    let (ops, asked) = server(&[AWAY, OK]).await;
    let once = ops.with_options(ClientOptions::new(None, Some(0)).unwrap());
    // Another key is another caller of the same patience.
    let once = once.with_api_key(Secret::new("other")).unwrap();
    let error = once.call(once.ctx(), "catalog.list_models", json!({})).await.unwrap_err();
    assert_eq!((error.message(), asked.lock().unwrap().len()), ("not now", 1));
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_so_itself() {
    let (ops, _) = server(&[OK]).await;
    let broken = Box::pin(futures::stream::iter([Err(Error::invalid("file", "cannot be read"))]));
    let part = Part { name: "a".into(), body: broken };
    let request = json!({ "modelId": "01980000-0000-7000-8000-000000000000" });
    let sent = ops.upload(ops.ctx(), "catalog.upload_model_files", request, parts(vec![part])).await;
    assert_eq!(sent.unwrap_err().message(), "`file` cannot be read");
}

#[test]
fn a_time_is_a_number_of_seconds_above_0() {
    for seconds in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(ClientOptions::new(Some(seconds), None).unwrap_err().field_name(), Some("timeout"), "{seconds}");
    }
}

/// The pause in milliseconds after a failure of this kind that names this pause, the second time, with 10 seconds left.
fn pause(reached: Reached, kind: ErrorKind, named: Option<u64>, safe: bool) -> Option<u128> {
    let error = named.into_iter().fold(Error::new(kind, ""), Error::retry_after_ms);
    let patience = Patience::default().with(ClientOptions { max_retries: Some(5), ..ClientOptions::default() });
    let pause = patience.pause(&Failed { reached, error }, 1, Duration::from_secs(10), (safe, 0.0));
    pause.map(|pause| pause.as_millis())
}

#[test]
fn a_pause_doubles_unless_the_server_names_one() {
    use ErrorKind::{Invalid, RateLimited, Unavailable, Unexpected, Upstream};
    assert_eq!(pause(Reached::Nobody, Unavailable, None, false), Some(1000));
    assert_eq!(pause(Reached::Answer, RateLimited, Some(3000), false), Some(3000));
    assert_eq!(pause(Reached::Answer, RateLimited, Some(30_000), false), None, "there is no time for it");
    assert_eq!(pause(Reached::Answer, Upstream, None, false), None);
    assert_eq!(pause(Reached::Answer, Upstream, None, true), Some(1000));
    assert_eq!(pause(Reached::Somebody, Unavailable, None, false), None);
    assert_eq!(pause(Reached::Answer, Invalid, None, true), None);
    assert_eq!(pause(Reached::Answer, Unexpected, None, true), None);
}
