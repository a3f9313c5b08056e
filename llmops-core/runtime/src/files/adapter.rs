//! Adapters: the small trained part of a low-rank fine-tune, in the layout of the PEFT library.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::Tensor;
use serde_json::json;

use super::bounded;
use super::folder::{read_tensors, save_tensors, write_json};
use crate::error::{Error, Result};

/// What an adapter's weights are to be multiplied by, and where they belong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AdapterSettings {
    /// Width of the two thin matrices.
    pub(crate) rank: usize,
    /// Their product is multiplied by this over the rank.
    pub(crate) alpha: f64,
    /// The layers changed, as `q_proj`.
    pub(crate) targets: Vec<String>,
}

impl AdapterSettings {
    /// Writes a folder that the PEFT library loads; `base` is the name of what was adapted.
    pub(crate) fn save(&self, dir: &Path, weights: &BTreeMap<String, Tensor>, base: &str) -> Result<()> {
        let settings = json!({
            "peft_type": "LORA", "task_type": "CAUSAL_LM", "bias": "none", "lora_dropout": 0.0, "fan_in_fan_out": false,
            "r": self.rank, "lora_alpha": self.alpha, "target_modules": self.targets, "base_model_name_or_path": base,
        });
        std::fs::create_dir_all(dir).map_err(Error::at(dir))?;
        write_json(&dir.join("adapter_config.json"), &settings)?;
        save_tensors(&dir.join("adapter_model.safetensors"), weights)
    }

    /// Reads such a folder.
    pub(crate) fn open(dir: &Path) -> Result<(Self, BTreeMap<String, Tensor>)> {
        let stated = bounded::json(&dir.join("adapter_config.json"))?;
        let bad = |what: &str| Error::bad_model(format!("adapter_config.json: {what}"));
        let rank =
            stated["r"].as_u64().filter(|r| (1..=4096).contains(r)).ok_or_else(|| bad("r must be from 1 to 4096"))?;
        let alpha = stated["lora_alpha"]
            .as_f64()
            .filter(|a| a.is_finite())
            .ok_or_else(|| bad("lora_alpha must be a number"))?;
        let targets = stated["target_modules"].as_array().ok_or_else(|| bad("target_modules must be a list"))?;
        let targets = targets.iter().filter_map(|target| target.as_str().map(str::to_string)).collect();
        let weights = read_tensors(&dir.join("adapter_model.safetensors"))?;
        Ok((Self { rank: rank as usize, alpha, targets }, weights))
    }

    /// Adds what the adapter changes to the weights it belongs to.
    pub(crate) fn merge(&self, weights: &BTreeMap<String, Tensor>, into: &mut BTreeMap<String, Tensor>) -> Result<()> {
        let scale = self.alpha / self.rank as f64;
        for (name, down) in weights {
            let Some(stem) = name.strip_suffix(".lora_A.weight") else { continue };
            let bad = |what: &str| Error::bad_model(format!("the adapter's {name} {what}"));
            let up = weights.get(&format!("{stem}.lora_B.weight")).ok_or_else(|| bad("has no lora_B beside it"))?;
            let target = format!("{}.weight", stem.strip_prefix("base_model.model.").unwrap_or(stem));
            let weight = into.get_mut(&target).ok_or_else(|| bad("belongs to no layer of this model"))?;
            let fits = matches!((up.dims(), down.dims(), weight.dims()), ([o, r], [s, i], [a, b]) if r == s && o == a && i == b);
            if !fits {
                return Err(bad("has another shape than its layer"));
            }
            *weight = (&*weight + (up.matmul(down)? * scale)?)?;
        }
        Ok(())
    }
}
