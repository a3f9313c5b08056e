//! Names for versions, as `production`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ModelId, ModelStatus, ModelType};
use crate::base::{Id, Timestamp};

/// Lets an alias of a model's name mean a version, whether it was there before or not.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetModelAlias {
    /// The model's name.
    #[schemars(length(min = 1, max = 128))]
    pub name: String,
    /// `production`, `staging` or a word of your own: small letters, digits, `-`, `_` and `.`, at most 64, the first a
    /// letter. `production` takes approved versions only; `latest` and `main` always mean the newest and are not set.
    #[schemars(length(min = 1, max = 64))]
    pub alias: String,
    /// The version it shall mean.
    #[schemars(length(min = 1, max = 64))]
    pub version: String,
    /// The version's type; needed where the name has this version in several types.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub model_type: Option<ModelType>,
    /// Why; kept with the move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub notes: Option<String>,
}

/// Asks for one alias.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetModelAlias {
    /// The model's name.
    #[schemars(length(min = 1, max = 128))]
    pub name: String,
    /// Which.
    #[schemars(length(min = 1, max = 64))]
    pub alias: String,
}

/// Takes an alias back to the version it meant before. Once more goes back one further.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RollBackModelAlias {
    /// The model's name.
    #[schemars(length(min = 1, max = 128))]
    pub name: String,
    /// Which.
    #[schemars(length(min = 1, max = 64))]
    pub alias: String,
    /// Why; kept with the move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub notes: Option<String>,
}

/// Asks for aliases, by the models' names.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelAliases {
    /// Of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub name: Option<String>,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Asks where an alias pointed, newest first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelAliasMoves {
    /// The model's name.
    #[schemars(length(min = 1, max = 128))]
    pub name: String,
    /// Which.
    #[schemars(length(min = 1, max = 64))]
    pub alias: String,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// What an alias means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelAlias {
    /// The model's name.
    pub name: String,
    /// The alias.
    pub alias: String,
    /// The version's record.
    pub model_id: ModelId,
    /// The version.
    pub version: String,
    /// The version's type.
    #[serde(rename = "type")]
    pub model_type: ModelType,
    /// Where the version stands.
    pub status: ModelStatus,
    /// When it was last moved.
    pub updated_at: Timestamp,
    /// Send it as `If-Match` to move just what was read.
    pub etag: String,
}

/// One move of an alias.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelAliasMove {
    /// Its id.
    pub id: Id,
    /// What it meant from then on. The model may have been deleted since.
    pub model_id: ModelId,
    /// Its version.
    pub version: String,
    /// The move that a rollback goes back to; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Id>,
    /// Who moved it.
    pub moved_by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// An alias that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletedModelAlias {
    /// The model's name.
    pub name: String,
    /// Which.
    pub alias: String,
}
