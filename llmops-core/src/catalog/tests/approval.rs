//! What the policy of a project asks for, and how models are held to it.

use serde_json::{Map, Value, json};

use super::super::approval::{Judged, PolicyBody, check_license, judge};
use super::{Fresh, refused};
use crate::base::{Ctx, Error, ErrorKind, Id, Result};
use crate::catalog::*;

const HERE: &str = "aa";
const FAQ: Id = Id::from_u128(1);

fn required(more: Value) -> RequiredEvaluation {
    let mut asked = json!({ "metric": "exact_match" });
    asked.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    serde_json::from_value(asked).unwrap()
}

fn measured(state: MeasurementState, digest: &str, value: Option<f64>) -> Measurement {
    Measurement {
        run_id: Id::from_u128(9),
        digest: Some(digest.into()),
        dataset_id: FAQ,
        dataset: "faq:1.0.0".into(),
        state,
        answered: 10,
        warnings: Vec::new(),
        values: vec![MeasuredValue { metric: "exact_match".into(), options: Map::new(), value }],
    }
}

fn done(value: f64) -> Measurement {
    measured(MeasurementState::Succeeded, HERE, Some(value))
}

fn said(judged: &Judged<'_>) -> (String, String) {
    match &judged.outcome {
        Ok(text) => ("passed".into(), text.clone()),
        Err(error) => (error.stable_code().to_owned(), error.message().to_owned()),
    }
}

#[track_caller]
fn check(asked: Value, all: &[Measurement], code: &str, text: &str) {
    let asked = required(asked);
    let over = asked.dataset_id.map(|_| "faq:1.0.0");
    let judged = judge((&asked, over), all, Some(HERE), false);
    assert_eq!(said(&judged), (code.to_owned(), text.to_owned()));
}

#[test]
fn a_value_within_its_bounds_passes() {
    check(json!({ "atLeast": 0.7 }), &[done(0.7)], "passed", "exact_match is 0.7");
    check(json!({ "atMost": 0.7, "datasetId": FAQ }), &[done(0.7)], "passed", "exact_match over faq:1.0.0 is 0.7");
    check(json!({}), &[done(0.0)], "passed", "exact_match is 0");
    check(json!({ "atLeast": 0.7 }), &[done(0.699)], "evaluation_below", "exact_match is 0.699, and 0.7 is the least");
    check(json!({ "atMost": 0.7 }), &[done(1.0)], "evaluation_above", "exact_match is 1, and 0.7 is the most");
    let small = "exact_match is 1e-9, and 0.7 is the least";
    check(json!({ "atLeast": 0.7 }), &[done(1e-9)], "evaluation_below", small);
    check(json!({}), &[done(f64::NAN)], "evaluation_failed", "the evaluation by exact_match has no value");
}

#[test]
fn the_newest_that_is_large_enough_counts() {
    check(json!({ "atLeast": 0.7 }), &[done(0.8), done(0.1)], "passed", "exact_match is 0.8");
    let below = "exact_match is 0.1, and 0.7 is the least";
    check(json!({ "atLeast": 0.7 }), &[done(0.1), done(0.8)], "evaluation_below", below);
    let quick = Measurement { answered: 2, ..done(1.0) };
    let asked = json!({ "atLeast": 0.7, "minSamples": 10 });
    check(asked.clone(), &[quick.clone(), done(0.8)], "passed", "exact_match is 0.8");
    let small = "exact_match was measured on 2 samples, and 10 are the least";
    check(asked, &[quick], "evaluation_too_small", small);
}

#[test]
fn what_does_not_count_says_why() {
    let missing = "there is no evaluation by exact_match";
    check(json!({}), &[], "evaluation_missing", missing);
    check(json!({ "metric": "bleu" }), &[done(1.0)], "evaluation_missing", "there is no evaluation by bleu");
    check(json!({ "options": { "lowercase": true } }), &[done(1.0)], "evaluation_missing", missing);
    let elsewhere = Measurement { dataset_id: Id::from_u128(2), ..done(1.0) };
    let over = "there is no evaluation by exact_match over faq:1.0.0";
    check(json!({ "datasetId": FAQ }), &[elsewhere], "evaluation_missing", over);
    let open = measured(MeasurementState::Open, HERE, None);
    check(json!({}), std::slice::from_ref(&open), "evaluation_running", "the evaluation by exact_match is not done");
    check(json!({}), &[open, done(0.5)], "passed", "exact_match is 0.5");
    let failed = measured(MeasurementState::Failed, HERE, None);
    check(json!({}), &[failed], "evaluation_failed", "the evaluation by exact_match failed");
    let other = measured(MeasurementState::Succeeded, "bb", Some(1.0));
    let files = "exact_match was measured of other files than the model has now";
    check(json!({}), &[other], "evaluation_of_other_files", files);
}

#[test]
fn a_model_without_files_has_no_evaluation() {
    let unknown = Measurement { digest: None, ..done(1.0) };
    let judged = judge((&required(json!({})), None), std::slice::from_ref(&unknown), None, false);
    assert_eq!(said(&judged).0, "evaluation_of_other_files");
}

