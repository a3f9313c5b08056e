//! The OpenAI provider against an upstream that says exactly what a test wants, byte by byte.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::*;
use crate::base::{ErrorKind, Secret};

/// What an upstream does after it read a question.
#[derive(Clone)]
enum Do {
    Send(Vec<u8>),
    Pause(u64),
    /// Closes the connection.
    Close,
    /// Waits for the other side to close.
    Wait,
}

/// An upstream; each connection gets the whole script. What it is asked, and when a client left, can be received.
struct Upstream {
    address: String,
    asked: mpsc::UnboundedReceiver<(String, Value)>,
    left: mpsc::UnboundedReceiver<()>,
}

impl Upstream {
    async fn start(script: Vec<Do>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (ask, asked) = mpsc::unbounded_channel();
        let (leave, left) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(answer(socket, script.clone(), ask.clone(), leave.clone()));
            }
        });
        Self { address, asked, left }
    }

    async fn streams(frames: &[&[u8]]) -> Self {
        let mut script = vec![Do::Send(STREAM.into())];
        for frame in frames {
            script.extend([Do::Send(frame.to_vec()), Do::Pause(5)]);
        }
        script.push(Do::Close);
        Self::start(script).await
    }

    async fn answers(status: &str, headers: &str, body: &str) -> Self {
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
        Self::start(vec![Do::Send(head.into_bytes()), Do::Send(body.into()), Do::Wait]).await
    }

    fn call(&self) -> ProviderCall {
        call(&self.address)
    }
}

const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

async fn answer(
    mut socket: TcpStream,
    script: Vec<Do>,
    ask: mpsc::UnboundedSender<(String, Value)>,
    leave: mpsc::UnboundedSender<()>,
) {
    let (head, body) = read_question(&mut socket).await;
    let _ = ask.send((head, body));
    for step in script {
        match step {
            Do::Send(bytes) => {
                if socket.write_all(&bytes).await.is_err() {
                    break;
                }
            }
            Do::Pause(0) => tokio::task::yield_now().await,
            Do::Pause(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            Do::Close => return,
            Do::Wait => {
                let _ = socket.read(&mut [0; 16]).await;
                break;
            }
        }
    }
    let _ = leave.send(());
}

async fn read_question(socket: &mut TcpStream) -> (String, Value) {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let n = socket.read(&mut chunk).await.unwrap_or(0);
        bytes.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if n == 0 || body.len() >= length.unwrap_or(0usize) {
            return (head.to_lowercase(), serde_json::from_str(body).unwrap_or_default());
        }
    }
}

fn call(address: &str) -> ProviderCall {
    let message = serde_json::from_value(json!({ "role": "user", "content": "Hi" })).unwrap();
    ProviderCall {
        target: Target {
            base_url: format!("http://{address}"),
            model: Some("tiny".into()),
            api_key: Some(Secret::new("k")),
        },
        ask: Arc::new(ChatAsk { messages: vec![message], max_tokens: Some(7), ..ChatAsk::default() }),
        deadlines: Deadlines {
            head: Duration::from_millis(800),
            first: Duration::from_millis(800),
            gap: Duration::from_millis(400),
            total: Duration::from_secs(3),
        },
        request_id: "req_1".into(),
    }
}

fn piece_of(text: &str, finish: Option<&str>) -> String {
    let choice = json!({ "index": 0, "delta": { "content": text }, "finish_reason": finish, "logprobs": null });
    json!({ "id": "x", "choices": [choice], "usage": null }).to_string()
}

fn frame(text: &str, finish: Option<&str>) -> Vec<u8> {
    format!("data: {}\n\n", piece_of(text, finish)).into_bytes()
}

const USAGE: &[u8] =
    b"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5,\
    \"prompt_tokens_details\":{\"cached_tokens\":1}}}\n\n";
const DONE: &[u8] = b"data: [DONE]\n\n";

/// The text of a stream, its usage and how it ended.
async fn hear(upstream: &Upstream) -> (String, Option<ChatUsage>, Result<(), Error>) {
    answer_to(&upstream.call()).await
}

