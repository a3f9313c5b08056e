//! GGUF files: Llama models in one file, often quantized.
//!
//! Such a file pairs the rotary dimensions `(2i, 2i + 1)`, while Hugging Face's layout pairs `(i, i + d/2)`. A row of a
//! matrix is one piece of bytes, quantized or not, so reading puts the rows of the queries and keys into the order of
//! Hugging Face's layout, and writing puts them back; no number changes.

mod header;
mod names;
mod vocabulary;
mod write;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use candle_core::Device;
use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor, ggml_file};

pub(crate) use header::Header;
pub(crate) use write::write;

use super::{Text, bounded};
use crate::error::{Error, Result};
use crate::model::Config;

/// An open file.
pub(crate) struct Gguf {
    path: PathBuf,
    file: File,
    header: Header,
    config: Config,
}

impl Gguf {
    /// Opens a file and checks its header.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let (header, file) = Header::open(path)?;
        let config = config(&header).map_err(|why| Error::bad_model(format!("{}: {why}", path.display())))?;
        Ok(Self { path: path.to_path_buf(), file, header, config })
    }

    /// The model's shape.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// The header.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// Bytes of data.
    pub(crate) fn bytes(&self) -> u64 {
        self.header.tensors.values().map(|entry| entry.bytes).sum()
    }

    /// The tokenizer and what goes with it.
    pub(crate) fn text(&self) -> Result<Text> {
        vocabulary::text(&self.header.metadata, &self.config)
            .map_err(|why| Error::bad_model(format!("{}: {why}", self.path.display())))
    }

    /// Reads one weight by its name in Hugging Face's layout, as it is stored.
    pub(crate) fn weight(&mut self, name: &str) -> Result<QTensor> {
        let bad = |why: String| Error::bad_model(format!("{}: {why}", self.path.display()));
        let stored =
            names::stored(name).ok_or_else(|| bad(format!("the tensor {name} has no place in this format")))?;
        let entry = self.header.tensors.get(&stored).ok_or_else(|| bad(format!("the tensor {stored} is missing")))?;
        let mut bytes = bounded::buffer(entry.bytes as usize)?;
        self.file.seek(SeekFrom::Start(entry.offset)).map_err(Error::at(&self.path))?;
        (&self.file).take(entry.bytes).read_to_end(&mut bytes).map_err(Error::at(&self.path))?;
        if bytes.len() as u64 != entry.bytes {
            return Err(bad(format!("the file ended inside {stored}")));
        }
        if let Some(heads) = names::turned(name, &self.config) {
            let rows = entry.shape.first().copied().unwrap_or(0);
            if rows != heads * self.config.head_dim() || rows == 0 {
                return Err(bad(format!("{stored} has {rows} rows for {heads} heads")));
            }
            bytes = reorder(&bytes, rows, self.config.head_dim(), halves);
        }
        Ok(ggml_file::qtensor_from_ggml(entry.kind, &bytes, entry.shape.clone(), &Device::Cpu)?)
    }
}

/// Puts row `from(i, d)` of each head of `d` rows at `i`.
fn reorder(bytes: &[u8], rows: usize, head: usize, from: fn(usize, usize) -> usize) -> Vec<u8> {
    let row = bytes.len() / rows;
    let place = |at: usize| at / head * head + from(at % head, head);
    (0..rows).flat_map(|at| &bytes[place(at) * row..][..row]).copied().collect()
}

/// The stored place of row `i` of Hugging Face's layout.
fn halves(i: usize, head: usize) -> usize {
    let half = head / 2;
    if i < half { 2 * i } else { 2 * (i - half) + 1 }
}

/// The place in Hugging Face's layout of stored row `i`.
fn pairs(i: usize, head: usize) -> usize {
    i / 2 + i % 2 * (head / 2)
}

/// The model's shape, of the metadata.
fn config(header: &Header) -> std::result::Result<Config, String> {
    let find = |key: &str| header.metadata.get(key);
    let architecture = find("general.architecture").and_then(|value| value.to_string().ok());
    match architecture.map(String::as_str) {
        Some("llama") => {}
        Some(other) => return Err(format!("the architecture `{other}` is not run here; llama is")),
        None => return Err("general.architecture is missing".into()),
    }
    if header.tensors.contains_key("rope_freqs.weight") {
        return Err(
            "it stretches its rotary frequencies by a tensor, which is not run here; convert from the folder".into()
        );
    }
    let optional =
        |key: &str| find(&format!("llama.{key}")).map(|value| number(value).ok_or(format!("llama.{key} is no number")));
    let number = |key: &str| optional(key).unwrap_or_else(|| Err(format!("llama.{key} is missing")));
    let real = |key: &str| find(&format!("llama.{key}")).and_then(|value| value.to_f32().ok());
    let id = |key: &str| find(&format!("tokenizer.ggml.{key}_token_id")).and_then(|value| value.to_u32().ok());
    let embedding = header.tensors.get("token_embd.weight").ok_or("the tensor token_embd.weight is missing")?;
    let heads = number("attention.head_count")?;
    let config = Config {
        vocab_size: embedding.shape.first().copied().unwrap_or(0),
        hidden_size: number("embedding_length")?,
        intermediate_size: number("feed_forward_length")?,
        num_hidden_layers: number("block_count")?,
        num_attention_heads: heads,
        num_key_value_heads: optional("attention.head_count_kv").unwrap_or(Ok(heads))?,
        head_dim: optional("attention.key_length").transpose()?,
        max_position_embeddings: number("context_length")?,
        rms_norm_eps: shortest(
            real("attention.layer_norm_rms_epsilon").ok_or("llama.attention.layer_norm_rms_epsilon is missing")?,
        ),
        rope_theta: real("rope.freq_base").unwrap_or(10_000.0),
        rope_scaling: None,
        tie_word_embeddings: !header.tensors.contains_key("output.weight"),
        bos_token_id: id("bos"),
        eos_token_id: id("eos").into_iter().collect(),
    };
    config.check()?;
    match optional("rope.dimension_count").transpose()? {
        Some(turned) if turned != config.head_dim() => {
            Err(format!("it turns {turned} of {} dimensions of a head", config.head_dim()))
        }
        _ => Ok(config),
    }
}

/// The number that a person wrote, `1e-5`, not the one that its 32 bits are.
fn shortest(stored: f32) -> f64 {
    stored.to_string().parse().unwrap_or(f64::from(stored))
}

fn number(value: &Value) -> Option<usize> {
    value.to_u64().ok().and_then(|n| usize::try_from(n).ok())
}

/// Whether inference needs another form of this one: there are no fast products for these three, and eight bits hold all
/// that they say.
pub(crate) fn is_slow(kind: GgmlDType) -> bool {
    matches!(kind, GgmlDType::Q4_1 | GgmlDType::Q5_0 | GgmlDType::Q5_1)
}
