//! What must hold before a dataset is changed, reviewed or approved.

use serde_json::json;

use super::{
    Dataset, DatasetStatus, DatasetValidation, PiiPolicyRef, PiiScanStatus, PiiWaiver, ValidationReport,
    ValidationState,
};
use crate::base::{Ctx, Error, Result};

/// The least quality that may be approved where no policy says another.
pub(super) const QUALITY: f64 = 70.0;

/// Refuses to change the bytes, or what they mean, of a version that people rely on: one that left its draft, or whose
/// last report found it sound.
pub(super) fn check_open(dataset: &Dataset, report: Option<&ValidationReport>) -> Result<()> {
    let version = || format!("{} {}", dataset.name, dataset.version);
    if dataset.validation.is_some_and(ValidationState::is_open) {
        return Err(Error::conflict(format!("{} is being validated", version()))
            .code("validation_running")
            .hint("wait for the report"));
    }
    let sound = dataset.pii_scan_status == PiiScanStatus::Clean && report.is_some_and(|report| report.structure.valid);
    if dataset.status != DatasetStatus::Draft || sound {
        return Err(Error::conflict(format!("{} is validated and its data no longer changes", version()))
            .code("version_immutable")
            .hint("begin a new version with `create_dataset_version`"));
    }
    Ok(())
}

/// That columns are missing.
pub(super) fn missing(columns: &[String]) -> String {
    let (noun, verb) = if columns.len() == 1 { ("column", "is") } else { ("columns", "are") };
    format!("the {noun} {} {verb} missing", columns.join(", "))
}

/// Refuses a review of bytes that nobody has validated.
pub(super) fn check_validated(dataset: &Dataset) -> Result<()> {
    if dataset.validation == Some(ValidationState::Succeeded) {
        return Ok(());
    }
    Err(Error::conflict(format!("{} {} is not validated", dataset.name, dataset.version))
        .code("not_validated")
        .hint("call `validate_dataset` and wait for its report"))
}

/// Refuses to approve data that has something to mend, listing all of it.
/// `changed` says how the policy is another than the report was made by.
pub(super) fn check_approvable(
    dataset: &Dataset,
    report: Option<&ValidationReport>,
    changed: Option<String>,
) -> Result<()> {
    check_validated(dataset)?;
    let Some(report) = report else {
        return Err(Error::unexpected("a validated dataset has no report"));
    };
    let mut mend: Vec<String> = changed.into_iter().collect();
    let structure = &report.structure;
    if structure.bad_rows > 0 {
        mend.push(format!("{} rows cannot be read", structure.bad_rows));
    }
    if !structure.missing_columns.is_empty() {
        mend.push(missing(&structure.missing_columns));
    }
    if structure.incomplete_rows > structure.rows / 2 {
        let (lacking, rows) = (structure.incomplete_rows, structure.rows);
        mend.push(format!("{lacking} of {rows} rows lack what the type needs, and half of them may at most"));
    }
    if dataset.pii_scan_status == PiiScanStatus::Failed && dataset.pii_waiver.is_none() {
        mend.push(format!("personal or secret data was found {} times", report.pii.total));
    }
    if dataset.pii_scan_status == PiiScanStatus::Pending || !report.pii.complete {
        mend.push("the search for personal data left something out".into());
    }
    let threshold = report.quality.threshold;
    if report.quality.score < threshold {
        mend.push(format!("the quality is {:.1}, and {threshold} is the least", report.quality.score));
    }
    if mend.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(format!("{} {} cannot be approved: {}", dataset.name, dataset.version, mend.join("; ")))
        .code("not_approvable")
        .hint("mend this in a new version, or validate again; `get_dataset_validation` says where it is")
        .details(json!({ "mend": mend, "recommendations": report.recommendations })))
}

/// Refuses a waiver of what is no finding of a policy; answers with the policy.
pub(super) fn check_waivable(dataset: &Dataset, validation: &DatasetValidation) -> Result<PiiPolicyRef> {
    check_validated(dataset)?;
    check_unapproved(dataset)?;
    if dataset.pii_scan_status != PiiScanStatus::Failed || dataset.digest.as_ref() != Some(&validation.digest) {
        return Err(Error::conflict(format!("nothing was found in {} {}", dataset.name, dataset.version))
            .code("nothing_to_waive")
            .hint("only personal data that was found can be waived, not structure or quality"));
    }
    if validation.report.as_ref().is_some_and(|report| !report.pii.complete) {
        return Err(Error::conflict("the search was narrowed, so nobody knows what else is there")
            .code("search_narrowed")
            .hint("validate it again, without `piiTypes` and `minConfidence`"));
    }
    let used = validation.report.as_ref().and_then(|report| report.pii.policy.clone());
    used.ok_or_else(|| {
        Error::conflict("the dataset was validated without a policy, and only a policy allows waivers")
            .code("waivers_not_allowed")
            .hint("validate it again by a policy with `waivers`")
    })
}

/// What is said where a policy allows none.
pub(super) fn no_waivers(policy: &str) -> Error {
    Error::conflict(format!("the policy `{policy}` allows no waivers"))
        .code("waivers_not_allowed")
        .hint("redact what was found, or have the policy changed and validate again")
}

/// The waiver that can be taken back.
pub(super) fn check_withdrawable(dataset: &Dataset) -> Result<PiiWaiver> {
    check_unapproved(dataset)?;
    dataset.pii_waiver.clone().ok_or_else(|| {
        Error::not_found("waiver of dataset", dataset.id).hint("it may be withdrawn, or ended by another validation")
    })
}

fn check_unapproved(dataset: &Dataset) -> Result<()> {
    if dataset.status != DatasetStatus::Approved {
        return Ok(());
    }
    Err(Error::conflict(format!("{} {} is approved, with or without a waiver", dataset.name, dataset.version))
        .code("status_move")
        .field("status")
        .hint("deprecate it if it should not be used"))
}

/// Who brought a file of a dataset is no judge of it.
pub(super) fn brought(who: &str, path: &str) -> Error {
    Error::denied(format!("{who} brought `{path}` and cannot review it"))
        .code("self_approval")
        .hint("ask somebody else with the reviewer's role")
}

/// Nobody approves his own work.
pub(super) fn check_reviewer(ctx: &Ctx, dataset: &Dataset) -> Result<()> {
    if ctx.caller.actor != dataset.created_by {
        return Ok(());
    }
    Err(Error::denied(format!("{} made this dataset and cannot review it", dataset.created_by))
        .code("self_approval")
        .hint("ask somebody else with the reviewer's role"))
}
