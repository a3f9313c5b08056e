//! One document from which stubs, clients and reference pages are written.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::{Operation, OperationTable};

/// Every operation with its schemas: `{operations: [..], types: {..}}`.
pub fn describe(table: &OperationTable) -> Value {
    let mut generator = SchemaGenerator::new(SchemaSettings::draft2020_12());
    let operations: Vec<Value> = table.iter().map(|op| one(op, &mut generator)).collect();
    json!({ "operations": operations, "types": generator.take_definitions(true) })
}

fn one(op: &Operation, generator: &mut SchemaGenerator) -> Value {
    json!({
        "name": op.name,
        "docs": op.docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n"),
        "kind": op.kind().name(),
        "verb": op.verb,
        "path": op.path,
        "write": matches!(op.access, super::Access::Write(_)),
        "permission": op.access.permission(),
        "request": (op.request)(generator),
        "response": (op.response)(generator),
    })
}
