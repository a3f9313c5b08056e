//! Models on their way to hubs that take them in well and badly.

use bytes::Bytes;

use super::*;
use crate::base::ErrorKind;

/// Bytes that are at hand.
struct Here(Bytes);

#[async_trait]
impl Content for Here {
    async fn read(&self, range: Range<u64>) -> Result<ByteStream> {
        let at = |place: u64| usize::try_from(place).unwrap().min(self.0.len());
        let part = self.0.slice(at(range.start)..at(range.end));
        Ok(Box::pin(futures::stream::once(async move { Ok(part) })))
    }
}

fn outgoing(path: &str, content: &str) -> Outgoing {
    use sha2::{Digest, Sha256};
    let sha256 = hex::encode(Sha256::digest(content));
    Outgoing { path: path.into(), bytes: content.len() as u64, sha256, sample: content.to_owned().into() }
}

async fn send(hub: &HubRegistry, server: &Server, content: &'static str) -> Result<()> {
    let file = outgoing("a.gguf", content);
    hub.send(&server.place(), "me/small", &file, &Here(Bytes::from_static(content.as_bytes()))).await
}

/// A batch that wants the file put there.
fn batch(file: &Outgoing, actions: &str) -> String {
    let body = format!(r#"{{"transfer": "basic", "objects": [{{"oid": "{}", "size": 1, {actions}}}]}}"#, file.sha256);
    http(200, "", &body)
}

#[tokio::test]
async fn a_repository_is_made_and_one_that_is_there_stays() {
    for status in [200, 201, 409] {
        let server = Server::answering(move |_| http(status, "", "{}")).await;
        hub(&[&server]).create(&server.place(), "me/small", true).await.unwrap();
        let asked = server.last();
        assert!(asked.starts_with("post /hub/api/repos/create ") && asked.contains("authorization: bearer k-e-y"));
        let body = asked.split_once("\r\n\r\n").unwrap().1;
        let said: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(
            said,
            serde_json::json!({ "type": "model", "organization": "me", "name": "small", "private": true })
        );
    }
    let server = Server::answering(|_| http(403, "", "{}")).await;
    let refused = hub(&[&server]).create(&server.place(), "me/small", true).await.unwrap_err();
    assert_eq!(refused.stable_code(), "registry_refused");
}

#[tokio::test]
async fn the_hub_says_how_each_file_comes() {
    let server = Server::answering(|_| {
        let files = r#"{"files": [{"path": "b", "uploadMode": "lfs", "shouldIgnore": false},
            {"path": "a", "uploadMode": "regular"}, {"path": "c", "uploadMode": "regular", "shouldIgnore": true}]}"#;
        http(200, "", files)
    })
    .await;
    let files = ["a", "b", "c"].map(|path| outgoing(path, "text"));
    let ways = hub(&[&server]).ways(&server.place(), ("me/small", "main"), &files).await.unwrap();
    assert_eq!(ways, [Way::Within, Way::Apart, Way::Left]);
    assert!(server.last().starts_with("post /hub/api/models/me/small/preupload/main "));
    assert!(server.last().contains(r#""sample":"dgv4da==""#), "{}", server.last());
    let unknown = [outgoing("other", "text")];
    let garbled = hub(&[&server]).ways(&server.place(), ("me/small", "main"), &unknown).await.unwrap_err();
    assert_eq!(garbled.stable_code(), "upstream_garbled");
}

#[tokio::test]
async fn a_large_file_goes_where_the_hub_says_and_the_key_stays_behind() {
    let storage = Server::answering(|_| http(200, "ETag: \"e\"\r\n", "")).await;
    let file = outgoing("a.gguf", "hello");
    let to = format!("http://{}/kept?sign=1", storage.address);
    let answer = batch(
        &file,
        &format!(r#""actions": {{"upload": {{"href": "{to}", "header": {{"X-Sign": "s", "Host": "h"}}}}}}"#),
    );
    let server = Server::answering(move |_| answer.clone()).await;
    send(&hub(&[&server, &storage]), &server, "hello").await.unwrap();
    assert!(server.last().starts_with("post /hub/me/small.git/info/lfs/objects/batch "), "{}", server.last());
    let kept = storage.last();
    assert!(kept.starts_with("put /kept?sign=1 ") && kept.ends_with("\r\n\r\nhello"), "{kept}");
    assert!(kept.contains("content-length: 5\r\n") && kept.contains("x-sign: s"), "{kept}");
    assert!(!kept.contains("k-e-y") && !kept.contains("host: h\r"), "{kept}");
    let refused = send(&hub(&[&server]), &server, "hello").await.unwrap_err();
    assert_eq!(refused.stable_code(), "address_refused", "storage is asked through the same door");
}

#[tokio::test]
async fn a_file_goes_in_the_parts_that_the_hub_wants() {
    let storage = Server::answering(|request| {
        let name = request.split(' ').nth(1).unwrap().trim_start_matches('/').to_owned();
        http(200, &format!("ETag: \"{name}\"\r\n"), "")
    })
    .await;
    let file = outgoing("a.gguf", "hello");
    let at = format!("http://{}", storage.address);
    let parts = format!(r#""chunk_size": "2", "00001": "{at}/p1", "00002": "{at}/p2", "00003": "{at}/p3""#);
    let answer = batch(&file, &format!(r#""actions": {{"upload": {{"href": "{at}/done", "header": {{{parts}}}}}}}"#));
    let server = Server::answering(move |_| answer.clone()).await;
    send(&hub(&[&server, &storage]), &server, "hello").await.unwrap();
    let asked: Vec<String> = storage.asked.lock().unwrap().clone();
    let bodies: Vec<&str> = asked.iter().map(|asked| asked.split_once("\r\n\r\n").unwrap().1).collect();
    assert_eq!(bodies[..3], ["he", "ll", "o"]);
    let said: serde_json::Value = serde_json::from_str(bodies[3]).unwrap();
    assert_eq!(said["parts"][2], serde_json::json!({ "partnumber": 3, "etag": "\"p3\"" }));
    for wrong in [r#""chunk_size": "0""#, r#""chunk_size": "x""#, r#""chunk_size": "2", "00001": "http://x/""#] {
        let answer =
            batch(&file, &format!(r#""actions": {{"upload": {{"href": "{at}/done", "header": {{{wrong}}}}}}}"#));
        let server = Server::answering(move |_| answer.clone()).await;
        let garbled = send(&hub(&[&server, &storage]), &server, "hello").await.unwrap_err();
        assert_eq!(garbled.stable_code(), "upstream_garbled", "{wrong}");
    }
}

#[tokio::test]
async fn what_is_there_is_not_sent_and_what_is_refused_is_told() {
    let file = outgoing("a.gguf", "hello");
    let there = batch(&file, r#""authenticated": true"#);
    let server = Server::answering(move |_| there.clone()).await;
    send(&hub(&[&server]), &server, "hello").await.unwrap();
    let refused = batch(&file, r#""error": {"code": 422, "message": "too large"}"#);
    let server = Server::answering(move |_| refused.clone()).await;
    let error = send(&hub(&[&server]), &server, "hello").await.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Invalid, "registry_refused"));
    let other = batch(&outgoing("b", "other"), "\"x\": 1");
    let server = Server::answering(move |_| other.clone()).await;
    assert_eq!(send(&hub(&[&server]), &server, "hello").await.unwrap_err().stable_code(), "upstream_garbled");
}

#[tokio::test]
async fn a_file_is_verified_where_the_hub_says_and_shows_the_key_to_the_hub_alone() {
    let elsewhere = Server::answering(|_| http(200, "", "")).await;
    let file = outgoing("a.gguf", "hello");
    let at = format!("http://{}", elsewhere.address);
    let actions = format!(r#""actions": {{"upload": {{"href": "{at}/kept"}}, "verify": {{"href": "{at}/verify"}}}}"#);
    let answer = batch(&file, &actions);
    let server = Server::answering(move |_| answer.clone()).await;
    send(&hub(&[&server, &elsewhere]), &server, "hello").await.unwrap();
    let verified = elsewhere.last();
    assert!(verified.starts_with("post /verify ") && !verified.contains("k-e-y"), "{verified}");
}

#[tokio::test]
async fn a_commit_is_lines_of_which_each_is_a_change() {
    let server =
        Server::answering(|_| http(200, "", r#"{"success": true, "commitOid": "c1", "commitUrl": "x"}"#)).await;
    let commit = |content: &'static str| Commit {
        parent: "c0",
        message: "say \"so\"",
        changes: vec![
            Change::Within { path: "a \"b\".md".into(), bytes: 5, content: Box::new(Here(content.into())) },
            Change::Apart { path: "w.gguf".into(), bytes: 9, sha256: "ab".into() },
            Change::Removed { path: "old.md".into() },
        ],
    };
    let made = hub(&[&server]).commit(&server.place(), ("me/small", "main"), commit("hello")).await.unwrap();
    assert_eq!(made, "c1");
    assert!(server.last().starts_with("post /hub/api/models/me/small/commit/main "), "{}", server.last());
    let (head, body) =
        server.last().split_once("\r\n\r\n").map(|(head, body)| (head.to_owned(), body.to_owned())).unwrap();
    assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
    let lines: Vec<serde_json::Value> = body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&lines[0]["value"]["summary"], &lines[0]["value"]["parentcommit"]),
        (&"say \"so\"".into(), &"c0".into())
    );
    // `printf hello | base64`, in small letters as the server notes it.
    assert_eq!((&lines[1]["value"]["content"], &lines[1]["value"]["path"]), (&"agvsbg8=".into(), &"a \"b\".md".into()));
    assert_eq!((&lines[2]["key"], &lines[2]["value"]["size"]), (&"lfsfile".into(), &9.into()));
    assert_eq!((&lines[3]["key"], &lines[3]["value"]["path"]), (&"deletedfile".into(), &"old.md".into()));
    for (status, code) in
        [(412, "repository_changed"), (409, "repository_changed"), (403, "registry_refused"), (200, "upstream_garbled")]
    {
        let server = Server::answering(move |_| http(status, "", "{}")).await;
        let error = hub(&[&server]).commit(&server.place(), ("me/small", "main"), commit("hello")).await.unwrap_err();
        assert_eq!(error.stable_code(), code, "{status}");
    }
    let short = hub(&[&server]).commit(&server.place(), ("me/small", "main"), commit("hell")).await.unwrap_err();
    assert_eq!(short.kind(), ErrorKind::Unexpected, "bytes that are not those that were said are not sent: {short}");
}

#[tokio::test]
async fn what_is_brought_is_for_whom_it_was_meant() {
    let other = Server::answering(|_| http(200, "", "{}")).await;
    let to = format!("Location: http://{}/else\r\n", other.address);
    let server = Server::answering(move |_| http(307, &to, "")).await;
    let error = hub(&[&server, &other]).create(&server.place(), "me/small", true).await.unwrap_err();
    assert_eq!((error.stable_code(), other.last().as_str()), ("upstream_redirects", ""));
}
