//! `models list`: which of them, and `models families`: of which families.

use clap::Args;
use llmops_core::base::Result;
use serde_json::{Value, json};

use crate::cli::Paging;
use crate::cli::client::{Client, fields};
use crate::cli::filters::Filters;
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

const FAMILIES: &[Column] = &[
    ("FAMILY", "/name"),
    ("FOR", "/purpose"),
    ("TRAINS", "/trainable"),
    ("RUNS", "/servable"),
    ("ARCHITECTURES", "/architectures"),
];

/// What `models list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Of this type: base, fine-tuned or external.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Of this family, as `llama`.
    #[arg(long)]
    family: Option<String>,
    /// With this tag.
    #[arg(long)]
    tag: Option<String>,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    paging: Paging,
}

/// Shows them.
pub(super) async fn list(client: &Client, told: List) -> Result<()> {
    let own = [("type", told.kind), ("family", told.family), ("tag", told.tag)];
    let own = own.map(|(field, value)| (field, value.map(Value::from)));
    let request = fields(told.filters.fields().chain(own));
    client.out.rows(&client.list("catalog.list_models", request, told.paging.most()).await?, COLUMNS);
    Ok(())
}

/// Shows the families that there may be.
pub(super) async fn families(client: &Client) -> Result<()> {
    let told = client.call("catalog.list_model_families", json!({})).await?;
    client.out.rows(told["items"].as_array().map(Vec::as_slice).unwrap_or_default(), FAMILIES);
    Ok(())
}
