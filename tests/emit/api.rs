//! The operations and their types, read from `describe()`: the one thing that the writers know.

use std::collections::{BTreeMap, BTreeSet};

use llmops_core::base::EMPTIED_BY_NULL;
use llmops_core::op::{OperationTable, describe};
use llmops_core::platform::{ROOMS, domains};
use serde_json::{Map, Value};

use super::shape::{Shape, words};

/// Everything there is.
pub struct Api {
    pub rooms: Vec<Room>,
    pub types: BTreeMap<String, Type>,
    /// The types that callers send, within requests.
    pub sent: BTreeSet<String>,
    /// The types that answers hold.
    pub answered: BTreeSet<String>,
}

/// A room.
pub struct Room {
    pub name: String,
    pub docs: String,
    pub operations: Vec<Op>,
}

/// An operation.
pub struct Op {
    /// As `catalog.create_model`.
    pub name: String,
    /// As `create_model`.
    pub method: String,
    pub docs: String,
    /// `unary`, `stream`, `upload` or `download`.
    pub kind: String,
    pub verb: String,
    pub path: String,
    pub write: bool,
    pub permission: Option<String>,
    /// The request's type.
    pub request: String,
    pub fields: Vec<Field>,
    /// The answer, or one item of a stream.
    pub answer: Shape,
}

impl Op {
    /// Whether a key makes a repeated call happen once.
    pub fn takes_key(&self) -> bool {
        self.write && self.verb == "POST" && self.kind == "unary"
    }

    /// Whether it changes something that a tag may guard.
    pub fn takes_tag(&self) -> bool {
        self.write && matches!(self.verb.as_str(), "PATCH" | "PUT" | "DELETE")
    }

    /// What a list is of, if the answer is a page of one.
    pub fn item<'a>(&self, api: &'a Api) -> Option<&'a Shape> {
        match &self.answer {
            Shape::Named(name) if self.fields.iter().any(|f| f.name == "cursor") => api.types.get(name)?.page_of(),
            _ => None,
        }
    }
}

/// A type with a name.
pub struct Type {
    pub docs: String,
    pub body: Body,
}

impl Type {
    /// What the items of a page are.
    pub fn page_of(&self) -> Option<&Shape> {
        let Body::Record(fields) = &self.body else { return None };
        let [a, b] = fields.as_slice() else { return None };
        match (&a.shape, &b.shape) {
            (Shape::List(item), Shape::Named(info)) if info == "PageInfo" => Some(item),
            _ => None,
        }
    }
}

/// What a type is made of.
pub enum Body {
    Record(Vec<Field>),
    /// Words with their meanings.
    Words(Vec<(String, String)>),
    Alias(Shape),
}

/// A field.
pub struct Field {
    /// In camelCase.
    pub name: String,
    pub docs: String,
    /// Whether it must be given, or is always there.
    pub required: bool,
    pub default: Option<Value>,
    pub shape: Shape,
    /// Whether `null` empties it, where nothing leaves it as it is.
    pub emptied_by_null: bool,
}

impl Field {
    /// Whether an answer may lack it.
    pub fn may_lack(&self) -> bool {
        !self.required && self.default.is_none()
    }
}

impl Api {
    /// Reads the table of this build.
    pub fn read() -> Self {
        let described = describe(&OperationTable::new(&domains()));
        let types: BTreeMap<String, Type> =
            object(&described["types"]).map(|(name, s)| (name.clone(), one_type(s))).collect();
        let mut rooms: Vec<Room> = ROOMS
            .iter()
            .map(|(name, docs)| Room { name: (*name).into(), docs: (*docs).into(), operations: vec![] })
            .collect();
        for described in described["operations"].as_array().into_iter().flatten() {
            let op = operation(described, &types);
            let room = rooms.iter_mut().find(|room| op.name.starts_with(&format!("{}.", room.name)));
            room.expect("an operation belongs to a room").operations.push(op);
        }
        for room in &rooms {
            let class = super::pascal(&room.name);
            assert!(!types.contains_key(&class), "the type {class} has the name of the room {}", room.name);
        }
        let operations = || rooms.iter().flat_map(|room| &room.operations);
        let sent = reached(&types, operations().flat_map(|op| &op.fields).map(|field| &field.shape));
        let answered = reached(&types, operations().map(|op| &op.answer));
        Self { rooms, types, sent, answered }
    }

