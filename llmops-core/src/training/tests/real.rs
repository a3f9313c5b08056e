//! Jobs that really train, on the example data: `LLMOPS_RUNTIME_BIN=".." cargo test -- --ignored training::tests::real`.

use super::*;
use crate::experiments::GetSeries;

const CORPUS: &str = include_str!("../../../../examples/data/corpus.txt");
const CAPITALS: &str = include_str!("../../../../examples/data/capitals-train.csv");

/// A platform with the place it has by default.
async fn real() -> Fresh {
    let dir = tempfile::tempdir().unwrap();
    let ops = LlmOps::builder().data_dir(dir.path()).open().await.unwrap();
    Fresh { dir, ops, fake: Fake::new() }
}

async fn approved(fresh: &Fresh, id: &Value) -> ModelId {
    let card = json!({ "purpose": "p", "scope": "s", "contact": "c", "license": "CC0-1.0" });
    fresh.call("catalog.update_model", json!({ "modelId": id, "metadata": card })).await;
    fresh.call("catalog.set_model_status", json!({ "modelId": id, "status": "under_review" })).await;
    let model = fresh.call("catalog.get_model", json!({ "modelId": id })).await;
    let request = json!({ "modelId": id, "version": model["version"], "decision": "approve" });
    let rita = fresh.as_("rita", &["*:read", "catalog:approve"]);
    fresh.ops.call(rita, "catalog.review_model", request).await.unwrap();
    serde_json::from_value(id.clone()).unwrap()
}

/// Follows the job to its end and returns its loss, first and last.
async fn trained(fresh: &Fresh, job: &TrainingJob) -> (TrainingJob, f64, f64) {
    let request = GetJob { job_id: job.id };
    let mut events = fresh.ops.training().watch_job(&fresh.ops.ctx(), request).await.unwrap();
    let mut last = job.clone();
    while let Some(now) = events.try_next().await.unwrap() {
        last = now;
    }
    assert_eq!(
        last.status,
        JobStatus::Succeeded,
        "{}\n{}",
        last.status_reason,
        fresh.log(job.id, false).await.join("\n")
    );
    let request = GetSeries { run_id: last.run_id.unwrap(), metrics: Some(vec!["loss".into()]), max_points: None };
    let series = fresh.ops.experiments().get_series(&fresh.ops.ctx(), request).await.unwrap();
    let points = &series.series[0].points;
    (last, points[0].value.0, points[points.len() - 1].value.0)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "trains for a minute and needs LLMOPS_RUNTIME_BIN"]
async fn a_model_is_made_and_tuned() {
    let fresh = real().await;
    let corpus = fresh.data("corpus", "pretrain_corpus", ("corpus.txt", CORPUS)).await;
    let capitals = fresh.data("capitals", "sft_pair", ("train.csv", CAPITALS)).await;
    let architecture = json!({
        "hiddenSize": 128, "layers": 4, "heads": 4, "kvHeads": 2, "intermediateSize": 344, "vocabulary": 1024, "context": 256,
    });
    let request = json!({
        "name": "speeches", "jobType": "from_scratch", "datasetId": corpus, "architecture": architecture,
        "hyperparams": { "maxSteps": 60, "maxSeqLen": 96, "lr": 0.002 }, "evaluation": { "split": 0.05, "every": 30 },
    });
    let job = fresh.submit(request).await.unwrap();
    let (made, first, last) = trained(&fresh, &job).await;
    eprintln!(
        "made: loss {first} -> {last}, {} CPU s of {}, cost {:?}",
        made.cpu_seconds, made.estimate.cpu_seconds, made.cost
    );
    assert!(last < first - 1.0, "{first} -> {last}");
    let base = approved(&fresh, &json!(made.output_model_id)).await;
    for method in ["full", "lora"] {
        let mut request = finetune(base, capitals);
        request["method"] = json!(method);
        request["hyperparams"] = json!({ "maxSteps": 40, "maxSeqLen": 96, "lr": 0.003 });
        let job = fresh.submit(request).await.unwrap();
        let (tuned, first, last) = trained(&fresh, &job).await;
        eprintln!("{method}: loss {first} -> {last}, {} CPU s of {}", tuned.cpu_seconds, tuned.estimate.cpu_seconds);
        assert!(last < first, "{first} -> {last}");
        let request = json!({ "modelId": tuned.output_model_id });
        let verified = fresh.call("catalog.verify_model", request.clone()).await;
        assert_eq!(verified["verified"], true);
        let files = fresh.call("catalog.list_model_files", request).await;
        eprintln!("{}", files["items"].as_array().unwrap().iter().map(|f| f["path"].to_string()).collect::<String>());
    }
}

/// A job of this many steps on the corpus, once it trains.
async fn under_way(fresh: &Fresh, steps: u32) -> TrainingJob {
    let corpus = fresh.data("corpus", "pretrain_corpus", ("corpus.txt", CORPUS)).await;
    let mut request = from_scratch(corpus);
    request["hyperparams"] = json!({ "maxSteps": steps, "maxSeqLen": 64 });
    let job = fresh.submit(request).await.unwrap();
    fresh.until(job.id, |job| job.progress.as_ref().is_some_and(|progress| progress.step > 1)).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "trains for some seconds and needs LLMOPS_RUNTIME_BIN"]
async fn training_goes_on_while_no_server_runs() {
    let fresh = real().await;
    let job = under_way(&fresh, 60).await;
    fresh.ops.shutdown().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let ops = LlmOps::builder().data_dir(fresh.dir.path()).open().await.unwrap();
    let fresh = Fresh { ops, ..fresh };
    let (done, _, _) = trained(&fresh, &job).await;
    assert_eq!((done.attempt, done.progress.unwrap().step), (1, 60));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "trains for some seconds and needs LLMOPS_RUNTIME_BIN"]
async fn training_that_is_cancelled_ends_within_seconds() {
    let fresh = real().await;
    let job = under_way(&fresh, 100_000).await;
    let begun = tokio::time::Instant::now();
    fresh.cancel(job.id).await.unwrap();
    let done = fresh.over(job.id).await;
    eprintln!("cancelled after {:?}", begun.elapsed());
    assert_eq!((done.status, done.output_model_id), (JobStatus::Cancelled, None));
}
