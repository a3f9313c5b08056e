//! Checkpoints: everything a run needs to go on as if it had never stopped.
//!
//! The order of the examples follows from the seed and the step, so the step is all there is to know of the random
//! numbers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::Tensor;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::files::{read_tensors, save_tensors, whole, write_json};

/// How many are kept: the newest may be damaged by a machine that lost its power.
const KEPT: usize = 2;
const STATE: &str = "state.json";
const TENSORS: &str = "optimizer.safetensors";
const TOKENIZER: &str = "tokenizer.json";

/// Where a run stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// What it worked on; a checkpoint of other work is none.
    pub(super) work: String,
    /// Steps made.
    pub(super) step: u64,
    /// Smoothed loss.
    pub(super) ema: Option<f64>,
    /// Tokens learnt from.
    pub(super) tokens: u64,
    /// Seconds that the steps took, in all processes.
    pub(super) seconds: f64,
}

/// A checkpoint found on disk.
pub(super) struct Found {
    /// Where the run stood.
    pub(super) mark: Mark,
    /// Weights and the optimizer's state.
    pub(super) state: BTreeMap<String, Tensor>,
    /// The tokenizer, where the run had trained one.
    pub(super) tokenizer: Option<Vec<u8>>,
}

/// Writes a checkpoint below `dir`, whole or not at all, and lets go of old ones. Where it lies.
pub(super) fn save(
    dir: &Path,
    mark: &Mark,
    state: &BTreeMap<String, Tensor>,
    tokenizer: Option<&[u8]>,
) -> Result<PathBuf> {
    std::fs::create_dir_all(dir).map_err(Error::at(dir))?;
    let path = dir.join(format!("step-{:09}", mark.step));
    whole(&path, |part| {
        save_tensors(&part.join(TENSORS), state)?;
        if let Some(json) = tokenizer {
            let path = part.join(TOKENIZER);
            std::fs::write(&path, json).map_err(Error::at(&path))?;
        }
        write_json(&part.join(STATE), &serde_json::to_value(mark).map_err(Error::internal)?)
    })?;
    for (_, old) in all(dir).into_iter().skip(KEPT) {
        std::fs::remove_dir_all(&old).map_err(Error::at(&old))?;
    }
    Ok(path)
}

/// The newest checkpoint of this work that can be read.
pub(super) fn latest(dir: &Path, work: &str) -> Option<Found> {
    all(dir).into_iter().find_map(|(_, path)| match read(&path) {
        Ok(found) if found.mark.work == work => Some(found),
        _ => None,
    })
}

fn read(path: &Path) -> Result<Found> {
    let file = |name: &str| std::fs::read(path.join(name)).map_err(Error::at(path));
    let mark = serde_json::from_slice(&file(STATE)?).map_err(Error::bad_data)?;
    Ok(Found { mark, state: read_tensors(&path.join(TENSORS))?, tokenizer: file(TOKENIZER).ok() })
}

/// All checkpoints, newest first.
fn all(dir: &Path) -> Vec<(u64, PathBuf)> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let step = |path: &Path| path.file_name()?.to_str()?.strip_prefix("step-")?.parse::<u64>().ok();
    let mut all: Vec<(u64, PathBuf)> = entries.filter_map(|entry| Some((step(&entry.path())?, entry.path()))).collect();
    all.sort_unstable_by(|a, b| b.cmp(a));
    all
}
