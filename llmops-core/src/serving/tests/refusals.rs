//! What is not deployed, and what is only shown.

use super::*;
use crate::catalog::{ModelId, ModelReview};

async fn check(fresh: &Fresh, model: &Model, change: impl FnOnce(&mut DeployEndpoint), kind: ErrorKind, code: &str) {
    let mut request = deployment(model, "tiny");
    change(&mut request);
    let ctx = fresh.ctx();
    assert_eq!(refused(fresh.serving().deploy_endpoint(&ctx, request)).await, (kind, code.to_owned()));
}

#[tokio::test]
async fn only_an_approved_model_with_files_is_deployed() {
    let fresh = Fresh::open().await;
    let draft = fresh.draft("0.1.0", ModelType::Base).await;
    check(&fresh, &draft, |_| {}, ErrorKind::Conflict, "model_not_approved").await;
    let external = fresh.draft("0.2.0", ModelType::External).await;
    check(&fresh, &external, |_| {}, ErrorKind::Conflict, "model_external").await;
    let unknown = |req: &mut DeployEndpoint| req.model_id = ModelId(crate::base::Id::nil());
    check(&fresh, &draft, unknown, ErrorKind::NotFound, "not_found").await;
}

#[tokio::test]
async fn a_deprecated_model_is_not_deployed() {
    let fresh = Fresh::open().await;
    let model = fresh.model("1.0.0").await;
    let request = SetModelStatus { model_id: model.id, status: ModelStatus::Deprecated, notes: None };
    fresh.ops.catalog().set_model_status(&fresh.ctx(), request).await.unwrap();
    check(&fresh, &model, |_| {}, ErrorKind::Conflict, "model_not_approved").await;
}

#[tokio::test]
async fn files_other_than_those_approved_are_not_deployed() {
    let fresh = Fresh::open().await;
    let model = fresh.model("1.0.0").await;
    let request = crate::catalog::ListModelReviews { model_id: model.id, limit: None, cursor: None };
    let reviews = fresh.ops.catalog().list_model_reviews(&fresh.ctx(), request).await.unwrap().items;
    assert_eq!(gates::check_model(&model, &reviews).err().map(|e| e.to_string()), None);
    let of_others: Vec<ModelReview> =
        reviews.into_iter().map(|review| ModelReview { digest: Some("0".into()), ..review }).collect();
    assert_eq!(gates::check_model(&model, &of_others).unwrap_err().stable_code(), "digest_changed");
    let without = Model { digest: None, ..model };
    assert_eq!(gates::check_model(&without, &of_others).unwrap_err().stable_code(), "model_without_files");
}

#[tokio::test]
async fn what_is_asked_has_bounds() {
    let fresh = Fresh::open().await;
    let model = fresh.model("1.0.0").await;
    let limits = |limits: EndpointLimits| move |req: &mut DeployEndpoint| req.limits = Some(limits);
    let invalid = ErrorKind::Invalid;
    check(&fresh, &model, |req| req.route = "a/b".into(), invalid, "invalid").await;
    check(&fresh, &model, |req| req.min_replicas = Some(0), invalid, "invalid").await;
    check(&fresh, &model, |req| req.min_replicas = Some(17), invalid, "invalid").await;
    let none = EndpointLimits { max_concurrent_requests: 0, ..EndpointLimits::default() };
    check(&fresh, &model, limits(none), invalid, "invalid").await;
    let many = EndpointLimits { max_output_tokens: Some(1_000_001), ..EndpointLimits::default() };
    check(&fresh, &model, limits(many), invalid, "invalid").await;
    check(&fresh, &model, |req| req.environment = Environment::Prod, invalid, "invalid").await;
    let blank = |req: &mut DeployEndpoint| (req.environment, req.rollback_plan) = (Environment::Prod, Some(" ".into()));
    check(&fresh, &model, blank, invalid, "invalid").await;
}

#[tokio::test]
async fn a_route_belongs_to_one_endpoint_of_its_environment() {
    let fresh = Fresh::open().await;
    let model = fresh.model("1.0.0").await;
    let endpoint = fresh.deploy(&model, "/llm-ops/v1/serve/tiny/").await;
    assert_eq!(endpoint.route, "/tiny");
    check(&fresh, &model, |_| {}, ErrorKind::Conflict, "route_taken").await;
    let elsewhere = DeployEndpoint { environment: Environment::Stg, ..deployment(&model, "tiny") };
    fresh.serving().deploy_endpoint(&fresh.ctx(), elsewhere).await.unwrap();
}

#[tokio::test]
async fn a_place_that_cannot_serve_is_told_before_anything_is_written() {
    let fresh = Fresh::open().await;
    let model = fresh.model("1.0.0").await;
    fresh.fake.set_capability(|can| can.runtime = false);
    check(&fresh, &model, |_| {}, ErrorKind::Unsupported, "cannot_serve").await;
}

#[tokio::test]
async fn a_dry_run_shows_what_would_run_and_leaves_nothing() {
    let fresh = Fresh::open().await;
    let model = fresh.model("1.0.0").await;
    let limits = EndpointLimits { max_concurrent_requests: 3, ..EndpointLimits::default() };
    let request = DeployEndpoint { dry_run: Some(true), limits: Some(limits), ..deployment(&model, "tiny") };
    let shown = fresh.serving().deploy_endpoint(&fresh.ctx(), request).await.unwrap();
    let plan = shown.plan.clone().unwrap();
    let paths: Vec<&str> = plan.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["model/config.json", "model/model.safetensors"]);
    assert_eq!(Some(plan.model_digest), model.digest);
    assert_eq!(plan.arguments[..5], ["serve", "--model", "model", "--name", "tiny"]);
    assert_eq!(plan.arguments[plan.arguments.len() - 2..], ["--max-batch", "3"]);
    assert_eq!(refused(fresh.get(&shown)).await.0, ErrorKind::NotFound);
}
