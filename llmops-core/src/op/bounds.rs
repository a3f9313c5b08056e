//! The limits that a schema states, held against a request: lengths, counts and ranges, each refusal with its field.

use std::fmt;

use serde_json::{Map, Value};

use super::RequestSchema;
use crate::base::{Error, Limits, Result};

/// Which texts are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// Without control characters but line breaks and tabs: they end up in tables and on people's screens.
    Plain,
    /// Any: what is said to a model is nobody's business.
    Any,
}

impl RequestSchema {
    /// Refuses a request beyond a limit that its schema states. What has another type than the schema says is not looked
    /// at: reading it refuses that.
    pub fn check(&self, value: &Value, texts: Texts) -> Result<()> {
        Bounds { schema: self, texts }.value(self.root(), value, &At::Root, 0)
    }
}

impl RequestSchema {
    /// Refuses what reading would let pass or lose: a list where an object belongs, which serde takes for the object's fields
    /// in their order; an object where a word belongs, as `{"draft": null}`; a number so large that it becomes infinite.
    pub fn check_shapes(&self, value: &Value) -> Result<()> {
        shape(self, self.root(), value, &At::Root)
    }
}

fn shape(all: &RequestSchema, schema: &Value, value: &Value, at: &At<'_>) -> Result<()> {
    let schema = all.resolve(schema);
    let alternatives: Vec<&Value> = match schema.get("anyOf").and_then(Value::as_array) {
        Some(any) => any.iter().map(|one| all.resolve(one)).collect(),
        None => vec![schema],
    };
    let wrong = |wanted: &str, got: &str| {
        Err(Error::invalid(at.to_string(), format!("must be {wanted}, not {got}")).hint("send that type"))
    };
    match value {
        Value::Array(items) => match alternatives.iter().find(|one| fits(one, value) && !is_word(one)) {
            Some(list) => {
                let of = list.get("items").unwrap_or(&Value::Null);
                let mut items = items.iter().enumerate();
                items.try_for_each(|(index, item)| shape(all, of, item, &At::Item(at, index)))
            }
            None if alternatives.iter().any(|one| one.get("properties").is_some()) => wrong("an object", "a list"),
            None => Ok(()),
        },
        Value::Object(fields) => match alternatives.iter().find(|one| fits(one, value) && !is_word(one)) {
            Some(object) => {
                let properties = object.get("properties").and_then(Value::as_object);
                let other = object.get("additionalProperties").unwrap_or(&Value::Null);
                fields.iter().try_for_each(|(name, value)| {
                    let of = properties.and_then(|properties| properties.get(name)).unwrap_or(other);
                    shape(all, of, value, &At::Field(at, name))
                })
            }
            None if alternatives.iter().any(|one| is_word(one)) => wrong("a word", "an object"),
            None => Ok(()),
        },
        Value::Number(_) => {
            alternatives.iter().filter(|one| fits(one, value)).try_for_each(|one| range(one, value, at))
        }
        _ => Ok(()),
    }
}

/// Whether a schema lists words.
fn is_word(schema: &Value) -> bool {
    ["const", "enum", "oneOf"].iter().any(|keyword| schema.get(keyword).is_some())
}

