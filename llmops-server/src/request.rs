//! One request object from path, query and body.

use http::{HeaderMap, Uri, header};
use llmops_core::base::{Ctx, Error, ErrorKind, Result};
use llmops_core::op::RequestSchema;
use serde_json::{Map, Value};

use crate::json;

const HEADER_CHARS: usize = 255;

/// The fields of a request as they are gathered.
pub(crate) struct Fields<'a> {
    schema: &'a RequestSchema,
    fields: Map<String, Value>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(schema: &'a RequestSchema) -> Self {
        Self { schema, fields: Map::new() }
    }

    /// Takes the fields that the path names.
    pub(crate) fn path<'p>(&mut self, params: impl Iterator<Item = (&'p str, &'p str)>) {
        for (name, text) in params {
            self.fields.insert(name.to_owned(), self.schema.from_text(name, text));
        }
    }

    /// Takes the fields in the query. A list may be written `a,b` or given several times.
    pub(crate) fn query(&mut self, uri: &Uri) -> Result<()> {
        for (given, text) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            let name = self.schema.spelled(&given);
            let value = self.schema.from_text(&name, &text);
            match (self.fields.get_mut(name.as_ref()), value) {
                (Some(Value::Array(items)), Value::Array(more)) => items.extend(more),
                (Some(_), _) => return Err(twice(&name)),
                (None, value) => {
                    self.fields.insert(name.into_owned(), value);
                }
            }
        }
        Ok(())
    }

    /// Takes the fields of a JSON body.
    pub(crate) fn body(&mut self, headers: &HeaderMap, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        json_type(headers)?;
        let Value::Object(body) = json::parse(bytes)? else {
            return Err(Error::invalid("body", "must be a JSON object").hint("send the request's fields"));
        };
        for (given, value) in body {
            let name = self.schema.spelled(&given);
            if self.fields.contains_key(name.as_ref()) {
                return Err(twice(&name));
            }
            self.fields.insert(name.into_owned(), value);
        }
        Ok(())
    }

    /// Whether a field is given and true.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.fields.get(name) == Some(&Value::Bool(true))
    }

    /// Sets a field that a header stands for, unless the caller gave it in his own words.
    pub(crate) fn header(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text
            && self.schema.has(name)
            && !self.fields.contains_key(name)
        {
            self.fields.insert(name.to_owned(), self.schema.from_text(name, text));
        }
    }

    /// Takes a field out that the request does not have but the door uses.
    pub(crate) fn take_stranger(&mut self, name: &str) -> Option<String> {
        if self.schema.has(name) {
            return self.fields.get(name).and_then(Value::as_str).map(str::to_owned);
        }
        match self.fields.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn to_value(&self) -> Value {
        Value::Object(self.fields.clone())
    }

    pub(crate) fn into_value(self) -> Value {
        Value::Object(self.fields)
    }
}

/// Reads the headers that change how a call is made.
pub(crate) fn conditions(ctx: Ctx, headers: &HeaderMap) -> Result<Ctx> {
    let mut ctx = ctx;
    if let Some(key) = text_header(headers, "idempotency-key")? {
        ctx = ctx.with_idempotency_key(key);
    }
    if let Some(tag) = text_header(headers, "if-match")? {
        ctx = ctx.with_if_match(tag);
    }
    Ok(ctx)
}

/// A header of printable text, given at most once.
pub(crate) fn text_header<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>> {
    let mut given = headers.get_all(name).iter();
    let Some(value) = given.next() else { return Ok(None) };
    let wrong = |rule: &str| {
        Err(Error::new(ErrorKind::Malformed, format!("the header `{name}` {rule}"))
            .code("invalid_header")
            .field(name)
            .hint("send 1 to 255 printable ASCII characters, once"))
    };
    if given.next().is_some() {
        return wrong("is given twice");
    }
    match value.to_str() {
        Ok(text) if (1..=HEADER_CHARS).contains(&text.len()) => Ok(Some(text)),
        Ok(_) => wrong("must hold 1 to 255 characters"),
        Err(_) => wrong("must be printable ASCII"),
    }
}

fn json_type(headers: &HeaderMap) -> Result<()> {
    let given = headers.get(header::CONTENT_TYPE).map(|v| v.to_str().unwrap_or("unreadable"));
    let media = given.unwrap_or("application/json").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if media == "application/json" || (media.starts_with("application/") && media.ends_with("+json")) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Malformed, format!("a body of type `{media}` is not taken here"))
        .code("unsupported_media_type")
        .field("Content-Type")
        .hint("send JSON, with `Content-Type: application/json`"))
}

fn twice(name: &str) -> Error {
    Error::invalid(name, "is given twice").hint("give it once: in the path, in the query or in the body")
}
