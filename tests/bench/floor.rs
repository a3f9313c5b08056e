//! The other side of the benches: the bare programs that ours is compared with, the load, and a caller in Rust.
//!
//! ```text
//! floor serve  --addr-file FILE [..]    answers chats at once; stands in for the local runtime, whose options it takes
//! floor proxy URL --addr-file FILE      passes chats on to that address, once it has read which model they name
//! floor upload --addr-file FILE         takes the files of a form into a folder of its own and hashes them, no more
//! floor load URL REQUESTS CONNECTIONS   posts standard input so many times; the key is LLMOPS_API_KEY
//! floor call FOLDER CALLS               opens an embedded platform and reads one model so many times
//! ```
//!
//! The scripts beside this file run it and say what is compared with what.

#![expect(clippy::print_stdout, reason = "the result of a bench is what it prints")]

use std::convert::Infallible;
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use futures::StreamExt;
use http::{HeaderMap, StatusCode, header};
use llmops_core::LlmOps;
use llmops_core::catalog::{CreateModel, GetModel};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The pieces of a streamed answer.
const PIECES: usize = 32;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", rest @ ..] => {
            let chat = Router::new()
                .route("/health", get(async || Json(json!({ "status": "ok" }))))
                .route("/v1/chat/completions", post(chat));
            listen(chat, rest).await
        }
        ["proxy", to, rest @ ..] => {
            llmops_core::base::ensure_crypto_provider();
            let client = reqwest::Client::builder().no_proxy().tcp_nodelay(true).http1_only().build()?;
            let to = format!("{to}/v1/chat/completions");
            let forward = move |body: Bytes| pass_on(client.clone(), to.clone(), body);
            listen(Router::new().route("/v1/chat/completions", post(forward)), rest).await
        }
        ["upload", rest @ ..] => {
            listen(Router::new().route("/", post(upload)).layer(DefaultBodyLimit::disable()), rest).await
        }
        ["load", url, requests, connections] => load(url, requests.parse()?, connections.parse()?).await,
        ["call", folder, calls] => call(folder, calls.parse()?).await,
        ["supervise", rest @ ..] => Err(supervise(rest)?.into()),
        _ => Err("floor serve | upload | load | call: the head of floor.rs says how".into()),
    }
}

/// Whoever watches over the work is the server's own runtime, which lies beside this program's folder.
fn supervise(rest: &[&str]) -> Result<std::io::Error, Failure> {
    use std::os::unix::process::CommandExt;
    let server = std::env::current_exe()?.with_file_name("../llmops-server");
    Ok(std::process::Command::new(server).args(["runtime", "supervise"]).args(rest).exec())
}

/// Serves on a free port and writes the address where the caller looks for it.
async fn listen(router: Router, options: &[&str]) -> Result<(), Failure> {
    let file = options.iter().position(|option| *option == "--addr-file").and_then(|at| options.get(at + 1));
    let file = PathBuf::from(file.ok_or("--addr-file is missing")?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let beside = file.with_extension("new");
    tokio::fs::write(&beside, format!("{}\n", listener.local_addr()?)).await?;
    tokio::fs::rename(&beside, &file).await?;
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let mut stop = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            let _ = stop.recv().await;
        })
        .await?;
    Ok(())
}

async fn chat(Json(question): Json<Value>) -> Response {
    let said = question["messages"].as_array().and_then(|all| all.last()).map_or(Value::Null, |m| m["content"].clone());
    let usage = json!({ "prompt_tokens": 24, "completion_tokens": PIECES, "total_tokens": 24 + PIECES });
    let answer = |kind: &str, choices: Value, usage: &Value| json!({ "id": "chatcmpl-1", "object": kind, "created": 1, "model": "echo", "choices": choices, "usage": usage });
    if question["stream"] != true {
        let choice =
            json!([{ "index": 0, "message": { "role": "assistant", "content": said }, "finish_reason": "stop" }]);
        return Json(answer("chat.completion", choice, &usage)).into_response();
    }
    let pieces = (0..=PIECES).map(move |n| {
        let (end, usage) = if n == PIECES { (json!("stop"), &usage) } else { (Value::Null, &Value::Null) };
        let choice = json!([{ "index": 0, "delta": { "content": " word" }, "finish_reason": end }]);
        format!("data: {}\n\n", answer("chat.completion.chunk", choice, usage))
    });
    let events = pieces.chain(std::iter::once("data: [DONE]\n\n".to_owned())).map(Ok::<_, Infallible>);
    // Each piece is on its way before the next is made, as those of a model are.
    let paced = futures::stream::iter(events).then(async |event| {
        tokio::task::yield_now().await;
        event
    });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(paced)).into_response()
}

