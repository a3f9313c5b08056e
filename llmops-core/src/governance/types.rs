//! What callers send and get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Role;
use crate::base::{Timestamp, id_type};

id_type! {
    /// The id of an API key; not secret.
    KeyId
}

/// Asks for an API key.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateApiKey {
    /// Who or what uses the key; entries in the audit carry it as the actor. 1 to 128 characters.
    #[schemars(length(min = 1, max = 128))]
    pub name: String,
    /// What its holder may do. At least one; together no more than the caller himself may do.
    #[schemars(length(min = 1, max = 16))]
    pub roles: Vec<Role>,
    /// Whether it is good for every project, not only for the one that the call is made in; so is its maker's then.
    #[serde(default)]
    pub all_projects: bool,
    /// When it stops to work. Never, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// Who or what uses it.
    pub name: String,
    /// How the secret begins, to tell keys apart.
    pub prefix: String,
    /// What its holder may do.
    pub roles: Vec<Role>,
    /// The project it works in.
    pub project: String,
    /// Whether it may go to every other one.
    pub all_projects: bool,
    /// When it stops to work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// A new API key with its secret, shown this once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedApiKey {
    /// The key.
    pub key: ApiKey,
    /// What to send as `Authorization: Bearer ..`. Absent when the call was a repeat of an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// Asks for the API keys.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListApiKeys {
    /// The most keys of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Asks to revoke an API key.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevokeApiKey {
    /// Which.
    pub key_id: KeyId,
}
