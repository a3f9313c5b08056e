//! Evaluations from their start to their end.

use std::sync::atomic::Ordering;

use futures::TryStreamExt;
use serde_json::{Value, json};

use super::super::*;
use super::world::{World, ctx, endpoint};
use crate::base::{Error, ErrorKind, Id};
use crate::catalog::InUse;
use crate::cost::{Cost, ListCostEntries};
use crate::cost::{CostResource, CostUsage};

/// What a model of the runtime says to sample `at`: right but for the last three.
fn said(at: usize) -> Value {
    let prediction = if at < 7 { format!("it is {at}") } else { "no idea".to_owned() };
    json!({
        "id": at, "prediction": prediction, "finish_reason": "stop", "prompt_tokens": 5, "completion_tokens": 3,
        "ms": 10.0, "log_probs": [-0.5, -1.5], "bytes": 8,
    })
}

async fn refused(outcome: impl Future<Output = Result<EvaluationRun>>) -> (ErrorKind, String, Option<String>) {
    let error = outcome.await.expect_err("it should be refused");
    (error.kind(), error.stable_code().to_owned(), error.field_name().map(str::to_owned))
}

#[tokio::test]
async fn a_model_is_evaluated_in_a_process_of_its_own() {
    let world = World::open().await;
    let run = world.of_model(&["exact_match", "perplexity", "latency"]).await;
    let work = world.process(run.id).await;
    let started = world.fake.work(&work).unwrap();
    let paths: Vec<&str> = started.inputs.iter().map(|input| input.path.as_str()).collect();
    assert_eq!(paths, ["data.jsonl", "model/config.json", "model/model.safetensors", "model/tokenizer.json"]);
    world.fake.event(&work, json!({ "event": "sample", "done": 4, "total": 10 }));
    world.until(run.id, |run| run.progress == EvaluationProgress { done: 4, total: 10 }).await;
    world.answer(&work, said);
    let run = world.over(run.id).await;
    assert_eq!((run.status, run.samples, run.failed_samples), (EvaluationStatus::Succeeded, 10, 0));
    let values: Vec<f64> = run.metrics.iter().map(|metric| metric.value).collect();
    assert_eq!(values, [0.7, 1.0_f64.exp(), 10.0]);
    assert!(run.metrics[0].confidence.low < 0.7 && run.metrics[0].confidence.high > 0.7);
    let samples = world.samples(run.id).await;
    assert_eq!((samples[9].prediction.as_deref(), samples[9].scores["exact_match"]), (Some("no idea"), 0.0));
    assert_eq!((samples[3].reference.as_deref(), samples[3].scores["exact_match"]), (Some("It is 3."), 1.0));
}

#[tokio::test]
async fn its_cpu_time_is_charged_once_and_its_scores_are_the_models() {
    let world = World::open().await;
    let run = world.of_model(&["exact_match"]).await;
    let work = world.process(run.id).await;
    world.answer(&work, said);
    let run = world.over(run.id).await;
    assert_eq!((run.cpu_seconds, run.cost.unwrap().amount.as_str()), (3.6, "0.00004"));
    let entries = world.cost.list_cost_entries(&ctx(), ListCostEntries::default()).await.unwrap().items;
    let charged: Vec<_> =
        entries.iter().map(|entry| (entry.resource_type, entry.usage[&CostUsage::CpuMillis])).collect();
    assert_eq!(charged, [(CostResource::Evaluation, 3600)]);
    let summary = &world.catalog_model().await.evaluation_summary["questions:1.0.0"];
    assert_eq!((&summary["metrics"]["exact_match"], &summary["runId"]), (&json!(0.7), &json!(run.id)));
}

#[tokio::test]
async fn nothing_stays_of_a_process_that_is_over() {
    let world = World::open().await;
    let run = world.of_model(&["exact_match"]).await;
    let work = world.process(run.id).await;
    world.answer(&work, said);
    world.over(run.id).await;
    while world.fake.work(&work).is_some() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(world.fake.start_calls(&work), 1);
}

