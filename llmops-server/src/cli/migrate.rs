//! `migrate` and `openapi`: what a deployment does before the server starts.

use clap::Args;
use llmops_core::base::Result;
use llmops_core::op::OperationTable;
use llmops_core::platform::domains;

use super::{ConfigFile, Exit, Output, ServerFlags, say};

pub(super) const EXAMPLES: &str = "\
Examples:
  llmops-server migrate
  llmops-server migrate --database postgres://llmops@db/llmops";

/// What `migrate` is told.
#[derive(Debug, Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    settings: ServerFlags,
}

/// Brings the database up to date without serving. Opening a platform does that first of all.
pub(super) async fn run(verb: Migrate, file: &ConfigFile) -> Result<Exit> {
    let config = verb.settings.config(file)?;
    let ops = crate::platform(&config)?.loops(false).open().await?;
    ops.shutdown().await;
    Output::new(false).note("the database is up to date");
    Ok(Exit::Done)
}

/// Prints the description of the HTTP interface.
pub(super) fn openapi() -> Result<Exit> {
    say(&format!("{:#}", llmops_core::op::openapi(&OperationTable::new(&domains()))));
    Ok(Exit::Done)
}
