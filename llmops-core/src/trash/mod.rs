//! What was deleted and can be brought back for a while: its rows as they were, and the holds on its bytes. Rank 5, above the
//! blobs, whose references it keeps.

mod rows;
mod sql;

pub use sql::{Cleaning, Emptying, Trash};

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::{Ctx, Id, Result, Timestamp};

/// Something that is deleted.
#[derive(Debug, Clone)]
pub struct Discarded {
    /// What it is, as `model`.
    pub kind: &'static str,
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its rows; whoever discards them reads them again.
    pub rows: Value,
    /// Who holds which of its bytes: owner and digest.
    pub holds: Vec<(String, String)>,
}

/// Something in the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrashedItem {
    /// The id that it had, and has again when it is restored.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// How many files it has.
    pub files: u64,
    /// Who deleted it.
    pub deleted_by: String,
    /// When.
    pub deleted_at: Timestamp,
    /// When it goes for good.
    pub purged_at: Timestamp,
}

/// Something that was deleted for good, and what became of its bytes: they go in the background, and a try that fails is
/// repeated until they are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deletion {
    /// The id that it had.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who let it go for good: `system` when its time in the trash was over.
    pub deleted_by: String,
    /// When it went for good.
    pub deleted_at: Timestamp,
    /// How many files it had.
    pub files: u64,
    /// Whether all is done: what nothing else needed of its bytes is gone from the store.
    pub storage_cleaned: bool,
    /// When all was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleaned_at: Option<Timestamp>,
    /// How many different files are still to be looked at.
    pub waiting_files: u64,
    /// Bytes of files that are gone.
    pub freed_bytes: u64,
    /// Bytes of files that stay, because something else holds the same.
    pub kept_bytes: u64,
    /// How often a try failed; each is made again after a pause, of five minutes at most.
    pub failures: u64,
    /// Why the last try that failed did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A room whose things wait in the trash.
#[async_trait]
pub trait TrashedKind: Send + Sync {
    /// What its things are, as `model`.
    fn kind(&self) -> &'static str;

    /// Lets a thing go for good, in the open unit of work.
    ///
    /// # Errors
    /// `not_found` when somebody was faster.
    async fn purge(&self, ctx: &Ctx, id: Id) -> Result<()>;
}
