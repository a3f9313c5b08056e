//! Writing a GGUF file, one tensor at a time.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use serde_json::Value;

use super::super::Text;
use super::{names, pairs, reorder, vocabulary};
use crate::error::{Error, Result};
use crate::model::{Config, layout};

/// Where data may begin.
const ALIGNMENT: usize = 32;
/// Codes of the types of values.
const U32: u32 = 4;
const I32: u32 = 5;
const F32: u32 = 6;
const BOOL: u32 = 7;
const STRING: u32 = 8;
const ARRAY: u32 = 9;

/// Writes a model whose matrices are stored as `kind`; normalizations stay 32-bit numbers.
pub(crate) fn write(
    path: &Path,
    config: &Config,
    text: &Text,
    kind: GgmlDType,
    mut tensor: impl FnMut(&str) -> Result<Tensor>,
) -> Result<()> {
    let layout = layout(config);
    let plan: Vec<(&String, &Vec<usize>, GgmlDType)> =
        layout.iter().map(|(name, shape)| (name, shape, stored_as(shape, kind))).collect();
    let mut head = Vec::new();
    let entries = metadata(config, text)?;
    head.extend(b"GGUF");
    head.extend(3u32.to_le_bytes());
    head.extend((plan.len() as u64).to_le_bytes());
    head.extend((entries.len() as u64).to_le_bytes());
    for (key, value) in &entries {
        put_text(&mut head, key);
        head.extend(value);
    }
    let mut offset = 0;
    for (name, shape, kind) in &plan {
        let stored =
            names::stored(name).ok_or_else(|| Error::internal(format!("{name} has no place in this format")))?;
        put_text(&mut head, &stored);
        head.extend((shape.len() as u32).to_le_bytes());
        shape.iter().rev().for_each(|d| head.extend((*d as u64).to_le_bytes()));
        head.extend(code(*kind).to_le_bytes());
        head.extend((offset as u64).to_le_bytes());
        let bytes = shape.iter().product::<usize>() / kind.block_size() * kind.type_size();
        offset += bytes.next_multiple_of(ALIGNMENT);
    }
    head.resize(head.len().next_multiple_of(ALIGNMENT), 0);
    let mut file = BufWriter::new(File::create(path).map_err(Error::at(path))?);
    file.write_all(&head).map_err(Error::at(path))?;
    for (name, shape, kind) in plan {
        let values = tensor(name)?.to_device(&Device::Cpu)?;
        let stored = QTensor::quantize(&values, kind)?;
        let mut bytes = stored.data()?.into_owned();
        if names::turned(name, config).is_some() {
            bytes = reorder(&bytes, shape[0], config.head_dim(), pairs);
        }
        bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
        file.write_all(&bytes).map_err(Error::at(path))?;
    }
    file.into_inner().map_err(|error| Error::Io(error.into_error()))?.sync_all().map_err(Error::at(path))
}

/// A row must be whole blocks, or its numbers stay as they are.
fn stored_as(shape: &[usize], kind: GgmlDType) -> GgmlDType {
    let row = shape.last().copied().unwrap_or(0);
    if shape.len() > 1 && row.is_multiple_of(kind.block_size()) { kind } else { GgmlDType::F32 }
}

fn code(kind: GgmlDType) -> u32 {
    match kind {
        GgmlDType::F16 => 1,
        GgmlDType::Q4_0 => 2,
        GgmlDType::Q8_0 => 8,
        _ => 0,
    }
}

