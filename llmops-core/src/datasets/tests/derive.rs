//! Derived datasets: made whole or not at all, once.

use super::*;
use crate::datasets::Derivations;
use crate::store::Reconcile;

impl Fresh {
    async fn ask(&self, of: &Dataset, operation: serde_json::Value) -> Result<DatasetDerivation> {
        let mut request = operation;
        request["datasetId"] = json!(of.id);
        let request = serde_json::from_value(request).unwrap();
        self.ops
            .call(self.ops.ctx(), "datasets.derive_dataset", serde_json::to_value::<DeriveDataset>(request).unwrap())
            .await
            .map(|made| serde_json::from_value(made).unwrap())
    }

    async fn derived(&self, of: &Dataset, operation: serde_json::Value) -> DatasetDerivation {
        let asked = self.ask(of, operation).await.unwrap();
        self.derivation_ended(&asked).await
    }

    async fn derivation_ended(&self, asked: &DatasetDerivation) -> DatasetDerivation {
        let request = GetDatasetDerivation { dataset_id: asked.dataset_id, derivation_id: asked.id };
        let events = self.ops.datasets().watch_dataset_derivation(&self.ops.ctx(), request).await.unwrap();
        let seen: Vec<DatasetDerivation> = events.try_collect().await.unwrap();
        seen.last().unwrap().clone()
    }

    async fn output(&self, made: &DatasetDerivation, at: usize) -> Dataset {
        let request = GetDataset { dataset_id: made.outputs[at].dataset_id };
        self.ops.datasets().get_dataset(&self.ops.ctx(), request).await.unwrap()
    }
}

