//! `call`: any operation by name, as the API has it.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use futures::TryStreamExt;
use llmops_core::base::{Error, Result};
use llmops_core::op::{Kind, Operation, OperationTable, RequestSchema};
use llmops_core::platform::{as_parts, domains, local_files, unreadable};
use serde_json::{Map, Value, json};

use super::client::{Client, ClientFlags, text};
use super::output::Column;
use super::suggest::nearest;
use super::{ConfigFile, Exit, Output, say, transfer};

pub(super) const EXAMPLES: &str = "\
Examples:
  llmops-server call --list
  llmops-server call catalog.list_models limit=5
  llmops-server call catalog.create_model '{\"name\": \"tiny\", \"version\": \"1.0.0\"}'
  llmops-server call datasets.upload_dataset_files datasetId=ID --file pairs.csv
  llmops-server call governance.export_audit_logs --output audit.jsonl";

const FIELDS: &[Column] = &[("FIELD", "/name"), ("TYPE", "/type"), ("REQUIRED", "/required"), ("WHAT IT IS", "/says")];

/// What `call` is told.
#[derive(Debug, Args)]
pub(super) struct Call {
    /// The operation, as `catalog.create_model`.
    #[arg(required_unless_present = "list")]
    operation: Option<String>,
    /// Its request: a JSON object, `-` for one from standard input, or pairs KEY=VALUE. The value of a pair is text, or
    /// JSON where the field is not text.
    request: Vec<String>,
    /// Lists the operations, or with OPERATION tells its fields.
    #[arg(long)]
    list: bool,
    /// A file to send, for an operation that takes some; may be given again.
    #[arg(long, value_name = "FILE")]
    file: Vec<PathBuf>,
    /// Where to write the bytes of an operation that sends some; `-` is standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    client: ClientFlags,
}

pub(super) async fn run(verb: Call, file: &ConfigFile) -> Result<Exit> {
    if verb.list {
        return list(verb.operation.as_deref(), verb.client.is_json());
    }
    let name = verb.operation.unwrap_or_default();
    let client = verb.client.connect(file)?;
    let (op, schema) = find(client.ops().operations(), &name)?;
    let request = request(schema, &verb.request)?;
    if !verb.file.is_empty() && op.kind() != Kind::Upload {
        return Err(Error::invalid("file", format!("cannot be given: {} takes no files", op.name)));
    }
    match op.kind() {
        Kind::Unary => client.out.record(&client.call(op.name, request).await?),
        Kind::Stream => follow(&client, op.name, request).await?,
        Kind::Upload => {
            let sent = client.upload(op.name, request, as_parts(local_files(&verb.file)?)).await?;
            client.out.record(&sent);
        }
        Kind::Download => transfer::save(client.download(op.name, request).await?, verb.output, client.out).await?,
    }
    Ok(Exit::Done)
}

/// Prints each item of a stream as one line of JSON.
async fn follow(client: &Client, name: &str, request: Value) -> Result<()> {
    let mut items = client.stream(name, request).await?;
    while let Some(item) = items.try_next().await? {
        client.out.line(&item, Value::to_string);
    }
    Ok(())
}

/// Lists the operations, or the fields of one.
fn list(name: Option<&str>, json: bool) -> Result<Exit> {
    let (out, table) = (Output::new(json), OperationTable::new(&domains()));
    let Some(name) = name else {
        let says = |op: &Operation| op.docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        let all = table.iter().map(|op| {
            json!({ "name": op.name, "kind": op.kind().name(), "verb": op.verb, "path": op.path, "says": says(op) })
        });
        out.rows(&all.collect::<Vec<_>>(), &[("OPERATION", "/name"), ("KIND", "/kind"), ("WHAT IT DOES", "/says")]);
        return Ok(Exit::Done);
    };
    let (op, _) = find(&table, name)?;
    let described = llmops_core::op::describe(&table);
    let one = described["operations"].as_array().into_iter().flatten().find(|one| one["name"] == op.name);
    let (one, types) = (one.unwrap_or(&Value::Null), &described["types"]);
    if json {
        out.record(one);
        return Ok(Exit::Done);
    }
    let needs = op.access.permission().map(|permission| format!(", needs {permission}")).unwrap_or_default();
    say(&format!("{}\n{} {} ({}{needs})\n", text(one, "docs"), op.verb, op.path, op.kind().name()));
    out.rows(&request_fields(&one["request"], types), FIELDS);
    Ok(Exit::Done)
}

