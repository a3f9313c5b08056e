//! `models trash` and `datasets trash`: what was deleted and can be brought back.

use clap::Subcommand;
use llmops_core::base::Result;
use serde_json::{Map, Value, json};

use super::Exit;
use super::client::Client;
use super::output::Column;

const TRASHED: &[Column] = &[
    ("NAME", "/name"),
    ("VERSION", "/version"),
    ("FILES", "/files"),
    ("DELETED", "/deletedAt"),
    ("BY", "/deletedBy"),
    ("GONE", "/purgedAt"),
    ("ID", "/id"),
];

/// What `trash` can do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Lists what was deleted, the last first.
    List,
    /// Brings it back as it was.
    Restore { id: String },
    /// Lets it go for good.
    Purge { id: String },
}

/// The trash of a kind: the field that names one, and the operations that list, restore and purge.
pub(super) struct Of {
    id: &'static str,
    operations: [&'static str; 3],
}

pub(super) const MODELS: Of =
    Of { id: "modelId", operations: ["catalog.list_trashed_models", "catalog.restore_model", "catalog.purge_model"] };
pub(super) const DATASETS: Of = Of {
    id: "datasetId",
    operations: ["datasets.list_trashed_datasets", "datasets.restore_dataset", "datasets.purge_dataset"],
};

pub(super) async fn run(client: &Client, of: Of, verb: Verb) -> Result<Exit> {
    let [list, restore, purge] = of.operations;
    let (operation, id) = match verb {
        Verb::List => {
            client.out.rows(&client.list(list, json!({}), usize::MAX).await?, TRASHED);
            return Ok(Exit::Done);
        }
        Verb::Restore { id } => (restore, id),
        Verb::Purge { id } => (purge, id),
    };
    let named: Map<String, Value> = Map::from_iter([(of.id.to_owned(), id.into())]);
    client.out.record(&client.call(operation, named.into()).await?);
    Ok(Exit::Done)
}
