//! Whose models there are beside our own: where each maker answers, how a key is sent there, and which models it offers.

use std::fmt;
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::base::{Error, ErrorKind, Result, Secret};
use crate::egress::guard::{Answered, Ask, Guard};

/// The longest that listing models may take.
const WITHIN: Duration = Duration::from_secs(15);
/// The largest list, in bytes.
const LIST_BYTES: usize = 4 << 20;
/// The most models that are read, and the most that are told; the longest name, in characters.
const READ: usize = 10_000;
const MODELS: usize = 1000;
const NAME_CHARS: usize = 256;
/// The largest reason of a refusal that is read, in bytes, and as much as is told, in characters.
const REFUSAL_BYTES: usize = 64 << 10;
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
    /// Where the list is in the answer, and what stands before each name there.
    models: (&'static str, &'static str),
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
    models: ("data", ""),
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
                models: ("models", ""),
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
                models: ("models", "models/"),
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
                models: ("modelSummaries", ""),
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

    /// Whether its list holds what a request names as its model. A request to Azure names a deployment, one to Bedrock mostly an
    /// inference profile.
    fn lists_names(self) -> bool {
        !matches!(self, Self::AzureOpenAi | Self::Bedrock)
    }

    /// Asks for the list of models, which costs nothing, and looks for one.
    ///
    /// # Errors
    /// Those of [`Guard::get`]; `upstream` with the codes `upstream_refused` for a key that is not taken, `upstream_failed`,
    /// `upstream_garbled`.
    pub async fn offer(self, guard: &Guard, address: &str, key: Option<Secret>, wanted: &str) -> Result<Offer> {
        let way = self.way();
        let url = format!("{}/{}", address.trim_end_matches('/'), way.list);
        let headers: Vec<_> = way.headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let secret = key.as_ref().map(|key| (way.key.0, Secret::new(format!("{}{}", way.key.1, key.expose()))));
        let begun = Instant::now();
        let answered =
            guard.get(Ask { url: &url, headers: &headers, secret, within: WITHIN, limit: LIST_BYTES }).await?;
        let took = begun.elapsed();
        let mut names = names(&way, &answered, key.as_ref())?;
        let wanted = wanted.strip_prefix(way.models.1).unwrap_or(wanted);
        // Ollama names the newest of a model by its bare name.
        let found = names.iter().any(|name| name == wanted || name.strip_suffix(":latest") == Some(wanted));
        let holds = (self.lists_names() && (found || names.len() < READ)).then_some(found);
        names.truncate(MODELS);
        Ok(Offer { names, holds, took })
    }
}

/// What a maker offers.
#[derive(Debug)]
pub struct Offer {
    /// The names of models, at most 1,000.
    pub names: Vec<String>,
    /// Whether the one that was looked for is among all of them; `None` where the list does not tell.
    pub holds: Option<bool>,
    /// How long the answer took.
    pub took: Duration,
}

/// An answer as any maker writes it. What is not named is passed over.
#[derive(Deserialize, Default)]
struct Listed {
    #[serde(default)]
    data: Option<Names>,
    #[serde(default)]
    models: Option<Names>,
    #[serde(default, rename = "modelSummaries")]
    model_summaries: Option<Names>,
    #[serde(default)]
    error: Option<Box<RawValue>>,
    #[serde(default)]
    message: Option<String>,
}

/// The names in a list of models, bounded while it is read.
struct Names(Vec<String>);

#[derive(Deserialize)]
struct Named {
    id: Option<String>,
    name: Option<String>,
    #[serde(rename = "modelId")]
    model_id: Option<String>,
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of models")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(named) = list.next_element::<Named>()? {
                    let name = named
                        .id
                        .or(named.model_id)
                        .or(named.name)
                        .filter(|name| names.len() < READ && name.chars().count() <= NAME_CHARS);
                    names.extend(name);
                }
                Ok(Names(names))
            }
        }
        from.deserialize_seq(List)
    }
}

/// The names in a list of models, the key in none of them: some servers send back what they were sent.
fn names(way: &Way, answered: &Answered, key: Option<&Secret>) -> Result<Vec<String>> {
    let told = |text: &str| {
        // First the key and then the length: a key that is cut is still most of one.
        let masked = key.map_or_else(|| text.into(), |key| text.replace(key.expose(), "***"));
        masked.chars().filter(|c| !c.is_control()).take(REASON_CHARS).collect::<String>()
    };
    let garbled = || {
        Error::new(ErrorKind::Upstream, format!("what answers there is not {}: it lists no models", way.name))
            .code("upstream_garbled")
            .hint(format!("check the address; it may be {}", way.example))
    };
    let listed: Result<Listed, _> = serde_json::from_slice(&answered.body);
    if !(200..300).contains(&answered.status) {
        let listed = listed.unwrap_or_default();
        let error = listed.error.filter(|error| error.get().len() <= REFUSAL_BYTES);
        let error: Option<Value> = error.and_then(|error| serde_json::from_str(error.get()).ok());
        let error = error.as_ref().and_then(|error| error.get("message").unwrap_or(error).as_str());
        let said = error.or(listed.message.as_deref()).map(told);
        return Err(refusal(answered.status, &said.map_or_else(String::new, |said| format!(": {said}"))));
    }
    let listed = listed.map_err(|_| garbled())?;
    let Names(names) = match way.models.0 {
        "models" => listed.models,
        "modelSummaries" => listed.model_summaries,
        _ => listed.data,
    }
    .ok_or_else(garbled)?;
    Ok(names.iter().map(|name| told(name.strip_prefix(way.models.1).unwrap_or(name))).collect())
}

fn refusal(status: u16, said: &str) -> Error {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(maker: Maker, status: u16, body: Value) -> Result<Vec<String>> {
        names(&maker.way(), &Answered { status, body: body.to_string().into_bytes() }, Some(&Secret::new("k-e-y")))
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
            (403, json!({ "message": "not k-e-y" }), "upstream_refused"),
            (401, json!({ "error": format!("{}k-e-y", "x".repeat(297)) }), "upstream_refused"),
            (404, json!("not json"), "upstream_failed"),
            (500, json!({}), "upstream_failed"),
            (200, json!({ "data": 7 }), "upstream_garbled"),
        ] {
            let error = listed(Maker::OpenAi, status, body).unwrap_err();
            assert_eq!(error.stable_code(), code, "{error}");
            assert!(error.hint_text().is_some() && !error.message().contains('\u{1b}'));
            assert!(!error.message().contains("k-e"), "{error}");
        }
    }

    #[test]
    fn spoilt_lists() {
        let seeds: [&[u8]; 3] = [
            br#"{"object":"list","data":[{"id":"small","object":"model"},{"id":"large"}],"has_more":false}"#,
            br#"{"models":[{"name":"models/small","size":1,"version":"1"}]}"#,
            br#"{"modelSummaries":[{"modelId":"small","providerName":"x"}]}"#,
        ];
        crate::fuzz::spoil("list", &seeds, |bytes| {
            let answered = |status| Answered { status, body: bytes.to_vec() };
            let read = |maker: Maker| match names(&maker.way(), &answered(200), None) {
                Ok(names) => format!("{names:?}"),
                Err(error) => error.stable_code().to_owned(),
            };
            let refused = names(&Maker::OpenAi.way(), &answered(400), Some(&Secret::new("k-e-y"))).unwrap_err();
            format!("{} {:?}", Maker::ALL.map(read).join(" "), refused.kind())
        });
    }
}
