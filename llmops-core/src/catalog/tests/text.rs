//! Models found by a part of their names.

use std::time::Duration;

use sea_orm::ConnectionTrait;

use super::*;
use crate::store::{Store, trial};

/// The names of the models that a list has, page by page.
async fn found(ops: &LlmOps, request: serde_json::Value) -> Vec<String> {
    let mut request: ListModels = serde_json::from_value(request).unwrap();
    let mut names = Vec::new();
    loop {
        let page = ops.catalog().list_models(&ops.ctx(), request.clone()).await.unwrap();
        names.extend(page.items.into_iter().map(|model| model.name));
        request.cursor = page.page.next_cursor;
        if request.cursor.is_none() {
            return names;
        }
    }
}

#[tokio::test]
async fn a_text_is_found_anywhere_in_a_name() {
    let fresh = Fresh::open().await;
    for name in ["Tiny-Chat-0001", "tiny-chat-0002", "large.chat", "team/other_0001"] {
        fresh.model(name).await;
    }
    let tagged = ListModels { text: Some("large".into()), ..ListModels::default() };
    let large = fresh.ops.catalog().list_models(&fresh.ops.ctx(), tagged).await.unwrap().items.remove(0);
    let tags = serde_json::from_value(json!({ "modelId": large.id, "tags": ["big"] })).unwrap();
    fresh.ops.catalog().update_model(&fresh.ops.ctx(), tags).await.unwrap();
    for (request, names) in [
        (
            json!({ "text": "chat", "sort": "name", "limit": 1 }),
            &["Tiny-Chat-0001", "large.chat", "tiny-chat-0002"][..],
        ),
        (json!({ "text": "CHAT", "sort": "createdAt" }), &["Tiny-Chat-0001", "tiny-chat-0002", "large.chat"]),
        (json!({ "text": "0001" }), &["team/other_0001", "Tiny-Chat-0001"]),
        (json!({ "text": "iny-chat-0002" }), &["tiny-chat-0002"]),
        // Both of its pieces are there, and not beside each other.
        (json!({ "text": "tiny-chathat-0001" }), &[]),
        (json!({ "text": "r_0" }), &["team/other_0001"]),
        (json!({ "text": "%" }), &[]),
        (json!({ "text": "chat", "tag": "big" }), &["large.chat"]),
        (json!({ "text": "0001", "tag": "big" }), &[]),
        (json!({ "text": "chat", "status": "approved" }), &[]),
        (
            json!({ "text": "", "limit": 3, "sort": "createdAt" }),
            &["Tiny-Chat-0001", "tiny-chat-0002", "large.chat", "team/other_0001"],
        ),
    ] {
        assert_eq!(found(&fresh.ops, request.clone()).await, names, "{request}");
    }
    let elsewhere = Ctx::new(Caller { project: "elsewhere".into(), ..fresh.ops.ctx().caller });
    let request = ListModels { text: Some("chat".into()), ..ListModels::default() };
    assert_eq!(fresh.ops.catalog().list_models(&elsewhere, request).await.unwrap().items, []);
}

#[tokio::test]
async fn a_deleted_model_is_found_again_when_it_is_back() {
    let dir = tempfile::tempdir().unwrap();
    let ops = on_trial(dir.path()).await.keep_deleted(Duration::from_secs(3600)).open().await.unwrap();
    let fresh = Fresh { ops, _dir: dir };
    let model = fresh.model("tiny").await;
    fresh.model("tinier").await;
    fresh.ops.catalog().delete_model(&fresh.ops.ctx(), DeleteModel { model_id: model.id }).await.unwrap();
    assert_eq!(found(&fresh.ops, json!({ "text": "tin" })).await, ["tinier"]);
    fresh.ops.catalog().restore_model(&fresh.ops.ctx(), TrashedModel { model_id: model.id }).await.unwrap();
    assert_eq!(found(&fresh.ops, json!({ "text": "tin", "sort": "name" })).await, ["tinier", "tiny"]);
}

#[tokio::test]
async fn names_from_before_the_table_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let ops = on_trial(dir.path()).await.open().await.unwrap();
    let fresh = Fresh { ops, _dir: dir };
    for number in 0..3 {
        fresh.model(&format!("tiny-{number}")).await;
    }
    let Fresh { ops, _dir: dir } = fresh;
    ops.shutdown().await;
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let before = "DROP TABLE name_fragments; DELETE FROM seaql_migrations WHERE version = 'm0039_fragments'";
    store.conn(&Ctx::system()).execute_unprepared(before).await.unwrap();
    store.close().await;

    let ops = on_trial(dir.path()).await.open().await.unwrap();
    assert_eq!(found(&ops, json!({ "text": "y-1" })).await, ["tiny-1"]);
}
