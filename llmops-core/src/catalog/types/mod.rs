//! What callers send and get.

mod aliases;
mod approval;
mod comparison;
mod exports;
mod external;
mod families;
mod files;
mod gates;
mod imports;
mod lineage;
mod review;
mod staged;
mod trash;
mod uploads;

pub use aliases::*;
pub use approval::*;
pub use comparison::*;
pub use exports::*;
pub use external::*;
pub use families::*;
pub use files::*;
pub use gates::*;
pub use imports::*;
pub use lineage::*;
pub use review::*;
pub use staged::*;
pub use trash::*;
pub use uploads::*;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::{Id, Patch, Timestamp, id_type, not_null};

id_type! {
    /// The id of one version of a model.
    ModelId
}

/// What kind of model it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModelType {
    /// Trained from nothing, or taken over as it is.
    #[default]
    Base,
    /// Trained further from another model of the catalog.
    FineTuned,
    /// Somebody else runs it; there are no files.
    External,
}

/// Where a model stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelStatus {
    /// Being made.
    Draft,
    /// Waiting for a reviewer.
    #[serde(alias = "pending_review")]
    UnderReview,
    /// May be trained on and deployed.
    Approved,
    /// Refused by a reviewer.
    Rejected,
    /// No longer to be used for something new.
    Deprecated,
}

/// Where a model came from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lineage {
    /// The dataset versions it learned from.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub dataset_ids: Vec<Id>,
    /// The model it was tuned from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_model_id: Option<ModelId>,
    /// The job that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training_job_id: Option<Id>,
}

/// Registers a model version.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateModel {
    /// Letters, digits, `-`, `_`, `.` and `/`; at most 128 characters.
    #[schemars(length(max = 128))]
    pub name: String,
    /// A semantic version, as `1.0.0`. With the name and the type it is unique within the project.
    #[schemars(length(max = 64))]
    pub version: String,
    /// `base`, `fine-tuned` or `external`.
    #[serde(rename = "type", default)]
    pub model_type: ModelType,
    /// The family of its architecture, as `llama`.
    #[serde(default = "default_family")]
    #[schemars(length(max = 64))]
    pub model_family: String,
    /// The team that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub owner_team: Option<String>,
    /// The model card: purpose, scope, contact, license and whatever else, at most 64 KiB. That of an external model says
    /// `provider`, `modelName`, `baseUrl`, and `apiKey` or `credentialId`; the key is sealed at once and never shown.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 1000))]
    pub metadata: Map<String, Value>,
    /// Words to find it by.
    #[serde(default)]
    #[schemars(length(max = 50), inner(length(min = 1, max = 64)))]
    pub tags: Vec<String>,
    /// Where it came from.
    #[serde(default)]
    pub lineage: Lineage,
}

fn default_family() -> String {
    "llama".into()
}

/// What a caller means who says nothing; the name and the version must be said.
impl Default for CreateModel {
    fn default() -> Self {
        Self {
            name: String::new(),
            version: String::new(),
            model_type: ModelType::default(),
            model_family: default_family(),
            owner_team: None,
            metadata: Map::new(),
            tags: Vec::new(),
            lineage: Lineage::default(),
        }
    }
}

/// One version of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Model {
    /// Its id.
    pub id: ModelId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `base`, `fine-tuned` or `external`.
    #[serde(rename = "type")]
    pub model_type: ModelType,
    /// The family of its architecture.
    pub model_family: String,
    /// Where it stands.
    pub status: ModelStatus,
    /// The team that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_team: Option<String>,
    /// The project it belongs to.
    pub project: String,
    /// The model card.
    pub metadata: Map<String, Value>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Where it came from.
    pub lineage: Lineage,
    /// Where its files are.
    pub storage_uri: String,
    /// SHA-256 over its files' paths and digests, in hex; absent while it has none. A review is bound to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The scores it is known by.
    #[serde(default)]
    pub evaluation_summary: Map<String, Value>,
    /// Who registered it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Send it as `If-Match` to change just what was read.
    pub etag: String,
}

/// Asks for one model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetModel {
    /// Which.
    pub model_id: ModelId,
}

/// What models are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ModelSort {
    /// Newest first.
    #[default]
    #[serde(rename = "-createdAt")]
    NewestFirst,
    /// Oldest first.
    #[serde(rename = "createdAt")]
    OldestFirst,
    /// Last changed first.
    #[serde(rename = "-updatedAt")]
    LastChangedFirst,
    /// First changed first.
    #[serde(rename = "updatedAt")]
    FirstChangedFirst,
    /// By name.
    #[serde(rename = "name")]
    Name,
    /// By name, backwards.
    #[serde(rename = "-name")]
    NameBackwards,
}

/// Asks for models. Every filter given must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModels {
    /// Of this type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub model_type: Option<ModelType>,
    /// In this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ModelStatus>,
    /// Of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub name: Option<String>,
    /// Of this team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub owner_team: Option<String>,
    /// Of this family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub family: Option<String>,
    /// With this tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub tag: Option<String>,
    /// With this text in the name, letter case aside; taken literally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub text: Option<String>,
    /// Of this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub version: Option<String>,
    /// With files whose digest begins so, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub digest: Option<String>,
    /// Only the newest version of each name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<bool>,
    /// The order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<ModelSort>,
    /// Whether to count all that match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_total: Option<bool>,
    /// The most models of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Changes a model, as a JSON merge patch (RFC 7396) does: what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateModel {
    /// Which.
    pub model_id: ModelId,
    /// The team that answers for it; `null` for none.
    #[serde(default, skip_serializing_if = "Patch::stays")]
    #[schemars(length(max = 128))]
    pub owner_team: Patch<String>,
    /// Merged into the card as a JSON merge patch: a key with `null` is removed; `null` itself empties the card.
    #[serde(default, skip_serializing_if = "Patch::stays")]
    #[schemars(extend("maxProperties" = 1000))]
    pub metadata: Patch<Map<String, Value>>,
    /// The family of its architecture, while it is a draft; that which its `config.json` names must be of it.
    #[serde(default, deserialize_with = "not_null", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(max = 64))]
    pub model_family: Option<String>,
    /// The new tags, all of them; `null` for none.
    #[serde(default, skip_serializing_if = "Patch::stays")]
    #[schemars(length(max = 50), inner(length(min = 1, max = 64)))]
    pub tags: Patch<Vec<String>>,
}

/// Moves a model on in its life.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetModelStatus {
    /// Which.
    pub model_id: ModelId,
    /// Where to.
    pub status: ModelStatus,
    /// Why; kept with the review when the move is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub notes: Option<String>,
}

/// Asks for the versions of a model's name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelVersions {
    /// Any version of it.
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
