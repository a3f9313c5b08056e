//! How many tokens a dataset is for a model: what is asked, and what was counted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DatasetId, DatasetWorkState, ValidationProgress, ValueDistribution};
use crate::base::{Id, Timestamp};

/// Counts the tokens of a dataset with the tokenizer of a model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountTokens {
    /// Of which dataset.
    pub dataset_id: DatasetId,
    /// With whose tokenizer: a model of the catalog with a `tokenizer.json` of at most 64 MiB among its files.
    pub model_id: Id,
    /// The columns to count. If absent those that hold text, and the one with conversations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000), inner(length(max = 1000)))]
    pub columns: Option<Vec<String>>,
}

/// Asks for a count of tokens.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetTokenCount {
    /// Of which dataset.
    pub dataset_id: DatasetId,
    /// Which.
    pub count_id: Id,
}

/// Ends a count of tokens. One that ended stays as it is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CancelTokenCount {
    /// Of which dataset.
    pub dataset_id: DatasetId,
    /// Which.
    pub count_id: Id,
}

/// Asks for the counts of tokens of a dataset, newest first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListTokenCounts {
    /// Of which dataset.
    pub dataset_id: DatasetId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// The tokenizer that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenizerUsed {
    /// The model whose tokenizer it is.
    pub model_id: Id,
    /// The model's name and version when the count was asked for, as `tiny:1.0.0`.
    pub name: String,
    /// SHA-256 of its `tokenizer.json`. Equal digests mean equal tokens.
    pub digest: String,
    /// Bytes of that file.
    pub bytes: u64,
}

/// How many tokens texts have. Markers that a model puts around a text or between messages are not among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenDistribution {
    /// Texts that were counted.
    pub counted: u64,
    /// Rows without text.
    pub missing: u64,
    /// Rows whose text could not be counted.
    pub left_out: u64,
    /// Tokens of all that were counted, exact.
    pub total: u64,
    /// Texts of more tokens than the model's context length, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_context: Option<u64>,
    /// How their tokens are spread; absent if no text was counted. Quantiles are those of 50, 90, 95 and 99 of 100. Beyond
    /// 100,000 texts quantiles and bars are of a sample of so many, or fewer where more than 9 columns are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<ValueDistribution>,
}

/// The tokens of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ColumnTokens {
    /// Its name.
    pub name: String,
    /// Whether it holds conversations: then a text is what all messages of one say and call.
    pub conversation: bool,
    /// How many.
    pub tokens: TokenDistribution,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenReport {
    /// Whether everything was counted.
    pub complete: bool,
    /// What was left out, in plain words; nothing if it is complete.
    pub left_out: Vec<String>,
    /// Rows of the dataset that can be read.
    pub rows: u64,
    /// Rows that cannot.
    pub bad_rows: u64,
    /// The longest text the model takes, in tokens, if its `config.json` or `tokenizer_config.json` states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_length: Option<u64>,
    /// The counted columns of each row together.
    pub together: TokenDistribution,
    /// Column by column.
    pub columns: Vec<ColumnTokens>,
}

/// A count of tokens, under way or done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenCount {
    /// Its id.
    pub id: Id,
    /// Of which dataset version.
    pub dataset_id: DatasetId,
    /// The digest of the bytes that are read.
    pub digest: String,
    /// With what.
    pub tokenizer: TokenizerUsed,
    /// The columns that are counted.
    pub columns: Vec<String>,
    /// Where it stands.
    pub state: DatasetWorkState,
    /// How far it is.
    pub progress: ValidationProgress,
    /// What was counted, once it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<TokenReport>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Who asked for it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
}
