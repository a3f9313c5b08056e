//! The decoder with a graph, for training.

use std::collections::BTreeMap;

use candle_core::{Device, Tensor, Var};

use super::linear::Linear;
use super::ops::{CausalSoftmax, RmsNorm, Rope, SwiGlu};
use super::{Layer, Model, rotary, weights};
use crate::error::{Error, Result};

/// A low-rank change of some of the linear layers.
pub(crate) struct Adapter<'a> {
    /// Width of the two thin matrices.
    pub(crate) rank: usize,
    /// The product is multiplied by this over the rank.
    pub(crate) alpha: f64,
    /// Which layers, as `q_proj`.
    pub(crate) targets: &'a [String],
    /// The thin matrices under their names in an adapter file.
    pub(crate) weights: &'a BTreeMap<String, Var>,
}

impl Model {
    /// The final hidden states `(batch * length, width)` of `(batch, length)` tokens. With `frozen`, only the layers'
    /// adapters get gradients.
    pub(crate) fn learn(&self, ids: &Tensor, frozen: bool) -> candle_core::Result<Tensor> {
        let (_, length) = ids.dims2()?;
        let (cos, sin) = rotary::angles(&self.frequencies, 0..length);
        let rope = Rope { cos: cos.into(), sin: sin.into(), length };
        let eps = self.config.rms_norm_eps as f32;
        let norm = |x: &Tensor, weight: &Tensor| {
            let weight = if frozen { weight.detach() } else { weight.clone() };
            x.contiguous()?.apply_op2(&weight, RmsNorm { eps })
        };
        let embedding = if frozen { self.embedding.detach() } else { self.embedding.clone() };
        let mut x = embedding.index_select(&ids.flatten_all()?, 0)?;
        for layer in &self.layers {
            let y = self.learn_attention(layer, &norm(&x, &layer.attention_norm)?, &rope, frozen)?;
            x = (x + layer.output.learn(&y, frozen)?)?;
            let y = norm(&x, &layer.feed_norm)?;
            let y = layer.gate.learn(&y, frozen)?.apply_op2(&layer.up.learn(&y, frozen)?, SwiGlu)?;
            x = (x + layer.down.learn(&y, frozen)?)?;
        }
        norm(&x, &self.norm)
    }

    /// The logits of rows of [`Self::learn`].
    pub(crate) fn learn_head(&self, hidden: &Tensor, frozen: bool) -> candle_core::Result<Tensor> {
        self.head.learn(hidden, frozen)?.contiguous()
    }

    fn learn_attention(&self, layer: &Layer, y: &Tensor, rope: &Rope, frozen: bool) -> candle_core::Result<Tensor> {
        let config = &self.config;
        let (heads, groups, width) = (config.num_attention_heads, config.num_key_value_heads, config.head_dim());
        let (tokens, length) = (y.dims2()?.0, rope.length);
        let (batch, rows) = (tokens / length, heads / groups * length);
        let by_head = |y: Tensor, heads: usize| y.reshape((batch, length, heads, width))?.transpose(1, 2)?.contiguous();
        let q = by_head(layer.query.learn(y, frozen)?, heads)?.apply_op1(rope.clone())?;
        let k = by_head(layer.key.learn(y, frozen)?, groups)?.apply_op1(rope.clone())?;
        let v = by_head(layer.value.learn(y, frozen)?, groups)?;
        let scores = q.reshape((batch, groups, rows, width))?.matmul(&k.t()?)?;
        let shares = scores.apply_op1(CausalSoftmax { scale: 1.0 / (width as f32).sqrt(), length })?;
        shares.matmul(&v)?.reshape((batch, heads, length, width))?.transpose(1, 2)?.reshape((tokens, heads * width))
    }

    /// Lays an adapter beside the layers that it names. The weights stay what they are.
    pub(crate) fn adapt(&mut self, adapter: &Adapter<'_>) -> Result<()> {
        for (index, layer) in self.layers.iter_mut().enumerate() {
            for target in adapter.targets {
                let (linear, part) = layer.part(target)?;
                let (down, up) = weights::adapter_names(index, part);
                let thin = |name: &str| {
                    let missing = || Error::bad_model(format!("the adapter has no {name}"));
                    adapter.weights.get(name).map(|var| var.as_tensor().clone()).ok_or_else(missing)
                };
                let Linear::Dense(weight) = &*linear else {
                    return Err(Error::bad_model("an adapter needs dense weights"));
                };
                let scale = adapter.alpha / adapter.rank as f64;
                *linear = Linear::Adapted { weight: weight.clone(), down: thin(&down)?, up: thin(&up)?, scale };
            }
        }
        Ok(())
    }
}

impl Layer {
    /// The layer that an adapter names, and its name in the layout.
    fn part(&mut self, target: &str) -> Result<(&mut Linear, &'static str)> {
        Ok(match target {
            "q_proj" => (&mut self.query, "self_attn.q_proj"),
            "k_proj" => (&mut self.key, "self_attn.k_proj"),
            "v_proj" => (&mut self.value, "self_attn.v_proj"),
            "o_proj" => (&mut self.output, "self_attn.o_proj"),
            "gate_proj" => (&mut self.gate, "mlp.gate_proj"),
            "up_proj" => (&mut self.up, "mlp.up_proj"),
            "down_proj" => (&mut self.down, "mlp.down_proj"),
            other => {
                return Err(Error::usage(format!("there is no layer `{other}` to adapt; name {}", TARGETS.join(", "))));
            }
        })
    }
}

/// The layers that can be adapted.
pub(crate) const TARGETS: [&str; 7] = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

/// A tensor of token ids, `(batch, length)`.
pub(crate) fn ids(tokens: Vec<u32>, batch: usize) -> candle_core::Result<Tensor> {
    let length = tokens.len() / batch.max(1);
    Tensor::from_vec(tokens, (batch, length), &Device::Cpu)
}
