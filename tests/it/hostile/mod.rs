//! Bad input: for every operation and every field of its request, values that must not be there. Each is refused with the
//! field, the rule and the remedy, and nothing is written.

mod cases;
mod noise;
pub(crate) mod schema;
mod served;
mod things;

use futures::StreamExt;
use llmops_core::op::{Kind, OperationTable, openapi};
use llmops_core::platform::domains;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use cases::Hostile;
use schema::{Document, Place, Step};
use served::{Asked, Refusal, Served, in_path};

/// One operation as the document has it.
struct Described {
    name: String,
    verb: String,
    path: String,
    kind: Kind,
    /// Fields in the path and in the query, with their schemas.
    parameters: Vec<Value>,
    /// The body, where there is one of JSON.
    body: Option<Value>,
}

fn document() -> Document {
    Document(openapi(&OperationTable::new(&domains())))
}

fn operations(document: &Document) -> Vec<Described> {
    let table = OperationTable::new(&domains());
    let mut found = Vec::new();
    for (path, verbs) in document.0["paths"].as_object().expect("paths") {
        for (verb, described) in verbs.as_object().expect("verbs") {
            let name = described["operationId"].as_str().expect("a name").to_owned();
            let body = &described["requestBody"]["content"]["application/json"]["schema"];
            found.push(Described {
                kind: table.find(&name).expect("an operation of the table").0.kind(),
                name,
                verb: verb.to_ascii_uppercase(),
                path: path.clone(),
                parameters: described["parameters"].as_array().expect("parameters").clone(),
                body: body.is_object().then(|| body.clone()),
            });
        }
    }
    assert_eq!(found.len(), table.iter().count(), "the document has every operation");
    found
}

impl Described {
    /// What is said to a model may hold anything; everything else is plain text.
    fn takes_any_text(&self) -> bool {
        self.name.starts_with("gateway.")
    }

    fn is_in_path(&self, field: &str) -> bool {
        self.parameters.iter().any(|p| p["in"] == "path" && p["name"] == field)
    }

    /// A request that breaks no rule of the schema.
    fn sample(&self, document: &Document) -> Asked {
        let mut asked = Asked {
            verb: self.verb.clone(),
            path: self.path.clone(),
            query: Vec::new(),
            body: None,
            headers: HeaderMap::new(),
        };
        for parameter in &self.parameters {
            let (name, value) = (parameter["name"].as_str().expect("a name"), document.sample(&parameter["schema"]));
            let text = text_of(&value);
            if parameter["in"] == "path" {
                asked.path = asked.path.replace(&format!("{{{name}}}"), &in_path(&text));
            } else if parameter["required"] == true {
                asked.query.push((name.to_owned(), text));
            }
        }
        asked.body = self.json(document).map(|body| serde_json::to_vec(&body).expect("JSON"));
        if self.kind == Kind::Upload {
            asked.query.push(("path".into(), "a.txt".into()));
            asked.body = Some(b"a".to_vec());
            asked.headers.insert("content-type", "application/octet-stream".parse().expect("a header"));
        }
        asked
    }

