//! The shape of a model, as `config.json` of a Hugging Face folder states it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result};

/// The most layers a model may have.
const MOST_LAYERS: usize = 1024;
/// The widest a hidden or inner layer may be.
const MOST_WIDTH: usize = 1 << 18;
/// The largest vocabulary.
const MOST_TOKENS: usize = 1 << 22;
/// The longest context.
const MOST_CONTEXT: usize = 1 << 24;

/// The shape of a Llama decoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Number of tokens known.
    pub vocab_size: usize,
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Width inside the feed-forward block.
    pub intermediate_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// Number of query heads.
    pub num_attention_heads: usize,
    /// Number of key and value heads; divides the number of query heads.
    #[serde(default)]
    pub num_key_value_heads: usize,
    /// Width of one head, where it is not the hidden size over the heads.
    #[serde(default)]
    pub head_dim: Option<usize>,
    /// Longest context it was made for.
    pub max_position_embeddings: usize,
    /// Added to the mean square before its root is taken.
    pub rms_norm_eps: f64,
    /// Base of the rotary frequencies.
    #[serde(default = "rope_theta")]
    pub rope_theta: f32,
    /// How the rotary frequencies are stretched for long contexts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rope_scaling: Option<RopeScaling>,
    /// Whether the head shares the embedding's weights.
    #[serde(default)]
    pub tie_word_embeddings: bool,
    /// First token of a text.
    #[serde(default)]
    pub bos_token_id: Option<u32>,
    /// Tokens that end a text.
    #[serde(default, with = "one_or_many")]
    pub eos_token_id: Vec<u32>,
}

/// Llama 3's way to stretch the rotary frequencies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RopeScaling {
    /// Always `llama3`; other ways are refused.
    #[serde(alias = "type")]
    pub rope_type: String,
    /// How much longer the low frequencies' waves become.
    #[serde(default = "one")]
    pub factor: f32,
    /// Waves longer than the original context over this are stretched.
    #[serde(default = "one")]
    pub low_freq_factor: f32,
    /// Waves shorter than the original context over this stay.
    #[serde(default = "four")]
    pub high_freq_factor: f32,
    /// The context before stretching.
    #[serde(default)]
    pub original_max_position_embeddings: usize,
}

fn rope_theta() -> f32 {
    10_000.0
}

fn one() -> f32 {
    1.0
}

fn four() -> f32 {
    4.0
}

impl Config {
    /// Reads `config.json` and refuses what this decoder would compute wrongly.
    pub fn from_json(value: &Value) -> Result<Self> {
        refuse_other_kinds(value)?;
        let mut config: Self = serde_json::from_value(value.clone())
            .map_err(|error| Error::bad_model(format!("config.json does not describe a Llama model: {error}")))?;
        if config.num_key_value_heads == 0 {
            config.num_key_value_heads = config.num_attention_heads;
        }
        // The newer layout keeps both in one object.
        if let Some(theta) = value.pointer("/rope_parameters/rope_theta").and_then(Value::as_f64) {
            config.rope_theta = theta as f32;
        }
        if let Some(RopeScaling { rope_type, .. }) = &config.rope_scaling {
            match rope_type.as_str() {
                "default" => config.rope_scaling = None,
                "llama3" => {}
                other => {
                    let message =
                        format!("config.json: rope_scaling of type `{other}` is not run here; use llama3 or none");
                    return Err(Error::bad_model(message));
                }
            }
        }
        config.check().map_err(|why| Error::bad_model(format!("config.json: {why}")))?;
        Ok(config)
    }

    /// What `config.json` says of this model, for any reader of Hugging Face folders.
    pub fn to_json(&self) -> Result<Value> {
        let mut value = serde_json::to_value(self).map_err(Error::internal)?;
        let Some(object) = value.as_object_mut() else { return Err(Error::internal("a configuration is no object")) };
        for (key, said) in [
            ("architectures", serde_json::json!(["LlamaForCausalLM"])),
            ("model_type", "llama".into()),
            ("hidden_act", "silu".into()),
            ("head_dim", self.head_dim().into()),
            ("attention_bias", false.into()),
            ("mlp_bias", false.into()),
            ("torch_dtype", "float32".into()),
        ] {
            object.insert(key.into(), said);
        }
        Ok(value)
    }

