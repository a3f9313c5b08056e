//! Validation: what a report says, and that it comes.

use super::*;
use crate::platform::on_trial;
use crate::store::Reconcile;

#[tokio::test]
async fn the_example_data_are_clean_and_good() {
    let fresh = Fresh::open().await;
    let corpus = fresh.dataset("sotu", DatasetType::PretrainCorpus).await;
    fresh.upload(&corpus, "corpus.txt", CORPUS).await.unwrap();
    for dataset in [corpus, fresh.capitals().await] {
        let report = fresh.validate(&dataset).await;
        assert_eq!((report.pii.clean, report.pii.findings.first()), (true, None));
        assert_eq!((report.structure.valid, report.quality.score), (true, 100.0));
    }
}

#[tokio::test]
async fn a_report_says_where_everything_is() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("bad", DatasetType::SftPair).await;
    let text = "prompt,response\nmail,to jane@mail.kr now\na,b,c\n\"x\ny\",card 4111 1111 1111 1111\na,\"open";
    fresh.upload(&dataset, "bad.csv", text).await.unwrap();
    let report = fresh.validate(&dataset).await;
    let errors: Vec<_> = report.structure.errors.iter().map(|e| (e.line, e.column, e.reason.as_str())).collect();
    assert_eq!(
        errors,
        [(3, None, "3 values where the table has 2 columns"), (6, Some(3), "a quote is opened and never closed")]
    );
    let found: Vec<_> = report
        .pii
        .findings
        .iter()
        .map(|f| (f.pii_type, f.row, f.line, f.column.as_str(), f.start, f.end, f.excerpt.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (PiiType::Email, 0, 2, "response", 3, 15, "j***@****.*r"),
            (PiiType::CreditCard, 1, 4, "response", 5, 24, "4*** **** **** ***1"),
        ]
    );
    let dataset = fresh.get(&dataset).await;
    assert_eq!((dataset.pii_scan_status, dataset.quality_score), (PiiScanStatus::Failed, Some(report.quality.score)));
}

#[tokio::test]
async fn a_repeated_validation_joins_the_one_under_way() {
    let fresh = Fresh::without_loops().await;
    let dataset = fresh.capitals().await;
    let first = fresh.ask_to_validate(&dataset, None).await.unwrap();
    let second = fresh.ask_to_validate(&dataset, None).await.unwrap();
    assert_eq!(first, second);
    let other = fresh.ask_to_validate(&dataset, Some(vec![PiiType::Iban]));
    assert_eq!(refused(other).await, (ErrorKind::Conflict, "validation_running".into()));
    let uploaded = fresh.upload(&dataset, "more.csv", "prompt,response\na,b\n");
    assert_eq!(refused(uploaded).await, (ErrorKind::Conflict, "validation_running".into()));
}

#[tokio::test]
async fn a_search_for_less_than_everything_cleans_nothing() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let report = fresh.validate_by(&dataset, Some(vec![PiiType::Iban])).await;
    assert!(!report.pii.clean);
    assert_eq!(fresh.get(&dataset).await.pii_scan_status, PiiScanStatus::Pending);
}

#[tokio::test]
async fn a_validation_that_was_only_asked_for_is_done_after_a_restart() {
    let fresh = Fresh::without_loops().await;
    let dataset = fresh.capitals().await;
    fresh.ask_to_validate(&dataset, None).await.unwrap();
    fresh.ops.shutdown().await;
    let ops = on_trial(fresh.dir.path()).await.open().await.unwrap();
    let fresh = Fresh { dir: fresh.dir, ops };
    fresh.ended(&dataset).await;
    assert_eq!(fresh.get(&dataset).await.pii_scan_status, PiiScanStatus::Clean);
}

#[tokio::test]
async fn statistics_are_the_same_before_and_after_validation() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let request = || GetDatasetStatistics { dataset_id: dataset.id };
    let before = fresh.ops.datasets().get_dataset_statistics(&fresh.ops.ctx(), request()).await.unwrap();
    fresh.validate(&dataset).await;
    let after = fresh.ops.datasets().get_dataset_statistics(&fresh.ops.ctx(), request()).await.unwrap();
    assert_eq!(before, after);
    assert_eq!((before.columns[0].distinct, before.columns[1].distinct), (600, 50));
}

