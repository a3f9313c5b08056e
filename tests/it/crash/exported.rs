//! A model that goes to somebody else's hub, through whatever death.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::story::Story;

/// A larger file is to come by itself; the story's weights are.
const WITHIN: u64 = 2000;

/// A hub that takes one repository in, which outlives every server of the story.
pub struct Taker {
    address: String,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    made: u32,
    commits: u32,
    /// What came by itself, by its digest.
    apart: BTreeMap<String, Vec<u8>>,
    /// Digests and sizes, by path.
    files: BTreeMap<String, (String, u64)>,
}

impl Taker {
    /// One that answers from now on.
    pub fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, kept) = (listener.local_addr().unwrap().to_string(), Arc::<Mutex<Kept>>::default());
        let all = kept.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = all.clone();
                std::thread::spawn(move || serve(stream, &kept));
            }
        });
        Self { address, kept }
    }

    /// Where it is.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Answers one request. A client that dies meanwhile is none of its business, and what it did not say to the end does not count.
fn serve(stream: TcpStream, kept: &Mutex<Kept>) -> Option<()> {
    let address = stream.local_addr().ok()?;
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).ok()?;
    let mut header = String::new();
    while reader.read_line(&mut header).ok()? > 2 {
        if let Some(said) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = said.trim().parse().ok()?;
        }
        header.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let path = line.split(' ').nth(1)?;
    let (status, said) = answer(&mut kept, path, (&body, &format!("http://{address}")));
    let said = said.to_string();
    let head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", said.len());
    reader.into_inner().write_all(format!("{head}{said}").as_bytes()).ok()
}

fn answer(kept: &mut Kept, path: &str, (body, here): (&[u8], &str)) -> (u16, Value) {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    match path {
        "/api/repos/create" => {
            kept.made += 1;
            (200, json!({}))
        }
        _ if kept.made == 0 => (404, json!({})),
        path if path.contains("/revision/") => (200, json!({ "sha": format!("c{}", kept.commits) })),
        path if path.contains("/tree/") => {
            let entry = |(path, (oid, size)): (&String, &(String, u64))| json!({ "type": "file", "path": path, "size": 134, "lfs": { "oid": oid, "size": size } });
            (200, kept.files.iter().map(entry).collect())
        }
        path if path.contains("/preupload/") => {
            let way = |file: &Value| {
                let mode = if file["size"].as_u64() > Some(WITHIN) { "lfs" } else { "regular" };
                json!({ "path": file["path"], "uploadMode": mode, "shouldIgnore": false })
            };
            (200, json!({ "files": said["files"].as_array().unwrap().iter().map(way).collect::<Vec<_>>() }))
        }
        path if path.ends_with("/info/lfs/objects/batch") => {
            let object = &said["objects"][0];
            let oid = object["oid"].as_str().unwrap();
            let actions = match kept.apart.contains_key(oid) {
                true => Value::Null,
                false => json!({ "upload": { "href": format!("{here}/kept/{oid}") } }),
            };
            (200, json!({ "objects": [{ "oid": oid, "size": object["size"], "actions": actions }] }))
        }
        path if path.starts_with("/kept/") => {
            kept.apart.insert(path["/kept/".len()..].to_owned(), body.to_vec());
            (200, Value::Null)
        }
        path if path.contains("/commit/") => {
            commit(kept, body);
            (200, json!({ "commitOid": format!("c{}", kept.commits) }))
        }
        _ => (404, json!({})),
    }
}

fn commit(kept: &mut Kept, body: &[u8]) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    for line in body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let said: Value = serde_json::from_slice(line).unwrap();
        let value = &said["value"];
        let path = value["path"].as_str().unwrap_or_default().to_owned();
        match said["key"].as_str().unwrap() {
            "header" => assert_eq!(value["parentCommit"], format!("c{}", kept.commits)),
            "file" => {
                let bytes = STANDARD.decode(value["content"].as_str().unwrap()).unwrap();
                kept.files.insert(path, (hex::encode(Sha256::digest(&bytes)), bytes.len() as u64));
            }
            "lfsFile" => {
                let oid = value["oid"].as_str().unwrap().to_owned();
                assert!(kept.apart.contains_key(&oid), "{path} was not sent before");
                kept.files.insert(path, (oid, value["size"].as_u64().unwrap()));
            }
            other => panic!("{other}"),
        }
    }
    kept.commits += 1;
}

impl Story {
    /// Sends a model out; in the end the hub has all of it, and it was committed once.
    pub async fn export(&mut self, model: &str) {
        let url = format!("http://{}", self.taker().address());
        let request = json!({ "modelId": model, "repo": "somebody/sent", "baseUrl": url });
        let asked = self.ask("catalog.export_model", request).await;
        let at = json!({ "exportId": asked["id"] });
        let ended = self.until("catalog.get_model_export", at, |now| now["state"] == "succeeded").await;
        assert_eq!((&ended["sentFiles"], &ended["commit"]), (&ended["files"], &json!("c1")), "{ended:#}");
        let files = self.ask("catalog.list_model_files", json!({ "modelId": model })).await;
        let kept = self.taker().kept.lock().unwrap();
        assert_eq!((kept.made, kept.commits, kept.files.len() as u64), (1, 1, ended["files"].as_u64().unwrap()));
        assert!(!kept.apart.is_empty(), "the weights go by themselves");
        for (digest, bytes) in &kept.apart {
            assert_eq!(*digest, hex::encode(Sha256::digest(bytes)));
        }
        for file in files["items"].as_array().unwrap() {
            let there = kept.files.get(file["path"].as_str().unwrap());
            let same = there.is_some_and(|(digest, _)| file["sha256"] == *digest.as_str());
            assert!(same || file["path"] == "README.md", "{file:#}");
        }
    }
}
