//! The decoder without a graph, over a ragged batch.

use candle_core::{Device, Tensor};
use candle_nn::ops::{rms_norm, silu, softmax_last_dim};

use super::{Kv, Layer, Model, rotary};
use crate::error::Result;

/// Tokens that continue a sequence, and what is known of the tokens before them.
type Part<'a> = (&'a [u32], &'a mut Kv);

impl Model {
    /// Feeds each sequence its next tokens, one or many, and returns the logits after the last of each, `(sequences,
    /// vocabulary)`. The linear layers see all tokens at once; attention sees one sequence at a time.
    ///
    /// Every part must have at least one token, and every token must be in the vocabulary.
    pub fn step(&self, parts: &mut [Part<'_>]) -> Result<Tensor> {
        let hidden = self.hidden(parts)?;
        let ends = parts.iter().scan(0u32, |end, (tokens, _)| {
            *end += tokens.len() as u32;
            Some(*end - 1)
        });
        let last = Tensor::from_iter(ends, &Device::Cpu)?;
        self.logits(&hidden.index_select(&last, 0)?)
    }

    /// As [`Self::step`], with the logits after every token.
    pub fn step_all(&self, parts: &mut [Part<'_>]) -> Result<Tensor> {
        let hidden = self.hidden(parts)?;
        self.logits(&hidden)
    }

    /// What comes out of the last block, one row per token.
    pub(crate) fn hidden(&self, parts: &mut [Part<'_>]) -> Result<Tensor> {
        let ids = parts.iter().flat_map(|(tokens, _)| tokens.iter().copied());
        let mut x = self.embedding.index_select(&Tensor::from_iter(ids, &Device::Cpu)?, 0)?;
        let positions = parts.iter().flat_map(|(tokens, kv)| kv.len()..kv.len() + tokens.len());
        let (cos, sin) = rotary::angles(&self.frequencies, positions);
        let shape = (x.dims2()?.0, self.frequencies.len());
        let turn = (Tensor::from_vec(cos, shape, &Device::Cpu)?, Tensor::from_vec(sin, shape, &Device::Cpu)?);
        let eps = self.config.rms_norm_eps as f32;
        for (index, layer) in self.layers.iter().enumerate() {
            let y = self.attend((index, layer), &rms_norm(&x, &layer.attention_norm, eps)?, &turn, parts)?;
            x = (x + layer.output.forward(&y)?)?;
            let y = rms_norm(&x, &layer.feed_norm, eps)?;
            let y = (silu(&layer.gate.forward(&y)?)? * layer.up.forward(&y)?)?;
            x = (x + layer.down.forward(&y)?)?;
        }
        parts.iter_mut().for_each(|(tokens, kv)| kv.advance(tokens.len()));
        Ok(x)
    }

    /// The scores of every token of the vocabulary, for rows of [`Self::hidden`].
    pub(crate) fn logits(&self, hidden: &Tensor) -> Result<Tensor> {
        let normal = rms_norm(&hidden.contiguous()?, &self.norm, self.config.rms_norm_eps as f32)?;
        Ok(self.head.forward(&normal)?)
    }

    fn attend(
        &self,
        (index, layer): (usize, &Layer),
        y: &Tensor,
        (cos, sin): &(Tensor, Tensor),
        parts: &mut [Part<'_>],
    ) -> candle_core::Result<Tensor> {
        let config = &self.config;
        let (heads, groups, width) = (config.num_attention_heads, config.num_key_value_heads, config.head_dim());
        let tokens = y.dims2()?.0;
        let by_head = |y: Tensor, heads: usize| y.reshape((1, tokens, heads, width))?.transpose(1, 2)?.contiguous();
        let turned = |y: Tensor, heads: usize| candle_nn::rotary_emb::rope(&by_head(y, heads)?, cos, sin);
        let q = turned(layer.query.forward(y)?, heads)?;
        let k = turned(layer.key.forward(y)?, groups)?;
        let v = by_head(layer.value.forward(y)?, groups)?;
        let mut outputs = Vec::with_capacity(parts.len());
        let mut at = 0;
        for (tokens, kv) in parts.iter_mut() {
            let of_part = |x: &Tensor| x.narrow(2, at, tokens.len())?.contiguous();
            let before = kv.len();
            let (keys, values) = kv.append(index, &of_part(&k)?, &of_part(&v)?)?;
            outputs.push(attention(&of_part(&q)?, &keys, &values, before)?);
            at += tokens.len();
        }
        let joined = match outputs.len() {
            1 => outputs.remove(0),
            _ => Tensor::cat(&outputs, 2)?,
        };
        joined.transpose(1, 2)?.reshape((tokens, heads * width))
    }
}

/// Attention of `(1, heads, new, d)` queries over all keys, of which `before` came before the first query. The query
/// heads of one key head are laid one after the other in time, so that no key is copied for them.
fn attention(q: &Tensor, keys: &Tensor, values: &Tensor, before: usize) -> candle_core::Result<Tensor> {
    let (_, heads, new, width) = q.dims4()?;
    let (_, groups, total, _) = keys.dims4()?;
    let rows = heads / groups * new;
    let scores = (q.reshape((1, groups, rows, width))?.matmul(&keys.t()?)? * (1.0 / (width as f64).sqrt()))?;
    let mut scores = scores.reshape((1, heads, new, total))?;
    if new > 1 {
        let hide =
            |row: usize| (0..total).map(move |column| if column > row + before { f32::NEG_INFINITY } else { 0.0 });
        let mask: Vec<f32> = (0..new).flat_map(hide).collect();
        scores = scores.broadcast_add(&Tensor::from_vec(mask, (1, 1, new, total), &Device::Cpu)?)?;
    }
    let shares = softmax_last_dim(&scores)?.reshape((1, groups, rows, total))?;
    shares.matmul(values)?.reshape((1, heads, new, width))
}
