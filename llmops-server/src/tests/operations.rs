//! Operations of one request and one answer.

use llmops_core::base::{ErrorKind, Patch};
use llmops_core::catalog::{CreateModel, GetModel, ListModels, UpdateModel};
use llmops_core::governance::{CreateApiKey, ListApiKeys, Role};
use serde_json::json;

use super::{json_of, served};

fn tiny(version: &str) -> CreateModel {
    CreateModel { name: "tiny".into(), version: version.into(), model_family: "llama".into(), ..CreateModel::default() }
}

#[tokio::test]
async fn the_own_client_reads_what_it_made() {
    let here = served().await;
    let ops = here.remote();
    let made = ops.catalog().create_model(&ops.ctx(), tiny("1.0.0")).await.unwrap();
    assert_eq!(ops.catalog().get_model(&ops.ctx(), GetModel { model_id: made.id }).await.unwrap(), made);
}

#[tokio::test]
async fn the_own_client_turns_pages() {
    let here = served().await;
    let ops = here.remote();
    for version in ["1.0.0", "2.0.0", "3.0.0"] {
        ops.catalog().create_model(&ops.ctx(), tiny(version)).await.unwrap();
    }
    let list = |cursor| ListModels { limit: Some(2), cursor, ..ListModels::default() };
    let first = ops.catalog().list_models(&ops.ctx(), list(None)).await.unwrap();
    let second = ops.catalog().list_models(&ops.ctx(), list(first.page.next_cursor.clone())).await.unwrap();
    let versions: Vec<_> = first.items.iter().chain(&second.items).map(|m| m.version.as_str()).collect();
    assert_eq!(versions, ["3.0.0", "2.0.0", "1.0.0"]);
}

#[tokio::test]
async fn errors_come_back_as_they_were() {
    let here = served().await;
    let ops = here.remote();
    ops.catalog().create_model(&ops.ctx(), tiny("1.0.0")).await.unwrap();
    let error = ops.catalog().create_model(&ops.ctx(), tiny("1.0.0")).await.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Conflict, "model_exists"));
    assert!(error.to_json()["requestId"].as_str().unwrap().starts_with("req_"), "{error:?}");
}

#[tokio::test]
async fn a_key_made_here_opens_the_door_with_its_own_rights() {
    let here = served().await;
    let ops = here.remote();
    let wanted =
        CreateApiKey { name: "looker".into(), roles: vec![Role::Viewer], all_projects: false, expires_at: None };
    let made = ops.governance().create_api_key(&ops.ctx(), wanted).await.unwrap();
    let looker =
        llmops_core::LlmOps::connect(&here.server.url(), made.secret.map(llmops_core::base::Secret::new)).unwrap();
    assert_eq!(looker.catalog().list_models(&looker.ctx(), ListModels::default()).await.unwrap().items, []);
    let list = ListApiKeys { limit: None, cursor: None };
    let error = looker.governance().list_api_keys(&looker.ctx(), list).await.unwrap_err();
    assert_eq!(error.stable_code(), "permission_missing", "he looks at everything but keys");
    let error = looker.catalog().create_model(&looker.ctx(), tiny("1.0.0")).await.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Denied, "permission_missing"));
}

#[tokio::test]
async fn without_a_key_nobody_gets_in() {
    let here = served().await;
    let answer = here.http.get(here.url("/llm-ops/v1/catalog/models")).send().await.unwrap();
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    assert_eq!(json_of(answer, 401).await["error"]["code"], "unauthenticated");
}

#[tokio::test]
async fn no_operation_is_open_without_a_key() {
    let here = served().await;
    for op in here.server.door().ops().operations().iter() {
        let path = op.path.replace("{*", "{");
        let path = path.split('/').map(|s| if s.starts_with('{') { "x" } else { s }).collect::<Vec<_>>().join("/");
        let request = here.http.request(op.verb.parse().unwrap(), here.url(&format!("/llm-ops/v1{path}")));
        let status = request.send().await.unwrap().status().as_u16();
        assert!(status == 401 || op.access.permission().is_none(), "{op:?} answered {status}");
    }
}

#[tokio::test]
async fn an_answer_wears_the_envelope() {
    let here = served().await;
    let said = json_of(here.post("/catalog/models", &json!({"name": "tiny", "version": "1.0.0"})).await, 200).await;
    assert_eq!((&said["status"], &said["data"]["name"]), (&json!("success"), &json!("tiny")));
}

#[tokio::test]
async fn a_failure_wears_it_too() {
    let here = served().await;
    let answer = here.request("POST", "/catalog/models").header("x-request-id", "mine-1").json(&json!({"nme": 1}));
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.headers()["x-request-id"], "mine-1");
    let said = json_of(answer, 422).await;
    assert_eq!((&said["status"], &said["data"]), (&json!("fail"), &json!(null)));
    let error = &said["error"];
    assert_eq!((&error["code"], &error["field"]), (&json!("unknown_field"), &json!("nme")));
    assert_eq!((&error["requestId"], &error["retryable"]), (&json!("mine-1"), &json!(false)));
}

#[tokio::test]
async fn a_list_has_its_page_beside_it() {
    let here = served().await;
    here.model("1.0.0").await;
    let said = json_of(here.request("GET", "/catalog/models?limit=1").send().await.unwrap(), 200).await;
    assert_eq!((said["data"].as_array().unwrap().len(), &said["page"]["limit"]), (1, &json!(1)));
}

