//! From a job to the work that carries it out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::shape::inner;
use super::{JobId, TrainingArchitecture, TrainingJob, TrainingMethod};
use crate::base::{Error, Result};
use crate::catalog::ModelFile;
use crate::compute::{Input, Program, Resources, Work, WorkId, WorkKind};

/// The examples as the work finds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Examples {
    /// Their digest.
    pub digest: String,
    /// Their form: `text`, `prompt` or `chat`.
    pub format: String,
}

/// What the work of an attempt is called.
pub(super) fn work_id(job: JobId, attempt: u32) -> Result<WorkId> {
    WorkId::parse(format!("train-{job}-{attempt}"))
}

/// The job that a piece of work belongs to; nothing for the work of another room.
pub(super) fn job_of(work: &WorkId) -> Option<JobId> {
    let rest = work.as_str().strip_prefix("train-")?;
    rest.get(..36)?.parse().ok().map(JobId)
}

/// The work of the job's present attempt. `base` are the base model's files and where the runtime finds the model among
/// them.
pub(super) fn work(job: &TrainingJob, examples: &Examples, base: Option<(&[ModelFile], &str)>) -> Result<Work> {
    let spec = spec(job, examples, base.map(|(_, path)| path));
    let text = serde_json::to_string_pretty(&spec)
        .map_err(|e| Error::unexpected("a job's specification cannot be written").caused_by(e))?;
    let mut inputs: Vec<Input> = base
        .iter()
        .flat_map(|(files, _)| files.iter())
        .map(|file| Input { path: format!("base/{}", file.path), digest: file.sha256.clone() })
        .collect();
    inputs.push(Input { path: "data.jsonl".into(), digest: examples.digest.clone() });
    let threads = (job.spec.cpu_millis / 1000).max(1).to_string();
    let args = ["train", "--spec", "spec.json", "--out", "out", "--threads", threads.as_str(), "--resume", "auto"];
    let labels = [("room", "training".to_owned()), ("job", job.id.to_string()), ("attempt", job.attempt.to_string())];
    Ok(Work {
        id: work_id(job.id, job.attempt)?,
        kind: WorkKind::Batch,
        program: Program::Runtime(args.map(str::to_owned).to_vec()),
        environment: BTreeMap::new(),
        files: BTreeMap::from([("spec.json".to_owned(), text)]),
        inputs,
        resources: Resources {
            cpu_millis: job.spec.cpu_millis,
            memory_bytes: None,
            gpus: u32::from(job.spec.use_gpu),
            file_bytes: None,
        },
        labels: labels.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    })
}

/// The specification that the runtime reads.
fn spec(job: &TrainingJob, examples: &Examples, base: Option<&str>) -> Value {
    let (spec, hyper) = (&job.spec, &job.spec.hyperparams);
    let lora = spec.lora.as_ref().map(|lora| json!({"rank": lora.rank, "alpha": lora.alpha, "targets": lora.targets}));
    let mut text = json!({
        // The runtime's `pretrain` goes on from a base; here both words mean a model made from nothing.
        "job_type": if job.job_type.begins_from_nothing() { "from_scratch" } else { "finetune" },
        "base": base,
        "architecture": spec.architecture.as_ref().map(architecture),
        "data": [{"path": "data.jsonl", "format": examples.format}],
        "method": if spec.method == TrainingMethod::Full { "full" } else { "lora" },
        "hyper": {
            "steps": hyper.max_steps, "batch": hyper.batch_size, "context": hyper.max_seq_len, "lr": hyper.lr,
            "warmup": hyper.warmup, "clip": hyper.clip, "weight_decay": hyper.weight_decay, "seed": hyper.seed,
        },
        "checkpoint_every": spec.checkpoint_every,
    });
    if let Some(lora) = lora {
        text["lora"] = lora;
    }
    if let Some(evaluation) = &spec.evaluation {
        text["eval"] = json!({"split": evaluation.split, "every": evaluation.every});
    }
    text
}

fn architecture(of: &TrainingArchitecture) -> Value {
    json!({
        "hidden_size": of.hidden_size,
        "num_hidden_layers": of.layers,
        "num_attention_heads": of.heads,
        "num_key_value_heads": of.kv_heads.unwrap_or(of.heads),
        "intermediate_size": inner(of),
        "vocab_size": of.vocabulary,
        "max_position_embeddings": of.context,
    })
}

/// The job's parameters, as its run records them.
pub(super) fn params(job: &TrainingJob) -> BTreeMap<String, String> {
    let hyper = serde_json::to_value(&job.spec.hyperparams).unwrap_or_default();
    let mut params: BTreeMap<String, String> =
        hyper.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), value.to_string())).collect();
    let mut add = |name: &str, value: String| params.insert(name.to_owned(), value);
    add("jobType", job.job_type.name().to_owned());
    add("method", job.spec.method.name().to_owned());
    add("datasetId", job.dataset_id.to_string());
    add("datasetDigest", job.spec.dataset_digest.clone());
    if let Some(model) = job.model_id {
        add("modelId", model.to_string());
        add("modelDigest", job.spec.model_digest.clone().unwrap_or_default());
    }
    if let Some(lora) = &job.spec.lora {
        add("lora", serde_json::to_string(lora).unwrap_or_default());
    }
    if let Some(architecture) = &job.spec.architecture {
        add("architecture", serde_json::to_string(architecture).unwrap_or_default());
    }
    params
}
