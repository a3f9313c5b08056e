//! What turns text into tokens: `tokenizer.json`, the chat template and the markers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokenizers::Tokenizer;

use super::bounded;
use crate::error::{Error, Result};
use crate::model::Config;

/// Tokens that end a turn or a text, wherever they are special.
const ENDS: [&str; 4] = ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>"];

/// A tokenizer with all that goes with it.
#[derive(Clone)]
pub(crate) struct Text {
    /// Text to tokens and back.
    pub(crate) tokenizer: Tokenizer,
    /// The file it was read from, byte by byte.
    pub(crate) json: Vec<u8>,
    /// Makes a prompt of messages.
    pub(crate) template: Option<String>,
    /// The marker at the beginning of a text.
    pub(crate) bos: String,
    /// The marker at its end.
    pub(crate) eos: String,
    /// Tokens after which nothing more is generated.
    pub(crate) ends: Vec<u32>,
}

impl Text {
    /// Reads the files of a folder.
    pub(super) fn open(dir: &Path, config: &Config) -> Result<Self> {
        let json = bounded::read(&dir.join("tokenizer.json"), bounded::JSON_BYTES)?;
        let tokenizer = parse(&json).map_err(|why| Error::bad_model(format!("tokenizer.json: {why}")))?;
        let settings = bounded::json_if_there(&dir.join("tokenizer_config.json"))?.unwrap_or_default();
        let beside = dir.join("chat_template.jinja");
        let template = match beside.exists() {
            true => Some(String::from_utf8_lossy(&bounded::read(&beside, bounded::JSON_BYTES)?).into_owned()),
            false => template(&settings["chat_template"]),
        };
        let generation = bounded::json_if_there(&dir.join("generation_config.json"))?.unwrap_or_default();
        let stated = match &generation["eos_token_id"] {
            Value::Array(list) => list.iter().filter_map(Value::as_u64).collect(),
            one => one.as_u64().into_iter().collect::<Vec<_>>(),
        };
        let eos = marker(&settings["eos_token"]);
        let known = stated.into_iter().filter_map(|id| u32::try_from(id).ok());
        let known = known.chain(config.eos_token_id.iter().copied()).chain(tokenizer.token_to_id(&eos));
        let ends = ends(&tokenizer, known);
        Ok(Self { bos: marker(&settings["bos_token"]), tokenizer, json, template, eos, ends })
    }

    /// That of a loaded model, without the file it was read from.
    pub(crate) fn of(loaded: &super::Loaded) -> Self {
        Self {
            tokenizer: loaded.tokenizer.clone(),
            json: vec![],
            template: loaded.template.clone(),
            bos: loaded.bos.clone(),
            eos: loaded.eos.clone(),
            ends: loaded.ends.clone(),
        }
    }

    /// Refuses a tokenizer that makes tokens the model does not know.
    pub(super) fn check(&self, config: &Config) -> Result<()> {
        let most = self.tokenizer.get_vocab(true).into_values().max().unwrap_or(0) as usize;
        if most < config.vocab_size {
            return Ok(());
        }
        let size = config.vocab_size;
        Err(Error::bad_model(format!("the tokenizer makes the token {most}, and the model knows {size} tokens")))
    }

    /// The tokens of a text, without markers of its own.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.tokenizer.encode_fast(text, false);
        Ok(encoding
            .map_err(|error| Error::bad_data(format!("a text cannot be tokenized: {error}")))?
            .get_ids()
            .to_vec())
    }

    /// The text of tokens, without the special ones.
    pub(crate) fn decode(&self, tokens: &[u32]) -> Result<String> {
        self.tokenizer.decode(tokens, true).map_err(|error| Error::internal(format!("tokens cannot be read: {error}")))
    }

    /// SHA-256 of `tokenizer.json`: equal fingerprints mean equal tokens.
    pub(crate) fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(&self.json))
    }

    /// What `tokenizer_config.json` says.
    pub(super) fn settings(&self) -> Value {
        let text = |text: &String| if text.is_empty() { Value::Null } else { text.as_str().into() };
        json!({
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": text(&self.bos),
            "eos_token": text(&self.eos),
            "clean_up_tokenization_spaces": false,
            "chat_template": self.template,
        })
    }
}

/// A tokenizer of its JSON. The library gives up with a panic on some wrong files, which is a refusal here.
pub(super) fn parse(json: &[u8]) -> std::result::Result<Tokenizer, String> {
    match catch_unwind(AssertUnwindSafe(|| Tokenizer::from_bytes(json))) {
        Ok(parsed) => parsed.map_err(|error| error.to_string()),
        Err(_) => Err("it cannot be read".into()),
    }
}

/// All tokens that end a text.
pub(super) fn ends(tokenizer: &Tokenizer, stated: impl Iterator<Item = u32>) -> Vec<u32> {
    let special = ENDS.iter().filter_map(|text| tokenizer.token_to_id(text));
    let special = special.filter(|id| tokenizer.get_added_tokens_decoder().get(id).is_some_and(|token| token.special));
    let mut ends: Vec<u32> = stated.chain(special).collect();
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// A marker is written as its text or as an object with its text.
fn marker(value: &Value) -> String {
    value.as_str().or_else(|| value["content"].as_str()).unwrap_or_default().to_string()
}

/// A template is written as its text or as a list of named ones.
fn template(value: &Value) -> Option<String> {
    let named = |name: &str| value.as_array()?.iter().find(|entry| entry["name"] == name)?["template"].as_str();
    value.as_str().or_else(|| named("default")).map(str::to_string)
}
