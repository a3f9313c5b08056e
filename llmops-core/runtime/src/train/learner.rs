//! The model while it learns: its weights, its loss, and what is written of it at the end.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::{Tensor, Var};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::lessons::{Batch, lay};
use super::spec::{Method, Spec};
use crate::data::Example;
use crate::error::{Error, Result};
use crate::files::{AdapterSettings, Source, Text, check_memory, save_folder, whole};
use crate::model::ops::CrossEntropy;
use crate::model::{Adapter, Config, Model, layout, random};
use crate::tokenizer;

/// A model before its first step.
pub(super) struct Origin {
    /// Its shape.
    pub(super) config: Config,
    /// Its tokenizer and template.
    pub(super) text: Text,
    tensors: BTreeMap<String, Tensor>,
}

impl Origin {
    /// A model read from disk.
    pub(super) fn read(base: &Path) -> Result<Self> {
        let mut source = Source::open(base)?;
        let mut text = source.text()?;
        // Whoever talks to the trained model must talk as it was trained.
        text.template.get_or_insert_with(|| tokenizer::TEMPLATE.to_string());
        Ok(Self { config: source.config().clone(), text, tensors: source.tensors()? })
    }

    /// A model of drawn weights around a tokenizer.
    pub(super) fn drawn(spec: &Spec, text: Text) -> Result<Self> {
        let shape = spec.architecture.clone().unwrap_or_default();
        let config = shape.config(text.tokenizer.get_vocab_size(true), &text.ends);
        config
            .check()
            .map_err(|rule| Error::usage(format!("the specification's `architecture` is no model: {rule}")))?;
        check_memory("the model", 4 * config.parameters())?;
        let tensors = random(&config, spec.hyper.seed())?;
        Ok(Self { config, text, tensors })
    }
}

/// A model that learns.
pub(super) struct Learner {
    model: Model,
    /// The weights that learn, by name.
    pub(super) vars: BTreeMap<String, Var>,
    /// The weights that stay, and the adapter beside them.
    adapted: Option<(BTreeMap<String, Tensor>, AdapterSettings)>,
}

impl Learner {
    /// Makes the weights that the method names ready to move.
    pub(super) fn new(origin: &Origin, spec: &Spec) -> Result<Self> {
        let var = |(name, tensor): (&String, &Tensor)| Ok((name.clone(), Var::from_tensor(tensor)?));
        if spec.method == Method::Full {
            let vars: BTreeMap<String, Var> = origin.tensors.iter().map(var).collect::<Result<_>>()?;
            let model = Model::from_named(origin.config.clone(), &tensors(&vars))?;
            return Ok(Self { model, vars, adapted: None });
        }
        let settings = spec.lora.clone().unwrap_or_default().settings();
        let start = adapter(&origin.config, &settings, spec.hyper.seed())?;
        let vars: BTreeMap<String, Var> = start.iter().map(var).collect::<Result<_>>()?;
        let mut model = Model::from_named(origin.config.clone(), &origin.tensors)?;
        let (rank, alpha, targets) = (settings.rank, settings.alpha, settings.targets.as_slice());
        model.adapt(&Adapter { rank, alpha, targets, weights: &vars })?;
        Ok(Self { model, vars, adapted: Some((origin.tensors.clone(), settings)) })
    }

    /// The mean loss of the tokens to be foretold. The head, which is the widest layer of a small model, is computed
    /// after these only.
    pub(super) fn loss(&self, batch: Batch) -> Result<Tensor> {
        let frozen = self.adapted.is_some();
        let mut hidden = self.model.learn(&batch.ids, frozen)?;
        let rows = batch.rows.len();
        if rows < hidden.dims2()?.0 {
            hidden = hidden.index_select(&Tensor::from_vec(batch.rows, rows, hidden.device())?, 0)?;
        }
        let logits = self.model.learn_head(&hidden, frozen)?;
        Ok(logits.apply_op1(CrossEntropy::mean(batch.targets))?)
    }

