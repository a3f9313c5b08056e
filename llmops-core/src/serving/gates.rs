//! What must hold before a model is deployed.

use super::{DeployEndpoint, EndpointLimits, Environment};
use crate::base::{Error, ErrorKind, Limits, Result, check_text};
use crate::catalog::{Model, ModelReview, ModelStatus, ModelType, ReviewDecision};
use crate::compute::Capability;

/// The most replicas of an endpoint.
const REPLICAS: u32 = 16;
/// The most requests a replica works on at once.
const CONCURRENCY: u32 = 256;
/// The most tokens that can be asked for.
const TOKENS: u32 = 1_000_000;

/// Refuses what is asked in a way no model could mend.
pub(super) fn check_request(req: &DeployEndpoint) -> Result<()> {
    check_replicas(req.min_replicas)?;
    check_limits(req.limits.as_ref())?;
    let plan = req.rollback_plan.as_deref().unwrap_or_default();
    check_text("rollbackPlan", plan, Limits::TEXT_CHARS)?;
    if req.environment == Environment::Prod && plan.trim().is_empty() {
        return Err(Error::invalid("rollbackPlan", "is required for `prod`")
            .hint("say what to do when it goes wrong, as `roll back to the revision before`"));
    }
    Ok(())
}

/// Refuses a number of replicas out of bounds.
pub(super) fn check_replicas(count: Option<u32>) -> Result<()> {
    if count.is_none_or(|count| (1..=REPLICAS).contains(&count)) {
        return Ok(());
    }
    Err(Error::invalid("minReplicas", format!("must be between 1 and {REPLICAS}"))
        .hint("to run none, stop the endpoint"))
}

/// Refuses limits out of bounds.
pub(super) fn check_limits(limits: Option<&EndpointLimits>) -> Result<()> {
    let Some(limits) = limits else { return Ok(()) };
    let tokens = |field, count: Option<u32>| match count {
        Some(count) if !(1..=TOKENS).contains(&count) => {
            Err(Error::invalid(field, format!("must be between 1 and {TOKENS}"))
                .hint("leave it out for what the model allows"))
        }
        _ => Ok(()),
    };
    if !(1..=CONCURRENCY).contains(&limits.max_concurrent_requests) {
        return Err(Error::invalid("limits.maxConcurrentRequests", format!("must be between 1 and {CONCURRENCY}"))
            .hint("leave it out for 8"));
    }
    tokens("limits.maxInputTokens", limits.max_input_tokens)?;
    tokens("limits.maxOutputTokens", limits.max_output_tokens)
}

/// Refuses a place where nothing can be served.
pub(super) fn check_place(place: &Capability) -> Result<()> {
    let missing = match (place.services, place.runtime) {
        (true, true) => return Ok(()),
        (false, _) => "runs no services",
        (true, false) => "has no runtime for models",
    };
    Err(Error::new(ErrorKind::Unsupported, format!("the place where work runs ({}) {missing}", place.backend))
        .code("cannot_serve")
        .hint("give the platform the runtime's command, or another place"))
}

/// Refuses a model that may not be deployed. `reviews` are its reviews, newest first.
pub(super) fn check_model(model: &Model, reviews: &[ModelReview]) -> Result<()> {
    let refused = |code: &str, rule: String, hint: &str| {
        Error::conflict(format!("model `{}` {} {rule}", model.name, model.version))
            .code(code)
            .field("modelId")
            .hint(hint)
    };
    if model.model_type == ModelType::External {
        let hint = "the gateway asks its provider; nothing is to be deployed";
        return Err(refused("model_external", "is external and run by somebody else".into(), hint));
    }
    if model.status != ModelStatus::Approved {
        let rule = format!("is {}, and only an approved model is deployed", model.status.name());
        return Err(refused("model_not_approved", rule, "have it reviewed and approved first"));
    }
    if model.digest.is_none() {
        return Err(refused("model_without_files", "has no files".into(), "upload its files and have it reviewed"));
    }
    let approval = reviews.iter().find(|review| review.decision == ReviewDecision::Approve);
    if approval.is_none_or(|approval| approval.digest != model.digest) {
        let hint = "have the files as they are now reviewed";
        return Err(refused("digest_changed", "has other files than those that were approved".into(), hint));
    }
    Ok(())
}
