//! What a job will need, by formulas that were fitted to measured jobs of the local runtime.

use super::shape::Shape;
use super::{JobEstimate, LoraSettings, TrainingMethod, TrainingSpec};

/// What one core computes in a second, in multiplications and additions, as measured for small models.
const FLOPS_PER_CORE: f64 = 30e9;
/// Seconds for reading, saving and measuring.
const SECONDS_AROUND: f64 = 5.0;
/// Bytes of a process that holds no model.
const BYTES_AROUND: u64 = 150 << 20;
/// Bytes of a weight, and of a weight that is trained: itself, its gradient and two moments of AdamW.
const BYTES_FROZEN: u64 = 4;
const BYTES_TRAINED: u64 = 16;
/// How many times the values of one forward pass are held at the peak, times their four bytes.
const BYTES_OF_A_VALUE: u64 = 18;
/// Bytes of text in a token, on average.
const BYTES_PER_TOKEN: u64 = 4;
/// Tokens that a chat template adds to an example.
const TEMPLATE_TOKENS: u64 = 24;

/// What is known of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount {
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// Whether it is one long text, cut into windows, rather than examples.
    pub running_text: bool,
}

impl Amount {
    /// Steps in which the data is gone through this often.
    pub(super) fn steps(self, epochs: f64, batch: u32, length: u32) -> f64 {
        let items = if self.running_text {
            self.bytes as f64 / BYTES_PER_TOKEN as f64 / f64::from(length)
        } else {
            self.rows as f64
        };
        (items * epochs / f64::from(batch)).ceil().max(1.0)
    }

    /// Tokens of an example on average, at most `length`.
    fn tokens(self, length: u64) -> u64 {
        if self.running_text || self.rows == 0 {
            return length;
        }
        (self.bytes / self.rows / 3 + TEMPLATE_TOKENS).min(length)
    }
}

/// What the job needs on this many cores.
pub(super) fn estimate(spec: &TrainingSpec, shape: &Shape, data: Amount) -> JobEstimate {
    let hyper = &spec.hyperparams;
    let number = |value: Option<u32>| u64::from(value.unwrap_or_default());
    let (steps, batch, length) = (number(hyper.max_steps), number(hyper.batch_size), number(hyper.max_seq_len));
    let parameters = shape.parameters();
    let (trained, flops) = match (spec.method, &spec.lora) {
        (TrainingMethod::Full, _) | (_, None) => (parameters, 6 * parameters),
        (_, Some(lora)) => (lora_weights(shape, lora), 4 * parameters),
    };
    let tokens = steps * batch * data.tokens(length);
    let cpu_seconds = SECONDS_AROUND + tokens as f64 * flops as f64 / FLOPS_PER_CORE;
    let cores = f64::from(spec.cpu_millis) / 1000.0;
    let frozen = if trained == parameters { 0 } else { parameters * BYTES_FROZEN };
    let memory_bytes =
        BYTES_AROUND + frozen + trained * BYTES_TRAINED + batch * length * values(shape, length) * BYTES_OF_A_VALUE;
    JobEstimate {
        parameters,
        trained_parameters: trained,
        steps,
        tokens,
        memory_bytes,
        cpu_seconds,
        seconds: cpu_seconds / cores.max(0.001),
        cost: None,
        formula: FORMULA.to_owned(),
    }
}

const FORMULA: &str = "CPU seconds: 5 + tokens x (6 x parameters, 4 x with LoRA) / 30e9; seconds: that over the cores; \
    memory: 150 MiB + 16 bytes a trained and 4 a frozen parameter + 18 bytes x batch x length x \
    (layers x (10 x width + 3 x inner width + 2 x heads x length) + 2 x vocabulary)";

fn lora_weights(shape: &Shape, lora: &LoraSettings) -> u64 {
    shape.lora_parameters(lora).max(1)
}

/// Values that one token leaves behind in a forward pass.
fn values(shape: &Shape, length: u64) -> u64 {
    let block = 10 * shape.hidden + 3 * shape.inner + 2 * shape.heads * length;
    shape.layers * block + 2 * shape.vocabulary
}