    /// The body of such a request, without what the path says.
    fn json(&self, document: &Document) -> Option<Value> {
        let mut body = document.sample(self.body.as_ref()?);
        let fields = body.as_object_mut().expect("a request is an object");
        fields.retain(|field, _| !self.is_in_path(field));
        Some(body)
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// A request that must be refused.
struct Trial {
    what: String,
    asked: Asked,
    statuses: Vec<u16>,
    code: Option<&'static str>,
    field: Option<String>,
}

/// Every hostile request to an operation.
fn trials(document: &Document, op: &Described) -> Vec<Trial> {
    let mut found = whole(document, op);
    for parameter in &op.parameters {
        let name = parameter["name"].as_str().expect("a name");
        let steps = vec![Step::Field(name.to_owned())];
        let places = document.places(&parameter["schema"], steps, parameter["required"] == true);
        for bad in cases::of(&places[0], |schema| document.sample(schema)) {
            found.extend(in_address(document, op, name, &places[0], bad));
        }
    }
    let Some(schema) = &op.body else { return found };
    for place in document.places(schema, Vec::new(), true) {
        if place.steps.first().is_some_and(|step| matches!(step, Step::Field(name) if op.is_in_path(name))) {
            continue;
        }
        for bad in cases::of(&place, |schema| document.sample(schema)) {
            if place.steps.is_empty() && bad.below.is_empty() {
                continue; // a body that is no object has its own refusal, below
            }
            if op.takes_any_text() && bad.what.contains("control character") {
                continue;
            }
            found.push(in_body(document, op, schema, &place, bad));
        }
    }
    found
}

/// A field of the body.
fn in_body(document: &Document, op: &Described, schema: &Value, place: &Place, bad: Hostile) -> Trial {
    let mut asked = op.sample(document);
    let mut body = op.json(document).expect("there is a body");
    let mut field = place.name();
    if bad.below.is_empty() {
        document.put(&mut body, schema, &place.steps, bad.value);
    } else {
        let object = place.of_type("object").expect("it has fields");
        let mut value = document.sample(object);
        if place.steps.is_empty() {
            value = body.clone();
        }
        value.as_object_mut().expect("an object").insert(bad.below.into(), json!(1));
        field = if field.is_empty() { bad.below.into() } else { format!("{field}.{}", bad.below) };
        if place.steps.is_empty() {
            body = value;
        } else {
            document.put(&mut body, schema, &place.steps, Some(value));
        }
    }
    asked.body = Some(serde_json::to_vec(&body).expect("JSON"));
    let most = if op.takes_any_text() { 8 << 20 } else { 1 << 20 };
    let statuses = if asked.body.as_ref().is_some_and(|body| body.len() > most) { vec![413] } else { vec![422] };
    let field = (statuses == [422]).then_some(field);
    Trial { what: format!("{} in the body: {}", place.name(), bad.what), asked, statuses, code: bad.code, field }
}

/// A field of the path or the query, where everything is text.
fn in_address(document: &Document, op: &Described, name: &str, place: &Place, bad: Hostile) -> Option<Trial> {
    let value = bad.value?;
    let is_text = place.of_type("string").is_some() && place.words().is_empty();
    // As text a number is a text, and nothing is no text.
    let means_nothing = value.is_null()
        || value.is_object()
        || value == json!([])
        || place.of_type("array").is_some() && !value.is_array()
        || is_text && !value.is_string()
        || op.takes_any_text() && bad.what.contains("control character");
    if means_nothing || is_text && value == json!("no such thing") {
        return None;
    }
    let number = place.of_type("integer").is_some() || place.of_type("number").is_some();
    let boolean = place.of_type("boolean").is_some();
    if boolean && !value.is_string() || number && value.is_array() {
        return None;
    }
    let mut asked = op.sample(document);
    let mut text = text_of(&value);
    // Beyond what an address may hold it is all the same, and a client refuses to send still more.
    text.truncate(text.char_indices().nth(9000).map_or(text.len(), |(end, _)| end));
    if op.is_in_path(name) {
        if text.is_empty() {
            return None; // another path
        }
        let mut template = op.path.clone();
        for parameter in &op.parameters {
            let other = parameter["name"].as_str().expect("a name");
            let filled = if other == name { text.clone() } else { text_of(&document.sample(&parameter["schema"])) };
            template = template.replace(&format!("{{{other}}}"), &in_path(&filled));
        }
        asked.path = template;
    } else {
        asked.query.retain(|(given, _)| given != name);
        asked.query.push((name.to_owned(), text.clone()));
    }
    let long = in_path(&text).len() > 6000;
    let statuses = if long { vec![414, 422] } else { vec![422] };
    let named = if text.contains(',') && place.of_type("array").is_some() { None } else { Some(name.to_owned()) };
    let field = named.filter(|_| !long);
    Some(Trial { what: format!("{name} in the address: {}", bad.what), asked, statuses, code: bad.code, field })
}

/// What is wrong with a request as a whole.
fn whole(document: &Document, op: &Described) -> Vec<Trial> {
    let sample = op.sample(document);
    let trial = |what: &str, asked: Asked, status: u16, code: Option<&'static str>, field: Option<&str>| Trial {
        what: what.into(),
        asked,
        statuses: vec![status],
        code,
        field: field.map(str::to_owned),
    };
    let with = |name: &'static str, value: &str| {
        let mut asked = sample.clone();
        asked.headers.insert(name, value.parse().expect("a header"));
        asked
    };
    let mut found = vec![
        trial("a key that is none", with("authorization", "Bearer llo_x"), 401, Some("unauthenticated"), None),
        trial("another scheme", with("authorization", "Basic YTpi"), 401, Some("unauthenticated"), None),
        trial(
            "a long key of a call",
            with("idempotency-key", &"k".repeat(256)),
            400,
            Some("invalid_header"),
            Some("idempotency-key"),
        ),
        trial("a long tag", with("if-match", &"k".repeat(256)), 400, Some("invalid_header"), Some("if-match")),
    ];
    let mut unknown = sample.clone();
    unknown.query.push(("noSuchField".into(), "1".into()));
    found.push(trial("an unknown field in the query", unknown, 422, Some("unknown_field"), Some("noSuchField")));
    let Some(body) = op.json(document) else { return found };
    let full = serde_json::to_string(&body).expect("JSON");
    let sent = |bytes: Vec<u8>| Asked { body: Some(bytes), ..sample.clone() };
    for (what, text) in [
        ("truncated JSON", full[..full.len() - 1].to_owned()),
        ("something after the end", format!("{full} x")),
        ("JSON too deep", format!("{{\"a\":{}{}}}", "[".repeat(100), "]".repeat(100))),
        ("a key given twice", "{\"a\":1,\"a\":2}".to_owned()),
        ("a number out of range", "{\"a\":1e999}".to_owned()),
        ("a number that is none", "{\"a\":NaN}".to_owned()),
        ("half a surrogate", "{\"a\":\"\\ud800\"}".to_owned()),
    ] {
        found.push(trial(what, sent(text.into_bytes()), 400, Some("invalid_json"), None));
    }
    found.push(trial("no UTF-8", sent(b"{\"a\":\"\xff\"}".to_vec()), 400, Some("invalid_json"), None));
    for text in ["[]", "7", "\"x\"", "null", "true"] {
        found.push(trial(&format!("{text} for an object"), sent(text.into()), 422, None, Some("body")));
    }
    let most = if op.takes_any_text() { 8 << 20 } else { 1 << 20 };
    let large = format!("{{\"a\":\"{}\"}}", "a".repeat(most)).into_bytes();
    found.push(trial("a body too large", sent(large), 413, Some("body_too_large"), None));
    for (header, value) in [("content-type", "text/plain"), ("content-encoding", "gzip")] {
        found.push(trial(value, with(header, value), 415, Some("unsupported_media_type"), None));
    }
    found
}

