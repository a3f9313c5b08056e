//! What a job must be to be accepted, each refusal with its field, its rule and its remedy; and what is chosen where the
//! caller chose nothing.

use super::estimate::Amount;
use super::shape::{self, PROJECTIONS, Shape};
use super::{JobRetryPolicy, LoraSettings, SubmitJob, TrainingEvaluation, TrainingHyperparams, TrainingMethod};
use crate::base::{Error, Name, Result, Semver};
use crate::catalog::own_families;

/// Steps of a job that says nothing.
const STEPS: u32 = 200;
const MOST_STEPS: u32 = 1_000_000;
const LENGTH: u32 = 128;
const MONTH_SECONDS: u32 = 2_592_000;
const DAY_SECONDS: u32 = 86_400;
/// Weights up to which the learning rate is the highest.
const LIKE_MILLION: u64 = 1_000_000;
/// The largest whole number that every JSON reader keeps.
const MOST_SEED: u64 = 1 << 53;

/// Refuses what breaks a rule whatever there is besides.
pub(super) fn check(req: &SubmitJob) -> Result<()> {
    if let Some(name) = &req.name {
        Name::parse("name", name)?;
    }
    if let Some(name) = &req.output.name {
        Name::parse("output.name", name)?;
    }
    if let Some(version) = &req.output.version {
        Semver::parse("output.version", version)?;
    }
    if let Some(family) = &req.model_family {
        check_family("modelFamily", family)?;
    }
    check_parts(req)?;
    if let Some(lora) = &req.lora {
        check_lora(lora)?;
    }
    if let Some(architecture) = &req.architecture {
        shape::check(architecture)?;
    }
    check_hyperparams(&req.hyperparams)?;
    if let Some(evaluation) = &req.evaluation {
        check_evaluation(evaluation)?;
    }
    check_running(req)
}

/// Which parts a type of job must and must not have.
fn check_parts(req: &SubmitJob) -> Result<()> {
    let kind = req.job_type.name();
    if req.job_type.begins_from_nothing() {
        if req.model_id.is_some() {
            return Err(Error::invalid("modelId", format!("must be absent for {kind}, which begins from nothing"))
                .hint("leave it out, or submit a `finetune`"));
        }
        if req.architecture.is_none() {
            return Err(Error::invalid("architecture", format!("is required for {kind}"))
                .code("architecture_missing")
                .hint("say hiddenSize, layers, heads, vocabulary and context"));
        }
        if req.method.is_some_and(|method| method != TrainingMethod::Full) {
            return Err(Error::invalid("method", format!("must be `full` for {kind}: there is no base to add to"))
                .hint("leave it out"));
        }
    } else {
        if req.model_id.is_none() {
            return Err(Error::invalid(
                "modelId",
                format!("is required for {kind}: it names the model trained further"),
            )
            .code("base_missing")
            .hint("take an approved model of the catalog"));
        }
        if req.architecture.is_some() {
            return Err(Error::invalid("architecture", format!("must be absent for {kind}: the base model has one"))
                .hint("leave it out, or submit a `from_scratch`"));
        }
    }
    if req.lora.is_some() && req.method.unwrap_or(TrainingMethod::Full) == TrainingMethod::Full {
        return Err(Error::invalid("lora", "must be absent unless `method` is `lora`").hint("set `method` to `lora`"));
    }
    Ok(())
}

fn check_lora(lora: &LoraSettings) -> Result<()> {
    within("lora.rank", lora.rank, 1, 256, "8 is usual")?;
    above("lora.alpha", lora.alpha, 1024.0, "twice the rank is usual")?;
    let Some(targets) = &lora.targets else { return Ok(()) };
    let known = PROJECTIONS.join(", ");
    if targets.is_empty() {
        return Err(Error::invalid("lora.targets", format!("must name at least one of {known}"))
            .hint("leave it out for q_proj and v_proj"));
    }
    for (index, target) in targets.iter().enumerate() {
        if !PROJECTIONS.contains(&target.as_str()) || targets[..index].contains(target) {
            let field = format!("lora.targets[{index}]");
            return Err(Error::invalid(field, format!("must be one of {known}, and named once")).hint("mend the list"));
        }
    }
    Ok(())
}

