//! JSON: whether it is, whether it sends its reader to programs, and which architectures it names.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::super::FileScan;
use super::broken;
use crate::base::{Result, nested_deeper};

const CODE: &str = "invalid_json";
/// The deepest nesting, which readers with a limit of their own can read.
pub(super) const DEPTH: usize = 64;
/// The most architectures that are told, and the longest name of one, in bytes.
const ARCHITECTURES: usize = 16;
const NAME_BYTES: usize = 128;

/// The keys that matter here.
#[derive(Deserialize)]
struct Keys {
    auto_map: Option<IgnoredAny>,
    trust_remote_code: Option<Trust>,
    #[serde(default)]
    architectures: Architectures,
}

/// Whether `trust_remote_code` is anything but `false`.
struct Trust(bool);

impl<'de> Deserialize<'de> for Trust {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_bool(TrustVisitor)
    }
}

struct TrustVisitor;

impl Visitor<'_> for TrustVisitor {
    type Value = Trust;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false")
    }

    fn visit_bool<E>(self, trusts: bool) -> std::result::Result<Trust, E> {
        Ok(Trust(trusts))
    }
}

/// The names in a list of names; something else under that key, or beyond the bounds, is not told.
#[derive(Default)]
struct Architectures(Vec<String>);

impl<'de> Deserialize<'de> for Architectures {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_option(NamesVisitor)
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = Architectures;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of names")
    }

    fn visit_none<E>(self) -> std::result::Result<Architectures, E> {
        Ok(Architectures::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> std::result::Result<Architectures, D::Error> {
        from.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Architectures, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = list.next_element::<std::borrow::Cow<'de, str>>()? {
            if names.len() < ARCHITECTURES && name.len() <= NAME_BYTES {
                names.push(name.into_owned());
            }
        }
        Ok(Architectures(names))
    }
}

pub(super) fn check(bytes: &[u8]) -> Result<FileScan> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(broken(CODE, "begins with a byte order mark, which JSON has none of"));
    }
    if nested_deeper(bytes, DEPTH).is_some() {
        return Err(broken(CODE, &format!("is JSON that nests deeper than {DEPTH} levels")));
    }
    serde_json::from_slice::<IgnoredAny>(bytes)
        .map_err(|e| broken(CODE, &format!("is not JSON: line {} column {}", e.line(), e.column())))?;
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Ok(FileScan::default());
    }
    Ok(match serde_json::from_slice::<Keys>(bytes) {
        Ok(keys) => FileScan {
            runs_code: keys.auto_map.is_some() || keys.trust_remote_code.is_some_and(|Trust(trusts)| trusts),
            architectures: keys.architectures.0,
            ..FileScan::default()
        },
        // A key that comes twice or holds something else cannot be read, and is taken for the worse.
        Err(_) => FileScan { runs_code: true, ..FileScan::default() },
    })
}
