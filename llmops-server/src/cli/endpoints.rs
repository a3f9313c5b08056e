//! `deploy` and `endpoints`: models that answer.

use clap::{Args, Subcommand};
use llmops_core::base::{Error, Result};
use serde_json::{Value, json};

use super::client::{Client, ClientFlags, fields, text};
use super::output::Column;
use super::reference::{endpoint, id, model};
use super::{ConfigFile, Exit, Paging, follow, train};

pub(super) const DEPLOY_EXAMPLES: &str = "\
Examples:
  llmops-server deploy capitals-tuned --route chat
  llmops-server deploy capitals-tuned:2.0.0 --route chat --environment prod --replicas 2 --rollback-plan 'redeploy 1.0.0'";
pub(super) const EXAMPLES: &str = "\
ENDPOINT is an id, a route, or ENVIRONMENT/ROUTE.

Examples:
  llmops-server endpoints list
  llmops-server endpoints redeploy chat --model capitals-tuned:2.0.0
  llmops-server endpoints rollback chat";

const COLUMNS: &[Column] = &[
    ("ROUTE", "/route"),
    ("ENVIRONMENT", "/environment"),
    ("MODEL", "/modelName"),
    ("VERSION", "/modelVersion"),
    ("STATUS", "/status"),
    ("READY", "/replicas/ready"),
    ("OF", "/replicas/total"),
    ("REVISION", "/revision"),
    ("ID", "/id"),
];
const REVISIONS: &[Column] = &[
    ("REVISION", "/revision"),
    ("ACTIVE", "/active"),
    ("MODEL", "/modelName"),
    ("VERSION", "/modelVersion"),
    ("CREATED", "/createdAt"),
];

/// What a person wants to know of an endpoint.
const SHOWN: &[Column] = &[
    ("route", "/route"),
    ("environment", "/environment"),
    ("status", "/status"),
    ("reason", "/statusReason"),
    ("model", "/modelName"),
    ("version", "/modelVersion"),
    ("revision", "/revision"),
    ("replicas", "/replicas/total"),
    ("ready", "/replicas/ready"),
    ("endpoint", "/id"),
];

/// What `deploy` is told.
#[derive(Debug, Args)]
pub(super) struct Deploy {
    /// The approved model: an id, NAME:VERSION or NAME.
    model: String,
    /// The name it is called by.
    #[arg(long)]
    route: String,
    /// dev, stg or prod.
    #[arg(long)]
    environment: Option<String>,
    /// How many processes answer.
    #[arg(long)]
    replicas: Option<u32>,
    /// How to go back, in words; production needs one.
    #[arg(long)]
    rollback_plan: Option<String>,
    /// Does not wait until it answers.
    #[arg(long)]
    detach: bool,
    /// Checks everything and deploys nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    client: ClientFlags,
}

/// What `endpoints` is told.
#[derive(Debug, Args)]
pub(super) struct Endpoints {
    #[command(flatten)]
    client: ClientFlags,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Lists endpoints, newest first.
    List {
        /// In this environment: dev, stg or prod.
        #[arg(long)]
        environment: Option<String>,
        /// With this text in the route.
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        paging: Paging,
    },
    /// Shows an endpoint.
    #[command(alias = "get")]
    Show { endpoint: String },
    /// Follows an endpoint until it answers, fails, is stopped or is gone.
    Watch { endpoint: String },
    /// Prints what its processes wrote.
    Logs {
        endpoint: String,
        /// Goes on.
        #[arg(long, short)]
        follow: bool,
    },
    /// Lists what was deployed under its route, newest first.
    Revisions { endpoint: String },
    /// Deploys another model under the same route; requests under way are not lost.
    Redeploy {
        endpoint: String,
        /// The model; the same again if absent.
        #[arg(long)]
        model: Option<String>,
    },
    /// Goes back to the revision before, or to the one named.
    Rollback {
        endpoint: String,
        #[arg(long)]
        revision: Option<u32>,
    },
    /// Lets so many processes answer.
    Scale { endpoint: String, replicas: u32 },
    /// Ends its processes; the endpoint stays.
    Stop {
        endpoint: String,
        /// Does not wait until they have ended.
        #[arg(long)]
        detach: bool,
    },
    /// Starts them again.
    Start { endpoint: String },
    /// Deletes an endpoint: ends its processes, then it is gone.
    Delete {
        endpoint: String,
        /// Does not wait until it is gone.
        #[arg(long)]
        detach: bool,
    },
}

