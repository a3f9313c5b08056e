//! The process that answers for a model that is not deployed: pure.

use std::collections::BTreeMap;

use super::plan::{Spec, wants};
use super::{EvaluationRunId, EvaluationTarget};
use crate::base::{Error, Id, Result};
use crate::catalog::{FileState, ModelFile};
use crate::compute::{Input, Program, Resources, Work, WorkId};
use crate::datasets::ExampleForm;

/// The cores that such a process asks for, in thousandths.
pub(super) const CPU_MILLIS: u32 = 1000;
const DATA: &str = "data.jsonl";
/// What the process leaves.
pub(super) const SAMPLES: &str = "samples.jsonl";
const PREFIX: &str = "eval-";

/// What the process of an attempt is called.
pub(super) fn work_id(run: EvaluationRunId, attempt: i64) -> Result<WorkId> {
    WorkId::parse(format!("{PREFIX}{}-{attempt}", run.0.simple()))
}

/// The evaluation whose process this is.
pub(super) fn run_of(work: &WorkId) -> Option<EvaluationRunId> {
    let (id, _) = work.as_str().strip_prefix(PREFIX)?.rsplit_once('-')?;
    id.parse::<Id>().ok().map(EvaluationRunId)
}

/// The process that answers the samples of the blob `data`.
pub(super) fn work(
    id: WorkId,
    (target, files): (&EvaluationTarget, &[ModelFile]),
    spec: &Spec,
    (form, data): (ExampleForm, &str),
) -> Result<Work> {
    let usable: Vec<&ModelFile> = files.iter().filter(|file| file.state == FileState::Verified).collect();
    let model = model_path(&usable).ok_or_else(|| no_weights(&target.label()))?;
    let wants = wants(&spec.metrics)?;
    let parameters = &spec.parameters;
    let generate = wants.answers && form != ExampleForm::Text;
    let mut args: Vec<String> = ["eval", "--data", DATA, "--out", "out"].map(str::to_owned).to_vec();
    let options = [
        ("--model", model),
        ("--max-tokens", parameters.max_tokens.unwrap_or(64).to_string()),
        ("--temperature", parameters.temperature.unwrap_or(0.0).to_string()),
        ("--seed", parameters.seed.unwrap_or(0).to_string()),
        ("--batch", spec.concurrency.to_string()),
        ("--threads", (CPU_MILLIS / 1000).max(1).to_string()),
        ("--generate", generate.to_string()),
        ("--likelihood", wants.likelihoods.to_string()),
    ];
    args.extend(options.into_iter().flat_map(|(name, value)| [name.to_owned(), value]));
    let mut inputs = vec![Input { path: DATA.into(), digest: data.to_owned() }];
    inputs
        .extend(usable.iter().map(|file| Input { path: format!("model/{}", file.path), digest: file.sha256.clone() }));
    let labels = BTreeMap::from([("room".to_owned(), "evaluation".to_owned())]);
    let resources = Resources { cpu_millis: CPU_MILLIS, ..Resources::default() };
    Ok(Work { inputs, labels, resources, ..Work::batch(id, Program::Runtime(args)) })
}

/// Where the runtime finds the model among its inputs: a folder of Hugging Face's layout, or one GGUF file.
fn model_path(files: &[&ModelFile]) -> Option<String> {
    let has = |path: &str| files.iter().any(|file| file.path == path);
    let weights = files.iter().any(|file| file.format == "safetensors" && !file.path.contains('/'));
    if has("config.json") && has("tokenizer.json") && weights {
        return Some("model".to_owned());
    }
    let mut gguf = files.iter().filter(|file| file.format == "gguf");
    match (gguf.next(), gguf.next()) {
        (Some(one), None) => Some(format!("model/{}", one.path)),
        _ => None,
    }
}

/// Whether a model of these files can answer.
pub(super) fn check_files(label: &str, files: &[ModelFile]) -> Result<()> {
    let usable: Vec<&ModelFile> = files.iter().filter(|file| file.state == FileState::Verified).collect();
    model_path(&usable).map(drop).ok_or_else(|| no_weights(label))
}

fn no_weights(label: &str) -> Error {
    Error::conflict(format!("model `{label}` has no weights to evaluate"))
        .code("files_missing")
        .field("modelId")
        .hint("it needs config.json and tokenizer.json with safetensors weights, or one gguf file")
}