#[test]
fn every_field_states_its_limit() {
    let document = document();
    let mut wrong = Vec::new();
    for op in operations(&document) {
        let whole = op.body.iter().flat_map(|schema| document.places(schema, Vec::new(), true));
        let places = op.parameters.iter().flat_map(|parameter| {
            let steps = vec![Step::Field(parameter["name"].as_str().expect("a name").to_owned())];
            document.places(&parameter["schema"], steps, false)
        });
        wrong.extend(
            whole.chain(places).filter_map(|place| cases::unstated(&place)).map(|said| format!("{}: {said}", op.name)),
        );
    }
    assert!(wrong.is_empty(), "{} fields without a limit:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_every_operation_refuses_what_must_not_be_there() {
    let (document, served) = (document(), Served::open().await);
    let before = served.written();
    let mut wrong = Vec::new();
    let mut tried = 0;
    for op in operations(&document) {
        let trials = trials(&document, &op);
        tried += trials.len();
        let judged = futures::stream::iter(&trials).map(|trial| async {
            let wanted = Refusal { statuses: &trial.statuses, code: trial.code, field: trial.field.as_deref() };
            served.fault(&trial.asked, &wanted).await.map(|said| format!("{}: {}: {said}", op.name, trial.what))
        });
        wrong.extend(judged.buffered(4).filter_map(|said| async { said }).collect::<Vec<_>>().await);
    }
    assert_eq!(served.written(), before, "something was written");
    served.close().await;
    assert!(wrong.is_empty(), "{} of {tried} were not refused as they must be:\n{}", wrong.len(), wrong.join("\n"));
}