#[tokio::test]
async fn a_text_is_measured_without_an_answer() {
    let world = World::open().await;
    let request = json!({ "modelId": world.model, "metrics": ["bits_per_byte"] });
    let run = world.start("texts", request).await.unwrap();
    let work = world.process(run.id).await;
    let crate::compute::Program::Runtime(args) = world.fake.work(&work).unwrap().program else { panic!("no runtime") };
    let option = |name: &str| args[args.iter().position(|arg| arg == name).unwrap() + 1].clone();
    assert_eq!((option("--generate").as_str(), option("--likelihood").as_str()), ("false", "true"));
    world.answer(&work, |at| json!({ "id": at, "log_probs": [-1.0], "bytes": 4 }));
    let run = world.over(run.id).await;
    assert!((run.metrics[0].value - 1.0 / 4.0 / std::f64::consts::LN_2).abs() < 1e-12);
}

#[tokio::test]
async fn a_process_that_fails_says_why() {
    let world = World::open().await;
    let run = world.of_model(&["exact_match"]).await;
    let work = world.process(run.id).await;
    world.fake.event(&work, json!({ "event": "error", "class": "bad_model", "message": "a tensor lies" }));
    world.fake.end(&work, 66);
    let run = world.over(run.id).await;
    assert_eq!(run.status, EvaluationStatus::Failed);
    assert_eq!(run.status_reason, "its model cannot be read: a tensor lies");
}

#[tokio::test]
async fn a_process_that_was_killed_is_begun_anew() {
    let world = World::open().await;
    let run = world.of_model(&["exact_match"]).await;
    let first = world.process(run.id).await;
    world.fake.end_by_signal(&first, 9);
    let second = recipe::work_id(run.id, 2).unwrap();
    while world.fake.work(&second).is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    world.answer(&second, said);
    assert_eq!(world.over(run.id).await.status, EvaluationStatus::Succeeded);
}

#[tokio::test]
async fn too_few_answers_are_a_failure() {
    let world = World::open().await;
    let run = world.of_model(&["exact_match"]).await;
    let work = world.process(run.id).await;
    world.fake.output(&work, "samples.jsonl", format!("{}\n", said(0)));
    world.fake.end(&work, 0);
    let run = world.over(run.id).await;
    assert_eq!(
        (run.status, run.status_reason.as_str()),
        (EvaluationStatus::Failed, "its process left 1 of 10 answers")
    );
}

#[tokio::test]
async fn a_restart_goes_on_with_the_process_that_runs() {
    let mut world = World::open().await;
    let run = world.of_model(&["exact_match"]).await;
    let work = world.process(run.id).await;
    world.restart().await;
    world.answer(&work, said);
    assert_eq!(world.over(run.id).await.status, EvaluationStatus::Succeeded);
    assert_eq!(world.fake.start_calls(&work), 1);
}

#[tokio::test]
async fn an_endpoint_is_asked_each_sample_once_and_a_few_at_a_time() {
    let world = World::open().await;
    let run = world.of_endpoint(&["exact_match", "latency"]).await;
    let run = world.over(run.id).await;
    assert_eq!((run.status, run.metrics[0].value), (EvaluationStatus::Succeeded, 1.0), "{}", run.status_reason);
    assert_eq!(world.oracle.asked.load(Ordering::SeqCst), 10);
    assert!(world.oracle.most_at_once.load(Ordering::SeqCst) <= 4);
    assert_eq!((run.cpu_seconds, run.cost.unwrap().nanos), (0.0, 0));
    let entries = world.cost.list_cost_entries(&ctx(), ListCostEntries::default()).await.unwrap().items;
    assert!(entries.is_empty(), "its requests are charged by the gateway");
}

#[tokio::test]
async fn a_restart_asks_no_answered_sample_again() {
    let mut world = World::open().await;
    // From the fifth question on it is away, so that the evaluation stands still.
    *world.oracle.says.lock().unwrap() =
        Box::new(|_, nth| if nth < 5 { Ok("It is 1.".into()) } else { Err(Error::unavailable("starting")) });
    let run = world.of_endpoint(&["exact_match"]).await;
    let before = world.until(run.id, |run| run.status_reason.contains("cannot be asked now")).await;
    assert_eq!(before.progress.done, 5);
    world.stop().await;
    let asked = world.oracle.asked.load(Ordering::SeqCst);
    *world.oracle.says.lock().unwrap() = Box::new(|_, _| Ok("It is 1.".into()));
    world.restart().await;
    let run = world.over(run.id).await;
    assert_eq!((run.status, run.samples), (EvaluationStatus::Succeeded, 10));
    assert_eq!(world.oracle.asked.load(Ordering::SeqCst) - asked, 5);
}