    /// The mean loss over the tokens of `examples`.
    pub(super) fn measure(&self, examples: &[Example], batch: usize) -> Result<f64> {
        let (mut sum, mut many) = (0.0, 0);
        for examples in examples.chunks(batch) {
            let batch = lay(&examples.iter().collect::<Vec<_>>())?;
            let targets = batch.targets.len();
            sum += f64::from(self.loss(batch)?.to_scalar::<f32>()?) * targets as f64;
            many += targets;
        }
        Ok(sum / many.max(1) as f64)
    }

    /// Writes the model, and the adapter beside it where that is what learnt. The names of the files.
    pub(super) fn save(&self, out: &Path, origin: &Origin, base: Option<&Path>) -> Result<Vec<String>> {
        let mut names =
            ["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
                .map(str::to_string)
                .to_vec();
        let learnt = tensors(&self.vars);
        whole(out, |part| match &self.adapted {
            None => save_folder(part, &origin.config, &learnt, &origin.text),
            Some((base_weights, settings)) => {
                let mut merged = base_weights.clone();
                settings.merge(&learnt, &mut merged)?;
                save_folder(part, &origin.config, &merged, &origin.text)?;
                let base = base.map(|base| base.display().to_string()).unwrap_or_default();
                settings.save(&part.join("adapter"), &learnt, &base)
            }
        })?;
        if self.adapted.is_some() {
            names.extend(["adapter/adapter_config.json", "adapter/adapter_model.safetensors"].map(str::to_string));
        }
        Ok(names)
    }
}

/// Bytes that a step takes at its height: weights, gradients, two means of them, and what the graph keeps of each token.
pub(super) fn bytes(config: &Config, spec: &Spec, context: usize) -> u64 {
    let (d, f, length) = (config.hidden_size, config.intermediate_size, context);
    let heads = config.num_attention_heads;
    let of_layer = 12 * d + 6 * heads * config.head_dim() + 6 * f + 3 * heads * length;
    let of_token = config.num_hidden_layers * of_layer + 4 * config.vocab_size + 4 * d;
    let tokens = spec.hyper.batch().saturating_mul(length);
    // The weights that learn are copied, and so are gradients while a step takes them.
    let copies = if spec.method == Method::Full { 6 } else { 2 };
    let numbers = copies * config.parameters() as u128 + tokens as u128 * of_token as u128;
    u64::try_from(numbers * 4).unwrap_or(u64::MAX)
}

/// The first values of an adapter: the first thin matrix drawn, the second zero, so that nothing changes at first.
fn adapter(config: &Config, settings: &AdapterSettings, seed: u64) -> Result<BTreeMap<String, Tensor>> {
    let (mut rng, mut all) = (StdRng::seed_from_u64(seed), BTreeMap::new());
    for (name, shape) in layout(config) {
        let (Some(stem), [outer, inner]) = (name.strip_suffix(".weight"), shape.as_slice()) else { continue };
        if !settings.targets.iter().any(|target| stem.ends_with(&format!(".{target}"))) {
            continue;
        }
        let spread = 1.0 / (*inner as f32).sqrt();
        let down: Vec<f32> = (0..settings.rank * inner).map(|_| (2.0 * rng.random::<f32>() - 1.0) * spread).collect();
        let cpu = &candle_core::Device::Cpu;
        let stem = format!("base_model.model.{stem}");
        all.insert(format!("{stem}.lora_A.weight"), Tensor::from_vec(down, (settings.rank, *inner), cpu)?);
        let up = Tensor::zeros((*outer, settings.rank), candle_core::DType::F32, cpu)?;
        all.insert(format!("{stem}.lora_B.weight"), up);
    }
    Ok(all)
}

fn tensors(vars: &BTreeMap<String, Var>) -> BTreeMap<String, Tensor> {
    vars.iter().map(|(name, var)| (name.clone(), var.as_tensor().clone())).collect()
}
