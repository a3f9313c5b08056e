//! Rows of a dataset into a file.

use std::path::PathBuf;

use clap::Args;
use llmops_core::base::Result;
use serde_json::Value;

use crate::cli::client::{Client, fields};
use crate::cli::reference::{dataset, id};
use crate::cli::transfer;

/// What `datasets rows` is told.
#[derive(Debug, Args)]
pub(super) struct Rows {
    dataset: String,
    /// A column to write; may be given again [default: all].
    #[arg(long, value_name = "COLUMN")]
    column: Vec<String>,
    /// The only file whose rows are written.
    #[arg(long, value_name = "PATH")]
    file: Option<String>,
    /// The row to begin with, from 0.
    #[arg(long)]
    row: Option<u64>,
    /// The most rows [default: all].
    #[arg(long)]
    limit: Option<u64>,
    /// `jsonl`, `parquet`, or `arrow`, a stream that pyarrow, polars and others read.
    #[arg(long, default_value = "jsonl")]
    format: String,
    /// Leaves out rows that cannot be read.
    #[arg(long)]
    skip_bad_rows: bool,
    /// Where to; `-` is standard output [default: the dataset's name and version].
    #[arg(long)]
    output: Option<PathBuf>,
}

/// Writes them, whole or not at all.
pub(super) async fn rows(client: &Client, told: Rows) -> Result<()> {
    let columns = (!told.column.is_empty()).then(|| told.column.into());
    let given = [
        ("datasetId", Some(id(&dataset(client, &told.dataset).await?).into())),
        ("columns", columns),
        ("path", told.file.map(Value::from)),
        ("row", told.row.map(Value::from)),
        ("limit", told.limit.map(Value::from)),
        ("format", Some(told.format.into())),
        ("skipBadRows", told.skip_bad_rows.then_some(true.into())),
    ];
    transfer::save(client.download("datasets.read_dataset_rows", fields(given)).await?, told.output, client.out).await
}
