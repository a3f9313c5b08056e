//! `runs`: every run on record.

use clap::{Args, Subcommand};
use futures::TryStreamExt;
use llmops_core::base::{Error, Result};
use serde_json::{Value, json};

use super::client::{Client, ClientFlags, fields, text};
use super::output::{Column, cell, grid};
use super::{ConfigFile, Exit, Paging, reference, say};

pub(super) const EXAMPLES: &str = "\
RUN is an id, or a name for the newest run of that name.

Examples:
  llmops-server runs list --filter \"metrics.loss < 2 AND params.method = 'lora'\" --order metrics.loss
  llmops-server runs series capitals-tuned loss
  llmops-server runs compare ID ID";

const COLUMNS: &[Column] = &[
    ("NAME", "/name"),
    ("STATUS", "/status"),
    ("LOSS", "/metrics/loss/last"),
    ("STEP", "/metrics/loss/step"),
    ("STARTED", "/startedAt"),
    ("BY", "/createdBy"),
    ("ID", "/id"),
];

/// What `runs` is told.
#[derive(Debug, Args)]
pub(super) struct Runs {
    #[command(flatten)]
    client: ClientFlags,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Finds runs, newest first unless ordered otherwise.
    List {
        /// As `metrics.loss < 2 AND tags.team = 'core'`.
        #[arg(long)]
        filter: Option<String>,
        /// `startedAt`, `name` or `metrics.NAME`; with `-` in front for the reverse.
        #[arg(long, allow_hyphen_values = true)]
        order: Option<String>,
        #[command(flatten)]
        paging: Paging,
    },
    /// Shows a run.
    #[command(alias = "get")]
    Show { run: String },
    /// Shows metrics over steps.
    Series {
        run: String,
        /// Which; all if absent.
        metrics: Vec<String>,
        /// The most points of each, 2 to 10000.
        #[arg(long, default_value_t = 20)]
        points: u32,
    },
    /// Prints the points of a run as they are recorded.
    Watch { run: String },
    /// Puts runs side by side.
    Compare {
        #[arg(required = true, num_args = 2..)]
        runs: Vec<String>,
    },
}

pub(super) async fn run(verb: Runs, file: &ConfigFile) -> Result<Exit> {
    let client = verb.client.connect(file)?;
    match verb.verb {
        Verb::List { filter, order, paging } => {
            let request = fields([("filter", filter.map(Value::from)), ("orderBy", order.map(Value::from))]);
            client.out.rows(&client.list("experiments.search_runs", request, paging.most()).await?, COLUMNS);
        }
        Verb::Show { run } => client.out.record(&get(&client, &reference::run(&client, &run).await?).await?),
        Verb::Series { run, metrics, points } => {
            let run = reference::run(&client, &run).await?;
            let wanted = (!metrics.is_empty()).then(|| json!(metrics));
            let given = [("runId", Some(run.clone().into())), ("metrics", wanted), ("maxPoints", Some(points.into()))];
            let found = client.call("experiments.get_series", fields(given)).await?;
            let has =
                |name: &String| found["series"].as_array().into_iter().flatten().any(|one| text(one, "name") == name);
            if let Some(name) = metrics.iter().find(|name| !has(name)) {
                let run = get(&client, &run).await?;
                let there: Vec<&String> = run["metrics"].as_object().into_iter().flat_map(|all| all.keys()).collect();
                return Err(Error::not_found("metric", name).hint(format!("this run has {there:?}")));
            }
            series(&client, &found);
        }
        Verb::Watch { run } => watch(&client, &reference::run(&client, &run).await?).await?,
        Verb::Compare { runs } => {
            let mut ids = Vec::new();
            for run in &runs {
                ids.push(reference::run(&client, run).await?);
            }
            compare(&client, &client.call("experiments.compare_runs", json!({ "runIds": ids })).await?);
        }
    }
    Ok(Exit::Done)
}

async fn get(client: &Client, run: &str) -> Result<Value> {
    client.call("experiments.get_run", json!({ "runId": run })).await
}

async fn watch(client: &Client, run: &str) -> Result<()> {
    let mut events = client.stream("experiments.watch_run", json!({ "runId": run, "after": 0 })).await?;
    while let Some(event) = events.try_next().await? {
        if client.out.is_json() {
            say(&event.to_string());
            continue;
        }
        for point in event["points"].as_array().into_iter().flatten() {
            say(&format!("{:>8}  {}  {}", point["step"], text(point, "name"), cell("", &point["value"])));
        }
    }
    Ok(())
}

fn series(client: &Client, found: &Value) {
    if client.out.is_json() {
        return client.out.record(found);
    }
    let points = found["series"].as_array().into_iter().flatten().flat_map(|one| {
        let points = one["points"].as_array().into_iter().flatten();
        points.map(|point| vec![text(one, "name").to_owned(), point["step"].to_string(), cell("", &point["value"])])
    });
    say(&grid(["METRIC", "STEP", "VALUE"].map(String::from).to_vec(), points.collect()));
}

/// One column a run: the parameters that differ, then every metric.
fn compare(client: &Client, found: &Value) {
    if client.out.is_json() {
        return client.out.record(found);
    }
    let runs = found["runs"].as_array().into_iter().flatten().map(|run| text(run, "name").to_owned());
    let titles = std::iter::once(String::new()).chain(runs).collect();
    let rows = ["params", "metrics"].into_iter().flat_map(|kind| {
        found[kind].as_object().into_iter().flatten().map(move |(name, values)| {
            let values = values.as_array().into_iter().flatten().map(|value| cell("", value));
            std::iter::once(format!("{kind}.{name}")).chain(values).collect()
        })
    });
    say(&grid(titles, rows.collect()));
}
