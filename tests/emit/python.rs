//! Python: the types of answers and the exceptions.

use std::fmt::Write;

use llmops_core::base::ErrorKind;
use serde_json::Value;

use super::api::{Api, Body, Field, Type};
use super::shape::Shape;
use super::{Generated, camel, pascal, snake, wrapped};

/// The folder of all of them.
pub const FOLDER: &str = "llmops-py/python/llmops/_generated";

/// The first lines of a generated Python file.
pub fn head(docs: &str) -> String {
    format!(
        "# @generated from the declarations of the operations, by\n\
         # UPDATE_GENERATED=1 cargo test -p llmops-tests --test it generated\n\"\"\"{docs}\"\"\"\n\n\
         from __future__ import annotations\n\n"
    )
}

/// The files that do not depend on how a call is made.
pub fn files(api: &Api) -> Vec<Generated> {
    let in_folder = |name: &str, text: String| Generated::new(format!("{FOLDER}/{name}"), text);
    let init = head("What the operations' declarations say, for Python.")
        .replace("from __future__ import annotations\n\n", "");
    vec![
        in_folder("__init__.py", init.trim_end().to_owned() + "\n"),
        in_folder("types.py", types(api)),
        in_folder("errors.py", errors()),
    ]
}

fn types(api: &Api) -> String {
    let mut out = head("What answers hold, and the parts of requests.");
    out.push_str(
        "from dataclasses import dataclass\nfrom dataclasses import field as made\nfrom datetime import datetime\n\
         from typing import Any, ClassVar, Dict, Literal, Union\n\nfrom .._record import Record\n\n__all__ = [\n",
    );
    for (name, _) in api.seen() {
        let _ = writeln!(out, "    \"{name}\",");
    }
    out.push_str("]\n");
    let words = api.seen().filter(|(_, t)| matches!(t.body, Body::Words(_)));
    let records = api.seen().filter(|(_, t)| matches!(t.body, Body::Record(_)));
    let aliases = api.seen().filter(|(_, t)| matches!(t.body, Body::Alias(_)));
    for (name, one) in words.chain(aliases).chain(records) {
        out.push_str(&one_type(api, name, one));
    }
    out
}

fn one_type(api: &Api, name: &str, one: &Type) -> String {
    match &one.body {
        Body::Words(words) => {
            let all: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            let mut docs = format!("{}\n", one.docs);
            for (word, meaning) in words.iter().filter(|(_, meaning)| !meaning.is_empty()) {
                let _ = write!(docs, "\n- `{word}`: {meaning}");
            }
            format!("\n{name} = Literal[{}]\n{}", all.join(", "), docstring(docs.trim_end(), ""))
        }
        Body::Alias(shape) => {
            format!("\n{name} = {}\n{}", at_runtime(shape), docstring(&one.docs, ""))
        }
        Body::Record(fields) => record(api, name, &one.docs, fields),
    }
}

fn record(api: &Api, name: &str, docs: &str, fields: &[Field]) -> String {
    let mut out = format!("\n\n@dataclass(frozen=True)\nclass {name}(Record):\n{}\n", docstring(docs, "    "));
    let read: Vec<String> = fields
        .iter()
        .filter_map(|f| reader(api, &f.shape).map(|reader| format!("\"{}\": \"{reader}\"", attribute(&f.name))))
        .collect();
    let _ = writeln!(out, "    _shapes: ClassVar[Dict[str, str]] = {{{}}}\n", read.join(", "));
    let (sure, unsure): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|f| f.required);
    for field in sure.into_iter().chain(unsure) {
        let annotation = annotation(field.shape.present());
        let optional = field.may_lack() || matches!(field.shape, Shape::Optional(_));
        let annotation = if optional { format!("{annotation} | None") } else { annotation };
        let default = match &field.default {
            _ if field.required => String::new(),
            None => " = None".to_owned(),
            Some(value) => format!(" = {}", default(api, field, value)),
        };
        let _ = writeln!(out, "    {}: {annotation}{default}", attribute(&field.name));
        out.push_str(&docstring(&field.docs, "    "));
    }
    out
}

fn default(api: &Api, field: &Field, value: &Value) -> String {
    match (value, field.shape.present()) {
        (Value::Object(given), Shape::Named(name)) if api.record(name).is_some() => {
            let given: Vec<String> =
                given.iter().map(|(key, value)| format!("\"{key}\": {}", literal(value))).collect();
            format!("made(default_factory=lambda: {name}.from_dict({{{}}}))", given.join(", "))
        }
        (Value::Object(_), _) => "made(default_factory=dict)".to_owned(),
        (Value::Array(_), _) => "made(default_factory=list)".to_owned(),
        (plain, _) => literal(plain),
    }
}

/// JSON as Python writes it.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let pairs: Vec<String> = map.iter().map(|(key, value)| format!("\"{key}\": {}", literal(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        plain => plain.to_string(),
    }
}

