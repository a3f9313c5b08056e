//! The tokenizer inside a GGUF file.

use std::collections::BTreeMap;

use candle_core::quantized::gguf_file::Value;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{AddedToken, PreTokenizerWrapper, SplitDelimiterBehavior, Tokenizer};

use super::super::{Text, text};
use crate::model::Config;

/// How Llama 3 cuts text before its merges.
const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

type Metadata = BTreeMap<String, Value>;
type Parsed<T> = std::result::Result<T, String>;

/// The tokenizer, its template and its markers.
pub(super) fn text(metadata: &Metadata, config: &Config) -> Parsed<Text> {
    let string = |key: &str| metadata.get(key).and_then(|value| value.to_string().ok()).cloned();
    let json = match string("tokenizer.huggingface.json") {
        Some(json) => json.into_bytes(),
        None => rebuilt(metadata)?.to_string(false).map_err(|error| error.to_string())?.into_bytes(),
    };
    let tokenizer = text::parse(&json)?;
    let marker = |id: Option<u32>| id.and_then(|id| tokenizer.id_to_token(id)).unwrap_or_default();
    let (bos, eos) = (marker(config.bos_token_id), marker(config.eos_token_id.first().copied()));
    let ends = text::ends(&tokenizer, config.eos_token_id.iter().copied());
    Ok(Text { tokenizer, json, template: string("tokenizer.chat_template"), bos, eos, ends })
}

/// A tokenizer of the lists of tokens and merges.
fn rebuilt(metadata: &Metadata) -> Parsed<Tokenizer> {
    let find =
        |key: &str| metadata.get(&format!("tokenizer.ggml.{key}")).ok_or(format!("tokenizer.ggml.{key} is missing"));
    let string = |key: &str| find(key)?.to_string().map_err(|_| format!("tokenizer.ggml.{key} is no text"));
    if string("model")? != "gpt2" {
        return Err(format!("the tokenizer `{}` is not read here; byte-level BPE (gpt2) is", string("model")?));
    }
    let strings = |key: &str| -> Parsed<Vec<&String>> {
        let list = find(key)?.to_vec().map_err(|_| format!("tokenizer.ggml.{key} is no list"))?;
        list.iter()
            .map(|value| value.to_string().map_err(|_| format!("tokenizer.ggml.{key} holds more than texts")))
            .collect()
    };
    let tokens = strings("tokens")?;
    let vocabulary: Vocab = tokens.iter().enumerate().map(|(id, token)| (token.to_string(), id as u32)).collect();
    let mut merges = Vec::new();
    for merge in strings("merges")? {
        let (left, right) = merge.split_once(' ').ok_or("tokenizer.ggml.merges has an entry without a space")?;
        merges.push((left.to_string(), right.to_string()));
    }
    let model = BPE::builder().vocab_and_merges(vocabulary, merges).build().map_err(|error| error.to_string())?;
    let mut tokenizer = Tokenizer::new(model);
    tokenizer.with_pre_tokenizer(Some(cut(string("pre").map_or("gpt-2", String::as_str))?));
    tokenizer.with_decoder(Some(ByteLevel::new(false, true, true)));
    let kinds = find("token_type")
        .and_then(|kinds| kinds.to_vec().map_err(|_| "tokenizer.ggml.token_type is no list".into()))?;
    // 3 is a control token, 4 one that the user defined.
    let is_special = |kind: &Value| matches!(kind.to_i32(), Ok(3 | 4));
    let special = kinds
        .iter()
        .zip(&tokens)
        .filter(|(kind, _)| is_special(kind))
        .map(|(_, t)| AddedToken::from(t.to_string(), true));
    tokenizer.add_special_tokens(special).map_err(|error| error.to_string())?;
    Ok(tokenizer)
}

/// How text is cut before the merges, by its name.
fn cut(name: &str) -> Parsed<PreTokenizerWrapper> {
    let bytes = |split: bool| PreTokenizerWrapper::from(ByteLevel::new(false, true, split));
    Ok(match name {
        "gpt-2" | "default" => bytes(true),
        "smollm" => Sequence::new(vec![Digits::new(true).into(), bytes(true)]).into(),
        "llama-bpe" => {
            let split = Split::new(SplitPattern::Regex(LLAMA_3.into()), SplitDelimiterBehavior::Isolated, false);
            Sequence::new(vec![split.map_err(|error| error.to_string())?.into(), bytes(false)]).into()
        }
        other => return Err(format!("the pre-tokenizer `{other}` is not read here; gpt-2, smollm and llama-bpe are")),
    })
}

/// The name of a way to cut text, of the `pre_tokenizer` of a `tokenizer.json`.
pub(super) fn name_of_cut(cut: &serde_json::Value) -> Option<&'static str> {
    let is_bytes = |value: &serde_json::Value| value["type"] == "ByteLevel" && value["add_prefix_space"] == false;
    let parts = cut["pretokenizers"].as_array().map(Vec::as_slice).unwrap_or_default();
    match parts {
        [] if is_bytes(cut) => Some("gpt-2"),
        [digits, bytes] if digits["type"] == "Digits" && digits["individual_digits"] == true && is_bytes(bytes) => {
            Some("smollm")
        }
        [split, bytes] if split["pattern"]["Regex"] == LLAMA_3 && is_bytes(bytes) => Some("llama-bpe"),
        _ => None,
    }
}
