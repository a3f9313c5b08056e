//! `models gates` and `models policy`: what stands between a model and its approval, and what the project asks for.

use std::path::PathBuf;

use clap::Subcommand;
use llmops_core::base::Result;
use serde_json::{Value, json};

use super::super::client::{Client, fields};
use super::super::output::Column;
use super::super::reference::{id, model};
use super::super::{Exit, Paging, written};

const GATES: &[Column] = &[("GATE", "/gate"), ("STATE", "/state"), ("WHY", "/text"), ("CALL", "/operation/name")];
const VERSIONS: &[Column] = &[
    ("VERSION", "/version"),
    ("APPROVALS", "/approvals"),
    ("LICENSES", "/licenses"),
    ("WRITTEN BY", "/createdBy"),
    ("AT", "/createdAt"),
    ("DESCRIPTION", "/description"),
];

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Shows the policy.
    Show {
        /// Which version [default: the newest].
        #[arg(long)]
        version: Option<u32>,
    },
    /// Lists the versions of the policy, newest first.
    Versions {
        #[command(flatten)]
        paging: Paging,
    },
    /// Writes the policy from a file of JSON, as {"evaluations": [{"metric": "exact_match", "atLeast": 0.7}], "licenses": ["mit"]}.
    Put {
        /// The file; `-` is standard input. What `show` prints with `--json` is taken too.
        file: PathBuf,
    },
}

pub(super) async fn run(client: &Client, verb: Verb) -> Result<()> {
    let (operation, request) = match verb {
        Verb::Versions { paging } => {
            let versions = client.list("catalog.list_model_approval_policies", json!({}), paging.most()).await?;
            client.out.rows(&versions, VERSIONS);
            return Ok(());
        }
        Verb::Show { version } => {
            ("catalog.get_model_approval_policy", fields([("version", version.map(Value::from))]))
        }
        Verb::Put { file } => {
            let mut policy = written::object(&file, "for example {\"approvals\": 2}")?;
            written::content_only(&mut policy);
            ("catalog.put_model_approval_policy", Value::Object(policy))
        }
    };
    client.out.record(&client.call(operation, request).await?);
    Ok(())
}

/// Says of each gate whether it passed, and exits with 6 if one did not.
pub(super) async fn gates(client: &Client, of: &str) -> Result<Exit> {
    let request = json!({ "modelId": id(&model(client, of).await?) });
    let found = client.call("catalog.get_model_gates", request).await?;
    if client.out.is_json() {
        client.out.record(&found);
    } else {
        client.out.rows(found["gates"].as_array().map(Vec::as_slice).unwrap_or_default(), GATES);
    }
    Ok(if found["approvable"] == true { Exit::Done } else { Exit::Gate })
}
