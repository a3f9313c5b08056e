//! Whether JSON sends its reader to programs, at any depth: `auto_map` and `trust_remote_code`.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// What a value at any depth holds, as far as it matters here.
#[derive(Default)]
pub(super) struct Walked {
    /// `null`, `false` or a number, which send nobody anywhere: a vocabulary may hold any word with its number.
    nothing: bool,
    /// Whether there is a key below it that sends its reader to programs.
    pub sends: bool,
}

const NOTHING: Walked = Walked { nothing: true, sends: false };

impl<'de> Deserialize<'de> for Walked {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_any(Walk)
    }
}

struct Walk;

impl<'de> Visitor<'de> for Walk {
    type Value = Walked;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> std::result::Result<Walked, E> {
        Ok(NOTHING)
    }

    fn visit_bool<E>(self, is: bool) -> std::result::Result<Walked, E> {
        Ok(Walked { nothing: !is, sends: false })
    }

    fn visit_u64<E>(self, _: u64) -> std::result::Result<Walked, E> {
        Ok(NOTHING)
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<Walked, E> {
        Ok(NOTHING)
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<Walked, E> {
        Ok(NOTHING)
    }

    fn visit_str<E>(self, _: &str) -> std::result::Result<Walked, E> {
        Ok(Walked::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Walked, A::Error> {
        let mut walked = Walked::default();
        while let Some(value) = list.next_element::<Walked>()? {
            walked.sends |= value.sends;
        }
        Ok(walked)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Walked, A::Error> {
        let mut walked = Walked::default();
        while let Some(Sends(sends)) = map.next_key()? {
            let value: Walked = map.next_value()?;
            walked.sends |= value.sends || (sends && !value.nothing);
        }
        Ok(walked)
    }
}

/// Whether a key is one that sends its reader to programs.
struct Sends(bool);

impl<'de> Deserialize<'de> for Sends {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_str(SendsVisitor)
    }
}

struct SendsVisitor;

impl Visitor<'_> for SendsVisitor {
    type Value = Sends;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> std::result::Result<Sends, E> {
        Ok(Sends(matches!(key, "auto_map" | "trust_remote_code")))
    }
}
