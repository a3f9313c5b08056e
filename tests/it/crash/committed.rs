//! Files of a dataset that count together, through whatever death.

use std::ops::Range;

use serde_json::{Value, json};

use super::story::Story;

impl Story {
    /// Sends files and commits them, twice; in the end what was committed last is there, whole and once.
    pub async fn commit(&mut self) {
        let request = json!({ "name": "committed", "version": "1.0.0", "type": "other" });
        let dataset = self.ask_once("committed", "datasets.create_dataset", request).await["id"].clone();
        let first = self.stage(&dataset, "a.jsonl", 0..40).await;
        let second = self.stage(&dataset, "b.jsonl", 40..60).await;
        let add = json!([{ "path": "a.jsonl", "sha256": first }, { "path": "b.jsonl", "sha256": second }]);
        let request = json!({ "datasetId": dataset, "add": add });
        let made = self.ask_once("commit-first", "datasets.commit_dataset_files", request).await;
        assert_eq!(made["rows"], 60, "{made:#}");
        let other = self.stage(&dataset, "b.jsonl", 60..90).await;
        let add = json!([{ "path": "b.jsonl", "sha256": other }, { "path": "c.jsonl", "sha256": second }]);
        let request = json!({ "datasetId": dataset, "add": add, "remove": ["a.jsonl"], "digest": made["digest"] });
        let made = self.ask_once("commit-second", "datasets.commit_dataset_files", request).await;
        assert_eq!((&made["rows"], &made["id"]), (&json!(50), &dataset), "{made:#}");
        let files = self.ask("datasets.list_dataset_files", json!({ "datasetId": dataset })).await;
        let files: Vec<&Value> = files["items"].as_array().unwrap().iter().map(|file| &file["sha256"]).collect();
        assert_eq!(files, [&json!(other), &json!(second)]);
        for (row, number) in [(29, 89), (49, 59)] {
            let request = json!({ "datasetId": dataset, "row": row });
            let shown = self.ask("datasets.preview_dataset", request).await;
            assert_eq!(shown["items"][0]["values"]["n"], number, "{shown:#}");
        }
    }

    async fn stage(&mut self, dataset: &Value, path: &str, rows: Range<u32>) -> String {
        let rows: String = rows.map(|n| format!("{}\n", json!({ "n": n }))).collect();
        let request = json!({ "datasetId": dataset, "path": path });
        let staged = self.part("datasets.stage_dataset_file", &request, rows.as_bytes()).await;
        super::story::text(&staged["sha256"])
    }
}
