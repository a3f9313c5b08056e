//! One declaration per operation: [`service!`] turns a trait into the typed call, the gate, the remote client and the
//! table from which every door is made. Rank 1.

mod bounds;
mod decode;
mod describe;
mod drive;
mod gate;
mod openapi;
mod pull;
mod push;
mod recommended;
mod remote;
mod schema;
mod service;
mod table;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use schemars::{Schema, SchemaGenerator};
use serde_json::Value;
use std::sync::Arc;

pub use bounds::Texts;
pub use decode::{decode, encode};
pub use describe::describe;
pub use drive::drive;
pub use gate::{Entered, Gate, Gated, Outcome};
pub use openapi::openapi;
pub use pull::Pull;
pub use push::Push;
pub use recommended::RecommendedOperation;
pub use remote::{Remote, Wire};
pub use schema::RequestSchema;
pub(crate) use service::service;
pub use table::{Handles, OperationTable, named};

use crate::base::{ByteStream, Ctx, Events, Result};

/// One thing a caller can ask of the platform.
pub struct Operation {
    /// As `catalog.create_model`.
    pub name: &'static str,
    /// The lines of its documentation.
    pub docs: &'static [&'static str],
    /// The HTTP verb.
    pub verb: &'static str,
    /// The path below `/llm-ops/v1`.
    pub path: &'static str,
    /// What the caller must hold.
    pub access: Access,
    /// The schema of the request.
    pub request: fn(&mut SchemaGenerator) -> Schema,
    /// The schema of the answer, or of one item of a stream.
    pub response: fn(&mut SchemaGenerator) -> Schema,
    /// How it is carried out.
    pub run: Run,
}

impl Operation {
    /// The room, as `catalog`.
    pub fn domain(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(domain, _)| domain)
    }

    /// The method, as `create_model`.
    pub fn method(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(_, method)| method)
    }

    /// How its answer travels.
    pub fn kind(&self) -> Kind {
        match self.run {
            Run::Unary(_) => Kind::Unary,
            Run::Stream(_) => Kind::Stream,
            Run::Upload(_) => Kind::Upload,
            Run::Download(_) => Kind::Download,
        }
    }

    /// Whether a repeated call with the same `Idempotency-Key` must happen once.
    pub fn idempotent_by_key(&self) -> bool {
        self.verb == "POST" && matches!(self.access, Access::Write(_)) && self.kind() == Kind::Unary
    }
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.name, self.verb, self.path)
    }
}

/// What a caller must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, even unknown.
    Public,
    /// This permission; nothing is changed.
    Read(&'static str),
    /// This permission; the call is one transaction with its audit entry.
    Write(&'static str),
}

impl Access {
    /// The permission, if one is needed.
    pub fn permission(self) -> Option<&'static str> {
        match self {
            Self::Public => None,
            Self::Read(permission) | Self::Write(permission) => Some(permission),
        }
    }
}

/// How an answer travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One request, one answer.
    Unary,
    /// One request, many items (server-sent events).
    Stream,
    /// A request with files.
    Upload,
    /// A request answered with bytes.
    Download,
}

impl Kind {
    /// As `unary`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unary => "unary",
            Self::Stream => "stream",
            Self::Upload => "upload",
            Self::Download => "download",
        }
    }
}

/// An operation under way.
pub type Pending<T> = BoxFuture<'static, Result<T>>;

/// How an operation is carried out from JSON.
pub enum Run {
    /// One request, one answer.
    Unary(fn(Arc<Handles>, Ctx, Value) -> Pending<Value>),
    /// One request, many items.
    Stream(fn(Arc<Handles>, Ctx, Value) -> Pending<Events<Value>>),
    /// A request with files.
    Upload(fn(Arc<Handles>, Ctx, Value, Parts) -> Pending<Value>),
    /// A request answered with bytes.
    Download(fn(Arc<Handles>, Ctx, Value) -> Pending<Download>),
}

/// One file on its way in. Read it to its end before asking for the next.
pub struct Part {
    /// The name the sender gave it.
    pub name: String,
    /// Its bytes.
    pub body: ByteStream,
}

impl Part {
    /// A part whose bytes are at hand.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { name: name.into(), body: Box::pin(futures::stream::once(async move { Ok(bytes) })) }
    }
}

/// The files of an upload, one after the other.
pub type Parts = BoxStream<'static, Result<Part>>;

/// The files of an upload that are at hand.
pub fn parts(parts: Vec<Part>) -> Parts {
    Box::pin(futures::stream::iter(parts.into_iter().map(Ok)))
}

/// Bytes on their way out.
pub struct Download {
    /// The bytes, of the range if one was asked for.
    pub body: ByteStream,
    /// The length of `body`, if it is known.
    pub length: Option<u64>,
    /// First byte, last byte and total of a partial answer.
    pub range: Option<(u64, u64, u64)>,
    /// The media type.
    pub content_type: String,
    /// The name to save it under.
    pub file_name: String,
    /// The SHA-256 of the whole, in hex, if it is known.
    pub digest: Option<String>,
}

impl schemars::JsonSchema for Download {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Download".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "string", "format": "binary"})
    }
}

/// Reads a Range header for a file of `total` bytes: the half-open range, or `None` for the whole. Several ranges, or a
/// unit other than bytes, mean the whole, as HTTP allows.
///
/// # Errors
/// `range_not_satisfiable` for a range that lies outside the file.
pub fn byte_range(header: Option<&str>, total: u64) -> Result<Option<std::ops::Range<u64>>> {
    let Some(spec) = header.and_then(|text| text.trim().strip_prefix("bytes=")) else { return Ok(None) };
    let Some((first, last)) = spec.split_once('-').filter(|_| !spec.contains(',')) else { return Ok(None) };
    let (first, last) = (first.trim(), last.trim());
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(total),
        (Ok(first), Err(_)) if last.is_empty() => first..total,
        (Err(_), Ok(count)) if first.is_empty() => total.saturating_sub(count)..total,
        _ => return Ok(None),
    };
    if range.start < range.end {
        return Ok(Some(range));
    }
    Err(crate::base::Error::new(
        crate::base::ErrorKind::Range,
        format!("the range lies outside the file's {total} bytes"),
    )
    .field("range")
    .hint("ask for less"))
}
