//! What a value looks like, read from its JSON schema.

use serde_json::{Map, Value};

/// What a value looks like.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Text.
    Text,
    /// An instant, as RFC 3339.
    Time,
    /// A whole number.
    Whole,
    /// A number.
    Real,
    /// A number that may be NaN or infinite, which travels as text then.
    AnyNumber,
    /// True or false.
    Flag,
    /// Bytes.
    Bytes,
    /// Anything.
    Any,
    /// One of these words.
    Words(Vec<String>),
    /// A list of one shape.
    List(Box<Shape>),
    /// An object with free keys and values of one shape.
    Map(Box<Shape>),
    /// A type with a name.
    Named(String),
    /// One of several.
    Union(Vec<Shape>),
    /// Absent, or this.
    Optional(Box<Shape>),
}

impl Shape {
    /// Reads a schema.
    pub fn read(schema: &Value) -> Self {
        if let Some(name) = schema["$ref"].as_str() {
            return named(name.rsplit('/').next().unwrap_or(name));
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let Some(alternatives) = schema[key].as_array() {
                return union(alternatives);
            }
        }
        if let Some(words) = words(schema) {
            return Self::Words(words.into_iter().map(|(word, _)| word).collect());
        }
        match &schema["type"] {
            Value::String(kind) => of_kind(kind, schema),
            Value::Array(kinds) => {
                let optional = kinds.iter().any(|k| k == "null");
                let mut rest: Vec<Self> = kinds
                    .iter()
                    .filter_map(Value::as_str)
                    .filter(|k| *k != "null")
                    .map(|k| of_kind(k, schema))
                    .collect();
                let shape = if rest.len() == 1 { rest.remove(0) } else { Self::Union(rest) };
                if optional { Self::Optional(Box::new(shape)) } else { shape }
            }
            _ => Self::Any,
        }
    }

    /// The shape without `Optional`.
    pub fn present(&self) -> &Self {
        match self {
            Self::Optional(inner) => inner.present(),
            other => other,
        }
    }

    /// The named types within.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Named(name) => vec![name],
            Self::List(of) | Self::Map(of) | Self::Optional(of) => of.names(),
            Self::Union(several) => several.iter().flat_map(Self::names).collect(),
            _ => Vec::new(),
        }
    }
}

/// The words a schema allows, each with what it means.
pub fn words(schema: &Value) -> Option<Vec<(String, String)>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(word) = schema.get("const").and_then(text) {
        return Some(vec![(word, schema["description"].as_str().unwrap_or_default().to_owned())]);
    }
    if let Some(all) = schema["enum"].as_array() {
        return all.iter().map(|one| text(one).map(|word| (word, String::new()))).collect();
    }
    let all = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array())?;
    let each: Option<Vec<_>> = all.iter().map(words).collect();
    each.map(|lists| lists.into_iter().flatten().collect())
}

fn named(name: &str) -> Shape {
    match name {
        "Timestamp" => Shape::Time,
        "Number" => Shape::AnyNumber,
        "Download" => Shape::Bytes,
        _ => Shape::Named(name.to_owned()),
    }
}

fn union(alternatives: &[Value]) -> Shape {
    let optional = alternatives.iter().any(|one| one["type"] == "null");
    let mut shapes: Vec<Shape> = Vec::new();
    for one in alternatives.iter().filter(|one| one["type"] != "null") {
        let shape = Shape::read(one);
        match (shape, shapes.last_mut()) {
            (Shape::Words(more), Some(Shape::Words(words))) => words.extend(more),
            (shape, last) if last.as_deref() != Some(&shape) => shapes.push(shape),
            _ => {}
        }
    }
    let shape = if shapes.len() == 1 { shapes.remove(0) } else { Shape::Union(shapes) };
    if optional { Shape::Optional(Box::new(shape)) } else { shape }
}

fn of_kind(kind: &str, schema: &Value) -> Shape {
    match kind {
        "string" if schema["format"] == "date-time" => Shape::Time,
        "string" if schema["format"] == "binary" => Shape::Bytes,
        "string" => Shape::Text,
        "integer" => Shape::Whole,
        "number" => Shape::Real,
        "boolean" => Shape::Flag,
        "array" => Shape::List(Box::new(schema.get("items").map_or(Shape::Any, Shape::read))),
        "object" => Shape::Map(Box::new(map_value(schema.as_object()))),
        _ => Shape::Any,
    }
}

fn map_value(schema: Option<&Map<String, Value>>) -> Shape {
    match schema.and_then(|s| s.get("additionalProperties")) {
        Some(of @ Value::Object(_)) => Shape::read(of),
        _ => Shape::Any,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Shape;

    #[track_caller]
    fn check(schema: serde_json::Value, shape: Shape) {
        assert_eq!(Shape::read(&schema), shape, "{schema}");
    }

    #[test]
    fn schemas_have_shapes() {
        let optional = |shape| Shape::Optional(Box::new(shape));
        check(json!({"type": "string"}), Shape::Text);
        check(json!({"type": ["integer", "null"]}), optional(Shape::Whole));
        check(json!({"anyOf": [{"$ref": "#/$defs/Model"}, {"type": "null"}]}), optional(Shape::Named("Model".into())));
        check(json!({"oneOf": [{"const": "a"}, {"const": "b"}]}), Shape::Words(vec!["a".into(), "b".into()]));
        check(json!({"type": "array", "items": {"$ref": "#/$defs/Timestamp"}}), Shape::List(Box::new(Shape::Time)));
        check(json!({"type": "object", "additionalProperties": true}), Shape::Map(Box::new(Shape::Any)));
        check(
            json!({"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Full"}]}),
            Shape::Union(vec![Shape::Text, Shape::Named("Full".into())]),
        );
    }
}
