//! `config show`: every setting, its value and who set it.

use clap::{Args, Subcommand};
use llmops_core::base::Result;
use serde_json::{Value, json};

use super::{ConfigFile, Exit, Output, ServerFlags};

pub(super) const EXAMPLES: &str = "\
Examples:
  llmops-server config show
  LLMOPS_LISTEN=127.0.0.1:9000 llmops-server config show --json";

/// What `config` is told.
#[derive(Debug, Args)]
pub(super) struct ConfigVerb {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Prints every setting with its value and who set it: nobody, a file, a variable or a flag. Secrets are masked.
    Show(Show),
}

#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    settings: ServerFlags,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(verb: ConfigVerb, file: &ConfigFile) -> Result<Exit> {
    let Verb::Show(show) = verb.verb;
    let config = show.settings.config(file)?;
    let rows: Vec<Value> = config
        .shown()
        .iter()
        .map(|one| json!({ "name": one.name, "value": one.value, "origin": one.origin.to_string() }))
        .collect();
    Output::new(show.json).rows(&rows, &[("SETTING", "/name"), ("VALUE", "/value"), ("SET BY", "/origin")]);
    Ok(Exit::Done)
}
