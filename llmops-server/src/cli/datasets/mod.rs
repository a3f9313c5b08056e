//! `datasets`: what models learn from and are measured with.

mod contamination;
mod derive;
mod differ;
mod list;
mod making;
mod policy;
mod rows;
mod show;
mod tokens;
mod upload;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use llmops_core::base::{Error, Result};
use serde_json::{Value, json};

use super::client::{Client, ClientFlags, emptied, fields, pairs, patch, tags, text};
use super::output::Column;
use super::reference::{dataset, id};
use super::{ConfigFile, Exit, follow, reviews, say, transfer, trash};

pub(super) const EXAMPLES: &str = "\
DATASET is an id, NAME:VERSION, or NAME for its newest version.

Examples:
  llmops-server datasets create capitals 1.0.0 capitals-train.csv --type sft_pair
  llmops-server datasets validate capitals:1.0.0
  llmops-server datasets validate capitals:1.0.0 --policy public-data
  llmops-server datasets list --team search --pii clean --min-quality 90 --newest
  llmops-server datasets upload capitals more.csv --delimiter tab --header false
  llmops-server datasets preview capitals --column prompt --limit 5
  llmops-server datasets rows capitals --column prompt --limit 100 --output prompts.jsonl
  llmops-server datasets rows capitals --format parquet --output capitals.parquet
  llmops-server datasets compare capitals:1.0.0 capitals:1.1.0 --key prompt
  llmops-server datasets derive capitals --as states split --train 0.8 --validation 0.1 --test 0.1 --seed 7
  llmops-server datasets derive capitals filter 'prompt|length > 20'
  llmops-server datasets derive capitals tokens --model tiny --max 2048
  llmops-server datasets tokens capitals --model tiny
  llmops-server datasets contamination capitals-test --against capitals:1.0.0 --model tiny
  llmops-server datasets submit capitals && LLMOPS_API_KEY=$REVIEWER llmops-server datasets approve capitals
  LLMOPS_API_KEY=$REVIEWER llmops-server datasets request-changes capitals --notes \"row 7 is no capital\"

Nobody approves what he made. A reviewer's key, shown once:
  llmops-server call governance.create_api_key name=ada 'roles=[\"reviewer\"]'";

pub(crate) use show::{is_sound, summary};

