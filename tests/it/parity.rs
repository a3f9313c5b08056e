//! Every door has every operation, under its own spelling of the same name, and every kind of error.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use axum::response::IntoResponse;
use llmops_core::base::{Error, ErrorKind};
use llmops_core::op::{OperationTable, describe, openapi};
use llmops_core::platform::domains;
use serde_json::{Value, json};

use crate::emit::{camel, python::exception};
use crate::tree::root;

/// What `describe()` says, as `catalog.create_model`.
fn described() -> BTreeSet<String> {
    let described = describe(&OperationTable::new(&domains()));
    let operations = described["operations"].as_array().expect("a list of operations");
    let names: BTreeSet<String> = operations.iter().map(|op| op["name"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(names.len(), operations.len(), "two operations have one name");
    assert!(names.len() >= 50, "operations were lost: there are {}", names.len());
    names
}

/// Asks an interpreter for JSON. The engine itself is not loaded: what is asked for is how the package looks.
fn ask(program: &str, arguments: &[&str]) -> Value {
    let asked = Command::new(program)
        .args(arguments)
        .env("PYTHONPATH", root().join("llmops-py/python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(root())
        .output()
        .unwrap_or_else(|e| panic!("{program} cannot be run: {e}"));
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    serde_json::from_slice(&asked.stdout).expect("the answer is JSON")
}

fn python(code: &str) -> Value {
    let engine = "import sys, types, json, inspect\n\
                  engine = types.ModuleType('llmops._native')\n\
                  engine.__getattr__ = lambda name: type(name, (), {})\n\
                  sys.modules['llmops._native'] = engine\n";
    ask("python3", &["-c", &format!("{engine}{code}")])
}

fn node(code: &str) -> Value {
    ask("node", &["-e", &format!("console.log(JSON.stringify({code}))")])
}

fn names(list: &Value) -> BTreeSet<String> {
    list.as_array().expect("a list").iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
}

#[test]
fn the_table_is_the_description() {
    let table = OperationTable::new(&domains());
    assert_eq!(table.iter().map(|op| op.name.to_owned()).collect::<BTreeSet<_>>(), described());
}

#[test]
fn openapi_has_every_operation() {
    let document = openapi(&OperationTable::new(&domains()));
    let paths = document["paths"].as_object().expect("paths");
    let ids = paths.values().flat_map(|verbs| verbs.as_object().expect("verbs").values());
    let ids: Vec<String> = ids.map(|op| op["operationId"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(ids.len(), described().len(), "two operations share a verb and a path");
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), described());
}

#[test]
fn python_has_every_operation_twice() {
    let code = |module: &str, prefix: &str| {
        format!(
            "import importlib\nmodule = importlib.import_module('llmops._generated.{module}')\n\
             rooms = vars(module.{prefix}Rooms(None))\n\
             print(json.dumps([f'{{room}}.{{name}}' for room, one in rooms.items()\n\
             for name, _ in inspect.getmembers(one, callable) if name[0] != '_']))"
        )
    };
    assert_eq!(names(&python(&code("rooms", ""))), described());
    assert_eq!(names(&python(&code("aio_rooms", "Async"))), described());
}

#[test]
fn node_has_every_operation_in_its_spelling() {
    let table = node("require('./llmops-node/generated.js').operations");
    let mut found = BTreeSet::new();
    for (room, methods) in table.as_object().expect("rooms") {
        for (method, told) in methods.as_object().expect("methods") {
            let name = told[0].as_str().expect("a name");
            let (domain, operation) = name.split_once('.').expect("room and operation");
            assert_eq!((room, method), (&camel(domain), &camel(operation)));
            assert!(found.insert(name.to_owned()), "{name} is there twice");
        }
    }
    assert_eq!(found, described());
}

#[test]
fn every_kind_of_error_has_its_status_over_http() {
    for kind in ErrorKind::ALL {
        let response = llmops_server::Failure(Error::new(*kind, "it went wrong")).into_response();
        assert_eq!(response.status().as_u16(), kind.status(), "{}", kind.name());
    }
}

#[test]
fn every_kind_of_error_comes_back_from_json() {
    for kind in ErrorKind::ALL {
        let error = Error::from_json(&Error::new(*kind, "m").to_json(), ErrorKind::Unexpected);
        assert_eq!(error.kind(), *kind);
    }
}

#[test]
fn python_has_an_exception_for_every_kind() {
    let found = python(
        "from llmops import errors\nfrom llmops._generated.errors import KINDS\n\
         made = {kind: errors.from_json({'kind': kind, 'message': 'm'}) for kind in KINDS}\n\
         print(json.dumps({kind: [type(e).__name__, e.kind, e.status] for kind, e in made.items()}))",
    );
    let wanted: BTreeMap<&str, Value> = ErrorKind::ALL
        .iter()
        .map(|kind| (kind.name(), json!([exception(*kind), kind.name(), kind.status()])))
        .collect();
    assert_eq!(found, json!(wanted));
}

#[test]
fn javascript_throws_every_kind() {
    let kinds: Vec<&str> = ErrorKind::ALL.iter().map(|kind| kind.name()).collect();
    let thrown = node(&format!(
        "{}.map((kind) => {{ try {{ require('./llmops-node/errors.js').thrown(JSON.stringify({{ error: {{ kind, message: \
         'm' }} }})) }} catch (error) {{ return [error.name, error.kind] }} }})",
        json!(kinds)
    ));
    assert_eq!(thrown, kinds.iter().map(|kind| json!(["LlmOpsError", kind])).collect::<Value>());
    let types = std::fs::read_to_string(root().join("llmops-node/generated.d.ts")).expect("the types are there");
    let declared = types.split("export type ErrorKind =").nth(1).and_then(|rest| rest.split("\n\n").next());
    let declared: BTreeSet<&str> = declared.expect("the kinds are there").split('\'').skip(1).step_by(2).collect();
    assert_eq!(declared, kinds.into_iter().collect());
}
