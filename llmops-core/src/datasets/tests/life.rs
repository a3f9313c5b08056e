//! The life of a version: reviewed, used, followed by another, deleted.

use sha2::{Digest, Sha256};

use super::*;

#[tokio::test]
async fn a_viewer_creates_nothing() {
    let fresh = Fresh::open().await;
    let vera = fresh.as_("vera", &["*:read"]);
    let request = json!({ "name": "x", "version": "1.0.0", "type": "other" });
    let made = fresh.ops.call(vera, "datasets.create_dataset", request);
    assert_eq!(refused(made).await, (ErrorKind::Denied, "permission_missing".into()));
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
async fn a_version_has_the_files_that_its_digest_says_also_when_the_parent_changes_at_that_instant() {
    for _ in 0..6 {
        let fresh = Fresh::open().await;
        let parent = fresh.capitals().await;
        let change = fresh.upload(&parent, "more.csv", "prompt,response\na,b\n");
        let (made, changed) = tokio::join!(fresh.version(&parent, "1.1.0", true), change);
        changed.unwrap();
        let made = made.unwrap();
        let request = ListDatasetFiles { dataset_id: made.id, limit: None, cursor: None };
        let files = fresh.ops.datasets().list_dataset_files(&fresh.ops.ctx(), request).await.unwrap().items;
        let mut lines: Vec<String> = files.iter().map(|file| format!("{}\0{}\n", file.path, file.sha256)).collect();
        lines.sort_unstable();
        assert_eq!(made.digest, Some(hex::encode(Sha256::digest(lines.concat()))));
        assert_eq!(made.rows, files.iter().map(|file| file.rows).sum::<u64>());
    }
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
        let request = GetDatasetLineage { dataset_id: start.id, depth: None, limit: None, cursor: None };
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
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(fresh.blobs(), 1);
    fresh.ops.datasets().delete_dataset(&fresh.ops.ctx(), delete(&parent)).await.unwrap();
    fresh.bytes_are_gone().await;
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
        (json!({ "text": "th" }), 1),
        (json!({ "text": "%" }), 0),
        (json!({ "status": "draft" }), 2),
    ] {
        let found = list(filter.clone()).await.unwrap()["items"].as_array().unwrap().len();
        assert_eq!(found, names, "{filter}");
    }
}

struct Job;

#[async_trait]
impl DatasetUsers for Job {
    async fn uses_of(&self, _ctx: &Ctx, _dataset: DatasetId) -> Result<Vec<DatasetUse>> {
        let used = |name: &str, blocks| DatasetUse {
            kind: "job".into(),
            id: crate::base::Id::now_v7(),
            name: name.into(),
            blocks,
        };
        Ok(vec![used("running", true), used("done", false)])
    }
}

#[tokio::test]
async fn what_another_room_needs_is_not_deleted() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let (room, ctx) = (fresh.room().await, fresh.ops.ctx());
    room.add_user(Arc::new(Job));
    let error = room.delete_dataset(&ctx, DeleteDataset { dataset_id: dataset.id }).await.unwrap_err();
    let blockers = error.to_json()["details"]["blockers"].as_array().unwrap().len();
    assert_eq!((error.stable_code(), blockers), ("in_use", 1));
}

/// Each bad request with the field it is refused for.
#[tokio::test]
async fn bad_requests_name_their_field() {
    let fresh = Fresh::open().await;
    let id = fresh.capitals().await.id;
    let made = |field: &str, value: serde_json::Value| {
        let mut request = json!({ "name": "x", "version": "1.0.0", "type": "other" });
        request[field] = value;
        request
    };
    let of = |field: &str, value: serde_json::Value| json!({ "datasetId": id, field: value });
    for (operation, request, field) in [
        ("create_dataset", made("name", json!("a b")), "name"),
        ("create_dataset", made("version", json!("1")), "version"),
        ("create_dataset", made("type", json!("sft")), "type"),
        ("create_dataset", made("ownerTeam", json!("t".repeat(129))), "ownerTeam"),
        ("create_dataset", made("changeLog", json!("\u{7}")), "changeLog"),
        ("create_dataset", made("columns", json!({ "prompt": "" })), "columns.prompt"),
        ("create_dataset", made("columns", json!({ "promt": "x" })), "columns.promt"),
        ("create_dataset", made("rows", json!(1)), "rows"),
        ("create_dataset", json!({ "name": "x", "version": "1.0.0" }), "type"),
        ("list_datasets", json!({ "limit": 0 }), "limit"),
        ("list_datasets", json!({ "minQuality": 101 }), "minQuality"),
        ("list_datasets", json!({ "sort": "rows" }), "sort"),
        ("get_dataset", json!({ "datasetId": "x" }), "datasetId"),
        ("preview_dataset", of("limit", json!(1001)), "limit"),
        ("preview_dataset", of("columns", json!(["nope"])), "columns"),
        ("preview_dataset", of("row", json!(-1)), "row"),
        ("validate_dataset", of("minConfidence", json!(2)), "minConfidence"),
        ("validate_dataset", of("piiTypes", json!([])), "piiTypes"),
        ("validate_dataset", of("piiTypes", json!(["name"])), "piiTypes[0]"),
        ("create_dataset_version", of("version", json!("1.0.0")), "version"),
        ("set_dataset_status", of("status", json!("done")), "status"),
        ("review_dataset", json!({ "datasetId": id, "version": "2.0.0", "decision": "approve" }), "version"),
        ("update_dataset", of("ownerTeam", json!(5)), "ownerTeam"),
    ] {
        let error = fresh.ops.call(fresh.ops.ctx(), &format!("datasets.{operation}"), request.clone()).await;
        let error = error.err().unwrap_or_else(|| panic!("{operation} {request} was accepted"));
        assert_eq!(error.field_name(), Some(field), "{operation} {request}: {}", error.message());
        assert!(error.hint_text().is_some(), "{operation} {request}: {} has no remedy", error.message());
    }
}

