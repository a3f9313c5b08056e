//! What a job wrote.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::JobId;

/// Which of a job's outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobLogChannel {
    /// Its words to people.
    Text,
    /// Its events, one JSON object a line.
    Events,
}

/// Asks for what a job wrote, all attempts in order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StreamJobLogs {
    /// Which.
    pub job_id: JobId,
    /// Whether to go on until the job has ended; otherwise the stream ends with what there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow: Option<bool>,
    /// Which output; both, each attempt's words before its events, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<JobLogChannel>,
}

/// One line that a job wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobLogLine {
    /// By which attempt.
    pub attempt: u32,
    /// To which output.
    pub channel: JobLogChannel,
    /// The line, without its end. Bytes that are no UTF-8 are replaced.
    pub line: String,
}
