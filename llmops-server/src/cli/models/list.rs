//! `models list`: which of them.

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
    ("FAMILY", "/modelFamily"),
    ("STATUS", "/status"),
    ("CREATED", "/createdAt"),
    ("ID", "/id"),
];

/// What `models list` is told. Every filter given must hold.
#[derive(Debug, Args)]
pub(super) struct List {
    /// In this status: draft, under_review, approved, rejected or deprecated.
    #[arg(long)]
    status: Option<String>,
    /// Of this type: base, fine-tuned or external.
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
    /// Of this family, as `llama`.
    #[arg(long)]
    family: Option<String>,
    /// With this tag.
    #[arg(long)]
    tag: Option<String>,
    /// Of this team.
    #[arg(long)]
    team: Option<String>,
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
        ("family", told.family),
        ("tag", told.tag),
        ("ownerTeam", told.team),
        ("digest", told.digest),
        ("sort", told.sort),
    ];
    let words = given.into_iter().map(|(field, value)| (field, value.map(Value::from)));
    let request = fields(words.chain([("newest", told.newest.then_some(true.into()))]));
    client.out.rows(&client.list("catalog.list_models", request, told.paging.most()).await?, COLUMNS);
    Ok(())
}
