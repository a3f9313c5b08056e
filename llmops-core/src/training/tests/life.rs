//! What becomes of jobs.

use sea_orm::ConnectionTrait;

use super::*;
use crate::experiments::{GetJobRun, MetricPoint, Number, Run, RunStatus};
use crate::store::{Store, trial};

async fn run_of(fresh: &Fresh, id: JobId) -> Run {
    fresh.ops.experiments().get_job_run(&fresh.ops.ctx(), GetJobRun { job_id: id.0 }).await.unwrap()
}

#[tokio::test]
async fn a_job_that_trains_brings_a_draft_with_its_lineage() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let work = fresh.running(job.id, 1).await;
    fresh.succeed(&work);
    let done = fresh.over(job.id).await;
    assert_eq!((done.status, done.attempt), (JobStatus::Succeeded, 1), "{}", done.status_reason);
    let model = fresh.models().await.into_iter().find(|model| Some(model.id) == done.output_model_id).unwrap();
    assert_eq!((model.name.as_str(), model.version.as_str()), ("tune", "1.0.0"));
    assert_eq!(model.lineage.training_job_id, Some(job.id.0));
    assert_eq!(model.lineage.parent_model_id, job.model_id);
    assert_eq!(model.lineage.dataset_ids, [job.dataset_id.0]);
    assert_eq!(model.created_by, job.submitted_by);
    assert_eq!(model.metadata["license"], "CC0-1.0");
    let files = fresh.call("catalog.list_model_files", json!({ "modelId": model.id })).await;
    assert_eq!(files["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_job_from_nothing_makes_a_base_model() {
    let fresh = Fresh::open().await;
    let job = fresh.submit(from_scratch(fresh.corpus().await)).await.unwrap();
    let work = fresh.running(job.id, 1).await;
    let spec: Value = serde_json::from_str(&fresh.fake.work(&work).unwrap().files["spec.json"]).unwrap();
    assert_eq!(spec["architecture"]["num_key_value_heads"], 2);
    assert_eq!(spec["data"][0]["format"], "text");
    fresh.succeed(&work);
    fresh.over(job.id).await;
    let models = fresh.models().await;
    assert_eq!((models.len(), models[0].model_type), (1, crate::catalog::ModelType::Base));
}

#[tokio::test]
async fn the_work_finds_the_base_and_the_examples() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let work = fresh.running(job.id, 1).await;
    let work = fresh.fake.work(&work).unwrap();
    let paths: Vec<&str> = work.inputs.iter().map(|input| input.path.as_str()).collect();
    assert_eq!(paths, ["base/config.json", "base/model.safetensors", "base/tokenizer.json", "data.jsonl"]);
    let blob = crate::blob::trial::kept(fresh.dir.path()).join("blobs/sha256");
    let digest = &work.inputs[3].digest;
    let text = std::fs::read_to_string(blob.join(&digest[..2]).join(digest)).unwrap();
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(first, json!({ "prompt": "What is 0?", "response": "It is 0." }));
}

#[tokio::test]
async fn its_run_is_there_from_the_start_with_its_parameters() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    fresh.running(job.id, 1).await;
    let run = run_of(&fresh, job.id).await;
    assert_eq!((run.status, run.params["maxSteps"].as_str()), (RunStatus::Running, "20"));
}

#[tokio::test]
async fn its_events_become_points_once_however_often_they_are_read() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let work = fresh.running(job.id, 1).await;
    fresh.fake.event(&work, step(1, 4.0));
    fresh.fake.event(&work, step(2, 3.0));
    fresh.until(job.id, |job| job.progress.as_ref().is_some_and(|p| p.step == 2)).await;
    let points = events::take(
        format!("{}\n{}\n", step(1, 4.0), step(2, 3.0)).as_bytes(),
        fresh.get(job.id).await.timeline.last().unwrap().at,
        <_>::default(),
    );
    let again = LogJobMetrics { job_id: job.id, attempt: 1, metrics: points.points };
    let answer = fresh.ops.training().log_job_metrics(&fresh.ops.ctx(), again).await.unwrap();
    assert_eq!((answer.recorded, answer.known), (0, 14));
    let run = run_of(&fresh, job.id).await;
    assert_eq!((run.metrics["loss"].points, run.metrics["loss"].last.0), (2, 3.0));
}

