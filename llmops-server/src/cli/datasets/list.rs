//! `datasets list`: which of them.

use clap::Args;
use llmops_core::base::Result;
use serde_json::Value;

use crate::cli::Paging;
use crate::cli::client::{Client, fields};
use crate::cli::output::Column;

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

/// What `datasets list` is told. Every filter given must hold.
#[derive(Debug, Args)]
pub(super) struct List {
    /// In this status: draft, under_review, approved, rejected or deprecated.
    #[arg(long)]
    status: Option<String>,
    /// Of this type: pretrain_corpus, sft_pair, rag_qa, rlhf_pair, benchmark or other.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Of this name.
    #[arg(long)]
    name: Option<String>,
    /// Of this version.
    #[arg(long)]
    version: Option<String>,
    /// With this text in the name.
    #[arg(long)]
    text: Option<String>,
    /// Of this team.
    #[arg(long)]
    team: Option<String>,
    /// With this outcome of the search for personal data: pending, clean or failed.
    #[arg(long, value_name = "OUTCOME")]
    pii: Option<String>,
    /// Of at least this quality, 0 to 100.
    #[arg(long, value_name = "SCORE")]
    min_quality: Option<f64>,
    /// Of at most this quality, 0 to 100.
    #[arg(long, value_name = "SCORE")]
    max_quality: Option<f64>,
    /// With files whose digest begins so, in hex.
    #[arg(long)]
    digest: Option<String>,
    /// Only the newest version of each name.
    #[arg(long)]
    newest: bool,
    /// The order: createdAt, updatedAt or name; with `-` before it the other way round [default: -createdAt].
    #[arg(long, allow_hyphen_values = true, value_name = "FIELD")]
    sort: Option<String>,
    #[command(flatten)]
    paging: Paging,
}

/// Shows them.
pub(super) async fn list(client: &Client, told: List) -> Result<()> {
    let given = [
        ("status", told.status),
        ("type", told.kind),
        ("name", told.name),
        ("version", told.version),
        ("text", told.text),
        ("ownerTeam", told.team),
        ("piiScanStatus", told.pii),
        ("digest", told.digest),
        ("sort", told.sort),
    ];
    let words = given.into_iter().map(|(field, value)| (field, value.map(Value::from)));
    let others = [
        ("minQuality", told.min_quality.map(Value::from)),
        ("maxQuality", told.max_quality.map(Value::from)),
        ("newest", told.newest.then_some(true.into())),
    ];
    let request = fields(words.chain(others));
    client.out.rows(&client.list("datasets.list_datasets", request, told.paging.most()).await?, COLUMNS);
    Ok(())
}
