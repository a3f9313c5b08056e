//! Python: the rooms with their methods, for callers that wait and for callers that await.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::api::{Api, Body, Field, Op, Room};
use super::python::{FOLDER, annotation, attribute, docstring, head};
use super::shape::Shape;
use super::{Generated, pascal};

/// The two modules.
pub fn files(api: &Api) -> Vec<Generated> {
    vec![
        Generated::new(format!("{FOLDER}/rooms.py"), rooms(api, Style { awaited: false })),
        Generated::new(format!("{FOLDER}/aio_rooms.py"), rooms(api, Style { awaited: true })),
    ]
}

/// How the caller gets the answer.
#[derive(Clone, Copy)]
struct Style {
    awaited: bool,
}

impl Style {
    /// The name of a class of ours in this style.
    fn class(self, name: &str) -> String {
        format!("{}{name}", if self.awaited { "Async" } else { "" })
    }
}

fn rooms(api: &Api, style: Style) -> String {
    let what = if style.awaited { "The rooms, for callers that await." } else { "The rooms, for callers that wait." };
    let mut out = head(what);
    let module = if style.awaited { "_aio" } else { "_door" };
    let classes = ["Door", "Download", "Page", "Stream"].map(|name| style.class(name)).join(", ");
    let _ = write!(
        out,
        "from datetime import datetime\nfrom typing import Any, Literal, Mapping, Sequence\n\n\
         from .._empty import Empty\nfrom .._upload import Files\nfrom ..{module} import {classes}\nfrom .types import (\n"
    );
    for name in used(api) {
        let _ = writeln!(out, "    {name},");
    }
    out.push_str(")\n");
    let door = style.class("Door");
    for room in &api.rooms {
        let _ = write!(
            out,
            "\n\nclass {}:\n{}\n    def __init__(self, door: {door}) -> None:\n        self._door = door\n",
            style.class(&pascal(&room.name)),
            docstring(&room.docs, "    ")
        );
        for op in &room.operations {
            out.push_str(&method(api, op, style));
        }
    }
    out.push_str(&all_rooms(api, style, &door));
    out
}

fn all_rooms(api: &Api, style: Style, door: &str) -> String {
    let mut out = format!(
        "\n\nclass {}:\n    \"\"\"Every room.\"\"\"\n\n    def __init__(self, door: {door}) -> None:\n",
        style.class("Rooms")
    );
    for Room { name, docs, .. } in &api.rooms {
        let _ = writeln!(out, "        self.{name} = {}(door)", style.class(&pascal(name)));
        out.push_str(&docstring(docs, "        "));
    }
    out
}

/// The types that the methods name.
fn used(api: &Api) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for op in api.operations() {
        let shapes = op.fields.iter().map(|f| &f.shape);
        names.extend(shapes.flat_map(Shape::names).map(str::to_owned));
        match op.item(api) {
            Some(item) => names.extend(item.names().into_iter().map(str::to_owned)),
            None => names.extend(op.answer.names().into_iter().map(str::to_owned)),
        }
    }
    names
}

fn method(api: &Api, op: &Op, style: Style) -> String {
    let fields = arguments(op);
    let paths = fields.iter().filter(|f| in_path(op, f)).count();
    let mut parameters: Vec<String> = fields[..paths].iter().map(|f| parameter(api, f)).collect();
    if op.kind == "upload" {
        parameters.push("files: Files".into());
    }
    let mut named: Vec<String> = fields[paths..].iter().map(|f| parameter(api, f)).collect();
    if op.takes_key() {
        named.push("idempotency_key: str | None = None".into());
    }
    if op.takes_tag() {
        named.push("if_match: str | None = None".into());
    }
    if !named.is_empty() {
        parameters.push("*".into());
        parameters.extend(named);
    }
    let answer = answer(api, op, style);
    let waits = style.awaited && op.kind != "stream";
    let mut out = format!("\n    {}def {}(\n        self,\n", if waits { "async " } else { "" }, op.method);
    for parameter in parameters {
        let _ = writeln!(out, "        {parameter},");
    }
    let _ = writeln!(out, "    ) -> {}:", answer.0);
    out.push_str(&docstring(&docs(op, &fields), "        "));
    let _ = writeln!(out, "        request: dict[str, Any] = {{");
    for field in &fields {
        let _ = writeln!(out, "            \"{}\": {},", field.name, attribute(&field.name));
    }
    out.push_str("        }\n");
    let _ = writeln!(out, "        return {}{}", if waits { "await " } else { "" }, answer.1);
    out
}

