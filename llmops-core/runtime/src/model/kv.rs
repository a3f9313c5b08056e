//! The keys and values of one sequence.

use candle_core::{DType, Device, Tensor};

use super::Config;
use crate::error::Result;

/// Positions by which the memory grows.
const BLOCK: usize = 128;

/// Keys and values of one sequence, which grow in blocks, so that a token costs no copy of what came before it.
pub struct Kv {
    layers: Vec<Option<(Tensor, Tensor)>>,
    len: usize,
}

impl Kv {
    /// Of an empty sequence.
    pub fn new(config: &Config) -> Self {
        Self { layers: vec![None; config.num_hidden_layers], len: 0 }
    }

    /// Number of positions held.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was fed yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        self.layers.iter().flatten().map(|(keys, values)| 4 * (keys.elem_count() + values.elem_count())).sum()
    }

    /// Bytes that `positions` take.
    pub fn bytes_for(config: &Config, positions: usize) -> usize {
        let of_position = config.num_hidden_layers * config.num_key_value_heads * config.head_dim() * 8;
        positions.next_multiple_of(BLOCK).saturating_mul(of_position)
    }

    /// A copy of the first `positions`, for a sequence that begins alike.
    pub fn prefix(&self, positions: usize) -> Result<Self> {
        let positions = positions.min(self.len);
        let copy = |(keys, values): &(Tensor, Tensor)| -> candle_core::Result<(Tensor, Tensor)> {
            Ok((resized(keys, positions, positions)?, resized(values, positions, positions)?))
        };
        let layers = self.layers.iter().map(|layer| match layer {
            Some(layer) if positions > 0 => copy(layer).map(Some),
            _ => Ok(None),
        });
        Ok(Self { layers: layers.collect::<candle_core::Result<_>>()?, len: positions })
    }

    /// Writes the keys and values of new positions of one layer, `(1, heads, new, d)` each, and returns all of them.
    pub(super) fn append(&mut self, layer: usize, k: &Tensor, v: &Tensor) -> candle_core::Result<(Tensor, Tensor)> {
        let (_, heads, new, width) = k.dims4()?;
        let total = self.len + new;
        let (keys, values) = match self.layers[layer].take() {
            Some((keys, values)) if keys.dims4()?.2 >= total => (keys, values),
            Some((keys, values)) => (resized(&keys, self.len, total)?, resized(&values, self.len, total)?),
            None => {
                let shape = (1, heads, total.next_multiple_of(BLOCK), width);
                (Tensor::zeros(shape, DType::F32, &Device::Cpu)?, Tensor::zeros(shape, DType::F32, &Device::Cpu)?)
            }
        };
        keys.slice_set(k, 2, self.len)?;
        values.slice_set(v, 2, self.len)?;
        let seen = (keys.narrow(2, 0, total)?, values.narrow(2, 0, total)?);
        self.layers[layer] = Some((keys, values));
        Ok(seen)
    }

    /// Counts the positions that every layer has appended.
    pub(super) fn advance(&mut self, positions: usize) {
        self.len += positions;
    }
}

/// A copy of the first `keep` positions with room for `total`.
fn resized(of: &Tensor, keep: usize, total: usize) -> candle_core::Result<Tensor> {
    let (batch, heads, _, width) = of.dims4()?;
    let new = Tensor::zeros((batch, heads, total.next_multiple_of(BLOCK), width), DType::F32, &Device::Cpu)?;
    if keep > 0 {
        new.slice_set(&of.narrow(2, 0, keep)?.contiguous()?, 2, 0)?;
    }
    Ok(new)
}
