//! The reference for people, one page a room, and the OpenAPI document.

use std::collections::BTreeSet;
use std::fmt::Write;

use llmops_core::base::ErrorKind;
use llmops_core::op::{OperationTable, openapi};
use llmops_core::platform::domains;
use serde_json::Value;

use super::api::{Api, Body, Field, Op, Room, Type};
use super::codes::{Code, codes};
use super::python::{attribute, exception};
use super::python_rooms::{arguments, in_path};
use super::shape::Shape;
use super::{Generated, camel, pascal};

const HEAD: &str = "<!-- @generated from the declarations of the operations, by \
                    UPDATE_GENERATED=1 cargo test -p llmops-tests --test it generated -->\n\n";

/// The pages and the document.
pub fn files(api: &Api) -> Vec<Generated> {
    let document = sorted(&openapi(&OperationTable::new(&domains())));
    let document = serde_json::to_string_pretty(&document).expect("a document can be written") + "\n";
    let mut files = vec![
        Generated::new("docs/openapi.json", document),
        Generated::new("docs/reference/README.md", index(api)),
        Generated::new("docs/reference/errors.md", errors()),
    ];
    files.extend(
        api.rooms.iter().map(|room| Generated::new(format!("docs/reference/{}.md", room.name), page(api, room))),
    );
    files
}

/// The same with the keys of every object in order, whatever the features of the build.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(&String, &Value)> = map.iter().collect();
            pairs.sort_by_key(|(key, _)| *key);
            pairs.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        plain => plain.clone(),
    }
}

fn index(api: &Api) -> String {
    let mut out = format!("{HEAD}# Reference\n\n");
    out.push_str(
        "Every operation has one name in all doors: `catalog.create_model` is `ops.catalog().create_model(..)` in Rust, \
         `ops.catalog.create_model(..)` in Python, `ops.catalog.createModel(..)` in Node.js, and a verb and a path below \
         `/llm-ops/v1` over HTTP. Requests and answers have the same fields everywhere: camelCase in JSON and JavaScript, \
         snake_case in Rust and Python. [The OpenAPI document](../openapi.json) says the same for programs, and \
         [errors](errors.md) what can go wrong. Over HTTP a read of one thing whose changes can be followed takes `?wait=30s` (at most \
         60): it is answered when something changes, or after so long.\n\n",
    );
    let _ = write!(out, "There are {} operations in {} rooms.\n\n", api.operations().count(), api.rooms.len());
    for room in &api.rooms {
        let _ = write!(
            out,
            "## [{}]({}.md)\n\n{}\n\n| operation | what it does |\n| --- | --- |\n",
            room.name, room.name, room.docs
        );
        for op in &room.operations {
            let _ = writeln!(
                out,
                "| [`{}`]({}.md#{}) | {} |",
                op.method,
                room.name,
                op.method,
                cell(first_sentence(&op.docs))
            );
        }
        out.push('\n');
    }
    out
}

fn errors() -> String {
    let mut out = format!("{HEAD}# Errors\n\n");
    out.push_str(
        "An error has a `kind` to branch on, a finer `code`, a `message` and often a `hint` for people, the `field` that \
         broke a rule, and the `requestId` under which the log has more. Rust calls it `ErrorKind`, Python has a class for \
         each kind (all of them `LlmOpsError`), JavaScript throws `LlmOpsError` with `kind`.\n\n\
         | kind | HTTP | Python | again? | meaning |\n| --- | --- | --- | --- | --- |\n",
    );
    for kind in ErrorKind::ALL {
        let again = if kind.retryable() { "yes" } else { "" };
        let _ = writeln!(
            out,
            "| `{}` | {} | `{}` | {again} | {} |",
            kind.name(),
            kind.status(),
            exception(*kind),
            cell(kind.docs())
        );
    }
    out.push_str(
        "\n## Codes\n\nA code says more exactly what it was, and stays what it is from version to version. An error without one of these \
         has its kind for a code. Dots stand for what differs from call to call.\n\n\
         | code | kind | says, for example |\n| --- | --- | --- |\n",
    );
    for (code, Code { kind, says }) in codes() {
        let _ = writeln!(out, "| `{code}` | `{kind}` | {} |", cell(&says));
    }
    out
}

