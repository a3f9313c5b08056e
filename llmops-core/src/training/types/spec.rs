//! How a model is to be trained: what a caller may choose, and what was chosen in the end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a job trains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrainingJobType {
    /// Trains a model of the catalog further, on prompts with responses.
    Finetune,
    /// Makes a model from nothing, of an architecture, on plain text.
    FromScratch,
    /// The same, meant as the base of others.
    Pretrain,
}

/// Which weights are trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrainingMethod {
    /// All of them.
    Full,
    /// Small matrices beside the base model's, merged into it at the end.
    Lora,
    /// The same over a quantised base; needs a GPU.
    Qlora,
}

/// The matrices that LoRA trains.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LoraSettings {
    /// Their rank, 1 to 256; 8 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 256))]
    pub rank: Option<u32>,
    /// Their scale, above 0 and at most 1,024; twice the rank if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1024.0))]
    pub alpha: Option<f64>,
    /// The projections they stand beside, of `q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`, `up_proj`, `down_proj`; `q_proj` and
    /// `v_proj` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 7), inner(length(max = 64)))]
    pub targets: Option<Vec<String>>,
}

/// The shape of a Llama decoder to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainingArchitecture {
    /// The width of the model, 16 to 16,384; a multiple of `heads`.
    #[schemars(range(min = 16, max = 16_384))]
    pub hidden_size: u32,
    /// Blocks, 1 to 128.
    #[schemars(range(min = 1, max = 128))]
    pub layers: u32,
    /// Query heads, 1 to 256.
    #[schemars(range(min = 1, max = 256))]
    pub heads: u32,
    /// Key and value heads, a divisor of `heads`; as many if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 256))]
    pub kv_heads: Option<u32>,
    /// The width inside a block, 16 to 65,536; 8/3 of `hiddenSize`, rounded up to a multiple of 16, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 16, max = 65_536))]
    pub intermediate_size: Option<u32>,
    /// Tokens of the tokenizer that is trained on the data, 384 to 131,072.
    #[schemars(range(min = 384, max = 131_072))]
    pub vocabulary: u32,
    /// The longest text in tokens, 16 to 32,768.
    #[schemars(range(min = 16, max = 32_768))]
    pub context: u32,
}

/// How training goes about it. What is absent gets the value named.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainingHyperparams {
    /// The highest learning rate, above 0 and at most 1; 0.003, or 0.006 for LoRA, falling with the root of
    /// the model's weights above a million.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub lr: Option<f64>,
    /// Examples, or windows of text, of one step: 1 to 1,024; 16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1024))]
    pub batch_size: Option<u32>,
    /// Steps, 1 to 1,000,000; 200 when `numEpochs` is absent too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_steps: Option<u32>,
    /// How often the data is gone through, above 0 and at most 1,000, instead of `maxSteps`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub num_epochs: Option<f64>,
    /// Tokens of an example at most, 8 to the model's context; 128, or the context if that is less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 8, max = 32_768))]
    pub max_seq_len: Option<u32>,
    /// Steps over which the learning rate rises, 0 to `maxSteps`; a tenth of the steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub warmup: Option<u32>,
    /// 0 to 1; 0.01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub weight_decay: Option<f64>,
    /// The longest a gradient may be, above 0 and at most 1,000; 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub clip: Option<f64>,
    /// What chance begins with, 0 to 2^53; 42.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0_i64, max = 9_007_199_254_740_992_i64))]
    pub seed: Option<u64>,
}

/// Measuring on data that is kept aside, while training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainingEvaluation {
    /// The share of the data kept aside, above 0 and at most 0.5.
    #[schemars(range(min = 0.0, max = 0.5))]
    pub split: f64,
    /// Steps between two measurements, 1 to 1,000,000.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub every: u32,
}

/// What the model is called that comes out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainingOutput {
    /// A model's name; the job's if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub name: Option<String>,
    /// A semantic version that is free under this name; the next major one if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub version: Option<String>,
}

/// What a job may use.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainingResources {
    /// Cores, above 0; 1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100000.0))]
    pub cpu: Option<f64>,
}

/// What happens after a failure that trying again can help.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobRetryPolicy {
    /// Attempts after the first, 0 to 3; 1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 3))]
    pub max_retries: Option<u32>,
    /// Seconds before the first of them, doubled each time; 0 to 3,600; 10 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 3600))]
    pub backoff_seconds: Option<u32>,
}

/// What was settled when the job was accepted: every choice, and the exact inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrainingSpec {
    /// The family of the architecture.
    pub model_family: String,
    /// Which weights are trained.
    pub method: TrainingMethod,
    /// The base model's digest when the job was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_digest: Option<String>,
    /// The dataset's digest when the job was accepted.
    pub dataset_digest: String,
    /// The matrices of LoRA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lora: Option<LoraSettings>,
    /// The shape of the model to be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<TrainingArchitecture>,
    /// Every hyperparameter with its value; `maxSteps` is always there.
    pub hyperparams: TrainingHyperparams,
    /// What comes out, with name and version.
    pub output: TrainingOutput,
    /// Measuring while training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<TrainingEvaluation>,
    /// Steps between two checkpoints.
    pub checkpoint_every: u32,
    /// Thousandths of a core.
    pub cpu_millis: u32,
    /// What happens after a failure.
    pub retry_policy: JobRetryPolicy,
    /// Seconds an attempt may run.
    pub max_duration_seconds: u32,
    /// Whether it runs on a GPU.
    pub use_gpu: bool,
    /// Its priority.
    pub priority: i32,
}
