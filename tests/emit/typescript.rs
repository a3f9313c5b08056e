//! Node.js: the types of requests, answers and rooms.

use std::collections::BTreeSet;
use std::fmt::Write;

use llmops_core::base::ErrorKind;

use super::api::{Api, Body, Field, Op};
use super::shape::Shape;
use super::{Generated, camel, pascal, wrapped};

/// The declarations.
pub fn file(api: &Api) -> Generated {
    let mut out = String::from(
        "// @generated from the declarations of the operations, by\n\
         // UPDATE_GENERATED=1 cargo test -p llmops-tests --test it generated\n\n\
         import type { CallOptions, ChangeOptions, CreateOptions, Download, Files, Page, Stream } from './index'\n",
    );
    let kinds: Vec<String> = ErrorKind::ALL.iter().map(|kind| format!("'{}'", kind.name())).collect();
    let _ = write!(out, "\n/** The class of a failure. */\nexport type ErrorKind =\n  | {}\n", kinds.join("\n  | "));
    for (name, one) in api.seen() {
        match &one.body {
            Body::Words(words) => {
                let mut docs = one.docs.clone() + "\n";
                for (word, meaning) in words.iter().filter(|(_, meaning)| !meaning.is_empty()) {
                    let _ = write!(docs, "\n- `{word}`: {meaning}");
                }
                let all: Vec<String> = words.iter().map(|(word, _)| format!("'{word}'")).collect();
                let _ = write!(out, "\n{}export type {name} = {}\n", comment(&docs, ""), all.join(" | "));
            }
            Body::Alias(shape) => {
                let _ = write!(out, "\n{}export type {name} = {}\n", comment(&one.docs, ""), written(shape));
            }
            Body::Record(fields) => out.push_str(&interface(name, &one.docs, fields)),
        }
    }
    let known: BTreeSet<&str> = api.seen().map(|(name, _)| name.as_str()).collect();
    let requests: BTreeSet<&str> = api.operations().map(|op| op.request.as_str()).collect();
    for name in requests.difference(&known) {
        let docs = api.types.get(*name).map(|t| t.docs.as_str()).unwrap_or_default();
        out.push_str(&interface(name, docs, api.record(name).unwrap_or_default()));
    }
    rooms(api, &mut out);
    Generated::new("llmops-node/generated.d.ts", out)
}

fn rooms(api: &Api, out: &mut String) {
    for room in &api.rooms {
        let _ = write!(out, "\n{}export interface {} {{\n", comment(&room.docs, ""), pascal(&room.name));
        for op in &room.operations {
            out.push_str(&method(api, op));
        }
        out.push_str("}\n");
    }
    out.push_str("\n/** Every room. */\nexport interface Rooms {\n");
    for room in &api.rooms {
        let _ = writeln!(out, "{}  readonly {}: {}", comment(&room.docs, "  "), camel(&room.name), pascal(&room.name));
    }
    out.push_str("}\n");
}

fn method(api: &Api, op: &Op) -> String {
    let optional = if op.fields.iter().any(|f| f.required) || op.kind == "upload" { "" } else { "?" };
    let files = if op.kind == "upload" { "files: Files, " } else { "" };
    let options = match (op.takes_key(), op.takes_tag()) {
        (true, _) => "CreateOptions",
        (_, true) => "ChangeOptions",
        _ => "CallOptions",
    };
    let answer = match (op.item(api), op.kind.as_str()) {
        (Some(item), _) => format!("Promise<Page<{}>>", written(item)),
        (_, "stream") => format!("Stream<{}>", written(&op.answer)),
        (_, "download") => "Promise<Download>".to_owned(),
        _ => format!("Promise<{}>", written(&op.answer)),
    };
    let mut docs = format!("{}\n\n`{} /llm-ops/v1{}`", op.docs, op.verb, op.path.replace("{*", "{"));
    if let Some(permission) = &op.permission {
        let _ = write!(docs, "; needs `{permission}`");
    }
    format!(
        "{}  {}(request{optional}: {}, {files}options?: {options}): {answer}\n",
        comment(&docs, "  "),
        camel(&op.method),
        op.request
    )
}

fn interface(name: &str, docs: &str, fields: &[Field]) -> String {
    let mut out = format!("\n{}export interface {name} {{\n", comment(docs, ""));
    for field in fields {
        let mut docs = field.docs.clone();
        if let Some(default) = field.default.as_ref().filter(|d| !d.is_object() && !d.is_array()) {
            let _ = write!(docs, "\n@default {default}");
        }
        let optional = if field.required { "" } else { "?" };
        let shape = if field.required || field.emptied_by_null { &field.shape } else { field.shape.present() };
        let _ = writeln!(out, "{}  {}{optional}: {}", comment(&docs, "  "), field.name, written(shape));
    }
    out.push_str("}\n");
    out
}

fn written(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Time => "string".into(),
        Shape::Whole | Shape::Real => "number".into(),
        Shape::AnyNumber => "number | 'NaN' | 'Infinity' | '-Infinity'".into(),
        Shape::Flag => "boolean".into(),
        Shape::Bytes => "Uint8Array".into(),
        Shape::Any => "unknown".into(),
        Shape::Words(words) => words.iter().map(|w| format!("'{w}'")).collect::<Vec<_>>().join(" | "),
        Shape::List(of) => match written(of) {
            inner if inner.contains(' ') && !inner.starts_with("Record<") => format!("Array<{inner}>"),
            inner => format!("{inner}[]"),
        },
        Shape::Map(of) => format!("Record<string, {}>", written(of)),
        Shape::Named(name) => name.clone(),
        Shape::Union(several) => several.iter().map(written).collect::<Vec<_>>().join(" | "),
        Shape::Optional(of) => format!("{} | null", written(of)),
    }
}

fn comment(docs: &str, indent: &str) -> String {
    let docs = docs.trim().replace("*/", "* /");
    match docs.contains('\n') || docs.len() + indent.len() > 110 {
        _ if docs.is_empty() => String::new(),
        false => format!("{indent}/** {docs} */\n"),
        true => format!("{indent}/**\n{}{indent} */\n", wrapped(&docs, &format!("{indent} * "), 118)),
    }
}