#[tokio::test]
async fn duplicates_and_gaps_cost_quality() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("poor", DatasetType::SftPair).await;
    fresh.upload(&dataset, "a.csv", "prompt,response\na,b\na,b\nc,\nd,e\n").await.unwrap();
    let report = fresh.validate(&dataset).await;
    let parts: Vec<_> = report.quality.parts.iter().map(|part| (part.name.as_str(), part.score)).collect();
    assert_eq!(parts[..3], [("completeness", 87.5), ("uniqueness", 75.0), ("near_duplicates", 100.0)]);
    assert_eq!(report.quality.score, 92.5);
    let weights: f64 = report.quality.parts.iter().map(|part| part.weight).sum();
    assert!((weights - 1.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_recommendation_is_a_call_that_mends_it() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("poor", DatasetType::SftPair).await;
    let text = "prompt,response,odd name\na,b,1\na,b,2\nc,,3\nd,jane@mail.kr,4\n";
    fresh.upload(&dataset, "a.csv", text).await.unwrap();
    let report = fresh.validate(&dataset).await;
    let calls: Vec<_> = report.recommendations.iter().map(|one| one.operation.clone().unwrap()).collect();
    let id = dataset.id;
    let expected = [
        json!({ "datasetId": id, "redact": { "piiTypes": ["email"] } }),
        json!({ "datasetId": id, "dedupe": { "columns": ["prompt", "response"] } }),
        json!({ "datasetId": id, "filter": { "condition": "response is not none" } }),
    ];
    let parameters: Vec<_> = calls.iter().map(|call| serde_json::Value::Object(call.parameters.clone())).collect();
    assert_eq!(parameters, expected);
    for call in calls {
        fresh.ops.call(fresh.ops.ctx(), &call.name, json!(call.parameters)).await.unwrap();
        // One at a time: each makes the next version of the name.
        while fresh
            .ops
            .call(fresh.ops.ctx(), "datasets.list_dataset_derivations", json!({ "datasetId": id }))
            .await
            .unwrap()["items"][0]["finishedAt"]
            .is_null()
        {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test]
async fn rows_that_are_nearly_another_are_counted() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("near", DatasetType::PretrainCorpus).await;
    let row = |n: usize| (0..40).map(|word| format!("w{} ", n * 100 + word)).collect::<String>();
    let text = format!("{}\n{}\n{}\n{}\n", row(1), row(1).to_uppercase(), row(2), row(3));
    fresh.upload(&dataset, "a.txt", text).await.unwrap();
    let report = fresh.validate(&dataset).await;
    let part = report.quality.parts.iter().find(|part| part.name == "near_duplicates").unwrap();
    assert_eq!((part.score, part.detail.as_str()), (75.0, "1 of 4 rows are nearly another"));
    assert!(report.recommendations[0].text.starts_with("1 row is nearly another"));
    let parameters = &report.recommendations[0].operation.as_ref().unwrap().parameters;
    assert_eq!(parameters["dedupe"], json!({ "near": true }));
}

#[tokio::test]
async fn columns_that_are_spread_otherwise_than_in_the_parent_are_told() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("grown", DatasetType::Other).await;
    let table = |add: usize| (0..300).fold("id,kind\n".to_owned(), |text, n| format!("{text}{},k{}\n", n + add, n % 3));
    fresh.upload(&dataset, "a.csv", table(0)).await.unwrap();
    fresh.validate(&dataset).await;
    let next = fresh.version(&dataset, "1.1.0", false).await.unwrap();
    fresh.upload(&next, "a.csv", table(200)).await.unwrap();
    let report = fresh.validate(&next).await;
    let drift = report.quality.drift.unwrap();
    assert_eq!((drift.version.as_str(), drift.compared, drift.columns.len()), ("1.0.0", 2, 1));
    assert_eq!(drift.columns[0].name, "id");
    assert!(drift.columns[0].distance.is_some_and(|distance| distance > 0.4));
    let call = report.recommendations[0].operation.as_ref().unwrap();
    assert_eq!(call.name, "datasets.compare_dataset_versions");
    fresh.ops.call(fresh.ops.ctx(), &call.name, json!(call.parameters)).await.unwrap();
}

#[tokio::test]
async fn a_mapping_that_was_missing_can_be_given_after_validation() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("qa", DatasetType::SftPair).await;
    fresh.upload(&dataset, "qa.csv", "question,answer\nq,a\n").await.unwrap();
    let report = fresh.validate(&dataset).await;
    assert_eq!(report.structure.missing_columns, ["prompt", "response"]);
    let update = json!({ "datasetId": dataset.id, "columns": { "prompt": "question", "response": "answer" } });
    fresh.ops.call(fresh.ops.ctx(), "datasets.update_dataset", update).await.unwrap();
    assert!(fresh.validate(&dataset).await.structure.valid);
}