fn page(api: &Api, room: &Room) -> String {
    let mut out = format!("{HEAD}# {}\n\n{}\n\n", pascal(&room.name), room.docs);
    for op in &room.operations {
        let _ = writeln!(out, "- [`{}`](#{}): {}", op.method, op.method, first_sentence(&op.docs));
    }
    for op in &room.operations {
        out.push_str(&operation(api, op));
    }
    out.push_str("\n## Types\n");
    for (name, one) in types(api, room) {
        out.push_str(&one_type(name, one));
    }
    out
}

fn operation(api: &Api, op: &Op) -> String {
    let mut out = format!("\n## {}\n\n{}\n\n", op.method, op.docs);
    let _ = write!(out, "`{} /llm-ops/v1{}`", op.verb, op.path.replace("{*", "{"));
    match &op.permission {
        Some(permission) => {
            let _ = writeln!(out, ", permission `{permission}`\n");
        }
        None => out.push_str(", open to anybody\n\n"),
    }
    if !op.fields.is_empty() {
        out.push_str("| field | type | |\n| --- | --- | --- |\n");
        for field in arguments(op) {
            out.push_str(&row(field));
        }
        out.push('\n');
    }
    let answer = shown(&op.answer);
    let _ = match (op.kind.as_str(), op.item(api)) {
        (_, Some(item)) => writeln!(out, "Answers with a page of {}.\n", shown(item)),
        ("stream", _) => writeln!(out, "Streams {answer}.\n"),
        ("download", _) => writeln!(out, "Answers with bytes; a `Range` is honoured.\n"),
        ("upload", _) => writeln!(out, "Takes files, as a multipart form or one raw body; answers with {answer}.\n"),
        _ => writeln!(out, "Answers with {answer}.\n"),
    };
    if op.takes_key() {
        out.push_str("Honours `Idempotency-Key`.\n\n");
    }
    out.push_str(&examples(op));
    out
}

fn row(field: &Field) -> String {
    let mut said = field.docs.replace('\n', " ");
    if let Some(default) = field.default.as_ref().filter(|d| !d.is_object() && !d.is_array()) {
        let _ = write!(said, " `{default}` if absent.");
    }
    let name = if field.required { format!("**`{}`**", field.name) } else { format!("`{}`", field.name) };
    format!("| {name} | {} | {} |\n", cell(&shown(field.shape.present())), cell(&said))
}

/// One call in each door, with what is required.
fn examples(op: &Op) -> String {
    let given: Vec<&Field> = arguments(op).into_iter().filter(|f| f.required).collect();
    let each = |write: &dyn Fn(&Field) -> String| given.iter().map(|f| write(f)).collect::<Vec<_>>().join(", ");
    let room = op.name.split('.').next().unwrap_or_default();
    let path = given.iter().filter(|f| in_path(op, f)).fold(op.path.replace("{*", "{"), |path, field| {
        path.replace(&format!("{{{}}}", field.name), &format!("${}", attribute(&field.name).to_uppercase()))
    });
    let in_query = matches!(op.verb.as_str(), "GET" | "DELETE") || op.kind == "upload";
    let rest: Vec<&&Field> = given.iter().filter(|f| !in_path(op, f)).collect();
    let query: Vec<String> = rest.iter().filter(|_| in_query).map(|f| format!("{}=..", f.name)).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let body: Vec<String> =
        rest.iter().filter(|_| !in_query).map(|f| format!("\"{}\": {}", f.name, sample(&f.shape, '"'))).collect();
    let body = match op.kind.as_str() {
        "upload" => " -F file=@FILE".to_owned(),
        _ if in_query => String::new(),
        _ => format!(" --json '{{{}}}'", body.join(", ")),
    };
    let python_files = if op.kind == "upload" { ["files=[\"FILE\"]"].into_iter() } else { [""].into_iter() };
    let python: Vec<String> = given
        .iter()
        .map(|f| format!("{}={}", attribute(&f.name), sample(&f.shape, '"')))
        .chain(python_files.filter(|f| !f.is_empty()).map(str::to_owned))
        .collect();
    let javascript = each(&|f| format!("{}: {}", f.name, sample(&f.shape, '\'')));
    let javascript = if javascript.is_empty() { "{}".to_owned() } else { format!("{{ {javascript} }}") };
    let javascript_files = if op.kind == "upload" { ", ['FILE']" } else { "" };
    let rust_files = if op.kind == "upload" { ", files" } else { "" };
    let awaits = if op.kind == "stream" { "" } else { "await " };
    format!(
        "```sh\ncurl -X {} -H \"Authorization: Bearer $LLMOPS_API_KEY\" \"$LLMOPS_URL/llm-ops/v1{path}{query}\"{body}\n```\n\
         ```rust,ignore\nops.{room}().{}(&ops.ctx(), {} {{ .. }}{rust_files}).await?\n```\n\
         ```python\nops.{room}.{}({})\n```\n\
         ```js\n{awaits}ops.{}.{}({javascript}{javascript_files})\n```\n",
        op.verb,
        op.method,
        op.request,
        op.method,
        python.join(", "),
        camel(room),
        camel(&op.method),
    )
}

