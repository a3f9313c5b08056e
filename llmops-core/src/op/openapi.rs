//! The OpenAPI 3.1 document, from the same table.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{Kind, Operation, OperationTable};
use crate::base::ErrorKind;

const BASE: &str = "/llm-ops/v1";

/// The document of the whole API below `/llm-ops/v1`.
pub fn openapi(table: &OperationTable) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut generator = SchemaGenerator::new(settings);
    let mut paths: Map<String, Value> = Map::new();
    let described: Vec<(&Operation, Value)> = table.iter().map(|op| (op, operation(op, &mut generator))).collect();
    let mut schemas = generator.take_definitions(true);
    for (op, mut item) in described {
        split_page(&mut item, &schemas);
        let mut parameters = parameters(op, &item["x-request"], &schemas);
        parameters.extend(beside(op, table));
        if let Some(object) = item.as_object_mut() {
            object.remove("x-request");
            object.insert("parameters".into(), parameters.into());
        }
        // A file path spans segments, which OpenAPI templates do not say; the star is ours alone.
        let path = format!("{BASE}{}", op.path.replace("{*", "{"));
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        entry[op.verb.to_ascii_lowercase()] = item;
    }
    schemas.insert("Failure".into(), failure());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "llmops",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Every answer is `{status, message, data}`; a failure carries `error`.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "apiKey": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "apiKey": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn operation(op: &Operation, generator: &mut SchemaGenerator) -> Value {
    let request = (op.request)(generator).to_value();
    let response = (op.response)(generator).to_value();
    let docs: Vec<&str> = op.docs.iter().map(|line| line.trim()).collect();
    let content = match op.kind() {
        Kind::Stream => json!({ "text/event-stream": { "schema": response } }),
        Kind::Download => json!({ "application/octet-stream": { "schema": response } }),
        Kind::Unary | Kind::Upload => json!({ "application/json": { "schema": envelope(&response) } }),
    };
    let mut item = json!({
        "operationId": op.name,
        "tags": [op.domain()],
        "summary": docs.first(),
        "description": docs.join("\n"),
        "x-permission": op.access.permission(),
        "x-request": request,
        "responses": {
            "200": { "description": "Done.", "content": content },
            "default": {
                "description": "Refused or failed; the status tells which.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Failure" } } },
            },
        },
    });
    match op.kind() {
        Kind::Upload => {
            let file = json!({ "type": "object", "properties": { "file": { "type": "string", "format": "binary" } } });
            item["requestBody"] = json!({ "required": true, "content": {
                "multipart/form-data": { "schema": file },
                "application/octet-stream": { "schema": { "type": "string", "format": "binary" } },
            } });
        }
        _ if matches!(op.verb, "POST" | "PUT" | "PATCH") => {
            item["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": request } } });
        }
        _ => {}
    }
    item
}

/// A list's answer holds its items as `data` and its `page` beside them.
fn split_page(item: &mut Value, schemas: &Map<String, Value>) {
    let at = "/responses/200/content/application~1json/schema";
    let Some(envelope) = item.pointer_mut(at).and_then(Value::as_object_mut) else { return };
    let data = envelope["properties"]["data"].take();
    let name = data.get("$ref").and_then(Value::as_str).and_then(|text| text.rsplit('/').next());
    let fields = name.and_then(|name| schemas.get(name)?.get("properties")?.as_object());
    match fields.filter(|fields| fields.len() == 2).and_then(|fields| Some((fields.get("items")?, fields.get("page")?)))
    {
        None => envelope["properties"]["data"] = data,
        Some((items, page)) => {
            envelope["properties"]["data"] = items.clone();
            envelope["properties"]["page"] = page.clone();
            envelope["required"] = json!(["status", "message", "data", "page"]);
        }
    }
}

/// Fields named in the path, and those of a request without a body, are parameters.
fn parameters(op: &Operation, request: &Value, schemas: &Map<String, Value>) -> Vec<Value> {
    let name = request.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()).unwrap_or_default();
    let schema = schemas.get(name).unwrap_or(request);
    let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let in_query = matches!(op.verb, "GET" | "DELETE") || op.kind() == Kind::Upload;
    let parameter = |(field, schema): (&String, &Value)| {
        let in_path = op.path.contains(&format!("{{{field}}}")) || op.path.contains(&format!("{{*{field}}}"));
        (in_path || in_query).then(|| {
            json!({
                "name": field,
                "in": if in_path { "path" } else { "query" },
                "required": in_path || required.iter().any(|r| r == field),
                "schema": schema,
            })
        })
    };
    properties.iter().filter_map(parameter).collect()
}

/// What a call may say beside its request.
fn beside(op: &Operation, table: &OperationTable) -> Vec<Value> {
    let text = |name: &str, place: &str, description: &str| {
        let schema = json!({ "type": "string", "maxLength": 255 });
        json!({ "name": name, "in": place, "required": false, "description": description, "schema": schema })
    };
    let mut all = Vec::new();
    if op.access.permission().is_some() {
        all.push(text("X-LLMOps-Project", "header", "The project to work in; the key's own if absent."));
    }
    if op.idempotent_by_key() {
        all.push(text(
            "Idempotency-Key",
            "header",
            "A repeated call with the same key happens once; kept for 24 hours.",
        ));
    }
    if table.events_of(op).is_some() {
        all.push(text(
            "wait",
            "query",
            "As `30s`, at most `60s`: answers when what is asked for changes, or after so long.",
        ));
    }
    all
}

fn envelope(data: &Value) -> Value {
    json!({
        "type": "object",
        "required": ["status", "message", "data"],
        "properties": { "status": { "const": "success" }, "message": { "type": "string" }, "data": data },
    })
}

fn failure() -> Value {
    let codes: Vec<&str> = ErrorKind::ALL.iter().map(|kind| kind.name()).collect();
    json!({
        "type": "object",
        "required": ["status", "message", "data", "error"],
        "properties": {
            "status": { "const": "fail" },
            "message": { "type": "string" },
            "data": { "type": "null" },
            "error": {
                "type": "object",
                "required": ["kind", "code", "message", "requestId", "retryable"],
                "properties": {
                    "kind": { "enum": codes },
                    "code": { "type": "string" },
                    "message": { "type": "string" },
                    "field": { "type": "string" },
                    "hint": { "type": "string" },
                    "details": {},
                    "requestId": { "type": "string" },
                    "retryable": { "type": "boolean" },
                    "retryAfterMs": { "type": "integer" },
                },
            },
        },
    })
}
