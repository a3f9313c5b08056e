//! What must hold before a model is reviewed or approved.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::approval::{Judged, UsedPolicy};
use super::{
    FileState, Model, ModelFile, ModelGate, ModelGateKind, ModelGateState, ModelStatus, ModelType, RequiredEvaluation,
};
use crate::base::{Ctx, Error, ErrorKind, Result};
use crate::op::RecommendedOperation;

/// The fields a card must hold before review.
const CARD: [&str; 4] = ["purpose", "scope", "contact", "license"];
/// Those that say under which license it is.
const LICENSE: [&str; 2] = ["license", "license_name"];

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

/// What a card must hold for a review and does not.
fn missing(card: &Map<String, Value>) -> Vec<&'static str> {
    let is_filled = |field: &&str| match card.get(*field) {
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Null) | None => false,
        Some(_) => true,
    };
    CARD.into_iter().filter(|field| !is_filled(field)).collect()
}

/// Refuses to empty what the card of an approved model must hold, naming the first field of it.
pub(super) fn check_card_stays(before: &Map<String, Value>, card: &Map<String, Value>) -> Result<()> {
    let lacked = missing(before);
    let emptied: Vec<&str> = missing(card).into_iter().filter(|field| !lacked.contains(field)).collect();
    let Some(first) = emptied.first() else { return Ok(()) };
    Err(Error::conflict(format!("the model is approved, and its card keeps {}", emptied.join(", ")))
        .code("card_incomplete")
        .field(format!("metadata.{first}"))
        .hint("write something else there, or begin a new version")
        .details(json!({ "missing": emptied })))
}

/// Whether two cards name another license, which is part of what was approved. These are the fields that a policy looks at.
pub(super) fn is_relicensed(before: &Map<String, Value>, card: &Map<String, Value>) -> bool {
    LICENSE.iter().any(|field| before.get(*field) != card.get(*field))
}

/// Refuses a review of a card with gaps, naming each.
pub(super) fn check_card_complete(model: &Model) -> Result<()> {
    let missing = missing(&model.metadata);
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
    ModelFile::check_whole(files)?;
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
    let shards = missing_shards(files);
    if !shards.is_empty() {
        return Err(Error::conflict(format!("{} files with weights are missing", shards.len()))
            .code("files_missing")
            .hint("upload each file that the list of shards names, or another list")
            .details(json!({ "files": shards })));
    }
    if gguf || folder {
        return Ok(());
    }
    Err(Error::conflict("the model has no weights that could be served")
        .code("files_missing")
        .hint("upload config.json with safetensors weights, or one gguf file"))
}

/// What lists of shards name that is not there. A list names the files beside it.
fn missing_shards(files: &[ModelFile]) -> Vec<String> {
    let there: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let named = files.iter().flat_map(|list| {
        let folder = list.path.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
        let shards = list.scan.iter().flat_map(|scan| &scan.shards);
        shards.map(move |shard| format!("{folder}{shard}"))
    });
    named.filter(|path| !there.contains(path.as_str())).collect()
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

impl ModelGate {
    /// A gate that says this.
    pub(super) fn new(gate: ModelGateKind, state: ModelGateState, text: impl Into<String>) -> Self {
        Self {
            gate,
            state,
            text: text.into(),
            code: None,
            operation: None,
            required: None,
            dataset: None,
            run_id: None,
            value: None,
            approved_by: Vec::new(),
            approvals_needed: None,
        }
    }

    /// A gate that a check decides. What is no refusal goes on as an error.
    pub(super) fn of(gate: ModelGateKind, checked: Result<impl Into<String>>) -> Result<Self> {
        let error = match checked {
            Ok(text) => return Ok(Self::new(gate, ModelGateState::Passed, text)),
            Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Denied) => error,
            Err(error) => return Err(error),
        };
        let code = Some(error.stable_code().to_owned());
        Ok(Self { code, ..Self::new(gate, ModelGateState::Failed, error.message()) })
    }

    /// By which call it is mended, if it did not pass.
    pub(super) fn by(self, name: &str, parameters: Value) -> Self {
        let (Value::Object(parameters), false) = (parameters, self.state == ModelGateState::Passed) else {
            return self;
        };
        Self { operation: Some(RecommendedOperation { name: name.to_owned(), parameters }), ..self }
    }

    /// The gate of a required evaluation.
    pub(super) fn of_evaluation(
        model: &Model,
        (required, dataset): (&RequiredEvaluation, Option<String>),
        judged: Judged<'_>,
    ) -> Result<Self> {
        let Judged { measurement, value, outcome } = judged;
        let gate = Self::of(ModelGateKind::Evaluation, outcome)?;
        let told = ["evaluation_running", "evaluation_below", "evaluation_above", "evaluation_warned"];
        let gate = match (measurement, gate.code.as_deref()) {
            (Some(found), Some(code)) if told.contains(&code) => {
                gate.by("evaluation.get_run", json!({ "runId": found.run_id }))
            }
            _ => gate.by("evaluation.start_run", start(model, required)),
        };
        let run_id = measurement.map(|found| found.run_id);
        Ok(Self { required: Some(required.clone()), dataset, run_id, value, ..gate })
    }
}

/// The evaluation that would have to be started; which dataset, if any does, is for a person to say.
fn start(model: &Model, required: &RequiredEvaluation) -> Value {
    let metric = match required.options.is_empty() {
        true => json!(required.metric),
        false => json!({ "name": required.metric, "options": required.options }),
    };
    let mut request = json!({ "modelId": model.id, "metrics": [metric] });
    if let Some(dataset) = required.dataset_id {
        request["datasetId"] = json!(dataset);
    }
    request
}

/// Refuses an approval that gates hold back, naming each.
pub(super) fn check_all_passed(model: &Model, policy: &UsedPolicy, gates: &[ModelGate]) -> Result<()> {
    let failed: Vec<&ModelGate> = gates.iter().filter(|gate| gate.state == ModelGateState::Failed).collect();
    if failed.is_empty() {
        return Ok(());
    }
    let mend: Vec<&str> = failed.iter().map(|gate| gate.text.as_str()).collect();
    Err(Error::conflict(format!("{} {} cannot be approved: {}", model.name, model.version, mend.join("; ")))
        .code("not_approvable")
        .hint("mend this, then decide again; `get_model_gates` names the call for each")
        .details(json!({ "mend": mend, "gates": failed, "policyVersion": policy.version })))
}
