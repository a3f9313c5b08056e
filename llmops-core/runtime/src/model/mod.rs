//! One Llama decoder for everything: trained, adapted, evaluated and served, on dense or quantized weights.
//!
//! Rows are tokens: a hidden state is `(tokens, width)`, whatever sequences the tokens belong to. [`Model::step`] runs
//! without a graph over sequences of different lengths, each with its own [`Kv`]; [`Model::learn`] runs with a graph over
//! a batch of equal lengths.

mod config;
mod kv;
mod learn;
mod linear;
pub(crate) mod ops;
mod rotary;
mod step;
#[cfg(test)]
mod tests;
mod weights;

use std::collections::BTreeMap;

use candle_core::Tensor;

pub use config::{Config, RopeScaling};
pub use kv::Kv;
pub(crate) use learn::{Adapter, TARGETS, ids};
pub use linear::Weight;
pub(crate) use weights::{layout, random};

use crate::error::{Error, Result};
use linear::Linear;

/// A decoder with its weights.
pub struct Model {
    config: Config,
    embedding: Tensor,
    layers: Vec<Layer>,
    norm: Tensor,
    head: Linear,
    frequencies: Vec<f32>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    gate: Linear,
    up: Linear,
    down: Linear,
    attention_norm: Tensor,
    feed_norm: Tensor,
}

impl Model {
    /// A model of tensors under the names of Hugging Face's layout.
    pub fn from_named(config: Config, tensors: &BTreeMap<String, Tensor>) -> Result<Self> {
        Self::build(config, |name| {
            let found = tensors.get(name).cloned();
            found.map(Weight::Dense).ok_or_else(|| Error::bad_model(format!("the tensor {name} is missing")))
        })
    }

    /// A model of the weights that `get` finds; each is checked against the shape that `config` asks for.
    pub fn build(config: Config, mut get: impl FnMut(&str) -> Result<Weight>) -> Result<Self> {
        config.check().map_err(Error::bad_model)?;
        let shapes: BTreeMap<String, Vec<usize>> = layout(&config).into_iter().collect();
        let mut weight = |name: &str| -> Result<Weight> {
            let weight = get(name)?;
            let expected = shapes.get(name).map(Vec::as_slice).unwrap_or_default();
            if weight.dims() != expected {
                let message =
                    format!("{name} has the shape {:?} where the configuration asks for {expected:?}", weight.dims());
                return Err(Error::bad_model(message));
            }
            Ok(weight)
        };
        let first = weight(weights::EMBEDDING)?;
        let embedding = first.dense()?;
        let mut layers = Vec::with_capacity(config.num_hidden_layers);
        for layer in 0..config.num_hidden_layers {
            layers.push(Layer::build(layer, &mut weight)?);
        }
        let norm = weight(weights::NORM)?.dense()?;
        let head = if config.tie_word_embeddings { Linear::new(first)? } else { Linear::new(weight(weights::HEAD)?)? };
        let frequencies = rotary::frequencies(&config);
        Ok(Self { config, embedding, layers, norm, head, frequencies })
    }

    /// Its shape.
    pub fn config(&self) -> &Config {
        &self.config
    }
}

impl Layer {
    fn build(layer: usize, weight: &mut impl FnMut(&str) -> Result<Weight>) -> Result<Self> {
        let mut get = |part: &str| weight(&weights::name(layer, part));
        Ok(Self {
            query: Linear::new(get("self_attn.q_proj")?)?,
            key: Linear::new(get("self_attn.k_proj")?)?,
            value: Linear::new(get("self_attn.v_proj")?)?,
            output: Linear::new(get("self_attn.o_proj")?)?,
            gate: Linear::new(get("mlp.gate_proj")?)?,
            up: Linear::new(get("mlp.up_proj")?)?,
            down: Linear::new(get("mlp.down_proj")?)?,
            attention_norm: get("input_layernorm")?.dense()?,
            feed_norm: get("post_attention_layernorm")?.dense()?,
        })
    }
}
