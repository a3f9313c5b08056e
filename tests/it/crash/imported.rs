//! A model that comes from somebody else's hub, through whatever death.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::json;
use sha2::{Digest, Sha256};

use super::story::{Story, text};

/// More than comes in one piece.
const BYTES: usize = (8 << 20) + 1000;
const CONFIG: &str = r#"{"architectures": ["MistralForCausalLM"]}"#;

/// A hub with one repository, which outlives every server of the story.
pub struct Hub {
    address: String,
    digest: String,
}

impl Hub {
    /// One that answers from now on.
    pub fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let notes: Vec<u8> = (0..).flat_map(|n: u32| format!("line {n}\n").into_bytes()).take(BYTES).collect();
        let digest = hex::encode(Sha256::digest(&notes));
        let tree = json!([
            { "type": "file", "path": "config.json", "size": CONFIG.len() },
            { "type": "file", "path": "notes.txt", "size": 134, "lfs": { "oid": digest, "size": BYTES } },
        ]);
        let tree = tree.to_string();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (notes, tree) = (notes.clone(), tree.clone());
                std::thread::spawn(move || answer(stream, &notes, &tree));
            }
        });
        Self { address, digest }
    }

    /// Where it is.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Answers one request. A client that dies meanwhile is none of its business.
fn answer(mut stream: TcpStream, notes: &[u8], tree: &str) {
    let mut request = [0; 4096];
    let read = stream.read(&mut request).unwrap_or_default();
    let request = String::from_utf8_lossy(&request[..read]).to_ascii_lowercase();
    let (status, body) = match request.split_whitespace().nth(1).unwrap_or_default() {
        path if path.contains("/revision/") => (200, br#"{"sha": "c0ffee"}"#.as_slice()),
        path if path.contains("/tree/c0ffee") => (200, tree.as_bytes()),
        path if path.ends_with("/resolve/c0ffee/config.json") => (200, CONFIG.as_bytes()),
        path if path.ends_with("/resolve/c0ffee/notes.txt") => (206, &notes[range(&request)]),
        _ => (404, b"".as_slice()),
    };
    let head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

fn range(request: &str) -> std::ops::Range<usize> {
    let (_, rest) = request.split_once("range: bytes=").unwrap();
    let (first, last) = rest.lines().next().unwrap().split_once('-').unwrap();
    first.parse().unwrap()..last.parse::<usize>().unwrap() + 1
}

impl Story {
    /// Takes a model over; in the end there is one of it, whole, and it says where it came from.
    pub async fn import(&mut self) {
        let url = format!("http://{}", self.hub().address());
        let request = json!({ "repo": "somebody/taken", "baseUrl": url });
        let asked = self.ask("catalog.import_model", request).await;
        let at = json!({ "importId": asked["id"] });
        let ended = self.until("catalog.get_model_import", at, |now| now["state"] == "succeeded").await;
        assert_eq!((&ended["receivedFiles"], &ended["receivedBytes"]), (&json!(2), &ended["bytes"]), "{ended:#}");
        let model = json!({ "modelId": text(&ended["modelId"]) });
        let files = self.ask("catalog.list_model_files", model.clone()).await;
        let digests: Vec<_> = files["items"].as_array().unwrap().iter().map(|file| &file["sha256"]).collect();
        assert_eq!((digests.len(), digests[1]), (2, &json!(self.hub().digest)), "{files:#}");
        assert_eq!(self.ask("catalog.verify_model", model.clone()).await["verified"], true);
        let taken = self.ask("catalog.list_models", json!({ "name": "taken" })).await;
        assert_eq!(taken["items"].as_array().unwrap().len(), 1, "{taken:#}");
        assert_eq!(taken["items"][0]["modelFamily"], "mistral");
        let imports = self.ask("catalog.list_model_imports", json!({})).await;
        assert_eq!(imports["items"].as_array().unwrap().len(), 1, "{imports:#}");
    }
}