#[tokio::test]
async fn a_sample_that_is_refused_counts_as_wrong() {
    let world = World::open().await;
    *world.oracle.says.lock().unwrap() = Box::new(|question, _| {
        if question.contains('3') {
            Err(Error::invalid("messages", "are too long"))
        } else {
            Ok(question.replace("What", "It"))
        }
    });
    let run = world.of_endpoint(&["token_f1"]).await;
    let run = world.over(run.id).await;
    assert_eq!((run.status, run.failed_samples), (EvaluationStatus::Succeeded, 1));
    let samples = world.samples(run.id).await;
    assert_eq!((samples[3].error.as_deref(), samples[3].scores["token_f1"]), (Some("`messages` are too long"), 0.0));
}

#[tokio::test]
async fn an_endpoint_that_changes_its_model_ends_the_evaluation() {
    let world = World::open().await;
    *world.oracle.label.lock().unwrap() = "tiny:2.0.0".into();
    let run = world.of_endpoint(&["exact_match"]).await;
    let run = world.over(run.id).await;
    assert_eq!(run.status, EvaluationStatus::Failed);
    assert_eq!(run.status_reason, "the endpoint answers with tiny:2.0.0 now, and was tiny:1.0.0");
}

#[tokio::test]
async fn cancelling_ends_what_waits_and_what_runs() {
    let world = World::open().await;
    let (first, second) = (world.of_model(&["exact_match"]).await, world.of_model(&["exact_match"]).await);
    let work = world.process(first.id).await;
    let waits = world.until(second.id, |run| run.status_reason.contains("cores")).await;
    assert_eq!(waits.status, EvaluationStatus::Queued, "one core is one evaluation");
    assert_eq!(world.cancel(second.id).await.unwrap().status, EvaluationStatus::Cancelled);
    world.cancel(first.id).await.unwrap();
    let first = world.over(first.id).await;
    assert_eq!((first.status, first.status_reason.as_str()), (EvaluationStatus::Cancelled, "cancelled by ann"));
    assert_eq!(world.fake.stops()[0].0, work);
}

#[tokio::test]
async fn cancelling_what_is_over_changes_nothing() {
    let world = World::open().await;
    let run = world.of_endpoint(&["exact_match"]).await;
    let done = world.over(run.id).await;
    assert_eq!(world.cancel(run.id).await.unwrap(), done);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let world = World::open().await;
    let start = |dataset: &'static str, request: Value| refused(world.start(dataset, request));
    let unsuited = start("texts", json!({ "modelId": world.model, "metrics": ["bleu"] })).await;
    assert_eq!(unsuited, (ErrorKind::Invalid, "metric_unsuited".into(), Some("metrics[0]".into())));
    let unknown = start("questions", json!({ "modelId": Id::nil(), "metrics": ["bleu"] })).await;
    assert_eq!(unknown, (ErrorKind::NotFound, "not_found".into(), Some("modelId".into())));
    let unknown = start("questions", json!({ "endpointId": Id::nil(), "metrics": ["bleu"] })).await;
    assert_eq!(unknown, (ErrorKind::NotFound, "not_found".into(), Some("endpointId".into())));
    let unsuited = start("questions", json!({ "endpointId": endpoint(), "metrics": ["perplexity"] })).await;
    assert_eq!(unsuited.1, "metric_unsuited");
}

#[tokio::test]
async fn evaluations_over_the_same_samples_are_compared() {
    let world = World::open().await;
    let first = world.of_endpoint(&["exact_match", "token_f1"]).await;
    world.over(first.id).await;
    *world.oracle.says.lock().unwrap() = Box::new(|_, _| Ok("It is 4.".into()));
    let second = world.of_endpoint(&["exact_match", "latency"]).await;
    world.over(second.id).await;
    let request = CompareEvaluations { run_ids: vec![first.id, second.id] };
    let compared = world.room.compare_runs(&ctx(), request).await.unwrap();
    assert_eq!((compared.samples, compared.metrics.len()), (10, 1), "they share one metric");
    let metric = &compared.metrics[0];
    assert_eq!((metric.values.as_slice(), metric.best), (&[1.0, 0.1][..], first.id));
    let test = metric.against_first[0].test;
    assert_eq!((test.wins, test.ties, test.losses), (0, 1, 9));
    assert!(test.p_value < 0.05 && test.high < 0.0);
}

