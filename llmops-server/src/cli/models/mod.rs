//! `models`: what exists.

mod alias;
mod approval;
mod external;
mod list;
mod outgoing;
mod remote;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use llmops_core::base::{Error, Result};
use llmops_core::platform::local_files;
use serde_json::{Map, Value, json};

use super::client::{Client, ClientFlags, emptied, fields, pairs, patch, tags, text};
use super::output::Column;
use super::reference::{id, model};
use super::{ConfigFile, Exit, reviews, transfer, trash};

pub(super) const EXAMPLES: &str = "\
MODEL is an id, NAME:VERSION, NAME@ALIAS, or NAME for its newest version. Where a name has a version in several types,
NAME:VERSION:TYPE says which.

Examples:
  llmops-server models list --status approved
  llmops-server models list --family llama --tag korean --newest --sort name
  llmops-server models create tiny 1.0.0 config.json model.safetensors --card license=Apache-2.0
  llmops-server models create claude 1.0.0 --type external --provider anthropic --model-name NAME --api-key-file key.txt
  llmops-server models import Qwen/Qwen2.5-0.5B-Instruct --as qwen:1.0.0
  llmops-server models alias set tiny production 1.0.0 && llmops-server models show tiny@production
  llmops-server models gates tiny:1.0.0
  llmops-server models submit tiny:1.0.0 && LLMOPS_API_KEY=$REVIEWER llmops-server models approve tiny:1.0.0
  LLMOPS_API_KEY=$REVIEWER llmops-server models request-changes tiny --notes \"say what it is not for\"

Nobody approves what he made. A reviewer's key, shown once:
  llmops-server call governance.create_api_key name=ada 'roles=[\"reviewer\"]'";

const FILES: &[Column] = &[
    ("PATH", "/path"),
    ("SIZE", "/bytes"),
    ("FORMAT", "/format"),
    ("STATE", "/state"),
    ("IMPORTS", "/scan/unsafeImports"),
    ("SHA-256", "/sha256"),
];

