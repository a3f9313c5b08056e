//! Catalogs of models that others keep: what there is at a revision and its bytes, and what they take in. Rank 3.

mod exact;
pub mod fake;
mod hub;
mod publish;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use exact::git_blob_id;
pub use hub::HubRegistry;
pub use publish::{Change, Commit, Content, Outgoing, Publisher, SAMPLE_BYTES, Way};

use crate::base::{ByteStream, Result, Secret, Timestamp};

/// The registry that is meant when nobody says otherwise.
pub const HUGGING_FACE: &str = "huggingface";

/// The registries of a platform, by their names.
pub type Registries = BTreeMap<String, Arc<dyn Registry>>;

/// A registry, as somebody asks it.
#[derive(Debug, Clone)]
pub struct Place {
    /// Where it answers, as `https://huggingface.co`.
    pub address: String,
    /// The key that is shown there.
    pub key: Option<Secret>,
}

/// A revision of a repository.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Head {
    /// The commit that it means now: asked for by it, nothing changes any more.
    pub commit: String,
    /// What the registry knows of the model: the front matter of a card, as JSON. One of more than 64 KiB says nothing.
    pub card: Option<String>,
}

/// One file of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFile {
    /// Its path within the repository.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its SHA-256 in hex, where the registry knows it.
    pub sha256: Option<String>,
    /// What else the registry knows its bytes by; [`Registry::read`] compares it.
    pub blob_id: Option<String>,
}

/// A model that a registry offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RemoteModel {
    /// As `owner/name`.
    pub repo: String,
    /// The commit that it is at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// What it is for, as `text-generation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Words it is found by, at most 50.
    #[serde(default)]
    pub tags: Vec<String>,
    /// How often it was downloaded lately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downloads: Option<u64>,
    /// Whether its terms must be accepted there.
    #[serde(default)]
    pub gated: bool,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// Speaks to registries of one kind. A host program may bring its own.
#[async_trait]
pub trait Registry: Send + Sync + 'static {
    /// Where a registry of this kind answers, unless somebody says otherwise.
    fn address(&self) -> &str;

    /// Refuses an address that is not asked, and gives the one that is.
    ///
    /// # Errors
    /// `invalid` or `denied`, with the field `baseUrl`.
    fn check(&self, address: &str) -> Result<String>;

    /// What a revision means now.
    ///
    /// # Errors
    /// `not_found` for a repository or a revision that is not there, or not for this key; `denied`; those of the way there.
    async fn head(&self, at: &Place, repo: &str, revision: &str) -> Result<Head>;

    /// The files of a commit.
    ///
    /// # Errors
    /// Those of [`Registry::head`].
    async fn files(&self, at: &Place, repo: &str, commit: &str) -> Result<Vec<RemoteFile>>;

    /// The bytes of a file in this half-open range. The stream fails unless it holds just so many, and, if it is the whole file,
    /// just these.
    ///
    /// # Errors
    /// Those of [`Registry::head`].
    async fn read(
        &self,
        at: &Place,
        (repo, commit): (&str, &str),
        file: &RemoteFile,
        range: Range<u64>,
    ) -> Result<ByteStream>;

    /// Models with this text in their names, the best known first.
    ///
    /// # Errors
    /// Those of the way there.
    async fn search(&self, at: &Place, text: &str, limit: u32) -> Result<Vec<RemoteModel>>;

    /// The side of it that takes models in; none where models are only read.
    fn publisher(&self) -> Option<&dyn Publisher> {
        None
    }
}
