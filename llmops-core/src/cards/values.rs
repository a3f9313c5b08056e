//! The values of a card, read from YAML or JSON within bounds.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::check::CARD_BYTES;

/// The most values in it, and bytes of their texts, each repetition of one that is named counted.
const VALUES: usize = 20_000;
const TEXT_BYTES: usize = 2 * CARD_BYTES;
/// The deepest that values may lie within one another.
const DEPTH: usize = 32;

/// The key in YAML whose fields the object has as well.
const MERGED: &str = "<<";

/// Values in the order in which they stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    /// One that holds no others.
    Leaf(Value),
    /// A list.
    List(Vec<Tree>),
    /// Fields.
    Fields(Vec<(String, Tree)>),
}

impl Tree {
    /// The same in the order of JSON.
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Leaf(value) => value,
            Self::List(list) => list.into_iter().map(Self::into_value).collect(),
            Self::Fields(fields) => fields.into_iter().map(|(key, one)| (key, one.into_value())).collect(),
        }
    }

    /// The fields, if they are some.
    pub(super) fn fields(&self) -> &[(String, Tree)] {
        match self {
            Self::Fields(fields) => fields,
            _ => &[],
        }
    }

    /// A field, as it stands last.
    pub(super) fn field(&self, key: &str) -> Option<&Self> {
        self.fields().iter().rfind(|(other, _)| other == key).map(|(_, one)| one)
    }

    /// A value of a list.
    pub(super) fn at(&self, index: usize) -> Option<&Self> {
        match self {
            Self::List(list) => list.get(index),
            _ => None,
        }
    }
}

/// Reads all values of YAML. What JSON has no number for is kept as its text: whole numbers of more than 64 bits, `.inf` and
/// `.nan`. So is a key that is no text. Merge keys are carried out.
pub(super) fn read_yaml<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
    Node { left: &Left::default(), depth: DEPTH, merges: true }.deserialize(deserializer)
}

/// The same of JSON, which has no merge keys.
pub(super) fn read_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
    Node { left: &Left::default(), depth: DEPTH, merges: false }.deserialize(deserializer)
}

/// Fields in whose place those stand that they are merged with, where none has its name. Of several, the first has it.
fn merged(fields: Vec<(String, Tree)>) -> Vec<(String, Tree)> {
    let can_merge = |one: &Tree| match one {
        Tree::Fields(_) => true,
        Tree::List(list) => list.iter().all(|one| matches!(one, Tree::Fields(_))),
        Tree::Leaf(_) => false,
    };
    if !fields.iter().any(|(key, one)| key == MERGED && can_merge(one)) {
        return fields;
    }
    let mut known: BTreeSet<String> = fields.iter().map(|(key, _)| key.clone()).collect();
    let mut all = Vec::new();
    for (key, one) in fields {
        match one {
            Tree::Fields(more) if key == MERGED => {
                all.extend(more.into_iter().filter(|(key, _)| known.insert(key.clone())))
            }
            Tree::List(list) if key == MERGED => {
                let more = list.into_iter().flat_map(|one| match one {
                    Tree::Fields(more) => more,
                    _ => Vec::new(),
                });
                all.extend(more.filter(|(key, _)| known.insert(key.clone())));
            }
            one => all.push((key, one)),
        }
    }
    all
}

/// What may still come: a few lines of YAML may stand for millions of values.
struct Left {
    values: Cell<usize>,
    bytes: Cell<usize>,
}

impl Default for Left {
    fn default() -> Self {
        Self { values: Cell::new(VALUES), bytes: Cell::new(TEXT_BYTES) }
    }
}

/// Reads a value and counts it.
#[derive(Clone, Copy)]
struct Node<'a> {
    left: &'a Left,
    depth: usize,
    merges: bool,
}

impl Node<'_> {
    fn take<E: serde::de::Error>(of: &Cell<usize>, count: usize) -> Result<(), E> {
        of.set(of.get().checked_sub(count).ok_or_else(|| E::custom("too much"))?);
        Ok(())
    }

    fn within<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom("too deep"))?;
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Self::take(&self.left.values, 1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a card")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.to_string().into()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.to_string().into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Leaf(match value {
            f64::INFINITY => ".inf".into(),
            f64::NEG_INFINITY => "-.inf".into(),
            value if value.is_nan() => ".nan".into(),
            value => value.into(),
        }))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Tree, E> {
        Self::take(&self.left.bytes, value.len())?;
        let plain = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
        Ok(Tree::Leaf(value.chars().filter(plain).collect::<String>().into()))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let (mut list, node) = (Vec::new(), self.within()?);
        while let Some(item) = items.next_element_seed(node)? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let (mut fields, node) = (Vec::new(), self.within()?);
        while let Some(key) = entries.next_key_seed(node)? {
            let key = match key {
                Tree::Leaf(Value::String(key)) => key,
                other => other.into_value().to_string(),
            };
            fields.push((key, entries.next_value_seed(node)?));
        }
        Ok(Tree::Fields(if self.merges { merged(fields) } else { fields }))
    }
}
