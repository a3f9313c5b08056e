//! The datasets on a real SQLite file.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::TryStreamExt;
use serde_json::json;

use super::*;
use crate::LlmOps;
use crate::base::{Caller, ErrorKind};
use crate::blob::{Blobs, StoreUrl};
use crate::op::{Part, parts};
use crate::store::{DatabaseUrl, Store};

const CORPUS: &str = include_str!("../../../examples/data/corpus.txt");
const CAPITALS: &str = include_str!("../../../examples/data/capitals-train.csv");

struct Fresh {
    dir: tempfile::TempDir,
    ops: LlmOps,
}

impl Fresh {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = LlmOps::builder().data_dir(dir.path()).open().await.unwrap();
        Self { dir, ops }
    }

    /// A platform that only answers calls.
    async fn without_loops() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = LlmOps::builder().data_dir(dir.path()).loops(false).open().await.unwrap();
        Self { dir, ops }
    }

    /// The room as another room sees it.
    async fn room(&self) -> SqlDatasets {
        let store = Store::open(&DatabaseUrl::file(&self.dir.path().join("llmops.db"))).await.unwrap();
        let blobs = Blobs::open_store(&StoreUrl::folder(&self.dir.path().join("blobs")).unwrap()).unwrap();
        SqlDatasets::new(store, blobs)
    }

    fn as_(&self, actor: &str, permissions: &[&str]) -> Ctx {
        let permissions: BTreeSet<String> = permissions.iter().map(|p| (*p).to_owned()).collect();
        Ctx::new(Caller { actor: actor.into(), permissions: Arc::new(permissions), ..self.ops.ctx().caller })
    }

    async fn dataset(&self, name: &str, dataset_type: DatasetType) -> Dataset {
        let request = CreateDataset {
            name: name.into(),
            version: "1.0.0".into(),
            dataset_type,
            owner_team: None,
            change_log: None,
            columns: ColumnRoles::default(),
        };
        self.ops.datasets().create_dataset(&self.ops.ctx(), request).await.unwrap()
    }

    async fn upload(&self, of: &Dataset, path: &str, bytes: &str) -> Result<UploadedDatasetFiles> {
        let request = UploadDatasetFiles {
            dataset_id: of.id,
            path: None,
            format: None,
            delimiter: None,
            header: None,
            replace: None,
            sha256: None,
        };
        let body = parts(vec![Part::from_bytes(path, bytes.to_owned())]);
        self.ops.datasets().upload_dataset_files(&self.ops.ctx(), request, body).await
    }

    async fn capitals(&self) -> Dataset {
        let dataset = self.dataset("capitals", DatasetType::SftPair).await;
        self.upload(&dataset, "train.csv", CAPITALS).await.unwrap();
        self.get(&dataset).await
    }

    async fn get(&self, of: &Dataset) -> Dataset {
        self.ops.datasets().get_dataset(&self.ops.ctx(), GetDataset { dataset_id: of.id }).await.unwrap()
    }

    async fn ask_to_validate(&self, of: &Dataset, pii_types: Option<Vec<PiiType>>) -> Result<DatasetValidation> {
        let request = ValidateDataset { dataset_id: of.id, pii_types, min_confidence: None };
        self.ops.datasets().validate_dataset(&self.ops.ctx(), request).await
    }

    async fn validate(&self, of: &Dataset) -> ValidationReport {
        self.validate_by(of, None).await
    }

    async fn validate_by(&self, of: &Dataset, pii_types: Option<Vec<PiiType>>) -> ValidationReport {
        self.ask_to_validate(of, pii_types).await.unwrap();
        self.ended(of).await
    }

    async fn ended(&self, of: &Dataset) -> ValidationReport {
        let request = GetDataset { dataset_id: of.id };
        let mut events = self.ops.datasets().watch_dataset(&self.ops.ctx(), request).await.unwrap();
        while let Some(dataset) = events.try_next().await.unwrap() {
            if dataset.validation.is_some_and(|state| !state.is_open()) {
                break;
            }
        }
        let request = GetDatasetValidation { dataset_id: of.id };
        let validation = self.ops.datasets().get_dataset_validation(&self.ops.ctx(), request).await.unwrap();
        validation.report.unwrap()
    }

    async fn version(&self, of: &Dataset, version: &str, with_files: bool) -> Result<Dataset> {
        let request = CreateDatasetVersion {
            dataset_id: of.id,
            version: version.into(),
            change_log: None,
            columns: None,
            with_files: Some(with_files),
        };
        self.ops.datasets().create_dataset_version(&self.ops.ctx(), request).await
    }

    async fn set_status(&self, of: &Dataset, status: DatasetStatus) -> Result<Dataset> {
        let request = SetDatasetStatus { dataset_id: of.id, status, notes: None };
        self.ops.datasets().set_dataset_status(&self.ops.ctx(), request).await
    }

    async fn review(&self, of: &Dataset) -> Result<Dataset> {
        let request = ReviewDataset {
            dataset_id: of.id,
            version: of.version.clone(),
            decision: DatasetDecision::Approve,
            notes: None,
            digest: of.digest.clone(),
        };
        self.ops.datasets().review_dataset(&self.as_("rita", &["*:read", "datasets:approve"]), request).await
    }

    async fn approved(&self) -> Dataset {
        let dataset = self.capitals().await;
        self.validate(&dataset).await;
        let dataset = self.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
        self.review(&dataset).await.unwrap()
    }

    async fn preview(&self, of: &Dataset, request: PreviewDataset) -> Result<DatasetPreview> {
        let request = PreviewDataset { dataset_id: of.id, ..request };
        self.ops.datasets().preview_dataset(&self.ops.ctx(), request).await
    }
}

