//! Which versions a list shows, of models as of datasets.

use clap::Args;
use serde_json::Value;

/// What both lists can be asked for. Every filter given must hold.
#[derive(Debug, Args)]
pub(super) struct Filters {
    /// In this status: draft, under_review, approved, rejected or deprecated.
    #[arg(long)]
    status: Option<String>,
    /// Of this name.
    #[arg(long)]
    name: Option<String>,
    /// Of this version.
    #[arg(long)]
    version: Option<String>,
    /// With this text in the name.
    #[arg(long)]
    text: Option<String>,
    /// Of this team.
    #[arg(long)]
    team: Option<String>,
    /// With files whose digest begins so, in hex.
    #[arg(long)]
    digest: Option<String>,
    /// Only the newest version of each name.
    #[arg(long)]
    newest: bool,
    /// The order: createdAt, updatedAt or name; with `-` before it the other way round [default: -createdAt].
    #[arg(long, allow_hyphen_values = true, value_name = "FIELD")]
    sort: Option<String>,
}

impl Filters {
    /// As fields of a request.
    pub(super) fn fields(self) -> impl Iterator<Item = (&'static str, Option<Value>)> {
        let words = [
            ("status", self.status),
            ("name", self.name),
            ("version", self.version),
            ("text", self.text),
            ("ownerTeam", self.team),
            ("digest", self.digest),
            ("sort", self.sort),
        ];
        let words = words.into_iter().map(|(field, value)| (field, value.map(Value::from)));
        words.chain([("newest", self.newest.then_some(true.into()))])
    }
}