/// A place in a request; it is spelled out only when there is something to say about it.
enum At<'a> {
    Root,
    Field(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(Self::Root, name) => f.write_str(name),
            Self::Field(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

struct Bounds<'a> {
    schema: &'a RequestSchema,
    texts: Texts,
}

impl Bounds<'_> {
    fn value(&self, schema: &Value, value: &Value, at: &At<'_>, depth: usize) -> Result<()> {
        if depth > Limits::JSON_DEPTH {
            return Ok(());
        }
        let schema = self.schema.resolve(schema);
        for one in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
            if fits(self.schema.resolve(one), value) {
                self.value(one, value, at, depth + 1)?;
            }
        }
        match value {
            Value::String(text) => self.text(schema, text, at),
            Value::Number(_) => range(schema, value, at),
            Value::Array(items) => {
                count(schema, items.len(), at)?;
                let of = schema.get("items").unwrap_or(&Value::Null);
                let mut items = items.iter().enumerate();
                items.try_for_each(|(index, item)| self.value(of, item, &At::Item(at, index), depth + 1))
            }
            Value::Object(fields) => self.fields(schema, fields, at, depth),
            Value::Null | Value::Bool(_) => Ok(()),
        }
    }

    fn fields(&self, schema: &Value, fields: &Map<String, Value>, at: &At<'_>, depth: usize) -> Result<()> {
        if let Some(most) = limit(schema, "maxProperties")
            && fields.len() as u64 > most
        {
            return Err(Error::invalid(at.to_string(), format!("must have at most {most} keys, not {}", fields.len()))
                .hint("send fewer"));
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        let other = schema.get("additionalProperties").unwrap_or(&Value::Null);
        for (name, value) in fields {
            if self.texts == Texts::Plain && has_controls(name) {
                return Err(
                    Error::invalid(at.to_string(), "must not have control characters in a key").hint("remove them")
                );
            }
            let of = properties.and_then(|properties| properties.get(name)).unwrap_or(other);
            self.value(of, value, &At::Field(at, name), depth + 1)?;
        }
        Ok(())
    }

    fn text(&self, schema: &Value, text: &str, at: &At<'_>) -> Result<()> {
        if let Some(most) = limit(schema, "maxLength")
            && text.len() as u64 > most
            && text.chars().count() as u64 > most
        {
            return Err(Error::invalid(at.to_string(), format!("must be at most {most} characters")).hint("shorten it"));
        }
        if let Some(least) = limit(schema, "minLength")
            && (text.chars().count() as u64) < least
        {
            let rule = if least == 1 {
                "must not be empty".to_owned()
            } else {
                format!("must be at least {least} characters")
            };
            return Err(Error::invalid(at.to_string(), rule).hint("say more, or leave it out"));
        }
        if self.texts == Texts::Plain && has_controls(text) {
            return Err(Error::invalid(at.to_string(), "must not contain control characters").hint("remove them"));
        }
        Ok(())
    }
}

fn range(schema: &Value, value: &Value, at: &At<'_>) -> Result<()> {
    let (least, most) = (schema.get("minimum"), schema.get("maximum"));
    let within = least.is_none_or(|least| in_order(least, value)) && most.is_none_or(|most| in_order(value, most));
    if within {
        return Ok(());
    }
    let rule = match (least, most) {
        (Some(least), Some(most)) => format!("must be {} to {}, not {value}", plain(least), plain(most)),
        (Some(least), None) => format!("must be at least {}, not {value}", plain(least)),
        _ => format!("must be at most {}, not {value}", most.map(plain).unwrap_or_default()),
    };
    Err(Error::invalid(at.to_string(), rule).hint("send a number within these bounds"))
}

/// Whole numbers as such: a double cannot tell the largest of them apart.
fn in_order(less: &Value, more: &Value) -> bool {
    let whole = |value: &Value| value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    match (whole(less), whole(more)) {
        (Some(less), Some(more)) => less <= more,
        _ => less.as_f64() <= more.as_f64(),
    }
}

/// `2` for `2.0`.
fn plain(bound: &Value) -> String {
    let text = bound.to_string();
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn count(schema: &Value, items: usize, at: &At<'_>) -> Result<()> {
    let (least, most) = (limit(schema, "minItems").unwrap_or(0), limit(schema, "maxItems"));
    let (rule, hint) = match most {
        Some(most) if items as u64 > most => (format!("must hold at most {most} items, not {items}"), "send fewer"),
        _ if (items as u64) < least => (format!("must hold at least {least} items, not {items}"), "send more"),
        _ => return Ok(()),
    };
    Err(Error::invalid(at.to_string(), rule).hint(hint))
}

fn limit(schema: &Value, keyword: &str) -> Option<u64> {
    schema.get(keyword).and_then(Value::as_u64)
}

fn has_controls(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Whether a value has a type of this alternative.
fn fits(schema: &Value, value: &Value) -> bool {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is = |kind: &Value| kind == name || (name == "number" && kind == "integer");
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is),
        Some(kind) => is(kind),
        None => true,
    }
}
