//! The loss.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

use super::{numbers, slice};

/// Sum over the rows of the negative log-probability of each row's target, times `weight`.
pub(crate) struct CrossEntropy {
    /// One per row.
    pub(crate) targets: Vec<u32>,
    /// One over the number of targets gives their mean.
    pub(crate) weight: f32,
}

impl CrossEntropy {
    /// The mean over the rows.
    pub(crate) fn mean(targets: Vec<u32>) -> Self {
        let weight = 1.0 / targets.len().max(1) as f32;
        Self { targets, weight }
    }

    /// The negative log-probability of each row's target.
    pub(crate) fn rows(logits: &[f32], targets: &[u32]) -> Vec<f32> {
        let width = logits.len() / targets.len().max(1);
        let row = |(row, &target): (&[f32], &u32)| {
            let most = row.iter().copied().fold(f32::MIN, f32::max);
            let sum: f32 = row.iter().map(|logit| (logit - most).exp()).sum();
            sum.ln() + most - row[target as usize]
        };
        logits.par_chunks(width.max(1)).zip(targets.par_iter()).map(row).collect()
    }
}

impl CustomOp1 for CrossEntropy {
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let sum: f64 = Self::rows(slice(storage, layout)?, &self.targets).into_iter().map(f64::from).sum();
        Ok((CpuStorage::F32(vec![(sum * f64::from(self.weight)) as f32]), Shape::from(())))
    }

    fn bwd(&self, logits: &Tensor, _loss: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let width = logits.dims2()?.1;
        let scale = grad.to_scalar::<f32>()? * self.weight;
        let mut x = numbers(logits)?;
        x.par_chunks_mut(width).zip(self.targets.par_iter()).for_each(|(row, &target)| {
            let most = row.iter().copied().fold(f32::MIN, f32::max);
            let mut sum = 0.0;
            for logit in row.iter_mut() {
                *logit = (*logit - most).exp();
                sum += *logit;
            }
            let part = scale / sum;
            row.iter_mut().for_each(|share| *share *= part);
            row[target as usize] -= scale;
        });
        Ok(Some(Tensor::from_vec(x, logits.shape(), logits.device())?))
    }
}
