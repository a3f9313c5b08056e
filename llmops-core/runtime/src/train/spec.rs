//! What is to be trained: `spec.json`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::data::Form;
use crate::error::{Error, Result};
use crate::files::AdapterSettings;
use crate::model::{Config, TARGETS};
use crate::tokenizer::{FEWEST_TOKENS, MOST_TOKENS};

/// Weights up to which the default learning rate is 0.003 (0.006 for an adapter); it falls with the root of their number.
const MILLION: f64 = 1e6;

/// A training job.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    /// Where it begins.
    pub(super) job_type: JobType,
    /// Folder or GGUF file that it begins from.
    #[serde(default)]
    pub(super) base: Option<PathBuf>,
    /// Shape of a model that is made new.
    #[serde(default)]
    pub(super) architecture: Option<Architecture>,
    /// What it learns.
    pub(super) data: Vec<Data>,
    /// Which weights learn.
    #[serde(default)]
    pub(super) method: Method,
    /// The adapter's shape, for `lora`.
    #[serde(default)]
    pub(super) lora: Option<Lora>,
    /// How it learns.
    #[serde(default)]
    pub(super) hyper: Hyper,
    /// What is kept apart to measure on.
    #[serde(default)]
    pub(super) eval: Option<Eval>,
    /// Steps between checkpoints; 0 for none but the last.
    #[serde(default)]
    pub(super) checkpoint_every: Option<u64>,
}

/// Where training begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum JobType {
    /// From a model, on examples.
    Finetune,
    /// From a model, on text.
    Pretrain,
    /// From nothing: a tokenizer is trained and the weights are drawn.
    FromScratch,
}

/// Which weights learn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Method {
    /// All.
    #[default]
    Full,
    /// Those of a low-rank adapter, which is merged into the model at the end.
    Lora,
}

/// One file of data.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Data {
    /// JSON lines.
    pub(super) path: PathBuf,
    /// What a line holds.
    pub(super) format: Form,
}

/// Shape of a new model, in the words of `config.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Architecture {
    hidden_size: Option<usize>,
    num_hidden_layers: Option<usize>,
    num_attention_heads: Option<usize>,
    num_key_value_heads: Option<usize>,
    intermediate_size: Option<usize>,
    pub(super) vocab_size: Option<usize>,
    max_position_embeddings: Option<usize>,
    head_dim: Option<usize>,
    rope_theta: Option<f32>,
    rms_norm_eps: Option<f64>,
    tie_word_embeddings: Option<bool>,
}

impl Architecture {
    /// Tokens asked for.
    pub(super) fn vocabulary(&self) -> usize {
        self.vocab_size.unwrap_or(1024)
    }

    /// The shape, with what is not said made to fit what is.
    pub(super) fn config(&self, vocab_size: usize, ends: &[u32]) -> Config {
        let hidden = self.hidden_size.unwrap_or(128);
        let heads = self.num_attention_heads.unwrap_or_else(|| (hidden / 32).max(1));
        let groups = if heads.is_multiple_of(2) { heads / 2 } else { heads };
        Config {
            vocab_size,
            hidden_size: hidden,
            intermediate_size: self.intermediate_size.unwrap_or_else(|| (hidden * 8 / 3).next_multiple_of(8)),
            num_hidden_layers: self.num_hidden_layers.unwrap_or(4),
            num_attention_heads: heads,
            num_key_value_heads: self.num_key_value_heads.unwrap_or(groups),
            head_dim: self.head_dim,
            max_position_embeddings: self.max_position_embeddings.unwrap_or(256),
            rms_norm_eps: self.rms_norm_eps.unwrap_or(1e-5),
            rope_theta: self.rope_theta.unwrap_or(10_000.0),
            rope_scaling: None,
            tie_word_embeddings: self.tie_word_embeddings.unwrap_or(true),
            bos_token_id: None,
            eos_token_id: ends.to_vec(),
        }
    }
}

/// Shape of an adapter.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Lora {
    rank: usize,
    alpha: Option<f64>,
    targets: Vec<String>,
}

impl Default for Lora {
    fn default() -> Self {
        Self { rank: 8, alpha: None, targets: vec!["q_proj".into(), "v_proj".into()] }
    }
}

impl Lora {
    /// As adapter files say it.
    pub(super) fn settings(&self) -> AdapterSettings {
        let alpha = self.alpha.unwrap_or(2.0 * self.rank as f64);
        AdapterSettings { rank: self.rank, alpha, targets: self.targets.clone() }
    }
}

/// How to learn. What is not said follows from the size of the model and the data.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Hyper {
    /// Steps of the optimizer.
    pub(super) steps: Option<u64>,
    /// Rounds over the data, where no steps are given.
    pub(super) epochs: Option<f64>,
    /// Seconds after which it ends, however far it is.
    pub(super) max_seconds: Option<f64>,
    /// Examples per step.
    pub(super) batch: Option<usize>,
    /// Most tokens of an example.
    pub(super) context: Option<usize>,
    /// The highest learning rate.
    pub(super) lr: Option<f64>,
    /// Steps until it is reached.
    pub(super) warmup: Option<u64>,
    /// Most length of the gradient; 0 for any.
    pub(super) clip: Option<f64>,
    /// Pull of the matrices to zero.
    pub(super) weight_decay: Option<f64>,
    /// Of everything that is drawn.
    pub(super) seed: Option<u64>,
}

