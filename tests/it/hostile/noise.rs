//! Random bytes and mutated requests at everything that reads a request: never a fault of the server, always a refusal in
//! the words of the door. `LLMOPS_TEST_SEED` is a number that makes other noise.

use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use reqwest::header::HeaderValue;
use serde_json::{Value, json};

use super::schema::Document;
use super::served::{Asked, Served, fault_of_openai};
use super::{Described, document, operations};

const CASES: u32 = 3000;
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

fn readers() -> impl Strategy<Value = Reader> {
    prop_oneof![
        4 => Just(Reader::Fields),
        3 => Just(Reader::Json),
        2 => Just(Reader::Query),
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
    operation: Index,
    place: Index,
    bytes: Vec<u8>,
    value: Value,
}

fn noise() -> impl Strategy<Value = Noise> {
    (readers(), any::<Index>(), any::<Index>(), vec(any::<u8>(), 0..200), values())
        .prop_map(|(reader, operation, place, bytes, value)| Noise { reader, operation, place, bytes, value })
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
    fn asked(&self, document: &Document, all: &[Described]) -> Option<Asked> {
        let op = &all[self.operation.index(all.len())];
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

#[test]
fn noise_is_refused_in_words() {
    let seed: u64 = std::env::var("LLMOPS_TEST_SEED").ok().map_or(1, |text| text.parse().expect("a number"));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: CASES, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let served = runtime.block_on(Served::open());
    let document = document();
    let all = operations(&document);
    let outcome = runner.run(&noise(), |noise| {
        let Some(asked) = noise.asked(&document, &all) else { return Ok(()) };
        let (status, body) = runtime.block_on(served.send(&asked));
        let said = if asked.path.starts_with("/v1/") {
            fault_of_openai(status, &body)
        } else {
            Served::fault_of_ours(status, &body)
        };
        let operation = all[noise.operation.index(all.len())].name.as_str();
        said.map_or(Ok(()), |said| {
            Err(TestCaseError::fail(format!("{operation} {} {}: {said}", asked.verb, asked.path)))
        })
    });
    runtime.block_on(served.close());
    outcome.unwrap_or_else(|error| panic!("with the seed {seed}: {error}"));
}
