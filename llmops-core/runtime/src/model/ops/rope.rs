//! Rotary positions.

use std::sync::Arc;

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

use super::{numbers, slice};

/// Turns the pairs `(i, i + d/2)` of each head by its position's angles; the input is `(batch, heads, length, d)`.
#[derive(Clone)]
pub(crate) struct Rope {
    /// `length` rows of `d/2`.
    pub(crate) cos: Arc<[f32]>,
    /// As `cos`.
    pub(crate) sin: Arc<[f32]>,
    /// Number of positions.
    pub(crate) length: usize,
}

impl Rope {
    fn turn(&self, x: &mut [f32], width: usize, sign: f32) {
        let half = width / 2;
        x.par_chunks_mut(width).enumerate().for_each(|(row, x)| {
            let at = row % self.length * half;
            let (low, high) = x.split_at_mut(half);
            let angles = self.cos[at..at + half].iter().zip(&self.sin[at..at + half]);
            for ((a, b), (c, s)) in low.iter_mut().zip(high).zip(angles) {
                let s = sign * s;
                (*a, *b) = (*a * c - *b * s, *b * c + *a * s);
            }
        });
    }
}

impl CustomOp1 for Rope {
    fn name(&self) -> &'static str {
        "rope"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let mut x = slice(storage, layout)?.to_vec();
        self.turn(&mut x, layout.shape().dims4()?.3, 1.0);
        Ok((CpuStorage::F32(x), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _y: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let mut g = numbers(grad)?;
        self.turn(&mut g, x.dims4()?.3, -1.0);
        Ok(Some(Tensor::from_vec(g, x.shape(), x.device())?))
    }
}
