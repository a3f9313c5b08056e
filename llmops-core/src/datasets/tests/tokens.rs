//! Counts of tokens and derivations by them: carried out once, with the tokenizer that was there when they were asked for.

use super::*;
use crate::base::Id;
use crate::datasets::tokens::words;

const ROWS: &str = "{\"text\": \"The cat sat.\"}\n{\"text\": \"the\"}\n{\"text\": \"the cat sat on the mat\"}\n";

impl Fresh {
    async fn model(&self, name: &str, tokenizer: Option<&[u8]>) -> Id {
        let request = json!({ "name": name, "version": "1.0.0" });
        let made = self.ops.call(self.ops.ctx(), "catalog.create_model", request).await.unwrap();
        if let Some(tokenizer) = tokenizer {
            self.give(&made["id"], tokenizer).await;
        }
        serde_json::from_value(made["id"].clone()).unwrap()
    }

    async fn give(&self, model: &serde_json::Value, tokenizer: &[u8]) {
        let config = br#"{"model_type": "llama", "max_position_embeddings": 5}"#;
        let files = [("tokenizer.json", tokenizer.to_vec()), ("config.json", config.to_vec())];
        let body = parts(files.map(|(path, bytes)| Part::from_bytes(path, bytes)).into());
        let request = json!({ "modelId": model, "replace": true });
        self.ops.upload(self.ops.ctx(), "catalog.upload_model_files", request, body).await.unwrap();
    }

    async fn with_words(&self) -> Id {
        self.model("tiny", Some(words().to_string().as_bytes())).await
    }

    async fn texts(&self) -> Dataset {
        let dataset = self.dataset("texts", DatasetType::PretrainCorpus).await;
        self.upload(&dataset, "texts.jsonl", ROWS).await.unwrap();
        self.get(&dataset).await
    }

    async fn count(&self, of: &Dataset, model: Id) -> Result<TokenCount> {
        let request = CountTokens { dataset_id: of.id, model_id: model, columns: None };
        self.ops.datasets().count_tokens(&self.ops.ctx(), request).await
    }

    async fn count_ended(&self, asked: &TokenCount) -> TokenCount {
        let request = GetTokenCount { dataset_id: asked.dataset_id, count_id: asked.id };
        let events = self.ops.datasets().watch_token_count(&self.ops.ctx(), request).await.unwrap();
        let seen: Vec<TokenCount> = events.try_collect().await.unwrap();
        seen.last().unwrap().clone()
    }

    async fn again(self) -> Self {
        self.ops.shutdown().await;
        Self { ops: on_trial(self.dir.path()).await.open().await.unwrap(), dir: self.dir }
    }

    async fn gone(&self, of: &Dataset) -> Result<DeletedDataset> {
        self.ops.datasets().delete_dataset(&self.ops.ctx(), DeleteDataset { dataset_id: of.id }).await
    }

    async fn delete_model(&self, model: Id) {
        self.ops.call(self.ops.ctx(), "catalog.delete_model", json!({ "modelId": model })).await.unwrap();
    }

    async fn keep(&self, of: &Dataset, tokens: serde_json::Value) -> Result<DatasetDerivation> {
        let request = json!({ "datasetId": of.id, "tokens": tokens });
        let made = self.ops.call(self.ops.ctx(), "datasets.derive_dataset", request).await?;
        Ok(serde_json::from_value(made).unwrap())
    }

    async fn kept(&self, asked: &DatasetDerivation) -> DatasetDerivation {
        let request = GetDatasetDerivation { dataset_id: asked.dataset_id, derivation_id: asked.id };
        let events = self.ops.datasets().watch_dataset_derivation(&self.ops.ctx(), request).await.unwrap();
        let seen: Vec<DatasetDerivation> = events.try_collect().await.unwrap();
        seen.last().unwrap().clone()
    }
}

