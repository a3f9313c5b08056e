//! Random bytes and mutated requests at everything that reads a request: never a fault of the server, always a refusal in
//! the words of the door. `LLMOPS_TEST_SEED` is a number that makes other noise.

use std::cell::Cell;

use llmops_core::op::Kind;
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use reqwest::header::HeaderValue;
use serde_json::{Value, json};

use super::schema::Document;
use super::served::{Asked, Served, fault_of_openai};
use super::{Described, document, operations};

/// Requests that each operation gets of its own.
const EACH: u32 = 12;
/// Requests to operations that chance picks, and to the routes of OpenAI.
const DRAWN: u32 = 2000;
const HEADERS: [&str; 7] =
    ["if-match", "idempotency-key", "authorization", "range", "last-event-id", "content-type", "x-request-id"];

/// What reads a part of a request.
#[derive(Debug, Clone, Copy)]
enum Reader {
    /// A body that is a request with something else in one place.
    Fields,
    /// A body that is a request with some bytes changed.
    Json,
    Query,
    Path,
    Cursor,
    Form,
    Header(&'static str),
    Chat,
    ChatJson,
}

/// What reads requests to whatever operation; fields are an operation's own.
fn readers() -> impl Strategy<Value = Reader> {
    prop_oneof![
        3 => Just(Reader::Json),
        1 => Just(Reader::Query),
        1 => Just(Reader::Path),
        1 => Just(Reader::Cursor),
        2 => Just(Reader::Form),
        2 => proptest::sample::select(&HEADERS[..]).prop_map(Reader::Header),
        2 => Just(Reader::Chat),
        2 => Just(Reader::ChatJson),
    ]
}

/// What comes in.
#[derive(Debug, Clone)]
struct Noise {
    reader: Reader,
    place: Index,
    bytes: Vec<u8>,
    value: Value,
}

fn noise(readers: impl Strategy<Value = Reader>) -> impl Strategy<Value = Noise> {
    (readers, any::<Index>(), vec(any::<u8>(), 0..200), values()).prop_map(|(reader, place, bytes, value)| Noise {
        reader,
        place,
        bytes,
        value,
    })
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        "[a-zA-Z0-9._/-]{0,40}".prop_map(Value::from),
        any::<u128>().prop_map(|id| uuid::Uuid::from_u128(id).to_string().into()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            hash_map("[a-zA-Z_]{0,12}", inner, 0..6).prop_map(|fields| fields.into_iter().collect::<Value>()),
        ]
    })
}

/// A text with some of its bytes changed, removed or doubled, as `by` says.
fn mutated(text: &[u8], by: &[u8]) -> Vec<u8> {
    let mut out = text.to_vec();
    for three in by.chunks_exact(3).take(6) {
        if out.is_empty() {
            break;
        }
        let at = usize::from(three[0]) * 251 % out.len();
        match three[1] % 5 {
            0 => out[at] = three[2],
            1 => out.insert(at, three[2]),
            2 => drop(out.remove(at)),
            3 => out.truncate(at),
            _ => out.extend_from_within(at..),
        }
    }
    out
}

impl Noise {
    /// The request this makes of an operation; `None` where the operation has nothing of the kind.
    fn asked(&self, document: &Document, op: &Described) -> Option<Asked> {
        let mut asked = op.sample(document);
        match self.reader {
            Reader::Fields => {
                let schema = op.body.as_ref()?;
                let places = document.places(schema, Vec::new(), true);
                let mut body = op.json(document)?;
                match &places[1..] {
                    // A request without fields is noise as a whole.
                    [] => body = self.value.clone(),
                    fields => {
                        let place = &fields[self.place.index(fields.len())];
                        document.put(&mut body, schema, &place.steps, Some(self.value.clone()));
                    }
                }
                asked.body = serde_json::to_vec(&body).ok();
            }
            Reader::Json => asked.body = Some(mutated(asked.body.as_ref()?, &self.bytes)),
            Reader::Query => {
                let name =
                    op.parameters.iter().map(|p| p["name"].as_str().unwrap_or_default()).nth(self.place.index(9));
                let text: String = self.bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
                asked.path =
                    format!("{}?{}={text}&{}", asked.path, name.unwrap_or("limit"), &text[..text.len() / 6 * 3]);
                asked.query.clear();
            }
            Reader::Path => {
                let text: String = self.bytes.iter().take(60).map(|byte| format!("%{byte:02x}")).collect();
                let end = asked.path.rfind('/')?;
                asked.path = format!("{}/{text}", &asked.path[..end]);
            }
            Reader::Cursor => {
                asked = Asked { query: vec![("cursor".into(), hex::encode(&self.bytes))], ..asked };
            }
            Reader::Form => {
                let form = b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n{}\r\n--x--\r\n";
                asked.body = Some(mutated(form, &self.bytes));
                asked.headers.insert("content-type", HeaderValue::from_static("multipart/form-data; boundary=x"));
            }
            Reader::Header(name) => {
                let printable: Vec<u8> = self.bytes.iter().map(|byte| if *byte < 32 { b' ' } else { *byte }).collect();
                let value = HeaderValue::from_bytes(&printable).ok()?;
                asked.headers.insert(name, value);
            }
            Reader::Chat | Reader::ChatJson => {
                asked = Asked { verb: "POST".into(), path: "/v1/chat/completions".into(), query: Vec::new(), ..asked };
                asked.headers.clear();
                asked.body = Some(self.chat());
            }
        }
        Some(asked)
    }