/// How a field is read from JSON; `None` when it stays as it is.
fn reader(api: &Api, shape: &Shape) -> Option<String> {
    match shape.present() {
        Shape::Time => Some("time".to_owned()),
        Shape::AnyNumber => Some("number".to_owned()),
        Shape::List(of) => reader(api, of).map(|of| format!("[{of}]")),
        Shape::Map(of) => reader(api, of).map(|of| format!("{{{of}}}")),
        Shape::Named(name) => match &api.types.get(name)?.body {
            Body::Record(_) => Some(name.clone()),
            Body::Alias(shape) => reader(api, shape),
            Body::Words(_) => None,
        },
        // Of several shapes one is an object: only objects are read as it.
        Shape::Union(several) => {
            let mut read = several.iter().filter_map(|one| reader(api, one));
            read.next().filter(|_| read.next().is_none())
        }
        _ => None,
    }
}

/// The type of an attribute.
pub fn annotation(shape: &Shape) -> String {
    match shape {
        Shape::Text => "str".into(),
        Shape::Time => "datetime".into(),
        Shape::Whole => "int".into(),
        Shape::Real | Shape::AnyNumber => "float".into(),
        Shape::Flag => "bool".into(),
        Shape::Bytes => "bytes".into(),
        Shape::Any => "Any".into(),
        Shape::Words(words) => {
            format!("Literal[{}]", words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", "))
        }
        Shape::List(of) => format!("list[{}]", annotation(of)),
        Shape::Map(of) => format!("dict[str, {}]", annotation(of)),
        Shape::Named(name) => name.clone(),
        Shape::Union(several) => several.iter().map(annotation).collect::<Vec<_>>().join(" | "),
        Shape::Optional(of) => format!("{} | None", annotation(of)),
    }
}

/// The type where Python evaluates it: without `|`, and with names that may come later in quotes.
fn at_runtime(shape: &Shape) -> String {
    match shape {
        Shape::Union(several) => format!("Union[{}]", several.iter().map(at_runtime).collect::<Vec<_>>().join(", ")),
        Shape::Optional(of) => format!("Union[{}, None]", at_runtime(of)),
        Shape::List(of) => format!("list[{}]", at_runtime(of)),
        Shape::Map(of) => format!("dict[str, {}]", at_runtime(of)),
        Shape::Named(name) => format!("\"{name}\""),
        other => annotation(other),
    }
}

/// The attribute or argument for a field.
pub fn attribute(field: &str) -> String {
    const KEYWORDS: [&str; 12] =
        ["from", "class", "global", "import", "in", "is", "lambda", "not", "pass", "return", "with", "as"];
    let name = snake(field);
    assert_eq!(camel(&name), field, "a field's name does not survive the way to Python and back");
    if KEYWORDS.contains(&name.as_str()) { name + "_" } else { name }
}

/// A documentation string after `indent`.
pub fn docstring(docs: &str, indent: &str) -> String {
    let docs = docs.replace('\\', "\\\\").replace("\"\"\"", "'''");
    let docs = if docs.is_empty() { "..".to_owned() } else { docs };
    let docs = if docs.ends_with('"') { docs + " " } else { docs };
    let lines = wrapped(&docs, indent, 116);
    let body = lines.trim_start().trim_end();
    if body.contains('\n') {
        format!("{indent}\"\"\"{body}\n{indent}\"\"\"\n")
    } else {
        format!("{indent}\"\"\"{body}\"\"\"\n")
    }
}

/// The exception of a kind.
pub fn exception(kind: ErrorKind) -> String {
    pascal(kind.name()) + "Error"
}

fn errors() -> String {
    let mut out = head("One exception for each kind of error.");
    out.push_str("import builtins\nfrom typing import Dict, Type\n\nfrom .._failure import LlmOpsError\n\n__all__ = [\n    \"KINDS\",\n");
    for kind in ErrorKind::ALL {
        let _ = writeln!(out, "    \"{}\",", exception(*kind));
    }
    out.push_str("]\n");
    for kind in ErrorKind::ALL {
        // Who waits for something catches Python's own.
        let base = if *kind == ErrorKind::Timeout { "LlmOpsError, builtins.TimeoutError" } else { "LlmOpsError" };
        let _ = write!(
            out,
            "\n\nclass {}({base}):\n{}\n    kind = \"{}\"\n    status = {}\n",
            exception(*kind),
            docstring(kind.docs(), "    "),
            kind.name(),
            kind.status()
        );
    }
    out.push_str("\n\nKINDS: Dict[str, Type[LlmOpsError]] = {\n");
    for kind in ErrorKind::ALL {
        let _ = writeln!(out, "    \"{}\": {},", kind.name(), exception(*kind));
    }
    out.push_str("}\n");
    out
}
