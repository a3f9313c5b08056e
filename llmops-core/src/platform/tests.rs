//! The facade on a fresh folder.

use serde_json::json;

use crate::LlmOps;
use crate::base::ErrorKind;
use crate::catalog::{CreateModel, ListModels};
use crate::platform::on_trial;

async fn fresh() -> (tempfile::TempDir, LlmOps) {
    let dir = tempfile::tempdir().unwrap();
    let ops = on_trial(dir.path()).await.open().await.unwrap();
    (dir, ops)
}

fn tiny(version: &str) -> CreateModel {
    CreateModel { name: "tiny".into(), version: version.into(), ..CreateModel::default() }
}

#[tokio::test]
async fn a_created_model_is_listed() {
    let (_dir, ops) = fresh().await;
    let made = ops.catalog().create_model(&ops.ctx(), tiny("1.0.0")).await.unwrap();
    let page = ops.catalog().list_models(&ops.ctx(), ListModels::default()).await.unwrap();
    assert_eq!(page.items, vec![made]);
}

#[tokio::test]
async fn the_same_version_twice_is_a_conflict() {
    let (_dir, ops) = fresh().await;
    ops.catalog().create_model(&ops.ctx(), tiny("1.0.0")).await.unwrap();
    let error = ops.catalog().create_model(&ops.ctx(), tiny("1.0.0")).await.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Conflict, "model_exists"));
}

#[tokio::test]
async fn a_repeated_call_happens_once() {
    let (_dir, ops) = fresh().await;
    let ctx = || ops.ctx().with_idempotency_key("k1");
    let first = ops.catalog().create_model(&ctx(), tiny("1.0.0")).await.unwrap();
    let second = ops.catalog().create_model(&ctx(), tiny("1.0.0")).await.unwrap();
    assert_eq!(first, second);
    let error = ops.catalog().create_model(&ctx(), tiny("2.0.0")).await.unwrap_err();
    assert_eq!(error.stable_code(), "idempotency_key_reused");
}

#[tokio::test]
async fn both_spellings_of_a_field_are_one() {
    let (_dir, ops) = fresh().await;
    let request = json!({ "name": "a", "version": "1.0.0", "owner_team": "core" });
    let made = ops.call(ops.ctx(), "catalog.createModel", request).await.unwrap();
    assert_eq!(made["ownerTeam"], "core");
}

#[tokio::test]
async fn an_unknown_field_is_named() {
    let (_dir, ops) = fresh().await;
    let error = ops.call(ops.ctx(), "catalog.create_model", json!({ "nme": "a" })).await.unwrap_err();
    assert_eq!((error.stable_code(), error.field_name()), ("unknown_field", Some("nme")));
}

#[tokio::test]
async fn pages_follow_one_another() {
    let (_dir, ops) = fresh().await;
    for version in ["1.0.0", "2.0.0", "3.0.0"] {
        ops.catalog().create_model(&ops.ctx(), tiny(version)).await.unwrap();
    }
    let first = ops
        .catalog()
        .list_models(&ops.ctx(), ListModels { limit: Some(2), include_total: Some(true), ..ListModels::default() })
        .await
        .unwrap();
    let rest = ListModels { limit: Some(2), cursor: first.page.next_cursor.clone(), ..ListModels::default() };
    assert_eq!(first.page.total, Some(3));
    let rest = ListModels { include_total: Some(true), ..rest };
    let second = ops.catalog().list_models(&ops.ctx(), rest).await.unwrap();
    let versions: Vec<_> = first.items.iter().chain(&second.items).map(|m| m.version.as_str()).collect();
    assert_eq!(versions, ["3.0.0", "2.0.0", "1.0.0"]);
    assert_eq!(second.page.next_cursor, None);
}

#[tokio::test]
async fn another_key_is_another_caller() {
    let (_dir, ops) = fresh().await;
    let request = json!({ "name": "ada", "roles": ["viewer"] });
    let made = ops.call(ops.ctx(), "governance.create_api_key", request).await.unwrap();
    let ada = ops.with_api_key(crate::base::Secret::new(made["secret"].as_str().unwrap())).unwrap();
    assert_eq!(ada.ctx().caller.actor, "ada");
    let error = ada.catalog().create_model(&ada.ctx(), tiny("1.0.0")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Denied);
    ops.catalog().create_model(&ops.ctx(), tiny("1.0.0")).await.unwrap();
}

#[tokio::test]
async fn an_unknown_key_is_nobody() {
    let (_dir, ops) = fresh().await;
    let error = ops.with_api_key(crate::base::Secret::new("llmops_unknown")).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn a_restart_finds_what_was_there() {
    let (dir, ops) = fresh().await;
    let made = ops.catalog().create_model(&ops.ctx(), tiny("1.0.0")).await.unwrap();
    ops.shutdown().await;
    drop(ops);
    let ops = on_trial(dir.path()).await.open().await.unwrap();
    let page = ops.catalog().list_models(&ops.ctx(), ListModels::default()).await.unwrap();
    assert_eq!(page.items, vec![made]);
}

#[test]
fn every_type_has_a_name_of_its_own() {
    let document = crate::op::openapi(&crate::op::OperationTable::new(&super::domains()));
    let names = document["components"]["schemas"].as_object().unwrap().keys();
    // Of two types with one name the second gets a number, which no client wants to read.
    let numbered: Vec<&String> = names.filter(|name| name.ends_with(|c: char| c.is_ascii_digit())).collect();
    assert_eq!(numbered, Vec::<&String>::new());
}

#[test]
fn a_folder_is_walked_once_whatever_its_links_say() {
    use std::os::unix::fs::symlink;

    let dir = tempfile::tempdir().unwrap();
    let [cache, folder] = ["cache", "folder"].map(|name| dir.path().join(name));
    std::fs::create_dir(&cache).unwrap();
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(cache.join("blob"), "{}").unwrap();
    symlink(cache.join("blob"), folder.join("config.json")).unwrap();
    let found = super::local_files(std::slice::from_ref(&folder)).unwrap();
    assert_eq!(found.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["config.json"]);

    symlink(".", folder.join("round")).unwrap();
    let refused = super::local_files(std::slice::from_ref(&folder)).unwrap_err();
    assert!(refused.message().contains("round, which is a link to a folder"), "{refused}");
    std::fs::remove_file(folder.join("round")).unwrap();

    symlink("/dev/zero", folder.join("endless")).unwrap();
    let refused = super::local_files(&[folder]).unwrap_err();
    assert!(refused.message().contains("endless, which is no file"), "{refused}");
}