    fn chat(&self) -> Vec<u8> {
        let names = [
            "model",
            "messages",
            "temperature",
            "top_p",
            "max_tokens",
            "stop",
            "n",
            "stream",
            "stream_options",
            "tools",
            "logit_bias",
            "seed",
            "response_format",
            "user",
        ];
        let mut body = json!({ "model": "tiny", "messages": [{ "role": "user", "content": "Hello" }] });
        if matches!(self.reader, Reader::ChatJson) {
            return mutated(body.to_string().as_bytes(), &self.bytes);
        }
        if self.bytes.len().is_multiple_of(2) {
            body[names[self.place.index(names.len())]] = self.value.clone();
        } else {
            let members = ["role", "content", "name", "tool_calls", "tool_call_id", "other"];
            body["messages"][0][members[self.place.index(members.len())]] = self.value.clone();
        }
        body.to_string().into_bytes()
    }
}

/// What reads the requests of this operation: its fields, or what it has instead of them.
fn own_readers(op: &Described) -> &'static [Reader] {
    match op.kind {
        _ if op.body.is_some() => &[Reader::Fields],
        Kind::Upload => &[Reader::Query, Reader::Path, Reader::Form],
        _ => &[Reader::Query, Reader::Path],
    }
}

/// A server, and what makes the noise that it gets.
struct Listener {
    seed: u64,
    runtime: tokio::runtime::Runtime,
    served: Served,
    document: Document,
}

impl Listener {
    /// Noise that is the same in every run, whatever other names there are.
    fn runner(&self, name: &str, cases: u32) -> TestRunner {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.seed.to_le_bytes());
        name.bytes().enumerate().for_each(|(at, byte)| bytes[8 + at % 24] ^= byte);
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    /// Sends one request, and says whether there was one to send.
    fn send(&self, op: &Described, noise: &Noise) -> Result<bool, TestCaseError> {
        let Some(asked) = noise.asked(&self.document, op) else { return Ok(false) };
        let (status, body) = self.runtime.block_on(self.served.send(&asked));
        let said = if asked.path.starts_with("/v1/") {
            fault_of_openai(status, &body)
        } else {
            Served::fault_of_ours(status, &body)
        };
        said.map_or(Ok(true), |said| {
            Err(TestCaseError::fail(format!("{} {} {}: {said}", op.name, asked.verb, asked.path)))
        })
    }

    /// What went wrong with the noise of each operation, and with that of chance.
    fn wrong(&self, all: &[Described]) -> Option<String> {
        for op in all {
            let sent = Cell::new(0);
            let readers = proptest::sample::select(own_readers(op));
            let outcome = self.runner(&op.name, EACH).run(&noise(readers), |noise| {
                sent.set(sent.get() + u32::from(self.send(op, &noise)?));
                Ok(())
            });
            if let Err(error) = outcome {
                return Some(error.to_string());
            }
            assert_eq!(sent.get(), EACH, "{} has noise of its own", op.name);
        }
        let drawn = (any::<Index>(), noise(readers()));
        let outcome = self
            .runner("", DRAWN)
            .run(&drawn, |(operation, noise)| self.send(&all[operation.index(all.len())], &noise).map(drop));
        outcome.err().map(|error| error.to_string())
    }
}

#[test]
fn noise_is_refused_in_words() {
    let seed: u64 = std::env::var("LLMOPS_TEST_SEED").ok().map_or(1, |text| text.parse().expect("a number"));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let served = runtime.block_on(Served::open());
    let listener = Listener { seed, runtime, served, document: document() };
    let wrong = listener.wrong(&operations(&listener.document));
    listener.runtime.block_on(listener.served.close());
    assert!(wrong.is_none(), "with the seed {seed}: {}", wrong.unwrap_or_default());
}
