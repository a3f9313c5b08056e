//! A dataset's card.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DatasetId;

/// Asks for the card of a dataset.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DownloadDatasetCard {
    /// Whose.
    pub dataset_id: DatasetId,
    /// As the HTTP header: `bytes=0-99`, `bytes=100-`, `bytes=-10`. Several ranges are answered with the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub range: Option<String>,
}
