//! Validation: its report and its parts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ColumnType, DatasetId, DatasetStatistics};
use crate::base::{Id, Timestamp};
pub use crate::op::RecommendedOperation;

/// Where a validation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValidationState {
    /// Waiting for its turn.
    Queued,
    /// Reading.
    Running,
    /// The report is there.
    Succeeded,
    /// It could not be carried out; `error` says why.
    Failed,
}

/// A kind of personal or secret data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PiiType {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// The number of a payment card.
    CreditCard,
    /// A Korean resident registration number.
    KrResidentNumber,
    /// A social security number of the United States.
    UsSsn,
    /// An international bank account number.
    Iban,
    /// An IPv4 or IPv6 address.
    IpAddress,
    /// An address with a password in it.
    UrlCredentials,
    /// An API key, a token or a private key, or what is given to a name such as `password`.
    Secret,
    /// The number of a passport, beside a word that says so.
    Passport,
    /// A driver's licence of the United States, the United Kingdom or Germany; the first and the last beside a word that says so.
    UsDriversLicense,
    /// A Korean driver's licence.
    KrDriversLicense,
    /// The name of a person; a guess where nothing beside it says so.
    PersonName,
    /// What a rule of the project's policy found, or a detector of the host program under a name of its own; `rule` says
    /// which.
    Custom,
}

/// Validates a dataset: structure, personal data, quality. A validation of the same bytes that is under way is joined.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValidateDataset {
    /// Which.
    pub dataset_id: DatasetId,
    /// The kinds of personal data to look for; all if absent. With fewer than all nothing becomes `clean`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 32))]
    pub pii_types: Option<Vec<PiiType>>,
    /// Findings of less confidence count for nothing, 0 to 1; 0.5 if absent. With more than 0.8 nothing becomes `clean`. By a
    /// policy it only raises what the policy asks for, and then nothing becomes `clean`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_confidence: Option<f64>,
    /// The policy to search by, in its newest version. If absent the one called `default`; if there is none, everything is
    /// searched for and nothing may be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub policy: Option<String>,
}

/// Asks for the report of the last validation.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetDatasetValidation {
    /// Of which dataset.
    pub dataset_id: DatasetId,
}

/// A validation, under way or done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetValidation {
    /// Its id.
    pub id: Id,
    /// Of which dataset.
    pub dataset_id: DatasetId,
    /// Where it stands.
    pub state: ValidationState,
    /// The digest of the bytes it is about.
    pub digest: String,
    /// How far it is.
    pub progress: ValidationProgress,
    /// What it found, once it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ValidationReport>,
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

/// How far a validation is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ValidationProgress {
    /// Rows read.
    pub rows: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes to read.
    pub total_bytes: u64,
}

/// What a validation found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ValidationReport {
    /// Rows that cannot be read, and columns that are missing.
    pub structure: StructureReport,
    /// Personal and secret data.
    pub pii: PiiReport,
    /// How good the rows are.
    pub quality: QualityReport,
    /// What to do.
    pub recommendations: Vec<Recommendation>,
    /// What the columns hold.
    pub statistics: DatasetStatistics,
}

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recommendation {
    /// What and how, in plain words.
    pub text: String,
    /// The operation that mends it; absent where only a person can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<RecommendedOperation>,
}

/// Whether the rows can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StructureReport {
    /// Whether everything can be read and no required column is missing.
    pub valid: bool,
    /// Rows that can be read.
    pub rows: u64,
    /// Rows that cannot.
    pub bad_rows: u64,
    /// The first 100 of them.
    pub errors: Vec<StructureError>,
    /// Columns in which some values are of another type than most: the first 100 of them, of the first 1,000. The rows can
    /// be read all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub type_changes: Vec<TypeChange>,
    /// Columns that the dataset's type requires and that are not there, or are not of the type needed.
    pub missing_columns: Vec<String>,
    /// Rows that can be read and in which a column that the type requires is empty: nobody can learn from them or be asked.
    #[serde(default)]
    pub incomplete_rows: u64,
}

/// A column in which some values are of another type than most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TypeChange {
    /// Its name.
    pub column: String,
    /// What most of its values are: boolean, number, text or json.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// How many are of another type.
    pub values: u64,
    /// The first 5 of each other type.
    pub first: Vec<TypeChangeAt>,
}