    /// Width of one head.
    pub fn head_dim(&self) -> usize {
        self.head_dim.unwrap_or(self.hidden_size / self.num_attention_heads.max(1))
    }

    /// Number of weights.
    pub fn parameters(&self) -> u64 {
        let (d, f) = (self.hidden_size as u64, self.intermediate_size as u64);
        let (q, kv) = (self.num_attention_heads as u64, self.num_key_value_heads as u64);
        let heads = self.head_dim() as u64 * (2 * q + 2 * kv);
        let vocabulary = self.vocab_size as u64 * d * if self.tie_word_embeddings { 1 } else { 2 };
        vocabulary + d + self.num_hidden_layers as u64 * (d * heads + 3 * d * f + 2 * d)
    }

    /// Says which rule the shape breaks.
    pub fn check(&self) -> std::result::Result<(), String> {
        let head = self.head_dim();
        for (name, value, most) in [
            ("vocab_size", self.vocab_size, MOST_TOKENS),
            ("hidden_size", self.hidden_size, MOST_WIDTH),
            ("intermediate_size", self.intermediate_size, MOST_WIDTH),
            ("num_hidden_layers", self.num_hidden_layers, MOST_LAYERS),
            ("num_attention_heads", self.num_attention_heads, MOST_WIDTH),
            ("num_key_value_heads", self.num_key_value_heads, MOST_WIDTH),
            ("head_dim", head, MOST_WIDTH),
            ("max_position_embeddings", self.max_position_embeddings, MOST_CONTEXT),
        ] {
            if value == 0 || value > most {
                return Err(format!("{name} must be from 1 to {most}, not {value}"));
            }
        }
        if self.head_dim.is_none() && !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            return Err("hidden_size must be a multiple of num_attention_heads".into());
        }
        if !head.is_multiple_of(2) {
            return Err(format!("the width of a head must be even, not {head}"));
        }
        if !self.num_attention_heads.is_multiple_of(self.num_key_value_heads) {
            return Err("num_attention_heads must be a multiple of num_key_value_heads".into());
        }
        if !(self.rms_norm_eps.is_finite() && self.rms_norm_eps > 0.0) {
            return Err(format!("rms_norm_eps must be above 0, not {}", self.rms_norm_eps));
        }
        if !(self.rope_theta.is_finite() && self.rope_theta >= 1.0) {
            return Err(format!("rope_theta must be at least 1, not {}", self.rope_theta));
        }
        let known = |id: &u32| (*id as usize) < self.vocab_size;
        match self.bos_token_id.iter().chain(&self.eos_token_id).find(|id| !known(id)) {
            Some(id) => Err(format!("the token {id} is named, but the vocabulary ends at {}", self.vocab_size - 1)),
            None => Ok(()),
        }
    }
}

/// Other architectures share the names of the fields, and would run and answer nonsense.
fn refuse_other_kinds(value: &Value) -> Result<()> {
    let refuse = |what: String| Err(Error::bad_model(format!("config.json: {what}; this program runs Llama models")));
    let kind = value.get("model_type").and_then(Value::as_str).unwrap_or("llama");
    if !matches!(kind, "llama" | "mistral") {
        return refuse(format!("model_type is `{kind}`"));
    }
    for bias in ["attention_bias", "mlp_bias"] {
        if value.get(bias).and_then(Value::as_bool) == Some(true) {
            return refuse(format!("{bias} is true"));
        }
    }
    match value.get("hidden_act").and_then(Value::as_str) {
        None | Some("silu") => {}
        Some(other) => return refuse(format!("hidden_act is `{other}`")),
    }
    match value.get("sliding_window") {
        None | Some(Value::Null) => Ok(()),
        Some(window) => refuse(format!("sliding_window is {window}")),
    }
}

/// One id, a list of ids, or null: folders have all three.
mod one_or_many {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    pub(super) fn serialize<S: Serializer>(ids: &[u32], to: S) -> Result<S::Ok, S::Error> {
        match ids {
            [] => to.serialize_none(),
            [one] => one.serialize(to),
            many => many.serialize(to),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u32>, D::Error> {
        let value = Value::deserialize(from)?;
        let list = match value {
            Value::Null => Vec::new(),
            Value::Array(list) => list,
            one => vec![one],
        };
        list.into_iter().map(|id| u32::deserialize(id).map_err(serde::de::Error::custom)).collect()
    }
}
