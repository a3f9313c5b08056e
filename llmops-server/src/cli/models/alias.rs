//! `models alias`: names for versions.

use clap::Subcommand;
use llmops_core::base::Result;
use serde_json::{Value, json};

use super::super::client::{Client, fields};
use super::super::output::Column;

const COLUMNS: &[Column] = &[
    ("NAME", "/name"),
    ("ALIAS", "/alias"),
    ("VERSION", "/version"),
    ("STATUS", "/status"),
    ("MOVED", "/updatedAt"),
    ("MODEL", "/modelId"),
];
const MOVES: &[Column] =
    &[("VERSION", "/version"), ("MOVED", "/createdAt"), ("BY", "/movedBy"), ("NOTES", "/notes"), ("MODEL", "/modelId")];

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Lists aliases, of one name or of all.
    List { name: Option<String> },
    /// Lets an alias, as `production`, mean a version.
    Set {
        name: String,
        alias: String,
        version: String,
        /// The type of the version, where the name has it in several: base, fine-tuned or external.
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<String>,
        /// Why.
        #[arg(long)]
        notes: Option<String>,
    },
    /// Takes an alias back to the version it meant before.
    Rollback {
        name: String,
        alias: String,
        /// Why.
        #[arg(long)]
        notes: Option<String>,
    },
    /// Shows where an alias pointed, newest first.
    History { name: String, alias: String },
    /// Deletes an alias; the version it meant stays.
    Delete { name: String, alias: String },
}

pub(super) async fn run(client: &Client, verb: Verb) -> Result<()> {
    match verb {
        Verb::List { name } => {
            let request = fields([("name", name.map(Value::from))]);
            client.out.rows(&client.list("catalog.list_model_aliases", request, usize::MAX).await?, COLUMNS);
        }
        Verb::History { name, alias } => {
            let request = json!({ "name": name, "alias": alias });
            client.out.rows(&client.list("catalog.list_model_alias_moves", request, usize::MAX).await?, MOVES);
        }
        Verb::Set { name, alias, version, kind, notes } => {
            let given = [
                ("name", Some(name.into())),
                ("alias", Some(alias.into())),
                ("version", Some(version.into())),
                ("type", kind.map(Value::from)),
                ("notes", notes.map(Value::from)),
            ];
            client.out.record(&client.call("catalog.set_model_alias", fields(given)).await?);
        }
        Verb::Rollback { name, alias, notes } => {
            let given = [("name", Some(name.into())), ("alias", Some(alias.into())), ("notes", notes.map(Value::from))];
            client.out.record(&client.call("catalog.roll_back_model_alias", fields(given)).await?);
        }
        Verb::Delete { name, alias } => {
            let request = json!({ "name": name, "alias": alias });
            client.out.record(&client.call("catalog.delete_model_alias", request).await?);
        }
    }
    Ok(())
}
