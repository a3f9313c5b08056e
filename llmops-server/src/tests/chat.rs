//! Chat through both doors: OpenAI's protocol and the platform's own.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use llmops_core::LlmOps;
use llmops_core::base::Secret;
use llmops_core::catalog::ModelId;
use llmops_core::gateway::{ChatRequest, ListRoutes};
use llmops_core::provider::FakeProvider;
use llmops_core::provider::fake::FakeTurn;
use llmops_core::serving::{EndpointId, EndpointLimits, EndpointStatus, Environment, ServedReplica, ServedRoute};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use super::{Served, json_of};
use crate::{DoorOptions, Patience, Server, dialect};

fn route(name: &str, environment: Environment) -> ServedRoute {
    ServedRoute {
        endpoint_id: EndpointId(uuid::Uuid::now_v7()),
        project: "default".into(),
        environment,
        route: format!("/{name}"),
        model_id: ModelId(uuid::Uuid::now_v7()),
        model_name: "model".into(),
        model_version: "1.0.0".into(),
        revision: 1,
        limits: EndpointLimits { max_concurrent_requests: 1, ..EndpointLimits::default() },
        status: EndpointStatus::Healthy,
        status_reason: "all is well".into(),
        replicas: vec![ServedReplica { work: "w".into(), address: "a:1".into(), api_key: None }],
    }
}

pub(super) fn says(words: &[&str]) -> FakeTurn {
    FakeTurn::Says(words.iter().map(|word| (*word).to_owned()).collect())
}

pub(super) struct Chat {
    pub(super) served: Served,
    provider: Arc<FakeProvider>,
}

/// A server with the route `tiny`, also in the project `there`, whose model takes these turns.
pub(super) async fn chat(turns: Vec<FakeTurn>) -> Chat {
    llmops_core::base::ensure_crypto_provider();
    let dir = tempfile::tempdir().unwrap();
    let provider = FakeProvider::new(turns);
    let there = ServedRoute { project: "there".into(), ..route("tiny", Environment::Dev) };
    let (dev, prod) = (route("tiny", Environment::Dev), route("tiny", Environment::Prod));
    let routes = vec![dev, prod, route("other", Environment::Dev), there];
    let builder = LlmOps::builder().data_dir(dir.path()).provider(provider.clone()).routes(Arc::new(routes));
    let (ping, standing) = (Duration::from_millis(100), Duration::from_millis(50));
    let patience = Patience { ping, standing, ..Patience::default() };
    let options = DoorOptions { patience, ..DoorOptions::default() };
    let ops = builder.open().await.unwrap();
    let server = Server::start_with(ops, "127.0.0.1:0".parse().unwrap(), options, dialect::routes()).await.unwrap();
    let key = std::fs::read_to_string(dir.path().join("admin.key")).unwrap();
    Chat { served: Served { dir, server, http: reqwest::Client::new(), key }, provider }
}

impl Chat {
    fn request(&self, verb: &str, path: &str) -> reqwest::RequestBuilder {
        self.served.http.request(verb.parse().unwrap(), self.served.url(path)).bearer_auth(&self.served.key)
    }