#[tokio::test]
async fn an_attempt_that_is_over_reports_nothing() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let first = fresh.running(job.id, 1).await;
    fresh.fake.end(&first, 70);
    fresh.running(job.id, 2).await;
    let point = MetricPoint { name: "loss".into(), value: Number(1.0), step: 1, time: None };
    let late = LogJobMetrics { job_id: job.id, attempt: 1, metrics: vec![point] };
    let error = fresh.ops.training().log_job_metrics(&fresh.ops.ctx(), late).await.unwrap_err();
    assert_eq!(error.stable_code(), "attempt_fenced");
}

#[tokio::test]
async fn what_trying_again_can_help_is_tried_again() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let first = fresh.running(job.id, 1).await;
    fresh.fake.text(&first, "disk trouble");
    fresh.fake.end(&first, 70);
    let second = fresh.running(job.id, 2).await;
    fresh.succeed(&second);
    let done = fresh.over(job.id).await;
    assert_eq!((done.status, done.failure), (JobStatus::Succeeded, None));
}

#[tokio::test]
async fn no_more_often_than_allowed() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    for attempt in [1, 2] {
        let work = fresh.running(job.id, attempt).await;
        fresh.fake.event(&work, json!({ "event": "error", "class": "internal", "message": "boom" }));
        fresh.fake.end(&work, 70);
    }
    let done = fresh.over(job.id).await;
    let failure = done.failure.unwrap();
    assert_eq!(
        (done.status, failure.class, failure.evidence.as_str()),
        (JobStatus::Failed, JobFailureClass::Code, "boom")
    );
    assert_eq!(run_of(&fresh, job.id).await.status, RunStatus::Failed);
}

#[tokio::test]
async fn what_cannot_help_is_not_tried_again() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let work = fresh.running(job.id, 1).await;
    fresh.fake.end_out_of_memory(&work);
    let done = fresh.over(job.id).await;
    assert_eq!((done.attempt, done.failure.unwrap().class), (1, JobFailureClass::OutOfMemory));
}

#[tokio::test]
async fn a_lost_work_is_made_again() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let work = fresh.running(job.id, 1).await;
    fresh.fake.lose(&work);
    fresh.running(job.id, 2).await;
}

#[tokio::test]
async fn what_keeps_a_job_from_starting_is_said_until_it_starts() {
    let fresh = Fresh::open().await;
    for _ in 0..3 {
        fresh.fake.fail_next_start(crate::base::Error::unavailable("the disk is full"));
    }
    let job = fresh.job().await;
    fresh.until(job.id, |job| job.status_reason == "the disk is full; it is tried again").await;
    let running = fresh.until(job.id, |job| job.status == JobStatus::Running).await;
    assert_eq!((running.attempt, running.status_reason.as_str()), (1, "attempt 1 is training"));
}

#[tokio::test]
async fn what_its_place_refuses_fails_the_job() {
    let fresh = Fresh::open().await;
    fresh.fake.fail_next_start(crate::base::Error::invalid("resources", "asks for too much"));
    let job = fresh.job().await;
    let done = fresh.over(job.id).await;
    assert_eq!((done.status, done.failure.unwrap().class), (JobStatus::Failed, JobFailureClass::Configuration));
}

#[tokio::test]
async fn what_it_used_is_charged() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let work = fresh.running(job.id, 1).await;
    fresh.fake.usage(&work, 12.5, 1 << 20);
    fresh.succeed(&work);
    let done = fresh.over(job.id).await;
    let entries = fresh.call("cost.list_cost_entries", json!({})).await;
    assert_eq!((done.cpu_seconds, entries["items"].as_array().unwrap().len()), (12.5, 1));
    assert_eq!(entries["items"][0]["resourceId"], json!(job.id));
    assert_eq!(entries["items"][0]["amount"], json!(done.cost));
}

#[tokio::test]
async fn one_core_trains_one_job_after_the_other() {
    let fresh = Fresh::open().await;
    let data = fresh.corpus().await;
    let first = fresh.submit(from_scratch(data)).await.unwrap();
    let second = fresh.submit(from_scratch(data)).await.unwrap();
    let work = fresh.running(first.id, 1).await;
    let waits = fresh.get(second.id).await;
    assert_eq!((waits.status, waits.queue_position), (JobStatus::Queued, Some(1)));
    assert_eq!(waits.status_reason, "it is next, asks for 1 of 1 cores, and 0 are free");
    fresh.succeed(&work);
    fresh.running(second.id, 1).await;
}

