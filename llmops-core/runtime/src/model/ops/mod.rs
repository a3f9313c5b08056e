//! The steps of a decoder, each as one operation with its gradient.
//!
//! The tensor library's own fused steps have no gradient, and the ones composed of elementary operations allocate a
//! tensor for each: these need two thirds of the time. Sums run in an order that does not depend on the number of
//! threads, so that a run can be repeated bit by bit.

mod causal_softmax;
mod cross_entropy;
mod frozen_linear;
mod rms_norm;
mod rope;
mod swiglu;

pub(crate) use causal_softmax::CausalSoftmax;
pub(crate) use cross_entropy::CrossEntropy;
pub(crate) use frozen_linear::FrozenLinear;
pub(crate) use rms_norm::RmsNorm;
pub(crate) use rope::Rope;
pub(crate) use swiglu::SwiGlu;

use candle_core::{CpuStorage, Layout, Result, Tensor};

/// The numbers of an argument that lies in one piece.
fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match layout.contiguous_offsets() {
        Some((from, to)) => Ok(&storage.as_slice::<f32>()?[from..to]),
        None => candle_core::bail!("the argument does not lie in one piece"),
    }
}

/// A copy of all numbers.
fn numbers(tensor: &Tensor) -> Result<Vec<f32>> {
    tensor.flatten_all()?.to_vec1::<f32>()
}