/// Where a value is of another type than most of its column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TypeChangeAt {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// What the value is.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
}

/// One row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StructureError {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// The byte within the line where it shows, from 1, if it shows somewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// What is wrong.
    pub reason: String,
}

/// The personal and secret data found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PiiReport {
    /// Whether nothing was found, or no more than the policy allows, in a search for everything it asks for.
    pub clean: bool,
    /// Whether everything that is to be searched for was; false in reports of earlier versions, which searched for less.
    #[serde(default)]
    pub complete: bool,
    /// The policy it was held to; absent for the rules that hold where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PiiPolicyRef>,
    /// The kinds searched for.
    pub types: Vec<PiiType>,
    /// The least confidence that counted for some kind.
    pub min_confidence: f64,
    /// What was searched for, with what counted of it and how much of that is allowed.
    #[serde(default)]
    pub searched: Vec<PiiSearched>,
    /// Findings in all.
    pub total: u64,
    /// Findings by kind.
    pub counts: Vec<PiiCount>,
    /// The first 1,000 of them.
    pub findings: Vec<PiiFinding>,
}

/// A version of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PiiPolicyRef {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
}

/// One thing that was searched for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PiiSearched {
    /// The kind.
    #[serde(rename = "type")]
    pub pii_type: PiiType,
    /// The rule, of the policy's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The least confidence that counted.
    pub min_confidence: f64,
    /// Findings that a clean dataset may have.
    pub allowed: u64,
}

/// How often a kind was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PiiCount {
    /// The kind.
    #[serde(rename = "type")]
    pub pii_type: PiiType,
    /// What found it, of the kind `custom`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// How often.
    pub count: u64,
    /// How often it may be.
    #[serde(default)]
    pub allowed: u64,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PiiFinding {
    /// The kind.
    #[serde(rename = "type")]
    pub pii_type: PiiType,
    /// What found it, of the kind `custom`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The row, from 0, as in the preview.
    pub row: u64,
    /// The file.
    pub path: String,
    /// The line the row begins on, from 1.
    pub line: u64,
    /// The column's name.
    pub column: String,
    /// The first character of the finding within the value, from 0.
    pub start: u64,
    /// The character after its last.
    pub end: u64,
    /// 0 to 1.
    pub confidence: f64,
    /// What it looks like, all but its ends masked.
    pub excerpt: String,
}

/// How good the rows are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QualityReport {
    /// 0 to 100: the parts by their weight.
    pub score: f64,
    /// What approval needs.
    pub threshold: f64,
    /// The parts.
    pub parts: Vec<QualityPart>,
    /// Rows by the script that most of their letters are of, the most frequent first.
    #[serde(default)]
    pub scripts: Vec<ScriptShare>,
    /// What changed since the parent; absent if that has no report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftReport>,
}

/// Rows of one script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScriptShare {
    /// As `latin`, `hangul`, `han` or `kana`.
    pub script: String,
    /// How many rows.
    pub rows: u64,
}

/// How the columns are spread beside those of the parent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    /// The parent.
    pub parent_version_id: DatasetId,
    /// Its version.
    pub version: String,
    /// Columns that both have.
    pub compared: u64,
    /// Those that drifted.
    pub columns: Vec<ColumnDrift>,
}

/// One column that drifted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ColumnDrift {
    /// Its name.
    pub name: String,
    /// What its values were.
    pub type_before: ColumnType,
    /// What they are.
    pub type_after: ColumnType,
    /// The share of rows that held none.
    pub missing_before: f64,
    /// The share that holds none.
    pub missing_after: f64,
    /// The Jensen-Shannon distance of its numbers or lengths, 0 to 1; absent under 200 values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<f64>,
}

/// One part of the quality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QualityPart {
    /// `completeness`, `uniqueness`, `near_duplicates`, `schema`, `format`, `consistency`, `outliers`, `scripts` or `drift`.
    pub name: String,
    /// 0 to 100.
    pub score: f64,
    /// Its share of the whole; the weights add up to 1.
    pub weight: f64,
    /// What it counted.
    pub detail: String,
}
