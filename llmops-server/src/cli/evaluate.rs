//! `evaluate`: how good a model is.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use llmops_core::base::{Error, Result};
use serde_json::{Value, json};

use super::client::{Client, ClientFlags, fields, text};
use super::output::{Column, decimal, grid};
use super::reference::{dataset, endpoint, evaluation, id, model};
use super::{ConfigFile, Exit, Paging, follow, say, transfer};

pub(super) const EXAMPLES: &str = "\
RUN is an id, or a name for the newest evaluation of that name.

Examples:
  llmops-server evaluate start --model capitals-tuned --dataset heldout --metric exact_match --metric token_f1
  llmops-server evaluate start --endpoint chat --dataset heldout --fail-under exact_match=0.9
  llmops-server evaluate compare ID ID";

const COLUMNS: &[Column] = &[
    ("NAME", "/name"),
    ("STATUS", "/status"),
    ("SAMPLES", "/samples"),
    ("CREATED", "/createdAt"),
    ("BY", "/runBy"),
    ("ID", "/id"),
];
const SAMPLES: &[Column] = &[
    ("SAMPLE", "/number"),
    ("PROMPT", "/prompt"),
    ("PREDICTION", "/prediction"),
    ("REFERENCE", "/reference"),
    ("SCORES", "/scores"),
    ("ERROR", "/error"),
];
const KNOWN: &[Column] = &[
    ("METRIC", "/name"),
    ("HIGHER IS BETTER", "/higherIsBetter"),
    ("HIGHEST", "/highest"),
    ("WHAT IT IS", "/description"),
];

