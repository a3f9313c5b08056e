//! Models and tokenizers from one form into another, and what a model is.

use std::path::{Path, PathBuf};

use candle_core::quantized::GgmlDType;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::events::emit;
use crate::files::{Source, check_memory, gguf, save_folder, save_tokenizer, whole};
use crate::tokenizer;

/// Writes a GGUF file as a folder, or a folder as a GGUF file
#[derive(clap::Args, Clone, Debug)]
pub struct ConvertArgs {
    /// Model folder or GGUF file
    #[arg(long, value_name = "PATH")]
    pub from: PathBuf,
    /// Folder to write, or a file whose name ends in .gguf
    #[arg(long, value_name = "PATH")]
    pub to: PathBuf,
    /// How matrices are stored in a GGUF file
    #[arg(long, value_enum, default_value_t)]
    pub store: Store,
}

/// How matrices are stored in a GGUF file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Store {
    /// 32-bit numbers
    F32,
    /// 16-bit numbers
    F16,
    /// Blocks of eight bits
    #[default]
    #[value(name = "q8_0")]
    Q8,
    /// Blocks of four bits
    #[value(name = "q4_0")]
    Q4,
}

impl Store {
    fn kind(self) -> GgmlDType {
        match self {
            Self::F32 => GgmlDType::F32,
            Self::F16 => GgmlDType::F16,
            Self::Q8 => GgmlDType::Q8_0,
            Self::Q4 => GgmlDType::Q4_0,
        }
    }
}

/// Converts a model.
pub fn convert(args: &ConvertArgs) -> Result<()> {
    let mut source = Source::open(&args.from)?;
    let (config, text) = (source.config().clone(), source.text()?);
    if args.to.extension().is_some_and(|end| end == "gguf") {
        let part = args.to.with_extension("gguf.tmp");
        gguf::write(&part, &config, &text, args.store.kind(), |name| source.tensor(name))?;
        std::fs::rename(&part, &args.to).map_err(Error::at(&args.to))?;
    } else {
        check_memory("the conversion", 8 * config.parameters())?;
        let tensors = source.tensors()?;
        whole(&args.to, |part| save_folder(part, &config, &tensors, &text))?;
    }
    emit(&json!({"event": "done", "reason": "completed", "artifacts": [args.to.display().to_string()]}));
    Ok(())
}

/// Says what a model is, of the headers of its files; no weights are read
#[derive(clap::Args, Clone, Debug)]
pub struct InspectArgs {
    /// Model folder or GGUF file
    pub model: PathBuf,
}

/// Tells a model's shape, tensors and tokenizer as one line of JSON.
pub fn inspect(args: &InspectArgs) -> Result<()> {
    emit(&inspected(&args.model)?);
    Ok(())
}

/// What [`inspect`] tells.
pub(crate) fn inspected(path: &Path) -> Result<Value> {
    let source = Source::open(path)?;
    let config = source.config();
    let form = match &source {
        Source::Folder(_) => "folder",
        Source::Gguf(_) => "gguf",
    };
    let tensors: Vec<Value> = source
        .listed()
        .into_iter()
        .map(|(name, kind, shape)| json!({"name": name, "kind": kind, "shape": shape}))
        .collect();
    let text = source.text()?;
    let shape = config.to_json()?;
    let digest = hex::encode(Sha256::digest(serde_json::to_vec(&(&shape, &tensors)).map_err(Error::internal)?));
    Ok(json!({
        "event": "inspected", "form": form, "params": config.parameters(), "bytes": source.bytes(), "config": shape,
        "tokenizer": {
            "tokens": text.tokenizer.get_vocab_size(true), "digest": text.fingerprint(), "ends": text.ends,
            "chat_template": text.template.is_some(),
        },
        "layout_digest": digest, "tensors": tensors,
    }))
}

/// Trains a byte-level BPE tokenizer with the markers of a conversation
#[derive(clap::Args, Clone, Debug)]
pub struct TokenizerArgs {
    /// Text files to learn from
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    pub text: Vec<PathBuf>,
    /// Most tokens
    #[arg(long, default_value_t = 2048)]
    pub vocab: usize,
    /// Folder to write tokenizer.json and tokenizer_config.json to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Trains a tokenizer.
pub fn train_tokenizer(args: &TokenizerArgs) -> Result<()> {
    let read = |path: &PathBuf| {
        let bad = |error: std::io::Error| Error::bad_data(format!("{} cannot be read: {error}", path.display()));
        std::fs::read_to_string(path).map_err(bad)
    };
    let texts: Vec<String> = args.text.iter().map(read).collect::<Result<_>>()?;
    let lines: Vec<&str> = texts.iter().flat_map(|text| text.split_inclusive('\n')).collect();
    let text = tokenizer::train(&lines, args.vocab)?;
    whole(&args.out, |part| save_tokenizer(part, &text))?;
    let tokens = text.tokenizer.get_vocab_size(true);
    emit(&json!({"event": "done", "reason": "completed", "tokens": tokens, "digest": text.fingerprint()}));
    Ok(())
}
