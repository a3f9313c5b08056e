//! Whether an evaluation makes sense: pure checks of what was asked for.

use super::metric::Needs;
use super::score::build;
use super::{EvaluationParameters, MAX_PAIRS, MetricSpec, StartEvaluation};
use crate::base::{Error, Result};
use crate::datasets::ExampleForm;
use serde::{Deserialize, Serialize};

/// The most samples of an evaluation.
pub(super) const MOST: u64 = MAX_PAIRS as u64;

/// What an evaluation was asked to do, settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Spec {
    pub metrics: Vec<MetricSpec>,
    pub parameters: EvaluationParameters,
    pub limit: Option<u64>,
    pub concurrency: u32,
}

/// Checks numbers and names; what the metrics need is another matter.
pub(super) fn settle(req: &StartEvaluation) -> Result<Spec> {
    if req.model_id.is_some() == req.endpoint_id.is_some() {
        return Err(Error::invalid("modelId", "or `endpointId` must be given, and not both")
            .hint("name the model, or the endpoint that serves it"));
    }
    build(&req.metrics)?;
    let parameters = req.parameters.clone().unwrap_or_default();
    let (tokens, temperature) = (parameters.max_tokens.unwrap_or(64), parameters.temperature.unwrap_or(0.0));
    if !(1..=4096).contains(&tokens) {
        return Err(Error::invalid("parameters.maxTokens", "must be between 1 and 4096").hint("leave it out for 64"));
    }
    if !(0.0..=2.0).contains(&temperature) {
        return Err(Error::invalid("parameters.temperature", "must be between 0 and 2").hint("leave it out for 0"));
    }
    if req.limit.is_some_and(|limit| !(1..=MOST).contains(&limit)) {
        return Err(
            Error::invalid("limit", format!("must be between 1 and {MOST}")).hint("leave it out for all samples")
        );
    }
    let concurrency = req.concurrency.unwrap_or(if req.endpoint_id.is_some() { 4 } else { 8 });
    if !(1..=64).contains(&concurrency) {
        return Err(Error::invalid("concurrency", "must be between 1 and 64").hint("leave it out for the default"));
    }
    let parameters = EvaluationParameters {
        max_tokens: Some(tokens),
        temperature: Some(temperature),
        seed: Some(parameters.seed.unwrap_or(0)),
    };
    Ok(Spec { metrics: req.metrics.clone(), parameters, limit: req.limit, concurrency })
}

/// What the metrics need together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Wants {
    /// Answers.
    pub answers: bool,
    /// How likely the references are.
    pub likelihoods: bool,
}

/// What these metrics need.
pub(super) fn wants(metrics: &[MetricSpec]) -> Result<Wants> {
    let mut wants = Wants::default();
    for metric in build(metrics)? {
        match metric.capability().needs {
            Needs::Pairs | Needs::Latencies => wants.answers = true,
            Needs::Likelihoods => wants.likelihoods = true,
        }
    }
    Ok(wants)
}

/// Refuses metrics that these samples, or an endpoint, cannot give.
pub(super) fn check_suits(metrics: &[MetricSpec], form: ExampleForm, over_endpoint: bool) -> Result<()> {
    for (at, metric) in build(metrics)?.iter().enumerate() {
        let needs = metric.capability().needs;
        let (rule, hint) = match needs {
            Needs::Likelihoods if over_endpoint => (
                "needs the likelihood of the references, which no endpoint tells",
                "evaluate the model itself: give `modelId`",
            ),
            Needs::Pairs | Needs::Latencies if form == ExampleForm::Text => {
                ("needs questions with answers, and the dataset is plain text", "ask for perplexity or bits_per_byte")
            }
            _ => continue,
        };
        return Err(Error::invalid(format!("metrics[{at}]"), rule).code("metric_unsuited").hint(hint));
    }
    Ok(())
}
