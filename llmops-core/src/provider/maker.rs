//! Whose models there are beside our own: where each maker answers, how a key is sent there, and which models it offers.

use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::{Error, ErrorKind, Result, Secret};
use crate::egress::guard::{Answered, Ask, Guard};

/// The longest that listing models may take.
const WITHIN: Duration = Duration::from_secs(15);
/// The largest list, in bytes.
const LIST_BYTES: usize = 4 << 20;
/// The most models that are told.
const MODELS: usize = 1000;
/// As much of a refusal's reason as is told, in characters.
const REASON_CHARS: usize = 300;

/// Who runs a model that is not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Maker {
    /// OpenAI.
    #[serde(rename = "openai")]
    OpenAi,
    /// Whoever speaks OpenAI's dialect: vLLM, llama.cpp, LM Studio, OpenRouter and many more.
    #[serde(rename = "openai-compatible")]
    OpenAiCompatible,
    /// Ollama.
    Ollama,
    /// Anthropic.
    Anthropic,
    /// Google Gemini.
    Gemini,
    /// Azure OpenAI.
    #[serde(rename = "azure-openai")]
    AzureOpenAi,
    /// Amazon Bedrock.
    Bedrock,
}

/// How to reach a maker.
struct Way {
    name: &'static str,
    /// Where it answers, unless each customer has an address of his own.
    address: Option<&'static str>,
    /// An example of such an address.
    example: &'static str,
    needs_key: bool,
    /// The path of the list of models, behind the address.
    list: &'static str,
    /// The header that carries the key, and what stands before it there.
    key: (&'static str, &'static str),
    headers: &'static [(&'static str, &'static str)],
    /// Where the list is in the answer, the member with a model's name, and what stands before the name.
    models: (&'static str, &'static str, &'static str),
}

/// The way that most others are like.
const OPENAI: Way = Way {
    name: "openai",
    address: Some("https://api.openai.com/v1"),
    example: "https://api.openai.com/v1",
    needs_key: true,
    list: "models",
    key: ("authorization", "Bearer "),
    headers: &[],
    models: ("data", "id", ""),
};

impl Maker {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::OpenAi,
        Self::OpenAiCompatible,
        Self::Ollama,
        Self::Anthropic,
        Self::Gemini,
        Self::AzureOpenAi,
        Self::Bedrock,
    ];

    fn way(self) -> Way {
        match self {
            Self::OpenAi => OPENAI,
            Self::OpenAiCompatible => Way {
                name: "openai-compatible",
                address: None,
                example: "https://models.example.com/v1",
                needs_key: false,
                ..OPENAI
            },
            Self::Ollama => Way {
                name: "ollama",
                address: Some("http://localhost:11434"),
                example: "http://localhost:11434",
                needs_key: false,
                list: "api/tags",
                models: ("models", "name", ""),
                ..OPENAI
            },
            Self::Anthropic => Way {
                name: "anthropic",
                address: Some("https://api.anthropic.com"),
                example: "https://api.anthropic.com",
                list: "v1/models?limit=1000",
                key: ("x-api-key", ""),
                headers: &[("anthropic-version", "2023-06-01")],
                ..OPENAI
            },
            Self::Gemini => Way {
                name: "gemini",
                address: Some("https://generativelanguage.googleapis.com"),
                example: "https://generativelanguage.googleapis.com",
                list: "v1beta/models?pageSize=1000",
                key: ("x-goog-api-key", ""),
                models: ("models", "name", "models/"),
                ..OPENAI
            },
            Self::AzureOpenAi => Way {
                name: "azure-openai",
                address: None,
                example: "https://RESOURCE.openai.azure.com",
                list: "openai/v1/models",
                key: ("api-key", ""),
                ..OPENAI
            },
            Self::Bedrock => Way {
                name: "bedrock",
                address: None,
                example: "https://bedrock.us-east-1.amazonaws.com",
                list: "foundation-models",
                models: ("modelSummaries", "modelId", ""),
                ..OPENAI
            },
        }
    }

    /// As `openai-compatible`.
    pub fn name(self) -> &'static str {
        self.way().name
    }

    /// The maker of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|maker| maker.name() == name)
    }

    /// Where it answers; `None` when each customer has an address of his own.
    pub fn address(self) -> Option<&'static str> {
        self.way().address
    }

    /// An address as it may be.
    pub fn example(self) -> &'static str {
        self.way().example
    }

    /// Whether it answers nobody without a key.
    pub fn needs_key(self) -> bool {
        self.way().needs_key
    }

    /// Whether its list holds what a request names as its model. Azure's lists models, and a request names a deployment.
    pub fn lists_names(self) -> bool {
        self != Self::AzureOpenAi
    }

    /// Asks for the list of models, which costs nothing. Says the names, at most 1,000, and how long it took.
    ///
    /// # Errors
    /// Those of [`Guard::get`]; `upstream` with the codes `upstream_refused` for a key that is not taken, `upstream_failed`,
    /// `upstream_garbled`.
    pub async fn models(self, guard: &Guard, address: &str, key: Option<Secret>) -> Result<(Vec<String>, Duration)> {
        let way = self.way();
        let url = format!("{}/{}", address.trim_end_matches('/'), way.list);
        let headers: Vec<_> = way.headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let secret = key.map(|key| (way.key.0, Secret::new(format!("{}{}", way.key.1, key.expose()))));
        let begun = Instant::now();
        let answered =
            guard.get(Ask { url: &url, headers: &headers, secret, within: WITHIN, limit: LIST_BYTES }).await?;
        let took = begun.elapsed();
        Ok((names(&way, &answered)?, took))
    }
}

