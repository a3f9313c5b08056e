//! Live answers.

use std::time::Duration;

use futures::StreamExt;
use llmops_core::base::Patch;
use llmops_core::catalog::{GetModel, ModelStatus, SetModelStatus};
use serde_json::{Value, json};

use super::{Served, impatient, json_of, served};

async fn followed(here: &Served) -> (String, reqwest::Response) {
    let id = here.model_id().await;
    let answer = here.request("GET", &format!("/catalog/models/{id}/events")).send().await.unwrap();
    (id, answer)
}

/// What a stream says within a second, at least until `enough`.
async fn hear(answer: &mut reqwest::Response, enough: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    while !enough(&text) {
        let chunk = tokio::time::timeout(Duration::from_secs(5), answer.chunk()).await.expect("the stream is silent");
        let Some(chunk) = chunk.unwrap() else { break };
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    text
}

#[tokio::test]
async fn an_event_has_a_place_and_data() {
    let here = served().await;
    let (id, mut answer) = followed(&here).await;
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let text = hear(&mut answer, |text| text.contains("\n\n")).await;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], format!("id: {id}"));
    let item: Value = serde_json::from_str(lines[1].strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(item["status"], "draft");
}

#[tokio::test]
async fn a_silent_stream_shows_signs_of_life() {
    let here = impatient().await;
    let (_, mut answer) = followed(&here).await;
    let text = hear(&mut answer, |text| text.matches(": ping\n\n").count() == 2).await;
    assert!(text.starts_with("id: "), "{text}");
}

#[tokio::test]
async fn who_lost_his_key_hears_no_more() {
    let here = served().await;
    let id = here.model_id().await;
    let made = here.post("/governance/keys", &json!({ "name": "guest", "roles": ["viewer"] })).await;
    let key = json_of(made, 200).await["data"].take();
    let path = here.url(&format!("/llm-ops/v1/catalog/models/{id}/events"));
    let watch = |secret: &Value| here.http.get(&path).bearer_auth(secret.as_str().unwrap()).send();
    let mut guest = watch(&key["secret"]).await.unwrap();
    let mut own = watch(&json!(here.key)).await.unwrap();
    hear(&mut guest, |text| text.contains("data: ")).await;
    hear(&mut own, |text| text.contains("data: ")).await;
    let revoked =
        here.request("DELETE", &format!("/governance/keys/{}", key["key"]["id"].as_str().unwrap())).send().await;
    assert_eq!(revoked.unwrap().status(), 200);
    let said = hear(&mut guest, |_| false).await;
    assert!(said.starts_with("event: error\n") && said.contains("unauthenticated"), "{said}");
    here.request("PATCH", &format!("/catalog/models/{id}")).json(&json!({ "ownerTeam": "core" })).send().await.unwrap();
    assert!(hear(&mut own, |text| text.contains("core")).await.contains("\"ownerTeam\":\"core\""));
}

#[tokio::test]
async fn the_own_client_sees_changes_as_they_happen() {
    let here = served().await;
    let ops = here.remote();
    let model: Value = here.model("1.0.0").await;
    let id = serde_json::from_value(model["id"].clone()).unwrap();
    let mut events = ops.catalog().watch_model(&ops.ctx(), GetModel { model_id: id }).await.unwrap();
    assert_eq!(events.next().await.unwrap().unwrap().status, ModelStatus::Draft);
    let change = llmops_core::catalog::UpdateModel {
        model_id: id,
        owner_team: Patch::Is("core".into()),
        metadata: Patch::Stays,
        model_family: None,
        tags: Patch::Stays,
    };
    ops.catalog().update_model(&ops.ctx(), change).await.unwrap();
    let next = tokio::time::timeout(Duration::from_secs(5), events.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(next.owner_team.as_deref(), Some("core"));
}

#[tokio::test]
async fn a_stream_of_nothing_is_an_ordinary_refusal() {
    let here = served().await;
    let path = "/catalog/models/01a20e61-fed6-773e-bbc4-8fd14a598f2b/events";
    assert_eq!(here.request("GET", path).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_refused_move_says_why_to_the_own_client() {
    let here = served().await;
    let ops = here.remote();
    let model = here.model("1.0.0").await;
    let wanted = SetModelStatus {
        model_id: serde_json::from_value(model["id"].clone()).unwrap(),
        status: ModelStatus::Approved,
        notes: None,
    };
    let error = ops.catalog().set_model_status(&ops.ctx(), wanted).await.unwrap_err();
    assert!(error.hint_text().is_some(), "{error:?}");
}