#[tokio::test]
async fn other_data_or_other_samples_are_not_compared() {
    let world = World::open().await;
    let ask = async |dataset: &str, limit: Option<u64>| {
        let request = json!({ "endpointId": endpoint(), "metrics": ["exact_match"], "limit": limit });
        let run = world.start(dataset, request).await.unwrap();
        world.over(run.id).await.id
    };
    let (all, other, few) = (ask("questions", None).await, ask("others", None).await, ask("questions", Some(4)).await);
    let compare = async |ids: [EvaluationRunId; 2]| {
        world.room.compare_runs(&ctx(), CompareEvaluations { run_ids: ids.to_vec() }).await.unwrap_err()
    };
    let differ = compare([all, other]).await;
    assert_eq!((differ.kind(), differ.stable_code()), (ErrorKind::Conflict, "datasets_differ"));
    let runs = differ.to_json()["details"]["runs"].clone();
    assert_ne!(runs[0]["datasetDigest"], runs[1]["datasetDigest"]);
    assert_eq!(compare([all, few]).await.stable_code(), "samples_differ");
    assert_eq!(compare([all, all]).await.field_name(), Some("runIds"));
}

#[tokio::test]
async fn exports_hold_every_sample_and_no_formula() {
    let world = World::open().await;
    *world.oracle.says.lock().unwrap() = Box::new(|_, _| Ok("=1+1".into()));
    let run = world.of_endpoint(&["exact_match"]).await;
    world.over(run.id).await;
    let csv = world.exported(run.id, EvaluationFormat::Csv).await;
    assert_eq!(csv.lines().count(), 11);
    assert!(csv.lines().next().unwrap().ends_with("error,exact_match"));
    assert!(csv.contains(",'=1+1,"), "{csv}");
    let json: Value = serde_json::from_str(&world.exported(run.id, EvaluationFormat::Json).await).unwrap();
    assert_eq!((json["samples"].as_array().unwrap().len(), &json["run"]["id"]), (10, &json!(run.id)));
    assert_eq!(json["samples"][9]["prediction"], "=1+1");
}

#[tokio::test]
async fn watching_ends_with_the_evaluation() {
    let world = World::open().await;
    let run = world.of_endpoint(&["exact_match"]).await;
    let events = world.room.watch_run(&ctx(), GetEvaluation { run_id: run.id }).await.unwrap();
    let events: Vec<EvaluationRun> = events.try_collect().await.unwrap();
    assert_eq!(events.last().unwrap().status, EvaluationStatus::Succeeded);
}

#[tokio::test]
async fn lists_are_filtered_and_samples_paged() {
    let world = World::open().await;
    let run = world.of_endpoint(&["exact_match"]).await;
    world.over(run.id).await;
    let count = async |filter: Value| {
        let request = serde_json::from_value(filter).unwrap();
        world.room.list_runs(&ctx(), request).await.unwrap().items.len()
    };
    assert_eq!(count(json!({ "status": "succeeded", "endpointId": endpoint(), "runBy": "ann" })).await, 1);
    assert_eq!(count(json!({ "status": "failed" })).await, 0);
    assert_eq!(count(json!({ "modelId": world.model })).await, 1);
    let page = |cursor| ListEvaluationSamples { run_id: run.id, limit: Some(6), cursor };
    let first = world.room.list_samples(&ctx(), page(None)).await.unwrap();
    let rest = world.room.list_samples(&ctx(), page(first.page.next_cursor)).await.unwrap();
    let numbers: Vec<u64> = first.items.iter().chain(&rest.items).map(|sample| sample.number).collect();
    assert_eq!(numbers, (0..10).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_model_is_needed_while_it_is_evaluated() {
    let world = World::open().await;
    let run = world.of_model(&["exact_match"]).await;
    let uses = EvaluationUses(world.room.clone());
    assert_eq!(InUse::uses_of(&uses, &ctx(), world.model).await.unwrap()[0].id, run.id.to_string());
    world.process(run.id).await;
    world.cancel(run.id).await.unwrap();
    world.over(run.id).await;
    assert!(InUse::uses_of(&uses, &ctx(), world.model).await.unwrap().is_empty());
}
