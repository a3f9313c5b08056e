//! Clients that are slow, large, broken or not who they say.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Served, impatient, json_of, read_all, served};

fn post(here: &Served, head: &str, body: &str) -> Vec<u8> {
    let start = "POST /llm-ops/v1/catalog/models HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
    format!("{start}\r\nconnection: close\r\nauthorization: Bearer {}\r\n{head}\r\n\r\n{body}", here.key).into_bytes()
}

async fn refused(here: &Served, body: &str) -> String {
    let length = format!("content-length: {}", body.len());
    here.raw(&post(here, &length, body)).await
}

#[tokio::test]
async fn a_silent_socket_is_closed() {
    let here = impatient().await;
    let began = Instant::now();
    assert_eq!(read_all(&mut here.socket().await).await, "");
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn headers_that_drip_are_cut_off() {
    let here = impatient().await;
    let mut socket = here.socket().await;
    let began = Instant::now();
    for byte in
        b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    {
        if socket.write_all(&[*byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        let mut none = [0; 1];
        if matches!(socket.try_read(&mut none), Ok(0)) {
            break;
        }
    }
    assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_body_that_stalls_is_cut_off() {
    let here = impatient().await;
    let said = here.raw(&post(&here, "content-length: 100", "{")).await;
    assert!(said.starts_with("HTTP/1.1 408") && said.contains("body_too_slow"), "{said}");
}

/// Sends a request without its body with a key that is none, and its body a little later; what comes back by then.
async fn refused_before_its_body(socket: &mut tokio::net::TcpStream, bytes: usize) -> String {
    let head = "POST /llm-ops/v1/catalog/models HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer none";
    let head = format!("{head}\r\ncontent-type: application/json\r\ncontent-length: {bytes}\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    // One that is told to go may have gone.
    let _ = socket.write_all(&vec![b' '; bytes]).await;
    let mut said = vec![0; 8 << 10];
    let read = tokio::time::timeout(Duration::from_secs(5), socket.read(&mut said)).await.unwrap().unwrap();
    String::from_utf8_lossy(&said[..read]).to_ascii_lowercase()
}

#[tokio::test]
async fn a_request_that_is_refused_before_its_body_leaves_the_connection_whole() {
    let here = served().await;
    let mut socket = here.socket().await;
    for _ in 0..20 {
        let said = refused_before_its_body(&mut socket, 100).await;
        assert!(said.starts_with("http/1.1 401") && !said.contains("connection: close"), "{said}");
    }
}

#[tokio::test]
async fn who_sends_more_than_is_taken_unread_is_told_that_the_connection_ends() {
    let here = served().await;
    let mut socket = here.socket().await;
    let said = refused_before_its_body(&mut socket, 100_000).await;
    assert!(said.starts_with("http/1.1 401") && said.contains("connection: close"), "{said}");
    assert_eq!(read_all(&mut socket).await, "");
}

#[tokio::test]
async fn a_body_that_drips_is_cut_off() {
    let here = impatient().await;
    let mut socket = here.socket().await;
    socket.write_all(&post(&here, "content-length: 10000", "")).await.unwrap();
    let (mut read, mut write) = socket.into_split();
    let drip = tokio::spawn(async move {
        while write.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let mut said = String::new();
    tokio::time::timeout(Duration::from_secs(5), read.read_to_string(&mut said)).await.unwrap().ok();
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    drip.await.unwrap();
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let here = impatient().await;
    let mut socket = here.socket().await;
    socket.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    assert!(read_all(&mut socket).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let here = served().await;
    let body = json!({ "name": "a".repeat(1 << 20) }).to_string();
    let said = refused(&here, &body).await;
    assert!(said.starts_with("HTTP/1.1 413") && said.contains("body_too_large"), "{said}");
}

#[tokio::test]
async fn a_chunked_body_over_the_limit_is_413() {
    let here = served().await;
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000)).repeat(17);
    let said = here.raw(&post(&here, "transfer-encoding: chunked", &format!("{chunk}0\r\n\r\n"))).await;
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
}

#[tokio::test]
async fn what_is_no_json_is_400() {
    let here = served().await;
    for body in ["{", "[1", "nul", "{\"a\":1}x", "{\"a\":1,\"a\":2}", "\u{1}", "{\"a\":1e999}"] {
        let said = refused(&here, body).await;
        assert!(said.starts_with("HTTP/1.1 400") && said.contains("invalid_json"), "{body}: {said}");
    }
}

#[tokio::test]
async fn json_that_is_no_object_is_422() {
    let here = served().await;
    for body in ["[]", "1", "null", "\"x\""] {
        let said = refused(&here, body).await;
        assert!(said.starts_with("HTTP/1.1 422"), "{body}: {said}");
    }
}

#[tokio::test]
async fn json_too_deep_is_400() {
    let here = served().await;
    let said = refused(&here, &format!("{{\"metadata\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000))).await;
    assert!(said.starts_with("HTTP/1.1 400") && said.contains("64 levels"), "{said}");
}

#[tokio::test]
async fn bytes_that_are_no_utf8_are_400() {
    let here = served().await;
    let mut bytes = post(&here, "content-length: 12", "{\"name\":\"");
    bytes.extend([0xff, b'"', b'}']);
    assert!(here.raw(&bytes).await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn another_media_type_is_415() {
    let here = served().await;
    let request = here.request("POST", "/catalog/models").header("content-type", "application/xml").body("<a/>");
    assert_eq!(json_of(request.send().await.unwrap(), 415).await["error"]["field"], "Content-Type");
}

#[tokio::test]
async fn a_compressed_body_is_415() {
    let here = served().await;
    let request = here.request("POST", "/catalog/models").header("content-encoding", "gzip").body("x");
    assert_eq!(json_of(request.send().await.unwrap(), 415).await["error"]["field"], "Content-Encoding");
}

#[tokio::test]
async fn an_address_too_long_is_414() {
    let here = served().await;
    let path = format!("/catalog/models?text={}", "a".repeat(9 << 10));
    assert_eq!(json_of(here.request("GET", &path).send().await.unwrap(), 414).await["error"]["code"], "uri_too_long");
}

#[tokio::test]
async fn headers_too_large_are_431() {
    let here = served().await;
    let request = here.request("GET", "/catalog/models").header("x-big", "a".repeat(33 << 10));
    assert_eq!(json_of(request.send().await.unwrap(), 431).await["error"]["code"], "headers_too_large");
}

#[tokio::test]
async fn headers_without_end_are_cut_off() {
    let here = served().await;
    let said = here.raw(format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}", "a".repeat(1 << 20)).as_bytes()).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
}

#[tokio::test]
async fn both_lengths_are_refused() {
    let here = served().await;
    let head = "content-length: 5\r\ntransfer-encoding: chunked";
    let said = here.raw(&post(&here, head, "0\r\n\r\nGET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n")).await;
    assert_eq!(said.matches("HTTP/1.1 ").count(), 1, "{said}");
}

#[tokio::test]
async fn a_foreign_host_name_is_421() {
    let here = served().await;
    let said = here.raw(b"GET /healthz HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n").await;
    assert!(said.starts_with("HTTP/1.1 421") && said.contains("host_not_allowed"), "{said}");
}

#[tokio::test]
async fn a_page_of_another_site_is_403() {
    let here = served().await;
    let request = here.request("GET", "/catalog/models").header("origin", "https://evil.example");
    assert_eq!(json_of(request.send().await.unwrap(), 403).await["error"]["code"], "origin_not_allowed");
}

#[tokio::test]
async fn two_host_names_are_refused() {
    let here = served().await;
    let said = here.raw(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(said.starts_with("HTTP/1.1 400"), "{said}");
}

#[tokio::test]
async fn a_claimed_identity_counts_for_nothing() {
    let here = served().await;
    let request = here.http.get(here.url("/llm-ops/v1/catalog/models")).header("x-user-id", "admin");
    assert_eq!(request.header("x-user-roles", "admin").send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn keys_that_are_none_are_401_in_the_same_words() {
    let here = served().await;
    let mut said = Vec::new();
    for key in ["x", "llo_", "llo_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = here.http.get(here.url("/llm-ops/v1/catalog/models")).bearer_auth(key).send().await.unwrap();
        said.push(json_of(answer, 401).await["message"].take());
    }
    assert!(said.windows(2).all(|two| two[0] == two[1]), "{said:?}");
}

#[tokio::test]
async fn no_answer_lacks_the_security_headers() {
    let here = served().await;
    for path in ["/healthz", "/nothing", "/docs", "/llm-ops/v1/catalog/models", "/v1/models"] {
        let answer = here.http.get(here.url(path)).send().await.unwrap();
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{path}");
        assert!(answer.headers().get("server").is_none() && answer.headers().contains_key("x-request-id"), "{path}");
    }
}