/// The names in a list of models.
fn names(way: &Way, answered: &Answered) -> Result<Vec<String>> {
    let body: Value = serde_json::from_slice(&answered.body).unwrap_or_default();
    if !(200..300).contains(&answered.status) {
        return Err(refusal(answered.status, &body));
    }
    let (list, member, before) = way.models;
    let garbled = || {
        Error::new(ErrorKind::Upstream, format!("what answers there is not {}: it lists no models", way.name))
            .code("upstream_garbled")
            .hint(format!("check the address; it may be {}", way.example))
    };
    let models = body.get(list).and_then(Value::as_array).ok_or_else(garbled)?;
    let names = models.iter().filter_map(|model| model.get(member)?.as_str());
    Ok(names.map(|name| name.strip_prefix(before).unwrap_or(name).to_owned()).take(MODELS).collect())
}

fn refusal(status: u16, body: &Value) -> Error {
    let said = ["/error/message", "/message", "/error"].into_iter().find_map(|at| body.pointer(at)?.as_str());
    let said = said.map(reason).unwrap_or_default();
    match status {
        401 | 403 => Error::new(ErrorKind::Upstream, format!("the provider does not take the key{said}"))
            .code("upstream_refused")
            .hint("store a key that is in force, with `metadata.apiKey`"),
        404 => Error::new(ErrorKind::Upstream, format!("there is no list of models at that address{said}"))
            .code("upstream_failed")
            .hint("check `metadata.baseUrl`; the path is part of it"),
        other => Error::new(ErrorKind::Upstream, format!("the provider answers with status {other}{said}"))
            .code("upstream_failed")
            .hint("try again; if it goes on, ask the provider"),
    }
}

/// What a stranger says, as much of it as helps and nothing that a terminal would obey.
fn reason(said: &str) -> String {
    let plain: String = said.chars().filter(|c| !c.is_control()).take(REASON_CHARS).collect();
    format!(": {plain}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(maker: Maker, status: u16, body: Value) -> Result<Vec<String>> {
        names(&maker.way(), &Answered { status, body: body.to_string().into_bytes() })
    }

    #[test]
    fn every_maker_is_found_by_its_name_and_has_an_address_or_an_example() {
        for maker in Maker::ALL {
            assert_eq!(Maker::from_name(maker.name()), Some(maker));
            assert_eq!(serde_json::to_value(maker).unwrap(), maker.name());
            assert!(url::Url::parse(maker.example()).is_ok(), "{}", maker.name());
        }
    }

    #[test]
    fn each_list_is_read_as_its_maker_writes_it() {
        for (maker, body) in [
            (Maker::OpenAi, json!({ "object": "list", "data": [{ "id": "small", "object": "model" }] })),
            (Maker::Ollama, json!({ "models": [{ "name": "small", "size": 1 }] })),
            (Maker::Anthropic, json!({ "data": [{ "type": "model", "id": "small" }], "has_more": false })),
            (Maker::Gemini, json!({ "models": [{ "name": "models/small", "version": "1" }] })),
            (Maker::AzureOpenAi, json!({ "data": [{ "id": "small" }] })),
            (Maker::Bedrock, json!({ "modelSummaries": [{ "modelId": "small", "providerName": "x" }] })),
        ] {
            assert_eq!(listed(maker, 200, body).unwrap(), ["small"], "{}", maker.name());
        }
    }

    #[test]
    fn refusals_say_what_to_mend() {
        for (status, body, code) in [
            (401, json!({ "error": { "message": "bad \u{1b}[31mkey" } }), "upstream_refused"),
            (403, json!({ "message": "no" }), "upstream_refused"),
            (404, json!("not json"), "upstream_failed"),
            (500, json!({}), "upstream_failed"),
            (200, json!({ "data": 7 }), "upstream_garbled"),
        ] {
            let error = listed(Maker::OpenAi, status, body).unwrap_err();
            assert_eq!(error.stable_code(), code, "{error}");
            assert!(error.hint_text().is_some() && !error.message().contains('\u{1b}'));
        }
    }
}
