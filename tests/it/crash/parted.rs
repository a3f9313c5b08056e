//! Files that come in parts, through whatever death.

use std::time::{Duration, Instant};

use llmops_core::op::{Part, parts};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::story::{Story, Who, text};

/// One part: what a death can break is the same with many, and a story is told a hundred times.
const BYTES: usize = 1000;

impl Story {
    /// Sends files in parts; in the end each is one of its owner's, once, and nothing else is left of it.
    pub async fn send_in_parts(&mut self) {
        let model = json!({ "name": "parted", "version": "1.0.0" });
        let model = self.file_in_parts(("catalog", "model"), model).await;
        let verified = self.ask("catalog.verify_model", json!({ "modelId": model })).await;
        assert_eq!(verified["verified"], true, "{verified:#}");
        let dataset = json!({ "name": "parted", "version": "1.0.0", "type": "other" });
        let dataset = self.file_in_parts(("datasets", "dataset"), dataset).await;
        let shown = self.ask("datasets.preview_dataset", json!({ "datasetId": dataset, "limit": 1 })).await;
        assert_eq!(shown["items"][0]["values"]["text"], "line 0", "{shown:#}");
    }

    /// Makes an owner and sends it a file; its id.
    async fn file_in_parts(&mut self, (room, thing): (&str, &str), owner: Value) -> Value {
        let whole: Vec<u8> = (0..).flat_map(|n: u32| format!("line {n}\n").into_bytes()).take(BYTES).collect();
        let digest = hex::encode(Sha256::digest(&whole));
        let create = format!("{room}.create_{thing}");
        let owner = self.ask_once(&format!("parted-{thing}"), &create, owner).await["id"].clone();
        let about = |mut request: Value| {
            request[format!("{thing}Id")] = owner.clone();
            request
        };
        let op = |verb: &str| format!("{room}.{verb}_{thing}_upload");
        let request = about(json!({ "path": "notes.txt", "bytes": BYTES, "sha256": digest }));
        let upload = self.ask(&op("create"), request).await;
        let at = about(json!({ "uploadId": upload["id"] }));
        for (number, part) in whole.chunks(8 << 20).enumerate().rev() {
            let request = about(json!({ "uploadId": upload["id"], "number": number }));
            self.part(&format!("{room}.upload_{thing}_part"), &request, part).await;
        }
        self.ask(&op("complete"), at.clone()).await;
        let ended = self.until(&op("get"), at, |now| now["state"] != "completing").await;
        assert_eq!((&ended["state"], &ended["file"]["sha256"]), (&json!("complete"), &json!(digest)), "{ended:#}");
        let files = self.ask(&format!("{room}.list_{thing}_files"), about(json!({}))).await;
        assert_eq!(files["items"].as_array().unwrap().len(), 1, "{files:#}");
        let parts = self.data().join("blobs/staging").join(text(&upload["id"]).replace('-', ""));
        assert!(!parts.exists(), "the parts lie about");
        owner
    }

    /// Sends one file until it arrives; the answer.
    pub async fn part(&mut self, operation: &str, request: &Value, part: &[u8]) -> Value {
        let since = Instant::now();
        loop {
            let ops = self.client(Who::Maker);
            let body = parts(vec![Part::from_bytes("part", part.to_vec())]);
            match ops.upload(ops.ctx(), operation, request.clone(), body).await {
                Ok(answer) => return answer,
                Err(error) => self.survive(operation, error, since).await,
            }
            assert!(since.elapsed() < Duration::from_secs(90), "a part does not arrive");
        }
    }
}
