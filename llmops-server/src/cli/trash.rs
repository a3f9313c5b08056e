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

const GONE: &[Column] = &[
    ("NAME", "/name"),
    ("VERSION", "/version"),
    ("FILES", "/files"),
    ("DELETED", "/deletedAt"),
    ("BY", "/deletedBy"),
    ("CLEANED", "/storageCleaned"),
    ("WAITING", "/waitingFiles"),
    ("FAILED", "/failures"),
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
    /// Lists what is gone for good, the last first, and whether its bytes are; with ID how that went.
    Gone { id: Option<String> },
}

/// The trash of a kind: the field that names one, the operations that list, restore and purge, and those that list what is gone
/// for good and tell of one.
pub(super) struct Of {
    id: &'static str,
    operations: [&'static str; 3],
    gone: [&'static str; 2],
}

pub(super) const MODELS: Of = Of {
    id: "modelId",
    operations: ["catalog.list_trashed_models", "catalog.restore_model", "catalog.purge_model"],
    gone: ["catalog.list_model_deletions", "catalog.get_model_deletion"],
};
pub(super) const DATASETS: Of = Of {
    id: "datasetId",
    operations: ["datasets.list_trashed_datasets", "datasets.restore_dataset", "datasets.purge_dataset"],
    gone: ["datasets.list_dataset_deletions", "datasets.get_dataset_deletion"],
};

pub(super) async fn run(client: &Client, of: Of, verb: Verb) -> Result<Exit> {
    let [list, restore, purge] = of.operations;
    let [all_gone, one_gone] = of.gone;
    let (operation, id) = match verb {
        Verb::List => {
            client.out.rows(&client.list(list, json!({}), usize::MAX).await?, TRASHED);
            return Ok(Exit::Done);
        }
        Verb::Restore { id } => (restore, id),
        Verb::Gone { id: None } => {
            client.out.rows(&client.list(all_gone, json!({}), usize::MAX).await?, GONE);
            return Ok(Exit::Done);
        }
        Verb::Purge { id } => (purge, id),
        Verb::Gone { id: Some(id) } => (one_gone, id),
    };
    let named: Map<String, Value> = Map::from_iter([(of.id.to_owned(), id.into())]);
    client.out.record(&client.call(operation, named.into()).await?);
    Ok(Exit::Done)
}
