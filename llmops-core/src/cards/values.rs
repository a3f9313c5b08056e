//! The values of a card, read from YAML or JSON within bounds.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::check::CARD_BYTES;

/// The most values in it, and bytes of their texts, each repetition of one that is named counted.
const VALUES: usize = 20_000;
const TEXT_BYTES: usize = 2 * CARD_BYTES;
/// The deepest that values may lie within one another.
const DEPTH: usize = 32;

/// Reads all values. What JSON has no number for is kept as its text: whole numbers of more than 64 bits, `.inf` and `.nan`.
/// So is a key that is no text.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Node { left: &Left::default(), depth: DEPTH }.deserialize(deserializer)
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
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Self::take(&self.left.values, 1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a card")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(value.to_string().into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(value.to_string().into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(match value {
            f64::INFINITY => ".inf".into(),
            f64::NEG_INFINITY => "-.inf".into(),
            value if value.is_nan() => ".nan".into(),
            value => value.into(),
        })
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        Self::take(&self.left.bytes, value.len())?;
        let plain = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
        Ok(value.chars().filter(plain).collect::<String>().into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let (mut list, node) = (Vec::new(), self.within()?);
        while let Some(item) = items.next_element_seed(node)? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let (mut object, node) = (Map::new(), self.within()?);
        while let Some(key) = entries.next_key_seed(node)? {
            let key = match key {
                Value::String(key) => key,
                other => other.to_string(),
            };
            object.insert(key, entries.next_value_seed(node)?);
        }
        Ok(object.into())
    }
}
