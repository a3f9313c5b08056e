//! What was deleted and can be brought back for a while: its rows as they were, and the holds on its bytes. Rank 5, above the
//! blobs, whose references it keeps.

mod rows;
mod sql;

pub use sql::{Emptying, Trash};

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