const FILES: &[Column] = &[
    ("PATH", "/path"),
    ("SIZE", "/bytes"),
    ("ROWS", "/rows"),
    ("FORMAT", "/format"),
    ("DELIMITER", "/delimiter"),
    ("HEADER", "/header"),
    ("FOUND OUT", "/guessed"),
    ("WAS IN", "/encoding/name"),
    ("GUESSED", "/encoding/guessed"),
    ("SHA-256", "/sha256"),
];

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
    List(list::List),
    /// Shows a dataset.
    #[command(alias = "get")]
    Show { dataset: String },
    /// Registers a dataset version, with its files if they are named.
    Create(making::Create),
    /// Shows all that a dataset came from and all that came of it.
    Lineage {
        dataset: String,
        /// How many generations, 1 to 10,000; all if absent.
        #[arg(long)]
        depth: Option<u32>,
    },
    /// Changes its card, which column plays which part, the team, or what is said to be new in it.
    Update {
        dataset: String,
        /// What it is for, as sft_pair.
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<String>,
        /// The team that answers for it; '' for none.
        #[arg(long)]
        team: Option<String>,
        /// The column that plays a part, as prompt=question; name them all.
        #[arg(long, value_name = "PART=COLUMN")]
        column: Vec<String>,
        /// What changed since the version before; '' for nothing that is told.
        #[arg(long, value_name = "TEXT")]
        change_log: Option<String>,
        /// A line of its card, as license=mit; may be given again. One without a value, as license=, goes.
        #[arg(long, value_name = "KEY=VALUE")]
        card: Vec<String>,
        /// A word to find it by, in place of those it has; may be given again, and '' is none.
        #[arg(long)]
        tag: Vec<String>,
    },
    /// Writes a dataset's card as a README.md with front matter.
    Card {
        dataset: String,
        /// Where to; `-` is standard output.
        #[arg(long, short, default_value = "-")]
        output: PathBuf,
    },
    /// Sends files of a dataset, large ones in parts: broken off and called again, it goes on where it was. A README.md is its
    /// card.
    Upload(upload::Upload),
    /// Lists the files of a dataset.
    Files { dataset: String },
    /// Writes a file of a dataset to this machine, as it came.
    Download {
        dataset: String,
        /// Its path within the dataset.
        path: String,
        /// Where to; `-` is standard output.
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
    /// Shows rows of a dataset.
    Preview {
        dataset: String,
        /// A column to show; may be given again [default: all].
        #[arg(long, value_name = "COLUMN")]
        column: Vec<String>,
        /// The row to begin with, from 0.
        #[arg(long)]
        row: Option<u64>,
        /// How many rows, 1 to 1000.
        #[arg(long, default_value_t = 10)]
        limit: u32,
    },
    /// Writes the rows of a dataset to a file or to standard output, as JSON lines, Parquet or an Arrow stream.
    Rows(rows::Rows),
    /// Validates a dataset (structure, personal data, quality) and shows what was found. Exits with 6 if it is not sound.
    Validate {
        dataset: String,
        /// The policy for personal data to hold it to [default: the one called `default`, if there is one].
        #[arg(long)]
        policy: Option<String>,
        /// Only begins the validation.
        #[arg(long)]
        detach: bool,
    },
    /// Lets the personal data that the last validation found pass, if its policy allows that.
    Waive {
        dataset: String,
        /// Why it may stay.
        #[arg(long, required_unless_present = "withdraw")]
        reason: Option<String>,
        /// Takes the waiver back.
        #[arg(long, conflicts_with = "reason")]
        withdraw: bool,
    },
    /// Policies for personal data: what is searched for, what may be found, and the least quality.
    #[command(subcommand)]
    Policy(policy::Verb),
    /// Shows what each column holds.
    Statistics { dataset: String },
    /// Says how two versions differ: rows, columns, and how the values are spread.
    Compare {
        /// What was there first.
        a: String,
        /// What it is compared with.
        b: String,
        /// A column that says which rows are the same one; may be given again.
        #[arg(long, value_name = "COLUMN")]
        key: Vec<String>,
    },
    /// Looks for the rows of a dataset in others, or in what a model learned from. Exits with 6 if some are there.
    Contamination(contamination::Contamination),
    /// Counts the tokens of a dataset with the tokenizer of a model.
    Tokens(tokens::Tokens),
    /// Lists the versions of a name, newest first: what each adds to the store, what is saved, and how it differs from the one it
    /// was made from.
    Versions { dataset: String },
    /// Makes a dataset from another: split, filter, map, dedupe, redact, sample, convert, or by numbers of tokens.
    Derive(derive::Derive),
    /// Begins a new version with the files of an old one.
    Restore {
        dataset: String,
        /// The version whose files come back, as 1.0.0.
        version: String,
    },
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
    /// Gives a dataset under review back to its author, as a draft, with what is to be changed.
    RequestChanges {
        dataset: String,
        /// What is to be changed.
        #[arg(long)]
        notes: String,
    },
    /// Lists who reviewed a dataset, and what they said, the last first.
    Reviews { dataset: String },
    /// Deletes a dataset that nothing depends on.
    Delete { dataset: String },
    /// Deleted datasets that can be brought back.
    #[command(subcommand)]
    Trash(trash::Verb),
}

