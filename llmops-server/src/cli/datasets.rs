//! `datasets`: what models learn from and are measured with.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use llmops_core::base::{Error, Result};
use serde_json::{Value, json};

use super::client::{Client, ClientFlags, fields, pairs, parts, text};
use super::output::{Column, decimal};
use super::reference::{dataset, id};
use super::{ConfigFile, Exit, Paging, follow};

pub(super) const EXAMPLES: &str = "\
DATASET is an id, NAME:VERSION, or NAME for its newest version.

Examples:
  llmops-server datasets create capitals 1.0.0 capitals-train.csv --type sft_pair
  llmops-server datasets validate capitals:1.0.0
  llmops-server datasets preview capitals --limit 5
  llmops-server datasets submit capitals && LLMOPS_API_KEY=$REVIEWER llmops-server datasets approve capitals";

const COLUMNS: &[Column] = &[
    ("NAME", "/name"),
    ("VERSION", "/version"),
    ("TYPE", "/type"),
    ("STATUS", "/status"),
    ("ROWS", "/rows"),
    ("SIZE", "/bytes"),
    ("PII", "/piiScanStatus"),
    ("QUALITY", "/qualityScore"),
    ("ID", "/id"),
];
const FILES: &[Column] =
    &[("PATH", "/path"), ("SIZE", "/bytes"), ("ROWS", "/rows"), ("FORMAT", "/format"), ("SHA-256", "/sha256")];