/// Keys with their values as they stand in the file, type first.
fn metadata(config: &Config, text: &Text) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut all = BTreeMap::new();
    let mut put = |key: &str, kind: u32, value: &[u8]| {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend(value);
        all.insert(key.to_string(), bytes);
    };
    let string = |text: &str| {
        let mut bytes = Vec::new();
        put_text(&mut bytes, text);
        bytes
    };
    put("general.architecture", STRING, &string("llama"));
    for (key, value) in [
        ("embedding_length", config.hidden_size),
        ("feed_forward_length", config.intermediate_size),
        ("block_count", config.num_hidden_layers),
        ("attention.head_count", config.num_attention_heads),
        ("attention.head_count_kv", config.num_key_value_heads),
        ("attention.key_length", config.head_dim()),
        ("attention.value_length", config.head_dim()),
        ("rope.dimension_count", config.head_dim()),
        ("context_length", config.max_position_embeddings),
        ("vocab_size", config.vocab_size),
    ] {
        put(&format!("llama.{key}"), U32, &(value as u32).to_le_bytes());
    }
    put("llama.attention.layer_norm_rms_epsilon", F32, &(config.rms_norm_eps as f32).to_le_bytes());
    put("llama.rope.freq_base", F32, &config.rope_theta.to_le_bytes());
    let named = [("bos", config.bos_token_id), ("eos", config.eos_token_id.first().copied())];
    for (which, id) in named.into_iter().filter_map(|(which, id)| Some((which, id?))) {
        put(&format!("tokenizer.ggml.{which}_token_id"), U32, &id.to_le_bytes());
    }
    if let Some(template) = &text.template {
        put("tokenizer.chat_template", STRING, &string(template));
    }
    let vocabulary = Lists::of(config, text)?;
    put("tokenizer.ggml.model", STRING, &string("gpt2"));
    put("tokenizer.ggml.pre", STRING, &string(vocabulary.cut));
    put("tokenizer.ggml.add_bos_token", BOOL, &[0]);
    put("tokenizer.ggml.tokens", ARRAY, &list(STRING, vocabulary.tokens.iter().map(|token| string(token))));
    put("tokenizer.ggml.merges", ARRAY, &list(STRING, vocabulary.merges.iter().map(|merge| string(merge))));
    put(
        "tokenizer.ggml.token_type",
        ARRAY,
        &list(I32, vocabulary.kinds.iter().map(|kind| kind.to_le_bytes().to_vec())),
    );
    put("tokenizer.huggingface.json", STRING, &string(&String::from_utf8_lossy(&text.json)));
    Ok(all)
}

fn put_text(to: &mut Vec<u8>, text: &str) {
    to.extend((text.len() as u64).to_le_bytes());
    to.extend(text.as_bytes());
}

fn list(kind: u32, values: impl ExactSizeIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend((values.len() as u64).to_le_bytes());
    values.for_each(|value| bytes.extend(value));
    bytes
}

/// A tokenizer as this format lists it.
struct Lists {
    cut: &'static str,
    tokens: Vec<String>,
    kinds: Vec<i32>,
    merges: Vec<String>,
}

impl Lists {
    fn of(config: &Config, text: &Text) -> Result<Self> {
        let bad = |why: &str| Error::bad_model(format!("tokenizer.json: {why}, which this format cannot say"));
        let json: Value = serde_json::from_slice(&text.json).map_err(|_| bad("it is not JSON"))?;
        if json["model"]["type"] != "BPE" {
            return Err(bad("it is no byte-level BPE"));
        }
        let cut = vocabulary::name_of_cut(&json["pre_tokenizer"]).ok_or_else(|| bad("it cuts text in its own way"))?;
        // Ids that no token has are named, since the list has a place for each.
        let mut tokens: Vec<String> = (0..config.vocab_size).map(|id| format!("[UNUSED{id}]")).collect();
        let mut kinds = vec![5i32; config.vocab_size];
        for (token, id) in text.tokenizer.get_vocab(true) {
            tokens[id as usize] = token;
            kinds[id as usize] = 1;
        }
        for (id, token) in text.tokenizer.get_added_tokens_decoder() {
            kinds[id as usize] = if token.special { 3 } else { 4 };
        }
        let listed = json["model"]["merges"].as_array().map(Vec::as_slice).unwrap_or_default();
        let merge = |value: &Value| match value.as_str() {
            Some(merge) => Some(merge.to_string()),
            None => Some(format!("{} {}", value[0].as_str()?, value[1].as_str()?)),
        };
        let merges = listed.iter().map(merge).collect::<Option<_>>().ok_or_else(|| bad("its merges are no pairs"))?;
        Ok(Self { cut, tokens, kinds, merges })
    }
}