#[tokio::test]
async fn two_jobs_of_one_name_make_two_versions() {
    let fresh = Fresh::open().await;
    let data = fresh.corpus().await;
    let first = fresh.submit(from_scratch(data)).await.unwrap();
    let second = fresh.submit(from_scratch(data)).await.unwrap();
    let versions = [first, second].map(|job| job.spec.output.version.unwrap());
    assert_eq!(versions, ["1.0.0", "2.0.0"]);
}

#[tokio::test]
async fn a_queued_job_is_cancelled_at_once() {
    let fresh = Fresh::open().await;
    let data = fresh.corpus().await;
    let first = fresh.submit(from_scratch(data)).await.unwrap();
    fresh.running(first.id, 1).await;
    let second = fresh.submit(from_scratch(data)).await.unwrap();
    assert_eq!(fresh.cancel(second.id).await.unwrap().status, JobStatus::Cancelled);
    assert_eq!(fresh.cancel(second.id).await.unwrap().status, JobStatus::Cancelled);
}

#[tokio::test]
async fn a_running_job_is_stopped_and_leaves_no_model() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let work = fresh.running(job.id, 1).await;
    fresh.cancel(job.id).await.unwrap();
    let done = fresh.over(job.id).await;
    assert_eq!(done.status, JobStatus::Cancelled);
    assert!(done.status_reason.starts_with("cancelled by"), "{}", done.status_reason);
    assert_eq!(fresh.fake.stops()[0].0, work);
    assert_eq!(run_of(&fresh, job.id).await.status, RunStatus::Killed);
    assert_eq!(fresh.models().await.len(), 1);
}

#[tokio::test]
async fn what_has_ended_is_not_cancelled() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let work = fresh.running(job.id, 1).await;
    fresh.succeed(&work);
    fresh.over(job.id).await;
    assert_eq!(fresh.cancel(job.id).await.unwrap_err().stable_code(), "job_over");
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_ended() {
    let fresh = Fresh::open().await;
    let mut request = from_scratch(fresh.corpus().await);
    request["maxDurationSeconds"] = json!(1);
    let job = fresh.submit(request).await.unwrap();
    let done = fresh.over(job.id).await;
    assert_eq!((done.status, done.failure.unwrap().class), (JobStatus::Failed, JobFailureClass::Timeout));
}

#[tokio::test]
async fn a_server_that_starts_again_goes_on_with_the_work() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let work = fresh.running(job.id, 1).await;
    let fresh = fresh.restarted().await;
    fresh.succeed(&work);
    let done = fresh.over(job.id).await;
    assert_eq!((done.status, done.attempt, fresh.fake.start_calls(&work)), (JobStatus::Succeeded, 1, 1));
}

#[tokio::test]
async fn logs_are_there_while_it_runs_and_after_its_end() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let first = fresh.running(job.id, 1).await;
    fresh.fake.text(&first, "hello");
    assert_eq!(fresh.log(job.id, false).await, ["1: hello"]);
    fresh.fake.end(&first, 70);
    let second = fresh.running(job.id, 2).await;
    fresh.fake.text(&second, "again");
    fresh.succeed(&second);
    assert_eq!(fresh.log(job.id, true).await, ["1: hello", "2: again"]);
    let begun = tokio::time::Instant::now();
    while !fresh.fake.started().is_empty() {
        assert!(begun.elapsed() < PATIENCE, "the work is still there");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    assert_eq!(fresh.log(job.id, false).await, ["1: hello", "2: again"]);
}

#[tokio::test]
async fn what_a_job_needs_is_not_deleted() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    fresh.running(job.id, 1).await;
    let request = json!({ "modelId": job.model_id });
    let error = fresh.ops.call(fresh.ops.ctx(), "catalog.delete_model", request).await.unwrap_err();
    assert_eq!(error.stable_code(), "in_use");
    let request = json!({ "datasetId": job.dataset_id });
    let error = fresh.ops.call(fresh.ops.ctx(), "datasets.delete_dataset", request).await.unwrap_err();
    assert_eq!(error.stable_code(), "in_use");
}

