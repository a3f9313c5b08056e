//! Text that cannot be printed by accident.

use zeroize::Zeroize;

/// A credential. It has no `Display`, its `Debug` and JSON are masked, and its memory is cleared.
#[derive(Clone, serde::Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that must send or hash it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl serde::Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A secret in a request: it is sent and read as it is, and printed as little as any other.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(transparent)]
pub struct SecretInput(pub Secret);

impl serde::Serialize for SecretInput {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl schemars::JsonSchema for SecretInput {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SecretInput".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "writeOnly": true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `{}` shows of a thing, and nothing where it has no `Display`: a method of the type goes before a trait's.
    struct Shown<T>(T);

    impl<T: std::fmt::Display> Shown<T> {
        fn text(&self) -> String {
            self.0.to_string()
        }
    }

    trait Undisplayed {
        fn text(&self) -> String {
            String::new()
        }
    }

    impl<T> Undisplayed for Shown<T> {}

    #[test]
    fn a_secret_is_printed_by_nothing() {
        let secret = || Secret::new("hush");
        assert_eq!(Shown("hush").text(), "hush");
        for printed in [
            format!("{:?} {:#?}", secret(), Some(secret())),
            format!("{:?} {:#?}", SecretInput(secret()), Some(SecretInput(secret()))),
            serde_json::json!({ "key": secret() }).to_string(),
            Shown(secret()).text() + &Shown(SecretInput(secret())).text(),
        ] {
            assert!(!printed.contains("hush"), "{printed}");
        }
    }
}
