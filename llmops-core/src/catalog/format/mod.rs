//! What a file claims to be, and whether it is: decided from its name and by reading it, never by loading it.

mod gguf;
mod input;
mod json;
mod onnx;
mod pickle;
mod programs;
mod protobuf;
mod safetensors;
#[cfg(test)]
mod tests;
mod tokenizer;
mod torch;

use std::io::{Read, Seek};

use bytes::Bytes;

use super::FileScan;
use crate::base::{Error, FilePath, Result};
use input::Input;
use protobuf::Trouble;

/// The most bytes of a file that are read to check it.
const HEAD_BYTES: u64 = 32 << 20;
/// Those of a `tokenizer.json`, which has 35 MB where the vocabulary is large.
const TOKENIZER_BYTES: u64 = 64 << 20;
/// What is read first of a file that says itself how long its header is, and by how much more each time of one that does not.
const FIRST_BYTES: u64 = 64 << 10;
const MORE: u64 = 8;

/// The formats a model may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Tensors with a JSON header.
    Safetensors,
    /// Tensors with typed metadata.
    Gguf,
    /// Tensors with a graph.
    Onnx,
    /// JSON.
    Json,
    /// A `tokenizer.json`.
    JsonTokenizer,
    /// The list of a model's shards.
    Index,
    /// UTF-8 text: cards, licences, merges, templates.
    Text,
    /// A tokenizer's model.
    Tokenizer,
    /// A program that belongs to the model.
    Python,
    /// A format whose loading can run code.
    Pickle,
}

impl Format {
    /// All of them.
    pub(super) const ALL: [Self; 10] = [
        Self::Safetensors,
        Self::Gguf,
        Self::Onnx,
        Self::Json,
        Self::JsonTokenizer,
        Self::Index,
        Self::Text,
        Self::Tokenizer,
        Self::Python,
        Self::Pickle,
    ];

    /// The format a path claims.
    pub(super) fn of(path: &FilePath) -> Result<Self> {
        Ok(match path.extension().as_str() {
            "safetensors" => Self::Safetensors,
            "gguf" => Self::Gguf,
            "onnx" => Self::Onnx,
            "json" if path.as_str().ends_with(".safetensors.index.json") => Self::Index,
            "json" if path.as_str().rsplit('/').next() == Some("tokenizer.json") => Self::JsonTokenizer,
            "json" => Self::Json,
            "txt" | "md" | "jinja" => Self::Text,
            "model" => Self::Tokenizer,
            "py" => Self::Python,
            "bin" | "pt" | "pth" | "ckpt" | "pkl" => Self::Pickle,
            other => {
                let ending = match other {
                    "" => "without an extension".to_owned(),
                    other => format!("that end in `.{other}`"),
                };
                let rule = format!("is `{}`, and a model may not hold files {ending}", path.as_str());
                return Err(Error::invalid("path", rule)
                    .code("unsupported_format")
                    .hint("allowed are safetensors, gguf, onnx, json, txt, md, jinja, py and tokenizer models"));
            }
        })
    }