async fn answer_to(call: &ProviderCall) -> (String, Option<ChatUsage>, Result<(), Error>) {
    let mut pieces = match OpenAi::new().unwrap().chat_stream(call).await {
        Ok(pieces) => pieces,
        Err(failure) => return (String::new(), None, Err(failure.error)),
    };
    let (mut text, mut usage) = (String::new(), None);
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(piece) => {
                piece.choices.iter().for_each(|c| text.push_str(c.delta.content.as_deref().unwrap_or_default()));
                usage = usage.or(piece.usage);
            }
            Err(error) => return (text, usage, Err(error)),
        }
    }
    (text, usage, Ok(()))
}

async fn failure(upstream: &Upstream) -> ProviderFailure {
    OpenAi::new().unwrap().chat(&upstream.call()).await.unwrap_err()
}

#[tokio::test]
async fn a_question_is_asked_in_the_dialect() {
    let mut upstream = Upstream::streams(&[&frame("Hi", Some("stop")), DONE]).await;
    hear(&upstream).await.2.unwrap();
    let (head, body) = upstream.asked.recv().await.unwrap();
    assert_eq!(
        body,
        json!({
            "model": "tiny", "messages": [{ "role": "user", "content": "Hi" }], "max_tokens": 7,
            "stream": true, "stream_options": { "include_usage": true },
        })
    );
    for line in ["authorization: bearer k", "accept-encoding: identity", "x-request-id: req_1"] {
        assert!(head.contains(line), "{head}");
    }
}

#[tokio::test]
async fn a_stream_is_heard_with_its_usage() {
    let frames = [frame("Hel", None), frame("lo", None), frame("", Some("stop"))];
    let upstream = Upstream::streams(&[&frames[0], &frames[1], &frames[2], USAGE, DONE]).await;
    let (text, usage, ended) = hear(&upstream).await;
    ended.unwrap();
    assert_eq!(text, "Hello");
    let usage = usage.unwrap();
    assert_eq!((usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens), (3, 2, 1));
}

#[tokio::test]
async fn bytes_may_be_cut_anywhere() {
    let whole = [frame("né中🦀", None), frame("", Some("stop")), DONE.to_vec()].concat();
    // A pause of its own behind each byte of a whole event would be longer than the gap that is allowed.
    let bytes = whole.chunks(1).flat_map(|byte| [Do::Send(byte.to_vec()), Do::Pause(0)]);
    let script = std::iter::once(Do::Send(STREAM.into())).chain(bytes).chain([Do::Close]).collect();
    let (text, _, ended) = hear(&Upstream::start(script).await).await;
    ended.unwrap();
    assert_eq!(text, "né中🦀");
}

#[tokio::test]
async fn lines_may_end_as_they_like_and_comments_are_no_data() {
    let first = format!("\u{feff}: hello\r\ndata: {}\r\n\r\n: ping\n\n", piece_of("a", None));
    let second = format!("event: message\rid: 4\rdata:{}\r\r", piece_of("b", None));
    let third = format!("retry: 10\ndata: {}\n\n", piece_of("", Some("stop")));
    let upstream = Upstream::streams(&[first.as_bytes(), second.as_bytes(), third.as_bytes()]).await;
    let (text, _, ended) = hear(&upstream).await;
    ended.unwrap();
    assert_eq!(text, "ab");
}

#[tokio::test]
async fn data_may_have_several_lines() {
    let piece = piece_of("a", Some("stop")).replacen(',', ",\ndata: ", 1);
    let (text, _, ended) = hear(&Upstream::streams(&[format!("data: {piece}\n\n").as_bytes()]).await).await;
    ended.unwrap();
    assert_eq!(text, "a");
}

#[tokio::test]
async fn done_is_not_waited_for() {
    let (text, _, ended) = hear(&Upstream::streams(&[&frame("a", None), &frame("", Some("stop"))]).await).await;
    ended.unwrap();
    assert_eq!(text, "a");
}

#[tokio::test]
async fn silence_after_the_last_choice_spoils_nothing() {
    let script = vec![Do::Send(STREAM.into()), Do::Send(frame("a", Some("stop"))), Do::Wait];
    hear(&Upstream::start(script).await).await.2.unwrap();
}

