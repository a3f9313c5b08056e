//! What the card of an external model must say, and when it loses its key.

use serde_json::{Map, Value};
use url::Url;

use crate::base::{Error, Result, Secret};
use crate::cards::is_key;
use crate::egress::guard::Guard;
use crate::provider::Maker;
use crate::vault::CredentialId;

const PROVIDER: &str = "provider";
const MODEL_NAME: &str = "modelName";
const BASE_URL: &str = "baseUrl";
/// Where a key comes in; it is never kept here.
const API_KEY: &str = "apiKey";
/// Which credential the key became.
const CREDENTIAL: &str = "credentialId";
/// The longest name of a model at its provider, in characters.
const NAME_CHARS: usize = 256;

/// Who answers for a model, where, and by which name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Form {
    pub maker: Maker,
    pub address: Url,
    pub model_name: String,
    pub credential: Option<CredentialId>,
}

impl Form {
    /// Reads it from a card; an address that goes without saying is written there.
    pub(super) fn read(card: &mut Map<String, Value>, guard: &Guard) -> Result<Self> {
        let maker = maker(card)?;
        let model_name = match text(card, MODEL_NAME)? {
            Some(name) if name.chars().count() <= NAME_CHARS => name.to_owned(),
            Some(_) => return Err(wrong(MODEL_NAME, format!("must be at most {NAME_CHARS} characters"))),
            None => return Err(wrong(MODEL_NAME, "is required: it says which model of the provider is meant")),
        };
        let address = match (text(card, BASE_URL)?, maker.address()) {
            (Some(address), _) => address.to_owned(),
            (None, Some(address)) => address.to_owned(),
            (None, None) => {
                return Err(wrong(BASE_URL, format!("is required by {}", maker.name()))
                    .hint(format!("for example {}", maker.example())));
            }
        };
        let address = guard.check("metadata.baseUrl", &address)?;
        if address.query().is_some() {
            return Err(wrong(BASE_URL, "must hold no query").hint("leave out what begins with `?`"));
        }
        card.insert(BASE_URL.into(), address.as_str().trim_end_matches('/').into());
        Ok(Self { maker, address, model_name, credential: credential(card)? })
    }

    /// The server that a key goes to.
    pub(super) fn origin(&self) -> String {
        self.address.origin().ascii_serialization()
    }

    /// Whether the key that the card had is not for this address, or this maker, and nobody named another.
    pub(super) fn has_moved(&self, before: &Map<String, Value>) -> bool {
        let named = credential(before).ok().flatten();
        let address = before.get(BASE_URL).and_then(Value::as_str).and_then(|text| Url::parse(text).ok());
        let same = address.is_some_and(|old| old.origin() == self.address.origin())
            && before.get(PROVIDER).and_then(Value::as_str) == Some(self.maker.name());
        !same && named == self.credential
    }

    /// Refuses a model that could never be asked.
    pub(super) fn check_key(&self, sent: bool) -> Result<()> {
        if sent || self.credential.is_some() || !self.maker.needs_key() {
            return Ok(());
        }
        Err(wrong(API_KEY, format!("is required by {}", self.maker.name()))
            .hint("send a key, which is sealed at once and never shown, or the `credentialId` of one that is stored"))
    }
}

/// Takes the key out of a card, so that it is written nowhere.
pub(super) fn take_key(card: &mut Map<String, Value>) -> Result<Option<Secret>> {
    match card.remove(API_KEY) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(key)) => Ok(Some(Secret::new(key))),
        Some(_) => Err(wrong(API_KEY, "must be a text")),
    }
}

/// A key in a card, however it is spelled, would be kept for all to read.
pub(super) fn refuse_key(card: &Map<String, Value>) -> Result<()> {
    let Some(key) = card.keys().find(|key| is_key(key)) else { return Ok(()) };
    let rule = format!("is not kept in a card as `{key}`");
    Err(wrong(API_KEY, rule)
        .hint("leave it out; of a model of the type `external` send it as `apiKey`, which is sealed"))
}

/// Whether two cards say the same of who is asked, and with which key.
pub(super) fn same_form(before: &Map<String, Value>, card: &Map<String, Value>) -> bool {
    [PROVIDER, MODEL_NAME, BASE_URL, CREDENTIAL].iter().all(|key| before.get(*key) == card.get(*key))
}

/// Whether two cards say the same of who answers, whatever the key.
pub(super) fn same_answer(before: &Map<String, Value>, card: &Map<String, Value>) -> bool {
    [PROVIDER, MODEL_NAME, BASE_URL].iter().all(|key| before.get(*key) == card.get(*key))
}