#[test]
fn warnings_count_unless_they_are_allowed() {
    let warned = Measurement { warnings: vec!["it learned them".into()], ..done(1.0) };
    check(json!({}), std::slice::from_ref(&warned), "evaluation_warned", "exact_match does not count: it learned them");
    let judged = judge((&required(json!({})), None), std::slice::from_ref(&warned), Some(HERE), true);
    assert_eq!(said(&judged).0, "passed");
}

fn licensed(card: &Value) -> Result<()> {
    let at = "2026-01-01T00:00:00Z";
    let model = json!({
        "id": FAQ, "name": "tiny", "version": "1.0.0", "type": "base", "modelFamily": "llama", "status": "draft",
        "project": "default", "metadata": card, "tags": [], "lineage": {}, "storageUri": "", "createdBy": "ann",
        "createdAt": at, "updatedAt": at, "etag": "",
    });
    let allowed = ["Apache-2.0", "mit", "llama3"].map(str::to_owned);
    check_license(&serde_json::from_value(model).unwrap(), &allowed)
}

#[test]
fn licenses_are_compared_as_wholes_letter_case_aside() {
    licensed(&json!({ "license": "apache-2.0" })).unwrap();
    licensed(&json!({ "license": ["MIT", "apache-2.0"] })).unwrap();
    licensed(&json!({ "license": "other", "license_name": "llama3" })).unwrap();
    for card in [
        json!({ "license": "gpl-3.0" }),
        json!({ "license": "MIT or worse" }),
        json!({ "license": ["mit", "gpl-3.0"] }),
        json!({ "license": ["mit", 1] }),
        json!({ "license": { "name": "mit" } }),
        json!({ "license": "other" }),
        json!({ "license": "other", "license_name": "mine" }),
        json!({ "license": " " }),
        json!({}),
    ] {
        let error = licensed(&card).expect_err("it should be refused");
        assert_eq!(error.stable_code(), "license_not_allowed", "{card}");
    }
}

fn body(request: Value) -> Result<PolicyBody> {
    PolicyBody::of(serde_json::from_value(request).unwrap())
}

#[test]
fn a_policy_that_no_model_could_meet_is_refused() {
    let field = |request: Value| {
        let error: Error = body(request).expect_err("it should be refused");
        assert!(error.kind() == ErrorKind::Invalid && error.hint_text().is_some());
        error.field_name().unwrap().to_owned()
    };
    let of = |one: Value| json!({ "evaluations": [one] });
    assert_eq!(field(of(json!({ "metric": "bleu", "atLeast": 2, "atMost": 1 }))), "evaluations[0].atLeast");
    assert_eq!(field(of(json!({ "metric": "bleu", "modelTypes": ["external"] }))), "evaluations[0].modelTypes");
    assert_eq!(field(of(json!({ "metric": "bleu", "modelTypes": [] }))), "evaluations[0].modelTypes");
    let twice = json!({ "evaluations": [{ "metric": "bleu", "atLeast": 1 }, { "metric": "bleu", "atMost": 9 }] });
    assert_eq!(field(twice), "evaluations[1]");
    assert_eq!(field(json!({ "licenses": ["MIT", "mit"] })), "licenses[1]");
    assert_eq!(field(json!({ "licenses": [" mit"] })), "licenses[0]");
    assert_eq!(field(json!({ "licenses": [] })), "licenses");
}

#[test]
fn what_is_not_said_is_filled_in() {
    let body = body(json!({ "evaluations": [{ "metric": "bleu" }] })).unwrap();
    let asked = &body.evaluations[0];
    assert_eq!((body.approvals, body.allow_warnings, asked.min_samples), (1, false, Some(1)));
    assert_eq!(asked.model_types, Some(vec![ModelType::Base, ModelType::FineTuned]));
    assert_eq!(body.required_of(ModelType::External).count(), 0);
    assert_eq!(body.required_of(ModelType::FineTuned).count(), 1);
}

impl Fresh {
    async fn policy(&self, request: Value) -> ModelApprovalPolicy {
        let request = serde_json::from_value(request).unwrap();
        self.ops.catalog().put_model_approval_policy(&self.ops.ctx(), request).await.unwrap()
    }

    fn reviewer(&self, who: &str) -> Ctx {
        self.as_(who, &["*:read", "catalog:approve"])
    }

    async fn approved_by(&self, who: &str, model: &Model) -> Result<Model> {
        let request = json!({ "modelId": model.id, "version": model.version, "decision": "approve" });
        let request = serde_json::from_value(request).unwrap();
        self.ops.catalog().review_model(&self.reviewer(who), request).await
    }

    async fn gates(&self, who: &str, model: &Model) -> ModelGates {
        let request = GetModelGates { model_id: model.id };
        self.ops.catalog().get_model_gates(&self.reviewer(who), request).await.unwrap()
    }
}

fn states(gates: &ModelGates) -> Vec<(ModelGateKind, ModelGateState)> {
    gates.gates.iter().map(|gate| (gate.gate, gate.state)).collect()
}