#[tokio::test]
async fn an_end_without_a_reason_is_no_success() {
    for frames in [&[frame("a", None)][..], &[frame("a", None), DONE.to_vec()], &[DONE.to_vec()], &[]] {
        let frames: Vec<&[u8]> = frames.iter().map(Vec::as_slice).collect();
        let error = hear(&Upstream::streams(&frames).await).await.2.unwrap_err();
        assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Upstream, "upstream_incomplete"));
    }
}

#[tokio::test]
async fn an_error_in_the_stream_is_an_error() {
    let error = b"data: {\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\"}}\n\n";
    let (text, _, ended) = hear(&Upstream::streams(&[&frame("a", None), error, DONE]).await).await;
    let error = ended.unwrap_err();
    assert_eq!((text.as_str(), error.stable_code()), ("a", "upstream_broken"));
    assert!(error.message().contains("out of memory"));
}

#[tokio::test]
async fn a_connection_that_breaks_is_an_error() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let body = frame("a", None);
    let chunk = [format!("{:x}\r\n", body.len()).into_bytes(), body, b"\r\n".to_vec()].concat();
    let upstream = Upstream::start(vec![Do::Send(head.into()), Do::Send(chunk), Do::Pause(20), Do::Close]).await;
    let (text, _, ended) = hear(&upstream).await;
    assert_eq!((text.as_str(), ended.unwrap_err().stable_code()), ("a", "upstream_broken"));
}

#[tokio::test]
async fn garbage_is_an_error() {
    let error = hear(&Upstream::streams(&[b"data: {not json\n\n"]).await).await.2.unwrap_err();
    assert_eq!(error.stable_code(), "upstream_garbled");
}

#[tokio::test]
async fn an_event_without_end_is_cut_off() {
    let long = vec![b'a'; 2 << 20];
    let error = hear(&Upstream::streams(&[b"data: ", &long]).await).await.2.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Upstream);
}

#[tokio::test]
async fn every_part_has_a_deadline_of_its_own() {
    let head = Upstream::start(vec![Do::Wait]).await;
    let first = Upstream::start(vec![Do::Send(STREAM.into()), Do::Wait]).await;
    let gap = Upstream::start(vec![Do::Send(STREAM.into()), Do::Send(frame("a", None)), Do::Wait]).await;
    for (upstream, said) in [(head, "begin"), (first, "begin"), (gap, "silent")] {
        let error = timeout(Duration::from_secs(2), hear(&upstream)).await.unwrap().2.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.message().contains(said), "{error}");
    }
}

#[tokio::test]
async fn signs_of_life_do_not_stand_for_a_first_token() {
    let mut script = vec![Do::Send(STREAM.into())];
    for _ in 0..20 {
        script.extend([Do::Send(b": ping\n\n".to_vec()), Do::Pause(100)]);
    }
    let error = hear(&Upstream::start(script).await).await.2.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn the_total_is_a_limit_too() {
    let mut script = vec![Do::Send(STREAM.into())];
    for _ in 0..40 {
        script.extend([Do::Send(frame("a", None)), Do::Pause(100)]);
    }
    let upstream = Upstream::start(script).await;
    let mut call = upstream.call();
    call.deadlines.gap = call.deadlines.total * 2; // else a machine that halts for a moment would be the one to be late
    let error = answer_to(&call).await.2.unwrap_err();
    assert!(error.message().contains("longer than it may"), "{error}");
}

#[tokio::test]
async fn who_stops_listening_hangs_up() {
    let mut upstream = Upstream::start(vec![Do::Send(STREAM.into()), Do::Send(frame("a", None)), Do::Wait]).await;
    let mut pieces = OpenAi::new().unwrap().chat_stream(&upstream.call()).await.map_err(|f| f.error).unwrap();
    pieces.next().await.unwrap().unwrap();
    drop(pieces);
    timeout(Duration::from_secs(1), upstream.left.recv()).await.expect("the upstream was not told").unwrap();
}

#[tokio::test]
async fn who_stops_waiting_for_a_whole_answer_hangs_up() {
    let mut upstream = Upstream::start(vec![Do::Wait]).await;
    let provider = OpenAi::new().unwrap();
    let _ = timeout(Duration::from_millis(200), provider.chat(&upstream.call())).await;
    timeout(Duration::from_secs(1), upstream.left.recv()).await.expect("the upstream was not told").unwrap();
}

#[tokio::test]
async fn a_whole_answer_is_read() {
    let body = json!({
        "id": "x", "object": "chat.completion", "new_member": 1,
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": "Hi", "refusal": null }, "finish_reason": "length",
            "logprobs": { "content": [{ "token": "Hi", "logprob": -0.5, "bytes": [72, 105],
                "top_logprobs": [{ "token": "Ho", "logprob": -1.0, "bytes": null }] }] } }],
        "usage": { "prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4 },
    });
    let upstream = Upstream::answers("200 OK", "", &body.to_string()).await;
    let answer = OpenAi::new().unwrap().chat(&upstream.call()).await.map_err(|f| f.error).unwrap();
    let choice = &answer.choices[0];
    assert_eq!(choice.message.content, Some(ChatContent::Text("Hi".into())));
    assert_eq!((choice.finish_reason.as_str(), answer.usage.unwrap().total_tokens), ("length", 4));
    assert_eq!(choice.logprobs.as_ref().unwrap().content.as_ref().unwrap()[0].top_logprobs[0].token, "Ho");
}

