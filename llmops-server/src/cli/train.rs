//! `train`: jobs that make models.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use futures::TryStreamExt;
use llmops_core::base::{Error, Result};
use llmops_core::platform::unreadable;
use serde_json::{Map, Value, json};

use super::client::{Client, ClientFlags, fields, pairs, text};
use super::output::Column;
use super::reference::{self, dataset, id, model};
use super::{ConfigFile, Exit, Paging, follow};

pub(super) const EXAMPLES: &str = "\
JOB is an id, or a name for the newest job of that name.

Examples:
  llmops-server train start --dataset speeches --name base --architecture hiddenSize=128,layers=4,heads=4,vocabulary=1024,context=128
  llmops-server train start --dataset capitals --model base --name capitals-tuned --set maxSteps=300 --set lr=0.003
  llmops-server train start --spec job.json --detach
  llmops-server train logs capitals-tuned --follow";

const COLUMNS: &[Column] = &[
    ("NAME", "/name"),
    ("TYPE", "/jobType"),
    ("STATUS", "/status"),
    ("STEP", "/progress/step"),
    ("OF", "/progress/steps"),
    ("LOSS", "/progress/loss"),
    ("CPU S", "/cpuSeconds"),
    ("SUBMITTED", "/submittedAt"),
    ("ID", "/id"),
];

/// What a person wants to know of a job that is over.
const ENDED: &[Column] = &[
    ("name", "/name"),
    ("status", "/status"),
    ("reason", "/statusReason"),
    ("step", "/progress/step"),
    ("loss", "/progress/loss"),
    ("evaluation loss", "/progress/evalLoss"),
    ("CPU seconds", "/cpuSeconds"),
    ("cost", "/cost"),
    ("job", "/id"),
    ("run", "/runId"),
    ("model", "/outputModelId"),
];