#[tokio::test]
async fn several_must_approve_and_nobody_counts_twice() {
    use {ModelGateKind as Kind, ModelGateState as State};
    let fresh = Fresh::open().await;
    fresh.policy(json!({ "approvals": 2 })).await;
    let model = fresh.under_review("tiny").await;
    assert_eq!(fresh.approved_by("rita", &model).await.unwrap().status, ModelStatus::UnderReview);
    let again = fresh.approved_by("rita", &model);
    assert_eq!(refused(again).await, (ErrorKind::Conflict, "already_approved".into()));
    let gates = fresh.gates("rae", &model).await;
    let expected = [
        (Kind::Card, State::Passed),
        (Kind::Files, State::Passed),
        (Kind::Code, State::Passed),
        (Kind::Reviewer, State::Passed),
        (Kind::Approvals, State::Reviewer),
    ];
    assert_eq!((states(&gates), gates.approvable), (expected.to_vec(), true));
    assert_eq!(gates.gates[4].text, "1 of 2 approvals are there, by rita");
    assert_eq!((&gates.gates[4].approved_by, gates.gates[4].approvals_needed), (&vec!["rita".to_owned()], Some(2)));
    assert_eq!(fresh.approved_by("rae", &model).await.unwrap().status, ModelStatus::Approved);
    let request = ListModelReviews { model_id: model.id, limit: None, cursor: None };
    let reviews = fresh.ops.catalog().list_model_reviews(&fresh.ops.ctx(), request).await.unwrap().items;
    assert_eq!(reviews.iter().map(|review| review.policy_version).collect::<Vec<_>>(), [Some(1), Some(1)]);

    // Another review begins anew, whoever approved the same files before.
    fresh.set_status(&model, ModelStatus::Deprecated).await.unwrap();
    fresh.set_status(&model, ModelStatus::UnderReview).await.unwrap();
    assert_eq!(fresh.approved_by("rita", &model).await.unwrap().status, ModelStatus::UnderReview);
    // Where fewer are needed by now, the one who approved may say so again.
    fresh.policy(json!({ "approvals": 1 })).await;
    assert_eq!(fresh.approved_by("rita", &model).await.unwrap().status, ModelStatus::Approved);
}

#[tokio::test]
async fn two_who_approve_at_once_do_not_miss_each_other() {
    let fresh = Fresh::open().await;
    fresh.policy(json!({ "approvals": 2 })).await;
    let model = fresh.under_review("tiny").await;
    let (one, other) = tokio::join!(fresh.approved_by("rita", &model), fresh.approved_by("rae", &model));
    for (who, outcome) in [("rita", one), ("rae", other)] {
        if let Err(error) = outcome {
            assert_eq!(error.stable_code(), "model_changed", "{error}");
            fresh.approved_by(who, &model).await.unwrap();
        }
    }
    assert_eq!(fresh.get(&model).await.status, ModelStatus::Approved);
}

#[tokio::test]
async fn a_refusal_lists_all_that_is_missing() {
    let fresh = Fresh::open().await;
    let asked =
        json!({ "licenses": ["mit"], "evaluations": [{ "metric": "EM", "atLeast": 0.5 }, { "metric": "bleu" }] });
    let policy = fresh.policy(asked).await;
    assert_eq!(policy.evaluations[0].metric, "exact_match");
    assert_eq!(policy.evaluations[1].options["tokenizer"], "13a");
    let model = fresh.model("tiny").await;
    let model = fresh.set_status(&model, ModelStatus::UnderReview).await.unwrap();
    let error = fresh.approved_by("rita", &model).await.expect_err("much is missing");
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Conflict, "not_approvable"));
    let details = error.to_json()["details"].clone();
    let codes: Vec<&Value> = details["gates"].as_array().unwrap().iter().map(|gate| &gate["code"]).collect();
    assert_eq!(codes, ["files_missing", "license_not_allowed", "evaluation_missing", "evaluation_missing"]);
    assert_eq!(details["mend"].as_array().unwrap().len(), 4);
    // By the other way it is the same.
    let request = SetModelStatus { model_id: model.id, status: ModelStatus::Approved, notes: None };
    let rita = fresh.as_("rita", &["*:read", "catalog:update", "catalog:approve"]);
    assert_eq!(refused(fresh.ops.catalog().set_model_status(&rita, request)).await.1, "not_approvable");
    let gates = fresh.gates("rita", &model).await;
    assert_eq!((gates.approvable, gates.policy_version), (false, Some(1)));
    let start = gates.gates[4].operation.as_ref().unwrap();
    assert_eq!((start.name.as_str(), &start.parameters["modelId"]), ("evaluation.start_run", &json!(model.id)));
}

#[tokio::test]
async fn without_a_policy_gates_are_shown_and_nothing_else_is_asked() {
    let fresh = Fresh::open().await;
    let model = fresh.under_review("tiny").await;
    let gates = fresh.gates(&model.created_by, &model).await;
    assert_eq!((gates.policy_version, gates.approvable, gates.gates.len()), (None, true, 4));
    assert_eq!(gates.gates[3].code.as_deref(), Some("self_approval"));
    assert_eq!(fresh.approved_by("rita", &model).await.unwrap().status, ModelStatus::Approved);
}
