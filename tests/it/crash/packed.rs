//! Two versions of a dataset that share most of their bytes, through whatever death.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use llmops_core::base::ErrorKind;
use llmops_core::op::{Part, parts};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::story::{Story, Who, text};

/// How long what nobody needs may take to go; a lease of a server that died is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

fn rows(changed: usize) -> String {
    let line = |row: usize| {
        let said = if row == changed { "changed" } else { "said" };
        let noise: String = hex::encode(Sha256::digest(row.to_le_bytes()));
        format!("{}\n", json!({ "text": format!("{noise} is what {said} in row {row}") }))
    };
    (0..3000).map(line).collect()
}

impl Story {
    /// What the second version shares with the first is stored once; both can be read, and nothing stays of them.
    pub async fn pack(&mut self) {
        self.settled().await;
        let before: BTreeSet<String> = self.objects().into_keys().collect();
        let at = |id: &str| json!({ "datasetId": id });
        let mut cut = false;
        let first = self.version(("1.0.0", &rows(usize::MAX)), &mut cut).await;
        self.settled().await;
        let second = self.version(("1.1.0", &rows(1500)), &mut cut).await;
        let counted = self.until("datasets.get_dataset", at(&second), |now| now["storedBytes"].is_u64()).await;
        assert!(counted["storedBytes"].as_u64() < counted["bytes"].as_u64().map(|all| all / 2), "{counted:#}");
        let taken = self.ask("datasets.get_dataset_storage", at(&second)).await;
        assert_eq!((&taken["versions"], &taken["pending"]), (&json!(2), &json!(0)), "{taken:#}");
        let whole = hex::encode(Sha256::digest(rows(1500)));
        self.until_objects("its own object goes", |name| *name != whole).await;
        for (id, changed) in [(&first, usize::MAX), (&second, 1500)] {
            let page = self.ask("datasets.preview_dataset", json!({ "datasetId": id, "row": 1500, "limit": 1 })).await;
            let wanted = rows(changed).lines().nth(1500).unwrap().to_owned();
            let said: serde_json::Value = serde_json::from_str(&wanted).unwrap();
            assert_eq!(page["items"][0]["values"], said, "{page:#}");
        }
        self.gone(&first).await;
        let page = self.ask("datasets.preview_dataset", json!({ "datasetId": second, "row": 2999, "limit": 1 })).await;
        assert_eq!(page["items"].as_array().unwrap().len(), 1, "{page:#}");
        self.gone(&second).await;
        // What an upload brought that was cut short is kept for a day: nobody knows that its server is dead.
        if !cut {
            self.until_objects("nothing of them stays", |name| before.contains(name)).await;
        }
    }

    /// Waits until all datasets are as they are to be kept: what is theirs comes after this no more.
    async fn settled(&mut self) {
        let all = self.ask("datasets.list_datasets", json!({})).await;
        for one in all["items"].as_array().unwrap() {
            let at = json!({ "datasetId": one["id"] });
            self.until("datasets.get_dataset_storage", at, |now| now["pending"] == 0).await;
        }
    }

    /// A version with these lines, and whether a death came in between while they were sent.
    async fn version(&mut self, (version, lines): (&str, &str), cut: &mut bool) -> String {
        let request = json!({ "name": "grown", "version": version, "type": "pretrain_corpus" });
        let made = self.ask_once(&format!("grown-{version}"), "datasets.create_dataset", request).await;
        let id = text(&made["id"]);
        let since = Instant::now();
        loop {
            let ops = self.client(Who::Maker);
            let body = parts(vec![Part::from_bytes("rows.jsonl", lines.to_owned())]);
            let request = json!({ "datasetId": id, "replace": true });
            match ops.upload(ops.ctx(), "datasets.upload_dataset_files", request, body).await {
                Ok(_) => return id,
                Err(error) => {
                    *cut = true;
                    self.survive("upload", error, since).await;
                }
            }
        }
    }

    /// A dataset goes.
    pub async fn gone(&mut self, id: &str) {
        let deaths = self.deaths;
        let request = json!({ "datasetId": id });
        match self.try_once(&format!("gone-{id}"), "datasets.delete_dataset", request).await {
            Ok(_) => {}
            Err(error) => {
                assert!(self.deaths > deaths && error.kind() == ErrorKind::NotFound, "{error:?}\n{}", self.log());
            }
        }
    }

    /// All objects by their names, with their folder, size and beginning.
    fn objects(&self) -> BTreeMap<String, String> {
        fn below(folder: &Path, found: &mut BTreeMap<String, String>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    below(&path, found);
                } else if let Ok(bytes) = std::fs::read(&path) {
                    let said = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
                    let name = entry.file_name().to_string_lossy().into_owned();
                    found.insert(name, format!("{}, {} bytes, {said:?}", path.display(), bytes.len()));
                }
            }
        }
        let mut found = BTreeMap::new();
        for folder in ["blobs", "aside", "dropped"] {
            below(&self.kept().join(folder), &mut found);
        }
        found
    }

    /// Waits until there are none but these.
    pub async fn until_objects(&mut self, what: &str, may_stay: impl Fn(&String) -> bool) {
        let since = Instant::now();
        loop {
            let mut left = self.objects();
            left.retain(|name, _| !may_stay(name));
            if left.is_empty() {
                return;
            }
            assert!(since.elapsed() < PATIENCE, "{what}: {left:#?}\n{}", self.log());
            // A server that died meanwhile is started again by who asks it.
            self.ask("datasets.list_datasets", json!({})).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
