//! The routes as a client meets them, over real connections.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::serve::engine::Limits;
use crate::serve::tests::tiny::{CONTEXT, tiny};

const LIMITS: Limits =
    Limits { batch: 2, chunk: 64, queue: 1, kv_bytes: 64 << 20, prefix_bytes: 16 << 20, context: CONTEXT };

struct Server {
    app: Arc<App>,
    addr: SocketAddr,
}

/// A server on a thread of its own, as long as the test lasts.
fn start(key: Option<&str>, ready: bool) -> Server {
    let app = Arc::new(App::new(key.map(digest)));
    if ready {
        load(&app);
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let addr = listener.local_addr().unwrap();
    let routes = router(app.clone());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), routes).await })
    });
    Server { app, addr }
}

fn load(app: &App) {
    let model = Arc::new(tiny());
    let (engine, _) = Engine::start(model.clone(), LIMITS, app.metrics.clone()).unwrap();
    let template = ChatTemplate::new(model.template.as_deref().unwrap(), "", "");
    let _ = app.served.set(Served { name: "tiny".into(), created: 1, model, template, engine });
}

fn up() -> Server {
    start(None, true)
}

struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn code(&self) -> (u16, String) {
        (self.status, self.json()["error"]["code"].as_str().unwrap_or_default().to_string())
    }

    /// The frames of a stream, without what keeps it open.
    fn frames(&self) -> Vec<Value> {
        let data = self.body.split("\n\n").filter_map(|frame| frame.strip_prefix("data: "));
        data.map(|data| serde_json::from_str(data).unwrap_or_else(|_| json!(data))).collect()
    }
}

