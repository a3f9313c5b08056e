//! The shape of a model: read, checked, counted.

use serde_json::Value;

use super::{LoraSettings, TrainingArchitecture};
use crate::base::{Error, Result};

/// The projections that LoRA can stand beside.
pub(super) const PROJECTIONS: [&str; 7] = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

/// A decoder's sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub hidden: u64,
    pub layers: u64,
    pub heads: u64,
    pub kv_heads: u64,
    pub head: u64,
    pub inner: u64,
    pub vocabulary: u64,
    pub context: u64,
    pub tied: bool,
}

impl Shape {
    /// The shape that is asked for; the runtime ties the embeddings of what it makes.
    pub(super) fn asked(of: &TrainingArchitecture) -> Self {
        let (hidden, heads) = (u64::from(of.hidden_size), u64::from(of.heads));
        Self {
            hidden,
            layers: of.layers.into(),
            heads,
            kv_heads: of.kv_heads.unwrap_or(of.heads).into(),
            head: hidden / heads.max(1),
            inner: inner(of).into(),
            vocabulary: of.vocabulary.into(),
            context: of.context.into(),
            tied: true,
        }
    }

    /// The shape that a `config.json` states; nothing when it states none.
    pub(super) fn read(config: &[u8]) -> Option<Self> {
        let config: Value = serde_json::from_slice(config).ok()?;
        let number = |key: &str| config.get(key).and_then(Value::as_u64).filter(|n| *n > 0);
        let (hidden, heads) = (number("hidden_size")?, number("num_attention_heads")?);
        Some(Self {
            hidden,
            layers: number("num_hidden_layers")?,
            heads,
            kv_heads: number("num_key_value_heads").unwrap_or(heads),
            head: number("head_dim").unwrap_or(hidden / heads),
            inner: number("intermediate_size")?,
            vocabulary: number("vocab_size")?,
            context: number("max_position_embeddings")?,
            tied: config.get("tie_word_embeddings").and_then(Value::as_bool).unwrap_or(false),
        })
    }

    /// A usual decoder with about this many weights, for one whose sizes cannot be read.
    pub(super) fn like(parameters: u64) -> Self {
        let hidden = ((8.0 * parameters as f64).cbrt() as u64).max(64).next_multiple_of(64);
        Self {
            hidden,
            layers: (hidden / 96).max(1),
            heads: hidden / 64,
            kv_heads: hidden / 64,
            head: 64,
            inner: hidden * 8 / 3,
            vocabulary: 32_000,
            context: 32_768,
            tied: true,
        }
    }

    /// Weights in all.
    pub(super) fn parameters(&self) -> u64 {
        let embeddings = self.vocabulary * self.hidden * if self.tied { 1 } else { 2 };
        let attention = self.hidden * self.head * (2 * self.heads + 2 * self.kv_heads);
        let block = attention + 3 * self.hidden * self.inner + 2 * self.hidden;
        embeddings + self.hidden + self.layers * block
    }

    /// Weights of the matrices that LoRA adds.
    pub(super) fn lora_parameters(&self, lora: &LoraSettings) -> u64 {
        let (q, kv) = (self.heads * self.head, self.kv_heads * self.head);
        let sides = |target: &String| match target.as_str() {
            "q_proj" => self.hidden + q,
            "k_proj" | "v_proj" => self.hidden + kv,
            "o_proj" => q + self.hidden,
            _ => self.hidden + self.inner,
        };
        let sides: u64 = lora.targets.iter().flatten().map(sides).sum();
        self.layers * u64::from(lora.rank.unwrap_or_default()) * sides
    }
}

/// The width inside a block, as asked for or by the usual rule.
pub(super) fn inner(of: &TrainingArchitecture) -> u32 {
    of.intermediate_size.unwrap_or_else(|| (of.hidden_size * 8 / 3).next_multiple_of(16))
}

/// Refuses a shape that cannot be built.
pub(super) fn check(of: &TrainingArchitecture) -> Result<()> {
    let TrainingArchitecture { hidden_size, layers, heads, vocabulary, context, .. } = *of;
    let kv_heads = of.kv_heads.unwrap_or(heads);
    for (field, value, low, high) in [
        ("hiddenSize", hidden_size, 16, 16_384),
        ("layers", layers, 1, 128),
        ("heads", heads, 1, 256),
        ("kvHeads", kv_heads, 1, 256),
        ("intermediateSize", of.intermediate_size.unwrap_or(16), 16, 65_536),
        ("vocabulary", vocabulary, 384, 131_072),
        ("context", context, 16, 32_768),
    ] {
        if !(low..=high).contains(&value) {
            let rule = format!("must be {low} to {high}, not {value}");
            return Err(
                broken(field, rule).hint("a small one: 128 wide, 4 layers, 4 heads, vocabulary 1024, context 256")
            );
        }
    }
    if !hidden_size.is_multiple_of(heads) {
        let rule = format!("must be a multiple of the {heads} heads, which {hidden_size} is not");
        let next = hidden_size.next_multiple_of(heads);
        return Err(broken("hiddenSize", rule).hint(format!("take {next}, or other heads")));
    }
    if !heads.is_multiple_of(kv_heads) {
        let rule = format!("must divide the {heads} heads, which {kv_heads} does not");
        return Err(broken("kvHeads", rule).hint("leave it out for as many as heads"));
    }
    if !(hidden_size / heads).is_multiple_of(2) {
        let rule = format!("must give each head an even width, and {hidden_size} over {heads} heads is odd");
        return Err(broken("hiddenSize", rule).hint(format!("take {}", hidden_size + heads)));
    }
    Ok(())
}

fn broken(field: &str, rule: String) -> Error {
    Error::invalid(format!("architecture.{field}"), rule).code("architecture_invalid")
}