fn rows_from(of: &Dataset, row: u64, limit: u32) -> PreviewDataset {
    PreviewDataset { dataset_id: of.id, limit: Some(limit), cursor: None, row: Some(row), columns: None }
}

async fn refused<T>(call: impl Future<Output = Result<T>>) -> (ErrorKind, String) {
    let error = call.await.err().expect("it should be refused");
    (error.kind(), error.stable_code().to_owned())
}

#[tokio::test]
async fn an_upload_records_the_structure() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let names: Vec<_> = dataset.schema.iter().map(|c| (c.name.as_str(), c.column_type, c.nullable)).collect();
    assert_eq!(names, [("prompt", ColumnType::Text, false), ("response", ColumnType::Text, false)]);
    assert_eq!((dataset.rows, dataset.format), (600, Some(DataFormat::Csv)));
}

#[tokio::test]
async fn a_corpus_is_its_lines() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("sotu", DatasetType::PretrainCorpus).await;
    let uploaded = fresh.upload(&dataset, "corpus.txt", CORPUS).await.unwrap();
    assert_eq!((uploaded.files[0].rows, uploaded.files[0].bytes), (433, 299_943));
}

#[tokio::test]
async fn files_come_back_byte_for_byte() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let request = DownloadDatasetFile { dataset_id: dataset.id, path: "train.csv".into(), range: None };
    let download = fresh.ops.datasets().download_dataset_file(&fresh.ops.ctx(), request).await.unwrap();
    let bytes: Vec<bytes::Bytes> = download.body.try_collect().await.unwrap();
    assert_eq!(bytes.concat(), CAPITALS.as_bytes());
}

#[tokio::test]
async fn pages_of_a_preview_follow_one_another() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let (mut cursor, mut rows) = (None, Vec::new());
    loop {
        let request = PreviewDataset {
            dataset_id: dataset.id,
            limit: Some(70),
            cursor,
            row: None,
            columns: Some(vec!["prompt".into()]),
        };
        let page = fresh.preview(&dataset, request).await.unwrap();
        rows.extend(page.items.into_iter().map(|row| row.values["prompt"].as_str().unwrap().to_owned()));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let wanted: Vec<String> =
        csv::Reader::from_reader(CAPITALS.as_bytes()).records().map(|r| r.unwrap()[0].to_owned()).collect();
    assert_eq!(rows, wanted);
}

