//! The hub's protocol: what its clients do not send of themselves.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Served, json_of, served};

impl Served {
    fn hub(&self, verb: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(verb.parse().unwrap(), self.url(path)).bearer_auth(&self.key)
    }

    async fn commit(&self, body: impl Into<reqwest::Body>) -> reqwest::Response {
        self.hub("POST", "/api/models/tiny/commit/main").body(body).send().await.unwrap()
    }

    async fn refused(&self, body: &str, status: u16) -> String {
        let said = json_of(self.commit(body.to_owned()).await, status).await;
        assert_eq!(self.info().await["siblings"], json!([]), "{body}");
        said["error"].as_str().unwrap().to_owned()
    }

    async fn info(&self) -> Value {
        json_of(self.hub("GET", "/api/models/tiny").send().await.unwrap(), 200).await
    }
}

const HEADER: &str = r#"{"key":"header","value":{"summary":"x"}}"#;

fn file(path: &str, content: &str) -> String {
    json!({ "key": "file", "value": { "path": path, "content": content, "encoding": "base64" } }).to_string()
}

#[tokio::test]
async fn a_commit_that_cannot_be_read_is_refused_whole() {
    let here = served().await;
    here.model("1.0.0").await;
    let good = file("good.txt", "Z29vZA==");
    for (lines, status, said) in [
        (String::new(), 400, "cannot be read"),
        ("no json".into(), 400, "not JSON"),
        (good.clone(), 400, "first line must be the header"),
        (format!("{HEADER}\n{good}\n[1]"), 400, "a line is no object"),
        (format!("{HEADER}\n{good}\n{{\"key\":1}}"), 400, "`key` and `value`"),
        (format!("{HEADER}\n{good}\n{{\"key\":\"rename\",\"value\":{{\"path\":\"a.txt\"}}}}"), 400, "not known"),
        (format!("{HEADER}\n{good}\n{}", file("a.txt", "*")), 400, "not base64"),
        (format!("{HEADER}\n{good}\n{}", file("../a.txt", "YQ==")), 422, "path"),
        (format!("{HEADER}\n{good}\n{}", file("/etc/a.txt", "YQ==")), 422, "path"),
        (format!("{HEADER}\n{good}\n{}", file("a.exe", "YQ==")), 422, "may not hold files that end in `.exe`"),
        (format!("{HEADER}\n{good}\n{}", file("README.md", "LS0tCmxpY2Vuc2U6IFsKLS0tCg==")), 422, "front matter"),
        (format!("{HEADER}\n{good}\n{good}"), 422, "twice"),
        (format!("{HEADER}\n{good}\n{{\"key\":\"header\""), 400, "not JSON"),
    ] {
        let answer = here.refused(&lines, status).await;
        assert!(answer.contains(said), "{lines}: {answer}");
    }
    json_of(here.commit(format!("{HEADER}\n{good}\n")).await, 200).await;
    assert_eq!(here.info().await["siblings"], json!([{ "rfilename": "good.txt" }]));
}

#[tokio::test]
async fn a_file_within_a_commit_has_a_largest_size() {
    let here = served().await;
    here.model("1.0.0").await;
    let over = format!("{HEADER}\n{}\n", file("large.txt", &"QUFB".repeat((10 << 20) / 3 + 2)));
    assert!(here.refused(&over, 413).await.contains("10 MiB"));
}

#[tokio::test]
async fn a_line_without_end_is_cut_off() {
    let here = served().await;
    here.model("1.0.0").await;
    let endless = futures::stream::iter((0..1024).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1 << 20])));
    let answer = here.commit(reqwest::Body::wrap_stream(endless)).await;
    assert!(json_of(answer, 413).await["error"].as_str().unwrap().contains("a line is longer"));
}

