//! What a file claims to be, and whether it is: decided from its name and its first bytes, never by loading it.

mod gguf;
mod safetensors;
#[cfg(test)]
mod tests;

use bytes::Bytes;

use crate::base::{Error, FilePath, Result};

/// The most bytes of a file that are read to check it.
pub(super) const HEAD_BYTES: u64 = 32 << 20;

/// The formats a model may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Tensors with a JSON header.
    Safetensors,
    /// Tensors with typed metadata.
    Gguf,
    /// Tensors with a graph; stored, not opened.
    Onnx,
    /// JSON.
    Json,
    /// UTF-8 text: cards, licences, merges, templates.
    Text,
    /// A tokenizer's model; stored, not opened.
    Tokenizer,
    /// A format whose loading can run code.
    Pickle,
}

impl Format {
    /// The formats whose first bytes tell something.
    pub(super) const CHECKED: [Self; 4] = [Self::Safetensors, Self::Gguf, Self::Json, Self::Text];

    /// The format a path claims.
    pub(super) fn of(path: &FilePath) -> Result<Self> {
        Ok(match path.extension().as_str() {
            "safetensors" => Self::Safetensors,
            "gguf" => Self::Gguf,
            "onnx" => Self::Onnx,
            "json" => Self::Json,
            "txt" | "md" | "jinja" => Self::Text,
            "model" => Self::Tokenizer,
            "bin" | "pt" | "pth" | "ckpt" | "pkl" => Self::Pickle,
            other => {
                let ending = match other {
                    "" => "without an extension".to_owned(),
                    other => format!("that end in `.{other}`"),
                };
                let rule = format!("is `{}`, and a model may not hold files {ending}", path.as_str());
                return Err(Error::invalid("path", rule)
                    .code("unsupported_format")
                    .hint("allowed are safetensors, gguf, onnx, json, txt, md, jinja and tokenizer models"));
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
            Self::Text => "text",
            Self::Tokenizer => "tokenizer",
            Self::Pickle => "pickle",
        }
    }

    /// How many of its first bytes [`Format::check`] needs.
    pub(super) fn head(self, size: u64) -> u64 {
        match self {
            Self::Safetensors | Self::Gguf | Self::Json | Self::Text => size.min(HEAD_BYTES),
            Self::Onnx | Self::Tokenizer | Self::Pickle => 0,
        }
    }

    /// Whether a file of this kind may have so many bytes: what is checked as a whole may not be large.
    pub(super) fn check_size(self, size: u64) -> Result<()> {
        match self {
            Self::Json | Self::Text if size > HEAD_BYTES => {
                Err(broken("file_too_large", "is larger than the 32 MiB that JSON and text may have").field("bytes"))
            }
            _ => Ok(()),
        }
    }

    /// Whether the file's first bytes are what its name says, for a file of `size` bytes.
    pub(super) fn check(self, head: &Bytes, size: u64) -> Result<()> {
        match self {
            Self::Safetensors => safetensors::check(head, size),
            Self::Gguf => gguf::check(head, size),
            Self::Json => whole(head, size, "invalid_json").and_then(check_json),
            Self::Text => whole(head, size, "invalid_text").and_then(|bytes| {
                std::str::from_utf8(bytes).map(drop).map_err(|_| broken("invalid_text", "is not UTF-8 text"))
            }),
            Self::Onnx | Self::Tokenizer | Self::Pickle => Ok(()),
        }
    }
}

fn whole<'a>(head: &'a Bytes, size: u64, code: &'static str) -> Result<&'a [u8]> {
    if head.len() as u64 == size { Ok(head) } else { Err(broken(code, "is larger than the 32 MiB that are checked")) }
}

fn check_json(bytes: &[u8]) -> Result<()> {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes)
        .map(drop)
        .map_err(|e| broken("invalid_json", &format!("is not JSON: line {} column {}", e.line(), e.column())))
}

fn broken(code: &'static str, what: &str) -> Error {
    Error::invalid("file", what).code(code).hint("check the file where it was made, and send it again")
}