/// The least that a gateway does.
async fn pass_on(client: reqwest::Client, to: String, body: Bytes) -> Result<Response, (StatusCode, String)> {
    let wrong = |failure: Failure| (StatusCode::BAD_GATEWAY, failure.to_string());
    let question: Value = serde_json::from_slice(&body).map_err(|failure| wrong(failure.into()))?;
    if !question["model"].is_string() {
        return Err((StatusCode::BAD_REQUEST, "which model?".into()));
    }
    let request = client.post(to).header(header::CONTENT_TYPE, "application/json").body(body);
    let answer = request.send().await.map_err(|failure| wrong(failure.into()))?;
    let kind = answer.headers().get(header::CONTENT_TYPE).cloned();
    let body = Body::from_stream(answer.bytes_stream());
    Ok((kind.map(|kind| [(header::CONTENT_TYPE, kind)]), body).into_response())
}

async fn upload(headers: HeaderMap, body: Body) -> Result<Json<Value>, (StatusCode, String)> {
    take(&headers, body).await.map(Json).map_err(|failure| (StatusCode::BAD_REQUEST, failure.to_string()))
}

async fn take(headers: &HeaderMap, body: Body) -> Result<Value, Failure> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut form = multer::Multipart::new(body.into_data_stream(), multer::parse_boundary(kind)?);
    let mut taken = Vec::new();
    let folder = tempfile::tempdir()?;
    while let Some(mut field) = form.next_field().await? {
        let path = folder.path().join(taken.len().to_string());
        let mut file = tokio::io::BufWriter::with_capacity(1 << 20, tokio::fs::File::create(path).await?);
        let mut hash = Sha256::new();
        while let Some(bytes) = field.chunk().await? {
            hash.update(&bytes);
            file.write_all(&bytes).await?;
        }
        file.flush().await?;
        file.get_ref().sync_all().await?;
        taken.push(hex::encode(hash.finalize()));
    }
    Ok(json!(taken))
}

async fn load(url: &str, requests: usize, connections: usize) -> Result<(), Failure> {
    let mut body = String::new();
    std::io::stdin().read_to_string(&mut body)?;
    let key = std::env::var("LLMOPS_API_KEY").unwrap_or_default();
    llmops_core::base::ensure_crypto_provider();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let begun = Instant::now();
    let share = |n: usize| requests / connections + usize::from(n < requests % connections);
    let each = (0..connections).map(|n| repeat(&client, url, &key, &body, share(n)));
    let waits = futures::future::try_join_all(each).await?;
    let mut waits: Vec<f64> = waits.into_iter().flatten().collect();
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| waits.get((waits.len() as f64 * share) as usize).copied();
    println!("{}", json!({ "seconds": begun.elapsed().as_secs_f64(), "p50": at(0.5), "p99": at(0.99) }));
    Ok(())
}

async fn repeat(client: &reqwest::Client, url: &str, key: &str, body: &str, times: usize) -> Result<Vec<f64>, Failure> {
    let mut waits = Vec::with_capacity(times);
    for _ in 0..times {
        let begun = Instant::now();
        let request = client.post(url).bearer_auth(key).header(header::CONTENT_TYPE, "application/json");
        let answer = request.body(body.to_owned()).send().await?;
        let (status, text) = (answer.status(), answer.bytes().await?);
        if !status.is_success() {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&text)).into());
        }
        waits.push(begun.elapsed().as_secs_f64());
    }
    Ok(waits)
}

/// Seconds and CPU seconds of one call are what the libraries for Python and Node.js are compared with.
async fn call(folder: &str, calls: u32) -> Result<(), Failure> {
    let ops = LlmOps::builder().data_dir(folder).open().await?;
    let request: CreateModel = serde_json::from_value(json!({ "name": "floor", "version": "1.0.0" }))?;
    let model = ops.catalog().create_model(&ops.ctx(), request).await?;
    let request = GetModel { model_id: model.id };
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let begun = Instant::now();
        for _ in 0..calls {
            ops.catalog().get_model(&ops.ctx(), request.clone()).await?;
        }
        best = best.min(begun.elapsed().as_secs_f64() / f64::from(calls));
    }
    ops.shutdown().await;
    println!("{}", json!({ "seconds": best }));
    Ok(())
}
