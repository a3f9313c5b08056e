//! A field that a change leaves as it is, empties or fills.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a JSON merge patch (RFC 7396) says of a field that may be empty: nothing, `null`, or a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// It is not named: what is there stays.
    #[default]
    Stays,
    /// `null`: it is emptied.
    Empties,
    /// It becomes this.
    Is(T),
}

/// What the schema of such a field says beside its type: whoever writes types for a language lets `null` pass there.
pub const EMPTIED_BY_NULL: &str = "x-emptied-by-null";

impl<T> Patch<T> {
    /// Whether nothing is said of the field.
    pub fn stays(&self) -> bool {
        matches!(self, Self::Stays)
    }

    /// What it becomes, if it becomes something.
    pub fn given(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Stays | Self::Empties => None,
        }
    }

    /// What the field holds after the change.
    pub fn over(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Stays => before,
            Self::Empties => None,
            Self::Is(value) => Some(value),
        }
    }
}

/// Reads a field of a merge patch that cannot be emptied, for `deserialize_with`: `null` would empty it, so it is refused and
/// not taken for a field that stays.
pub fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)?
        .map_or_else(|| Err(D::Error::custom("it cannot be emptied; leave it out to keep it")), |it| Ok(Some(it)))
}

/// A field that stays has no JSON: leave it out with `skip_serializing_if = "Patch::stays"`.
impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.given().serialize(to)
    }
}

/// Only what is there is read; a field that is not is left to `default`.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(from)?.map_or(Self::Empties, Self::Is))
    }
}

impl<T: JsonSchema> JsonSchema for Patch<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Option::<T>::json_schema(generator);
        schema.insert(EMPTIED_BY_NULL.to_owned(), true.into());
        schema
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    struct Change {
        #[serde(default, skip_serializing_if = "Patch::stays")]
        #[schemars(length(max = 8))]
        team: Patch<String>,
    }

    #[test]
    fn nothing_null_and_a_value_are_three_things() {
        let before = Some("a".to_owned());
        for (json, team, after) in [
            (json!({}), Patch::Stays, before.clone()),
            (json!({ "team": null }), Patch::Empties, None),
            (json!({ "team": "b" }), Patch::Is("b".to_owned()), Some("b".to_owned())),
        ] {
            let read: Change = serde_json::from_value(json.clone()).unwrap();
            assert_eq!((&read.team, serde_json::to_value(&read).unwrap()), (&team, json));
            assert_eq!(team.over(before.clone()), after);
        }
    }

    #[test]
    fn its_schema_is_that_of_what_may_be_absent() {
        let schema = serde_json::to_value(schemars::schema_for!(Change)).unwrap();
        let team = json!({ "type": ["string", "null"], "maxLength": 8, EMPTIED_BY_NULL: true });
        assert_eq!((&schema["properties"]["team"], &schema["required"]), (&team, &Value::Null));
    }
}