#[tokio::test]
async fn a_row_deep_inside_is_found_with_its_line() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let page = fresh.preview(&dataset, rows_from(&dataset, 500, 1)).await.unwrap();
    assert_eq!((page.items[0].row, page.items[0].line), (500, 502));
}

#[tokio::test]
async fn a_cursor_of_other_bytes_is_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let cursor = fresh.preview(&dataset, rows_from(&dataset, 0, 1)).await.unwrap().next_cursor;
    fresh.upload(&dataset, "more.csv", "prompt,response\na,b\n").await.unwrap();
    let request = PreviewDataset { cursor, row: None, ..rows_from(&dataset, 0, 1) };
    assert_eq!(refused(fresh.preview(&dataset, request)).await, (ErrorKind::Malformed, "invalid_cursor".into()));
}

#[tokio::test]
async fn several_files_are_one_dataset() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    fresh.upload(&dataset, "more.csv", "prompt,response\na,b\n").await.unwrap();
    let page = fresh.preview(&dataset, rows_from(&dataset, 0, 2)).await.unwrap();
    let found: Vec<_> = page.items.iter().map(|row| (row.row, row.path.as_str(), row.line)).collect();
    assert_eq!((page.rows, found), (601, vec![(0, "more.csv", 2), (1, "train.csv", 2)]));
}

#[tokio::test]
async fn files_that_make_no_dataset_together_are_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    for (path, text, code) in
        [("a.csv", "question,answer\na,b\n", "columns_differ"), ("a.txt", "text\n", "mixed_formats")]
    {
        assert_eq!(refused(fresh.upload(&dataset, path, text)).await, (ErrorKind::Invalid, code.to_owned()));
    }
}

#[tokio::test]
async fn what_is_no_data_is_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("x", DatasetType::Other).await;
    for (path, text, code) in [
        ("a.csv", "", "invalid"),
        ("a.bin", "x", "unsupported_format"),
        ("a.csv", "PK\u{3}\u{4}..", "unsupported_format"),
        ("a.jsonl", "hello\nworld\n", "unreadable_rows"),
        ("a.csv", "a,a\n1,2\n", "invalid_table"),
        ("../a.csv", "a,b\n1,2\n", "invalid_filename"),
    ] {
        let found = refused(fresh.upload(&dataset, path, text)).await;
        assert_eq!(found, (ErrorKind::Invalid, code.to_owned()), "{path} {text:?}");
    }
}

#[tokio::test]
async fn a_viewer_creates_nothing() {
    let fresh = Fresh::open().await;
    let vera = fresh.as_("vera", &["*:read"]);
    let request = json!({ "name": "x", "version": "1.0.0", "type": "other" });
    let made = fresh.ops.call(vera, "datasets.create_dataset", request);
    assert_eq!(refused(made).await, (ErrorKind::Denied, "permission_missing".into()));
}

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
async fn a_reviewer_approves_and_the_source_opens() {
    let fresh = Fresh::open().await;
    let dataset = fresh.approved().await;
    assert_eq!((dataset.status, dataset.approved_by.as_deref()), (DatasetStatus::Approved, Some("rita")));
    let room = fresh.room().await;
    let source = room.source(&fresh.ops.ctx(), dataset.id).await.unwrap();
    source.check_usable().unwrap();
    let written = source.write_examples(&fresh.dir.path().join("train.jsonl")).await.unwrap();
    assert_eq!((written.form, written.examples, written.skipped), (ExampleForm::Prompt, 600, 0));
    let text = std::fs::read_to_string(&written.path).unwrap();
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let wanted = json!({
        "prompt": "Please give the capital of Mississippi.", "response": "The capital of Mississippi is Jackson.",
    });
    assert_eq!((first, text.lines().count()), (wanted, 600));
}