#[tokio::test]
async fn a_count_that_was_only_asked_for_is_made_after_a_restart_though_the_model_is_gone() {
    let fresh = Fresh::without_loops().await;
    let (texts, model) = (fresh.texts().await, fresh.with_words().await);
    let asked = fresh.count(&texts, model).await.unwrap();
    assert_eq!((asked.state, asked.columns.as_slice()), (DatasetWorkState::Queued, &["text".to_owned()][..]));
    assert_eq!((asked.tokenizer.model_id, asked.tokenizer.name.as_str()), (model, "tiny:1.0.0"));
    assert_eq!(refused(fresh.gone(&texts)).await, (ErrorKind::Conflict, "token_count_running".into()));
    fresh.delete_model(model).await;
    let fresh = fresh.again().await;
    let made = fresh.count_ended(&asked).await;
    assert_eq!((made.state, made.error.as_deref()), (DatasetWorkState::Succeeded, None));
    assert_eq!((Some(&made.digest), made.progress.rows), (texts.digest.as_ref(), 3));
    assert_eq!(made.progress.bytes, made.progress.total_bytes);
    let report = made.report.unwrap();
    assert_eq!((report.complete, report.rows, report.context_length), (true, 3, Some(5)));
    assert_eq!((report.together.total, report.together.over_context), (11, Some(1)));
    assert_eq!(report.columns[0].tokens, report.together);
    fresh.gone(&texts).await.unwrap();
    fresh.bytes_are_gone().await;
}

#[tokio::test]
async fn a_cancelled_count_counts_nothing_and_lets_go_of_the_model() {
    let fresh = Fresh::without_loops().await;
    let (texts, model) = (fresh.texts().await, fresh.with_words().await);
    let asked = fresh.count(&texts, model).await.unwrap();
    let cancel = CancelTokenCount { dataset_id: texts.id, count_id: asked.id };
    let ended = fresh.ops.datasets().cancel_token_count(&fresh.ops.ctx(), cancel).await.unwrap();
    assert_eq!(ended.state, DatasetWorkState::Cancelled);
    fresh.delete_model(model).await;
    let fresh = fresh.again().await;
    let request = GetTokenCount { dataset_id: texts.id, count_id: asked.id };
    for _ in 0..200 {
        let now = fresh.ops.datasets().get_token_count(&fresh.ops.ctx(), request.clone()).await.unwrap();
        assert!(now.report.is_none() && now.state == DatasetWorkState::Cancelled, "{now:?}");
        if now.finished_at.is_some() {
            fresh.gone(&texts).await.unwrap();
            return fresh.bytes_are_gone().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the loop does not end it");
}

#[tokio::test]
async fn what_cannot_be_counted_fails_with_the_reason() {
    let fresh = Fresh::without_loops().await;
    let (texts, model) = (fresh.texts().await, fresh.with_words().await);
    let broken = fresh.model("broken", Some(b"{\"model\": {\"type\": \"Unheard\", \"vocab\": {}}}")).await;
    let by_broken = fresh.count(&texts, broken).await.unwrap();
    let kept_by_broken = fresh.keep(&texts, json!({ "modelId": broken, "max": 3 })).await.unwrap();
    let other = fresh.dataset("other", DatasetType::PretrainCorpus).await;
    fresh.upload(&other, "texts.jsonl", ROWS).await.unwrap();
    let changed = fresh.count(&other, model).await.unwrap();
    fresh.upload(&other, "more.jsonl", "{\"text\": \"more\"}\n").await.unwrap();
    let fresh = fresh.again().await;
    let made = fresh.count_ended(&by_broken).await;
    let error = made.error.unwrap();
    let begins = "`modelId` names broken:1.0.0, whose tokenizer.json cannot be used: ";
    assert!(made.state == DatasetWorkState::Failed && error.starts_with(begins), "{error}");
    assert!(error.contains("choose another model"), "{error}");
    let error = fresh.kept(&kept_by_broken).await.error.unwrap();
    assert!(error.contains("whose tokenizer.json cannot be used"), "{error}");
    let made = fresh.count_ended(&changed).await;
    let error = made.error.unwrap();
    assert!(made.state == DatasetWorkState::Failed && error.starts_with("the files of other 1.0.0 changed"), "{error}");
}

#[tokio::test]
async fn a_project_has_so_many_counts_under_way_and_sees_its_own_models_only() {
    let fresh = Fresh::without_loops().await;
    let (texts, model) = (fresh.texts().await, fresh.with_words().await);
    for _ in 0..16 {
        fresh.count(&texts, model).await.unwrap();
    }
    assert_eq!(refused(fresh.count(&texts, model)).await, (ErrorKind::Conflict, "too_many_counts".into()));
    fresh.ops.call(fresh.ops.ctx(), "governance.create_project", json!({ "name": "other" })).await.unwrap();
    let other = Fresh { ops: fresh.ops.with_project("other").unwrap(), dir: tempfile::tempdir().unwrap() };
    let theirs = other.texts().await;
    let error = other.count(&theirs, model).await.unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::NotFound, Some("modelId")));
    let error = other.keep(&theirs, json!({ "modelId": model, "max": 3 })).await.unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::NotFound, Some("tokens.modelId")));
    // Who may not see models does not use their tokenizers either.
    let ctx = fresh.as_("dan", &["datasets:read", "datasets:update"]);
    let request = CountTokens { dataset_id: texts.id, model_id: model, columns: None };
    let denied = fresh.ops.datasets().count_tokens(&ctx, request);
    assert_eq!(refused(denied).await, (ErrorKind::Denied, "permission_missing".into()));
}

