//! What models came from and what came of them, also of those that are older than the question or were in the trash.

use std::time::Duration;

use sea_orm::ConnectionTrait;

use super::*;
use crate::base::Id;
use crate::datasets::{CreateDataset, DatasetId, GetDatasetLineage};
use crate::store::{Store, trial};

fn of(name: &str, lineage: Lineage) -> CreateModel {
    let model =
        CreateModel { name: name.into(), version: "1.0.0".into(), model_family: "llama".into(), ..Default::default() };
    CreateModel { lineage, ..model }
}

async fn dataset(ops: &LlmOps) -> DatasetId {
    let request =
        serde_json::from_value::<CreateDataset>(json!({ "name": "lessons", "version": "1.0.0", "type": "other" }));
    ops.datasets().create_dataset(&ops.ctx(), request.unwrap()).await.unwrap().id
}

/// The ids of all that came of a dataset, the nearest first.
async fn came_of(ops: &LlmOps, dataset_id: DatasetId) -> Vec<Id> {
    let request = GetDatasetLineage { dataset_id, depth: None, limit: None, cursor: None };
    let graph = ops.datasets().get_dataset_lineage(&ops.ctx(), request).await.unwrap();
    graph.nodes.iter().skip(1).map(|node| node.id).collect()
}

#[tokio::test]
async fn parent_and_child_show_each_other() {
    let fresh = Fresh::open().await;
    let parent = fresh.model("parent").await;
    let lineage = Lineage { parent_model_id: Some(parent.id), ..Lineage::default() };
    let child = fresh.ops.catalog().create_model(&fresh.ops.ctx(), of("child", lineage)).await.unwrap();
    for model_id in [parent.id, child.id] {
        let request = GetModelLineage { model_id, depth: None, limit: None, cursor: None };
        let graph = fresh.ops.catalog().get_model_lineage(&fresh.ops.ctx(), request).await.unwrap();
        assert_eq!((graph.nodes.len(), graph.edges.len()), (2, 1));
    }
}

#[tokio::test]
async fn a_long_line_of_models_is_paged_to_both_ends() {
    let fresh = Fresh::open().await;
    let mut line = vec![fresh.model("first").await.id];
    for at in 1..100 {
        let lineage = Lineage { parent_model_id: line.last().copied(), ..Lineage::default() };
        let next = fresh.ops.catalog().create_model(&fresh.ops.ctx(), of(&format!("next-{at}"), lineage)).await;
        line.push(next.unwrap().id);
    }
    let (mut seen, mut edges, mut cursor) = (Vec::new(), 0, None);
    loop {
        let request = GetModelLineage { model_id: line[10], depth: None, limit: Some(7), cursor };
        let graph = fresh.ops.catalog().get_model_lineage(&fresh.ops.ctx(), request).await.unwrap();
        assert!(!graph.truncated);
        seen.extend(graph.nodes.iter().map(|node| (node.generation.abs(), node.id)));
        edges += graph.edges.len();
        cursor = graph.page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert!(seen.is_sorted_by_key(|(distance, _)| *distance), "the nearest first");
    assert_eq!((seen.iter().map(|(_, id)| id).collect::<BTreeSet<_>>().len(), seen.len(), edges), (100, 100, 99));
    let near = GetModelLineage { model_id: line[10], depth: Some(3), limit: None, cursor: None };
    let graph = fresh.ops.catalog().get_model_lineage(&fresh.ops.ctx(), near).await.unwrap();
    assert_eq!((graph.nodes.len(), graph.edges.len(), graph.truncated), (7, 6, true));
}

#[tokio::test]
async fn models_from_before_the_table_are_found_by_their_data() {
    let dir = tempfile::tempdir().unwrap();
    let ops = on_trial(dir.path()).await.open().await.unwrap();
    let data = dataset(&ops).await;
    let lineage = Lineage { dataset_ids: vec![data.0, data.0], ..Lineage::default() };
    let model = ops.catalog().create_model(&ops.ctx(), of("taught", lineage)).await.unwrap();
    ops.catalog().create_model(&ops.ctx(), of("untaught", Lineage::default())).await.unwrap();
    ops.shutdown().await;

    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let before = "DROP TABLE model_datasets; DELETE FROM seaql_migrations WHERE version = 'm0031_learned'";
    store.conn(&Ctx::system()).execute_unprepared(before).await.unwrap();
    store.close().await;

    let ops = on_trial(dir.path()).await.open().await.unwrap();
    assert_eq!(came_of(&ops, data).await, [model.id.0]);
}

#[tokio::test]
async fn a_model_leaves_the_lineage_with_the_trash_and_comes_back_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let ops = on_trial(dir.path()).await.keep_deleted(Duration::from_secs(3600)).open().await.unwrap();
    let data = dataset(&ops).await;
    let lineage = Lineage { dataset_ids: vec![data.0], ..Lineage::default() };
    let model = ops.catalog().create_model(&ops.ctx(), of("taught", lineage)).await.unwrap();
    ops.catalog().delete_model(&ops.ctx(), DeleteModel { model_id: model.id }).await.unwrap();
    assert!(came_of(&ops, data).await.is_empty());
    ops.catalog().restore_model(&ops.ctx(), TrashedModel { model_id: model.id }).await.unwrap();
    assert_eq!(came_of(&ops, data).await, [model.id.0]);
}

#[tokio::test]
async fn the_next_version_by_a_commit_learned_from_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let ops = on_trial(dir.path()).await.open().await.unwrap();
    let fresh = Fresh { ops, _dir: dir };
    let data = dataset(&fresh.ops).await;
    let lineage = Lineage { dataset_ids: vec![data.0], ..Lineage::default() };
    let card = json!({ "purpose": "p", "scope": "s", "contact": "c", "license": "CC0-1.0" });
    let metadata = card.as_object().cloned().unwrap_or_default();
    let request = CreateModel { metadata, ..of("taught", lineage) };
    let model = fresh.ops.catalog().create_model(&fresh.ops.ctx(), request).await.unwrap();
    fresh.upload(&model, "config.json", "{}").await.unwrap();
    fresh.set_status(&model, ModelStatus::UnderReview).await.unwrap();
    let bytes = fresh.stage(&fresh.ops.ctx(), &model, b"more").await;
    let next = fresh.commit(&model, &[("more.txt", &bytes)], &[]).await.unwrap();
    assert_ne!(next.id, model.id);
    assert_eq!(came_of(&fresh.ops, data).await.len(), 2);
}
