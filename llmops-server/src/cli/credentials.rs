//! `credentials`: keys to other people's services.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use llmops_core::base::Result;
use serde_json::json;

use super::client::ClientFlags;
use super::output::Column;
use super::{ConfigFile, Exit, Paging, secret};

pub(super) const EXAMPLES: &str = "\
A key is sealed when it comes and shown to nobody. It goes to the server it is for and to no other.

Examples:
  llmops-server credentials add openai https://api.openai.com/v1 - < key.txt
  llmops-server models create gpt 1.0.0 --type external --provider openai --model-name NAME --card credentialId=ID
  llmops-server credentials rotate";

const COLUMNS: &[Column] = &[
    ("NAME", "/name"),
    ("FOR", "/origin"),
    ("ENDING", "/ending"),
    ("MODEL", "/modelId"),
    ("CREATED", "/createdAt"),
    ("ID", "/id"),
];

/// What `credentials` is told.
#[derive(Debug, Args)]
pub(super) struct Credentials {
    #[command(flatten)]
    client: ClientFlags,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Lists credentials, newest first.
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Stores a key.
    Add {
        /// What to call it.
        name: String,
        /// The address it is for.
        base_url: String,
        /// The file that holds it; `-` is standard input.
        file: PathBuf,
    },
    /// Deletes a credential.
    Delete {
        /// Its id.
        credential: String,
    },
    /// Seals all credentials under a new master key.
    Rotate,
}

pub(super) async fn run(verb: Credentials, file: &ConfigFile) -> Result<Exit> {
    let client = verb.client.connect(file)?;
    let (operation, request) = match verb.verb {
        Verb::List { paging } => {
            client.out.rows(&client.list("governance.list_credentials", json!({}), paging.most()).await?, COLUMNS);
            return Ok(Exit::Done);
        }
        Verb::Add { name, base_url, file } => {
            let secret = secret::read(&file)?;
            let request = json!({ "name": name, "baseUrl": base_url, "secret": secret.expose() });
            ("governance.create_credential", request)
        }
        Verb::Delete { credential } => ("governance.delete_credential", json!({ "credentialId": credential })),
        Verb::Rotate => ("governance.rotate_credentials", json!({})),
    };
    client.out.record(&client.call(operation, request).await?);
    Ok(Exit::Done)
}