#[tokio::test]
async fn conversations_must_be_such() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("chat", DatasetType::SftPair).await;
    let good = json!({ "messages": [{ "role": "user", "content": "hi" }, { "role": "assistant", "content": "ho" }] });
    let bad = json!({ "messages": [{ "role": "user", "content": 5 }] });
    fresh.upload(&dataset, "chat.jsonl", format!("{good}\n{bad}\n{{\"messages\":\"x\"}}\n")).await.unwrap();
    let report = fresh.validate(&dataset).await;
    let errors: Vec<_> = report.structure.errors.iter().map(|e| (e.line, e.reason.as_str())).collect();
    let reasons = [
        (2, "`messages`: the `content` of message 0 must be a text or a list of parts"),
        (3, "`messages`: a conversation must be a list of messages"),
    ];
    assert_eq!(errors, reasons);
    let source = fresh.room().await.source(&fresh.ops.ctx(), dataset.id).await.unwrap();
    let written = source.write_examples(&fresh.dir.path().join("chat.jsonl")).await.unwrap();
    assert_eq!((written.form, written.examples, written.skipped), (ExampleForm::Chat, 1, 2));
}

#[tokio::test]
async fn calls_and_tools_are_written_as_chat_templates_take_them() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("tools", DatasetType::SftPair).await;
    let call = json!({ "id": "c1", "type": "function", "function": { "name": "weather", "arguments": "{}" } });
    let asked =
        json!({ "role": "user", "content": [{ "type": "text", "text": "a" }, { "type": "text", "text": "b" }] });
    let called = json!({ "role": "assistant", "content": null, "tool_calls": [call] });
    let told = json!({ "role": "tool", "content": "21", "tool_call_id": "c1", "tool_calls": null });
    let tools = "[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]";
    let rows = [
        json!({ "messages": [asked, called, told], "tools": tools }),
        json!({ "messages": [asked, called], "tools": [] }),
    ];
    fresh.upload(&dataset, "a.jsonl", rows.map(|row| format!("{row}\n")).concat()).await.unwrap();
    assert!(fresh.validate(&dataset).await.structure.valid);
    let source = fresh.room().await.source(&fresh.ops.ctx(), dataset.id).await.unwrap();
    let path = fresh.dir.path().join("tools.jsonl");
    let written = source.write_examples(&path).await.unwrap();
    assert_eq!((written.form, written.examples, written.skipped), (ExampleForm::Chat, 2, 0));
    let lines = std::fs::read_to_string(path).unwrap();
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let called = json!({ "role": "assistant", "content": "", "tool_calls": [call] });
    let told = json!({ "role": "tool", "content": "21", "tool_call_id": "c1" });
    let asked = json!({ "role": "user", "content": "a\nb" });
    assert_eq!(lines[0], json!({ "messages": [asked, called, told], "tools": tools }));
    assert_eq!(lines[1], json!({ "messages": [asked, called] }));
}

