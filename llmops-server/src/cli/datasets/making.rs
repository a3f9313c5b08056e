//! `datasets create`: a version, and its files and card.

use std::path::PathBuf;

use clap::Args;
use llmops_core::base::Result;
use llmops_core::platform::local_files;
use serde_json::{Value, json};

use super::super::client::{Client, fields, pairs, tags};
use super::super::reference::id;
use super::super::transfer;

/// What `datasets create` is told.
#[derive(Debug, Args)]
pub(super) struct Create {
    name: String,
    version: String,
    /// Its files, or folders of them: CSV, JSON lines, Parquet or plain text. A README.md is its card.
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
    /// A line of its card, as license=mit; may be given again.
    #[arg(long, value_name = "KEY=VALUE")]
    card: Vec<String>,
    /// A word to find it by; may be given again.
    #[arg(long)]
    tag: Vec<String>,
}

pub(super) async fn create(client: &Client, told: Create) -> Result<Value> {
    let given = [
        ("name", Some(told.name.into())),
        ("version", Some(told.version.into())),
        ("type", Some(told.kind.into())),
        ("ownerTeam", told.team.map(Value::from)),
        ("columns", Some(Value::Object(pairs("column", &told.column)?))),
        ("metadata", Some(Value::Object(pairs("card", &told.card)?))),
        ("tags", tags(told.tag)),
    ];
    let sent = if told.files.is_empty() { None } else { Some(local_files(&told.files)?) };
    let made = client.call("datasets.create_dataset", fields(given)).await?;
    let Some(sent) = sent else { return Ok(made) };
    let to = json!({ "datasetId": id(&made) });
    transfer::send(client, to.clone(), sent, false).await.map_err(|error| {
        let next = error.hint_text().map(|hint| format!("{hint}; ")).unwrap_or_default();
        let upload = format!("llmops-server datasets upload {}", id(&made));
        error.hint(format!("{next}the dataset is there without the file: `{upload}`"))
    })?;
    client.call("datasets.get_dataset", to).await
}
