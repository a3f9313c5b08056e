//! What a project's approval policy asks for, and whether a model has it: pure.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Measurement, MeasurementState, Model, ModelType, PutModelApprovalPolicy, RequiredEvaluation};
use crate::base::{Error, Result, check_text};

/// The longest description and the longest name of a license.
const DESCRIPTION: usize = 1000;
const LICENSE: usize = 100;
/// The types of models whose bytes an evaluation knows.
const MEASURABLE: [ModelType; 2] = [ModelType::Base, ModelType::FineTuned];

/// The content of a version of the policy, with everything filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PolicyBody {
    pub description: Option<String>,
    pub evaluations: Vec<RequiredEvaluation>,
    pub licenses: Option<Vec<String>>,
    pub approvals: u32,
    pub allow_warnings: bool,
}

/// A version of the policy that a model is held to.
pub(super) struct UsedPolicy {
    pub version: u32,
    pub body: PolicyBody,
}

impl PolicyBody {
    /// What is asked for, its evaluations settled, unless no model could have it.
    pub(super) fn of(req: PutModelApprovalPolicy) -> Result<Self> {
        check_text("description", req.description.as_deref().unwrap_or_default(), DESCRIPTION)?;
        let mut evaluations: Vec<RequiredEvaluation> = Vec::with_capacity(req.evaluations.len());
        for (at, required) in req.evaluations.into_iter().enumerate() {
            let required = filled(at, required)?;
            if let Some(first) = evaluations.iter().position(|other| same_question(other, &required)) {
                let rule = format!("asks for the same evaluation as `evaluations[{first}]`");
                return Err(Error::invalid(format!("evaluations[{at}]"), rule).hint("put both bounds into one of them"));
            }
            evaluations.push(required);
        }
        let licenses = req.licenses.map(licenses).transpose()?;
        Ok(Self {
            description: req.description,
            evaluations,
            licenses,
            approvals: req.approvals.unwrap_or(1),
            allow_warnings: req.allow_warnings.unwrap_or(false),
        })
    }

    /// The evaluations that a model of this type must have.
    pub(super) fn required_of(&self, model_type: ModelType) -> impl Iterator<Item = &RequiredEvaluation> {
        self.evaluations.iter().filter(move |required| types(required).contains(&model_type))
    }
}

fn types(required: &RequiredEvaluation) -> &[ModelType] {
    required.model_types.as_deref().unwrap_or(&MEASURABLE)
}

fn filled(at: usize, required: RequiredEvaluation) -> Result<RequiredEvaluation> {
    let field = |name: &str| format!("evaluations[{at}].{name}");
    let asked = types(&required);
    if asked.contains(&ModelType::External) {
        return Err(Error::invalid(field("modelTypes"), "must not name `external`, whose bytes no evaluation knows")
            .hint("leave it out for base and fine-tuned models"));
    }
    let asked: Vec<ModelType> = MEASURABLE.into_iter().filter(|one| asked.contains(one)).collect();
    if asked.is_empty() {
        return Err(Error::invalid(field("modelTypes"), "must name a type").hint("leave it out for all with files"));
    }
    if let (Some(least), Some(most)) = (required.at_least, required.at_most)
        && least > most
    {
        return Err(Error::invalid(field("atLeast"), "is above `atMost`, so nothing would pass")
            .hint("lower it, or raise `atMost`"));
    }
    Ok(RequiredEvaluation {
        min_samples: Some(required.min_samples.unwrap_or(1)),
        model_types: Some(asked),
        ..required
    })
}

fn same_question(a: &RequiredEvaluation, b: &RequiredEvaluation) -> bool {
    let of = |one: &RequiredEvaluation| (one.metric.clone(), one.dataset_id, one.model_types.clone());
    of(a) == of(b) && a.options == b.options
}

fn licenses(names: Vec<String>) -> Result<Vec<String>> {
    let mut known: Vec<String> = Vec::with_capacity(names.len());
    for (at, name) in names.into_iter().enumerate() {
        let field = format!("licenses[{at}]");
        check_text(&field, &name, LICENSE)?;
        if name.trim().is_empty() || name.trim() != name {
            return Err(Error::invalid(field, "must be a name without blanks at its ends").hint("as `apache-2.0`"));
        }
        if known.iter().any(|other| same_name(other, &name)) {
            return Err(Error::invalid(field, format!("names `{name}` a second time")).hint("name each license once"));
        }
        known.push(name);
    }
    if known.is_empty() {
        return Err(Error::invalid("licenses", "must name a license").hint("leave it out to allow any"));
    }
    Ok(known)
}

fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Refuses a license that is not among those allowed. Of several that a card names, each must be.
pub(super) fn check_license(model: &Model, allowed: &[String]) -> Result<()> {
    let named = licenses_of(&model.metadata);
    let other: Vec<&str> =
        named.iter().copied().filter(|name| !allowed.iter().any(|one| same_name(one, name))).collect();
    if !named.is_empty() && other.is_empty() {
        return Ok(());
    }
    let says = if named.is_empty() { "no license".to_owned() } else { format!("`{}`", other.join("`, `")) };
    let allowed = allowed.join(", ");
    Err(Error::conflict(format!("the card says {says}, and the policy allows {allowed}"))
        .code("license_not_allowed")
        .field("metadata.license")
        .hint("correct the card, or have the policy changed"))
}