    /// Asks `tiny` at the OpenAI door, with these fields more.
    pub(super) async fn ask(&self, more: Value) -> reqwest::Response {
        let mut body = json!({ "model": "tiny", "messages": [{ "role": "user", "content": "Hello" }] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.request("POST", "/v1/chat/completions").json(&body).send().await.unwrap()
    }

    async fn error(&self, more: Value) -> (u16, Value) {
        let response = self.ask(more).await;
        let status = response.status().as_u16();
        (status, response.json::<Value>().await.unwrap()["error"].take())
    }
}

/// The events of a stream: JSON, or the text where it is none.
async fn events(response: reqwest::Response) -> Vec<Value> {
    let text = response.text().await.unwrap();
    let data = text.split("\n\n").filter_map(|event| event.lines().find_map(|line| line.strip_prefix("data: ")));
    data.map(|data| serde_json::from_str(data).unwrap_or_else(|_| json!(data))).collect()
}

#[tokio::test]
async fn an_answer_has_openais_shape() {
    let here = chat(vec![says(&["Good ", "day"])]).await;
    let response = here.ask(json!({})).await;
    assert!(response.headers().contains_key("x-request-id"));
    let answer = json_of(response, 200).await;
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["choices"][0]["message"], json!({ "role": "assistant", "content": "Good day", "refusal": null }));
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    let usage = json!({
        "prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3, "prompt_tokens_details": { "cached_tokens": 0 },
    });
    assert_eq!(answer["usage"], usage);
    assert!(answer["id"].as_str().unwrap().starts_with("chatcmpl-"));
}

#[tokio::test]
async fn a_stream_ends_with_done_and_tells_usage_only_when_asked() {
    let here = chat(vec![says(&["a", "b"]), says(&["a", "b"])]).await;
    let response = here.ask(json!({ "stream": true })).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    assert!(!response.headers().contains_key("content-length"));
    let plain = events(response).await;
    assert_eq!(plain.last().unwrap(), "[DONE]");
    assert!(plain.iter().all(|chunk| chunk.get("usage").is_none()));
    let told = events(here.ask(json!({ "stream": true, "stream_options": { "include_usage": true } })).await).await;
    let [chunks @ .., last, done] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(done, "[DONE]");
    assert_eq!((last["choices"].clone(), last["usage"]["completion_tokens"].clone()), (json!([]), json!(2)));
    assert!(chunks.iter().all(|chunk| chunk["usage"].is_null() && chunk.get("usage").is_some()));
    assert_eq!(chunks[0]["choices"][0]["delta"], json!({ "role": "assistant" }));
    assert_eq!(chunks[1]["object"], "chat.completion.chunk");
}

/// Keeps everybody from the database of this folder until what is given ends: another process holds each lock that a
/// reader or a writer of SQLite takes, and these lie at bytes 120 to 127 of the file beside the log.
async fn keep_from_database(folder: &Path) -> Child {
    let hold = "import fcntl, sys\n\
                file = open(sys.argv[1], 'r+b')\n\
                fcntl.lockf(file, fcntl.LOCK_EX, 8, 120)\n\
                print('held', flush=True)\n\
                sys.stdin.read()";
    let mut holding = Command::new("python3");
    holding.args(["-c", hold]).arg(folder.join("llmops.db-shm")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut holder = holding.kill_on_drop(true).spawn().expect("python3 runs");
    let mut said = [0; 4];
    holder.stdout.as_mut().unwrap().read_exact(&mut said).await.expect("the locks are held");
    holder
}

#[tokio::test]
async fn the_first_byte_comes_while_nobody_gets_to_the_database() {
    let here = chat(vec![]).await;
    json_of(here.served.post("/governance/projects", &json!({ "name": "there" })).await, 200).await;
    let made = here.served.request("POST", "/governance/keys").header("x-llmops-project", "there");
    let made = made.json(&json!({ "name": "guest", "roles": ["service"] })).send().await.unwrap();
    let key = json_of(made, 200).await["data"]["secret"].take();

    let mut holder = keep_from_database(here.served.dir.path()).await;
    let listing = tokio::spawn(here.served.request("GET", "/catalog/models").send());
    let asked = json!({ "model": "tiny", "messages": [{ "role": "user", "content": "Hello" }], "stream": true });
    let asking = here.served.http.post(here.served.url("/v1/chat/completions")).json(&asked);
    let asking = asking.bearer_auth(key.as_str().unwrap());
    let first = async { asking.send().await.unwrap().error_for_status().unwrap().chunk().await.unwrap() };
    // A reader of the database gives up after ten seconds.
    let first = tokio::time::timeout(Duration::from_secs(5), first).await.expect("nothing waits for the database");
    assert!(first.is_some_and(|bytes| bytes.starts_with(b"data: ")));
    assert!(!listing.is_finished(), "the database was within reach");
    holder.wait().await.unwrap();
    assert_eq!(listing.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn an_answer_breaks_off_when_its_key_is_revoked() {
    let here = chat(vec![FakeTurn::Slowly(vec!["a".into(); 100], Duration::from_millis(100))]).await;
    let made =
        here.request("POST", "/llm-ops/v1/governance/keys").json(&json!({ "name": "guest", "roles": ["service"] }));
    let key = json_of(made.send().await.unwrap(), 200).await["data"].take();
    let asked = json!({ "model": "tiny", "messages": [{ "role": "user", "content": "Hello" }], "stream": true });
    let asking = here.served.http.post(here.served.url("/v1/chat/completions")).json(&asked);
    let mut answer = asking.bearer_auth(key["secret"].as_str().unwrap()).send().await.unwrap();
    assert!(answer.chunk().await.unwrap().is_some());
    let path = format!("/llm-ops/v1/governance/keys/{}", key["key"]["id"].as_str().unwrap());
    assert_eq!(here.request("DELETE", &path).send().await.unwrap().status(), 200);
    let told = events(answer).await;
    assert_eq!(told.last().unwrap()["error"]["code"], "unauthenticated");
    assert!(told.len() < 50, "it went on: {told:?}");
}

#[tokio::test]
async fn a_stream_that_breaks_ends_with_an_error_and_not_with_done() {
    let here = chat(vec![FakeTurn::Breaks(vec!["a".into()])]).await;
    let items = events(here.ask(json!({ "stream": true })).await).await;
    assert!(items.iter().all(|item| item != "[DONE]"));
    assert_eq!(items.last().unwrap()["error"]["type"], "server_error");
}

#[tokio::test]
async fn a_slow_answer_shows_signs_of_life() {
    let here = chat(vec![FakeTurn::Slowly(vec!["a".into()], Duration::from_millis(350))]).await;
    let text = here.ask(json!({ "stream": true })).await.text().await.unwrap();
    assert!(text.matches(": ping\n\n").count() >= 2 && text.ends_with("data: [DONE]\n\n"), "{text}");
}

#[tokio::test]
async fn who_hangs_up_gives_his_place_back() {
    let slow = || FakeTurn::Slowly(vec!["a".into(); 100], Duration::from_millis(100));
    let here = chat(vec![slow(), slow()]).await;
    let mut streams = vec![here.ask(json!({ "stream": true })).await, here.ask(json!({ "stream": true })).await];
    for stream in &mut streams {
        stream.chunk().await.unwrap();
    }
    assert_eq!(here.ask(json!({})).await.status(), 429);
    drop(streams);
    let ops = here.served.remote();
    for _ in 0..100 {
        let routes = ops.gateway().list_routes(&ops.ctx(), ListRoutes::default()).await.unwrap().items;
        if routes.iter().all(|route| route.in_flight == 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the upstream was not told within a second");
}

#[tokio::test]
async fn who_hangs_up_before_a_whole_answer_gives_his_place_back() {
    let here = chat(vec![FakeTurn::Slowly(vec!["a".into()], Duration::from_secs(60))]).await;
    let gone = tokio::time::timeout(Duration::from_millis(300), here.ask(json!({}))).await;
    assert!(gone.is_err());
    let ops = here.served.remote();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let routes = ops.gateway().list_routes(&ops.ctx(), ListRoutes::default()).await.unwrap().items;
    assert!(routes.iter().all(|route| route.in_flight == 0));
}

#[tokio::test]
async fn a_full_route_says_when_to_come_again() {
    let slow = || FakeTurn::Slowly(vec!["a".into()], Duration::from_secs(60));
    let here = chat(vec![slow(), slow()]).await;
    let _held = (here.ask(json!({ "stream": true })).await, here.ask(json!({ "stream": true })).await);
    let response = here.ask(json!({})).await;
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(response.headers()["ratelimit-limit"], "2");
    let error = json_of(response, 429).await["error"].take();
    assert_eq!((&error["type"], &error["code"]), (&json!("rate_limit_error"), &json!("route_concurrency")));
}

#[tokio::test]
async fn wrong_parameters_are_named_as_openai_names_them() {
    let here = chat(vec![]).await;
    for (more, param, code) in [
        (json!({ "temprature": 1 }), "temprature", "unknown_parameter"),
        (json!({ "temperature": "hot" }), "temperature", "invalid"),
        (json!({ "max_tokens": 0 }), "max_tokens", "invalid"),
        (json!({ "max_completion_tokens": -1 }), "max_tokens", "invalid"),
        (json!({ "top_logprobs": 2 }), "top_logprobs", "invalid"),
        (json!({ "model": null }), "model", "missing_field"),
        (json!({ "messages": null }), "messages", "missing_field"),
        (json!({ "messages": [{ "role": "user", "content": "a", "x": 1 }] }), "messages[0].x", "unknown_field"),
        (json!({ "messages": [{ "role": "tool", "content": "a" }] }), "messages[0].tool_call_id", "invalid"),
        (json!({ "response_format": { "type": "json_object" } }), "response_format", "unsupported_parameter"),
        (json!({ "store": true }), "store", "unsupported_parameter"),
        (json!({ "n": 3 }), "n", "invalid"),
        (json!({ "stream": "yes" }), "stream", "invalid"),
        (json!({ "stream_options": {} }), "stream_options", "invalid"),
        (json!({ "stream": true, "stream_options": { "x": 1 } }), "stream_options.x", "unknown_parameter"),
    ] {
        let (status, error) = here.error(more.clone()).await;
        assert_eq!((status, &error["param"], &error["code"]), (400, &json!(param), &json!(code)), "{more}: {error}");
        assert_eq!(error["type"], "invalid_request_error");
    }
    let (_, error) = here.error(json!({ "max_tokens": 0 })).await;
    assert!(error["message"].as_str().unwrap().contains("`max_tokens`"), "{error}");
    assert!(here.provider.calls().is_empty());
}

#[tokio::test]
async fn what_changes_nothing_is_taken() {
    let here = chat(vec![]).await;
    let harmless = json!({
        "user": "me", "metadata": { "a": "b" }, "store": false, "service_tier": "auto", "response_format": { "type": "text" },
        "n": 1, "stop": "END", "seed": null, "parallel_tool_calls": false, "max_completion_tokens": 5, "logit_bias": {},
    });
    json_of(here.ask(harmless).await, 200).await;
    let ask = here.provider.calls().pop().unwrap().ask;
    assert_eq!((ask.stop.clone(), ask.max_tokens), (vec!["END".to_owned()], Some(5)));
}

#[tokio::test]
async fn answers_may_be_sent_back_as_they_came() {
    let here = chat(vec![]).await;
    let said = json!({ "role": "assistant", "content": "a", "refusal": null, "annotations": [], "tool_calls": null });
    let messages = json!([{ "role": "developer", "content": "b" }, said, { "role": "user", "content": "c" }]);
    json_of(here.ask(json!({ "messages": messages })).await, 200).await;
}

#[tokio::test]
async fn models_are_listed_once_each_and_found_by_every_name() {
    let here = chat(vec![]).await;
    let list = json_of(here.request("GET", "/v1/models").send().await.unwrap(), 200).await;
    let ids: Vec<&str> = list["data"].as_array().unwrap().iter().filter_map(|model| model["id"].as_str()).collect();
    assert_eq!((&list["object"], ids), (&json!("list"), vec!["other", "tiny"]));
    let model = json_of(here.request("GET", "/v1/models/tiny").send().await.unwrap(), 200).await;
    assert!(model["created"].as_u64().unwrap() > 1_700_000_000);
    let response = here.request("GET", "/v1/models/none").send().await.unwrap();
    let error = json_of(response, 404).await["error"].take();
    assert_eq!((&error["code"], &error["param"]), (&json!("model_not_found"), &json!("model")));
}

#[tokio::test]
async fn strangers_are_turned_away_before_their_body_is_read() {
    let here = chat(vec![]).await;
    let request = "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9000000\r\n\r\n";
    let said = here.served.raw(request.as_bytes()).await;
    assert!(said.starts_with("HTTP/1.1 401"), "{said}");
    assert!(said.contains("\"authentication_error\""), "{said}");
}

#[tokio::test]
async fn a_body_may_have_eight_mebibytes() {
    let here = chat(vec![]).await;
    let long = |bytes: usize| json!({ "messages": [{ "role": "user", "content": "a".repeat(bytes) }] });
    assert_eq!(here.ask(long(7 << 20)).await.status(), 200);
    assert_eq!(here.ask(long(8 << 20)).await.status(), 413);
    let native = json!({ "messages": [{ "role": "user", "content": "a".repeat(7 << 20) }] });
    assert_eq!(here.served.post("/serve/tiny/chat", &native).await.status(), 200);
}

#[tokio::test]
async fn the_own_door_has_the_envelope_and_streams_when_asked() {
    let here = chat(vec![says(&["a"]), says(&["b"]), says(&["c"])]).await;
    let ask = |stream: Value| json!({ "messages": [{ "role": "user", "content": "Hello" }], "max_tokens": 4, "stream": stream });
    let whole = json_of(here.served.post("/serve/tiny/chat", &ask(json!(false))).await, 200).await;
    assert_eq!(whole["status"], "success");
    assert_eq!(whole["data"]["choices"][0]["message"]["content"], "a");
    assert_eq!(whole["data"]["usage"]["completionTokens"], 1);
    let pieces = events(here.served.post("/serve/tiny/chat", &ask(json!(true))).await).await;
    assert_eq!(pieces[1]["choices"][0]["delta"]["content"], "b");
    assert_eq!(pieces.last().unwrap()["usage"]["completionTokens"], 1);
    let pieces = events(here.served.post("/serve/tiny/chat/stream", &ask(Value::Null)).await).await;
    assert_eq!(pieces[1]["choices"][0]["delta"]["content"], "c");
}

#[tokio::test]
async fn a_stream_of_the_own_door_that_breaks_ends_with_an_error() {
    let here = chat(vec![FakeTurn::Breaks(vec!["a".into()])]).await;
    let body = json!({ "messages": [{ "role": "user", "content": "Hello" }], "stream": true });
    let text = here.served.post("/serve/tiny/chat", &body).await.text().await.unwrap();
    assert!(text.contains("event: error\n"), "{text}");
}

#[tokio::test]
async fn the_own_client_chats() {
    let here = chat(vec![says(&["a"]), says(&["b", "c"])]).await;
    let ops: LlmOps = LlmOps::connect(&here.served.server.url(), Some(Secret::new(here.served.key.clone()))).unwrap();
    let ask: ChatRequest =
        serde_json::from_value(json!({ "route": "tiny", "messages": [{ "role": "user", "content": "Hello" }] }))
            .unwrap();
    let answer = ops.gateway().chat(&ops.ctx(), ask.clone()).await.unwrap();
    assert_eq!(answer.usage.completion_tokens, 1);
    let chunks: Vec<_> = ops.gateway().chat_stream(&ops.ctx(), ask).await.unwrap().collect().await;
    assert!(chunks.iter().all(Result::is_ok) && chunks.len() == 5, "{chunks:?}");
}
