//! `models import` and what belongs to it: models of other people's registries.

use clap::{Args, Subcommand};
use llmops_core::base::Result;
use serde_json::{Value, json};

use super::super::client::{Client, fields, text};
use super::super::output::Column;
use super::super::reference::id;
use super::super::{Exit, follow};

const IMPORTS: &[Column] = &[
    ("REPO", "/repo"),
    ("REVISION", "/revision"),
    ("STATE", "/state"),
    ("NAME", "/name"),
    ("VERSION", "/version"),
    ("FILES", "/receivedFiles"),
    ("OF", "/files"),
    ("CREATED", "/createdAt"),
    ("ID", "/id"),
];
const HERE: &[Column] = &[("NAME", "/name"), ("VERSION", "/version"), ("STATUS", "/status"), ("ID", "/id")];
const THERE: &[Column] = &[
    ("REPO", "/repo"),
    ("TASK", "/task"),
    ("DOWNLOADS", "/downloads"),
    ("GATED", "/gated"),
    ("CHANGED", "/updatedAt"),
];

/// Which registry is meant.
#[derive(Debug, Args)]
pub(super) struct Registry {
    /// Where the registry answers: a mirror, or another platform like this one [default: the Hugging Face Hub].
    #[arg(long)]
    base_url: Option<String>,
    /// The id of the stored credential to show there.
    #[arg(long)]
    credential: Option<String>,
}

impl Registry {
    pub(super) fn fields(self) -> [(&'static str, Option<Value>); 2] {
        [("baseUrl", self.base_url.map(Value::from)), ("credentialId", self.credential.map(Value::from))]
    }
}

/// What `import` is told.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The repository, as OWNER/NAME.
    repo: String,
    /// What the model is to be called, and its version if that matters [default: as there].
    #[arg(long = "as", value_name = "NAME[:VERSION]")]
    made: Option<String>,
    /// A branch, a tag or a commit [default: main].
    #[arg(long)]
    revision: Option<String>,
    /// The family of its architecture [default: the one that its config.json names].
    #[arg(long)]
    family: Option<String>,
    /// The team that answers for it.
    #[arg(long)]
    team: Option<String>,
    /// Only files like this, as '*.gguf'; may be given again.
    #[arg(long, value_name = "PATTERN")]
    include: Vec<String>,
    /// No files like this; may be given again.
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
    /// Takes pickle files too, into quarantine.
    #[arg(long)]
    quarantined: bool,
    /// Only begins it.
    #[arg(long)]
    detach: bool,
    #[command(flatten)]
    registry: Registry,
}

/// What `search` is told.
#[derive(Debug, Args)]
pub(super) struct Search {
    /// A part of the name; here also a tag.
    text: String,
    /// The most of each.
    #[arg(long, default_value_t = 20)]
    limit: u32,
    #[command(flatten)]
    registry: Registry,
}

/// What `imports` can do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Lists imports, newest first.
    List {
        /// In this state: queued, running, succeeded, failed or cancelled.
        #[arg(long)]
        state: Option<String>,
    },
    /// Shows an import.
    Show { import: String },
    /// Goes on with an import that failed.
    Resume { import: String },
    /// Gives an import up; the files that came stay with the draft.
    Cancel { import: String },
}

/// Takes a model over and shows how far it is.
pub(super) async fn import(client: &Client, verb: Import) -> Result<Exit> {
    let (name, version) = match verb.made.as_deref().map(|made| made.split_once(':').unwrap_or((made, ""))) {
        Some((name, version)) => (Some(name), Some(version).filter(|version| !version.is_empty())),
        None => (None, None),
    };
    let list = |of: Vec<String>| Some(of).filter(|of| !of.is_empty()).map(Value::from);
    let given = [
        ("repo", Some(verb.repo.into())),
        ("name", name.map(Value::from)),
        ("version", version.map(Value::from)),
        ("revision", verb.revision.map(Value::from)),
        ("modelFamily", verb.family.map(Value::from)),
        ("ownerTeam", verb.team.map(Value::from)),
        ("include", list(verb.include)),
        ("exclude", list(verb.exclude)),
        ("quarantined", verb.quarantined.then_some(true.into())),
    ];
    let request = fields(given.into_iter().chain(verb.registry.fields()));
    let begun = client.call("catalog.import_model", request).await?;
    if verb.detach {
        client.out.record(&begun);
        return Ok(Exit::Done);
    }
    end(client, &begun).await
}

pub(super) async fn run(client: &Client, verb: Verb) -> Result<Exit> {
    match verb {
        Verb::List { state } => {
            let request = fields([("state", state.map(Value::from))]);
            client.out.rows(&client.list("catalog.list_model_imports", request, usize::MAX).await?, IMPORTS);
        }
        Verb::Show { import } => {
            client.out.record(&client.call("catalog.get_model_import", json!({ "importId": import })).await?);
        }
        Verb::Resume { import } => {
            let begun = client.call("catalog.resume_model_import", json!({ "importId": import })).await?;
            return end(client, &begun).await;
        }
        Verb::Cancel { import } => {
            client.out.record(&client.call("catalog.cancel_model_import", json!({ "importId": import })).await?);
        }
    }
    Ok(Exit::Done)
}

/// Looks for models here and there.
pub(super) async fn search(client: &Client, verb: Search) -> Result<Exit> {
    let given = [("text", Some(verb.text.into())), ("limit", Some(verb.limit.into()))];
    let request = fields(given.into_iter().chain(verb.registry.fields()));
    let found = client.call("catalog.search_catalog", request).await?;
    if client.out.is_json() {
        client.out.record(&found);
        return Ok(Exit::Done);
    }
    let rows = |part: &str| found[part].as_array().cloned().unwrap_or_default();
    client.out.rows(&rows("models"), HERE);
    match found["error"]["message"].as_str() {
        Some(why) => client.out.note(&format!("the registry: {why}")),
        None => client.out.rows(&rows("remote"), THERE),
    }
    Ok(Exit::Done)
}

/// Says whether a model changed where it came from.
pub(super) async fn check_updates(client: &Client, model: &Value) -> Result<Exit> {
    let found = client.call("catalog.check_model_updates", json!({ "modelId": id(model) })).await?;
    client.out.record(&found);
    Ok(if found.get("error").is_some() { Exit::Gate } else { Exit::Done })
}

async fn end(client: &Client, begun: &Value) -> Result<Exit> {
    let ended = follow::import(client, &id(begun), text(begun, "repo")).await?;
    client.out.record(&ended);
    Ok(if text(&ended, "state") == "succeeded" { Exit::Done } else { Exit::Gate })
}
