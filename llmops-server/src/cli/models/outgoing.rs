//! `models export` and what belongs to it: models that go to other people's registries.

use clap::{Args, Subcommand};
use llmops_core::base::Result;
use serde_json::{Value, json};

use super::super::client::{Client, fields, text};
use super::super::output::Column;
use super::super::reference::{id, model};
use super::super::{Exit, follow};
use super::remote::Registry;

const EXPORTS: &[Column] = &[
    ("NAME", "/name"),
    ("VERSION", "/version"),
    ("REPO", "/repo"),
    ("STATE", "/state"),
    ("FILES", "/sentFiles"),
    ("OF", "/files"),
    ("CREATED", "/createdAt"),
    ("ID", "/id"),
];

/// What `export` is told.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The model, as NAME or NAME:VERSION. It must be approved.
    model: String,
    /// The repository there, as OWNER/NAME; it is made if it is not there.
    repo: String,
    /// The branch there [default: main].
    #[arg(long)]
    revision: Option<String>,
    /// Lets everybody see a repository that is made.
    #[arg(long)]
    public: bool,
    /// Removes files there that the model has not.
    #[arg(long)]
    prune: bool,
    /// What the commit says.
    #[arg(long)]
    message: Option<String>,
    /// Only begins it.
    #[arg(long)]
    detach: bool,
    #[command(flatten)]
    registry: Registry,
}

/// What `exports` can do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Lists exports, newest first.
    List {
        /// Of this model.
        #[arg(long)]
        model: Option<String>,
        /// In this state: queued, running, succeeded, failed or cancelled.
        #[arg(long)]
        state: Option<String>,
    },
    /// Shows an export.
    Show { export: String },
    /// Goes on with an export that failed.
    Resume { export: String },
    /// Gives an export up; what was sent stays where it is.
    Cancel { export: String },
}

/// Sends a model out and shows how far it is.
pub(super) async fn export(client: &Client, verb: Export) -> Result<Exit> {
    let of = model(client, &verb.model).await?;
    let given = [
        ("modelId", Some(id(&of).into())),
        ("repo", Some(verb.repo.into())),
        ("revision", verb.revision.map(Value::from)),
        ("private", verb.public.then_some(false.into())),
        ("prune", verb.prune.then_some(true.into())),
        ("message", verb.message.map(Value::from)),
    ];
    let request = fields(given.into_iter().chain(verb.registry.fields()));
    let begun = client.call("catalog.export_model", request).await?;
    if verb.detach {
        client.out.record(&begun);
        return Ok(Exit::Done);
    }
    end(client, &begun).await
}

pub(super) async fn run(client: &Client, verb: Verb) -> Result<Exit> {
    match verb {
        Verb::List { model: of, state } => {
            let of = match of {
                Some(of) => Some(Value::from(id(&model(client, &of).await?))),
                None => None,
            };
            let request = fields([("modelId", of), ("state", state.map(Value::from))]);
            client.out.rows(&client.list("catalog.list_model_exports", request, usize::MAX).await?, EXPORTS);
        }
        Verb::Show { export } => {
            client.out.record(&client.call("catalog.get_model_export", json!({ "exportId": export })).await?);
        }
        Verb::Resume { export } => {
            let begun = client.call("catalog.resume_model_export", json!({ "exportId": export })).await?;
            return end(client, &begun).await;
        }
        Verb::Cancel { export } => {
            client.out.record(&client.call("catalog.cancel_model_export", json!({ "exportId": export })).await?);
        }
    }
    Ok(Exit::Done)
}

async fn end(client: &Client, begun: &Value) -> Result<Exit> {
    let ended = follow::export(client, &id(begun), text(begun, "repo")).await?;
    client.out.record(&ended);
    Ok(if text(&ended, "state") == "succeeded" { Exit::Done } else { Exit::Gate })
}
