//! The schema of a request at work: both spellings of a field, and text from an address as the type it stands for.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::Operation;
use crate::base::{Error, Limits, Result};

/// What a request may look like.
pub struct RequestSchema {
    root: Value,
    definitions: Map<String, Value>,
}

impl RequestSchema {
    /// The schema of this operation's request.
    pub fn of(op: &Operation) -> Self {
        let mut generator = SchemaGenerator::new(SchemaSettings::draft2020_12());
        let root = (op.request)(&mut generator).to_value();
        Self { root, definitions: generator.take_definitions(true) }
    }

    /// Gives every field its camelCase name, so that `model_id` and `modelId` mean the same; keys of free maps stay.
    pub fn normalize(&self, value: &mut Value) -> Result<()> {
        self.rename(&self.root, value, 0)
    }

    /// Whether the request has this field (camelCase).
    pub fn has(&self, field: &str) -> bool {
        self.property(&self.root, field).is_some()
    }

    /// The names of the request's fields (camelCase).
    pub fn fields(&self) -> Vec<String> {
        let root = self.resolve(&self.root);
        root.get("properties").and_then(Value::as_object).map(|p| p.keys().cloned().collect()).unwrap_or_default()
    }

    /// The field that this spelling means: `model_id` and `modelId` are `modelId`. A stranger stays as it is.
    pub fn spelled<'a>(&self, given: &'a str) -> std::borrow::Cow<'a, str> {
        let camel = camel_case(given);
        if !self.has(given) && self.has(&camel) { camel.into() } else { given.into() }
    }

    /// Reads text from a path or a query as the type of its field: `20` as a number, `a,b` as a list.
    pub fn from_text(&self, field: &str, text: &str) -> Value {
        let Some(schema) = self.property(&self.root, field) else { return Value::from(text) };
        self.typed(schema, text)
    }

    fn typed(&self, schema: &Value, text: &str) -> Value {
        for kind in self.types(schema) {
            let read = match kind.as_str() {
                "integer" => text.parse::<i64>().ok().map(Value::from),
                "number" => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
                "boolean" => match text {
                    "true" | "1" => Some(Value::from(true)),
                    "false" | "0" => Some(Value::from(false)),
                    _ => None,
                },
                "array" => {
                    let items = self.resolve(schema).get("items").unwrap_or(&Value::Null);
                    Some(text.split(',').map(|one| self.typed(items, one)).collect())
                }
                _ => None,
            };
            if let Some(value) = read {
                return value;
            }
        }
        Value::from(text)
    }

    fn types(&self, schema: &Value) -> Vec<String> {
        let schema = self.resolve(schema);
        let named = match schema.get("type") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let alternatives = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
        named.into_iter().chain(alternatives.flat_map(|one| self.types(one))).collect()
    }

    /// The schema itself.
    pub(super) fn root(&self) -> &Value {
        &self.root
    }

    /// The schema that a reference means.
    pub(super) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        for _ in 0..Limits::JSON_DEPTH {
            let Some(name) = schema.get("$ref").and_then(Value::as_str) else { break };
            let name = name.rsplit('/').next().unwrap_or(name);
            match self.definitions.get(name) {
                Some(found) => schema = found,
                None => break,
            }
        }
        schema
    }

    fn property<'a>(&'a self, schema: &'a Value, field: &str) -> Option<&'a Value> {
        self.resolve(schema).get("properties")?.get(field)
    }

    fn rename(&self, schema: &Value, value: &mut Value, depth: usize) -> Result<()> {
        if depth > Limits::JSON_DEPTH {
            return Err(Error::new(crate::base::ErrorKind::Malformed, "the request nests deeper than 64 levels")
                .code("too_deep")
                .hint("flatten it"));
        }
        let schema = self.resolve(schema);
        for alternative in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
            self.rename(alternative, value, depth + 1)?;
        }
        match value {
            Value::Object(map) => self.rename_object(schema, map, depth),
            Value::Array(items) => {
                let of = schema.get("items").unwrap_or(&Value::Null);
                items.iter_mut().try_for_each(|item| self.rename(of, item, depth + 1))
            }
            _ => Ok(()),
        }
    }

    fn rename_object(&self, schema: &Value, map: &mut Map<String, Value>, depth: usize) -> Result<()> {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            let of = schema.get("additionalProperties").unwrap_or(&Value::Null);
            return map.values_mut().try_for_each(|value| self.rename(of, value, depth + 1));
        };
        let strangers: Vec<String> = map.keys().filter(|key| !properties.contains_key(*key)).cloned().collect();
        for key in strangers {
            let camel = camel_case(&key);
            if !properties.contains_key(&camel) {
                continue;
            }
            if map.contains_key(&camel) {
                return Err(Error::invalid(camel, "is given twice, in both spellings").hint("send one of them"));
            }
            if let Some(value) = map.remove(&key) {
                map.insert(camel, value);
            }
        }
        for (key, value) in map.iter_mut() {
            self.rename(properties.get(key).unwrap_or(&Value::Null), value, depth + 1)?;
        }
        Ok(())
    }
}

/// `model_id` as `modelId`.
pub(super) fn camel_case(snake: &str) -> String {
    let mut out = String::with_capacity(snake.len());
    let mut upper = false;
    for c in snake.chars() {
        match c {
            '_' if !out.is_empty() => upper = true,
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}

/// `createModel` as `create_model`.
pub(super) fn snake_case(camel: &str) -> String {
    let mut out = String::with_capacity(camel.len() + 4);
    for c in camel.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