fn check_hyperparams(hyper: &TrainingHyperparams) -> Result<()> {
    above("hyperparams.lr", hyper.lr, 1.0, "0.0005 is usual")?;
    within("hyperparams.batchSize", hyper.batch_size, 1, 1024, "16 is usual")?;
    within("hyperparams.maxSteps", hyper.max_steps, 1, MOST_STEPS, "leave it out for 200")?;
    above("hyperparams.numEpochs", hyper.num_epochs, 1000.0, "1 goes through the data once")?;
    within("hyperparams.maxSeqLen", hyper.max_seq_len, 8, 32_768, "128 is usual for a small model")?;
    within("hyperparams.warmup", hyper.warmup, 0, MOST_STEPS, "leave it out for a tenth of the steps")?;
    if hyper.weight_decay.is_some_and(|decay| !(0.0..=1.0).contains(&decay)) {
        return Err(Error::invalid("hyperparams.weightDecay", "must be 0 to 1").hint("0.01 is usual"));
    }
    above("hyperparams.clip", hyper.clip, 1000.0, "1 is usual")?;
    if hyper.seed.is_some_and(|seed| seed > MOST_SEED) {
        return Err(Error::invalid("hyperparams.seed", "must be 0 to 9007199254740992").hint("any small number does"));
    }
    if hyper.max_steps.is_some() && hyper.num_epochs.is_some() {
        return Err(Error::invalid("hyperparams.numEpochs", "must be absent when `maxSteps` is given")
            .hint("say how long to train in one of them"));
    }
    Ok(())
}

fn check_evaluation(evaluation: &TrainingEvaluation) -> Result<()> {
    above("evaluation.split", Some(evaluation.split), 0.5, "0.05 keeps one example in twenty aside")?;
    within("evaluation.every", Some(evaluation.every), 1, MOST_STEPS, "50 is usual")
}

/// How it runs: resources, retries, time, priority.
fn check_running(req: &SubmitJob) -> Result<()> {
    within("checkpointEvery", req.checkpoint_every, 1, MOST_STEPS, "leave it out for 50")?;
    if req.resources.cpu.is_some_and(|cpu| !(cpu.is_finite() && cpu > 0.0)) {
        return Err(Error::invalid("resources.cpu", "must be a number of cores above 0").hint("leave it out for 1"));
    }
    if req.retry_policy.max_retries.is_some_and(|retries| retries > 3) {
        return Err(Error::invalid("retryPolicy.maxRetries", "must be at most 3").hint("leave it out for 1"));
    }
    within("retryPolicy.backoffSeconds", req.retry_policy.backoff_seconds, 0, 3600, "leave it out for 10")?;
    within("maxDurationSeconds", req.max_duration_seconds, 1, MONTH_SECONDS, "leave it out for a day")?;
    if req.priority.is_some_and(|priority| !(-100..=100).contains(&priority)) {
        return Err(Error::invalid("priority", "must be -100 to 100").hint("leave it out for 0"));
    }
    Ok(())
}

/// Refuses a family that the runtime does not train.
pub(super) fn check_family(field: &str, family: &str) -> Result<()> {
    let own: Vec<&str> = own_families().collect();
    if own.contains(&family) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("must be a family that can be trained here: {}; not {family}", own.join(", ")))
        .code("family_unknown")
        .hint("choose another model, or leave it out"))
}

fn within(field: &str, value: Option<u32>, low: u32, high: u32, hint: &str) -> Result<()> {
    match value {
        Some(value) if !(low..=high).contains(&value) => {
            Err(Error::invalid(field, format!("must be {low} to {high}, not {value}")).hint(hint))
        }
        _ => Ok(()),
    }
}

fn above(field: &str, value: Option<f64>, high: f64, hint: &str) -> Result<()> {
    match value {
        Some(value) if !(value > 0.0 && value <= high) => {
            Err(Error::invalid(field, format!("must be above 0 and at most {high}, not {value}")).hint(hint))
        }
        _ => Ok(()),
    }
}

