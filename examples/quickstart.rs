//! The life of a model, from a text to a chat.
//!
//! ```sh
//! cargo run --release -p llmops-server --example quickstart -- FOLDER   # embedded: the platform runs in this process
//! cargo run --release -p llmops-server --example quickstart -- URL      # the same lines against a server
//! ```
//!
//! `LLMOPS_API_KEY` is the server's key. `QUICK=1` trains for a few steps only: the whole way in seconds, with a model that
//! has learned nothing.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::expect_used)] // a program, which tells what it does

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use futures::TryStreamExt;
use llmops_core::LlmOps;
use llmops_core::base::{Error, Patch, Result, Secret};
use llmops_core::catalog::{GetModel, Model, ModelStatus, ReviewDecision, ReviewModel, SetModelStatus, UpdateModel};
use llmops_core::datasets::{
    CreateDataset, Dataset, DatasetDecision, DatasetStatus, DatasetType, GetDatasetValidation, ReviewDataset,
    SetDatasetStatus, UploadDatasetFiles, ValidateDataset,
};
use llmops_core::governance::{CreateApiKey, Role};
use llmops_core::op::{Part, parts};
use serde_json::{Value, json};

const VERSION: &str = "1.0.0";

fn main() -> ExitCode {
    // An embedded platform starts this very program to train and to serve.
    if std::env::args().nth(1).is_some_and(|verb| verb == "runtime") {
        return llmops_server::cli::main();
    }
    let Some(place) = std::env::args().nth(1) else {
        eprintln!("usage: quickstart FOLDER|URL");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Runtime::new().expect("the machine has threads");
    match runtime.block_on(run(&place)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error} {}", error.hint_text().unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}

async fn run(place: &str) -> Result<()> {
    let ops = if place.starts_with("http") {
        LlmOps::connect(place, std::env::var("LLMOPS_API_KEY").ok().map(Secret::new))?
    } else {
        let this = std::env::current_exe().map_err(|e| Error::unexpected("no path").caused_by(e))?;
        LlmOps::builder().data_dir(place).runtime_command(vec![this.into(), "runtime".into()]).open().await?
    };
    let told = story(&ops).await;
    ops.shutdown().await;
    told
}

fn quick() -> bool {
    std::env::var("QUICK").is_ok_and(|quick| quick == "1")
}

async fn story(ops: &LlmOps) -> Result<()> {
    // Nobody approves his own work: the reviewer is somebody else.
    let request = CreateApiKey {
        name: "example-reviewer".into(),
        roles: vec![Role::Reviewer],
        all_projects: false,
        expires_at: None,
    };
    let made = ops.governance().create_api_key(&ops.ctx(), request).await?;
    let secret = made.secret.ok_or_else(|| Error::unexpected("a new key has a secret"))?;
    let reviewer = ops.with_api_key(Secret::new(secret))?;

    let speeches = bring_in(ops, &reviewer, "speeches", DatasetType::PretrainCorpus, "corpus.txt").await?;
    let capitals = bring_in(ops, &reviewer, "capitals", DatasetType::SftPair, "capitals-train.csv").await?;
    let heldout = bring_in(ops, &reviewer, "capitals-heldout", DatasetType::Benchmark, "capitals-heldout.csv").await?;

    // Every operation can be called with types, as above, or by its name with JSON, as from here on.
    let base = json!({
        "jobType": "from_scratch", "name": "example-base", "datasetId": speeches.id,
        "architecture": { "hiddenSize": 128, "layers": 4, "heads": 4, "kvHeads": 2, "vocabulary": 1024, "context": 128 },
        "hyperparams": { "maxSteps": if quick() { 4 } else { 120 }, "maxSeqLen": 96, "lr": 0.002, "seed": 1 },
    });
    let base = approve(ops, &reviewer, train(ops, base).await?).await?;
    let tuned = json!({
        "jobType": "finetune", "name": "example-capitals", "datasetId": capitals.id, "modelId": base.id,
        "hyperparams": { "maxSteps": if quick() { 4 } else { 300 }, "lr": 0.003, "seed": 1 },
    });
    let tuned = train(ops, tuned).await?;
    let (before, after) = (evaluate(ops, &base, &heldout).await?, evaluate(ops, &tuned, &heldout).await?);
    println!("exact match on questions in other words: base {before:.3}, tuned {after:.3}");

    let tuned = approve(ops, &reviewer, tuned).await?;
    chat(ops, &tuned).await
}

/// Uploads, validates and approves a dataset.
async fn bring_in(ops: &LlmOps, reviewer: &LlmOps, name: &str, kind: DatasetType, file: &str) -> Result<Dataset> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data").join(file);
    let bytes = std::fs::read(path).map_err(|e| Error::invalid("file", "cannot be read").caused_by(e))?;
    let (rooms, ctx) = (ops.datasets(), ops.ctx());
    let request = CreateDataset {
        name: name.into(),
        version: VERSION.into(),
        dataset_type: kind,
        owner_team: None,
        change_log: None,
        columns: Default::default(),
        metadata: Default::default(),
        tags: Vec::new(),
    };
    let dataset_id = rooms.create_dataset(&ctx, request).await?.id;
    let upload: UploadDatasetFiles = serde_json::from_value(json!({ "datasetId": dataset_id }))
        .map_err(|e| Error::unexpected("a request that cannot be read").caused_by(e))?;
    rooms.upload_dataset_files(&ctx, upload, parts(vec![Part::from_bytes(file, bytes)])).await?;
    let validate = ValidateDataset { dataset_id, pii_types: None, min_confidence: None, policy: None };
    rooms.validate_dataset(&ctx, validate).await?;
    // The stream ends with the report.
    let mut events = rooms.watch_dataset_validation(&ctx, GetDatasetValidation { dataset_id }).await?;
    let mut quality = 0.0;
    while let Some(now) = events.try_next().await? {
        quality = now.report.map_or(quality, |report| report.quality.score);
    }
    let status = DatasetStatus::UnderReview;
    rooms.set_dataset_status(&ctx, SetDatasetStatus { dataset_id, status, notes: None }).await?;
    let (version, decision) = (VERSION.to_owned(), DatasetDecision::Approve);
    let request = ReviewDataset { dataset_id, version, decision, notes: None, digest: None };
    let dataset = reviewer.datasets().review_dataset(&reviewer.ctx(), request).await?;
    println!("{name}: {} rows, quality {quality:.1}, approved", dataset.rows);
    Ok(dataset)
}

/// Trains, shows the loss as it falls, and gives the model.
async fn train(ops: &LlmOps, mut request: Value) -> Result<Model> {
    request["output"] = json!({ "version": VERSION });
    let mut job = ops.call(ops.ctx(), "training.submit_job", request).await?;
    let mut events = ops.stream(ops.ctx(), "training.watch_job", json!({ "jobId": job["id"] })).await?;
    let mut seen = Value::Null;
    while let Some(now) = events.try_next().await? {
        job = now;
        let progress = &job["progress"];
        if let Some(loss) = progress["loss"].as_f64()
            && progress["step"] != seen
        {
            seen = progress["step"].clone();
            println!("{}: step {seen}/{}, loss {loss:.3}", text(&job["name"]), progress["steps"]);
        }
    }
    let [name, status, why] = ["name", "status", "statusReason"].map(|field| text(&job[field]));
    println!("{name}: {status} after {} CPU seconds; {why}", job["cpuSeconds"]);
    let model_id = serde_json::from_value(job["outputModelId"].clone())
        .map_err(|_| Error::unexpected("the training ended without a model"))?;
    ops.catalog().get_model(&ops.ctx(), GetModel { model_id }).await
}

/// Fills the card, hands the model to the reviewer, and lets the reviewer approve it.
async fn approve(ops: &LlmOps, reviewer: &LlmOps, model: Model) -> Result<Model> {
    let (model_id, rooms, ctx) = (model.id, ops.catalog(), ops.ctx());
    let card = json!({ "purpose": "names capitals", "scope": "an example", "contact": "you", "license": "CC0-1.0" });
    let metadata = card.as_object().cloned().map_or(Patch::Stays, Patch::Is);
    rooms
        .update_model(
            &ctx,
            UpdateModel { model_id, metadata, owner_team: Patch::Stays, model_family: None, tags: Patch::Stays },
        )
        .await?;
    rooms.set_model_status(&ctx, SetModelStatus { model_id, status: ModelStatus::UnderReview, notes: None }).await?;
    let decision = ReviewDecision::Approve;
    let request =
        ReviewModel { model_id, version: model.version, decision, notes: None, digest: None, code_reviewed: None };
    reviewer.catalog().review_model(&reviewer.ctx(), request).await
}

/// The share of held-out questions that the model answers word for word.
async fn evaluate(ops: &LlmOps, model: &Model, dataset: &Dataset) -> Result<f64> {
    let mut request = json!({
        "modelId": model.id, "datasetId": dataset.id, "metrics": ["exact_match"],
        "parameters": { "maxTokens": 24, "temperature": 0 },
    });
    if quick() {
        request["limit"] = 8.into();
    }
    let mut run = ops.call(ops.ctx(), "evaluation.start_run", request).await?;
    let mut events = ops.stream(ops.ctx(), "evaluation.watch_run", json!({ "runId": run["id"] })).await?;
    while let Some(now) = events.try_next().await? {
        run = now;
    }
    run["metrics"][0]["value"].as_f64().ok_or_else(|| Error::unexpected(run["statusReason"].to_string()))
}

/// Deploys the model, asks it something and takes it down.
async fn chat(ops: &LlmOps, model: &Model) -> Result<()> {
    let request = json!({ "modelId": model.id, "route": "example-rs" });
    let mut endpoint = ops.call(ops.ctx(), "serving.deploy_endpoint", request).await?;
    let named = json!({ "endpointId": endpoint["id"] });
    let mut events = ops.stream(ops.ctx(), "serving.watch_endpoint", named.clone()).await?;
    while !matches!(endpoint["status"].as_str(), Some("healthy" | "failed")) {
        match events.try_next().await? {
            Some(now) => endpoint = now,
            None => break,
        }
    }
    println!("{} is {}", text(&endpoint["route"]), text(&endpoint["status"]));
    let messages = json!([{ "role": "user", "content": "Can you tell me the capital of Alaska?" }]);
    let request = json!({ "route": "example-rs", "messages": messages, "maxTokens": 24, "temperature": 0 });
    let mut chunks = ops.stream(ops.ctx(), "gateway.chat_stream", request).await?;
    while let Some(chunk) = chunks.try_next().await? {
        print!("{}", chunk["choices"][0]["delta"]["content"].as_str().unwrap_or_default());
        let _ = std::io::stdout().flush();
    }
    println!();
    ops.call(ops.ctx(), "serving.delete_endpoint", named).await?;
    // The stream ends when the endpoint is gone and nothing of it runs.
    while events.try_next().await?.is_some() {}
    Ok(())
}

/// A text of an answer.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
