//! Asking an external model's provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ModelId;
use crate::base::Error;

/// Tests an external model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestModel {
    /// Which.
    pub model_id: ModelId,
}

/// What came of asking a provider for its list of models.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalTest {
    /// Whether the provider answered, took the key and offers the model.
    pub ok: bool,
    /// How long the answer took, in milliseconds; absent when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// Whether the model is among those that the provider offers; absent where its list does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<bool>,
    /// The names of the models that it offers, at most 1,000.
    #[serde(default)]
    pub models: Vec<String>,
    /// What went wrong; that the model is not offered is `model_not_offered`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ExternalFailure>,
}

/// Why somebody outside could not be asked, or what is wrong with what he answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalFailure {
    /// Its kind, as `upstream`; absent of one that was written down before kinds were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// For programs, as `upstream_refused`.
    pub code: String,
    /// What went wrong.
    pub message: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl From<&Error> for ExternalFailure {
    fn from(error: &Error) -> Self {
        Self {
            kind: Some(error.kind().name().to_owned()),
            code: error.stable_code().to_owned(),
            message: error.message().to_owned(),
            hint: error.hint_text().map(str::to_owned),
        }
    }
}
