//! Datasets made from others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DataFormat, DatasetId, DatasetWorkState, PiiType, ValidationProgress};
use crate::base::{Id, Timestamp};

/// Makes a dataset from another by one operation. What is made is a draft of its own: a new version of the name, or the
/// first of another name; of a split a dataset for each part. It is there once it is whole. The same bytes, operation and
/// seed make the same bytes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeriveDataset {
    /// From which.
    pub dataset_id: DatasetId,
    /// The name of what is made; that of the source if absent. A part of a split adds `-train`, `-validation` or `-test`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub name: Option<String>,
    /// Its version; the next after the highest of its name if absent, or 1.0.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub version: Option<String>,
    /// What changed; said by the operation if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub change_log: Option<String>,
    /// Splits the rows into parts. One operation must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<SplitRows>,
    /// Keeps the rows for which a condition holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterRows>,
    /// Makes columns by templates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<MapRows>,
    /// Leaves out rows that repeat an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dedupe: Option<DedupeRows>,
    /// Replaces personal and secret data by marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redact: Option<RedactRows>,
    /// Draws some of the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleRows>,
    /// Writes the rows in another format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub convert: Option<ConvertRows>,
    /// Keeps the rows that are so many tokens for a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<TokenRows>,
}

/// Splits rows by chance into as many as the shares say; the shares add up to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SplitRows {
    /// The share to train on.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub train: f64,
    /// The share to look at while training; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub validation: Option<f64>,
    /// The share to test with; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub test: Option<f64>,
    /// Decides the chance; 0 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0_i64, max = 9_007_199_254_740_991_i64))]
    pub seed: Option<u64>,
    /// A column of at most 10,000 different values, which each part has in the shares of the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub stratify_by: Option<String>,
    /// A column of which all rows with one value go into one part. The shares then hold for groups, about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub group_by: Option<String>,
}

/// Keeps rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilterRows {
    /// An expression over the columns, as `prompt|length > 10 and lang == "en"`.
    #[schemars(length(max = 4000))]
    pub condition: String,
}

/// Makes columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MapRows {
    /// The columns that are made.
    #[schemars(length(min = 1, max = 100))]
    pub columns: Vec<MappedColumn>,
    /// Whether the other columns stay; they go if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<bool>,
}

/// A column and the template of its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MappedColumn {
    /// Its name.
    #[schemars(length(max = 128))]
    pub name: String,
    /// A text with columns in it, as `Q: {{ question }}`.
    #[schemars(length(max = 20_000))]
    pub template: String,
    /// Whether what it makes is JSON, as a list of messages; text if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<bool>,
}

/// Leaves out repeated rows; the first of them stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DedupeRows {
    /// The columns in which rows must be equal; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000), inner(length(max = 1000)))]
    pub columns: Option<Vec<String>>,
    /// Whether rows are left out too that are nearly an earlier one in these columns: whose runs of three words are, as far
    /// as MinHash tells, at least to 80 % the same. Rows of fewer than 20 words are not judged; they are held against the
    /// first 262,144 different ones. `false` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<bool>,
}

/// Replaces what the search for personal data finds by its kind, as `[EMAIL]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedactRows {
    /// The kinds to replace; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 32))]
    pub pii_types: Option<Vec<PiiType>>,
    /// The policy whose search finds what is replaced. If absent the one called `default`; if there is none, everything
    /// that is known to be personal is replaced, as for a validation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub policy: Option<String>,
    /// Which version of it; the newest if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub policy_version: Option<u32>,
    /// Findings of less confidence stay, 0 to 1. If absent 0.5, or what the policy says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_confidence: Option<f64>,
    /// The columns to look at; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000), inner(length(max = 1000)))]
    pub columns: Option<Vec<String>>,
}

/// Draws rows by chance, which stay in their order. Either `rows` or `share` is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SampleRows {
    /// How many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1_i64, max = 9_007_199_254_740_991_i64))]
    pub rows: Option<u64>,
    /// Which share of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: Option<f64>,
    /// Decides the chance; 0 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0_i64, max = 9_007_199_254_740_991_i64))]
    pub seed: Option<u64>,
}

