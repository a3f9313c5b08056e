//! The values of a line of JSON under the keys that are wanted, left as they are written: nothing of a number is lost.

use std::collections::HashMap;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The keys that are wanted, and which column each is.
pub(super) struct Keys {
    columns: HashMap<String, usize>,
}

impl Keys {
    /// These, in this order.
    pub(super) fn new(names: &[String]) -> Self {
        Self { columns: names.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect() }
    }

    /// The value under each of the keys; of one that repeats the last.
    pub(super) fn read<'l>(&self, line: &'l str) -> serde_json::Result<Vec<Option<&'l RawValue>>> {
        let mut reader = serde_json::Deserializer::from_str(line);
        let values = reader.deserialize_map(Values(self))?;
        reader.end()?;
        Ok(values)
    }
}

struct Values<'k>(&'k Keys);

impl<'de> Visitor<'de> for Values<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = vec![None; self.0.columns.len()];
        while let Some(column) = map.next_key_seed(Key(self.0))? {
            match column.and_then(|at| values.get_mut(at)) {
                Some(value) => *value = Some(map.next_value()?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(values)
    }
}

/// A key, as the column that it is.
struct Key<'k>(&'k Keys);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.columns.get(key).copied())
    }
}
