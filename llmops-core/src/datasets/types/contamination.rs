//! Rows of a dataset that stand in others: what is asked, and what was found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DatasetId, DatasetWorkState, ValidationProgress};
use crate::base::{Id, Timestamp};

/// Looks for the rows of a dataset, mostly a benchmark, in other datasets, mostly what a model learned from. At least one
/// of `against` and `modelId` is given.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckDatasetContamination {
    /// Whose rows are looked for.
    pub dataset_id: DatasetId,
    /// The dataset versions to look in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 20))]
    pub against: Option<Vec<DatasetId>>,
    /// A model: looks in all that it, and the models it was tuned from, learned from. What that is, is settled now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<Id>,
    /// The columns whose text is looked for. If absent those that play a part of the dataset's type, or all that hold text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000), inner(length(max = 1000)))]
    pub columns: Option<Vec<String>>,
    /// How many words a run of words has, 3 to 50; 13 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 3, max = 50))]
    pub ngram: Option<u32>,
    /// The share of a row's runs that must be found, 0 to 1; 0.7 if absent. With 0 one of them is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_overlap: Option<f64>,
    /// The least similarity of rows that are nearly the same, 0.5 to 1; 0.8 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.5, max = 1.0))]
    pub similarity: Option<f64>,
}

/// Asks for a contamination check.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetContaminationCheck {
    /// Of which dataset.
    pub dataset_id: DatasetId,
    /// Which.
    pub check_id: Id,
}

/// Ends a contamination check. One that ended stays as it is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CancelContaminationCheck {
    /// Of which dataset.
    pub dataset_id: DatasetId,
    /// Which.
    pub check_id: Id,
}

/// Asks for the contamination checks of a dataset, newest first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListContaminationChecks {
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

/// By what rows are held to be the same, with everything filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContaminationMethod {
    /// The columns whose text is looked for, in the order in which they are put together.
    pub columns: Vec<String>,
    /// Words of a run.
    pub ngram: u32,
    /// The share of a row's runs that must be found.
    pub min_overlap: f64,
    /// The least similarity of rows that are nearly the same.
    pub similarity: f64,
}

/// A dataset version that is looked in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContaminationSource {
    /// Its id.
    pub dataset_id: DatasetId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The digest of the bytes that are read.
    pub digest: String,
}

/// The model whose data is looked in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContaminationModel {
    /// Its id.
    pub model_id: Id,
    /// Its name and version when the check began, as `tiny:1.0.0`.
    pub name: String,
    /// Datasets it learned from that cannot be looked in: they are deleted.
    pub missing: Vec<DatasetId>,
    /// Whether it comes from a model that is deleted, or from more than 64.
    pub truncated: bool,
}

/// How a row is found in another dataset. A row counts as the first of these that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContaminationKind {
    /// As it is: the same words.
    Exact,
    /// In runs of words.
    Ngram,
    /// Nearly, as MinHash estimates it.
    Near,
}

/// How many rows were found, by how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContaminationCounts {
    /// All that were found: the sum of the three.
    pub rows: u64,
    /// As they are.
    pub exact: u64,
    /// In runs of words.
    pub ngram: u64,
    /// Nearly.
    pub near: u64,
    /// The share of the rows that were looked for, 0 to 1.
    pub share: f64,
}

/// What was found in one dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContaminationSourceReport {
    /// Its id.
    pub dataset_id: DatasetId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The digest of its bytes.
    pub digest: String,
    /// Whether its bytes are those of the checked dataset. Then nothing is read, and every row counts as found.
    pub identical: bool,
    /// Its rows that were read.
    pub rows: u64,
    /// Its rows that cannot be read.
    pub bad_rows: u64,
    /// The rows of the checked dataset that were found in it.
    pub affected: ContaminationCounts,
}

/// Two rows that share text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContaminationSample {
    /// How the row was found.
    pub kind: ContaminationKind,
    /// Its number in the checked dataset, from 0.
    pub row: u64,
    /// In which dataset it was found.
    pub source_id: DatasetId,
    /// The number of the row there, from 0; of runs of words the row that holds most of them.
    pub source_row: u64,
    /// Of runs of words the share found in the whole dataset; of rows that are nearly the same the similarity; else 1.
    pub measure: f64,
    /// Of runs of words the share found in the row shown; else as `measure`.
    pub pair_measure: f64,
    /// Text of the row about where it was found, at most 500 characters; personal data in it is masked.
    pub excerpt: String,
    /// The same of the other row.
    pub source_excerpt: String,
}

/// What a contamination check found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContaminationReport {
    /// Whether every row was looked for in all that was to be looked in.
    pub complete: bool,
    /// What was left out, in plain words; nothing if it is complete.
    pub left_out: Vec<String>,
    /// Rows of the dataset that can be read.
    pub rows: u64,
    /// Rows that were looked for.
    pub rows_checked: u64,
    /// Rows without a word in the columns that were looked at.
    pub rows_without_text: u64,
    /// Different runs of words that were looked for.
    pub ngrams: u64,
    /// Runs of words that stand in more than 10 rows of the dataset. They are its form, as a question that is always asked the
    /// same, and count for nothing.
    pub common_ngrams: u64,
    /// The rows that were found anywhere, each by its strongest finding.
    pub affected: ContaminationCounts,
    /// The same by dataset.
    pub sources: Vec<ContaminationSourceReport>,
    /// Up to 100 pairs of rows, of each dataset and each kind some; absent in a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<Vec<ContaminationSample>>,
}

/// A contamination check, under way or done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContaminationCheck {
    /// Its id.
    pub id: Id,
    /// The dataset version whose rows are looked for.
    pub dataset_id: DatasetId,
    /// The digest of its bytes.
    pub digest: String,
    /// The model whose data is looked in, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ContaminationModel>,
    /// What is looked in.
    pub sources: Vec<ContaminationSource>,
    /// By what rows are held to be the same.
    pub method: ContaminationMethod,
    /// Where it stands.
    pub state: DatasetWorkState,
    /// How far it is, over all that is read.
    pub progress: ValidationProgress,
    /// What was found, once it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ContaminationReport>,
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