#[tokio::test]
async fn rows_without_what_the_type_needs_are_counted_and_most_may_not_be_such() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("pairs", DatasetType::SftPair).await;
    let row = |n: usize| {
        let response = if n.is_multiple_of(4) { "yes" } else { "" };
        format!("{}\n", json!({ "prompt": format!("question {n}"), "response": response }))
    };
    fresh.upload(&dataset, "pairs.jsonl", (0..8).map(row).collect::<String>()).await.unwrap();
    let report = fresh.validate(&dataset).await;
    assert_eq!((report.structure.rows, report.structure.incomplete_rows), (8, 6));
    assert!(report.recommendations.iter().any(|one| one.text.contains("6 rows are of no use")), "{report:#?}");
    let dataset = fresh.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
    let error = fresh.review(&dataset).await.unwrap_err();
    assert!(error.message().contains("6 of 8 rows lack what the type needs"), "{error}");
}

#[tokio::test]
async fn one_column_plays_one_part() {
    let fresh = Fresh::open().await;
    let columns = json!({ "prompt": "text", "response": "text" });
    let request = json!({ "name": "pairs", "version": "1.0.0", "type": "sft_pair", "columns": columns });
    let error = fresh.ops.call(fresh.ops.ctx(), "datasets.create_dataset", request).await.unwrap_err();
    assert_eq!(error.field_name(), Some("columns.prompt"), "{error}");
}

#[tokio::test]
async fn a_validation_is_followed_to_its_report() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    fresh.ask_to_validate(&dataset, None).await.unwrap();
    let request = GetDatasetValidation { dataset_id: dataset.id };
    let events = fresh.ops.datasets().watch_dataset_validation(&fresh.ops.ctx(), request).await.unwrap();
    let seen: Vec<DatasetValidation> = events.try_collect().await.unwrap();
    let last = seen.last().unwrap();
    assert_eq!((last.state, last.progress.rows), (ValidationState::Succeeded, 600));
    assert_eq!(last.progress.bytes, last.progress.total_bytes);
}

#[tokio::test]
async fn a_validation_cut_short_begins_again_after_a_restart() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("long", DatasetType::PretrainCorpus).await;
    fresh.upload(&dataset, "long.txt", CORPUS.repeat(40)).await.unwrap();
    fresh.ask_to_validate(&dataset, None).await.unwrap();
    let request = || GetDatasetValidation { dataset_id: dataset.id };
    let mut events = fresh.ops.datasets().watch_dataset_validation(&fresh.ops.ctx(), request()).await.unwrap();
    let reading = |seen: &DatasetValidation| seen.state == ValidationState::Running && seen.progress.rows > 0;
    while !reading(&events.try_next().await.unwrap().unwrap()) {}
    drop(events);
    let began = std::time::Instant::now();
    fresh.ops.shutdown().await;
    assert!(began.elapsed() < std::time::Duration::from_secs(3), "the pass is not waited for");
    let fresh = Fresh { ops: on_trial(fresh.dir.path()).await.open().await.unwrap(), dir: fresh.dir };
    let before = fresh.ops.datasets().get_dataset_validation(&fresh.ops.ctx(), request()).await.unwrap();
    assert_eq!((before.state, before.report), (ValidationState::Running, None));
    assert_eq!(fresh.ended(&dataset).await.structure.rows, 433 * 40);
}

#[tokio::test]
async fn a_dataset_deleted_under_its_validation_leaves_nothing_to_do() {
    let fresh = Fresh::without_loops().await;
    let dataset = fresh.capitals().await;
    fresh.ask_to_validate(&dataset, None).await.unwrap();
    let request = DeleteDataset { dataset_id: dataset.id };
    fresh.ops.datasets().delete_dataset(&fresh.ops.ctx(), request).await.unwrap();
    let due = Validations::new(&fresh.room().await).due(&fresh.ops.ctx()).await.unwrap();
    assert_eq!(due, Vec::<String>::new());
}
