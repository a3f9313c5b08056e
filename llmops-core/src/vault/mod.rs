//! Keys to other people's services, sealed: a stranger with the database reads none of them. Rank 4, beside the blobs.
//!
//! Each credential is encrypted with a key of its own (XChaCha20-Poly1305), and that key with the master key, which is in a
//! file or in the environment and never in the database. Both are bound to the credential's id, its project and the server
//! that it is for, so a row that is moved to another place does not open. A new master key needs only the small keys sealed
//! anew.

mod keys;
mod rows;
mod seal;
mod sql;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use keys::MasterKeys;
pub(crate) use sql::check_origin;
pub use sql::{NewCredential, Vault};

use crate::base::{Timestamp, id_type};

id_type! {
    /// The id of a credential; not secret.
    CredentialId
}

/// A credential, without its secret, which nobody gets to see again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// What it is called.
    pub name: String,
    /// The only server that it is sent to, as `https://api.openai.com`.
    pub origin: String,
    /// How the secret ends, to tell credentials apart; absent for a short one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<String>,
    /// The model that came with it and that it goes with; absent for one that was made by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<crate::base::Id>,
    /// The master key that it is sealed under.
    pub master_key: String,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}