fn sample(shape: &Shape, quote: char) -> String {
    match shape {
        Shape::Words(words) => format!("{quote}{}{quote}", words.first().map_or("..", String::as_str)),
        Shape::Whole | Shape::Real | Shape::AnyNumber => "1".into(),
        Shape::Flag => "true".into(),
        Shape::List(_) => "[..]".into(),
        Shape::Map(_) => "{..}".into(),
        _ => format!("{quote}..{quote}"),
    }
}

/// The types of this room's requests and answers that are not another room's.
fn types<'a>(api: &'a Api, room: &Room) -> impl Iterator<Item = (&'a String, &'a Type)> {
    let mut open: Vec<&str> = Vec::new();
    for op in &room.operations {
        open.extend(op.answer.names());
        open.extend(op.fields.iter().flat_map(|f| f.shape.names()));
    }
    let mut found: BTreeSet<String> = BTreeSet::new();
    while let Some(name) = open.pop() {
        let Some((name, one)) = api.types.get_key_value(name).filter(|(name, _)| found.insert((*name).clone())) else {
            continue;
        };
        let _ = name;
        match &one.body {
            Body::Record(fields) => open.extend(fields.iter().flat_map(|f| f.shape.names())),
            Body::Alias(shape) => open.extend(shape.names()),
            Body::Words(_) => {}
        }
    }
    api.seen().filter(move |(name, _)| found.contains(*name))
}

fn one_type(name: &str, one: &Type) -> String {
    let mut out = format!("\n### {name}\n\n{}\n", one.docs);
    match &one.body {
        Body::Record(fields) => {
            out.push_str("\n| field | type | |\n| --- | --- | --- |\n");
            fields.iter().for_each(|field| out.push_str(&row(field)));
        }
        Body::Words(words) => {
            out.push('\n');
            for (word, meaning) in words {
                let _ = writeln!(out, "{}", format!("- `{word}`: {meaning}").trim_end_matches(": "));
            }
        }
        Body::Alias(shape) => {
            let _ = writeln!(out, "\n{}", shown(shape));
        }
    }
    out
}

fn shown(shape: &Shape) -> String {
    match shape {
        Shape::Text => "text".into(),
        Shape::Time => "time".into(),
        Shape::Whole => "whole number".into(),
        Shape::Real => "number".into(),
        Shape::AnyNumber => "number, NaN and infinities too".into(),
        Shape::Flag => "true or false".into(),
        Shape::Bytes => "bytes".into(),
        Shape::Any => "anything".into(),
        Shape::Words(words) => words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", "),
        Shape::List(of) => format!("list of {}", shown(of)),
        Shape::Map(of) => format!("map of {}", shown(of)),
        Shape::Named(name) => format!("[{name}](#{})", name.to_lowercase()),
        Shape::Union(several) => several.iter().map(shown).collect::<Vec<_>>().join(" or "),
        Shape::Optional(of) => shown(of),
    }
}

fn first_sentence(docs: &str) -> &str {
    docs.split_inclusive(". ").next().unwrap_or(docs).trim()
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
