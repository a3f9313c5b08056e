//! `datasets policy`: what is searched for, and what may be found.

use std::path::PathBuf;

use clap::Subcommand;
use llmops_core::base::Result;
use serde_json::{Value, json};

use crate::cli::client::{Client, fields};
use crate::cli::output::Column;
use crate::cli::{Paging, written};

const COLUMNS: &[Column] = &[
    ("NAME", "/name"),
    ("VERSION", "/version"),
    ("WAIVERS", "/waivers"),
    ("LEAST QUALITY", "/minQuality"),
    ("WRITTEN BY", "/createdBy"),
    ("AT", "/createdAt"),
];

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Lists the policies of the project.
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Shows a policy.
    Show {
        name: String,
        /// Which version [default: the newest].
        #[arg(long)]
        version: Option<u32>,
    },
    /// Writes a policy from a file of JSON, as {"kinds": [{"type": "email"}], "rules": [], "waivers": true}.
    Put {
        name: String,
        /// The file; `-` is standard input. What `show` prints with `--json` is taken too.
        file: PathBuf,
    },
}

pub(super) async fn run(client: &Client, verb: Verb) -> Result<()> {
    let (operation, request) = match verb {
        Verb::List { paging } => {
            client.out.rows(&client.list("datasets.list_pii_policies", json!({}), paging.most()).await?, COLUMNS);
            return Ok(());
        }
        Verb::Show { name, version } => {
            let given = [("name", Some(name.into())), ("version", version.map(Value::from))];
            ("datasets.get_pii_policy", fields(given))
        }
        Verb::Put { name, file } => {
            let mut policy = written::object(&file, "for example {\"waivers\": true}")?;
            written::content_only(&mut policy);
            policy.insert("name".into(), name.into());
            ("datasets.put_pii_policy", Value::Object(policy))
        }
    };
    client.out.record(&client.call(operation, request).await?);
    Ok(())
}

/// Waives what the last validation found, for a reason, or takes the waiver back.
pub(super) async fn waive(client: &Client, dataset: &str, reason: Option<String>) -> Result<Value> {
    let of = json!({ "datasetId": dataset });
    let Some(reason) = reason else { return client.call("datasets.withdraw_pii_waiver", of).await };
    let last = client.call("datasets.get_dataset_validation", of).await?;
    let request = json!({ "datasetId": dataset, "validationId": last["id"], "reason": reason });
    client.call("datasets.waive_dataset_pii", request).await
}