/// What `train` is told.
#[derive(Debug, Args)]
pub(super) struct Train {
    #[command(flatten)]
    client: ClientFlags,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Submits a job and follows it to its end: from scratch with --architecture, else a fine-tuning of --model.
    Start {
        #[command(flatten)]
        job: Box<Job>,
        /// Does not wait for its end.
        #[arg(long)]
        detach: bool,
        /// Checks everything and starts nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Says what a job would need.
    Estimate {
        #[command(flatten)]
        job: Box<Job>,
    },
    /// Lists jobs, newest first.
    List {
        /// In this status: queued, running, succeeded, failed or cancelled.
        #[arg(long)]
        status: Option<String>,
        /// With this text in the name.
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        paging: Paging,
    },
    /// Shows a job.
    #[command(alias = "get")]
    Show { job: String },
    /// Follows a job to its end. Exits with 1 if it fails.
    Watch { job: String },
    /// Prints what a job wrote.
    Logs {
        job: String,
        /// Goes on until the job ends.
        #[arg(long, short)]
        follow: bool,
        /// `text` or `events`; both if absent.
        #[arg(long)]
        channel: Option<String>,
    },
    /// Ends a job.
    Cancel { job: String },
}

/// A job, in flags or as a file.
#[derive(Debug, Args)]
struct Job {
    /// The approved dataset: an id, NAME:VERSION or NAME.
    #[arg(long, required_unless_present = "spec")]
    dataset: Option<String>,
    /// The approved model to train further.
    #[arg(long)]
    model: Option<String>,
    /// What the job, and the model that comes out, are called.
    #[arg(long)]
    name: Option<String>,
    /// The version of the model that comes out.
    #[arg(long)]
    version: Option<String>,
    /// The shape of a new model: hiddenSize, layers, heads, kvHeads, intermediateSize, vocabulary, context.
    #[arg(long, value_name = "KEY=N,..", value_delimiter = ',')]
    architecture: Vec<String>,
    /// `full` or `lora`.
    #[arg(long)]
    method: Option<String>,
    /// A hyperparameter, as lr=0.003, batchSize=16, maxSteps=300, numEpochs=2, seed=1; may be given again.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The share of the data to keep aside and measure on.
    #[arg(long, value_name = "SHARE")]
    split: Option<f64>,
    /// The whole request as a JSON file; flags win over it.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

pub(super) async fn run(verb: Train, file: &ConfigFile) -> Result<Exit> {
    let client = verb.client.connect(file)?;
    match verb.verb {
        Verb::Start { job, detach, dry_run } => {
            let mut request = request(&client, *job).await?;
            if dry_run {
                request["dryRun"] = true.into();
            }
            let job = client.call("training.submit_job", request).await?;
            if detach || dry_run {
                client.out.record(&job);
                return Ok(Exit::Done);
            }
            client.out.note(&format!(
                "job {} is {}; Ctrl-C ends the watching, `llmops-server train cancel` the job",
                text(&job, "id"),
                text(&job, "status")
            ));
            watch(&client, &id(&job)).await
        }
        Verb::Estimate { job } => {
            let request = request(&client, *job).await?;
            client.out.record(&client.call("training.estimate_job", request).await?);
            Ok(Exit::Done)
        }
        Verb::List { status, text, paging } => {
            let request = fields([("status", status.map(Value::from)), ("text", text.map(Value::from))]);
            client.out.rows(&client.list("training.list_jobs", request, paging.most()).await?, COLUMNS);
            Ok(Exit::Done)
        }
        Verb::Show { job } => {
            let request = json!({ "jobId": reference::job(&client, &job).await? });
            client.out.record(&client.call("training.get_job", request).await?);
            Ok(Exit::Done)
        }
        Verb::Watch { job } => watch(&client, &reference::job(&client, &job).await?).await,
        Verb::Logs { job, follow, channel } => {
            let given = [
                ("jobId", Some(reference::job(&client, &job).await?.into())),
                ("follow", follow.then_some(true.into())),
                ("channel", channel.map(Value::from)),
            ];
            print_lines(&client, "training.stream_job_logs", fields(given)).await
        }
        Verb::Cancel { job } => {
            let request = json!({ "jobId": reference::job(&client, &job).await? });
            client.out.brief(&client.call("training.cancel_job", request).await?, ENDED);
            Ok(Exit::Done)
        }
    }
}

/// Prints the lines of a log.
pub(super) async fn print_lines(client: &Client, operation: &str, request: Value) -> Result<Exit> {
    let mut lines = client.stream(operation, request).await?;
    while let Some(line) = lines.try_next().await? {
        client.out.line(&line, |line| text(line, "line").to_owned());
    }
    Ok(Exit::Done)
}

async fn watch(client: &Client, job: &str) -> Result<Exit> {
    let ended = follow::job(client, job, "training").await?;
    client.out.brief(&ended, ENDED);
    check(&ended)?;
    Ok(Exit::Done)
}

/// Refuses a job that ended without a model.
pub(crate) fn check(job: &Value) -> Result<()> {
    if text(job, "status") == "succeeded" {
        return Ok(());
    }
    let said = format!("the job {} {}: {}", text(job, "name"), text(job, "status"), text(job, "statusReason"));
    let next = job.pointer("/failure/nextStep").and_then(Value::as_str);
    let hint = format!("llmops-server train logs {}", text(job, "id"));
    Err(Error::unexpected(said).code("job_ended").hint(next.map_or(hint.clone(), |next| format!("{next}; {hint}"))))
}

/// The request that these flags mean.
async fn request(client: &Client, job: Job) -> Result<Value> {
    let mut request = match &job.spec {
        None => json!({}),
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|e| unreadable(path, e))?;
            crate::parse_json(&bytes).map_err(|e| {
                let why = e.message().trim_start_matches("the body is not JSON that can be read: ").to_owned();
                Error::invalid("spec", format!("names {}, which is not JSON that can be read: {why}", path.display()))
                    .hint("write the request of training.submit_job as one JSON object")
            })?
        }
    };
    if !request.is_object() {
        return Err(Error::invalid("spec", "must hold a JSON object"));
    }
    if let Some(name) = &job.dataset {
        request["datasetId"] = id(&dataset(client, name).await?).into();
    }
    if let Some(name) = &job.model {
        request["modelId"] = id(&model(client, name).await?).into();
    }
    let architecture = pairs("architecture", &job.architecture)?;
    if !architecture.is_empty() {
        request["architecture"] = Value::Object(numbers(architecture));
    }
    if request.get("jobType").is_none() {
        let from_scratch = request.get("architecture").is_some();
        request["jobType"] = if from_scratch { "from_scratch" } else { "finetune" }.into();
    }
    for (name, value) in [("name", job.name), ("method", job.method)] {
        if let Some(value) = value {
            request[name] = value.into();
        }
    }
    if let Some(version) = job.version {
        request["output"] = json!({ "version": version });
    }
    for (name, value) in numbers(pairs("set", &job.set)?) {
        request["hyperparams"][name] = value;
    }
    if let Some(split) = job.split {
        request["evaluation"] = json!({ "split": split, "every": 50 });
    }
    Ok(request)
}

/// Values that read as JSON become that.
fn numbers(texts: Map<String, Value>) -> Map<String, Value> {
    let typed = |value: Value| value.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(value);
    texts.into_iter().map(|(key, value)| (key, typed(value))).collect()
}
