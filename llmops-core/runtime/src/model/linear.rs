//! A linear layer, in the forms its weights may have.

use std::sync::Arc;

use candle_core::quantized::{QMatMul, QTensor};
use candle_core::{Module, Result, Tensor};

use super::ops::FrozenLinear;

/// Weights as they come from a file.
pub enum Weight {
    /// 32-bit numbers.
    Dense(Tensor),
    /// Blocks of few bits; for inference only.
    Quantized(QTensor),
}

impl Weight {
    /// Rows first.
    pub fn dims(&self) -> &[usize] {
        match self {
            Self::Dense(tensor) => tensor.dims(),
            Self::Quantized(tensor) => tensor.shape().dims(),
        }
    }

    /// The numbers.
    pub fn dense(&self) -> Result<Tensor> {
        match self {
            Self::Dense(tensor) => Ok(tensor.clone()),
            Self::Quantized(tensor) => tensor.dequantize(&candle_core::Device::Cpu),
        }
    }
}

/// `y = x W^T`.
#[derive(Clone)]
pub(super) enum Linear {
    Dense(Tensor),
    Quantized(Arc<QMatMul>),
    /// Dense frozen weights, and beside them a trained product of two thin matrices.
    Adapted {
        weight: Tensor,
        down: Tensor,
        up: Tensor,
        scale: f64,
    },
}

impl Linear {
    pub(super) fn new(weight: Weight) -> Result<Self> {
        Ok(match weight {
            Weight::Dense(tensor) => Self::Dense(tensor),
            Weight::Quantized(tensor) => Self::Quantized(Arc::new(QMatMul::from_qtensor(tensor)?)),
        })
    }

    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Dense(weight) => x.matmul(&weight.t()?),
            Self::Quantized(weight) => weight.forward(x),
            Self::Adapted { weight, down, up, scale } => {
                x.matmul(&weight.t()?)? + (x.matmul(&down.t()?)?.matmul(&up.t()?)? * *scale)?
            }
        }
    }

    /// As [`Self::forward`], for a graph; `frozen` weights get no gradient.
    pub(super) fn learn(&self, x: &Tensor, frozen: bool) -> Result<Tensor> {
        match self {
            Self::Dense(weight) if frozen => FrozenLinear::apply(x, weight),
            Self::Dense(weight) => x.matmul(&weight.t()?),
            Self::Adapted { weight, down, up, scale } => {
                FrozenLinear::apply(x, weight)? + (x.matmul(&down.t()?)?.matmul(&up.t()?)? * *scale)?
            }
            Self::Quantized(_) => candle_core::bail!("quantized weights are not trained"),
        }
    }
}
