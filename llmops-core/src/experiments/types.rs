//! What callers send and get.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Number;
use crate::base::{Id, Timestamp, id_type};

id_type! {
    /// The id of a run.
    RunId
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    /// Under way.
    Running,
    /// Ended well.
    Finished,
    /// Ended badly.
    Failed,
    /// Ended by somebody.
    Killed,
}

/// Begins a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateRun {
    /// What it is called; at most 128 characters.
    #[schemars(length(max = 128))]
    pub name: String,
    /// The job it records. A job has one run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_id: Option<Id>,
    /// Its parameters: at most 1,000, names to 250 characters, values to 6,000.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 1000, "additionalProperties" = {"type": "string", "maxLength": 6000}))]
    pub params: BTreeMap<String, String>,
    /// Its tags: at most 1,000, names to 250 characters, values to 5,000.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 1000, "additionalProperties" = {"type": "string", "maxLength": 5000}))]
    pub tags: BTreeMap<String, String>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// What it is called.
    pub name: String,
    /// The project it belongs to.
    pub project: String,
    /// The job it records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_id: Option<Id>,
    /// Where it stands.
    pub status: RunStatus,
    /// Its parameters.
    pub params: BTreeMap<String, String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The last value of each metric and where it was.
    pub metrics: BTreeMap<String, MetricSummary>,
    /// Who began it.
    pub created_by: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// What is known of a metric without reading its points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricSummary {
    /// The value at the highest step.
    pub last: Number,
    /// That step.
    pub step: i64,
    /// The least finite value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The greatest finite value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// How many points there are.
    pub points: u64,
}

/// Asks for a run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetRun {
    /// Which.
    pub run_id: RunId,
}

/// Asks for the run of a job.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetJobRun {
    /// Of which job.
    pub job_id: Id,
}

/// Changes a run. What is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateRun {
    /// Which.
    pub run_id: RunId,
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub name: Option<String>,
    /// Its new status; any but `running` ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<RunStatus>,
    /// Parameters to add. One that is there keeps its value; another value is a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 1000, "additionalProperties" = {"type": "string", "maxLength": 6000}))]
    pub params: Option<BTreeMap<String, String>>,
    /// Tags to set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 1000, "additionalProperties" = {"type": "string", "maxLength": 5000}))]
    pub tags: Option<BTreeMap<String, String>>,
}

/// One measured value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MetricPoint {
    /// The metric's name; at most 250 characters.
    #[schemars(length(min = 1, max = 250))]
    pub name: String,
    /// The value.
    pub value: Number,
    /// The step it belongs to; 0 if absent.
    #[serde(default)]
    #[schemars(range(min = -9_007_199_254_740_991_i64, max = 9_007_199_254_740_991_i64))]
    pub step: i64,
    /// When it was measured; when it came in, if absent. Absent times make a batch double when it is sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
}

/// Records metric points: 1 to 10,000 in one batch.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogMetrics {
    /// Of which run.
    pub run_id: RunId,
    /// The points.
    #[schemars(length(min = 1, max = 10_000))]
    pub metrics: Vec<MetricPoint>,
}

/// What a batch brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoggedMetrics {
    /// Points that are new.
    pub recorded: u64,
    /// Points that were there already.
    pub known: u64,
}

/// Asks for metrics over steps.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetSeries {
    /// Of which run.
    pub run_id: RunId,
    /// Which metrics; all if absent. At most 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 50), inner(length(max = 250)))]
    pub metrics: Option<Vec<String>>,
    /// The most points of each, 2 to 10,000; 1,000 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 2, max = 10_000))]
    pub max_points: Option<u32>,
}

/// Metrics over steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunSeries {
    /// Of which run.
    pub run_id: RunId,
    /// One for each metric, by name.
    pub series: Vec<Series>,
}

/// One metric over steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Series {
    /// The metric's name.
    pub name: String,
    /// Its points by step; evenly thinned when there are more than asked for, the first and the last always among them.
    pub points: Vec<SeriesPoint>,
    /// How many points there are in all.
    pub total: u64,
}

/// A point of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeriesPoint {
    /// The step.
    pub step: i64,
    /// When it was measured.
    pub time: Timestamp,
    /// The value.
    pub value: Number,
}

/// Follows a run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WatchRun {
    /// Which.
    pub run_id: RunId,
    /// Only points after the event with this number; everything so far too when 0; from now on if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0_i64, max = 9_007_199_254_740_991_i64))]
    pub after: Option<i64>,
}

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunEvent {
    /// Counts up within the run.
    pub seq: i64,
    /// Points recorded since the event before.
    pub points: Vec<MetricPoint>,
    /// Where the run stands now. The stream ends when it is not running any more.
    pub status: RunStatus,
}

/// Finds runs.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchRuns {
    /// As `metrics.loss < 0.5 AND (params.lr = '0.001' OR tags.team = 'core') AND status = 'finished'`. Comparisons are
    /// `=`, `!=`, `<`, `<=`, `>`, `>=`, `LIKE`, `ILIKE`; AND binds closer than OR. Times are milliseconds
    /// since 1970; ILIKE ignores the case of ASCII letters. At most 4,096 characters and 32 comparisons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub filter: Option<String>,
    /// `startedAt`, `name` or `metrics.NAME`, with `-` in front for the reverse; `-startedAt` if absent. Ordered by a metric,
    /// runs without a finite value of it are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 300))]
    pub order_by: Option<String>,
    /// The most runs of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Puts runs side by side.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompareRuns {
    /// Which: 2 to 20.
    #[schemars(length(min = 2, max = 20))]
    pub run_ids: Vec<RunId>,
}

/// Runs side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunComparison {
    /// The runs, in the order asked for.
    pub runs: Vec<Run>,
    /// Parameters whose values differ: for each, the value in each run.
    pub params: BTreeMap<String, Vec<Option<String>>>,
    /// Every metric: for each, the last value in each run.
    pub metrics: BTreeMap<String, Vec<Option<Number>>>,
}