impl Hyper {
    /// The rate for a model of this many weights.
    pub(super) fn rate(&self, weights: u64, method: Method) -> f64 {
        let of_small = match method {
            Method::Full => 3e-3,
            Method::Lora => 6e-3,
        };
        let scale = (MILLION / weights.max(1) as f64).sqrt().min(1.0);
        self.lr.unwrap_or(of_small * scale)
    }

    /// Examples per step.
    pub(super) fn batch(&self) -> usize {
        self.batch.unwrap_or(16)
    }

    /// Of everything that is drawn.
    pub(super) fn seed(&self) -> u64 {
        self.seed.unwrap_or(0)
    }
}

/// What is kept apart to measure on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Eval {
    /// Share of the examples.
    pub(super) split: Option<f64>,
    /// Steps between two measurements; 0 for the first and last only.
    pub(super) every: Option<u64>,
}

impl Spec {
    /// Reads and checks a specification. Paths in it are relative to the working folder.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::usage(format!("--spec {} cannot be read: {error}", path.display())))?;
        Self::parse(&text)
    }

    /// As [`Self::read`], of its text.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut from = serde_json::Deserializer::from_str(text);
        let spec: Self = serde_path_to_error::deserialize(&mut from).map_err(|error| {
            let path = error.path().to_string();
            let place = if path == "." { String::new() } else { format!(" at `{path}`") };
            Error::usage(format!("the specification is wrong{place}: {}", error.inner()))
        })?;
        spec.check().map_err(|(field, rule)| Error::usage(format!("the specification's `{field}` {rule}")))?;
        Ok(spec)
    }

    fn check(&self) -> std::result::Result<(), (&'static str, String)> {
        let wrong = |field, rule: &str| Err((field, rule.to_string()));
        if self.data.is_empty() {
            return wrong("data", "must name at least one file");
        }
        match (self.job_type, &self.base) {
            (JobType::FromScratch, Some(_)) => return wrong("base", "must be null for from_scratch"),
            (JobType::Finetune | JobType::Pretrain, None) => return wrong("base", "must name a model to begin from"),
            _ => {}
        }
        if self.job_type != JobType::FromScratch && self.architecture.is_some() {
            return wrong("architecture", "is that of the base; leave it out");
        }
        if self.job_type == JobType::FromScratch && self.method == Method::Lora {
            return wrong("method", "must be full for from_scratch: there is nothing to adapt");
        }
        if let Some(shape) = &self.architecture {
            self.check_shape(shape)?;
        }
        if let Some(lora) = &self.lora {
            check_lora(lora)?;
        }
        self.check_hyper()?;
        let eval = self.eval.clone().unwrap_or_default();
        match eval.split {
            Some(split) if !(0.0..=0.5).contains(&split) => wrong("eval.split", "must be from 0 to 0.5"),
            _ => Ok(()),
        }
    }

    fn check_shape(&self, shape: &Architecture) -> std::result::Result<(), (&'static str, String)> {
        let tokens = shape.vocabulary();
        if !(FEWEST_TOKENS..=MOST_TOKENS).contains(&tokens) {
            let rule = format!("must be from {FEWEST_TOKENS} to {MOST_TOKENS}, not {tokens}");
            return Err(("architecture.vocab_size", rule));
        }
        shape.config(tokens, &[]).check().map_err(|rule| ("architecture", format!("is no model: {rule}")))
    }

    fn check_hyper(&self) -> std::result::Result<(), (&'static str, String)> {
        let hyper = &self.hyper;
        for (field, value, least, most) in [
            ("hyper.steps", hyper.steps.map(|n| n as f64), 1.0, 1e9),
            ("hyper.epochs", hyper.epochs, 1e-3, 1e6),
            ("hyper.max_seconds", hyper.max_seconds, 1e-3, 1e9),
            ("hyper.batch", hyper.batch.map(|n| n as f64), 1.0, 65_536.0),
            ("hyper.context", hyper.context.map(|n| n as f64), 2.0, 16_777_216.0),
            ("hyper.lr", hyper.lr, 1e-12, 10.0),
            ("hyper.warmup", hyper.warmup.map(|n| n as f64), 0.0, 1e9),
            ("hyper.clip", hyper.clip, 0.0, 1e9),
            ("hyper.weight_decay", hyper.weight_decay, 0.0, 10.0),
        ] {
            if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
                return Err((field, format!("must be from {least} to {most}, not {value}")));
            }
        }
        Ok(())
    }
}

fn check_lora(lora: &Lora) -> std::result::Result<(), (&'static str, String)> {
    if !(1..=1024).contains(&lora.rank) {
        return Err(("lora.rank", format!("must be from 1 to 1024, not {}", lora.rank)));
    }
    if lora.alpha.is_some_and(|alpha| !(alpha.is_finite() && alpha > 0.0)) {
        return Err(("lora.alpha", "must be above 0".into()));
    }
    match lora.targets.iter().find(|target| !TARGETS.contains(&target.as_str())) {
        _ if lora.targets.is_empty() => Err(("lora.targets", "must name at least one layer".into())),
        Some(other) => Err(("lora.targets", format!("names `{other}`; there are {}", TARGETS.join(", ")))),
        None => Ok(()),
    }
}
