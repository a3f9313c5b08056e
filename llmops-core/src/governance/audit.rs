//! The audit log as callers see it, and an export that proves itself.

use std::io::BufRead;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::{Error, Id, Result, Timestamp};
use crate::store::audit::{Chain, Hashed};

/// How an action went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuditOutcome {
    /// It was done.
    Allowed,
    /// The caller may not.
    Denied,
    /// It was tried and did not work.
    Failed,
}

/// Asks what was done.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListAuditLogs {
    /// By this actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub actor: Option<String>,
    /// This operation, as `catalog.create_model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub action: Option<String>,
    /// On this kind of thing, as `model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub resource_type: Option<String>,
    /// On this thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub resource_id: Option<String>,
    /// With this outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<AuditOutcome>,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// The most entries of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Something that was done, denied or failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its place in the log, from 1 on without a gap.
    pub seq: i64,
    /// Its id.
    pub id: Id,
    /// Who.
    pub actor_id: String,
    /// What, as `catalog.create_model`.
    pub action: String,
    /// On what kind of thing.
    pub resource_type: String,
    /// On which.
    pub resource_id: String,
    /// How it went.
    pub result: AuditOutcome,
    /// Why, in words; empty when it was allowed.
    pub reason: String,
    /// Request id, address, key and all things touched.
    pub metadata: Value,
    /// When.
    pub timestamp: Timestamp,
    /// SHA-256 over the hash before and the fields.
    pub hash: String,
}

/// How an export is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuditFormat {
    /// One JSON object a line; `llmops-server audit verify` reads it.
    #[default]
    Jsonl,
    /// A table for spreadsheets; cells that would be formulas begin with an apostrophe.
    Csv,
}

/// Asks for the whole log.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportAuditLogs {
    /// How; JSON lines if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<AuditFormat>,
}

/// Asks to verify the log.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerifyAuditLogs {}

/// What verifying the log showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditVerification {
    /// Whether the log is complete and unaltered.
    pub verified: bool,
    /// Entries that are right, from the first on.
    pub entries: u64,
    /// The hash of the last of them, in hex: kept somewhere else, it shows later that nothing before it was changed or cut off.
    pub hash: String,
    /// What is wrong after them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl AuditVerification {
    pub(super) fn of(chain: &Chain, outcome: std::result::Result<(), String>) -> Self {
        let problem = outcome.err();
        Self { verified: problem.is_none(), entries: chain.entries(), hash: chain.hash().to_owned(), problem }
    }

    /// The same, unless the log does not hold an entry of this number with this hash, as an earlier verification told it.
    pub(super) fn holding(self, wanted: Option<(u64, String)>, found: Option<String>) -> Self {
        let Some((seq, hash)) = wanted.filter(|_| self.verified) else { return self };
        let problem = match found {
            Some(found) if found == hash => return self,
            Some(_) => format!("entry {seq} is not the one that was expected"),
            None => format!("it ends before entry {seq}, which was expected"),
        };
        Self { verified: false, problem: Some(problem), ..self }
    }
}

/// A line of an export: the hashed fields as they were hashed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExportLine {
    pub seq: i64,
    pub id: String,
    pub actor: String,
    pub action: String,
    pub resource_type: String,
    pub resource_id: String,
    pub result: String,
    pub reason: String,
    pub project: String,
    /// JSON as text, byte for byte what was hashed.
    pub metadata: String,
    /// Microseconds since 1970.
    pub at: i64,
    pub hash: String,
}

/// The last line of an export: where the chain ended when it was made.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportEnd {
    pub end: ChainEnd,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChainEnd {
    pub seq: i64,
    pub hash: String,
}

impl ExportLine {
    fn hashed(&self) -> Hashed<'_> {
        Hashed {
            seq: self.seq,
            id: &self.id,
            actor: &self.actor,
            action: &self.action,
            resource_type: &self.resource_type,
            resource_id: &self.resource_id,
            result: &self.result,
            reason: &self.reason,
            project: &self.project,
            metadata: &self.metadata,
            at: self.at,
        }
    }
}

/// Verifies an export without a database: every entry there, none changed, none after the end it states.
///
/// # Errors
/// `unavailable` when it cannot be read. What is wrong with its content is in the answer.
///
/// ```
/// use llmops_core::governance::verify_export;
/// let empty = "{\"end\":{\"seq\":0,\"hash\":\"0000000000000000000000000000000000000000000000000000000000000000\"}}\n";
/// assert!(verify_export(empty.as_bytes())?.verified);
/// assert!(!verify_export("".as_bytes())?.verified); // cut off
/// # Ok::<(), llmops_core::base::Error>(())
/// ```
pub fn verify_export(lines: impl BufRead) -> Result<AuditVerification> {
    verify_export_with(lines, None)
}

/// The same for a log that is expected to hold an entry of this number with this hash: the `entries` and `hash` that the server, or
/// an earlier export, told. Whoever writes a log anew from its beginning can make it prove itself, but not hold this.
///
/// # Errors
/// Those of [`verify_export`].
pub fn verify_export_with(lines: impl BufRead, expected: Option<(u64, String)>) -> Result<AuditVerification> {
    let mut chain = Chain::default();
    let mut found = expected.as_ref().filter(|(seq, _)| *seq == 0).map(|_| chain.hash().to_owned());
    let mut outcome = Err("the export is cut off: its last line does not say where the log ends".to_owned());
    for (line, number) in lines.lines().zip(1_u64..) {
        let line = match line {
            Err(e) if e.kind() == std::io::ErrorKind::InvalidData => {
                outcome = Err(format!("line {number} is no text"));
                break;
            }
            line => line.map_err(|e| Error::unavailable("the export cannot be read").caused_by(e))?,
        };
        if outcome.is_ok() {
            outcome = Err(format!("line {number} stands after the end of the log"));
            break;
        }
        if let Ok(last) = serde_json::from_str::<ExportEnd>(&line) {
            outcome = chain.end(last.end.seq, &last.end.hash);
            if outcome.is_err() {
                break;
            }
            continue;
        }
        let entry = serde_json::from_str::<ExportLine>(&line).map_err(|_| format!("line {number} is no entry"));
        if let Err(problem) = entry.and_then(|entry| chain.next(&entry.hashed(), &entry.hash)) {
            outcome = Err(problem);
            break;
        }
        if expected.as_ref().is_some_and(|(seq, _)| *seq == chain.entries()) {
            found = Some(chain.hash().to_owned());
        }
    }
    Ok(AuditVerification::of(&chain, outcome).holding(expected, found))
}
