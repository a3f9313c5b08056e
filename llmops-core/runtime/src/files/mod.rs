//! Models as they lie on disk: folders in Hugging Face's layout and GGUF files, read without believing what they say of
//! their sizes, and written so that nobody sees a part of one.

mod adapter;
mod bounded;
mod folder;
pub(crate) mod gguf;
mod safetensors;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::Tensor;
use candle_core::quantized::{GgmlDType, QTensor};
use tokenizers::Tokenizer;

pub(crate) use adapter::AdapterSettings;
pub(crate) use bounded::check_memory;
pub(crate) use folder::{Folder, read_tensors, save_folder, save_tensors, save_tokenizer, whole, write_json};
pub(crate) use gguf::Gguf;
pub(crate) use text::Text;

use crate::error::Result;
use crate::model::{Config, Model, Weight, layout};

/// What to do with quantized weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Quant {
    /// Run them as they are stored
    Keep,
    /// Bring those for which there is no fast product to eight bits, and keep the others
    #[default]
    Q8,
    /// Bring all to 32-bit numbers: the fastest prompts, the slowest answers, the most memory
    F32,
}

/// An open model, of either kind.
pub(crate) enum Source {
    Folder(Folder),
    Gguf(Gguf),
}

impl Source {
    /// Opens a folder or a GGUF file, and checks its headers.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Ok(if path.is_dir() { Self::Folder(Folder::open(path)?) } else { Self::Gguf(Gguf::open(path)?) })
    }

    /// The model's shape.
    pub(crate) fn config(&self) -> &Config {
        match self {
            Self::Folder(folder) => folder.config(),
            Self::Gguf(file) => file.config(),
        }
    }

    /// Bytes of weights on disk.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Self::Folder(folder) => folder.bytes(),
            Self::Gguf(file) => file.bytes(),
        }
    }

    /// Name, form and shape (rows first) of every tensor, as it is stored.
    pub(crate) fn listed(&self) -> Vec<(String, String, Vec<usize>)> {
        match self {
            Self::Folder(folder) => {
                folder.tensors().map(|(name, kind, shape)| (name.clone(), kind, shape.to_vec())).collect()
            }
            Self::Gguf(file) => {
                let tensors = file.header().tensors.iter();
                tensors.map(|(name, entry)| (name.clone(), format!("{:?}", entry.kind), entry.shape.clone())).collect()
            }
        }
    }

    /// The tokenizer and what goes with it.
    pub(crate) fn text(&self) -> Result<Text> {
        let text = match self {
            Self::Folder(folder) => folder.text()?,
            Self::Gguf(file) => file.text()?,
        };
        text.check(self.config())?;
        Ok(text)
    }

    /// Reads one weight for inference.
    fn weight(&mut self, name: &str, quant: Quant) -> Result<Weight> {
        let file = match self {
            Self::Folder(folder) => return Ok(Weight::Dense(folder.weight(name)?)),
            Self::Gguf(file) => file,
        };
        let stored = file.weight(name)?;
        let plain = matches!(stored.dtype(), GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16);
        Ok(match quant {
            _ if plain => Weight::Dense(dense(&stored)?),
            Quant::F32 => Weight::Dense(dense(&stored)?),
            Quant::Q8 if gguf::is_slow(stored.dtype()) => {
                Weight::Quantized(QTensor::quantize(&dense(&stored)?, GgmlDType::Q8_0)?)
            }
            Quant::Keep | Quant::Q8 => Weight::Quantized(stored),
        })
    }

    /// Reads one weight as 32-bit numbers.
    pub(crate) fn tensor(&mut self, name: &str) -> Result<Tensor> {
        Ok(self.weight(name, Quant::F32)?.dense()?)
    }

    /// Reads all weights as 32-bit numbers.
    pub(crate) fn tensors(&mut self) -> Result<BTreeMap<String, Tensor>> {
        check_memory("the model", 4 * self.config().parameters())?;
        let names = layout(self.config());
        names.into_iter().map(|(name, _)| Ok((name.clone(), self.tensor(&name)?))).collect()
    }
}

fn dense(stored: &QTensor) -> Result<Tensor> {
    Ok(stored.dequantize(&candle_core::Device::Cpu)?)
}

/// A model that is ready to run, with all that goes with it.
pub struct Loaded {
    /// The decoder.
    pub model: Model,
    /// Text to tokens and back.
    pub tokenizer: Tokenizer,
    /// Makes a prompt of messages.
    pub template: Option<String>,
    /// The marker at the beginning of a text, or nothing.
    pub bos: String,
    /// The marker at its end, or nothing.
    pub eos: String,
    /// Tokens after which nothing more is generated.
    pub ends: Vec<u32>,
}

impl Loaded {
    /// Loads a folder or a GGUF file.
    pub fn open(path: &Path, quant: Quant) -> Result<Self> {
        let mut source = Source::open(path)?;
        let text = source.text()?;
        let of_numbers = 4 * source.config().parameters();
        let needed = if quant == Quant::F32 { of_numbers } else { source.bytes().min(of_numbers) };
        check_memory("the model", needed)?;
        let model = Model::build(source.config().clone(), |name| source.weight(name, quant))?;
        let Text { tokenizer, template, bos, eos, ends, .. } = text;
        Ok(Self { model, tokenizer, template, bos, eos, ends })
    }
}
