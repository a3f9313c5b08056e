//! The gate of the feed-forward block.

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

use super::{numbers, slice};

/// Numbers that are not worth a second thread.
const FEW: usize = 4096;

/// `silu(gate) * up`.
pub(crate) struct SwiGlu;

impl CustomOp2 for SwiGlu {
    fn name(&self) -> &'static str {
        "swiglu"
    }

    fn cpu_fwd(&self, sg: &CpuStorage, lg: &Layout, su: &CpuStorage, lu: &Layout) -> Result<(CpuStorage, Shape)> {
        let (gate, up) = (slice(sg, lg)?, slice(su, lu)?);
        let one = |(&gate, &up): (&f32, &f32)| gate / (1.0 + (-gate).exp()) * up;
        let y = gate.par_iter().zip(up).with_min_len(FEW).map(one).collect();
        Ok((CpuStorage::F32(y), lg.shape().clone()))
    }

    fn bwd(&self, gate: &Tensor, up: &Tensor, _y: &Tensor, grad: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (mut g, mut u, d) = (numbers(gate)?, numbers(up)?, numbers(grad)?);
        g.par_iter_mut().zip(u.par_iter_mut()).zip(&d).with_min_len(FEW).for_each(|((g, u), &d)| {
            let open = 1.0 / (1.0 + (-*g).exp());
            let (gate, up) = (*g, *u);
            *u = d * gate * open;
            *g = d * up * open * (1.0 + gate * (1.0 - open));
        });
        let like = |numbers: Vec<f32>, of: &Tensor| Tensor::from_vec(numbers, of.shape(), of.device());
        Ok((Some(like(g, gate)?), Some(like(u, up)?)))
    }
}