/// The type of the answer, and the call that gets it.
fn answer(api: &Api, op: &Op, style: Style) -> (String, String) {
    let key = if op.takes_key() { ", key=idempotency_key" } else { "" };
    let tag = if op.takes_tag() { ", tag=if_match" } else { "" };
    let name = &op.name;
    let class = |shape: &Shape| match shape {
        Shape::Named(class) if api.record(class).is_some() => class.clone(),
        other => panic!("{name} answers with {other:?}, which is not a struct"),
    };
    if let Some(item) = op.item(api) {
        let item = class(item);
        return (format!("{}[{item}]", style.class("Page")), format!("self._door.page(\"{name}\", {item}, request)"));
    }
    match op.kind.as_str() {
        "download" => (style.class("Download"), format!("self._door.download(\"{name}\", request)")),
        "stream" => {
            let item = class(&op.answer);
            (format!("{}[{item}]", style.class("Stream")), format!("self._door.stream(\"{name}\", {item}, request)"))
        }
        "upload" => {
            let class = class(&op.answer);
            let call = format!("self._door.upload(\"{name}\", {class}, request, files)");
            (class, call)
        }
        _ => {
            let class = class(&op.answer);
            let call = format!("self._door.call(\"{name}\", {class}, request{key}{tag})");
            (class, call)
        }
    }
}

/// The fields in the order of the arguments: those of the path, the required, the others.
pub fn arguments(op: &Op) -> Vec<&Field> {
    let mut fields: Vec<&Field> = op.fields.iter().collect();
    let place = |f: &Field| op.path.find(&format!("{}}}", f.name)).filter(|_| in_path(op, f)).unwrap_or(usize::MAX);
    fields.sort_by_key(|f| (place(f), !f.required));
    fields
}

/// Whether the path names the field.
pub fn in_path(op: &Op, field: &Field) -> bool {
    op.path.contains(&format!("{{{}}}", field.name)) || op.path.contains(&format!("{{*{}}}", field.name))
}

fn parameter(api: &Api, field: &Field) -> String {
    let given = given(api, field.shape.present());
    match field.required {
        true => format!("{}: {given}", attribute(&field.name)),
        false if field.emptied_by_null => format!("{}: {given} | Empty | None = None", attribute(&field.name)),
        false => format!("{}: {given} | None = None", attribute(&field.name)),
    }
}

/// The type of an argument: as loose as what the platform reads.
fn given(api: &Api, shape: &Shape) -> String {
    match shape {
        Shape::Time => "datetime | str".into(),
        Shape::List(of) => format!("Sequence[{}]", given(api, of)),
        Shape::Map(of) => format!("Mapping[str, {}]", given(api, of)),
        Shape::Named(name) if matches!(api.types.get(name).map(|t| &t.body), Some(Body::Record(_))) => {
            format!("{name} | Mapping[str, Any]")
        }
        Shape::Named(name) => match api.types.get(name).map(|t| &t.body) {
            Some(Body::Alias(Shape::Union(_))) => format!("{name} | Mapping[str, Any]"),
            _ => name.clone(),
        },
        Shape::Union(several) => several.iter().map(|one| given(api, one)).collect::<Vec<_>>().join(" | "),
        other => annotation(other),
    }
}

fn docs(op: &Op, fields: &[&Field]) -> String {
    let mut out = op.docs.clone();
    if !fields.is_empty() {
        out.push_str("\n\nArgs:");
    }
    for field in fields {
        let default = field.default.as_ref().filter(|d| !d.is_object() && !d.is_array());
        let default = default.map(|d| format!(" [default: {d}]")).unwrap_or_default();
        let docs = field.docs.replace('\n', " ");
        let docs = if field.emptied_by_null { docs.replace("`null`", "``llmops.EMPTY``") } else { docs };
        let _ = write!(out, "\n- {}: {docs}{default}", attribute(&field.name));
    }
    let _ = write!(out, "\n\n`{} /llm-ops/v1{}`", op.verb, op.path.replace("{*", "{"));
    if let Some(permission) = &op.permission {
        let _ = write!(out, "; needs `{permission}`");
    }
    out
}
