//! Normalization by the root of the mean square.

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

use super::{numbers, slice};

/// Rows whose weight gradients are summed by one thread; fixed, so that the order of the sums is.
const ROWS: usize = 256;

/// `x / sqrt(mean(x^2) + eps) * weight`, row by row.
pub(crate) struct RmsNorm {
    /// Keeps a row of zeros from becoming infinite.
    pub(crate) eps: f32,
}

impl RmsNorm {
    fn inverse(&self, row: &[f32]) -> f32 {
        (row.iter().map(|x| x * x).sum::<f32>() / row.len() as f32 + self.eps).sqrt().recip()
    }

    /// Turns the output's gradients into the input's, and returns the weight's.
    fn back(&self, g: &mut [f32], x: &[f32], weight: &[f32]) -> Vec<f32> {
        let width = weight.len();
        let mut of_weight = vec![0f32; width];
        for (g, x) in g.chunks_mut(width).zip(x.chunks(width)) {
            let inverse = self.inverse(x);
            let mut along = 0.0;
            for j in 0..width {
                of_weight[j] += g[j] * x[j] * inverse;
                g[j] *= weight[j];
                along += g[j] * x[j];
            }
            let pull = along * inverse * inverse * inverse / width as f32;
            for (g, x) in g.iter_mut().zip(x) {
                *g = *g * inverse - x * pull;
            }
        }
        of_weight
    }
}

impl CustomOp2 for RmsNorm {
    fn name(&self) -> &'static str {
        "rms-norm"
    }

    fn cpu_fwd(&self, sx: &CpuStorage, lx: &Layout, sw: &CpuStorage, lw: &Layout) -> Result<(CpuStorage, Shape)> {
        let (x, weight) = (slice(sx, lx)?, slice(sw, lw)?);
        let mut y = vec![0f32; x.len()];
        y.par_chunks_mut(weight.len()).zip(x.par_chunks(weight.len())).for_each(|(y, x)| {
            let inverse = self.inverse(x);
            for ((y, x), w) in y.iter_mut().zip(x).zip(weight) {
                *y = x * inverse * w;
            }
        });
        Ok((CpuStorage::F32(y), lx.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, weight: &Tensor, _y: &Tensor, grad: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (xs, w, mut g) = (numbers(x)?, numbers(weight)?, numbers(grad)?);
        let width = w.len();
        let parts: Vec<Vec<f32>> =
            g.par_chunks_mut(ROWS * width).zip(xs.par_chunks(ROWS * width)).map(|(g, x)| self.back(g, x, &w)).collect();
        let mut of_weight = vec![0f32; width];
        for part in parts {
            of_weight.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        let of_x = Tensor::from_vec(g, x.shape(), x.device())?;
        Ok((Some(of_x), Some(Tensor::from_vec(of_weight, width, x.device())?)))
    }
}