impl Server {
    fn open(&self) -> TcpStream {
        let socket = TcpStream::connect(self.addr).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        socket
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> TcpStream {
        let mut socket = self.open();
        let size = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {size}\r\n{headers}\r\n");
        socket.write_all(format!("{head}{body}").as_bytes()).unwrap();
        socket
    }

    fn get(&self, path: &str) -> Reply {
        hear(self.send("GET", path, "host: localhost\r\n", ""))
    }

    fn post(&self, path: &str, body: &Value) -> TcpStream {
        self.send("POST", path, "host: localhost\r\ncontent-type: application/json\r\n", &body.to_string())
    }

    fn chat(&self, more: Value) -> Reply {
        hear(self.post("/v1/chat/completions", &ask(more)))
    }

    fn complete(&self, more: Value) -> Reply {
        let mut body = json!({"prompt": "Once", "max_tokens": 8, "temperature": 0});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        hear(self.post("/v1/completions", &body))
    }

    /// Takes both places of the batch.
    fn occupy(&self) -> [TcpStream; 2] {
        let more = json!({"stream": true, "max_tokens": 2000, "ignore_eos": true});
        [(), ()].map(|()| {
            let mut socket = self.post("/v1/chat/completions", &ask(more.clone()));
            socket.read_exact(&mut [0; 600]).unwrap();
            socket
        })
    }

    fn until(&self, what: &str, holds: impl Fn(&Metrics) -> bool) {
        for _ in 0..2000 {
            if holds(&self.app.metrics) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("waited in vain: {what}");
    }
}

fn ask(more: Value) -> Value {
    let mut body = json!({"messages": [{"role": "user", "content": "hi"}], "max_tokens": 8, "temperature": 0});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn hear(mut socket: TcpStream) -> Reply {
    let mut all = Vec::new();
    socket.read_to_end(&mut all).unwrap();
    let all = String::from_utf8(all).unwrap();
    let (head, body) = all.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let chunked = head.contains("transfer-encoding: chunked");
    Reply { status, head: head.to_string(), body: if chunked { joined(body) } else { body.to_string() } }
}

/// The chunks of a body, joined.
fn joined(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        whole.push_str(&rest[..size]);
        body = rest[size..].strip_prefix("\r\n").unwrap();
    }
    whole
}

#[test]
fn a_chat_answer_has_all_its_parts() {
    let reply = up().chat(json!({"logprobs": true, "top_logprobs": 3, "ignore_eos": true}));
    let answer = reply.json();
    assert_eq!((reply.status, answer["object"].as_str()), (200, Some("chat.completion")));
    let choice = &answer["choices"][0];
    assert_eq!(
        (choice["message"]["role"].as_str(), choice["finish_reason"].as_str()),
        (Some("assistant"), Some("length"))
    );
    assert_eq!(choice["logprobs"]["content"].as_array().unwrap().len(), 8);
    assert_eq!(choice["logprobs"]["content"][0]["top_logprobs"].as_array().unwrap().len(), 3);
    let usage = &answer["usage"];
    assert_eq!(usage["completion_tokens"], 8);
    assert_eq!(usage["total_tokens"], usage["prompt_tokens"].as_u64().unwrap() + 8);
}

#[test]
fn a_stream_is_the_whole_answer_in_parts() {
    let server = up();
    let more = json!({"max_tokens": 200, "temperature": 1, "seed": 11, "ignore_eos": true});
    let whole = server.chat(more.clone()).json();
    let mut streamed = more;
    streamed["stream"] = json!(true);
    streamed["stream_options"] = json!({"include_usage": true});
    let reply = server.chat(streamed);
    assert!(reply.head.contains("content-type: text/event-stream"), "{}", reply.head);
    let frames = reply.frames();
    let (last, usage) = (&frames[frames.len() - 1], &frames[frames.len() - 2]);
    assert_eq!((last, &usage["usage"]["completion_tokens"]), (&json!("[DONE]"), &json!(200)));
    assert_eq!(frames[0]["choices"][0]["delta"], json!({"role": "assistant", "content": ""}));
    assert_eq!(frames[frames.len() - 3]["choices"][0]["finish_reason"], "length");
    let text: String = frames.iter().filter_map(|frame| frame["choices"][0]["delta"]["content"].as_str()).collect();
    assert_eq!(text, whole["choices"][0]["message"]["content"]);
    let ids: std::collections::HashSet<_> = frames[..frames.len() - 1].iter().map(|f| f["id"].as_str()).collect();
    assert_eq!(ids.len(), 1);
}

#[test]
fn a_completion_goes_on_from_text_or_tokens() {
    let server = up();
    let of_text = server.complete(json!({"logprobs": 2})).json();
    let tokens = hear(server.post("/tokenize", &json!({"prompt": "Once"}))).json()["tokens"].clone();
    let of_tokens = server.complete(json!({"prompt": tokens})).json();
    assert_eq!(of_text["object"], "text_completion");
    assert_eq!(of_text["choices"][0]["text"], of_tokens["choices"][0]["text"]);
    assert_eq!(of_text["choices"][0]["logprobs"]["text_offset"][0], 0);
}

#[test]
fn a_stop_string_ends_an_answer() {
    let server = up();
    let more = json!({"max_tokens": 60, "temperature": 1, "seed": 2, "ignore_eos": true});
    let whole = server.complete(more.clone()).json()["choices"][0]["text"].as_str().unwrap().to_string();
    let stop: String = whole.chars().skip(20).take(2).collect();
    let mut stopped = more;
    stopped["stop"] = json!(stop);
    let choice = server.complete(stopped).json()["choices"][0].clone();
    assert_eq!((choice["text"].as_str(), choice["finish_reason"].as_str()), (whole.split(&stop).next(), Some("stop")));
}

#[test]
fn the_model_is_listed_and_found() {
    let server = up();
    assert_eq!(server.get("/v1/models").json()["data"][0]["id"], "tiny");
    assert_eq!(server.get("/v1/models/tiny").json()["max_model_len"], CONTEXT);
    assert_eq!(server.get("/v1/models/other").code(), (404, "model_not_found".into()));
    assert_eq!(server.chat(json!({"model": "other"})).code(), (404, "model_not_found".into()));
}

#[test]
fn what_cannot_be_served_is_refused() {
    let server = up();
    let refused = |more: Value, code: &str| assert_eq!(server.chat(more).code(), (400, code.into()));
    refused(json!({"max_tokens": CONTEXT}), "context_length_exceeded");
    refused(json!({"messages": [{"role": "user", "content": "x".repeat(CONTEXT)}]}), "context_length_exceeded");
    refused(json!({"temperature": 9}), "invalid_value");
    refused(json!({"n": 2}), "invalid_value");
    assert_eq!(server.complete(json!({"prompt": [999_999]})).code(), (400, "invalid_value".into()));
    assert_eq!(server.complete(json!({"prompt": ""})).code(), (400, "invalid_value".into()));
    assert_eq!(server.get("/nothing").code(), (404, "unknown_url".into()));
    assert_eq!(server.get("/v1/chat/completions").code(), (405, "method_not_allowed".into()));
    assert_eq!(server.chat(json!({"user": "x".repeat(1 << 20)})).code(), (413, "body_too_large".into()));
}

#[test]
fn a_form_is_not_a_request() {
    let headers = "host: localhost\r\ncontent-type: text/plain\r\n";
    let reply = hear(up().send("POST", "/v1/chat/completions", headers, &ask(json!({})).to_string()));
    assert_eq!(reply.code(), (415, "unsupported_media_type".into()));
}

#[test]
fn a_foreign_name_for_this_machine_is_refused() {
    let server = up();
    let of = |host: &str| hear(server.send("GET", "/v1/models", &format!("host: {host}\r\n"), "")).status;
    assert_eq!([of("evil.example"), of("localhost.evil.example:80"), of("127.0.0.1.evil.example")], [403; 3]);
    assert_eq!([of("127.0.0.1:80"), of("LOCALHOST"), of("[::1]:80")], [200; 3]);
}

#[test]
fn a_key_opens_the_door() {
    let server = start(Some("secret"), true);
    let with = |headers: &str| hear(server.send("GET", "/v1/models", headers, "")).status;
    assert_eq!(with("host: any.name\r\nauthorization: Bearer secret\r\n"), 200);
    assert_eq!(with("host: x\r\n"), 401);
    assert_eq!(with("host: x\r\nauthorization: Bearer secret2\r\n"), 401);
    assert_eq!(with("host: x\r\nauthorization: Basic secret\r\n"), 401);
    assert_eq!(server.get("/health").status, 200, "the probe has no key");
}

#[test]
fn nothing_is_served_before_the_model_is_there() {
    let server = start(None, false);
    for path in ["/health", "/healthz"] {
        assert_eq!(server.get(path).status, 503);
    }
    assert_eq!(server.chat(json!({})).code(), (503, "loading".into()));
    load(&server.app);
    assert_eq!((server.get("/health").status, server.chat(json!({})).status), (200, 200));
}

#[test]
fn a_full_queue_is_told_with_a_time_to_try_again() {
    let server = up();
    // Where this thread waits for its own turn the places come free meanwhile, and nothing was full.
    for _ in 0..20 {
        let _busy = server.occupy();
        let _waiting = server.post("/v1/chat/completions", &ask(json!({})));
        server.until("one waits, or is through", |metrics| {
            metrics.waiting.load(Relaxed) == 1 || metrics.running.load(Relaxed) < 2
        });
        let refused = server.chat(json!({}));
        if server.app.metrics.waiting.load(Relaxed) == 1 {
            assert_eq!(refused.code(), (429, "queue_full".into()));
            assert!(refused.head.contains("retry-after: 1"), "{}", refused.head);
            return;
        }
    }
    panic!("it was never full");
}

#[test]
fn a_client_that_hangs_up_is_not_worked_for() {
    let server = up();
    let long = ask(json!({"max_tokens": 2000, "ignore_eos": true}));
    drop(server.occupy());
    let whole = server.post("/v1/chat/completions", &long);
    server.until("it is worked on", |metrics| metrics.generation_tokens.load(Relaxed) > 30);
    drop(whole);
    server.until("nobody is worked for", |metrics| metrics.running.load(Relaxed) == 0);
    assert!(server.app.metrics.generation_tokens.load(Relaxed) < 4000);
    assert!(server.get("/metrics").body.contains("finished_reason=\"abort\"} 3"));
}

#[test]
fn a_draining_server_ends_what_it_began_and_takes_no_more() {
    let server = up();
    let streams = server.occupy();
    server.app.draining.store(true, Relaxed);
    server.app.served.get().unwrap().engine.close();
    assert_eq!((server.get("/health").status, server.chat(json!({})).code().1), (503, "draining".into()));
    for mut stream in streams {
        let mut rest = String::new();
        stream.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("data: [DONE]"));
    }
}

#[test]
fn an_answer_has_the_request_id_of_its_request() {
    let server = up();
    let reply = hear(server.send("GET", "/v1/models", "host: localhost\r\nx-request-id: abc-1\r\n", ""));
    assert!(reply.head.contains("x-request-id: abc-1"), "{}", reply.head);
    assert!(server.get("/v1/models").head.contains("x-request-id: req_"));
}

#[test]
fn fields_nobody_knows_are_named() {
    assert!(up().chat(json!({"frobnicate": 1})).head.contains("x-llmops-ignored-fields: frobnicate"));
}
