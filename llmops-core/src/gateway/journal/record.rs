//! What one request used.

use serde::{Deserialize, Serialize};

use crate::base::{Id, Timestamp};
use crate::provider::ChatUsage;

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UsageOutcome {
    /// It was complete.
    Completed,
    /// The caller left before its end.
    Cancelled,
    /// The model broke off.
    Failed,
}

impl UsageOutcome {
    /// As `completed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// What one request used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageRecord {
    /// The answer's id, by which it is charged. Made here: a caller's request id is no key, for he may send it twice.
    pub id: String,
    /// The request's id in the log.
    pub request_id: String,
    /// When it began.
    pub at: Timestamp,
    /// Who pays.
    pub project: String,
    /// Who asked.
    pub actor: String,
    /// With which key.
    pub key_id: Option<String>,
    /// The route.
    pub route: String,
    /// The endpoint.
    pub endpoint_id: Id,
    /// The revision of the endpoint.
    pub revision: u32,
    /// The model.
    pub model_id: Id,
    /// Its name.
    pub model: String,
    /// What it used: what the model said, or what was seen of an answer that ended early.
    pub usage: ChatUsage,
    /// Whether the model said what it used. If not, the tokens are those that were seen: never too many.
    pub is_exact: bool,
    /// How it ended.
    pub outcome: UsageOutcome,
    /// Milliseconds to the first content, if there was one.
    pub first_ms: Option<u64>,
    /// Milliseconds to the end.
    pub total_ms: u64,
}
