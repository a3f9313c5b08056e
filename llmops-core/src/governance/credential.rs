//! Keys to other people's services: what callers send and get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::SecretInput;
pub use crate::vault::{Credential, CredentialId};

/// A secret to keep.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateCredential {
    /// What to call it, 1 to 128 characters.
    #[schemars(length(min = 1, max = 128))]
    pub name: String,
    /// The address it is for, as `https://api.openai.com/v1`. Its server is the only one that gets the secret.
    #[schemars(length(min = 1, max = 2048))]
    pub base_url: String,
    /// The secret: letters, digits and signs, without blanks.
    #[schemars(length(min = 1, max = 16_384))]
    pub secret: SecretInput,
}

/// Asks for the credentials.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListCredentials {
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Asks to delete a credential.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteCredential {
    /// Which.
    pub credential_id: CredentialId,
}

/// Asks for a new master key.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RotateCredentials {}

/// What a new master key meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RotatedCredentials {
    /// The id of the master key that everything is sealed under now.
    pub master_key: String,
    /// How many credentials were sealed anew.
    pub resealed: u64,
}