/// The operation of this name, or what may have been meant.
fn find<'a>(table: &'a OperationTable, name: &str) -> Result<(&'static Operation, &'a RequestSchema)> {
    table.find(name).map_err(|error| {
        let method = |op: &&Operation| op.method() == name;
        let alike = table.iter().find(method).map(|op| op.name);
        match alike.or_else(|| nearest(name, table.iter().map(|op| op.name))) {
            Some(meant) => {
                error.hint(format!("did you mean `{meant}`? `llmops-server call --list` prints all there are"))
            }
            None => error,
        }
    })
}

/// The fields of a request: name, type, whether it must be given, and what it is.
fn request_fields(request: &Value, types: &Value) -> Vec<Value> {
    let request = resolve(request, types);
    let required = |name: &str| request["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let fields = request["properties"].as_object().into_iter().flatten().map(|(name, schema)| {
        let says = [schema, resolve(schema, types)].map(|schema| text(schema, "description"));
        let says = says.into_iter().find(|says| !says.is_empty()).unwrap_or_default();
        let must = if required(name) { "yes" } else { "" };
        json!({ "name": name, "type": type_of(schema, types), "required": must, "says": says })
    });
    fields.collect()
}

fn resolve<'a>(schema: &'a Value, types: &'a Value) -> &'a Value {
    let named = schema["$ref"].as_str().and_then(|name| types.get(name.rsplit('/').next()?));
    named.unwrap_or(schema)
}

/// The type of a field in a word or two; of a choice what may be chosen.
fn type_of(schema: &Value, types: &Value) -> String {
    let alternatives = |schema: &Value| {
        let all = ["anyOf", "oneOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
        let names = all.map(|one| type_of(one, types)).filter(|name| name != "null").collect::<Vec<_>>();
        names.join("|")
    };
    let schema = resolve(schema, types);
    if let Some(one) = schema["const"].as_str() {
        return one.to_owned();
    }
    if let Some(choices) = schema["enum"].as_array() {
        return choices.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|");
    }
    let named = match &schema["type"] {
        Value::String(one) => one.clone(),
        Value::Array(many) => {
            many.iter().filter_map(Value::as_str).find(|one| *one != "null").unwrap_or_default().into()
        }
        _ => return alternatives(schema),
    };
    match (named.as_str(), schema["format"].as_str()) {
        ("array", _) => format!("list of {}", type_of(&schema["items"], types)),
        ("string", Some("uuid")) => "id".to_owned(),
        ("string", Some("date-time")) => "time".to_owned(),
        _ => named,
    }
}

/// The request out of the words of the command line.
pub(super) fn request(schema: &RequestSchema, words: &[String]) -> Result<Value> {
    match words {
        [] => Ok(json!({})),
        [one] if one == "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|e| unreadable("-".as_ref(), e))?;
            object(&text)
        }
        [one] if one.trim_start().starts_with('{') => object(one),
        words => {
            let mut fields = Map::new();
            for word in words {
                let (name, value) = pair(word)?;
                let name = schema.spelled(name).into_owned();
                let value = value_of(schema, &name, value);
                fields.insert(name, value);
            }
            Ok(Value::Object(fields))
        }
    }
}

fn object(text: &str) -> Result<Value> {
    let value = crate::parse_json(text.as_bytes())?;
    if value.is_object() { Ok(value) } else { Err(Error::invalid("body", "must be a JSON object")) }
}

fn pair(word: &str) -> Result<(&str, &str)> {
    word.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
        Error::invalid("request", format!("must be one JSON object, `-`, or pairs KEY=VALUE; `{word}` is none"))
    })
}

/// The value of a pair: as its field's type has it; records and lists as JSON.
fn value_of(schema: &RequestSchema, name: &str, text: &str) -> Value {
    let nested = text.starts_with(['{', '[']).then(|| serde_json::from_str(text).ok()).flatten();
    nested.unwrap_or_else(|| schema.from_text(name, text))
}
