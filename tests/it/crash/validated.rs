//! A validation of a large dataset, through whatever death: it goes on from where it was written down how far it is.

use serde_json::{Value, json};

use super::server::Orders;
use super::story::{Story, text};

/// Rows whose validation is written down about every MiB: they repeat, so that what is remembered of them stays small.
pub fn rows() -> String {
    let row = |n: usize| {
        let n = n % 500;
        let words: Vec<String> = (0..30).map(|word| format!("word{}", (n * 31 + word * 7) % 4000)).collect();
        format!("{}\n", json!({ "text": format!("{} {n} of user{n}@mail.kr", words.join(" ")) }))
    };
    (0..12_000).map(row).collect()
}

impl Story {
    /// The report of a validation through whatever happens, and that of another one; how far it was never went back, and
    /// nothing stays of it.
    async fn validated(&mut self) -> (Value, Value) {
        let made = json!({ "name": "long", "version": "1.0.0", "type": "pretrain_corpus" });
        let id = text(&self.ask("datasets.create_dataset", made).await["id"]);
        self.upload(&id, &rows()).await;
        let reports = (self.report(&id, "first").await, self.report(&id, "second").await);
        self.gone(&id).await;
        self.until_objects("nothing stays of what was written down", |_| false).await;
        reports
    }

    async fn report(&mut self, id: &str, key: &str) -> Value {
        let at = json!({ "datasetId": id });
        self.ask_once(&format!("validate-{key}"), "datasets.validate_dataset", at.clone()).await;
        let far = std::cell::Cell::new(0);
        let ended = self
            .until("datasets.get_dataset_validation", at, |seen| {
                let rows = seen["progress"]["rows"].as_u64().unwrap();
                assert!(far.replace(rows) <= rows, "{seen:#}");
                seen["state"] == "succeeded"
            })
            .await;
        ended["report"].clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_validation_goes_on_wherever_the_server_dies() {
    // The row names what was written down only after the last of them, or from the second time on.
    let points = [
        ("validation.write#1", false),
        ("validation.note#1", false),
        ("validation.noted#1", true),
        ("validation.note#2", true),
    ];
    futures::future::join_all(points.map(|(point, goes_on)| dies_at(point, goes_on))).await;
}

/// Whether a validation whose server dies at a point goes on from what was written down.
async fn dies_at(point: &str, goes_on: bool) {
    // Of the 24 batches ten are before what is written down first, and ten more before the second.
    let slow = Some("validation.batch=200".into());
    let mut story = Story::new(Orders { crash_at: Some(point.into()), slow, ..Orders::default() });
    let (first, second) = story.validated().await;
    assert_eq!(story.deaths, 1, "{point}");
    assert_eq!(first, second, "{point}");
    assert_eq!(first["structure"]["rows"], 12_000, "{point}");
    let log = story.log();
    assert_eq!(log.contains("a validation goes on where it was broken off"), goes_on, "{point}\n{log}");
}
