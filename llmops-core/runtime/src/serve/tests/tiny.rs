//! A small model with random weights and a tokenizer of bytes: everything real but what it says.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::Tensor;

use crate::files::{Loaded, Text, save_folder, whole};
use crate::model::{Config, Model, random};
use crate::tokenizer;

/// The most tokens of prompt and answer.
pub(crate) const CONTEXT: usize = 2048;

/// Its tokenizer and template.
pub(crate) fn text() -> Text {
    tokenizer::train(&["a"], 259).unwrap()
}

/// Its shape.
pub(crate) fn config() -> Config {
    Config {
        vocab_size: 259,
        hidden_size: 32,
        intermediate_size: 48,
        num_hidden_layers: 2,
        num_attention_heads: 4,
        num_key_value_heads: 2,
        head_dim: None,
        max_position_embeddings: CONTEXT,
        rms_norm_eps: 1e-5,
        rope_theta: 10_000.0,
        rope_scaling: None,
        tie_word_embeddings: true,
        bos_token_id: None,
        eos_token_id: text().ends,
    }
}

/// The same in a folder, with weights that are no numbers.
pub(crate) fn save_damaged(folder: &Path) {
    let mut weights = weights();
    let norm = weights.get_mut("model.norm.weight").unwrap();
    *norm = (&*norm * f64::NAN).unwrap();
    whole(folder, |part| save_folder(part, &config(), &weights, &text())).unwrap();
}

/// Its weights, so large that every part of the model has a say in the answer, and always the same.
pub(crate) fn weights() -> BTreeMap<String, Tensor> {
    let mut weights = random(&config(), 5).unwrap();
    for weight in weights.values_mut().filter(|weight| weight.rank() > 1) {
        *weight = (&*weight * 9.0).unwrap();
    }
    weights
}

/// The model.
pub(crate) fn tiny() -> Loaded {
    let model = Model::from_named(config(), &weights()).unwrap();
    let Text { tokenizer, template, bos, eos, ends, .. } = text();
    Loaded { model, tokenizer, template, bos, eos, ends }
}
