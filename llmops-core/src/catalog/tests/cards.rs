//! Cards: what their front matter says, and what of them an approval is bound to.

use serde_json::Value;

use super::*;

impl Fresh {
    async fn approved(&self, name: &str) -> Model {
        let model = self.under_review(name).await;
        self.review(&model, None).await.unwrap()
    }

    async fn patch(&self, model: &Model, card: Value) -> Result<Model> {
        let request = serde_json::from_value(json!({ "modelId": model.id, "metadata": card })).unwrap();
        self.ops.catalog().update_model(&self.ops.ctx(), request).await
    }
}

#[tokio::test]
async fn numbers_that_json_has_not_are_kept_and_written_as_they_were() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    let readme = "---\nseed: 123456789012345678901234567890\nloss: .nan\n1.5: half\nday: 2024-02-29\n---\n# Tiny\n";
    let sent = fresh.upload(&model, "README.md", readme).await.unwrap();
    assert_eq!(sent.files[0].scan, None);
    let card = fresh.get(&model).await.metadata;
    assert_eq!(card["seed"], "123456789012345678901234567890");
    assert_eq!((&card["loss"], &card["1.5"], &card["day"]), (&json!(".nan"), &json!("half"), &json!("2024-02-29")));
    let written = fresh.ops.catalog().download_model_card(&fresh.ops.ctx(), GetModel { model_id: model.id }).await;
    let written: Vec<bytes::Bytes> = written.unwrap().body.try_collect().await.unwrap();
    let written = String::from_utf8(written.concat()).unwrap();
    for line in ["\nseed: 123456789012345678901234567890\n", "\nloss: .nan\n", "\nday: 2024-02-29\n", "---\n# Tiny\n"] {
        assert!(written.contains(line), "{written}");
    }
}

#[tokio::test]
async fn a_front_matter_that_cannot_be_read_is_told() {
    let fresh = Fresh::open().await;
    let model = fresh.model("tiny").await;
    let sent = fresh.upload(&model, "README.md", "---\nlanguage: [\n---\n# Tiny\n").await.unwrap();
    let why = sent.files[0].scan.as_ref().and_then(|scan| scan.unread_card.clone()).unwrap();
    assert!(why.contains("a front matter that cannot be read"), "{why}");
    let elsewhere = fresh.upload(&model, "docs/README.md", "---\nlanguage: [\n---\n").await.unwrap();
    assert_eq!(elsewhere.files[0].scan, None, "no card is read there");
    assert_eq!(fresh.get(&model).await.metadata, model.metadata);
}

#[tokio::test]
async fn what_an_approved_card_must_hold_is_not_emptied() {
    let fresh = Fresh::open().await;
    let model = fresh.approved("tiny").await;
    for (card, field) in [
        (json!({ "purpose": null }), "metadata.purpose"),
        (json!({ "scope": "  " }), "metadata.scope"),
        (json!({ "license": "", "contact": null }), "metadata.contact"),
        (Value::Null, "metadata.purpose"),
    ] {
        let error = fresh.patch(&model, card.clone()).await.unwrap_err();
        assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Conflict, "card_incomplete"), "{card}");
        assert_eq!(error.field_name(), Some(field), "{card}");
    }
    let told = fresh.patch(&model, json!({ "purpose": "another", "more": 1 })).await.unwrap();
    assert_eq!(told.status, ModelStatus::Approved);
    let emptied = fresh.patch(&told, json!({ "more": null })).await.unwrap();
    assert_eq!(emptied.status, ModelStatus::Approved, "what nobody asks for may go");
}

#[tokio::test]
async fn another_license_is_looked_at_anew() {
    let fresh = Fresh::open().await;
    for (name, card) in [("one", json!({ "license": "gpl-3.0" })), ("two", json!({ "license_name": "mine" }))] {
        let model = fresh.approved(name).await;
        assert_eq!(fresh.patch(&model, json!({ "license": "CC0-1.0" })).await.unwrap().status, ModelStatus::Approved);
        let changed = fresh.patch(&model, card).await.unwrap();
        assert_eq!((changed.status, &changed.digest), (ModelStatus::Draft, &model.digest));
        let log = json!({ "resourceId": model.id, "action": "catalog.update_model", "limit": 1 });
        let log = fresh.ops.call(fresh.ops.ctx(), "governance.list_audit_logs", log).await.unwrap().to_string();
        assert!(log.contains(r#""from":"approved""#) && log.contains(r#""to":"draft""#), "{log}");
    }
}
