//! The hub's protocol against servers that speak it well and badly.

mod push;

use std::sync::{Arc, Mutex};

use futures::TryStreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::egress::guard::Guard;

/// A request with its body, in small letters.
async fn whole(stream: &mut TcpStream) -> String {
    let mut request = String::new();
    let mut some = [0; 8192];
    loop {
        let read = stream.read(&mut some).await.unwrap_or_default();
        request.push_str(&String::from_utf8_lossy(&some[..read]).to_ascii_lowercase());
        let (head, body) = request.split_once("\r\n\r\n").unwrap_or((&request, ""));
        let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next()?.parse().ok());
        if read == 0 || (head.len() < request.len() && body.len() >= length.unwrap_or(0)) {
            return request;
        }
    }
}

/// A server that answers by the first words of a request, and what it was asked.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn answering(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, answer) = (asked.clone(), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (seen, answer) = (seen.clone(), answer.clone());
                tokio::spawn(async move {
                    let request = whole(&mut stream).await;
                    let said = answer(&request);
                    seen.lock().unwrap().push(request);
                    let _ = stream.write_all(said.as_bytes()).await;
                });
            }
        });
        Self { address, asked }
    }

    fn place(&self) -> Place {
        Place { address: format!("http://{}/hub", self.address), key: Some(Secret::new("k-e-y")) }
    }

    fn last(&self) -> String {
        self.asked.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

fn hub(allowed: &[&Server]) -> HubRegistry {
    let hosts: Vec<&str> = allowed.iter().map(|server| server.address.as_str()).collect();
    HubRegistry::new(Guard::new(hosts.join(",").parse().unwrap()).unwrap())
}

fn http(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\n{headers}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn file(path: &str, bytes: u64) -> RemoteFile {
    RemoteFile { path: path.into(), bytes, sha256: None, blob_id: None }
}

async fn read(hub: &HubRegistry, server: &Server, file: &RemoteFile, range: std::ops::Range<u64>) -> Result<String> {
    let body = hub.read(&server.place(), ("me/small", "c0"), file, range).await?;
    let chunks: Vec<bytes::Bytes> = body.try_collect().await?;
    Ok(String::from_utf8(chunks.concat()).unwrap())
}

#[tokio::test]
async fn a_commit_and_its_files_are_asked_page_by_page() {
    let server = Server::answering(|request| match request {
        asked if asked.starts_with("get /hub/api/models/me/small/revision/refs%2fpr%2f1 ") => {
            http(200, "", r#"{"id": "me/small", "sha": "c0ffee", "cardData": {"license": "mit"}}"#)
        }
        asked if asked.contains("cursor=2") => {
            http(200, "", r#"[{"type": "file", "path": "b.json", "size": 3, "oid": "0123456789012345678901234567890123456789"}]"#)
        }
        asked if asked.starts_with("get /hub/api/models/me/small/tree/c0ffee?recursive=true ") => http(
            200,
            "Link: </hub/api/models/me/small/tree/c0ffee?cursor=2>; rel=\"next\"\r\n",
            r#"[{"type": "directory", "path": "deep", "size": 0}, {"type": "file", "path": "deep/a.gguf", "size": 134, "oid": "x",
                "lfs": {"oid": "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789", "size": 9000000000, "pointerSize": 134}}]"#,
        ),
        _ => http(404, "", "{}"),
    })
    .await;
    let hub = hub(&[&server]);
    let head = hub.head(&server.place(), "me/small", "refs/pr/1").await.unwrap();
    assert_eq!((head.commit.as_str(), head.card.as_deref()), ("c0ffee", Some(r#"{"license": "mit"}"#)));
    assert!(server.last().contains("authorization: bearer k-e-y"), "{}", server.last());
    let files = hub.files(&server.place(), "me/small", "c0ffee").await.unwrap();
    let large = RemoteFile { sha256: Some("abcdef0123456789".repeat(4)), ..file("deep/a.gguf", 9_000_000_000) };
    let small = RemoteFile { blob_id: Some("0123456789".repeat(4)), ..file("b.json", 3) };
    assert_eq!(files, [large, small]);
}

#[tokio::test]
async fn what_a_hub_refuses_is_told_in_our_words() {
    for (status, body, code) in [
        (401, "", "registry_refused"),
        (403, "", "registry_refused"),
        (404, "", "repository_not_found"),
        (429, "", "rate_limited"),
        (500, "", "upstream_failed"),
        (307, "", "upstream_redirects"),
        (200, "<html>", "upstream_garbled"),
        (200, r#"{"sha": "../../x"}"#, "upstream_garbled"),
        (200, r#"{"sha": ""}"#, "upstream_garbled"),
    ] {
        let server = Server::answering(move |_| http(status, "Location: /elsewhere\r\n", body)).await;
        let error = hub(&[&server]).head(&server.place(), "me/small", "main").await.unwrap_err();
        assert_eq!(error.stable_code(), code, "{status} {body}: {error}");
        assert!(!error.to_string().contains("k-e-y"));
    }
}

#[tokio::test]
async fn pages_without_end_and_pages_elsewhere_are_not_followed() {
    let endless = Server::answering(|_| http(200, "Link: </next>; rel=\"next\"\r\n", "[]")).await;
    let error = hub(&[&endless]).files(&endless.place(), "me/small", "c0").await.unwrap_err();
    assert_eq!((error.field_name(), endless.asked.lock().unwrap().len()), (Some("repo"), 100));
    let other = Server::answering(|_| http(200, "", "[]")).await;
    let link = format!("Link: <http://{}/next>; rel=\"next\"\r\n", other.address);
    let sly = Server::answering(move |_| http(200, &link, "[]")).await;
    assert_eq!(hub(&[&sly, &other]).files(&sly.place(), "me/small", "c0").await.unwrap(), []);
    assert_eq!(other.last(), "", "the key is for no other server");
}

#[tokio::test]
async fn bytes_come_from_where_the_hub_keeps_them_and_the_key_stays_behind() {
    let storage = Server::answering(|request| match request.contains("range: bytes=2-4") {
        true => http(206, "", "cde"),
        false => http(200, "", "abcdefgh"),
    })
    .await;
    let to = format!("Location: http://{}/kept?sign=1\r\n", storage.address);
    let server =
        Server::answering(move |request| match request.starts_with("get /hub/me/small/resolve/c0/deep/a%20b.txt ") {
            true => http(302, &to, ""),
            false => http(404, "", ""),
        })
        .await;
    let both = hub(&[&server, &storage]);
    let wanted = file("deep/a b.txt", 8);
    assert_eq!(read(&both, &server, &wanted, 0..8).await.unwrap(), "abcdefgh");
    assert!(!storage.last().contains("k-e-y"), "{}", storage.last());
    assert_eq!(read(&both, &server, &wanted, 2..5).await.unwrap(), "cde");
    let refused = read(&hub(&[&server]), &server, &wanted, 0..8).await.unwrap_err();
    assert_eq!(refused.stable_code(), "address_refused", "a redirect leads through the same door");
}

#[tokio::test]
async fn bytes_that_are_not_those_that_were_said_are_errors() {
    let blob = |id: &str| RemoteFile { blob_id: Some(id.into()), ..file("a.txt", 5) };
    // `printf hello | git hash-object --stdin`
    let (good, bad) =
        (blob("b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"), blob("b6fc4c620b67d95f953a5c1c1230aaab5db5a1b1"));
    let server = Server::answering(|_| http(200, "", "hello")).await;
    let hub = hub(&[&server]);
    assert_eq!(read(&hub, &server, &good, 0..5).await.unwrap(), "hello");
    for (wanted, range, code) in [
        (&bad, 0..5, "checksum_mismatch"),
        (&file("a.txt", 4), 0..4, "upstream_broken"),
        (&file("a.txt", 6), 0..6, "upstream_broken"),
        (&file("a.txt", 9), 2..7, "upstream_garbled"),
    ] {
        let error = read(&hub, &server, wanted, range).await.unwrap_err();
        assert_eq!(error.stable_code(), code, "{error}");
    }
}

#[tokio::test]
async fn redirects_that_go_in_a_circle_end() {
    let server = Server::answering(|_| http(302, "Location: /round\r\n", "")).await;
    let error = read(&hub(&[&server]), &server, &file("a.txt", 5), 0..5).await.unwrap_err();
    assert_eq!((error.stable_code(), server.asked.lock().unwrap().len()), ("upstream_redirects", 6));
}

#[tokio::test]
async fn a_search_is_read_as_the_hub_writes_it() {
    let body = r#"[{"_id": "1", "id": "me/small", "likes": 3, "downloads": 7, "tags": ["llama"], "pipeline_tag": "text-generation",
        "gated": "manual", "private": false, "createdAt": "2024-06-03T10:00:00.000Z"}, {"id": "me/other", "modelId": "me/other",
        "createdAt": "2024-06-03T10:00:00.000Z", "lastModified": "2024-06-04T10:00:00.000Z"}]"#;
    let server = Server::answering(move |_| http(200, "", body)).await;
    let found = hub(&[&server]).search(&server.place(), "sm all", 20).await.unwrap();
    assert!(server.last().starts_with("get /hub/api/models?search=sm+all&limit=20 "), "{}", server.last());
    assert_eq!((found[0].repo.as_str(), found[0].downloads, found[0].gated), ("me/small", Some(7), true));
    assert_eq!((found[1].gated, found.len()), (false, 2));
    let days = found.iter().map(|found| found.updated_at.unwrap().to_string()[..10].to_owned());
    assert_eq!(days.collect::<Vec<_>>(), ["2024-06-03", "2024-06-04"]);
}
