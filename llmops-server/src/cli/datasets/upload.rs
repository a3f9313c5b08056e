//! `datasets upload`: files, and how they are written.

use std::path::PathBuf;

use clap::Args;
use llmops_core::base::Result;
use llmops_core::cards::README;
use llmops_core::platform::local_files;
use serde_json::Value;

use crate::cli::client::{Client, fields};
use crate::cli::reference::{dataset, id};
use crate::cli::transfer;

/// What `datasets upload` is told.
#[derive(Debug, Args)]
pub(super) struct Upload {
    dataset: String,
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Lets them take the place of other files of the same names.
    #[arg(long)]
    replace: bool,
    /// `csv`, `jsonl` or `text`, if the files' endings do not tell.
    #[arg(long)]
    format: Option<String>,
    /// What they are written in, as `euc-kr` or `windows-1252`, if not in UTF-8 [default: found out].
    #[arg(long)]
    encoding: Option<String>,
    /// What separates the values of a table: `,` `;` `|` or `tab` [default: found out].
    #[arg(long, value_name = "SIGN")]
    delimiter: Option<String>,
    /// Whether a table's first line names its columns: `true` or `false` [default: found out].
    #[arg(long, value_name = "BOOL", hide_possible_values = true)]
    header: Option<bool>,
}

/// Sends them.
pub(super) async fn upload(client: &Client, told: Upload) -> Result<Value> {
    let sent = local_files(&told.files)?;
    // A tab is hard to type in a shell.
    let delimiter = told.delimiter.map(|sign| if sign == "tab" { "\t".to_owned() } else { sign });
    let to = fields([
        ("datasetId", Some(id(&dataset(client, &told.dataset).await?).into())),
        ("format", told.format.map(Value::from)),
        ("encoding", told.encoding.map(Value::from)),
        ("delimiter", delimiter.map(Value::from)),
        ("header", told.header.map(Value::from)),
    ]);
    let brings_card = sent.iter().any(|file| file.name == README);
    let answer = transfer::send(client, to, sent, told.replace).await?;
    if brings_card {
        client.out.note(&format!("{README} is the card: llmops-server datasets card {}", told.dataset));
    }
    Ok(answer)
}