#[tokio::test]
async fn a_draft_is_not_to_be_used() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let source = fresh.room().await.source(&fresh.ops.ctx(), dataset.id).await.unwrap();
    assert_eq!(source.check_usable().unwrap_err().stable_code(), "not_approved");
}

#[tokio::test]
async fn nobody_approves_his_own() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    fresh.validate(&dataset).await;
    fresh.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
    let approved = fresh.set_status(&dataset, DatasetStatus::Approved);
    assert_eq!(refused(approved).await, (ErrorKind::Denied, "self_approval".into()));
}

#[tokio::test]
async fn what_is_not_validated_is_not_reviewed() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let moved = fresh.set_status(&dataset, DatasetStatus::UnderReview);
    assert_eq!(refused(moved).await, (ErrorKind::Conflict, "not_validated".into()));
}

#[tokio::test]
async fn a_refused_approval_lists_what_to_mend() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("bad", DatasetType::SftPair).await;
    fresh.upload(&dataset, "bad.csv", "prompt,answer\nhi,jane@mail.kr\nhi,jane@mail.kr\nhi\n").await.unwrap();
    fresh.validate(&dataset).await;
    let dataset = fresh.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
    let error = fresh.review(&dataset).await.unwrap_err();
    let mend = error.to_json()["details"]["mend"].as_array().unwrap().len();
    assert_eq!((error.stable_code(), mend), ("not_approvable", 3), "{}", error.message());
}

#[tokio::test]
async fn validated_bytes_do_not_change() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    fresh.validate(&dataset).await;
    let uploaded = fresh.upload(&dataset, "more.csv", "prompt,response\na,b\n");
    assert_eq!(refused(uploaded).await, (ErrorKind::Conflict, "version_immutable".into()));
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
    let ops = LlmOps::builder().data_dir(fresh.dir.path()).open().await.unwrap();
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
    assert_eq!(parts[..3], [("completeness", 87.5), ("uniqueness", 75.0), ("schema", 100.0)]);
    assert_eq!(report.quality.score, 90.6);
}

#[tokio::test]
async fn a_new_version_begins_with_the_bytes_of_its_parent() {
    let fresh = Fresh::open().await;
    let parent = fresh.approved().await;
    let child = fresh.version(&parent, "1.1.0", true).await.unwrap();
    let of_child = (child.digest.clone(), child.rows, child.parent_version_id, child.status);
    assert_eq!(of_child, (parent.digest.clone(), 600, Some(parent.id), DatasetStatus::Draft));
    fresh.upload(&child, "more.csv", "prompt,response\na,b\n").await.unwrap();
    let rows = fresh.preview(&child, rows_from(&child, 600, 1)).await.unwrap();
    assert_eq!((rows.rows, fresh.get(&parent).await.rows), (601, 600));
}

#[tokio::test]
async fn a_version_that_is_not_higher_is_refused() {
    let fresh = Fresh::open().await;
    let parent = fresh.capitals().await;
    assert_eq!(refused(fresh.version(&parent, "0.9.0", false)).await, (ErrorKind::Invalid, "invalid".into()));
}

#[tokio::test]
async fn a_parent_is_not_deleted_under_its_child() {
    let fresh = Fresh::open().await;
    let parent = fresh.capitals().await;
    fresh.version(&parent, "1.1.0", true).await.unwrap();
    let ctx = fresh.ops.ctx();
    let deleted = fresh.ops.datasets().delete_dataset(&ctx, DeleteDataset { dataset_id: parent.id });
    assert_eq!(refused(deleted).await, (ErrorKind::Conflict, "in_use".into()));
}

#[tokio::test]
async fn lineage_shows_parent_and_child() {
    let fresh = Fresh::open().await;
    let parent = fresh.capitals().await;
    let child = fresh.version(&parent, "1.1.0", false).await.unwrap();
    for start in [&parent, &child] {
        let request = GetDatasetLineage { dataset_id: start.id };
        let graph = fresh.ops.datasets().get_dataset_lineage(&fresh.ops.ctx(), request).await.unwrap();
        assert_eq!((graph.nodes.len(), graph.edges.len(), graph.truncated), (2, 1, false));
    }
}