#[tokio::test]
async fn only_what_surely_did_nothing_may_go_elsewhere() {
    let error = r#"{"error":{"message":"full","type":"x","param":null,"code":"queue_full"}}"#;
    for (status, elsewhere) in
        [("429 Too Many", true), ("503 Not Now", true), ("500 Oh", false), ("502 Bad", false), ("400 No", false)]
    {
        let failure = failure(&Upstream::answers(status, "", error).await).await;
        assert_eq!(failure.elsewhere, elsewhere, "{status}");
    }
    // A connection that is closed before an answer may have done the work.
    assert!(!failure(&Upstream::start(vec![Do::Close]).await).await.elsewhere);
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let failure = OpenAi::new().unwrap().chat(&call(&closed)).await.unwrap_err();
    assert!(failure.elsewhere && failure.away);
}

#[tokio::test]
async fn what_the_caller_can_mend_is_told_as_it_is() {
    let body = r#"{"error":{"message":"max_tokens is 9, use at most 4","type":"invalid_request_error","param":"max_tokens","code":"context_length_exceeded"}}"#;
    let error = failure(&Upstream::answers("400 Bad Request", "", body).await).await.error;
    assert_eq!(
        (error.kind(), error.stable_code(), error.field_name()),
        (ErrorKind::Invalid, "context_length_exceeded", Some("maxTokens"))
    );
}

#[tokio::test]
async fn our_key_refused_is_no_fault_of_the_caller() {
    let body =
        r#"{"error":{"message":"a valid key is required","type":"authentication_error","code":"invalid_api_key"}}"#;
    let error = failure(&Upstream::answers("401 Unauthorized", "", body).await).await.error;
    assert_eq!(error.kind(), ErrorKind::Upstream);
    assert!(!error.to_string().contains("key"));
}

#[tokio::test]
async fn when_to_come_again_is_passed_on() {
    let later = (chrono::Utc::now() + chrono::Duration::seconds(20)).to_rfc2822().replace("+0000", "GMT");
    for (headers, least, most) in [
        ("retry-after: 7\r\n".to_owned(), 7000, 7000),
        ("retry-after-ms: 250\r\nretry-after: 9\r\n".to_owned(), 250, 250),
        (format!("retry-after: {later}\r\n"), 15_000, 20_000),
        ("retry-after: 100000\r\n".to_owned(), 60_000, 60_000),
        ("retry-after: soon\r\n".to_owned(), 1000, 1000),
    ] {
        let error = failure(&Upstream::answers("429 Too Many", &headers, "{}").await).await.error;
        let ms = error.retry_after().unwrap();
        assert!((least..=most).contains(&ms), "{headers}: {ms}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let mut other = Upstream::answers("200 OK", "", "{}").await;
    let upstream = Upstream::answers("307 Go", &format!("location: http://{}/\r\n", other.address), "").await;
    assert_eq!(failure(&upstream).await.error.kind(), ErrorKind::Upstream);
    assert!(other.asked.try_recv().is_err());
}