/// What `models` is told.
#[derive(Debug, Args)]
pub(super) struct Models {
    #[command(flatten)]
    client: ClientFlags,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Lists models, newest first.
    List(list::List),
    /// Lists the families that models may be of, with the architectures that each has.
    Families,
    /// Shows a model.
    #[command(alias = "get")]
    Show { model: String },
    /// Registers a model version, with its files if they are named.
    Create {
        name: String,
        version: String,
        /// Its files, or folders of them: config.json and safetensors weights, or one GGUF file.
        files: Vec<PathBuf>,
        /// base, fine-tuned or external.
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<String>,
        /// The family of its architecture, as `llama`.
        #[arg(long)]
        family: Option<String>,
        /// The team that answers for it.
        #[arg(long)]
        team: Option<String>,
        /// A line of its card, as purpose, scope, contact or license, which a review needs; may be given again.
        #[arg(long, value_name = "KEY=VALUE")]
        card: Vec<String>,
        /// A word to find it by; may be given again.
        #[arg(long)]
        tag: Vec<String>,
        #[command(flatten)]
        external: external::External,
    },
    /// Changes a model's card, tags or team.
    Update {
        model: String,
        /// The team that answers for it; '' for none.
        #[arg(long)]
        team: Option<String>,
        /// The family of its architecture, while it is a draft.
        #[arg(long)]
        family: Option<String>,
        /// A line of its card; may be given again. One without a value, as license=, goes.
        #[arg(long, value_name = "KEY=VALUE")]
        card: Vec<String>,
        /// A word to find it by, in place of those it has; may be given again, and '' is none.
        #[arg(long)]
        tag: Vec<String>,
        #[command(flatten)]
        external: external::External,
    },
    /// Asks the provider of an external model whether it answers, takes the key and offers the model.
    Test { model: String },
    /// Takes a model over from the Hugging Face Hub or another registry.
    Import(remote::Import),
    /// Models on their way from a registry.
    #[command(subcommand)]
    Imports(remote::Verb),
    /// Sends an approved model to the Hugging Face Hub or another registry.
    Export(outgoing::Export),
    /// Models on their way to a registry.
    #[command(subcommand)]
    Exports(outgoing::Verb),
    /// Asks the registry that a model came from whether there is a newer one.
    CheckUpdates { model: String },
    /// Looks for models here and in a registry.
    Search(remote::Search),
    /// Sends files of a model, large ones in parts: broken off and called again, it goes on where it was.
    Upload {
        model: String,
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Lets them take the place of other files of the same names.
        #[arg(long)]
        replace: bool,
    },
    /// Lists the files of a model.
    Files { model: String },
    /// Writes a file of a model to this machine, if its bytes have the digest that they are to have.
    Download {
        model: String,
        /// Its path within the model.
        path: String,
        /// Where to; `-` is standard output.
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
    /// Writes a model's card as a README.md with front matter.
    Card {
        model: String,
        /// Where to; `-` is standard output.
        #[arg(long, short, default_value = "-")]
        output: PathBuf,
    },
    /// Says what stands between a model and its approval, gate by gate. Exits with 6 if one did not pass.
    Gates { model: String },
    /// What models of the project must have before they are approved: evaluations, licenses, approvals.
    #[command(subcommand)]
    Policy(approval::Verb),
    /// Hands a model to the reviewers.
    Submit { model: String },
    /// Approves a model under review, with the key of somebody who did not make it.
    Approve {
        model: String,
        /// Why.
        #[arg(long)]
        notes: Option<String>,
        /// Says that you have read the programs that the model brings.
        #[arg(long)]
        code_reviewed: bool,
    },
    /// Rejects a model under review.
    Reject {
        model: String,
        /// Why.
        #[arg(long)]
        notes: String,
    },
    /// Gives a model under review back to its author, as a draft, with what is to be changed.
    RequestChanges {
        model: String,
        /// What is to be changed.
        #[arg(long)]
        notes: String,
    },
    /// Lists who reviewed a model, and what they said, the last first.
    Reviews { model: String },
    /// Reads every file again and compares its digest. Exits with 6 if one is damaged.
    Verify { model: String },
    /// Shows all that a model came from and all that came of it.
    Lineage {
        model: String,
        /// How many generations, 1 to 10,000; all if absent.
        #[arg(long)]
        depth: Option<u32>,
    },
    /// Shows in what two versions of a name differ: card, files and scores.
    Compare {
        model: String,
        /// The version to compare it to; the one before it, if absent.
        with: Option<String>,
    },
    /// Names for versions, as `production`.
    #[command(subcommand)]
    Alias(alias::Verb),
    /// Deletes a model that nothing depends on.
    Delete { model: String },
    /// Deleted models that can be brought back.
    #[command(subcommand)]
    Trash(trash::Verb),
}

pub(super) async fn run(verb: Models, file: &ConfigFile) -> Result<Exit> {
    let client = verb.client.connect(file)?;
    match verb.verb {
        Verb::List(told) => list::list(&client, told).await?,
        Verb::Families => list::families(&client).await?,
        Verb::Files { model: of } => {
            let of = id(&model(&client, &of).await?);
            let files = client.list("catalog.list_model_files", json!({ "modelId": of }), usize::MAX).await?;
            client.out.rows(&files, FILES);
        }
        Verb::Download { model: of, path, output } => {
            let request = json!({ "modelId": id(&model(&client, &of).await?), "path": path });
            transfer::save(client.download("catalog.download_model_file", request).await?, output, client.out).await?;
        }
        Verb::Card { model: of, output } => {
            let request = json!({ "modelId": id(&model(&client, &of).await?) });
            let card = client.download("catalog.download_model_card", request).await?;
            transfer::save(card, Some(output), client.out).await?;
        }
        Verb::Alias(verb) => alias::run(&client, verb).await?,
        Verb::Reviews { model: of } => {
            let of = json!({ "modelId": id(&model(&client, &of).await?) });
            reviews::list(&client, "catalog.list_model_reviews", of).await?;
        }
        Verb::Gates { model: of } => return approval::gates(&client, &of).await,
        Verb::Policy(verb) => approval::run(&client, verb).await?,
        Verb::Test { model: of } => {
            let request = json!({ "modelId": id(&model(&client, &of).await?) });
            let tested = client.call("catalog.test_model", request).await?;
            client.out.record(&tested);
            return Ok(if tested["ok"] == true { Exit::Done } else { Exit::Gate });
        }
        Verb::Verify { model: of } => {
            let request = json!({ "modelId": id(&model(&client, &of).await?) });
            let found = client.call("catalog.verify_model", request).await?;
            client.out.record(&found);
            return Ok(if found["verified"] == true { Exit::Done } else { Exit::Gate });
        }
        Verb::Import(verb) => return remote::import(&client, verb).await,
        Verb::Imports(verb) => return remote::run(&client, verb).await,
        Verb::Trash(verb) => return trash::run(&client, trash::MODELS, verb).await,
        Verb::Export(verb) => return outgoing::export(&client, verb).await,
        Verb::Exports(verb) => return outgoing::run(&client, verb).await,
        Verb::Search(verb) => return remote::search(&client, verb).await,
        Verb::CheckUpdates { model: of } => return remote::check_updates(&client, &model(&client, &of).await?).await,
        verb => client.out.record(&one(&client, verb).await?),
    }
    Ok(Exit::Done)
}

/// The verbs that answer with one record.
async fn one(client: &Client, verb: Verb) -> Result<Value> {
    let by_id = async |operation: &str, of: &str| {
        client.call(operation, json!({ "modelId": id(&model(client, of).await?) })).await
    };
    match verb {
        Verb::Create { name, version, files, kind, family, team, card, tag, external } => {
            let given = [
                ("name", Some(name.into())),
                ("version", Some(version.into())),
                ("type", kind.map(Value::from)),
                ("modelFamily", family.map(Value::from)),
                ("ownerTeam", team.map(Value::from)),
                ("metadata", Some(Value::Object(external.add_to(pairs("card", &card)?)?))),
                ("tags", tags(tag)),
            ];
            let sent = if files.is_empty() { None } else { Some(local_files(&files)?) };
            let made = client.call("catalog.create_model", fields(given)).await?;
            let Some(sent) = sent else { return Ok(made) };
            transfer::send(client, to(&made), sent, false).await.map_err(|error| {
                let next = error.hint_text().map(|hint| format!("{hint}; ")).unwrap_or_default();
                error.hint(format!(
                    "{next}the model is there without the file: `llmops-server models upload {}`",
                    id(&made)
                ))
            })?;
            by_id("catalog.get_model", &id(&made)).await
        }
        Verb::Update { model: of, team, family, card, tag, external } => {
            let card = external.add_to(patch("card", &card)?)?;
            let given = [
                ("modelId", Some(id(&model(client, &of).await?).into())),
                ("ownerTeam", team.map(emptied)),
                ("modelFamily", family.map(Value::from)),
                ("metadata", Some(card).filter(|card: &Map<_, _>| !card.is_empty()).map(Value::Object)),
                ("tags", tags(tag)),
            ];
            client.call("catalog.update_model", fields(given)).await
        }
        Verb::Upload { model: of, files, replace } => {
            let sent = local_files(&files)?;
            transfer::send(client, to(&model(client, &of).await?), sent, replace).await
        }
        Verb::Submit { model: of } => submit(client, &model(client, &of).await?).await,
        Verb::Approve { model: of, notes, code_reviewed } => {
            approve(client, &model(client, &of).await?, notes, code_reviewed).await
        }
        Verb::Reject { model: of, notes } => review(client, &model(client, &of).await?, "reject", Some(notes)).await,
        Verb::RequestChanges { model: of, notes } => {
            review(client, &model(client, &of).await?, "request_changes", Some(notes)).await
        }
        Verb::Lineage { model: of, depth } => lineage(client, &model(client, &of).await?, depth).await,
        Verb::Delete { model: of } => by_id("catalog.delete_model", &of).await,
        Verb::Show { model: of } | Verb::Files { model: of } | Verb::Download { model: of, .. } => {
            model(client, &of).await
        }
        Verb::Compare { model: of, with } => compare(client, &model(client, &of).await?, with).await,
        _ => Ok(Value::Null),
    }
}

/// All that a model came from and all that came of it.
async fn lineage(client: &Client, model: &Value, depth: Option<u32>) -> Result<Value> {
    client.call("catalog.get_model_lineage", json!({ "modelId": id(model), "depth": depth })).await
}

/// What became of a model since another version, or since the one before it.
async fn compare(client: &Client, model: &Value, with: Option<String>) -> Result<Value> {
    let before = match with {
        Some(version) => version,
        None => {
            let versions =
                client.list("catalog.list_model_versions", json!({ "modelId": id(model) }), usize::MAX).await?;
            let older = versions.iter().skip_while(|one| id(one) != id(model)).nth(1);
            let none = || Error::not_found("model", format!("a version before {}", text(model, "version")));
            text(older.ok_or_else(|| none().hint("it is the first of its name"))?, "version").to_owned()
        }
    };
    let request = json!({ "modelId": id(model), "a": before, "b": text(model, "version") });
    client.call("catalog.compare_model_versions", request).await
}

/// Where files of a model go.
pub(crate) fn to(model: &Value) -> Value {
    json!({ "modelId": id(model) })
}

/// Hands a model to the reviewers.
pub(crate) async fn submit(client: &Client, model: &Value) -> Result<Value> {
    let request = json!({ "modelId": id(model), "status": "under_review" });
    client.call("catalog.set_model_status", request).await.map_err(|error| match error.field_name() {
        Some("metadata") => error.hint(format!(
            "llmops-server models update {} --card KEY=VALUE, once for each of these",
            text(model, "name")
        )),
        _ => error,
    })
}

/// Approves the very bytes that this record speaks of.
async fn approve(client: &Client, model: &Value, notes: Option<String>, code_reviewed: bool) -> Result<Value> {
    let mut request = decision(model, "approve", notes);
    if code_reviewed {
        request["codeReviewed"] = true.into();
    }
    client.call("catalog.review_model", request).await
}

/// Decides on the very bytes that this record speaks of.
pub(crate) async fn review(client: &Client, model: &Value, word: &str, notes: Option<String>) -> Result<Value> {
    client.call("catalog.review_model", decision(model, word, notes)).await
}

fn decision(model: &Value, word: &str, notes: Option<String>) -> Value {
    fields([
        ("modelId", Some(id(model).into())),
        ("version", model.get("version").cloned()),
        ("decision", Some(word.into())),
        ("notes", notes.map(Value::from)),
        ("digest", model.get("digest").filter(|digest| digest.is_string()).cloned()),
    ])
}
