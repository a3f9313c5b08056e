//! Families of models, told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks which families models may be of.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelFamilies {}

/// The families that models may be of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelFamilies {
    /// Each of them, by name.
    pub items: Vec<ModelFamily>,
}

/// A family of models, and the architectures that are of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelFamily {
    /// Its name, as `llama`.
    pub name: String,
    /// What a `config.json` may name as its `architectures`.
    pub architectures: Vec<String>,
    /// What its models are for; not known of one that the setting `model_families` added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<FamilyPurpose>,
    /// Whether jobs train models of it.
    pub trainable: bool,
    /// Whether the runtime that comes with the platform runs models of it.
    pub servable: bool,
}

/// What the models of a family are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FamilyPurpose {
    /// They write text.
    Generate,
    /// They turn text into vectors.
    Embed,
}