#[tokio::test]
async fn rows_are_kept_by_the_tokens_they_had_when_it_was_asked() {
    let fresh = Fresh::without_loops().await;
    let (texts, model) = (fresh.texts().await, fresh.with_words().await);
    let asked = fresh.keep(&texts, json!({ "modelId": model, "min": 2, "max": 4 })).await.unwrap();
    let by = asked.operation.tokens.clone().unwrap();
    let digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(words().to_string()));
    assert_eq!((by.tokenizer.as_ref(), by.columns.as_deref()), (Some(&digest), Some(&["text".to_owned()][..])));
    // Of another tokenizer, which knows no signs, the row would have three.
    let mut other = words();
    other["pre_tokenizer"] = json!({ "type": "WhitespaceSplit" });
    fresh.give(&json!(model), other.to_string().as_bytes()).await;
    let pinned = json!({ "modelId": model, "max": 4, "tokenizer": digest });
    let moved = fresh.keep(&texts, pinned).await.unwrap_err();
    assert_eq!((moved.stable_code(), moved.field_name()), ("tokenizer_changed", Some("tokens.tokenizer")));
    let fresh = fresh.again().await;
    let made = fresh.kept(&asked).await;
    assert_eq!((made.state, made.error.as_deref()), (DatasetWorkState::Succeeded, None));
    let request = GetDataset { dataset_id: made.outputs[0].dataset_id };
    let child = fresh.ops.datasets().get_dataset(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!((child.rows, child.change_log.as_deref()), (1, Some("Derived from texts 1.0.0 by tokens.")));
    assert_eq!(child.derived_from.unwrap().operation.tokens, Some(by));
    let request = GetDatasetLineage { dataset_id: texts.id, depth: None, limit: None, cursor: None };
    let graph = fresh.ops.datasets().get_dataset_lineage(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!(graph.edges[0].relation, crate::lineage::LineageRelation::Derived);
}

#[tokio::test]
async fn a_row_that_cannot_be_counted_ends_the_derivation() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("long", DatasetType::PretrainCorpus).await;
    let rows = format!("{}\n{}\n", json!({ "text": "the" }), json!({ "text": "the ".repeat(300_000) }));
    fresh.upload(&dataset, "long.jsonl", rows).await.unwrap();
    let model = fresh.with_words().await;
    let made = fresh.kept(&fresh.keep(&dataset, json!({ "modelId": model, "max": 3 })).await.unwrap()).await;
    let error = made.error.unwrap();
    assert_eq!(error, "`long.jsonl` line 2: the tokens of `text` cannot be counted: it is longer than 1 MiB");
    let report =
        fresh.count_ended(&fresh.count(&fresh.get(&dataset).await, model).await.unwrap()).await.report.unwrap();
    assert_eq!((report.complete, report.left_out), (false, vec!["1 text: it is longer than 1 MiB".to_owned()]));
    assert_eq!((report.together.counted, report.together.left_out, report.together.total), (1, 1, 1));
}