pub(super) async fn deploy(verb: Deploy, file: &ConfigFile) -> Result<Exit> {
    let client = verb.client.connect(file)?;
    let given = [
        ("modelId", Some(id(&model(&client, &verb.model).await?).into())),
        ("route", Some(verb.route.into())),
        ("environment", verb.environment.map(Value::from)),
        ("minReplicas", verb.replicas.map(Value::from)),
        ("rollbackPlan", verb.rollback_plan.map(Value::from)),
        ("dryRun", verb.dry_run.then_some(true.into())),
    ];
    let deployed = client.call("serving.deploy_endpoint", fields(given)).await?;
    if verb.detach || verb.dry_run {
        client.out.record(&deployed);
        return Ok(Exit::Done);
    }
    let answers = watch(&client, &deployed, "deploying").await?;
    let route = text(&deployed, "route").trim_start_matches('/');
    client.out.note(&format!("talk to it: llmops-server chat {route} 'Hello'"));
    Ok(answers)
}

pub(super) async fn run(verb: Endpoints, file: &ConfigFile) -> Result<Exit> {
    let client = verb.client.connect(file)?;
    let change = async |operation: &str, of: &str, more: Value| {
        let mut request = more;
        request["endpointId"] = id(&endpoint(&client, of).await?).into();
        client.call(operation, request).await
    };
    match verb.verb {
        Verb::List { environment, text, paging } => {
            let request = fields([("environment", environment.map(Value::from)), ("text", text.map(Value::from))]);
            client.out.rows(&client.list("serving.list_endpoints", request, paging.most()).await?, COLUMNS);
        }
        Verb::Show { endpoint: of } => client.out.record(&endpoint(&client, &of).await?),
        Verb::Watch { endpoint: of } => return watch(&client, &endpoint(&client, &of).await?, "following").await,
        Verb::Logs { endpoint: of, follow } => {
            let request = json!({ "endpointId": id(&endpoint(&client, &of).await?), "follow": follow });
            return train::print_lines(&client, "serving.stream_endpoint_logs", request).await;
        }
        Verb::Revisions { endpoint: of } => {
            let request = json!({ "endpointId": id(&endpoint(&client, &of).await?) });
            client.out.rows(&client.list("serving.list_endpoint_revisions", request, usize::MAX).await?, REVISIONS);
        }
        Verb::Redeploy { endpoint: of, model: to } => {
            let to = match to {
                Some(name) => Some(id(&model(&client, &name).await?).into()),
                None => None,
            };
            let changed = change("serving.redeploy_endpoint", &of, fields([("modelId", to)])).await?;
            return watch(&client, &changed, "deploying").await;
        }
        Verb::Rollback { endpoint: of, revision } => {
            let request = fields([("revision", revision.map(Value::from))]);
            let changed = change("serving.rollback_endpoint", &of, request).await.map_err(|e| which(e, &of))?;
            return watch(&client, &changed, "rolling back").await;
        }
        Verb::Scale { endpoint: of, replicas } => {
            let changed = change("serving.update_endpoint", &of, json!({ "minReplicas": replicas })).await?;
            client.out.brief(&changed, SHOWN);
        }
        Verb::Stop { endpoint: of, detach } => {
            let changed = change("serving.update_endpoint", &of, json!({ "status": "stopped" })).await?;
            if !detach {
                return watch(&client, &changed, "stopping").await;
            }
            client.out.brief(&changed, SHOWN);
        }
        Verb::Start { endpoint: of } => {
            let changed = change("serving.update_endpoint", &of, json!({ "status": "running" })).await?;
            return watch(&client, &changed, "starting").await;
        }
        Verb::Delete { endpoint: of, detach } => {
            let changed = change("serving.delete_endpoint", &of, json!({})).await?;
            if !detach {
                return watch(&client, &changed, "deleting").await;
            }
            client.out.brief(&changed, SHOWN);
        }
    }
    Ok(Exit::Done)
}

/// Says where the revisions are to be seen when the one named is not among them.
fn which(error: Error, endpoint: &str) -> Error {
    match error.field_name() {
        Some("revision") => error.hint(format!("llmops-server endpoints revisions {endpoint}")),
        _ => error,
    }
}

/// Follows an endpoint until it is at rest, and shows how it is. It fails where the endpoint should answer and does not.
async fn watch(client: &Client, endpoint: &Value, doing: &str) -> Result<Exit> {
    let label = format!("{doing} {}", text(endpoint, "route"));
    let Some(settled) = follow::endpoint_or_gone(client, &id(endpoint), &label).await? else {
        client
            .out
            .line(&json!({ "id": id(endpoint), "deleted": true }), |_| format!("{} is gone", text(endpoint, "route")));
        return Ok(Exit::Done);
    };
    client.out.brief(&settled, SHOWN);
    if text(endpoint, "status") != "stopped" {
        check(&settled)?;
    }
    Ok(Exit::Done)
}

/// Refuses an endpoint that does not answer.
pub(crate) fn check(endpoint: &Value) -> Result<()> {
    if text(endpoint, "status") == "healthy" {
        return Ok(());
    }
    let route = text(endpoint, "route");
    let said = format!("the endpoint {route} is {}: {}", text(endpoint, "status"), text(endpoint, "statusReason"));
    Err(Error::unexpected(said).code("endpoint_down").hint(format!("llmops-server endpoints logs {route}")))
}
