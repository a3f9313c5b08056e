//! Models that come from other people's registries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ExternalFailure, ModelId};
use crate::base::{Timestamp, id_type};
use crate::registry::RemoteModel;
use crate::vault::CredentialId;

id_type! {
    /// The id of an import.
    ImportId
}

/// Takes a model over from a registry, as the Hugging Face Hub is one: its files, and the card that its `README.md` holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportModel {
    /// The repository there, as `owner/name`.
    #[schemars(length(min = 1, max = 256))]
    pub repo: String,
    /// A branch, a tag or a commit; `main` if absent.
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
    /// The stored key to show there, for what is private or gated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<CredentialId>,
    /// What the model is to be called; the repository's name without its owner if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub name: Option<String>,
    /// Its version; if absent `1.0.0`, or the one after the newest of the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub version: Option<String>,
    /// The family of its architecture; the one that its `config.json` names if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub model_family: Option<String>,
    /// The team that answers for it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub owner_team: Option<String>,
    /// Only files whose path is like one of these, as `*.gguf`; `*` is any text and `?` any character.
    #[serde(default)]
    #[schemars(length(max = 50), inner(length(min = 1, max = 256)))]
    pub include: Vec<String>,
    /// And none whose path is like one of these.
    #[serde(default)]
    #[schemars(length(max = 50), inner(length(min = 1, max = 256)))]
    pub exclude: Vec<String>,
    /// Whether to take pickle files too, into quarantine; they are left out otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantined: Option<bool>,
}

/// Where it stands that a model comes from a registry or goes to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// The registry will be asked what there is.
    Queued,
    /// Files are on their way; `error` says what is in the way, while it is tried again.
    Running,
    /// All are there.
    Succeeded,
    /// It stopped; `error` says why, and to resume it goes on.
    Failed,
    /// Somebody gave it up. Files that came or went stay where they are.
    Cancelled,
}

/// A file that an import left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SkippedFile {
    /// Its path there.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// A model on its way from a registry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelImport {
    /// Its id.
    pub id: ImportId,
    /// Where it stands.
    pub state: TransferState,
    /// Which registry.
    pub registry: String,
    /// Where it answers.
    pub base_url: String,
    /// The stored key that is shown there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<CredentialId>,
    /// The repository there.
    pub repo: String,
    /// The revision that was asked for.
    pub revision: String,
    /// The commit that it meant when the registry was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// What the model is called here.
    pub name: String,
    /// Its version here.
    pub version: String,
    /// The model, once the registry said what there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<ModelId>,
    /// How many files there are to come.
    pub files: u64,
    /// How many of them came.
    pub received_files: u64,
    /// Their bytes together.
    pub bytes: u64,
    /// How many bytes came.
    pub received_bytes: u64,
    /// Files that are left out, the first 100.
    #[serde(default)]
    pub skipped: Vec<SkippedFile>,
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

/// Names one import.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetModelImport {
    /// Which.
    pub import_id: ImportId,
}

/// Asks for imports, newest first. Every filter given must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelImports {
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

/// Asks where else a model is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelRegistryLinks {
    /// Which model.
    pub model_id: ModelId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Looks whether a model that was imported changed where it came from.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckModelUpdates {
    /// Which model.
    pub model_id: ModelId,
}

/// What came of looking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelUpdates {
    /// The repository that the model came from.
    pub repo: String,
    /// The revision that was asked for.
    pub revision: String,
    /// The commit that it came from.
    pub commit: String,
    /// The commit that the revision means now; absent when that could not be found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<String>,
    /// Whether there is a newer one.
    pub changed: bool,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ExternalFailure>,
}

/// Looks for models here and in a registry.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchCatalog {
    /// A part of the name; here also a tag, as a whole and in its own letter case.
    #[schemars(length(min = 1, max = 128))]
    pub text: String,
    /// Which registry to ask as well; `huggingface` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub registry: Option<String>,
    /// Where it answers; its own address if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub base_url: Option<String>,
    /// The stored key to show there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<CredentialId>,
    /// The most of each, 1 to 100; 20 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundModels {
    /// In the catalog, the newest version of each name, newest first: by name, by tag or by both.
    pub models: Vec<super::Model>,
    /// In the registry.
    pub remote: Vec<RemoteModel>,
    /// Why the registry said nothing, if it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ExternalFailure>,
}