/// What a card names as its license. The Hub's `other` says nothing: its `license_name` does.
fn licenses_of(card: &Map<String, Value>) -> Vec<&str> {
    let named: Vec<&str> = match card.get("license") {
        Some(Value::Array(several)) if several.iter().all(Value::is_string) => {
            several.iter().filter_map(Value::as_str).collect()
        }
        Some(one) => one.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    let own = card.get("license_name").and_then(Value::as_str);
    let named = named.into_iter().map(|name| if same_name(name.trim(), "other") { own.unwrap_or(name) } else { name });
    named.map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// What is known of one required evaluation.
pub(super) struct Judged<'a> {
    /// The evaluation that was looked at.
    pub measurement: Option<&'a Measurement>,
    pub value: Option<f64>,
    /// What is said of it.
    pub outcome: Result<String>,
}

/// Whether a model with these bytes has a required evaluation. `over` names the dataset that is required.
pub(super) fn judge<'a>(
    (required, over): (&RequiredEvaluation, Option<&str>),
    all: &'a [Measurement],
    digest: Option<&str>,
    allow_warnings: bool,
) -> Judged<'a> {
    let what = over.map_or_else(|| required.metric.clone(), |over| format!("{} over {over}", required.metric));
    let fitting: Vec<&Measurement> = all.iter().filter(|one| fits(one, required)).collect();
    let of_these: Vec<&Measurement> =
        fitting.iter().copied().filter(|one| digest.is_some() && one.digest.as_deref() == digest).collect();
    let least = required.min_samples.unwrap_or(1);
    let in_state = |state: MeasurementState| of_these.iter().copied().find(|one| one.state == state);
    let enough = of_these.iter().copied().find(|one| one.state == MeasurementState::Succeeded && one.answered >= least);
    if let Some(found) = enough {
        let value = value_in(found, required);
        let outcome = within(required, (what.as_str(), value), found, allow_warnings);
        return Judged { measurement: Some(found), value, outcome };
    }
    let old = || fitting.iter().copied().find(|one| one.state == MeasurementState::Succeeded);
    let (measurement, error) = if let Some(small) = in_state(MeasurementState::Succeeded) {
        let answered = small.answered;
        let error = Error::conflict(format!("{what} was measured on {answered} samples, and {least} are the least"));
        (Some(small), error.code("evaluation_too_small"))
    } else if let Some(open) = in_state(MeasurementState::Open) {
        (Some(open), Error::conflict(format!("the evaluation by {what} is not done")).code("evaluation_running"))
    } else if let Some(failed) = in_state(MeasurementState::Failed) {
        (Some(failed), Error::conflict(format!("the evaluation by {what} failed")).code("evaluation_failed"))
    } else if let Some(old) = old() {
        let error = Error::conflict(format!("{what} was measured of other files than the model has now"));
        (Some(old), error.code("evaluation_of_other_files"))
    } else {
        (None, Error::conflict(format!("there is no evaluation by {what}")).code("evaluation_missing"))
    };
    Judged { measurement, value: measurement.and_then(|one| value_in(one, required)), outcome: Err(error) }
}

fn fits(measurement: &Measurement, required: &RequiredEvaluation) -> bool {
    required.dataset_id.is_none_or(|id| id == measurement.dataset_id)
        && measurement.values.iter().any(|value| value.metric == required.metric && value.options == required.options)
}

fn value_in(measurement: &Measurement, required: &RequiredEvaluation) -> Option<f64> {
    let mut values = measurement.values.iter();
    values.find(|value| value.metric == required.metric && value.options == required.options)?.value
}

fn within(
    required: &RequiredEvaluation,
    (what, value): (&str, Option<f64>),
    found: &Measurement,
    allow_warnings: bool,
) -> Result<String> {
    let Some(value) = value.filter(|value| value.is_finite()) else {
        return Err(Error::conflict(format!("the evaluation by {what} has no value")).code("evaluation_failed"));
    };
    let is = plain(value);
    if let Some(least) = required.at_least.filter(|least| value < *least).map(plain) {
        return Err(Error::conflict(format!("{what} is {is}, and {least} is the least")).code("evaluation_below"));
    }
    if let Some(most) = required.at_most.filter(|most| value > *most).map(plain) {
        return Err(Error::conflict(format!("{what} is {is}, and {most} is the most")).code("evaluation_above"));
    }
    if let Some(warning) = found.warnings.first().filter(|_| !allow_warnings) {
        return Err(Error::conflict(format!("{what} does not count: {warning}")).code("evaluation_warned"));
    }
    Ok(format!("{what} is {is}"))
}

/// A number with at most six digits after the point, none of them an empty one.
fn plain(number: f64) -> String {
    if number != 0.0 && number.abs() < 1e-6 {
        return format!("{number:e}");
    }
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