#[tokio::test]
async fn a_filtered_version_says_what_it_came_from() {
    let fresh = Fresh::open().await;
    let source = fresh.capitals().await;
    let made = fresh.derived(&source, json!({ "filter": { "condition": "prompt is matching(\"Ohio\")" } })).await;
    assert_eq!((made.state, made.error.as_deref()), (DatasetWorkState::Succeeded, None));
    let child = fresh.output(&made, 0).await;
    assert_eq!(
        (child.name.as_str(), child.version.as_str(), child.status),
        ("capitals", "1.0.1", DatasetStatus::Draft)
    );
    assert_eq!((child.rows, made.outputs[0].rows), (12, Some(12)));
    assert_eq!(child.change_log.as_deref(), Some("Derived from capitals 1.0.0 by filter."));
    let origin = child.derived_from.unwrap();
    assert_eq!((origin.dataset_id, Some(origin.digest), origin.derivation_id), (source.id, source.digest, made.id));
    let request = GetDatasetLineage { dataset_id: source.id, depth: None, limit: None, cursor: None };
    let graph = fresh.ops.datasets().get_dataset_lineage(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!(graph.edges[0].relation, crate::lineage::LineageRelation::Derived);
}

#[tokio::test]
async fn a_split_makes_a_dataset_for_each_part() {
    let fresh = Fresh::open().await;
    let source = fresh.capitals().await;
    let split = json!({ "name": "states", "split": { "train": 0.8, "validation": 0.1, "test": 0.1, "seed": 7 } });
    let made = fresh.derived(&source, split.clone()).await;
    let mut rows = Vec::new();
    for part in 0..3 {
        let dataset = fresh.output(&made, part).await;
        rows.push((dataset.name, dataset.version, dataset.rows));
    }
    let part = |name: &str, rows| (format!("states-{name}"), "1.0.0".to_owned(), rows);
    assert_eq!(rows, [part("train", 480), part("validation", 60), part("test", 60)]);
    let again = fresh.derived(&source, split).await;
    for part in 0..3 {
        let (first, second) = (fresh.output(&made, part).await, fresh.output(&again, part).await);
        assert_eq!((first.digest, second.version.as_str()), (second.digest, "1.0.1"), "the same bytes");
    }
}

#[tokio::test]
async fn what_is_derived_is_found_by_its_name_in_its_project() {
    let mut fresh = Fresh::open().await;
    fresh.ops.call(fresh.ops.ctx(), "governance.create_project", json!({ "name": "other" })).await.unwrap();
    fresh.ops = fresh.ops.with_project("other").unwrap();
    let source = fresh.capitals().await;
    fresh.derived(&source, json!({ "name": "ohio", "filter": { "condition": "prompt is matching(\"Ohio\")" } })).await;
    let found = fresh.ops.call(fresh.ops.ctx(), "datasets.list_datasets", json!({ "text": "hi" })).await.unwrap();
    assert_eq!(found["items"][0]["name"], "ohio");
}

#[tokio::test]
async fn redacted_rows_are_found_clean() {
    let fresh = Fresh::open().await;
    let dirty = fresh.dataset("dirty", DatasetType::SftPair).await;
    fresh
        .upload(&dirty, "a.csv", "prompt,response\nhi,jane.roe@acme-mail.com\nhi,card 4111 1111 1111 1111\n")
        .await
        .unwrap();
    let report = fresh.validate(&dirty).await;
    assert!(report.recommendations.iter().any(|one| one.text.contains("`redact`")), "{:?}", report.recommendations);
    let made = fresh.derived(&dirty, json!({ "redact": {} })).await;
    let clean = fresh.output(&made, 0).await;
    let report = fresh.validate(&clean).await;
    assert!(report.pii.clean && report.structure.valid, "{:?}", report.pii);
}

#[tokio::test]
async fn what_fails_makes_nothing_and_says_why() {
    let fresh = Fresh::open().await;
    let source = fresh.capitals().await;
    let made = fresh.derived(&source, json!({ "filter": { "condition": "prompt|int > 3" } })).await;
    assert_eq!(made.state, DatasetWorkState::Failed);
    assert!(made.error.unwrap().contains("`train.csv` line 2"));
    let gone = GetDataset { dataset_id: made.outputs[0].dataset_id };
    assert_eq!(refused(fresh.ops.datasets().get_dataset(&fresh.ops.ctx(), gone)).await.0, ErrorKind::NotFound);
    let empty = fresh.derived(&source, json!({ "filter": { "condition": "false" } })).await;
    assert_eq!(empty.error.as_deref(), Some("the result would have no row; nothing was made"));
}

#[tokio::test]
async fn a_derivation_that_was_only_asked_for_is_made_once_after_a_restart() {
    let fresh = Fresh::without_loops().await;
    let source = fresh.capitals().await;
    let asked = fresh.ask(&source, json!({ "dedupe": { "columns": ["response"] } })).await.unwrap();
    assert_eq!(asked.state, DatasetWorkState::Queued);
    let ctx = fresh.ops.ctx();
    let deleted = fresh.ops.datasets().delete_dataset(&ctx, DeleteDataset { dataset_id: source.id });
    assert_eq!(refused(deleted).await.1, "derivation_running");
    fresh.ops.shutdown().await;
    let fresh = Fresh { ops: on_trial(fresh.dir.path()).await.open().await.unwrap(), dir: fresh.dir };
    let made = fresh.derivation_ended(&asked).await;
    assert_eq!((made.state, made.outputs[0].dataset_id), (DatasetWorkState::Succeeded, asked.outputs[0].dataset_id));
    assert_eq!(fresh.output(&made, 0).await.rows, 50);
    let scratch = fresh.dir.path().join("scratch/derivations");
    assert_eq!(std::fs::read_dir(scratch).unwrap().count(), 0, "no file is left behind");
}

#[tokio::test]
async fn a_cancelled_derivation_makes_nothing() {
    let fresh = Fresh::without_loops().await;
    let source = fresh.capitals().await;
    let asked = fresh.ask(&source, json!({ "sample": { "share": 0.5 } })).await.unwrap();
    let cancel = CancelDatasetDerivation { dataset_id: source.id, derivation_id: asked.id };
    let ended = fresh.ops.datasets().cancel_dataset_derivation(&fresh.ops.ctx(), cancel).await.unwrap();
    assert_eq!(ended.state, DatasetWorkState::Cancelled);
    fresh.ops.shutdown().await;
    let fresh = Fresh { ops: on_trial(fresh.dir.path()).await.open().await.unwrap(), dir: fresh.dir };
    let room = Derivations::new(&fresh.room().await, fresh.dir.path().join("scratch"));
    for _ in 0..100 {
        if room.due(&fresh.ops.ctx()).await.unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let request = GetDatasetDerivation { dataset_id: source.id, derivation_id: asked.id };
    let now = fresh.ops.datasets().get_dataset_derivation(&fresh.ops.ctx(), request).await.unwrap();
    assert!(now.finished_at.is_some() && now.state == DatasetWorkState::Cancelled, "{now:?}");
    let gone = GetDataset { dataset_id: asked.outputs[0].dataset_id };
    assert_eq!(refused(fresh.ops.datasets().get_dataset(&fresh.ops.ctx(), gone)).await.0, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_source_may_go_and_its_bytes_with_it() {
    let fresh = Fresh::open().await;
    let source = fresh.capitals().await;
    let made = fresh.derived(&source, json!({ "name": "half", "sample": { "share": 0.5 } })).await;
    let half = fresh.output(&made, 0).await;
    for dataset in [&source, &half] {
        let delete = DeleteDataset { dataset_id: dataset.id };
        fresh.ops.datasets().delete_dataset(&fresh.ops.ctx(), delete).await.unwrap();
    }
    fresh.bytes_are_gone().await;
}

#[tokio::test]
async fn two_do_not_make_the_same_version() {
    let fresh = Fresh::without_loops().await;
    let source = fresh.capitals().await;
    fresh.ask(&source, json!({ "sample": { "rows": 5 } })).await.unwrap();
    let second = fresh.ask(&source, json!({ "sample": { "rows": 6 } }));
    assert_eq!(refused(second).await, (ErrorKind::Conflict, "derivation_running".into()));
    let known = fresh.ask(&source, json!({ "version": "1.0.0", "name": "capitals", "sample": { "rows": 6 } }));
    assert_eq!(refused(known).await.0, ErrorKind::Invalid);
}

#[tokio::test]
async fn an_old_version_comes_back_without_being_stored_again() {
    let fresh = Fresh::open().await;
    let old = fresh.capitals().await;
    let newer = fresh.version(&old, "2.0.0", false).await.unwrap();
    fresh.upload(&newer, "other.csv", "prompt,response\na,b\n").await.unwrap();
    let blobs = fresh.blobs();
    let request = json!({ "datasetId": newer.id, "version": "1.0.0" });
    let restored = fresh.ops.call(fresh.ops.ctx(), "datasets.restore_dataset_version", request).await.unwrap();
    assert_eq!(
        (&restored["version"], &restored["rows"], &restored["status"]),
        (&json!("2.0.1"), &json!(600), &json!("draft"))
    );
    assert_eq!(restored["changeLog"], "Restored from 1.0.0.");
    assert_eq!(
        (restored["digest"].as_str(), restored["parentVersionId"].as_str().unwrap()),
        (old.digest.as_deref(), &*old.id.to_string())
    );
    assert_eq!(fresh.blobs(), blobs);
    let missing = json!({ "datasetId": old.id, "version": "7.0.0" });
    let missing = fresh.ops.call(fresh.ops.ctx(), "datasets.restore_dataset_version", missing);
    assert_eq!(refused(missing).await.0, ErrorKind::NotFound);
}

/// Each bad request with the field it is refused for.
#[tokio::test]
async fn bad_derivations_name_their_field() {
    let fresh = Fresh::open().await;
    let source = fresh.capitals().await;
    for (operation, field) in [
        (json!({}), "operation"),
        (json!({ "dedupe": {}, "redact": {} }), "operation"),
        (json!({ "split": { "train": 0.8, "test": 0.1 } }), "split"),
        (json!({ "split": { "train": 1.0 } }), "split"),
        (json!({ "split": { "train": 0.5, "test": 0.5, "groupBy": "x" } }), "split.groupBy"),
        (
            json!({ "split": { "train": 0.5, "test": 0.5, "groupBy": "prompt", "stratifyBy": "response" } }),
            "split.groupBy",
        ),
        (json!({ "filter": { "condition": "" } }), "filter.condition"),
        (json!({ "filter": { "condition": "prompt ==" } }), "filter.condition"),
        (json!({ "filter": { "condition": "promt == 1" } }), "filter.condition"),
        (json!({ "map": { "columns": [{ "name": "x", "template": "{{ promt }}" }] } }), "map.columns[0].template"),
        (json!({ "map": { "columns": [{ "name": " x", "template": "" }] } }), "map.columns[0].name"),
        (json!({ "dedupe": { "columns": ["x"] } }), "dedupe.columns"),
        (json!({ "redact": { "columns": ["x"] } }), "redact.columns"),
        (json!({ "sample": {} }), "sample.rows"),
        (json!({ "sample": { "rows": 601 } }), "sample.rows"),
        (json!({ "convert": { "to": "csv", "safeCells": false } }), "convert.to"),
        (json!({ "convert": { "to": "text" } }), "convert.to"),
        (json!({ "name": "a b", "dedupe": {} }), "name"),
        (json!({ "version": "1", "dedupe": {} }), "version"),
        (json!({ "version": "0.9.0", "dedupe": {} }), "version"),
    ] {
        let error = fresh.ask(&source, operation.clone()).await.expect_err("it should be refused");
        assert_eq!(error.field_name(), Some(field), "{operation}: {}", error.message());
        assert!(error.hint_text().is_some(), "{operation}: {} has no remedy", error.message());
    }
}

/// Does what the recommendation says of which this is part, and validates what comes of it.
async fn mended(fresh: &Fresh, dataset: &Dataset, about: &str) -> (Dataset, ValidationReport) {
    let report = fresh.validate(dataset).await;
    let advice = report.recommendations.iter().find(|one| one.text.contains(about));
    let call = advice.unwrap_or_else(|| panic!("{:?}", report.recommendations)).operation.clone().unwrap();
    assert_eq!(call.name, "datasets.derive_dataset");
    let mut operation = serde_json::Value::Object(call.parameters);
    operation.as_object_mut().unwrap().remove("datasetId");
    let made = fresh.output(&fresh.derived(dataset, operation).await, 0).await;
    let report = fresh.validate(&made).await;
    assert!(!report.recommendations.iter().any(|one| one.text.contains(about)), "{:?}", report.recommendations);
    (made, report)
}

fn words(from: usize) -> String {
    (0..40).map(|word| format!("w{} ", from + word)).collect()
}

#[tokio::test]
async fn what_is_recommended_leaves_out_rows_that_are_nearly_another() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("near", DatasetType::SftPair).await;
    // The remark is no part of what counts, and differs in all.
    let rows: String = [words(0), words(0).to_uppercase(), words(1000), words(2000), words(2000)]
        .iter()
        .enumerate()
        .map(|(n, prompt)| format!("{}\n", json!({ "prompt": prompt, "response": "yes", "remark": n })))
        .collect();
    fresh.upload(&dataset, "rows.jsonl", rows).await.unwrap();
    let (made, _) = mended(&fresh, &dataset, "nearly another").await;
    assert_eq!(made.rows, 3, "the repeated one goes too");
}

#[tokio::test]
async fn what_is_recommended_leaves_out_rows_of_rare_scripts() {
    let fresh = Fresh::open().await;
    for (name, columns) in [("one", "prompt"), ("two", "prompt,response")] {
        let kind = if name == "one" { DatasetType::Other } else { DatasetType::SftPair };
        let dataset = fresh.dataset(name, kind).await;
        let row = |n: usize, text: &str| match name {
            "one" => format!("{text} {n}\n"),
            _ => format!("{text} {n},{}\n", if n.is_multiple_of(7) { "" } else { text }),
        };
        let mut rows = format!("{columns}\n");
        (0..120).for_each(|n| rows.push_str(&row(n, if n % 40 == 5 { "\u{43c}\u{438}\u{440}" } else { "peace" })));
        fresh.upload(&dataset, "rows.csv", rows).await.unwrap();
        let (made, _) = mended(&fresh, &dataset, "in a script").await;
        assert_eq!(made.rows, 117, "{name}");
    }
}

#[tokio::test]
async fn what_is_recommended_leaves_out_what_lies_far_out() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("far", DatasetType::Other).await;
    let mut rows = "if,note\n".to_owned();
    for n in 0..100 {
        let (number, times) = match n {
            10..14 => ("1e300".to_owned(), 1),
            20..24 => ("-99999.5".to_owned(), 1),
            30..34 => (String::new(), 900),
            _ => (n.to_string(), 1 + n % 3),
        };
        rows.push_str(&format!("{number},{}\n", "ab".repeat(times)));
    }
    fresh.upload(&dataset, "rows.csv", rows).await.unwrap();
    let (made, _) = mended(&fresh, &dataset, "lie far out").await;
    assert_eq!(made.rows, 88);
}
