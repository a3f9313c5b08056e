//! Models that go to other people's registries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ExternalFailure, ModelId, TransferState};
use crate::base::{Timestamp, id_type};
use crate::vault::CredentialId;

id_type! {
    /// The id of an export.
    ExportId
}

/// Sends an approved model to a registry, as the Hugging Face Hub is one: its verified files, and its card as `README.md`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportModel {
    /// Which model. It must be approved, and stay so until it is sent.
    pub model_id: ModelId,
    /// The repository there, as `owner/name`. It is made if it is not there.
    #[schemars(length(min = 1, max = 256))]
    pub repo: String,
    /// The branch that the files are committed to; `main` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    pub revision: Option<String>,
    /// Which registry; `huggingface` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub registry: Option<String>,
    /// Where it answers, as a mirror does or another platform like this one; its own address if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub base_url: Option<String>,
    /// The stored key to show there. It must be allowed to write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<CredentialId>,
    /// Whether a repository that is made is for its owners only; so it is if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private: Option<bool>,
    /// Whether files there that the model has not are removed; they stay if absent. `.gitattributes` always stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prune: Option<bool>,
    /// What the commit says, in one line; the model's name and version if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200))]
    pub message: Option<String>,
}

/// A model on its way to a registry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelExport {
    /// Its id.
    pub id: ExportId,
    /// Where it stands.
    pub state: TransferState,
    /// The model.
    pub model_id: ModelId,
    /// What it is called here.
    pub name: String,
    /// Its version here.
    pub version: String,
    /// The digest of the files that were approved.
    pub digest: String,
    /// Which registry.
    pub registry: String,
    /// Where it answers.
    pub base_url: String,
    /// The stored key that is shown there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<CredentialId>,
    /// The repository there.
    pub repo: String,
    /// The branch there.
    pub revision: String,
    /// The commit there that holds all files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// How many files there are, the card among them.
    pub files: u64,
    /// How many of them are sent, or go with the commit.
    pub sent_files: u64,
    /// Their bytes together.
    pub bytes: u64,
    /// How many bytes are sent, or go with the commit.
    pub sent_bytes: u64,
    /// What is in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ExternalFailure>,
    /// Who asked for it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it last went on.
    pub updated_at: Timestamp,
}

/// Names one export.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetModelExport {
    /// Which.
    pub export_id: ExportId,
}

/// Asks for exports, newest first. Every filter given must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelExports {
    /// Of this model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<ModelId>,
    /// In this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<TransferState>,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}