/// What `evaluate` is told.
#[derive(Debug, Args)]
pub(super) struct Evaluate {
    #[command(flatten)]
    client: ClientFlags,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Begins an evaluation and follows it to its end.
    Start(Start),
    /// Lists evaluations, newest first.
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
    /// Shows an evaluation.
    #[command(alias = "get")]
    Show { run: String },
    /// Lists the samples of an evaluation with their scores.
    Samples {
        run: String,
        #[command(flatten)]
        paging: Paging,
    },
    /// Puts evaluations on the same data side by side.
    Compare {
        #[arg(required = true, num_args = 2..)]
        runs: Vec<String>,
    },
    /// Writes an evaluation with all samples to a file.
    Export {
        run: String,
        /// `csv` or `json`.
        #[arg(long, default_value = "csv")]
        format: String,
        /// Where to; `-` is standard output.
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
    /// Ends an evaluation.
    Cancel { run: String },
    /// Lists the metrics there are.
    Metrics,
}

#[derive(Debug, Args)]
struct Start {
    /// The model: an id, NAME:VERSION or NAME.
    #[arg(long, required_unless_present = "endpoint", conflicts_with = "endpoint")]
    model: Option<String>,
    /// Instead of a model: the endpoint, by its id or route.
    #[arg(long)]
    endpoint: Option<String>,
    /// The dataset: an id, NAME:VERSION or NAME.
    #[arg(long)]
    dataset: String,
    /// What to measure, as exact_match, token_f1, bleu, rougeL, perplexity, latency (`evaluate metrics` lists all); may be
    /// given again. Without it, what --fail-under names, or exact_match.
    #[arg(long, value_name = "NAME")]
    metric: Vec<String>,
    /// What the evaluation is called.
    #[arg(long)]
    name: Option<String>,
    /// At most so many samples.
    #[arg(long)]
    limit: Option<u32>,
    /// At most so many tokens an answer.
    #[arg(long)]
    max_tokens: Option<u32>,
    /// Exits with 6 if this metric comes out below this value; may be given again.
    #[arg(long, value_name = "NAME=VALUE", value_parser = threshold)]
    fail_under: Vec<(String, f64)>,
    /// Does not wait for its end.
    #[arg(long, conflicts_with = "fail_under")]
    detach: bool,
}

pub(super) fn threshold(word: &str) -> std::result::Result<(String, f64), String> {
    let rule = || "must be NAME=VALUE, as exact_match=0.9".to_owned();
    let (name, value) = word.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(rule)?;
    let value = value.parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(rule)?;
    Ok((name.to_owned(), value))
}

pub(super) async fn run(verb: Evaluate, file: &ConfigFile) -> Result<Exit> {
    let client = verb.client.connect(file)?;
    match verb.verb {
        Verb::Start(start) => return begin(&client, start).await,
        Verb::List { status, text, paging } => {
            let request = fields([("status", status.map(Value::from)), ("text", text.map(Value::from))]);
            client.out.rows(&client.list("evaluation.list_runs", request, paging.most()).await?, COLUMNS);
        }
        Verb::Samples { run, paging } => {
            let request = json!({ "runId": evaluation(&client, &run).await? });
            let samples = client.list("evaluation.list_samples", request, paging.most()).await?;
            client.out.rows(&samples, SAMPLES);
        }
        Verb::Show { run } => {
            let request = json!({ "runId": evaluation(&client, &run).await? });
            show(&client, &client.call("evaluation.get_run", request).await?);
        }
        Verb::Cancel { run } => {
            let request = json!({ "runId": evaluation(&client, &run).await? });
            show(&client, &client.call("evaluation.cancel_run", request).await?);
        }
        Verb::Compare { runs } => {
            let mut ids = Vec::new();
            for run in &runs {
                ids.push(evaluation(&client, run).await?);
            }
            compare(&client, &client.call("evaluation.compare_runs", json!({ "runIds": ids })).await?);
        }
        Verb::Export { run, format, output } => {
            let request = json!({ "runId": evaluation(&client, &run).await?, "format": format });
            transfer::save(client.download("evaluation.export_run", request).await?, output, client.out).await?;
        }
        Verb::Metrics => {
            let known = client.call("evaluation.list_metrics", json!({})).await?;
            client.out.rows(known["items"].as_array().map(Vec::as_slice).unwrap_or_default(), KNOWN);
        }
    }
    Ok(Exit::Done)
}

async fn begin(client: &Client, start: Start) -> Result<Exit> {
    let of_model = match &start.model {
        Some(name) => Some(id(&model(client, name).await?).into()),
        None => None,
    };
    let of_endpoint = match &start.endpoint {
        Some(name) => Some(id(&endpoint(client, name).await?).into()),
        None => None,
    };
    let metrics = measured(start.metric, &start.fail_under);
    let given = [
        ("name", start.name.map(Value::from)),
        ("modelId", of_model),
        ("endpointId", of_endpoint),
        ("datasetId", Some(id(&dataset(client, &start.dataset).await?).into())),
        ("metrics", Some(metrics.into())),
        ("limit", start.limit.map(Value::from)),
        ("parameters", start.max_tokens.map(|most| json!({ "maxTokens": most }))),
    ];
    let begun = client.call("evaluation.start_run", fields(given)).await?;
    if start.detach {
        client.out.record(&begun);
        return Ok(Exit::Done);
    }
    let ended = follow::evaluation(client, &id(&begun), "evaluating").await?;
    check(&ended)?;
    show(client, &ended);
    gate(client, &ended, &start.fail_under)
}

/// What is measured: what was asked for and what a threshold is for, or else whether answers are right.
pub(super) fn measured(asked: Vec<String>, thresholds: &[(String, f64)]) -> Vec<Value> {
    let mut names = asked;
    for (name, _) in thresholds {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.is_empty() {
        names.push("exact_match".to_owned());
    }
    names.into_iter().map(|name| json!({ "name": name })).collect()
}

/// Refuses an evaluation that came to no result.
pub(crate) fn check(run: &Value) -> Result<()> {
    if text(run, "status") == "succeeded" {
        return Ok(());
    }
    let said = format!("the evaluation {}: {}", text(run, "status"), text(run, "statusReason"));
    Err(Error::unexpected(said).code("evaluation_ended"))
}

/// Compares with the thresholds.
fn gate(client: &Client, run: &Value, thresholds: &[(String, f64)]) -> Result<Exit> {
    let mut exit = Exit::Done;
    for (name, least) in thresholds {
        let value = score(run, name).ok_or_else(|| {
            Error::invalid("fail-under", format!("names `{name}`, which was not measured")).hint("add it with --metric")
        })?;
        if value < *least {
            client.out.note(&format!("{name} is {}, below {}", decimal(value), decimal(*least)));
            exit = Exit::Gate;
        }
    }
    Ok(exit)
}

/// The value of a metric in a run.
pub(crate) fn score(run: &Value, name: &str) -> Option<f64> {
    let metrics = run["metrics"].as_array()?;
    metrics.iter().find(|metric| text(metric, "name") == name)?["value"].as_f64()
}

fn show(client: &Client, run: &Value) {
    if client.out.is_json() {
        return client.out.record(run);
    }
    let bounds = |metric: &Value| {
        let bound = |side: &str| metric.pointer(&format!("/confidence/{side}")).and_then(Value::as_f64).map(decimal);
        bound("low").zip(bound("high")).map(|(low, high)| format!("{low} to {high}")).unwrap_or_default()
    };
    let rows = run["metrics"].as_array().into_iter().flatten().map(|metric| {
        let value = metric["value"].as_f64().map(decimal).unwrap_or_default();
        vec![text(metric, "name").to_owned(), value, bounds(metric)]
    });
    say(&grid(["METRIC", "VALUE", "CONFIDENCE"].map(String::from).to_vec(), rows.collect()));
    say(&format!("\n{} samples, run {} {}", run["samples"], text(run, "id"), text(run, "status")));
    for warning in run["warnings"].as_array().into_iter().flatten() {
        say(&format!("warning: {}", text(warning, "text")));
    }
}

/// A line for each metric and each evaluation, and how far that is from the first by more than chance.
fn compare(client: &Client, found: &Value) {
    if client.out.is_json() {
        return client.out.record(found);
    }
    let names: Vec<(&str, &str)> = list(&found["runs"]).map(|run| (text(run, "id"), text(run, "name"))).collect();
    let rows = list(&found["metrics"]).flat_map(|metric| {
        names.iter().zip(list(&metric["values"])).map(move |((id, name), value)| {
            let against = list(&metric["againstFirst"]).find(|one| text(one, "runId") == *id).map(|one| &one["test"]);
            let number = |name: &str| against.and_then(|test| test[name].as_f64()).map(decimal).unwrap_or_default();
            let between =
                if against.is_some() { format!("{} to {}", number("low"), number("high")) } else { String::new() };
            let value = value.as_f64().map(decimal).unwrap_or_default();
            let told = [text(metric, "name").to_owned(), (*name).to_owned(), value, number("difference"), between];
            told.into_iter().chain([number("pValue")]).collect()
        })
    });
    let titles = ["METRIC", "EVALUATION", "VALUE", "DIFFERENCE", "BETWEEN", "P"].map(String::from);
    say(&grid(titles.to_vec(), rows.collect()));
    say(&format!("\nover the same {} samples; a P below 0.05 is usually called significant", found["samples"]));
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
