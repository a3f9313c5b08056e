//! Imports from a hub that falls silent in the middle of a file, and holds the line.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::egress::guard::Guard;
use crate::registry::HubRegistry;

const PART: usize = 8 << 20;
/// How long the platform waits for a byte here.
const SILENCE: Duration = Duration::from_millis(700);

/// Weights of this many bytes.
fn weights(bytes: usize) -> Vec<u8> {
    let header = format!(r#"{{"a":{{"dtype":"U8","shape":[{bytes}],"data_offsets":[0,{bytes}]}}}}"#);
    (header.len() as u64).to_le_bytes().into_iter().chain(header.into_bytes()).chain(vec![7; bytes]).collect()
}

/// A hub with one model.
struct Hub {
    weights: Vec<u8>,
    /// How often it falls silent where the bytes begin that are asked for, and there.
    silent: Mutex<(usize, usize)>,
    /// Where the bytes of the weights began that were asked for.
    asked: Mutex<Vec<usize>>,
}

impl Hub {
    async fn serve(weights: Vec<u8>, silent: (usize, usize)) -> (Arc<Self>, String) {
        let hub = Arc::new(Self { weights, silent: Mutex::new(silent), asked: Mutex::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let here = hub.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(here.clone().answer(stream));
            }
        });
        (hub, address)
    }

    async fn answer(self: Arc<Self>, mut stream: TcpStream) {
        let (mut request, mut some) = (String::new(), [0; 4096]);
        while !request.contains("\r\n\r\n") {
            match stream.read(&mut some).await {
                Ok(read) if read > 0 => request.push_str(&String::from_utf8_lossy(&some[..read]).to_ascii_lowercase()),
                _ => return,
            }
        }
        let path = request.split(' ').nth(1).unwrap_or_default();
        if path.ends_with("/resolve/c0ffee/model.safetensors") {
            return self.send(&mut stream, &request).await;
        }
        let sha256 = hex::encode(Sha256::digest(&self.weights));
        let body = match path {
            asked if asked.contains("/revision/") => r#"{"sha": "c0ffee"}"#.to_owned(),
            asked if asked.contains("/tree/") => json!([
                { "type": "file", "path": "config.json", "size": 2 },
                { "type": "file", "path": "model.safetensors", "size": self.weights.len(),
                  "lfs": { "oid": sha256, "size": self.weights.len() } },
            ])
            .to_string(),
            _ => "{}".to_owned(),
        };
        let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
    }

    async fn send(&self, stream: &mut TcpStream, request: &str) {
        let range = request.split_once("range: bytes=").and_then(|(_, rest)| rest.lines().next()?.split_once('-'));
        let range = range.map(|(from, to)| (from.parse::<usize>().unwrap(), to.parse::<usize>().unwrap() + 1));
        let status = if range.is_some() { 206 } else { 200 };
        let (from, to) = range.unwrap_or((0, self.weights.len()));
        self.asked.lock().unwrap().push(from);
        let is_silent = {
            let mut silent = self.silent.lock().unwrap();
            let falls = silent.0 > 0 && silent.1 == from;
            silent.0 -= usize::from(falls);
            falls
        };
        let head = format!("HTTP/1.1 {status} OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", to - from);
        let end = if is_silent { from + (to - from) / 2 } else { to };
        let sent = [head.as_bytes(), &self.weights[from..end]].concat();
        if stream.write_all(&sent).await.is_ok() && is_silent {
            tokio::time::sleep(Duration::from_secs(300)).await;
        }
    }
}

/// Begins an import of the model; the hub, the platform and the import.
async fn begin(weights: Vec<u8>, silent: (usize, usize)) -> (Arc<Hub>, Fresh, ModelImport) {
    let (hub, address) = Hub::serve(weights, silent).await;
    let guard = Guard::impatient(address.parse().unwrap(), SILENCE).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let ops = on_trial(dir.path()).await.registry("there", Arc::new(HubRegistry::new(guard))).open().await.unwrap();
    let request = ImportModel {
        repo: "somebody/small".into(),
        registry: Some("there".into()),
        base_url: Some(format!("http://{address}")),
        ..ImportModel::default()
    };
    let begun = ops.catalog().import_model(&ops.ctx(), request).await.unwrap();
    (hub, Fresh { _dir: dir, ops }, begun)
}

/// All states until the end.
async fn states(fresh: &Fresh, import: &ModelImport) -> Vec<ModelImport> {
    let request = GetModelImport { import_id: import.id };
    let events = fresh.ops.catalog().watch_model_import(&fresh.ops.ctx(), request).await.unwrap();
    let all = tokio::time::timeout(Duration::from_secs(60), events.try_collect::<Vec<_>>()).await;
    all.expect("it ends").unwrap()
}

async fn came(fresh: &Fresh, import: &ModelImport) -> Vec<(String, String)> {
    let request = ListModelFiles { model_id: import.model_id.unwrap(), limit: None, cursor: None };
    let files = fresh.ops.catalog().list_model_files(&fresh.ops.ctx(), request).await.unwrap().items;
    files.into_iter().map(|file| (file.path, file.sha256)).collect()
}

#[tokio::test]
async fn a_part_that_stalls_is_asked_for_again_and_the_others_are_not() {
    let bytes = weights(20 << 20);
    let begun = Instant::now();
    let (hub, fresh, import) = begin(bytes.clone(), (2, PART)).await;
    let done = states(&fresh, &import).await.pop().unwrap();
    assert_eq!((done.state, done.error.as_ref()), (TransferState::Succeeded, None), "{done:?}");
    assert!(begun.elapsed() < Duration::from_secs(30), "nobody waits for a silent hub: {:?}", begun.elapsed());
    let mut asked = hub.asked.lock().unwrap().clone();
    asked.sort_unstable();
    assert_eq!(asked, [0, PART, PART, PART, 2 * PART]);
    assert_eq!(came(&fresh, &done).await[1], ("model.safetensors".into(), hex::encode(Sha256::digest(bytes))));
}

#[tokio::test]
async fn a_whole_file_that_stalls_is_tried_again_and_says_so_meanwhile() {
    let bytes = weights(1 << 20);
    let (hub, fresh, import) = begin(bytes.clone(), (1, 0)).await;
    let states = states(&fresh, &import).await;
    let said = states.iter().filter_map(|state| state.error.as_ref()).map(|error| error.code.as_str());
    assert_eq!(said.collect::<BTreeSet<_>>(), BTreeSet::from(["upstream_timeout"]));
    let done = states.last().unwrap();
    assert_eq!((done.state, hub.asked.lock().unwrap().as_slice()), (TransferState::Succeeded, &[0, 0][..]), "{done:?}");
    assert_eq!(came(&fresh, done).await[1].1, hex::encode(Sha256::digest(bytes)));
}