/// Writes rows in another of the formats in which rows are kept. Parquet is none of them: `read_dataset_rows` sends the rows of
/// any dataset as `parquet`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConvertRows {
    /// `csv` or `jsonl`.
    pub to: DataFormat,
    /// Whether cells of a table that a spreadsheet would take for a formula get an apostrophe before them; yes if absent. These
    /// are texts, names of columns too, that are no number and begin with `=`, `+`, `-`, `@`, the wide forms of these signs, a tab
    /// or the end of a line, blanks before a sign aside. With `false` all cells stay as they are, and no table is made from a
    /// table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safe_cells: Option<bool>,
}

/// Keeps the rows of which the texts have so many tokens together, without the markers that a model puts around them. At
/// least one of `min` and `max` is given. A row whose text cannot be counted, as one of more than 1 MiB, ends the derivation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenRows {
    /// With whose tokenizer: a model of the catalog with a `tokenizer.json` of at most 64 MiB among its files.
    pub model_id: Id,
    /// The SHA-256 that its `tokenizer.json` must have; whatever it has now if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub tokenizer: Option<String>,
    /// The columns whose tokens count. If absent those that hold text, and the one with conversations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000), inner(length(max = 1000)))]
    pub columns: Option<Vec<String>>,
    /// The fewest tokens of a row that stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0_i64, max = 9_007_199_254_740_991_i64))]
    pub min: Option<u64>,
    /// The most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0_i64, max = 9_007_199_254_740_991_i64))]
    pub max: Option<u64>,
}

/// The operation by which a dataset is made; exactly one is there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DerivedBy {
    /// Into parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<SplitRows>,
    /// Rows that a condition keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterRows>,
    /// Columns by templates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<MapRows>,
    /// Without repeated rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dedupe: Option<DedupeRows>,
    /// Without personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redact: Option<RedactRows>,
    /// Some of the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleRows>,
    /// In another format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub convert: Option<ConvertRows>,
    /// Rows of so many tokens, with the digest of the tokenizer and the columns that were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<TokenRows>,
}

/// What a dataset was made from, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetOrigin {
    /// The derivation.
    pub derivation_id: Id,
    /// The version that was read.
    pub dataset_id: DatasetId,
    /// The digest of its files.
    pub digest: String,
    /// What was done.
    pub operation: DerivedBy,
    /// Which part of a split this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
}

/// A dataset that is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DerivedOutput {
    /// Its id; there is none under it before the derivation succeeded.
    pub dataset_id: DatasetId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Which part of a split it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Its rows, once it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

/// A derivation, under way or done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetDerivation {
    /// Its id.
    pub id: Id,
    /// From which version.
    pub dataset_id: DatasetId,
    /// The digest of the bytes it reads.
    pub digest: String,
    /// What is done.
    pub operation: DerivedBy,
    /// What is made.
    pub outputs: Vec<DerivedOutput>,
    /// Where it stands.
    pub state: DatasetWorkState,
    /// How far it is.
    pub progress: ValidationProgress,
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

/// Makes an old version the newest again: a draft with its files and the next number of its name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestoreDatasetVersion {
    /// A version of the dataset.
    pub dataset_id: DatasetId,
    /// The version whose files come back, as `1.0.0`.
    #[schemars(length(max = 64))]
    pub version: String,
    /// What changed; that it was restored if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10_000))]
    pub change_log: Option<String>,
}

/// Asks for a derivation.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetDatasetDerivation {
    /// From which dataset.
    pub dataset_id: DatasetId,
    /// Which.
    pub derivation_id: Id,
}

/// Ends a derivation; nothing is made. One that ended stays as it is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CancelDatasetDerivation {
    /// From which dataset.
    pub dataset_id: DatasetId,
    /// Which.
    pub derivation_id: Id,
}

/// Asks for the derivations from a dataset, newest first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListDatasetDerivations {
    /// From which dataset.
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
