//! `datasets list`: which of them.

use clap::Args;
use llmops_core::base::Result;
use serde_json::Value;

use crate::cli::Paging;
use crate::cli::client::{Client, fields};
use crate::cli::filters::Filters;
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

/// What `datasets list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Of this type: pretrain_corpus, sft_pair, rag_qa, rlhf_pair, benchmark or other.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// With this outcome of the search for personal data: pending, clean or failed.
    #[arg(long, value_name = "OUTCOME")]
    pii: Option<String>,
    /// Of at least this quality, 0 to 100.
    #[arg(long, value_name = "SCORE")]
    min_quality: Option<f64>,
    /// Of at most this quality, 0 to 100.
    #[arg(long, value_name = "SCORE")]
    max_quality: Option<f64>,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    paging: Paging,
}

/// Shows them.
pub(super) async fn list(client: &Client, told: List) -> Result<()> {
    let own = [
        ("type", told.kind.map(Value::from)),
        ("piiScanStatus", told.pii.map(Value::from)),
        ("minQuality", told.min_quality.map(Value::from)),
        ("maxQuality", told.max_quality.map(Value::from)),
    ];
    let request = fields(told.filters.fields().chain(own));
    client.out.rows(&client.list("datasets.list_datasets", request, told.paging.most()).await?, COLUMNS);
    Ok(())
}