    /// As `safetensors`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Safetensors => "safetensors",
            Self::Gguf => "gguf",
            Self::Onnx => "onnx",
            Self::Json => "json",
            Self::JsonTokenizer => "tokenizer_json",
            Self::Index => "safetensors_index",
            Self::Text => "text",
            Self::Tokenizer => "tokenizer",
            Self::Python => "python",
            Self::Pickle => "pickle",
        }
    }

    /// Whether its first bytes tell what it is, to [`Format::check`]; others are read with [`Format::look`].
    pub(super) fn by_head(self) -> bool {
        !matches!(self, Self::Onnx | Self::Tokenizer | Self::Pickle)
    }

    /// The most bytes of such a file that are read to check it.
    fn most(self) -> u64 {
        if self == Self::JsonTokenizer { TOKENIZER_BYTES } else { HEAD_BYTES }
    }

    /// How many of its first bytes are to be read, where these are too few for [`Format::check`].
    pub(super) fn lacks(self, head: &Bytes, size: u64) -> Option<u64> {
        let (most, read) = (size.min(self.most()), head.len() as u64);
        let needed = match self {
            Self::Safetensors => safetensors::header(head).unwrap_or(FIRST_BYTES),
            Self::Gguf if read < most && gguf::check(head, size).is_err() => (read * MORE).max(FIRST_BYTES),
            Self::Json | Self::JsonTokenizer | Self::Index | Self::Text | Self::Python => most,
            Self::Gguf | Self::Onnx | Self::Tokenizer | Self::Pickle => 0,
        };
        Some(needed.min(most)).filter(|needed| *needed > read)
    }

    /// Whether a file of this kind may have so many bytes: what is checked as a whole may not be large.
    pub(super) fn check_size(self, size: u64) -> Result<()> {
        let whole = matches!(self, Self::Json | Self::JsonTokenizer | Self::Index | Self::Text | Self::Python);
        if whole && size > self.most() {
            let rule = format!("is larger than the {} MiB that such a file may have", self.most() >> 20);
            return Err(broken("file_too_large", &rule).field("bytes"));
        }
        Ok(())
    }

    /// Whether the file's first bytes are what its name says, for a file of `size` bytes.
    pub(super) fn check(self, head: &Bytes, size: u64) -> Result<FileScan> {
        match self {
            Self::Safetensors => safetensors::check(head, size).map(|()| FileScan::default()),
            Self::Gguf => gguf::check(head, size).map(|()| FileScan::default()),
            Self::Json => whole(head, size, "invalid_json").and_then(json::check),
            Self::JsonTokenizer => whole(head, size, "invalid_tokenizer").and_then(json::check_tokenizer),
            Self::Index => whole(head, size, "invalid_index").and_then(json::check_index),
            Self::Text | Self::Python => {
                let bytes = whole(head, size, "invalid_text")?;
                std::str::from_utf8(bytes).map_err(|_| broken("invalid_text", "is not UTF-8 text"))?;
                Ok(FileScan { runs_code: self == Self::Python, ..FileScan::default() })
            }
            Self::Onnx | Self::Tokenizer | Self::Pickle => Ok(FileScan::default()),
        }
    }

    /// Reads through the file, where its head alone does not tell what it is. Blocks.
    pub(super) fn look<R: Read + Seek>(self, file: R, size: u64) -> Result<FileScan> {
        let walked = match self {
            Self::Onnx => onnx::check(&mut Input::new(file, size)).map_err(|trouble| told("invalid_onnx", trouble)),
            Self::Tokenizer => {
                tokenizer::check(&mut Input::new(file, size)).map_err(|trouble| told("invalid_tokenizer", trouble))
            }
            Self::Pickle => return torch::scan(file, size).map(imports).map_err(unread),
            _ => Ok(()),
        };
        walked.map(|()| FileScan::default())
    }
}

fn whole<'a>(head: &'a Bytes, size: u64, code: &'static str) -> Result<&'a [u8]> {
    if head.len() as u64 == size { Ok(head) } else { Err(broken(code, "is larger than what is checked")) }
}

fn imports(found: pickle::Found) -> FileScan {
    let unsafe_imports = found.names.iter().filter(|name| !torch::rebuilds(name)).cloned().collect();
    FileScan {
        imports: found.names.into_iter().collect(),
        unsafe_imports,
        incomplete: found.incomplete,
        ..FileScan::default()
    }
}

fn told(code: &'static str, trouble: Trouble) -> Error {
    match trouble {
        Trouble::Broken(what) => broken(code, &what),
        Trouble::Unread(error) => unread(error),
    }
}

fn unread(error: std::io::Error) -> Error {
    Error::unavailable("a file that just came cannot be read").hint("send it again in a moment").caused_by(error)
}

fn broken(code: &'static str, what: &str) -> Error {
    Error::invalid("file", what).code(code).hint("check the file where it was made, and send it again")
}