/// Every hyperparameter with its value, for a model of this shape and this much data.
pub(super) fn hyperparams(req: &SubmitJob, shape: Option<&Shape>, data: Amount) -> Result<TrainingHyperparams> {
    let given = &req.hyperparams;
    let context = shape.map_or(32_768, |shape| u32::try_from(shape.context).unwrap_or(u32::MAX));
    let length = given.max_seq_len.unwrap_or(LENGTH.min(context));
    if length > context {
        let rule = format!("must be at most {context}, the model's context, not {length}");
        return Err(Error::invalid("hyperparams.maxSeqLen", rule)
            .code("context_exceeded")
            .hint("cut the examples shorter"));
    }
    let batch = given.batch_size.unwrap_or(16);
    let steps = match (given.max_steps, given.num_epochs) {
        (Some(steps), _) => steps,
        (None, None) => STEPS,
        (None, Some(epochs)) => {
            let steps = data.steps(epochs, batch, length);
            if steps > f64::from(MOST_STEPS) {
                let rule = format!("gives {steps} steps on this data, and {MOST_STEPS} is the most");
                return Err(Error::invalid("hyperparams.numEpochs", rule).hint("fewer epochs, or a larger batch"));
            }
            steps as u32
        }
    };
    let warmup = given.warmup.unwrap_or(steps / 10);
    if warmup > steps {
        let rule = format!("must be at most the {steps} steps, not {warmup}");
        return Err(Error::invalid("hyperparams.warmup", rule).hint("leave it out for a tenth of the steps"));
    }
    Ok(TrainingHyperparams {
        lr: Some(given.lr.unwrap_or_else(|| rate(req, shape))),
        batch_size: Some(batch),
        max_steps: Some(steps),
        num_epochs: given.num_epochs,
        max_seq_len: Some(length),
        warmup: Some(warmup),
        weight_decay: Some(given.weight_decay.unwrap_or(0.01)),
        clip: Some(given.clip.unwrap_or(1.0)),
        seed: Some(given.seed.unwrap_or(42)),
    })
}

/// A learning rate by the runtime's own rule: it falls with the root of the number of the model's weights, also where an
/// adapter learns beside them.
fn rate(req: &SubmitJob, shape: Option<&Shape>) -> f64 {
    let weights = shape.map_or(LIKE_MILLION, Shape::parameters);
    let highest = if lora(req).is_some() { 6e-3 } else { 3e-3 };
    highest * (LIKE_MILLION as f64 / weights.max(1) as f64).sqrt().min(1.0)
}

/// The matrices of LoRA with every choice made.
pub(super) fn lora(req: &SubmitJob) -> Option<LoraSettings> {
    req.method.filter(|method| *method != TrainingMethod::Full)?;
    let given = req.lora.clone().unwrap_or_default();
    let rank = given.rank.unwrap_or(8);
    let usual = || vec!["q_proj".to_owned(), "v_proj".to_owned()];
    Some(LoraSettings {
        rank: Some(rank),
        alpha: Some(given.alpha.unwrap_or(2.0 * f64::from(rank))),
        targets: Some(given.targets.unwrap_or_else(usual)),
    })
}

/// What happens after a failure, with every choice made.
pub(super) fn retries(req: &SubmitJob) -> JobRetryPolicy {
    JobRetryPolicy {
        max_retries: Some(req.retry_policy.max_retries.unwrap_or(1)),
        backoff_seconds: Some(req.retry_policy.backoff_seconds.unwrap_or(10)),
    }
}

/// Seconds an attempt may run.
pub(super) fn duration(req: &SubmitJob) -> u32 {
    req.max_duration_seconds.unwrap_or(DAY_SECONDS)
}

/// Thousandths of a core.
pub(super) fn cpu_millis(req: &SubmitJob) -> u32 {
    (req.resources.cpu.unwrap_or(1.0) * 1000.0).round().clamp(1.0, f64::from(u32::MAX)) as u32
}
