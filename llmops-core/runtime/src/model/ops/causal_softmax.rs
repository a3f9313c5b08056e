//! Softmax of scaled attention scores, where a position sees itself and what is before it.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

use super::{numbers, slice};

/// `softmax(scale * scores)` over the last of the dimensions, where row `i` of each square of `length` rows sees the
/// columns `0..=i`; the others become zero.
pub(crate) struct CausalSoftmax {
    /// Factor before the exponential.
    pub(crate) scale: f32,
    /// Rows and columns of one square.
    pub(crate) length: usize,
}

impl CustomOp1 for CausalSoftmax {
    fn name(&self) -> &'static str {
        "causal-softmax"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (scores, length) = (slice(storage, layout)?, self.length);
        let mut shares = vec![0f32; scores.len()];
        shares.par_chunks_mut(length).zip(scores.par_chunks(length)).enumerate().for_each(|(row, (shares, scores))| {
            let seen = row % length + 1;
            let most = scores[..seen].iter().copied().fold(f32::MIN, f32::max);
            let mut sum = 0.0;
            for (share, score) in shares[..seen].iter_mut().zip(scores) {
                *share = ((score - most) * self.scale).exp();
                sum += *share;
            }
            let part = 1.0 / sum;
            shares[..seen].iter_mut().for_each(|share| *share *= part);
        });
        Ok((CpuStorage::F32(shares), layout.shape().clone()))
    }

    fn bwd(&self, _scores: &Tensor, shares: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let (p, mut g, length) = (numbers(shares)?, numbers(grad)?, self.length);
        g.par_chunks_mut(length).zip(p.par_chunks(length)).enumerate().for_each(|(row, (g, p))| {
            let seen = row % length + 1;
            let mean: f32 = g[..seen].iter().zip(p).map(|(g, p)| g * p).sum();
            for (g, p) in g[..seen].iter_mut().zip(p) {
                *g = self.scale * p * (*g - mean);
            }
            g[seen..].fill(0.0);
        });
        Ok(Some(Tensor::from_vec(g, shares.shape(), shares.device())?))
    }
}
