//! Columns, and the parts they play.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a dataset's rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DataFormat {
    /// A table of separated values, RFC 4180.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Plain text; a row is a line that is not blank.
    Text,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// No value at all.
    Empty,
    /// `true` and `false`.
    Boolean,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Text.
    Text,
    /// Objects or lists.
    Json,
    /// Values of several types.
    Mixed,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetColumn {
    /// Its name: of the header, of the JSON key, or `text`.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// Whether a row lacks it or holds nothing in it.
    pub nullable: bool,
}

/// Which column plays which part. What is absent is looked for under the part's own name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ColumnRoles {
    /// The text of a corpus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub text: Option<String>,
    /// What is asked of the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub prompt: Option<String>,
    /// What the model is to answer. Also found under `completion`.
    #[serde(default, alias = "completion", skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub response: Option<String>,
    /// A conversation: a list of messages, each with `role` and `content` or `tool_calls`. The tools stand in a column `tools`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub messages: Option<String>,
    /// A question about a passage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub question: Option<String>,
    /// The passage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub context: Option<String>,
    /// The answer it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub answer: Option<String>,
    /// The better response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub chosen: Option<String>,
    /// The worse response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub rejected: Option<String>,
}