/// Says which credential belongs to the card; `None` takes it away.
pub(super) fn set_credential(card: &mut Map<String, Value>, id: Option<CredentialId>) {
    match id {
        Some(id) => drop(card.insert(CREDENTIAL.into(), id.to_string().into())),
        None => drop(card.remove(CREDENTIAL)),
    }
}

/// Whether the card names another credential than before.
pub(super) fn credential_changed(before: &Map<String, Value>, card: &Map<String, Value>) -> bool {
    before.get(CREDENTIAL) != card.get(CREDENTIAL)
}

fn credential(card: &Map<String, Value>) -> Result<Option<CredentialId>> {
    let id = text(card, CREDENTIAL)?;
    let id = id.map(|id| id.parse().map_err(|_| wrong(CREDENTIAL, "must be the id of a credential"))).transpose()?;
    Ok(id.map(CredentialId))
}

fn maker(card: &Map<String, Value>) -> Result<Maker> {
    let known = || Maker::ALL.map(Maker::name).join(", ");
    let name = text(card, PROVIDER)?;
    name.and_then(Maker::from_name).ok_or_else(|| {
        let rule = format!("must be one of {}", known());
        wrong(PROVIDER, rule).hint("`openai-compatible` is whoever speaks that dialect")
    })
}

/// A text of the card; one that is empty is none.
fn text<'c>(card: &'c Map<String, Value>, key: &str) -> Result<Option<&'c str>> {
    match card.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
        Some(_) => Err(wrong(key, "must be a text")),
    }
}

fn wrong(key: &str, rule: impl std::fmt::Display) -> Error {
    Error::invalid(format!("metadata.{key}"), rule)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(card: Value) -> Result<(Form, Value)> {
        let guard = Guard::new("localhost:11434".parse().unwrap()).unwrap();
        let mut card: Map<String, Value> = serde_json::from_value(card).unwrap();
        let form = Form::read(&mut card, &guard)?;
        Ok((form, card.into()))
    }

    #[test]
    fn an_address_that_goes_without_saying_is_written_down() {
        for (card, address, origin) in [
            (json!({ "provider": "openai", "modelName": "m" }), "https://api.openai.com/v1", "https://api.openai.com"),
            (json!({ "provider": "ollama", "modelName": "m" }), "http://localhost:11434", "http://localhost:11434"),
            (
                json!({ "provider": "openai-compatible", "modelName": "m", "baseUrl": " https://A.example/v1/ " }),
                "https://a.example/v1",
                "https://a.example",
            ),
        ] {
            let (form, card) = read(card).unwrap();
            assert_eq!((card["baseUrl"].as_str().unwrap(), form.origin().as_str()), (address, origin));
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (card, field) in [
            (json!({}), "metadata.provider"),
            (json!({ "provider": "nobody", "modelName": "m" }), "metadata.provider"),
            (json!({ "provider": 1, "modelName": "m" }), "metadata.provider"),
            (json!({ "provider": "openai" }), "metadata.modelName"),
            (json!({ "provider": "openai", "modelName": " " }), "metadata.modelName"),
            (json!({ "provider": "openai", "modelName": "m".repeat(257) }), "metadata.modelName"),
            (json!({ "provider": "azure-openai", "modelName": "m" }), "metadata.baseUrl"),
            (json!({ "provider": "openai", "modelName": "m", "baseUrl": "https://10.0.0.1/v1" }), "metadata.baseUrl"),
            (
                json!({ "provider": "openai", "modelName": "m", "baseUrl": "https://a.example/?k=1" }),
                "metadata.baseUrl",
            ),
            (json!({ "provider": "openai", "modelName": "m", "credentialId": "x" }), "metadata.credentialId"),
        ] {
            let error = read(card.clone()).unwrap_err();
            assert_eq!(error.field_name(), Some(field), "{card}: {error}");
        }
    }

    #[test]
    fn a_key_is_needed_where_nobody_is_answered_without() {
        let (openai, _) = read(json!({ "provider": "openai", "modelName": "m" })).unwrap();
        assert_eq!(openai.check_key(false).unwrap_err().field_name(), Some("metadata.apiKey"));
        openai.check_key(true).unwrap();
        let (ollama, _) = read(json!({ "provider": "ollama", "modelName": "m" })).unwrap();
        ollama.check_key(false).unwrap();
    }
}