#[tokio::test]
async fn a_watcher_sees_it_to_its_end() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let request = GetJob { job_id: job.id };
    let seen = fresh.ops.training().watch_job(&fresh.ops.ctx(), request).await.unwrap();
    let work = fresh.running(job.id, 1).await;
    fresh.succeed(&work);
    let seen: Vec<TrainingJob> = seen.try_collect().await.unwrap();
    let first = seen.first().unwrap().status;
    assert_eq!((first, seen.last().unwrap().status), (JobStatus::Queued, JobStatus::Succeeded));
}

#[tokio::test]
async fn jobs_are_found_by_what_they_are() {
    let fresh = Fresh::open().await;
    let job = fresh.job().await;
    let found = |request: Value| {
        let fresh = &fresh;
        async move { fresh.call("training.list_jobs", request).await["items"].as_array().unwrap().len() }
    };
    assert_eq!(found(json!({ "jobType": "finetune", "modelId": job.model_id, "datasetId": job.dataset_id })).await, 1);
    assert_eq!(found(json!({ "jobType": "pretrain" })).await, 0);
    assert_eq!(found(json!({ "submittedBy": job.submitted_by, "submittedFrom": job.submitted_at })).await, 1);
    assert_eq!(found(json!({ "submittedBefore": job.submitted_at })).await, 0);
}

/// The names of the jobs that hold a text, newest first.
async fn found(fresh: &Fresh, text: &str) -> Vec<String> {
    let request = ListJobs { text: Some(text.into()), ..ListJobs::default() };
    let page = fresh.ops.training().list_jobs(&fresh.ops.ctx(), request).await.unwrap();
    page.items.into_iter().map(|job| job.name).collect()
}

#[tokio::test]
async fn a_job_is_found_by_a_part_of_its_name() {
    let fresh = Fresh::open().await;
    let data = fresh.corpus().await;
    for name in ["Night-Run", "day-run", "night_shift"] {
        let mut request = from_scratch(data);
        request["name"] = name.into();
        fresh.submit(request).await.unwrap();
    }
    assert_eq!(found(&fresh, "night").await, ["night_shift", "Night-Run"]);
    assert_eq!(found(&fresh, "T-RUN").await, ["Night-Run"]);
    assert_eq!(found(&fresh, "night%").await, [""; 0]);
    assert_eq!(found(&fresh, "").await.len(), 3);

    let Fresh { dir, ops, fake } = fresh;
    ops.shutdown().await;
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let before = "DELETE FROM name_fragments; DELETE FROM seaql_migrations WHERE version = 'm0043_more_names'";
    store.conn(&Ctx::system()).execute_unprepared(before).await.unwrap();
    store.close().await;
    let ops = on_trial(dir.path()).await.compute(fake.clone()).open().await.unwrap();
    assert_eq!(found(&Fresh { dir, ops, fake }, "shift").await, ["night_shift"], "jobs from before are found");
}

#[tokio::test]
async fn conversations_of_more_than_text_are_not_trained_on() {
    let fresh = Fresh::open().await;
    let base = fresh.base("llama", true).await;
    let talk = |content: Value| {
        let answer = json!({ "role": "assistant", "content": "A cat" });
        format!("{}\n", json!({ "messages": [{ "role": "user", "content": content }, answer] }))
    };
    let image = json!([{ "type": "text", "text": "Look" }, { "type": "image_url", "image_url": { "url": "data:" } }]);
    let rows = talk(json!("What is this?")) + &talk(image);
    let data = fresh.data("pictures", "sft_pair", ("a.jsonl", &rows)).await;
    let job = fresh.submit(finetune(base, data)).await.unwrap();
    let job = fresh.over(job.id).await;
    let failure = job.failure.unwrap();
    assert_eq!((job.status, failure.class), (JobStatus::Failed, JobFailureClass::Data));
    let said = &failure.evidence;
    assert!(said.contains("`a.jsonl` line 2: message 0 has a part of the type `image_url`"), "{said}");
    assert!(said.contains("by the filter `'\"type\": \"image_url\"' not in messages|tojson`"), "{said}");
}
