//! A file that comes in parts, through whatever death.

use std::time::{Duration, Instant};

use llmops_core::op::{Part, parts};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::story::{Story, Who, text};

/// One part: what a death can break is the same with many, and a story is told a hundred times.
const BYTES: usize = 1000;

impl Story {
    /// Sends a file in parts; in the end it is one of the model's, once, and nothing else is left of it.
    pub async fn send_in_parts(&mut self) {
        let whole: Vec<u8> = (0..).flat_map(|n: u32| format!("line {n}\n").into_bytes()).take(BYTES).collect();
        let digest = hex::encode(Sha256::digest(&whole));
        let model =
            text(&self.ask("catalog.create_model", json!({ "name": "parted", "version": "1.0.0" })).await["id"]);
        let request = json!({ "modelId": model, "path": "notes.txt", "bytes": BYTES, "sha256": digest });
        let upload = self.ask("catalog.create_model_upload", request).await;
        let at = json!({ "modelId": model, "uploadId": upload["id"] });
        for (number, part) in whole.chunks(8 << 20).enumerate().rev() {
            self.part(&json!({ "modelId": model, "uploadId": upload["id"], "number": number }), part).await;
        }
        self.ask("catalog.complete_model_upload", at.clone()).await;
        let ended = self.until("catalog.get_model_upload", at, |now| now["state"] != "completing").await;
        assert_eq!((&ended["state"], &ended["file"]["sha256"]), (&json!("complete"), &json!(digest)), "{ended:#}");
        let files = self.ask("catalog.list_model_files", json!({ "modelId": model })).await;
        assert_eq!(files["items"].as_array().unwrap().len(), 1, "{files:#}");
        let verified = self.ask("catalog.verify_model", json!({ "modelId": model })).await;
        assert_eq!(verified["verified"], true, "{verified:#}");
        let parts = self.data().join("blobs/staging").join(text(&upload["id"]).replace('-', ""));
        assert!(!parts.exists(), "the parts lie about");
    }

    async fn part(&mut self, request: &serde_json::Value, part: &[u8]) {
        let since = Instant::now();
        loop {
            let ops = self.client(Who::Maker);
            let body = parts(vec![Part::from_bytes("part", part.to_vec())]);
            match ops.upload(ops.ctx(), "catalog.upload_model_part", request.clone(), body).await {
                Ok(_) => return,
                Err(error) => self.survive("upload_model_part", error, since).await,
            }
            assert!(since.elapsed() < Duration::from_secs(90), "a part does not arrive");
        }
    }
}