#[tokio::test]
async fn what_is_not_there_goes_by_the_names_that_clients_know() {
    let here = served().await;
    here.model("1.0.0").await;
    for (path, code) in [
        ("/api/models/absent", "RepoNotFound"),
        ("/api/models/absent/tree/main", "RepoNotFound"),
        ("/api/models/nowhere/tiny", "RepoNotFound"),
        ("/api/datasets/tiny", "RepoNotFound"),
        ("/api/models/tiny/revision/2.0.0", "RevisionNotFound"),
        ("/tiny/resolve/2.0.0/config.json", "RevisionNotFound"),
        ("/tiny/resolve/main/config.json", "EntryNotFound"),
        ("/default/tiny/resolve/main/..%2F..%2Fadmin.key", "EntryNotFound"),
        ("/api/models/tiny/tree/main/docs", "EntryNotFound"),
    ] {
        let answer = here.hub("GET", path).send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["x-error-code"]),
            (404, &code.parse().unwrap()),
            "{path}"
        );
        assert!(answer.headers().contains_key("x-error-message"), "{path}");
    }
}

#[tokio::test]
async fn nobody_is_told_anything_without_a_key() {
    let here = served().await;
    here.model("1.0.0").await;
    for (verb, path) in [
        ("GET", "/api/whoami-v2"),
        ("GET", "/api/models"),
        ("GET", "/api/datasets"),
        ("GET", "/api/models/tiny"),
        ("GET", "/tiny/resolve/main/config.json"),
        ("POST", "/api/models/tiny/commit/main"),
        ("POST", "/api/models/tiny/preupload/main"),
        ("POST", "/tiny.git/info/lfs/objects/batch"),
        ("POST", "/api/repos/create"),
        ("PUT", "/api/hub/models/0199aaaa-0000-7000-8000-000000000000/00"),
    ] {
        let answer = here.http.request(verb.parse().unwrap(), here.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{verb} {path}");
    }
    // Clients send no key with what they ask about a card before they send it.
    let asked = here.http.post(here.url("/api/validate-yaml")).json(&serde_json::json!({ "repoType": "dataset" }));
    assert_eq!(asked.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn what_the_protocol_has_and_this_server_has_not_is_said_so() {
    let here = served().await;
    here.model("1.0.0").await;
    for (verb, path, status, said) in [
        ("GET", "/api/models/tiny/xet-read-token/main", 400, "sends them without"),
        ("GET", "/api/models/tiny/xet-write-token/main?create_pr=1", 400, "no pull requests"),
        ("POST", "/api/models/tiny/commit/main?create_pr=1", 400, "no pull requests"),
        ("POST", "/api/models/tiny/tree/main", 405, "verb"),
        ("DELETE", "/api/models/tiny", 405, "verb"),
    ] {
        let answer = json_of(here.hub(verb, path).send().await.unwrap(), status).await;
        assert!(answer["error"].as_str().unwrap().contains(said), "{path}: {answer}");
    }
}

/// A shard that says that a file of this SHA-256 is the first two pieces of a pack whose name is all zeros but for an `ab` at the
/// end of its first number.
fn shard(sha256: &[u8; 32]) -> Vec<u8> {
    let entry = |hash: &[u8; 32], numbers: [u32; 4]| -> Vec<u8> {
        hash.iter().copied().chain(numbers.iter().flat_map(|number| number.to_le_bytes())).collect()
    };
    let (tag, mut pack) =
        (*b"HFRepoMetaData\0\x55\x69\x67\x45\x6a\x7b\x81\x57\x83\xa5\xbd\xd9\x5c\xcd\xd1\x4a\xa9", [0; 32]);
    pack[0] = 0xab;
    // Its SHA-256 is written as four numbers, as all hashes there.
    let mut told = *sha256;
    told.chunks_mut(8).for_each(<[u8]>::reverse);
    let file = [entry(&[1; 32], [1 << 30, 1, 0, 0]), entry(&pack, [0, 8, 0, 2]), entry(&told, [0; 4])];
    [entry(&tag, [2, 0, 0, 0]), file.concat(), entry(&[0xff; 32], [0; 4])].concat()
}

#[tokio::test]
async fn pieces_become_files_as_clients_of_xet_say() {
    let here = served().await;
    here.model("1.0.0").await;
    let token = here.hub("GET", "/api/models/tiny/xet-write-token/main").send().await.unwrap();
    let place = token.headers()["x-xet-cas-url"].to_str().unwrap().to_owned();
    assert_eq!(token.headers()["x-xet-token-expiration"].to_str().unwrap().len(), 10);
    let told = json_of(token, 200).await;
    assert_eq!(told["casUrl"], json!(place));
    let send = |path: String, body: Vec<u8>| {
        let ticket = told["accessToken"].as_str().unwrap();
        here.http.post(format!("{place}/v1/{path}")).bearer_auth(ticket).body(body).send()
    };
    let sha256: [u8; 32] = Sha256::digest(b"one two ").into();
    let early = json_of(send("shards".into(), shard(&sha256)).await.unwrap(), 422).await;
    assert!(early["error"].as_str().unwrap().contains("packs that you have sent"), "{early}");
    let pieces = b"\0\x04\0\0\0\x04\0\0one \0\x04\0\0\0\x04\0\0two \0\x01\0\0\0\x01\0\0x".to_vec();
    let name = format!("00000000000000ab{}", "0".repeat(48));
    let kept = json_of(send(format!("xorbs/default/{name}"), pieces).await.unwrap(), 200).await;
    assert_eq!(kept, json!({ "was_inserted": true }));
    assert_eq!(json_of(send("shards".into(), shard(&sha256)).await.unwrap(), 200).await, json!({ "result": 1 }));
    let file = json!({ "key": "lfsFile", "value": { "path": "a.txt", "algo": "sha256", "oid": hex::encode(sha256), "size": 8 } });
    json_of(here.commit(format!("{HEADER}\n{file}\n")).await, 200).await;
    let got = here.hub("GET", "/tiny/resolve/main/a.txt").send().await.unwrap();
    assert!(!got.headers().contains_key("x-xet-hash"));
    assert_eq!(got.text().await.unwrap(), "one two ");
    // What it has not, a client goes on without.
    let unknown = send("xorb-grants/default/0".into(), Vec::new()).await.unwrap();
    assert_eq!(unknown.status(), 404);
}

#[tokio::test]
async fn a_commit_of_an_older_state_is_refused() {
    let here = served().await;
    here.model("1.0.0").await;
    let header = json!({ "key": "header", "value": { "summary": "x", "parentCommit": "f".repeat(40) } });
    let answer = here.refused(&format!("{header}\n{}", file("a.txt", "YQ==")), 412).await;
    assert!(answer.contains("`main` is now at"), "{answer}");
}

#[tokio::test]
async fn an_external_model_is_no_repository() {
    let here = served().await;
    let card = json!({ "provider": "openai-compatible", "modelName": "m", "baseUrl": "https://models.example.com/v1" });
    let external = json!({ "name": "far", "version": "1.0.0", "type": "external", "metadata": card });
    json_of(here.post("/catalog/models", &external).await, 200).await;
    let answer = here.hub("GET", "/api/models/far").send().await.unwrap();
    assert_eq!(answer.headers()["x-error-code"], "RepoNotFound");
    let listed = json_of(here.hub("GET", "/api/models").send().await.unwrap(), 200).await;
    assert_eq!(listed, json!([]));
}

#[tokio::test]
async fn a_version_in_several_types_is_the_one_that_has_files() {
    let here = served().await;
    here.model("1.0.0").await;
    json_of(here.commit(format!("{HEADER}\n{}\n", file("a.txt", "YQ=="))).await, 200).await;
    let other = json!({ "name": "tiny", "version": "1.0.0", "type": "fine-tuned" });
    json_of(here.post("/catalog/models", &other).await, 200).await;
    for path in ["/api/models/tiny", "/api/models/tiny/revision/main", "/api/models/tiny/revision/1.0.0"] {
        let told = json_of(here.hub("GET", path).send().await.unwrap(), 200).await;
        assert_eq!(told["siblings"], json!([{ "rfilename": "a.txt" }]), "{path}");
    }
    let refs = json_of(here.hub("GET", "/api/models/tiny/refs").send().await.unwrap(), 200).await;
    assert_eq!(refs["tags"].as_array().map(Vec::len), Some(1), "{refs}");
    assert_eq!(refs["branches"][0]["targetCommit"], here.info().await["sha"]);

    // What is written to it goes to the one that was read.
    json_of(here.commit(format!("{HEADER}\n{}\n", file("b.txt", "Yg=="))).await, 200).await;
    assert_eq!(here.info().await["siblings"], json!([{ "rfilename": "a.txt" }, { "rfilename": "b.txt" }]));
}