/// What `datasets` is told.
#[derive(Debug, Args)]
pub(super) struct Datasets {
    #[command(flatten)]
    client: ClientFlags,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Lists datasets, newest first.
    List {
        /// In this status: draft, under_review, approved, rejected or deprecated.
        #[arg(long)]
        status: Option<String>,
        /// Of this type: pretrain_corpus, sft_pair, rag_qa, rlhf_pair, benchmark or other.
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<String>,
        /// Of this name.
        #[arg(long)]
        name: Option<String>,
        /// With this text in the name.
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        paging: Paging,
    },
    /// Shows a dataset.
    Show { dataset: String },
    /// Registers a dataset version, with its files if they are named.
    Create {
        name: String,
        version: String,
        /// Its files: CSV, JSON lines or plain text in UTF-8.
        files: Vec<PathBuf>,
        /// What it is for: pretrain_corpus, sft_pair, rag_qa, rlhf_pair, benchmark or other.
        #[arg(long = "type", value_name = "TYPE")]
        kind: String,
        /// The team that answers for it.
        #[arg(long)]
        team: Option<String>,
        /// The column that plays a part, as prompt=question; may be given again.
        #[arg(long, value_name = "PART=COLUMN")]
        column: Vec<String>,
    },
    /// Sends files of a dataset.
    Upload {
        dataset: String,
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Lists the files of a dataset.
    Files { dataset: String },
    /// Shows rows of a dataset.
    Preview {
        dataset: String,
        /// How many rows, 1 to 1000.
        #[arg(long, default_value_t = 10)]
        limit: u32,
    },
    /// Validates a dataset (structure, personal data, quality) and shows what was found. Exits with 6 if it is not sound.
    Validate {
        dataset: String,
        /// Only begins the validation.
        #[arg(long)]
        detach: bool,
    },
    /// Shows what each column holds.
    Statistics { dataset: String },
    /// Hands a dataset to the reviewers.
    Submit { dataset: String },
    /// Approves a dataset under review, with the key of somebody who did not make it.
    Approve {
        dataset: String,
        /// Why.
        #[arg(long)]
        notes: Option<String>,
    },
    /// Rejects a dataset under review.
    Reject {
        dataset: String,
        /// Why.
        #[arg(long)]
        notes: String,
    },
    /// Deletes a dataset that nothing depends on.
    Delete { dataset: String },
}

pub(super) async fn run(verb: Datasets, file: &ConfigFile) -> Result<Exit> {
    let client = verb.client.connect(file)?;
    match verb.verb {
        Verb::List { status, kind, name, text, paging } => {
            let given = [("status", status), ("type", kind), ("name", name), ("text", text)];
            let request = fields(given.map(|(field, value)| (field, value.map(Value::from))));
            client.out.rows(&client.list("datasets.list_datasets", request, paging.most()).await?, COLUMNS);
        }
        Verb::Files { dataset: of } => {
            let of = id(&dataset(&client, &of).await?);
            let files = client.list("datasets.list_dataset_files", json!({ "datasetId": of }), usize::MAX).await?;
            client.out.rows(&files, FILES);
        }
        Verb::Validate { dataset: of, detach } => return validate(&client, &of, detach).await,
        verb => client.out.record(&one(&client, verb).await?),
    }
    Ok(Exit::Done)
}

/// The verbs that answer with one record.
async fn one(client: &Client, verb: Verb) -> Result<Value> {
    let by_id = async |operation: &str, of: &str| {
        client.call(operation, json!({ "datasetId": id(&dataset(client, of).await?) })).await
    };
    match verb {
        Verb::Create { name, version, files, kind, team, column } => {
            let given = [
                ("name", Some(name.into())),
                ("version", Some(version.into())),
                ("type", Some(kind.into())),
                ("ownerTeam", team.map(Value::from)),
                ("columns", Some(Value::Object(pairs("column", &column)?))),
            ];
            let made = client.call("datasets.create_dataset", fields(given)).await?;
            if files.is_empty() {
                return Ok(made);
            }
            upload(client, &made, &files).await?;
            by_id("datasets.get_dataset", &id(&made)).await
        }
        Verb::Upload { dataset: of, files } => upload(client, &dataset(client, &of).await?, &files).await,
        Verb::Preview { dataset: of, limit } => {
            let request = json!({ "datasetId": id(&dataset(client, &of).await?), "limit": limit });
            client.call("datasets.preview_dataset", request).await
        }
        Verb::Statistics { dataset: of } => by_id("datasets.get_dataset_statistics", &of).await,
        Verb::Submit { dataset: of } => submit(client, &dataset(client, &of).await?).await,
        Verb::Approve { dataset: of, notes } => review(client, &dataset(client, &of).await?, "approve", notes).await,
        Verb::Reject { dataset: of, notes } => {
            review(client, &dataset(client, &of).await?, "reject", Some(notes)).await
        }
        Verb::Delete { dataset: of } => by_id("datasets.delete_dataset", &of).await,
        Verb::Show { dataset: of } | Verb::Files { dataset: of } | Verb::Validate { dataset: of, .. } => {
            dataset(client, &of).await
        }
        Verb::List { .. } => Ok(Value::Null),
    }
}

async fn validate(client: &Client, of: &str, detach: bool) -> Result<Exit> {
    let of = dataset(client, of).await?;
    let begun = client.call("datasets.validate_dataset", json!({ "datasetId": id(&of) })).await?;
    if detach {
        client.out.record(&begun);
        return Ok(Exit::Done);
    }
    let ended = follow::validation(client, &id(&of), &format!("validating {}", text(&of, "name"))).await?;
    if text(&ended, "state") == "failed" {
        return Err(Error::unexpected(format!("the validation failed: {}", text(&ended, "error"))));
    }
    if client.out.is_json() {
        client.out.record(&ended)
    } else {
        super::say(&summary(&ended))
    }
    Ok(if is_sound(&ended) { Exit::Done } else { Exit::Gate })
}

/// Whether a report leaves nothing to mend.
pub(crate) fn is_sound(validation: &Value) -> bool {
    let holds = |pointer: &str| validation.pointer(pointer).and_then(Value::as_bool).unwrap_or_default();
    let number = |pointer: &str| validation.pointer(pointer).and_then(Value::as_f64).unwrap_or_default();
    holds("/report/structure/valid")
        && holds("/report/pii/clean")
        && number("/report/quality/score") >= number("/report/quality/threshold")
}

/// A report in a few lines.
pub(crate) fn summary(validation: &Value) -> String {
    let at = |pointer: &str| validation.pointer(pointer).cloned().unwrap_or_default();
    let score = at("/report/quality/score").as_f64().unwrap_or_default();
    let mut lines = vec![format!(
        "{} rows, {} that cannot be read; personal data found {} times; quality {} of 100",
        at("/report/structure/rows"),
        at("/report/structure/badRows"),
        at("/report/pii/total"),
        decimal(score)
    )];
    let advice = at("/report/recommendations");
    lines.extend(advice.as_array().into_iter().flatten().filter_map(Value::as_str).map(|one| format!("- {one}")));
    lines.join("\n")
}

async fn upload(client: &Client, dataset: &Value, files: &[PathBuf]) -> Result<Value> {
    client.upload("datasets.upload_dataset_files", json!({ "datasetId": id(dataset) }), parts(files).await?).await
}

/// Hands a dataset to the reviewers.
pub(crate) async fn submit(client: &Client, dataset: &Value) -> Result<Value> {
    client.call("datasets.set_dataset_status", json!({ "datasetId": id(dataset), "status": "under_review" })).await
}

/// Decides on the very bytes that this record speaks of.
pub(crate) async fn review(client: &Client, dataset: &Value, decision: &str, notes: Option<String>) -> Result<Value> {
    let given = [
        ("datasetId", Some(id(dataset).into())),
        ("version", dataset.get("version").cloned()),
        ("decision", Some(decision.into())),
        ("notes", notes.map(Value::from)),
        ("digest", dataset.get("digest").filter(|digest| digest.is_string()).cloned()),
    ];
    client.call("datasets.review_dataset", fields(given)).await
}
