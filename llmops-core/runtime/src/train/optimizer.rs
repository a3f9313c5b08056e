//! AdamW, with its state where a checkpoint can take it.

use std::collections::BTreeMap;

use candle_core::backprop::GradStore;
use candle_core::{Device, Tensor, Var};

use crate::error::{Error, Result};

/// Share of the old mean of the gradients that is kept.
const KEEP_MEAN: f64 = 0.9;
/// Share of the old mean of their squares that is kept.
const KEEP_SQUARE: f64 = 0.95;
/// Keeps a step finite where gradients are zero.
const EPS: f64 = 1e-8;

/// The weights that learn, and how they moved so far.
pub(super) struct AdamW {
    weights: BTreeMap<String, Moving>,
    decay: f64,
    clip: f64,
    steps: u64,
}

struct Moving {
    var: Var,
    mean: Vec<f32>,
    square: Vec<f32>,
}

impl AdamW {
    /// Begins at these weights. `decay` pulls matrices to zero; `clip` is the most length of the gradient, 0 for any.
    pub(super) fn new(vars: &BTreeMap<String, Var>, decay: f64, clip: f64) -> Self {
        let moving = |var: &Var| {
            let zeros = vec![0f32; var.elem_count()];
            Moving { var: var.clone(), mean: zeros.clone(), square: zeros }
        };
        let weights = vars.iter().map(|(name, var)| (name.clone(), moving(var))).collect();
        Self { weights, decay, clip, steps: 0 }
    }

    /// Number of weights.
    pub(super) fn weights(&self) -> usize {
        self.weights.values().map(|moving| moving.mean.len()).sum()
    }

    /// Steps made.
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    /// Moves every weight against its gradient; the length of the whole gradient before clipping.
    pub(super) fn step(&mut self, grads: &GradStore, rate: f64) -> Result<f64> {
        let mut found = Vec::with_capacity(self.weights.len());
        for moving in self.weights.values() {
            found.push(grads.get(&moving.var).map(|grad| grad.flatten_all()?.to_vec1::<f32>()).transpose()?);
        }
        let square = |grad: &f32| f64::from(*grad) * f64::from(*grad);
        let length = found.iter().flatten().flatten().map(square).sum::<f64>().sqrt();
        let scale = if self.clip > 0.0 && length > self.clip { self.clip / length } else { 1.0 };
        self.steps += 1;
        let (decay, rise) = (self.decay * rate, Rise::at(self.steps, rate));
        for (moving, grad) in self.weights.values_mut().zip(found) {
            if let Some(grad) = grad {
                let pull = if moving.var.rank() > 1 { decay } else { 0.0 };
                moving.step(&grad, scale as f32, pull as f32, &rise)?;
            }
        }
        Ok(length)
    }

    /// Weights and state under names of their own.
    pub(super) fn state(&self) -> Result<BTreeMap<String, Tensor>> {
        let mut state = BTreeMap::new();
        for (name, moving) in &self.weights {
            let like = |values: &[f32]| Tensor::from_slice(values, moving.var.dims(), &Device::Cpu);
            state.insert(format!("weight/{name}"), moving.var.as_tensor().copy()?);
            state.insert(format!("mean/{name}"), like(&moving.mean)?);
            state.insert(format!("square/{name}"), like(&moving.square)?);
        }
        Ok(state)
    }

    /// Goes on from such a state.
    pub(super) fn restore(&mut self, steps: u64, mut get: impl FnMut(&str) -> Result<Tensor>) -> Result<()> {
        let mut read = BTreeMap::new();
        for (name, moving) in &self.weights {
            for part in ["weight", "mean", "square"] {
                let key = format!("{part}/{name}");
                let tensor = get(&key)?;
                if tensor.dims() != moving.var.dims() {
                    return Err(Error::bad_model(format!("{key} has another shape than its weight")));
                }
                read.insert(key, tensor);
            }
        }
        for (name, moving) in &mut self.weights {
            moving.var.set(&read[&format!("weight/{name}")])?;
            moving.mean = read[&format!("mean/{name}")].flatten_all()?.to_vec1()?;
            moving.square = read[&format!("square/{name}")].flatten_all()?.to_vec1()?;
        }
        self.steps = steps;
        Ok(())
    }
}

/// The rate of one step, with the means' slow start taken out.
struct Rise {
    rate: f32,
    square: f32,
}

impl Rise {
    fn at(step: u64, rate: f64) -> Self {
        let step = step as f64;
        Self {
            rate: (rate / (1.0 - KEEP_MEAN.powf(step))) as f32,
            square: (1.0 / (1.0 - KEEP_SQUARE.powf(step))) as f32,
        }
    }
}

impl Moving {
    fn step(&mut self, grad: &[f32], scale: f32, pull: f32, rise: &Rise) -> Result<()> {
        let (b1, b2, eps) = (KEEP_MEAN as f32, KEEP_SQUARE as f32, EPS as f32);
        let mut weights = self.var.flatten_all()?.to_vec1::<f32>()?;
        let state = self.mean.iter_mut().zip(&mut self.square);
        for ((weight, grad), (mean, square)) in weights.iter_mut().zip(grad).zip(state) {
            let grad = grad * scale;
            *mean = b1 * *mean + (1.0 - b1) * grad;
            *square = b2 * *square + (1.0 - b2) * grad * grad;
            *weight -= *weight * pull + rise.rate * *mean / ((*square * rise.square).sqrt() + eps);
        }
        Ok(self.var.set(&Tensor::from_vec(weights, self.var.dims(), &Device::Cpu)?)?)
    }
}