pub(super) async fn run(verb: Datasets, file: &ConfigFile) -> Result<Exit> {
    let client = verb.client.connect(file)?;
    match verb.verb {
        Verb::List(told) => list::list(&client, told).await?,
        Verb::Files { dataset: of } => {
            let of = id(&dataset(&client, &of).await?);
            let files = client.list("datasets.list_dataset_files", json!({ "datasetId": of }), usize::MAX).await?;
            client.out.rows(&files, FILES);
        }
        Verb::Download { dataset: of, path, output } => {
            let request = json!({ "datasetId": id(&dataset(&client, &of).await?), "path": path });
            transfer::save(client.download("datasets.download_dataset_file", request).await?, output, client.out)
                .await?;
        }
        Verb::Reviews { dataset: of } => {
            let of = json!({ "datasetId": id(&dataset(&client, &of).await?) });
            reviews::list(&client, "datasets.list_dataset_reviews", of).await?;
        }
        Verb::Preview { dataset: of, column, row, limit } => {
            let given = [
                ("datasetId", Some(id(&dataset(&client, &of).await?).into())),
                ("columns", (!column.is_empty()).then(|| column.into())),
                ("row", row.map(Value::from)),
                ("limit", Some(limit.into())),
            ];
            show::preview(&client, &client.call("datasets.preview_dataset", fields(given)).await?);
        }
        Verb::Card { dataset: of, output } => {
            let request = json!({ "datasetId": id(&dataset(&client, &of).await?) });
            let card = client.download("datasets.download_dataset_card", request).await?;
            transfer::save(card, Some(output), client.out).await?;
        }
        Verb::Rows(told) => rows::rows(&client, told).await?,
        Verb::Statistics { dataset: of } => {
            let request = json!({ "datasetId": id(&dataset(&client, &of).await?) });
            show::statistics(&client, &client.call("datasets.get_dataset_statistics", request).await?);
        }
        Verb::Contamination(told) => return contamination::check(&client, told).await,
        Verb::Tokens(told) => tokens::count(&client, told).await?,
        Verb::Derive(told) => derive::derive(&client, told).await?,
        Verb::Versions { dataset: of } => show::versions(&client, &id(&dataset(&client, &of).await?)).await?,
        Verb::Compare { a, b, key } => differ::compare(&client, &a, &b, key).await?,
        Verb::Validate { dataset: of, policy, detach } => return validate(&client, &of, policy, detach).await,
        Verb::Trash(verb) => return trash::run(&client, trash::DATASETS, verb).await,
        Verb::Policy(verb) => policy::run(&client, verb).await?,
        Verb::Waive { dataset: of, reason, .. } => {
            let of = id(&dataset(&client, &of).await?);
            client.out.record(&policy::waive(&client, &of, reason).await?);
        }
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
        Verb::Create(told) => making::create(client, told).await,
        Verb::Update { dataset: of, kind, team, column, change_log, card, tag } => {
            let (columns, card) = (pairs("column", &column)?, patch("card", &card)?);
            let given = [
                ("datasetId", Some(id(&dataset(client, &of).await?).into())),
                ("type", kind.map(Value::from)),
                ("ownerTeam", team.map(emptied)),
                ("changeLog", change_log.map(emptied)),
                ("columns", Some(Value::Object(columns)).filter(|_| !column.is_empty())),
                ("metadata", Some(card).filter(|card| !card.is_empty()).map(Value::Object)),
                ("tags", tags(tag)),
            ];
            client.call("datasets.update_dataset", fields(given)).await
        }
        Verb::Upload(told) => upload::upload(client, told).await,
        Verb::Submit { dataset: of } => submit(client, &dataset(client, &of).await?).await,
        Verb::Approve { dataset: of, notes } => review(client, &dataset(client, &of).await?, "approve", notes).await,
        Verb::Reject { dataset: of, notes } => {
            review(client, &dataset(client, &of).await?, "reject", Some(notes)).await
        }
        Verb::RequestChanges { dataset: of, notes } => {
            review(client, &dataset(client, &of).await?, "request_changes", Some(notes)).await
        }
        Verb::Lineage { dataset: of, depth } => {
            let request = json!({ "datasetId": id(&dataset(client, &of).await?), "depth": depth });
            client.call("datasets.get_dataset_lineage", request).await
        }
        Verb::Delete { dataset: of } => by_id("datasets.delete_dataset", &of).await,
        Verb::Restore { dataset: of, version } => {
            let request = json!({ "datasetId": id(&dataset(client, &of).await?), "version": version });
            client.call("datasets.restore_dataset_version", request).await
        }
        Verb::Show { dataset: of } => dataset(client, &of).await,
        _ => Ok(Value::Null),
    }
}

async fn validate(client: &Client, of: &str, policy: Option<String>, detach: bool) -> Result<Exit> {
    let of = dataset(client, of).await?;
    let request = fields([("datasetId", Some(id(&of).into())), ("policy", policy.map(Value::from))]);
    let begun = client.call("datasets.validate_dataset", request).await?;
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
        say(&summary(&ended))
    }
    Ok(if is_sound(&ended) { Exit::Done } else { Exit::Gate })
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
