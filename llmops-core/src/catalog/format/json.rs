//! JSON: whether it is, whether it sends its reader to programs, which architectures and which shards it names, and whether
//! what is called a tokenizer is one.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::super::FileScan;
use super::broken;
use super::programs::Walked;
use crate::base::{Result, nested_deeper};

const CODE: &str = "invalid_json";
/// The deepest nesting, which readers with a limit of their own can read.
pub(super) const DEPTH: usize = 64;
/// The most architectures that are told, and the longest name of one, in bytes.
const ARCHITECTURES: usize = 16;
const NAME_BYTES: usize = 128;

/// The most files that a list of shards may name.
const SHARDS: usize = 4096;

/// The keys that matter at the top.
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

/// What turns text into tokens, and what nothing but that has.
#[derive(Deserialize)]
struct Tokenizer {
    #[serde(rename = "model")]
    _model: Vocabulary,
}

#[derive(Deserialize)]
struct Vocabulary {
    #[serde(rename = "vocab")]
    _vocab: Many,
}

/// A list or an object.
struct Many;

impl<'de> Deserialize<'de> for Many {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_any(ManyVisitor)
    }
}

struct ManyVisitor;

impl<'de> Visitor<'de> for ManyVisitor {
    type Value = Many;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Many, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Many)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Many, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Many)
    }
}

/// In which file each tensor lies.
#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

pub(super) fn check(bytes: &[u8]) -> Result<FileScan> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(broken(CODE, "begins with a byte order mark, which JSON has none of"));
    }
    if nested_deeper(bytes, DEPTH).is_some() {
        return Err(broken(CODE, &format!("is JSON that nests deeper than {DEPTH} levels")));
    }
    let walked = serde_json::from_slice::<Walked>(bytes)
        .map_err(|e| broken(CODE, &format!("is not JSON: line {} column {}", e.line(), e.column())))?;
    let top = top(bytes);
    Ok(FileScan { runs_code: top.runs_code || walked.sends, ..top })
}

/// Checks a tokenizer of the `tokenizers` library.
pub(super) fn check_tokenizer(bytes: &[u8]) -> Result<FileScan> {
    let scan = check(bytes)?;
    serde_json::from_slice::<Tokenizer>(bytes).map_err(|_| {
        broken("invalid_tokenizer", "is no tokenizer of the `tokenizers` library: it has no `model` with a `vocab`")
    })?;
    Ok(scan)
}

/// Checks the list of a model's shards.
pub(super) fn check_index(bytes: &[u8]) -> Result<FileScan> {
    Ok(FileScan { shards: shards(bytes)?, ..check(bytes)? })
}

/// What the keys at the top say.
fn top(bytes: &[u8]) -> FileScan {
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return FileScan::default();
    }
    match serde_json::from_slice::<Keys>(bytes) {
        Ok(keys) => FileScan {
            runs_code: keys.auto_map.is_some() || keys.trust_remote_code.is_some_and(|Trust(trusts)| trusts),
            architectures: keys.architectures.0,
            ..FileScan::default()
        },
        // A key that comes twice or holds something else cannot be read, and is taken for the worse.
        Err(_) => FileScan { runs_code: true, ..FileScan::default() },
    }
}

/// The files that a list of shards names, each once.
fn shards(bytes: &[u8]) -> Result<Vec<String>> {
    let index: Index = serde_json::from_slice(bytes).map_err(|_| {
        broken(
            "invalid_index",
            "is no list of shards: it has no `weight_map` that says for each tensor which file has it",
        )
    })?;
    let mut shards: Vec<String> = index.weight_map.into_values().collect();
    shards.sort_unstable();
    shards.dedup();
    match shards.iter().find(|shard| shard.len() > NAME_BYTES) {
        Some(_) => Err(broken("invalid_index", &format!("names a file by more than {NAME_BYTES} bytes"))),
        None if shards.len() > SHARDS => Err(broken("invalid_index", &format!("names more than {SHARDS} files"))),
        None => Ok(shards),
    }
}