#[tokio::test]
async fn bytes_that_two_versions_hold_outlive_one_of_them() {
    let fresh = Fresh::open().await;
    let parent = fresh.capitals().await;
    let child = fresh.version(&parent, "1.1.0", true).await.unwrap();
    let delete = |of: &Dataset| DeleteDataset { dataset_id: of.id };
    fresh.ops.datasets().delete_dataset(&fresh.ops.ctx(), delete(&child)).await.unwrap();
    let blobs = fresh.dir.path().join("blobs/blobs");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(walk_files(&blobs), 1);
    fresh.ops.datasets().delete_dataset(&fresh.ops.ctx(), delete(&parent)).await.unwrap();
    for _ in 0..100 {
        if walk_files(&blobs) == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the bytes are still there");
}

fn walk_files(dir: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { walk_files(&entry.path()) } else { 1 }).sum()
}

#[tokio::test]
async fn other_bytes_under_a_path_need_replace() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let uploaded = fresh.upload(&dataset, "train.csv", "prompt,response\na,b\n");
    assert_eq!(refused(uploaded).await, (ErrorKind::Conflict, "already_exists".into()));
}

#[tokio::test]
async fn a_mapping_turns_other_columns_into_examples() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("qa", DatasetType::SftPair).await;
    fresh.upload(&dataset, "qa.csv", "question,answer\nq,a\n").await.unwrap();
    let columns = json!({ "question": "x" });
    let update = |columns| json!({ "datasetId": dataset.id, "columns": columns });
    let error = fresh.ops.call(fresh.ops.ctx(), "datasets.update_dataset", update(columns)).await.unwrap_err();
    assert_eq!(error.field_name(), Some("columns.question"));
    let columns = json!({ "prompt": "question", "completion": "answer" });
    fresh.ops.call(fresh.ops.ctx(), "datasets.update_dataset", update(columns)).await.unwrap();
    let source = fresh.room().await.source(&fresh.ops.ctx(), dataset.id).await.unwrap();
    let written = source.write_examples(&fresh.dir.path().join("qa.jsonl")).await.unwrap();
    assert_eq!(std::fs::read_to_string(written.path).unwrap(), "{\"prompt\":\"q\",\"response\":\"a\"}\n");
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
    fresh.upload(&dataset, "chat.jsonl", &format!("{good}\n{bad}\n{{\"messages\":\"x\"}}\n")).await.unwrap();
    let report = fresh.validate(&dataset).await;
    let errors: Vec<_> = report.structure.errors.iter().map(|e| (e.line, e.reason.as_str())).collect();
    assert_eq!(errors, [(2, "messages[0].content must be a text"), (3, "a conversation must be a list of messages")]);
    let source = fresh.room().await.source(&fresh.ops.ctx(), dataset.id).await.unwrap();
    let written = source.write_examples(&fresh.dir.path().join("chat.jsonl")).await.unwrap();
    assert_eq!((written.form, written.examples, written.skipped), (ExampleForm::Chat, 1, 2));
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
async fn filters_hold_together() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    fresh.dataset("other", DatasetType::Other).await;
    fresh.validate(&dataset).await;
    let list = |request: serde_json::Value| fresh.ops.call(fresh.ops.ctx(), "datasets.list_datasets", request);
    for (filter, names) in [
        (json!({ "type": "sft_pair" }), 1),
        (json!({ "piiScanStatus": "clean", "minQuality": 90 }), 1),
        (json!({ "maxQuality": 90 }), 0),
        (json!({ "text": "CAP", "version": "1.0.0" }), 1),
        (json!({ "text": "%" }), 0),
        (json!({ "status": "draft" }), 2),
    ] {
        let found = list(filter.clone()).await.unwrap()["items"].as_array().unwrap().len();
        assert_eq!(found, names, "{filter}");
    }
}