#[tokio::test]
async fn a_rejection_needs_a_reason() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    fresh.validate(&dataset).await;
    fresh.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
    let rita = || fresh.as_("rita", &["*:read", "datasets:approve"]);
    let review = json!({ "datasetId": dataset.id, "version": "1.0.0", "decision": "reject" });
    let error = fresh.ops.call(rita(), "datasets.review_dataset", review.clone()).await.unwrap_err();
    assert_eq!(error.field_name(), Some("notes"));
    let review = json!({ "notes": "too few", "datasetId": dataset.id, "version": "1.0.0", "decision": "reject" });
    let rejected = fresh.ops.call(rita(), "datasets.review_dataset", review).await.unwrap();
    assert_eq!(rejected["status"], "rejected");
    let request = ListDatasetReviews { dataset_id: dataset.id, limit: None, cursor: None };
    let reviews = fresh.ops.datasets().list_dataset_reviews(&fresh.ops.ctx(), request).await.unwrap().items;
    assert_eq!((reviews.len(), reviews[0].notes.as_deref()), (1, Some("too few")));
}

#[tokio::test]
async fn a_review_of_other_bytes_is_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    fresh.validate(&dataset).await;
    let dataset = fresh.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
    let other = Dataset { digest: Some("0".repeat(64)), ..dataset };
    assert_eq!(refused(fresh.review(&other)).await, (ErrorKind::Conflict, "digest_changed".into()));
}

#[tokio::test]
async fn a_stale_tag_changes_nothing() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let update = |team: &str| json!({ "datasetId": dataset.id, "ownerTeam": team });
    let ctx = || fresh.ops.ctx().with_if_match(dataset.etag.clone());
    fresh.ops.call(ctx(), "datasets.update_dataset", update("a")).await.unwrap();
    let error = fresh.ops.call(ctx(), "datasets.update_dataset", update("b")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Stale);
}

#[tokio::test]
async fn another_project_sees_nothing() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let elsewhere = Ctx::new(Caller { project: "elsewhere".into(), ..fresh.ops.ctx().caller });
    let read = fresh.ops.datasets().get_dataset(&elsewhere, GetDataset { dataset_id: dataset.id });
    assert_eq!(refused(read).await.0, ErrorKind::NotFound);
}

#[tokio::test]
async fn bytes_of_a_refused_upload_do_not_stay() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("x", DatasetType::Other).await;
    fresh.upload(&dataset, "a.jsonl", "no json").await.unwrap_err();
    fresh.bytes_are_gone().await;
}

#[tokio::test]
async fn nobody_reviews_what_he_brought() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("brought", DatasetType::SftPair).await;
    let rita = fresh.as_("rita", &["*:read", "datasets:upload", "datasets:approve"]);
    let request = serde_json::from_value(json!({ "datasetId": dataset.id })).unwrap();
    let body = parts(vec![Part::from_bytes("train.csv", CAPITALS)]);
    fresh.ops.datasets().upload_dataset_files(&rita, request, body).await.unwrap();
    fresh.validate(&dataset).await;
    let dataset = fresh.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
    assert_eq!(refused(fresh.review(&dataset)).await, (ErrorKind::Denied, "self_approval".into()));
    // Whoever goes on with what somebody else approved is who brought it from there.
    let approved = fresh.approved().await;
    let next = fresh.version(&approved, "2.0.0", true).await.unwrap();
    fresh.validate(&next).await;
    let next = fresh.set_status(&next, DatasetStatus::UnderReview).await.unwrap();
    assert_eq!(fresh.review(&next).await.unwrap().status, DatasetStatus::Approved);
}
