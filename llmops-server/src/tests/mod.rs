//! The door over real sockets: with the platform's own client, with an ordinary HTTP client, and byte by byte.

mod between;
mod chat;
mod forms;
mod hostile;
mod hub;
mod listening;
mod operations;
#[cfg(feature = "ui")]
mod pages;
mod sessions;
mod streams;

use std::time::Duration;

use llmops_core::LlmOps;
use llmops_core::base::Secret;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{DoorOptions, Patience, Server};

/// A server on a fresh folder.
struct Served {
    dir: tempfile::TempDir,
    server: Server,
    http: reqwest::Client,
    key: String,
}

async fn served() -> Served {
    served_with(DoorOptions::default()).await
}

/// A server that waits for little, so that tests do not wait either.
async fn impatient() -> Served {
    let patience = Patience {
        first_byte: Duration::from_millis(300),
        headers: Duration::from_millis(600),
        keep_alive: Duration::from_millis(300),
        body_idle: Duration::from_millis(300),
        body_grace: Duration::from_millis(500),
        ping: Duration::from_millis(100),
        standing: Duration::from_millis(50),
        drain: Duration::from_secs(2),
        ..Patience::default()
    };
    served_with(DoorOptions { patience, ..DoorOptions::default() }).await
}

async fn served_with(options: DoorOptions) -> Served {
    llmops_core::base::ensure_crypto_provider();
    let dir = tempfile::tempdir().unwrap();
    let ops = LlmOps::builder().data_dir(dir.path()).open().await.unwrap();
    served_on(dir, ops, options).await
}

async fn served_on(dir: tempfile::TempDir, ops: LlmOps, options: DoorOptions) -> Served {
    let server = Server::start_with(ops, "127.0.0.1:0".parse().unwrap(), options, crate::dialects()).await.unwrap();
    let key = std::fs::read_to_string(dir.path().join("admin.key")).unwrap();
    Served { dir, server, http: reqwest::Client::new(), key }
}

impl Served {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url())
    }

    fn request(&self, verb: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(verb.parse().unwrap(), self.url(&format!("/llm-ops/v1{path}"))).bearer_auth(&self.key)
    }

    async fn post(&self, path: &str, body: &Value) -> reqwest::Response {
        self.request("POST", path).json(body).send().await.unwrap()
    }

    /// The platform behind its own client.
    fn remote(&self) -> LlmOps {
        LlmOps::connect(&self.server.url(), Some(Secret::new(self.key.clone()))).unwrap()
    }

    /// A model by this version, as JSON.
    async fn model(&self, version: &str) -> Value {
        let answer = self.post("/catalog/models", &json!({ "name": "tiny", "version": version })).await;
        json_of(answer, 200).await["data"].take()
    }

    async fn model_id(&self) -> String {
        self.model("1.0.0").await["id"].as_str().unwrap().to_owned()
    }

    async fn socket(&self) -> TcpStream {
        TcpStream::connect(self.server.address()).await.unwrap()
    }

    /// Sends bytes as they are and gives what comes back until the server closes.
    async fn raw(&self, bytes: &[u8]) -> String {
        let mut socket = self.socket().await;
        socket.write_all(bytes).await.unwrap();
        read_all(&mut socket).await
    }
}

/// What a socket still brings, within five seconds.
async fn read_all(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), socket.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the server did not close; it said {}", String::from_utf8_lossy(&bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn json_of(response: reqwest::Response, status: u16) -> Value {
    let (got, text) = (response.status().as_u16(), response.text().await.unwrap());
    assert_eq!(got, status, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// A minimal file that the catalog takes as what it claims to be.
const CONFIG: &str = r#"{"model_type":"llama"}"#;