    /// Every operation.
    pub fn operations(&self) -> impl Iterator<Item = &Op> {
        self.rooms.iter().flat_map(|room| &room.operations)
    }

    /// The types that a caller sees: not what stands for something else.
    pub fn seen(&self) -> impl Iterator<Item = (&String, &Type)> {
        let known = |name: &str| self.sent.contains(name) || self.answered.contains(name);
        let hidden = |name: &str| matches!(name, "Timestamp" | "Number" | "Download");
        self.types.iter().filter(move |(name, t)| known(name) && !hidden(name) && t.page_of().is_none())
    }

    /// The record of this name, if it is one.
    pub fn record(&self, name: &str) -> Option<&[Field]> {
        match self.types.get(name).map(|t| &t.body) {
            Some(Body::Record(fields)) => Some(fields),
            _ => None,
        }
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().trim().to_owned()
}

fn one_type(schema: &Value) -> Type {
    let docs = text(&schema["description"]).split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let closed = schema["additionalProperties"] == Value::Bool(false);
    let body = if schema["properties"].is_object() || (closed && schema["type"] == "object") {
        Body::Record(fields(schema))
    } else if let Some(words) = words(schema) {
        Body::Words(words)
    } else {
        Body::Alias(Shape::read(schema))
    };
    Type { docs, body }
}

fn fields(schema: &Value) -> Vec<Field> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let empty = Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&empty);
    let field = |(name, schema): (&String, &Value)| Field {
        name: name.clone(),
        docs: text(&schema["description"]),
        required: required.iter().any(|r| r == name),
        default: schema.get("default").filter(|d| !d.is_null()).cloned(),
        shape: Shape::read(schema),
        emptied_by_null: schema[EMPTIED_BY_NULL] == true,
    };
    let mut fields: Vec<Field> = properties.iter().map(field).collect();
    // The order of a map depends on the features of a build; this one does not.
    let first = |name: &str| ["id", "name", "version", "type", "status"].iter().position(|n| *n == name).unwrap_or(9);
    fields.sort_by_key(|f| (!f.required, first(&f.name), f.name.clone()));
    fields
}

fn operation(described: &Value, types: &BTreeMap<String, Type>) -> Op {
    let name = text(&described["name"]);
    let request = text(&described["request"]["$ref"]).rsplit('/').next().unwrap_or_default().to_owned();
    let fields = match types.get(&request).map(|t| &t.body) {
        Some(Body::Record(fields)) => fields.iter().map(copy).collect(),
        _ => panic!("the request of {name} is not a struct: {}", described["request"]),
    };
    Op {
        method: name.split('.').nth(1).unwrap_or_default().to_owned(),
        docs: text(&described["docs"]),
        kind: text(&described["kind"]),
        verb: text(&described["verb"]),
        path: text(&described["path"]),
        write: described["write"] == true,
        permission: described["permission"].as_str().map(str::to_owned),
        answer: Shape::read(&described["response"]),
        name,
        request,
        fields,
    }
}

fn copy(field: &Field) -> Field {
    Field {
        name: field.name.clone(),
        docs: field.docs.clone(),
        required: field.required,
        default: field.default.clone(),
        shape: field.shape.clone(),
        emptied_by_null: field.emptied_by_null,
    }
}

/// The types reachable from these shapes.
fn reached<'s>(types: &BTreeMap<String, Type>, shapes: impl Iterator<Item = &'s Shape>) -> BTreeSet<String> {
    let mut open: Vec<String> = shapes.flat_map(Shape::names).map(str::to_owned).collect();
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name.clone()) {
            match types.get(&name).map(|t| &t.body) {
                Some(Body::Record(fields)) => {
                    open.extend(fields.iter().flat_map(|f| f.shape.names()).map(str::to_owned));
                }
                Some(Body::Alias(shape)) => open.extend(shape.names().into_iter().map(str::to_owned)),
                _ => {}
            }
        }
    }
    found
}
