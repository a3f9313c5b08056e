//! What must hold before a model is reviewed or approved.

use serde_json::{Value, json};

use super::{FileState, Model, ModelFile, ModelStatus, ModelType};
use crate::base::{Ctx, Error, Result};

/// The fields a card must hold before review.
const CARD: [&str; 4] = ["purpose", "scope", "contact", "license"];

/// Refuses a move that is not one of this status.
pub(super) fn check_move(from: ModelStatus, to: ModelStatus) -> Result<()> {
    if from.allowed().contains(&to) {
        return Ok(());
    }
    let allowed: Vec<&str> = from.allowed().iter().map(|status| status.name()).collect();
    Err(Error::conflict(format!("a model that is {} cannot become {}", from.name(), to.name()))
        .code("status_move")
        .field("status")
        .hint(format!("from here it may become: {}", allowed.join(", ")))
        .details(json!({ "from": from.name(), "allowed": allowed })))
}

/// Refuses a review of a card with gaps, naming each.
pub(super) fn check_card_complete(model: &Model) -> Result<()> {
    let filled = |field: &&str| match model.metadata.get(*field) {
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Null) | None => false,
        Some(_) => true,
    };
    let missing: Vec<&str> = CARD.iter().filter(|field| !filled(field)).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(format!("the model card lacks {}", missing.join(", ")))
        .code("card_incomplete")
        .field("metadata")
        .hint("fill these fields with an update of `metadata`")
        .details(json!({ "missing": missing })))
}

/// Refuses to approve a model that could not be served.
pub(super) fn check_files(model: &Model, files: &[ModelFile]) -> Result<()> {
    if model.model_type == ModelType::External {
        return Ok(());
    }
    let quarantined: Vec<&str> =
        files.iter().filter(|f| f.state == FileState::Quarantined).map(|f| f.path.as_str()).collect();
    if !quarantined.is_empty() {
        return Err(Error::conflict("some files are in quarantine")
            .code("files_quarantined")
            .hint("convert them to safetensors and delete them here")
            .details(json!({ "files": quarantined })));
    }
    let gguf = files.iter().any(|f| f.format == "gguf");
    let folder = files.iter().any(|f| f.path == "config.json") && files.iter().any(|f| f.format == "safetensors");
    if gguf || folder {
        return Ok(());
    }
    Err(Error::conflict("the model has no weights that could be served")
        .code("files_missing")
        .hint("upload config.json with safetensors weights, or one gguf file"))
}

/// Refuses to approve programs that nobody says to have read.
pub(super) fn check_code(files: &[ModelFile], reviewed: bool) -> Result<()> {
    let programs: Vec<&str> =
        files.iter().filter(|f| f.scan.as_ref().is_some_and(|scan| scan.runs_code)).map(|f| f.path.as_str()).collect();
    if reviewed || programs.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(format!("the model brings code: {}", programs.join(", ")))
        .code("code_review_needed")
        .field("codeReviewed")
        .hint("read these files, and approve with `codeReviewed: true`")
        .details(json!({ "files": programs })))
}

/// Who brought a file of a model is no judge of it.
pub(super) fn brought(who: &str, path: &str) -> Error {
    Error::denied(format!("{who} brought `{path}` and cannot review it"))
        .code("self_approval")
        .hint("ask somebody else with the reviewer's role")
}

/// Nobody approves his own work.
pub(super) fn check_reviewer(ctx: &Ctx, model: &Model) -> Result<()> {
    if ctx.caller.actor != model.created_by {
        return Ok(());
    }
    Err(Error::denied(format!("{} made this model and cannot review it", model.created_by))
        .code("self_approval")
        .hint("ask somebody else with the reviewer's role"))
}
