//! The names, shapes and first values of the weights.

use std::collections::BTreeMap;

use candle_core::{Device, Tensor};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::Config;
use crate::error::Result;

/// The token embedding.
pub(super) const EMBEDDING: &str = "model.embed_tokens.weight";
/// The last normalization.
pub(super) const NORM: &str = "model.norm.weight";
/// The head, where it does not share the embedding.
pub(super) const HEAD: &str = "lm_head.weight";
/// Spread of the first values.
const SPREAD: f64 = 0.02;

/// The name of a layer's weight.
pub(super) fn name(layer: usize, part: &str) -> String {
    format!("model.layers.{layer}.{part}.weight")
}

/// The names of the two thin matrices beside a layer, as adapter files have them.
pub(super) fn adapter_names(layer: usize, part: &str) -> (String, String) {
    let stem = format!("base_model.model.model.layers.{layer}.{part}");
    (format!("{stem}.lora_A.weight"), format!("{stem}.lora_B.weight"))
}

/// Every weight of a model with its shape.
pub(crate) fn layout(config: &Config) -> Vec<(String, Vec<usize>)> {
    let (d, f) = (config.hidden_size, config.intermediate_size);
    let q = config.head_dim() * config.num_attention_heads;
    let kv = config.head_dim() * config.num_key_value_heads;
    let mut all = vec![(EMBEDDING.to_string(), vec![config.vocab_size, d])];
    for layer in 0..config.num_hidden_layers {
        for (part, shape) in [
            ("self_attn.q_proj", vec![q, d]),
            ("self_attn.k_proj", vec![kv, d]),
            ("self_attn.v_proj", vec![kv, d]),
            ("self_attn.o_proj", vec![d, q]),
            ("mlp.gate_proj", vec![f, d]),
            ("mlp.up_proj", vec![f, d]),
            ("mlp.down_proj", vec![d, f]),
            ("input_layernorm", vec![d]),
            ("post_attention_layernorm", vec![d]),
        ] {
            all.push((name(layer, part), shape));
        }
    }
    all.push((NORM.to_string(), vec![d]));
    if !config.tie_word_embeddings {
        all.push((HEAD.to_string(), vec![config.vocab_size, d]));
    }
    all
}

/// Weights to begin from: normal with a spread of 0.02, less for what is added to the residual stream, ones for the
/// normalizations. The same seed gives the same weights; the tensor library's own draw cannot be seeded.
pub(crate) fn random(config: &Config, seed: u64) -> Result<BTreeMap<String, Tensor>> {
    let mut rng = StdRng::seed_from_u64(seed);
    let residual = SPREAD / (2.0 * config.num_hidden_layers as f64).sqrt();
    let mut all = BTreeMap::new();
    for (name, shape) in layout(config) {
        let many = shape.iter().product();
        let spread =
            if name.ends_with("o_proj.weight") || name.ends_with("down_proj.weight") { residual } else { SPREAD };
        let values = if shape.len() == 1 { vec![1f32; many] } else { normal(&mut rng, many, spread) };
        all.insert(name, Tensor::from_vec(values, shape, &Device::Cpu)?);
    }
    Ok(all)
}

/// Draws from a normal distribution (Box and Muller's way).
pub(crate) fn normal(rng: &mut StdRng, many: usize, spread: f64) -> Vec<f32> {
    let draw = |_| {
        let (u, v): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
        ((-2.0 * u.ln()).sqrt() * (2.0 * std::f64::consts::PI * v).cos() * spread) as f32
    };
    (0..many).map(draw).collect()
}
