//! Browser sessions: what somebody with a key holds in its place, for a while.
//!
//! A session has the rights of the key that it was opened with and ends with it. It lasts [`IDLE_SECONDS`] unless it is
//! opened anew in time, and never longer than [`MOST_SECONDS`]. A sign-in link holds a secret that opens one session, once.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::Timestamp;

/// How long a session lasts that nobody opens anew.
pub const IDLE_SECONDS: i64 = 30 * 60;
/// How long sessions last after which the key is to be shown again.
pub const MOST_SECONDS: i64 = 12 * 60 * 60;
/// How long a sign-in link is good for.
pub const LINK_SECONDS: i64 = 15 * 60;
/// How long a session still counts that was replaced: requests sent with it may be on their way.
pub(super) const REPLACED_SECONDS: i64 = 60;

/// Asks for a session in place of the key, the link's secret or the session that the call is made with.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenSession {
    /// The project to work in; the one that the call is made in if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub project: Option<String>,
}

/// Asks who calls.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetSession {}

/// Asks to end the session that the call is made with.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloseSession {}

/// Asks to be told what changes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WatchChanges {}

/// What changed since the last time, at most twice a second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// The domains, as `training`: what their operations read may be otherwise now. Now and then a change in another project
    /// is told too.
    pub domains: BTreeSet<String>,
}

/// Asks for a link that signs in once.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateSignInLink {}

/// Who calls, and what he may do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The name of the key; entries in the audit carry it as the actor.
    pub actor: String,
    /// The project it works in.
    pub project: String,
    /// Whether it may go to every other one.
    pub all_projects: bool,
    /// What its holder may do, as `catalog:create`; `*` stands for everything, any domain or any action.
    pub permissions: Vec<String>,
    /// When it stops to work. Absent for a key without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What to send as `Authorization: Bearer ..`, in the answer that opened it and nowhere else. Browsers get it as a
    /// cookie in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A link's secret.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInLink {
    /// Opens one session, once: sent as `Authorization: Bearer ..` to `open_session`, or as `/sign-in?token=..` in a
    /// browser. Absent when the call was a repeat of an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// When it stops to work.
    pub expires_at: Timestamp,
}
