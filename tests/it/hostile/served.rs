//! A server to be hostile to, and how it must answer.

use std::path::Path;
use std::process::Command;

use llmops_core::LlmOps;
use llmops_server::{DoorOptions, Server};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::process::server_executable;

/// A server on a fresh folder, known by its administrator's key.
pub struct Served {
    pub data: tempfile::TempDir,
    server: Server,
    http: reqwest::Client,
    pub key: String,
}

/// A request to an operation, not sent yet.
#[derive(Clone)]
pub struct Asked {
    pub verb: String,
    /// With what the path names filled in.
    pub path: String,
    pub query: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    pub headers: HeaderMap,
}

/// A refusal as it must be.
pub struct Refusal<'a> {
    pub statuses: &'a [u16],
    pub code: Option<&'a str>,
    /// The field it must name.
    pub field: Option<&'a str>,
}

impl Served {
    pub async fn open() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        // Loops would write while rows are counted.
        let runtime = vec![server_executable().into(), "runtime".into()];
        let builder = LlmOps::builder().data_dir(data.path()).runtime_command(runtime);
        let ops = builder.loops(false).open().await.expect("a platform");
        let address = "127.0.0.1:0".parse().expect("an address");
        let server = Server::start(ops, address, DoorOptions::default()).await.expect("a server starts");
        let key = std::fs::read_to_string(data.path().join("admin.key")).expect("the administrator has a key");
        Self { data, server, http: reqwest::Client::new(), key: key.trim().to_owned() }
    }

    /// Sends a request and gives status and body.
    pub async fn send(&self, asked: &Asked) -> (u16, Vec<u8>) {
        let url = format!("{}{}", self.server.url(), asked.path);
        let mut request = self.http.request(asked.verb.parse().expect("a verb"), url);
        if !asked.query.is_empty() {
            request = request.query(&asked.query);
        }
        let mut headers = asked.headers.clone();
        if !headers.contains_key("authorization") {
            headers.insert("authorization", format!("Bearer {}", self.key).parse().expect("a header"));
        }
        if let Some(body) = &asked.body {
            headers.entry("content-type").or_insert("application/json".parse().expect("a header"));
            request = request.body(body.clone());
        }
        let request = request.headers(headers).build().expect("a request");
        let response = self.answer(&request).await;
        let status = response.status().as_u16();
        let body = if response.headers().get("content-type").is_some_and(|kind| kind == "text/event-stream") {
            b"a stream".to_vec()
        } else {
            response.bytes().await.expect("the answer ends").to_vec()
        };
        (status, body)
    }

    /// A server that refuses a body unread closes the connection, perhaps just as the next request is sent on it.
    async fn answer(&self, request: &reqwest::Request) -> reqwest::Response {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.http.execute(request.try_clone().expect("bytes can be sent again")).await {
                Ok(response) => return response,
                Err(error) => assert!(tries < 5, "{} {}: {error:?}", request.method(), request.url()),
            }
        }
    }

    /// What is wrong with how a request is refused.
    pub async fn fault(&self, asked: &Asked, wanted: &Refusal<'_>) -> Option<String> {
        let (status, body) = self.send(asked).await;
        let short = brief(&body);
        if !wanted.statuses.contains(&status) {
            return Some(format!("{status}: {short}"));
        }
        if let Some(said) = Self::fault_of_ours(status, &body) {
            return Some(said);
        }
        let error = serde_json::from_slice::<Value>(&body).unwrap_or_default()["error"].take();
        if wanted.code.is_some_and(|code| error["code"] != code) {
            return Some(format!("another code: {short}"));
        }
        if wanted.field.is_some_and(|field| error["field"] != field) {
            return Some(format!("another field: {short}"));
        }
        None
    }

    /// What is wrong with an answer, whatever it was: a fault of the server, or a refusal in other words than ours.
    pub fn fault_of_ours(status: u16, body: &[u8]) -> Option<String> {
        if status < 400 {
            return None;
        }
        let short = brief(body);
        if status >= 500 {
            return Some(format!("a fault, {status}: {short}"));
        }
        let Ok(said) = serde_json::from_slice::<Value>(body) else { return Some(format!("no JSON: {short}")) };
        let error = &said["error"];
        let fine = said["status"] == "fail"
            && said["data"].is_null()
            && ["kind", "code", "message", "requestId"].iter().all(|name| filled(&error[name]))
            && said["message"] == error["message"];
        if !fine {
            return Some(format!("not the envelope: {short}"));
        }
        (!filled(&error["hint"])).then(|| format!("no remedy: {short}"))
    }

    /// The rows of each table, and the blobs that are kept.
    pub fn written(&self) -> Value {
        let count = "import json, sqlite3, sys\n\
                     rows = sqlite3.connect(sys.argv[1])\n\
                     tables = [name for name, in rows.execute(\"select name from sqlite_master where type = 'table'\")]\n\
                     print(json.dumps({t: rows.execute(f'select count(*) from \"{t}\"').fetchone()[0] for t in tables}))";
        let asked = Command::new("python3").args(["-c", count]).arg(self.data.path().join("llmops.db")).output();
        let said = asked.expect("python3 runs");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        let rows: Value = serde_json::from_slice(&said.stdout).expect("counts");
        json!({ "rows": rows, "files": files_below(&self.data.path().join("blobs")) })
    }

    pub async fn close(self) {
        self.server.stop().await;
    }
}

/// The same for the routes of OpenAI, whose errors have another shape.
pub fn fault_of_openai(status: u16, body: &[u8]) -> Option<String> {
    if status < 400 {
        return None;
    }
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &said["error"];
    let fine = status < 500
        && filled(&error["message"])
        && error["type"].as_str().is_some_and(|kind| kind.ends_with("_error") && kind != "server_error")
        && (error["param"].is_null() || filled(&error["param"]))
        && filled(&error["code"]);
    (!fine).then(|| format!("{status}: {}", brief(body)))
}

fn brief(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(400).collect()
}

fn filled(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

fn files_below(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files_below(&entry.path()) } else { 1 }).sum()
}

/// Text as it stands in a path: nothing of it is taken for a separator or a step upwards.
pub fn in_path(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