#[tokio::test]
async fn a_read_may_wait_for_a_change() {
    let here = served().await;
    let path = format!("/catalog/models/{}", here.model_id().await);
    let begun = std::time::Instant::now();
    let waiting = here.request("GET", &format!("{path}?wait=30s")).send();
    let change = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        here.request("PATCH", &path).json(&json!({ "tags": ["new"] })).send().await.unwrap()
    };
    let (answer, _) = tokio::join!(waiting, change);
    assert_eq!(json_of(answer.unwrap(), 200).await["data"]["tags"], json!(["new"]));
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "it did not wait for the time to be over");
    let quiet = here.request("GET", &format!("{path}?wait=1s")).send().await.unwrap();
    assert_eq!(json_of(quiet, 200).await["data"]["tags"], json!(["new"]));
    for wrong in ["0s", "61s", "soon"] {
        let answer = here.request("GET", &format!("{path}?wait={wrong}")).send().await.unwrap();
        assert_eq!(json_of(answer, 422).await["error"]["field"], "wait");
    }
    let list = here.request("GET", "/catalog/models?wait=1s").send().await.unwrap();
    assert_eq!(json_of(list, 422).await["error"]["code"], "unknown_field");
}

#[tokio::test]
async fn a_repeated_key_gives_the_first_answer() {
    let here = served().await;
    let send = |version: &str| {
        let body = json!({ "name": "tiny", "version": version });
        here.request("POST", "/catalog/models").header("idempotency-key", "k1").json(&body).send()
    };
    let first = json_of(send("1.0.0").await.unwrap(), 200).await;
    let again = send("1.0.0").await.unwrap();
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(json_of(again, 200).await["data"], first["data"]);
    assert_eq!(json_of(send("2.0.0").await.unwrap(), 422).await["error"]["code"], "idempotency_key_reused");
}

#[tokio::test]
async fn a_stale_tag_is_refused() {
    let here = served().await;
    let id = here.model_id().await;
    let path = format!("/catalog/models/{id}");
    let answer = here.request("GET", &path).send().await.unwrap();
    let tag = answer.headers()["etag"].clone();
    let patch = |tags: &str| here.request("PATCH", &path).header("if-match", &tag).json(&json!({ "tags": [tags] }));
    assert_eq!(patch("a").send().await.unwrap().status(), 200);
    assert_eq!(json_of(patch("b").send().await.unwrap(), 412).await["error"]["code"], "stale");
}

#[tokio::test]
async fn the_own_client_sends_tags_too() {
    let here = served().await;
    let ops = here.remote();
    let made = ops.catalog().create_model(&ops.ctx(), tiny("1.0.0")).await.unwrap();
    let change = |tag: &str| UpdateModel {
        model_id: made.id,
        owner_team: Patch::Stays,
        metadata: Patch::Stays,
        model_family: None,
        tags: Patch::Is(vec![tag.to_owned()]),
    };
    let ctx = || ops.ctx().with_if_match(made.etag.clone());
    ops.catalog().update_model(&ctx(), change("a")).await.unwrap();
    let error = ops.catalog().update_model(&ctx(), change("b")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Stale);
}

#[tokio::test]
async fn both_spellings_are_read_in_query_and_body() {
    let here = served().await;
    let made = here.post("/catalog/models", &json!({"name": "a", "version": "1.0.0", "owner_team": "core"})).await;
    assert_eq!(json_of(made, 200).await["data"]["ownerTeam"], "core");
    let path = "/catalog/models?owner_team=core&include_total=true";
    let said = json_of(here.request("GET", path).send().await.unwrap(), 200).await;
    assert_eq!(said["page"]["total"], 1);
}

#[tokio::test]
async fn a_field_given_twice_is_refused() {
    let here = served().await;
    let said = json_of(here.request("GET", "/catalog/models?limit=1&limit=2").send().await.unwrap(), 422).await;
    assert_eq!(said["error"]["field"], "limit");
}

#[tokio::test]
async fn a_verb_the_path_does_not_have_is_405_with_those_it_has() {
    let here = served().await;
    let answer = here.request("OPTIONS", "/catalog/models").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["allow"]), (405, &"GET, POST".parse().unwrap()));
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let here = served().await;
    let answer = here.request("HEAD", "/catalog/models").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers().contains_key("content-length")), (200, true));
    assert_eq!(answer.bytes().await.unwrap(), "");
}

#[tokio::test]
async fn an_unknown_path_answers_in_the_shape_of_its_api() {
    let here = served().await;
    let ours = here.http.get(here.url("/llm-ops/v1/nothing")).send().await.unwrap();
    assert_eq!(json_of(ours, 404).await["error"]["code"], "unknown_path");
    let theirs = json_of(here.http.get(here.url("/v1/nothing")).send().await.unwrap(), 404).await;
    assert_eq!(theirs["error"]["type"], "invalid_request_error");
}

#[tokio::test]
async fn a_tampered_cursor_is_refused() {
    let here = served().await;
    let said = json_of(here.request("GET", "/catalog/models?cursor=AAAA").send().await.unwrap(), 400).await;
    assert_eq!(said["error"]["code"], "invalid_cursor");
}
